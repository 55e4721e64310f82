"""The panels of a server's topics: the list, a topic's page, and what its words find."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs.feeds.feed_health import on
from cogs.feeds.panels import FORM_WORDS, Health
from cogs.kit import colours
from cogs.kit.escape import code, safe
from cogs.kit.limits import LAYOUT_TEXT
from cogs.kit.panels import Item, Panel, fitted, rows, rule, small, text
from cogs.kit.words import counted
from cogs.topics.words import compared_line, found_line, kinds_in, match_lines, meaning, near_lines
from wetread.domain.models import DestinationKind, Subscription
from wetread.domain.query import parse_query
from wetread.domain.text import cut, utf16_length
from wetread.storage.topic_previews import Comparison, Match, Preview
from wetread.storage.topics import TopicState

PAGE_SIZE = 10
QUIET_AFTER = timedelta(days=45)
NOT_YET = "Nothing is posted yet."

_WHAT = "A topic looks through every journal watched here and posts what matches its words."
_LONGEST_WORDS = 500
_LONGEST_MEANING = 400
ROOM = LAYOUT_TEXT - 300  # what small things around the articles need


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic of the list. `state` is safe in markdown."""

    topic: Subscription
    health: Health
    state: str


def topic_line(each: TopicState, now: datetime, blocked: str | None = None) -> TopicLine:
    """Return how a topic stands, in words. `blocked`: why nothing can be posted in its channel."""
    topic = each.topic
    waiting = (
        f"{counted(each.waiting_count, 'article')} wait" if each.waiting_count != 1 else "1 article waits"
    )
    waits = f" · {waiting}" if each.waiting_count else ""
    if blocked is not None:
        return TopicLine(
            topic, Health.NEEDS_YOU, f"{blocked}{waits}. Open the topic to choose another channel."
        )
    if each.query is not None and each.query.failing_since is not None:
        since = on(each.query.failing_since)
        return TopicLine(
            topic, Health.NEEDS_YOU, f"Its PubMed query could not be read since {since}. The journals go on."
        )
    if topic.paused_at is not None:
        by = f" by <@{topic.paused_by}>" if topic.paused_by else ""
        return TopicLine(topic, Health.PAUSED, f"Paused{by} on {on(topic.paused_at)}{waits}")
    if not each.feed_count and each.query is None:
        return TopicLine(topic, Health.NEEDS_YOU, "No journal is watched here, so nothing can match.")
    if now - (each.newest_at or topic.created_at) > QUIET_AFTER:
        newest = f" · newest {on(each.newest_at)}" if each.newest_at else ""
        return TopicLine(topic, Health.QUIET, f"Quiet{newest}{waits}")
    return TopicLine(topic, Health.WELL, f"Well · {each.week_count:,} this week{waits}")


def ordered(lines: Sequence[TopicLine]) -> list[TopicLine]:
    """Return the lines as the list shows them: topics that need a moderator first, paused ones last."""
    order = list(Health)
    return sorted(lines, key=lambda line: order.index(line.health))


def topic_list(lines: Sequence[TopicLine], buttons: Sequence[Item], *, page: int = 0) -> Panel:
    """Build one page of the list."""
    if not lines:
        return Panel(colours.TEAL, text("### Topics", f"No topics yet. {_WHAT}"), *rows(buttons))
    first = page * PAGE_SIZE
    shown = ordered(lines)[first : first + PAGE_SIZE]
    numbers = f"{first + 1}–{first + len(shown)} of {len(lines)}" if len(lines) > PAGE_SIZE else ""
    needs_somebody = any(line.health is Health.NEEDS_YOU for line in lines)
    return Panel(
        colours.AMBER if needs_somebody else colours.TEAL,
        text("### Topics", _summary(lines), small(_WHAT)),
        rule(),
        text("\n\n".join(map(_block, shown))),
        *([text(small(numbers))] if numbers else []),
        *rows(buttons),
    )


def _block(line: TopicLine) -> str:
    warning = "⚠️ " if line.health is Health.NEEDS_YOU else ""
    return f"{warning}**{safe(line.topic.name)}** → <#{line.topic.channel_id}>\n{small(line.state)}"


def _summary(lines: Sequence[TopicLine]) -> str:
    """ "3 are well, 1 is paused, 1 needs you."."""
    words = {
        Health.WELL: ("is well", "are well"),
        Health.QUIET: ("is quiet", "are quiet"),
        Health.PAUSED: ("is paused", "are paused"),
        Health.NEEDS_YOU: ("needs you", "need you"),
    }
    counts = {health: sum(line.health is health for line in lines) for health in words}
    parts = [f"{counts[each]} {words[each][counts[each] != 1]}" for each in words if counts[each]]
    return f"{', '.join(parts)}."


def topic_page(
    each: TopicState,
    line: TopicLine,
    preview: Preview,
    buttons: Sequence[Item],
    *,
    query: str | None = None,
    mention: str = "",
) -> Panel:
    """Build one topic's page. `query`: its own PubMed query; `mention`: whom its posts mention."""
    topic = each.topic
    state = line.state.replace("Well · ", f"Well. Looks through {counted(each.feed_count, 'journal')}; ", 1)
    head = text(small(f"Topics › {safe(topic.name)}"), f"### {safe(topic.name)}", state)
    facts = text(
        *words_lines(topic.filter or ""),
        f"**PubMed** {code(cut(query, _LONGEST_WORDS))}" if query else "",
        f"**Goes to** <#{topic.channel_id}>",
        f"**Looks like** “{FORM_WORDS[topic.form]}”",
        "**Thread** opens under each post" if topic.opens_threads else "",
        f"**Mentions** {mention}" if mention else "",
    )
    found = preview_items(preview, ROOM - utf16_length(head.content) - utf16_length(facts.content))
    colour = colours.AMBER if line.health is Health.NEEDS_YOU else colours.TEAL
    return Panel(colour, head, rule(), facts, rule(), *found, *rows(buttons))


def words_lines(words: str) -> list[str]:
    """Return a topic's words, and the same as a sentence."""
    return [
        f"**Words** {code(cut(words, _LONGEST_WORDS))}",
        small(safe(cut(f"Finds {meaning(parse_query(words))}.", _LONGEST_MEANING))),
    ]


def preview_items(preview: Preview, room: int) -> list[Item]:
    """Return what words find among the last articles and what they nearly find, in so many characters."""
    head = f"**{found_line(preview)}**"
    if preview.count > 1:
        head += f" The newest{'' if preview.count <= len(preview.matches) else f' {len(preview.matches)}'}:"
    near = list(map(near_lines, preview.near))
    few = "Two near misses, which are" if len(near) > 1 else "A near miss, which is"
    nearest = "These come nearest:" if not preview.count else f"**{few} not posted:**"
    least = sum(utf16_length(each) + 1 for each in near)
    matches = [match_lines(each, number) for number, each in enumerate(preview.matches, start=1)]
    kept, _ = fitted(matches, room - utf16_length(head) - least - 40)
    near, _ = fitted(near, room - utf16_length(head) - sum(utf16_length(each) + 1 for each in kept) - 40)
    items: list[Item] = [text(head, *kept)]
    if near:
        items += [rule(), text(nearest, *near)]
    return items


def changed_words(topic: Subscription, words: str, comparison: Comparison, buttons: Sequence[Item]) -> Panel:
    """Build the panel that shows what new words would change before they are saved."""
    head = text(
        small(f"Topics › {safe(topic.name)} › Words"),
        "### New words, not saved yet",
        *words_lines(words),
        compared_line(comparison),
    )
    gained = _some("come in addition", comparison.gained, comparison.gained_count)
    lost = _some("no longer come", comparison.lost, comparison.lost_count)
    same = "The same articles match as before." if not gained and not lost else ""
    kept, _ = fitted([*gained, *lost], ROOM - utf16_length(head.content))
    return Panel(
        colours.TEAL,
        head,
        rule(),
        text(same, *kept),
        rule(),
        text(small("From the next article on. What is posted stays, and nothing old is posted.")),
        *rows(buttons),
    )


def _some(what: str, matches: Sequence[Match], count: int) -> list[str]:
    if not count:
        return []
    which = "This one" if count == 1 else f"These {count}"
    newest = f" The newest {len(matches)}:" if count > len(matches) else ""
    return [f"**{which} would {what}{'.' if newest else ':'}**{newest}", *map(match_lines, matches)]


def all_matches(name: str, matches: Sequence[Match], buttons: Sequence[Item]) -> Panel:
    """Build the list of everything that matches among the last articles."""
    head = text(small(f"Topics › {safe(name)} › All"), f"### {counted(len(matches), 'article')} that match")
    lines = [f"**{number}.** {_one_line(each)}" for number, each in enumerate(matches, start=1)]
    kept, left_out = fitted(lines, ROOM - utf16_length(head.content))
    more = [text(small(f"and {left_out} older"))] if left_out else []
    return Panel(colours.TEAL, head, text(*kept), *more, *rows(buttons))


def _one_line(match: Match) -> str:
    first, *_ = match_lines(match).splitlines()
    return first


def tried_panel(words: str, preview: Preview, buttons: Sequence[Item]) -> Panel:
    """Build the answer to words that somebody tries out."""
    head = text("### Words tried out", *words_lines(words))
    found = preview_items(preview, ROOM - utf16_length(head.content))
    return Panel(colours.TEAL, head, rule(), *found, text(small(NOT_YET)), *rows(buttons))


def place_words(topic: Subscription) -> str:
    """Return where a topic posts: "#pain-papers (forum)"."""
    forum = " (forum)" if topic.kind is DestinationKind.FORUM else ""
    return f"<#{topic.channel_id}>{forum}"


def kinds_words(words: str) -> str:
    """Return to how many kinds a topic is limited, for its menu."""
    count = len(kinds_in(words))
    return f"{counted(count, 'kind')} of publication" if count else "All kinds of publication"

"""The log panel: what happened to the latest articles of a server or a feed, a page at a time."""

from collections.abc import Sequence

from cogs.alerts.question_words import name_words
from cogs.cards.links import article_url
from cogs.history.why_panel import WhyMenu
from cogs.kit import colours
from cogs.kit.checks import moderator_of
from cogs.kit.context import Interaction
from cogs.kit.escape import code, link, safe_cut
from cogs.kit.limits import LAYOUT_TEXT
from cogs.kit.open_panel import OpenPanelButton
from cogs.kit.panels import Item, Panel, rows, rule, small, text
from cogs.kit.presses import NUMBER, PersistentButton
from cogs.kit.timestamps import relative_time
from cogs.posting.delivery_words import delivery_status, unpublished_words
from wetread.domain.errors import UnknownSubscriptionError
from wetread.domain.models import Article
from wetread.domain.text import cut, utf16_length
from wetread.domain.titles import shown_title
from wetread.services.services import Services
from wetread.storage import delivery_history, questions
from wetread.storage.delivery_history import DeliveryDetails
from wetread.storage.lookups import url_of

PAGE_SIZE = 8
_BLOCK_LIMIT = (LAYOUT_TEXT - 400) // PAGE_SIZE
_TITLE_LIMIT = 110
_STATUS_LIMIT = 170
_NAME_LIMIT = 40


class LogButton(
    PersistentButton,
    template=rf"wetread:log:(?P<subscription_id>{NUMBER}):(?P<page>\d{{1,6}}):(?P<way>older|newer)",
):
    """Turns a page of the log. `subscription_id` 0 = the whole server's."""

    def __init__(self, subscription_id: int, page: int, way: str) -> None:
        super().__init__(way.capitalize(), f"wetread:log:{subscription_id}:{page}:{way}")
        self.subscription_id = subscription_id
        self.page = page

    async def pressed(self, interaction: Interaction) -> None:
        """Show that page in place of this one."""
        member = await moderator_of(interaction)
        await interaction.response.defer()
        services = interaction.client.services
        panel = await draw_log(services, member.guild.id, self.subscription_id, self.page)
        await interaction.edit_original_response(view=panel)


async def draw_log(services: Services, guild_id: int, subscription_id: int, page: int = 0) -> Panel:
    """Draw a page of the log. `subscription_id` 0 = of the whole server. Raises UnknownSubscriptionError."""
    run = services.database.run
    found = await run(
        delivery_history.log,
        guild_id,
        subscription_id=subscription_id or None,
        limit=PAGE_SIZE + 1,
        offset=page * PAGE_SIZE,
    )
    name = await run(questions.name_of, guild_id, subscription_id) if subscription_id else ""
    if subscription_id and not name:
        raise UnknownSubscriptionError(f"#{subscription_id}")
    return log_panel(found[:PAGE_SIZE], name, (subscription_id, page), has_more=len(found) > PAGE_SIZE)


def log_panel(
    shown: Sequence[DeliveryDetails], name: str, place: tuple[int, int], *, has_more: bool
) -> Panel:
    """Build a page of the log. `name`: the feed's, "" = all; `place`: its subscription's id and the page."""
    subscription_id, page = place
    title = f"### Log of {name_words(name)}" if name else "### Log"
    if not shown:
        nothing = "No articles yet." if page == 0 else "There are no older articles."
        return Panel(colours.GREY, text(title, nothing), *rows(_turns(subscription_id, page, has_more=False)))
    blocks = [block for each in shown for block in _lines(each, is_of_all=not name)]
    return Panel(
        colours.TEAL,
        text(title, small(f"Newest first, page {page + 1}. To explain one: {code('/feed why')}.")),
        rule(),
        text(*blocks),
        *rows(_turns(subscription_id, page, [each.article for each in shown], has_more=has_more)),
    )


def _lines(each: DeliveryDetails, *, is_of_all: bool) -> list[str]:
    record, delivery = each.article.record, each.delivery
    feed = f" · {safe_cut(each.name, _NAME_LIMIT)}" if is_of_all and each.name else ""
    shared = f" · shared by {safe_cut(delivery.share.user_name, _NAME_LIMIT)}" if delivery.share else ""
    status = safe_cut(delivery_status(delivery), _STATUS_LIMIT)
    at = relative_time(delivery.settled_at or delivery.scheduled_at)
    where = small(f"<#{delivery.channel_id}>{feed}{shared} · {at}")
    if each.unpublished is not None:
        where = f"{where}\n{small(unpublished_words(each.unpublished))}"
    title = link(cut(shown_title(record), _TITLE_LIMIT), url_of(delivery) or article_url(record))
    if utf16_length(f"{status}{title}{where}") > _BLOCK_LIMIT:  # an address can be longer than all the rest
        title = safe_cut(shown_title(record), _TITLE_LIMIT)
    return [f"**{status}** · {title}", where]


def _turns(
    subscription_id: int, page: int, articles: Sequence[Article] = (), *, has_more: bool
) -> list[Item]:
    turns: list[Item] = [WhyMenu(articles)] if articles else []
    if page:
        turns.append(LogButton(subscription_id, page - 1, "newer"))
    if has_more:
        turns.append(LogButton(subscription_id, page + 1, "older"))
    if subscription_id:
        turns.append(OpenPanelButton("show", subscription_id, label="Back", is_prominent=False))
    return turns

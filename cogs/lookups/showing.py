"""Answers to look-ups: a card, a menu of several articles, or what else may help."""

from cogs.cards.buttons import card_view
from cogs.cards.card import RetractedArticle, card
from cogs.cards.discussion import can_discuss
from cogs.cards.open_buttons import several
from cogs.errors.panels import no_match
from cogs.kit.context import Context
from cogs.kit.escape import code
from cogs.kit.panels import quoted, small
from cogs.kit.replies import reply
from cogs.lookups.as_typed import AsTypedButton, corrected_line
from wetread.domain.models import Article, Form
from wetread.domain.text import cut
from wetread.services.lookup import LookupResult, NoMatch, SeveralMatches
from wetread.storage.typed_words import Typist

_LONGEST_BESIDE = 100


async def show_found(ctx: Context, found: LookupResult, *, beside: str = "") -> None:
    """Answer a look-up with what it found. `beside`: see `left_out`."""
    match found:
        case Article():
            await show_card(ctx, found, beside=beside)
        case SeveralMatches(articles=(article,)) if found.corrected is not None:
            await show_card(ctx, article, beside=beside, corrected=found)
        case SeveralMatches():
            panel = several(found.text, list(found.articles), is_capped=found.is_capped)
            panel.add_small_print(left_out(ctx, beside))
            if found.corrected is not None:
                panel.add_small_print(corrected_line(found.corrected, found.text))
                panel.add_buttons(await _as_typed(ctx, found.text))
            await reply(ctx, view=panel)
        case NoMatch():
            prefix = ctx.bot.config.discord.prefix if ctx.guild else None
            words_id = await ctx.bot.services.actions.remember_words(found.text, typist_of(ctx))
            await reply(ctx, view=no_match(found.text, words_id, found.near, prefix=prefix))


def typist_of(ctx: Context) -> Typist:
    """Return who may use the words of this command again: everybody in the server if the answer is public."""
    if ctx.guild is None:
        return Typist(0, ctx.author.id)
    return Typist(ctx.guild.id, ctx.author.id if ctx.interaction else 0)


def left_out(ctx: Context, beside: str) -> str:
    """Say which words beside a reference were not used, "" if there were none: a link may have a comment."""
    if not beside:
        return ""
    share = code(f"{ctx.bot.config.discord.prefix}share")
    return f"{quoted(cut(beside, _LONGEST_BESIDE))} was not used. {share} posts an article with a comment."


async def _as_typed(ctx: Context, words: str) -> AsTypedButton:
    return AsTypedButton(await ctx.bot.services.actions.remember_words(words, typist_of(ctx)))


async def show_card(
    ctx: Context, article: Article, *, beside: str = "", corrected: SeveralMatches | None = None
) -> None:
    """Answer with an article's card: privately to `/`, with a button that shows it to all; else in public.

    `beside`: see `left_out`. `corrected`: what was found for corrected words.
    """
    guild_id = ctx.guild.id if ctx.guild else None
    actions = ctx.bot.services.actions
    retracted = RetractedArticle(*await actions.article_retracted_by(article, guild_id))
    shown = card(
        article,
        Form.WHOLE,
        subject=actions.subject(article.record),
        today=actions.today(),
        retracted=retracted,
        proxy_prefix=await actions.proxy_prefix(guild_id),
    )
    post_url = await actions.post_url(guild_id, article.id, None)
    is_private = ctx.interaction is not None
    view = card_view(
        shown,
        can_discuss=not is_private and post_url is None and can_discuss(ctx.channel),
        can_show=is_private and guild_id is not None and post_url is None,
        post_url=post_url,
    )
    lines = [left_out(ctx, beside)]
    if corrected is not None and corrected.corrected is not None:
        lines.append(corrected_line(corrected.corrected, corrected.text))
        view.add_item(await _as_typed(ctx, corrected.text))
    words = "\n".join(small(line) for line in lines if line) or None
    await reply(ctx, content=words, embed=shown.embed, view=view)

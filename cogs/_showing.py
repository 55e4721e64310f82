"""Answers to look-ups: a card, a choice, or what else might help."""

from cogs._card_buttons import card_view
from cogs._context import Context
from cogs._discussion import can_discuss
from cogs._embeds import Withdrawn, card
from cogs._error_panel import no_match
from cogs._item_buttons import several
from cogs._replies import answer
from cogs._service_actions import ServiceActions
from wetread.lookup import Nothing, Several
from wetread.models import Article, Form


async def show_found(ctx: Context, actions: ServiceActions, found: Article | Several | Nothing) -> None:
    """Answer a look-up with what it found."""
    match found:
        case Article():
            await show_card(ctx, actions, found)
        case Several():
            panel = several(found.text, list(found.articles), is_capped=found.is_capped)
            await answer(ctx, view=panel)
        case Nothing():
            prefix = ctx.bot.config.discord.prefix if ctx.guild else None
            await answer(ctx, view=no_match(found.text, found.near, prefix=prefix))


async def show_card(ctx: Context, actions: ServiceActions, article: Article) -> None:
    """Answer with an article's card: privately to `/`, where it can be shown to all; else for the channel."""
    guild_id = ctx.guild.id if ctx.guild else None
    withdrawn = Withdrawn(*await actions.withdrawn_by(article, guild_id))
    shown = card(
        article,
        Form.WHOLE,
        subject=actions.subject(article.record),
        today=actions.now().date(),
        withdrawn=withdrawn,
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
    await answer(ctx, embed=shown.embed, view=view)

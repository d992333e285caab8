"""What an answer looks like: a card with what can be pressed below it, or one sentence."""

from __future__ import annotations

from discord import ui

from bot.chat.cards import boxed, card, moment, notice
from bot.chat.facts import cost_of
from bot.chat.rows import card_rows, publish_row
from bot.chat.sentences import Sentences
from bot.chat.standing import jump_link
from bot.core.cards import Card
from bot.core.digesting import Digesting
from bot.core.models import Digested
from bot.core.money import Standing
from bot.core.ports import Order, Outcome
from bot.errors import AgeRestricted, Expired, revive


def answer_view(
    digested: Digested,
    words: Sentences,
    *,
    paid: bool = False,
    near: Standing | None = None,
    instead_of: int | None = None,
) -> ui.LayoutView:
    """
    Return the card of a digest with what can be pressed below it.

    *paid*: whether this answer is what it was made for; *near*: a budget of which little is left; *instead_of*: the
    public card that the reader may put it in the place of.
    """
    rows = card_rows(digested, words)
    if instead_of:
        rows.append(publish_row(digested, words, instead_of))
    return card(digested, words, rows, cost_of(digested.digest, words, paid=paid, near=near))


async def outcome_view(
    order: Order,
    outcome: Outcome,
    digesting: Digesting,
    words: Sentences,
    near: Standing | None = None,
) -> ui.LayoutView:
    """Return what an order ended in, re-read from what is kept: the card, or the sentence of its error."""
    if outcome.digest is None:
        return notice(words.error(revive(outcome.error or "", outcome.facts)))
    digested = await digesting.kept(outcome.digest)
    if digested is None:
        return notice(words.error(Expired()))
    if digested.reading.adult and not order.reply_to.adults:
        return notice(words.error(AgeRestricted()))
    paid = digested.digest.made.at >= order.taken_at
    instead_of = order.reply_to.message if order.reply_to.private else None
    return answer_view(digested, words, paid=paid, near=near, instead_of=instead_of)


def pointer_view(there: Card, guild: int | None, words: Sentences) -> ui.LayoutView:
    """Return the sentence that leads to a card instead of a second one."""
    said = words.say(
        "This was answered here {when}: {link}",
        when=moment(there.at, "R"),
        link=jump_link(guild, there.channel, there.message),
    )
    return boxed([said])

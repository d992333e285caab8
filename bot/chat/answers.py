"""What an answer looks like: a card with what can be pressed below it, or one sentence."""

from __future__ import annotations

from discord import ui

from bot.chat.access import fit_for
from bot.chat.answer_card import answer_card
from bot.chat.cards import boxed, card, moment, notice
from bot.chat.facts import cost_of
from bot.chat.opened import ALL, section
from bot.chat.rows import card_rows, full_view, page_view, publish_row
from bot.chat.rules import read, shown
from bot.chat.sentences import Sentences
from bot.chat.standing import jump_link
from bot.core.cards import Card
from bot.core.digesting import Digesting
from bot.core.models import Digested
from bot.core.money import Standing
from bot.core.ports import Answered, Order, Outcome
from bot.core.servers import ServerSettings
from bot.errors import ChorusError, Expired, revive


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


def positions_view(digested: Digested, words: Sentences) -> ui.LayoutView:
    """Return what readers say, in full: positions, else all comments. Where nobody says anything, the card says why."""
    if digested.digest.positions:
        return full_view(digested, 0, words)
    every = section(digested, ALL)
    return page_view(digested, every, 0, words) if every else answer_view(digested, words)


async def outcome_view(
    order: Order,
    outcome: Outcome,
    digesting: Digesting,
    words: Sentences,
    settings: ServerSettings,
    near: Standing | None = None,
) -> ui.LayoutView:
    """Return what *order* ended in, re-read from what is kept: what it asked to see, or the sentence of its error."""
    try:
        if outcome.answered is not None:
            return await _answer(order, outcome.answered, digesting, words, settings)
        if outcome.digest is None:
            raise revive(outcome.error or "", outcome.facts)
        digested = await digesting.kept(outcome.digest)
        if digested is None:
            raise Expired
        fit_for(digested.reading, adults=order.reply_to.adults)
        digested = shown(settings, digested, words)
    except ChorusError as error:
        return notice(words.error(error))
    if order.reply_to.positions:
        return positions_view(digested, words)
    paid = digested.digest.made.at >= order.taken_at
    instead_of = order.reply_to.message if order.reply_to.private else None
    return answer_view(digested, words, paid=paid, near=near, instead_of=instead_of)


async def _answer(
    order: Order,
    answered: Answered,
    digesting: Digesting,
    words: Sentences,
    settings: ServerSettings,
) -> ui.LayoutView:
    reading = await digesting.reading(answered.reading)
    if reading is None:
        raise Expired
    fit_for(reading, adults=order.reply_to.adults)
    return answer_card(answered.answer, read(settings, reading, words), words)


def pointer_view(there: Card, guild: int | None, words: Sentences) -> ui.LayoutView:
    """Return the sentence that leads to a card instead of a second one."""
    said = words.say(
        "This was answered here {when}: {link}",
        when=moment(there.at, "R"),
        link=jump_link(guild, there.channel, there.message),
    )
    return boxed([said])

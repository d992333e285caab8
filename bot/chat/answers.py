"""What an answer looks like: a card with its buttons, or one sentence."""

from __future__ import annotations

from discord import ui

from bot.chat.cards import card, notice
from bot.chat.rows import card_buttons, lead_buttons
from bot.chat.sentences import Sentences
from bot.chat.writing import cost_of
from bot.core.digesting import Digesting
from bot.core.models import Digested
from bot.core.money import Standing
from bot.core.ports import Order, Outcome
from bot.errors import Expired, revive


def answer_view(
    digested: Digested, words: Sentences, *, paid: bool = False, near: Standing | None = None
) -> ui.LayoutView:
    """
    Return the card of a digest with its buttons.

    *paid*: whether this answer is what it was made for; *near*: a budget of which little is left.
    """
    buttons, openers = card_buttons(digested, words), lead_buttons(digested, words)
    last = cost_of(digested.digest, words, paid=paid, near=near)
    return card(digested, words, buttons, openers, last)


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
    paid = digested.digest.made.at >= order.taken_at
    return answer_view(digested, words, paid=paid, near=near)

"""What an answer looks like: a card with its buttons, or one sentence."""

from __future__ import annotations

from discord import ui

from bot.chat.cards import card, notice
from bot.chat.rows import card_buttons, lead_buttons
from bot.chat.sentences import Sentences
from bot.core.digesting import Digesting
from bot.core.models import Digested
from bot.core.ports import Outcome
from bot.errors import Expired, revive


def answer_view(digested: Digested, words: Sentences) -> ui.LayoutView:
    """Return the card of a digest with its buttons."""
    buttons, openers = card_buttons(digested, words), lead_buttons(digested, words)
    return card(digested, words, buttons, openers)


async def outcome_view(outcome: Outcome, digesting: Digesting, words: Sentences) -> ui.LayoutView:
    """Return what an order ended in, re-read from what is kept: the card, or the sentence of its error."""
    if outcome.digest is None:
        return notice(words.error(revive(outcome.error or "", outcome.facts)))
    digested = await digesting.kept(outcome.digest)
    return answer_view(digested, words) if digested else notice(words.error(Expired()))

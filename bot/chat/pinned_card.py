"""What a pinned digest looks like: its card, which nobody refreshes by a button because it refreshes itself."""

from __future__ import annotations

from discord import ui

from bot.chat.cards import card
from bot.chat.rows import pinned_rows
from bot.chat.sentences import Sentences
from bot.core.models import Digested
from bot.core.pins import Pin, PinState


def pinned_view(shown: Digested, pin: Pin) -> ui.LayoutView:
    """Return the card of *pin*, in the language of its digest: everybody in the channel reads it."""
    words = Sentences.of(pin.brief.language)
    rows = pinned_rows(shown, words, whole=not pin.hidden)
    return card(shown, words, rows, _last(pin, words))


def _last(pin: Pin, words: Sentences) -> list[str]:
    if pin.state is PinState.ENDED:
        return []
    if pin.state is PinState.FROZEN:
        return [words.say("Frozen by a moderator.")]
    return [words.say("Kept current while people comment.")]

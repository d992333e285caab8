"""The list of pinned digests, one of them opened, and its card: within Discord's limits, whatever they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.chat.pin_list import list_view, panel_view
from bot.chat.pinned_card import pinned_view
from bot.chat.sentences import Sentences
from bot.core.models import PUBLIC, Brief
from bot.core.pin_face import seen
from bot.core.pinning import MOST_WATCHED, order_of
from bot.core.pins import Pin, PinState
from bot.core.ports import Outcome
from bot.core.usage import Sum
from bot.errors import OverBudget, SiteFailed
from tests.chat.digests import WORDS, absurd
from tests.chat.limits import faults

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
PIN = Pin(
    id="0" * 16,
    guild=10**19,
    channel=10**19,
    target="https://town.example/lane",
    audience=PUBLIC,
    brief=Brief("en"),
    by=4,
    locale="en",
    since=NOW,
    moved_at=NOW,
    due=NOW,
    message=10**19,
    pinned=True,
    digest="a" * 24,
    made_at=NOW,
)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("words", WORDS.values(), ids=list(WORDS))
def test_everything_about_pins_fits_whatever_it_says(words: str, language: str) -> None:
    """
    As many as are kept, with the longest titles and reasons; a panel with thirty positions, half of them hidden.
    """
    said = Sentences.of(language)
    trouble = Outcome.failed(SiteFailed(host=words, status=10**9))
    some = [
        replace(PIN, id=f"{n:016x}", title=words, trouble=trouble, state=state)
        for n, state in enumerate(list(PinState) * (MOST_WATCHED // len(PinState)))
    ]
    spent = {order_of(pin): Sum(10**9, 10**12, None if pin.id < "8" else 10**12) for pin in some}
    digested = absurd(words, 60, 30)
    hidden = tuple(p.key for p in digested.digest.positions[::2])
    one = replace(some[0], hidden=hidden, brief=Brief(language))

    assert [] == faults(list_view(some, spent, 20, said))
    assert [] == faults(panel_view(one, digested, spent, said))
    assert [] == faults(pinned_view(seen(one, digested, digested), one))


def test_the_reason_of_a_budget_is_no_offer_of_extracts() -> None:
    """
    A pinned digest waits for its budget; it never becomes extracts.
    """
    error = OverBudget(budget="guild-day", resets="2026-01-16")
    pin = replace(PIN, title="Lane", trouble=Outcome.failed(error))
    view = list_view([pin], {}, 20, Sentences.of("en"))
    said = str(view.to_components())  # type: ignore[no-untyped-call]

    assert "Nothing is left of this server's budget for the day." in said
    assert "extract" not in said.casefold()


def test_nothing_pinned_is_said_with_the_way_to_pin() -> None:
    """
    An empty list is one sentence.
    """
    view = list_view([], {}, 20, Sentences.of("en"))

    assert "/digest pin" in str(view.to_components())  # type: ignore[no-untyped-call]
    assert [] == faults(view)

"""Links into Discord, and those that only look like it."""

from __future__ import annotations

import pytest

from bot.chat.place import Place, place_in
from bot.core.links import canonical

BASE = "https://discord.com/channels"


@pytest.mark.parametrize(
    ("link", "place"),
    [
        (f"{BASE}/1/2", Place(1, 2)),
        (f"{BASE}/1/2/3", Place(1, 2, 3)),
        (f"{BASE}/1/2/", Place(1, 2)),
        (f"{BASE}/1/2?x=1#y", Place(1, 2)),
        (f"{BASE}/1/2/threads/9", Place(1, 9)),
        (f"{BASE}/1/2/threads/9/3", Place(1, 9, 3)),
        (f"{BASE}/@me/2/3", Place(None, 2, 3)),
        ("https://canary.discord.com/channels/1/2", Place(1, 2)),
        ("https://ptb.discord.com/channels/1/2", Place(1, 2)),
        ("https://discordapp.com/channels/1/2", Place(1, 2)),
        ("http://www.discord.com/channels/1/2", Place(1, 2)),
        ("https://discord.com/blog/1/2", None),
        ("https://discord.com/channels/1", None),
        ("https://discord.com/channels/x/2", None),
        ("https://discord.com.evil.example/channels/1/2", None),
        ("https://evil.example/?https://discord.com/channels/1/2", None),
        (f"{BASE}/1/{'9' * 21}", None),
        (f"{BASE}/1/٢", None),
    ],
)
def test_places_are_told_from_other_pages(link: str, place: Place | None) -> None:
    """
    Every spelling of Discord's clients leads to its channel, nothing else does.
    """
    assert place == place_in(link)


@pytest.mark.parametrize("place", [Place(1, 2), Place(1, 2, 3), Place(None, 2, 3)])
def test_a_place_has_one_spelling(place: Place) -> None:
    """
    What is kept under a place's link is found again: it is canonical, and leads to the same place.
    """
    assert place.link == canonical(place.link)
    assert place == place_in(place.link)

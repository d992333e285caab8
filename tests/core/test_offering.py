"""Which links are worth an offer, and how many in a while."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.offering import offered
from bot.core.pace import MOST_KEYS, Pace
from bot.core.servers import DEFAULTS, ServerSettings
from tests.fakes import READ_AT

ARTICLE = "https://town.example/lane"


@pytest.mark.parametrize(
    "link",
    [
        ARTICLE,
        "https://town.example/?p=12",
        "https://town.example/lane.html",
        "https://tenor.com.town.example/a",
        "https://news.ycombinator.com/item?id=1",
        "https://town.example/pdf",
    ],
)
def test_pages_are_offered(link: str) -> None:
    """
    What may be an article or a discussion, by its address.
    """
    assert link == offered([link], DEFAULTS, grown_up=False)


@pytest.mark.parametrize(
    "link",
    [
        "https://town.example",
        "https://town.example/",
        "https://town.example/a.pdf",
        "https://town.example/A.JPEG?w=9",
        "https://media.discordapp.net/attachments/1",
        "https://x.com/someone/status/1",
        "http://[",
        "mailto:a@b.example",
    ],
)
def test_what_is_no_page_is_not(link: str) -> None:
    """
    Front pages, files, places that show nothing without signing in, and what is no link.
    """
    assert offered([link], DEFAULTS, grown_up=True) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://a.xxx/1",
        "https://www.pornhub.com/view?v=1",
        "https://reddit.com/r/NSFW_gifs/comments/1",
    ],
)
def test_what_says_it_is_for_adults_is_for_adults(link: str) -> None:
    """
    Only where Discord has asked for the age.
    """
    assert offered([link], DEFAULTS, grown_up=False) is None
    assert link == offered([link], DEFAULTS, grown_up=True)


def test_the_first_that_may_be_offered_is() -> None:
    """
    What is blocked or no page is passed over.
    """
    settings = ServerSettings(sites_blocked=("bad.example",))
    links = ["https://town.example/a.png", "https://www.bad.example/a", ARTICLE, f"{ARTICLE}/2"]

    assert ARTICLE == offered(links, settings, grown_up=False)
    assert offered(links[:2], settings, grown_up=False) is None


def test_so_many_in_a_while_for_each_apart() -> None:
    """
    There is room again as soon as the first is past; others are not held up.
    """
    pace = Pace(2, timedelta(hours=1))
    minute = timedelta(minutes=1)

    assert [True, True, False] == [pace.take(1, READ_AT + n * minute) for n in range(3)]
    assert pace.take(2, READ_AT)
    assert not pace.take(1, READ_AT + 59 * minute)
    assert pace.take(1, READ_AT + 60 * minute)
    assert not pace.take(1, READ_AT + 60 * minute)


def test_it_does_not_grow_without_end() -> None:
    """
    Who was idle longest is forgotten first.
    """
    pace = Pace(1, timedelta(hours=1))
    for key in range(MOST_KEYS + 10):
        pace.take(key, READ_AT)

    assert MOST_KEYS == len(pace._taken)
    assert not pace.take(MOST_KEYS, READ_AT)

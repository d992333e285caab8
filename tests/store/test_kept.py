"""Replies, pages, notes."""

from __future__ import annotations

from bot.core.pages import CachedPage
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.kept import SqlNotes, SqlPages, SqlReplies
from bot.store.shelf import SqlShelf
from tests.conftest import SteadyClock
from tests.fakes import reading


async def test_a_reply_is_found_by_its_request(database: Database, clock: SteadyClock) -> None:
    """
    A paid reply is kept under its request; put again, the newer stands.
    """
    replies = SqlReplies(database, clock)
    await SqlShelf(database).keep_reading(reading("a", hash="r1"), clock.now())

    assert None is await replies.get("abc")
    await replies.put("abc", '{"label": "é"}', "r1")
    await replies.put("abc", '{"label": "è"}', "r1")
    assert '{"label": "è"}' == await replies.get("abc")


async def test_a_reply_about_what_is_forgotten_is_not_kept(
    database: Database, clock: SteadyClock
) -> None:
    """
    Of a run that ends after its reading was forgotten nothing comes back; where nothing read is kept, replies are.
    """
    replies = SqlReplies(database, clock)
    await replies.put("forgotten", "{}", "r1")
    await replies.put("about nothing", "{}", "")
    await SqlReplies(database, clock, any_reading=True).put("compared", "{}", "r1")

    assert [None, "{}", "{}"] == [
        await replies.get(request) for request in ("forgotten", "about nothing", "compared")
    ]


async def test_a_page_comes_back_with_its_validators(
    database: Database, clock: SteadyClock
) -> None:
    """
    A page is kept with what is needed to ask whether it changed.
    """
    pages = SqlPages(database, clock)
    page = CachedPage("https://a.example/", "text/html", "utf-8", b"<p>\xff\x00</p>", '"1"', None)
    await pages.put("https://a.example/", page, "https://a.example/")

    assert page == await pages.get("https://a.example/")


async def test_a_note_is_first_once(database: Database) -> None:
    """
    Only one of those who ask is first.
    """
    notes = SqlNotes(database)

    assert [True, False] == [await notes.first("told"), await notes.first("told")]
    await notes.put("hash", "1")
    await notes.put("hash", "2")
    assert "2" == await notes.get("hash")


def test_half_a_letter_is_kept_as_a_sign_for_it() -> None:
    """
    JSON from outside can hold lone surrogates; they cannot be written, and must not lose the rest.
    """
    codec = Codec(tuple[str, ...])

    assert ("a\ufffdb", "😀") == codec.load(codec.dump(("a\ud800b", "😀")))

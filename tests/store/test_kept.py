"""Replies, pages, notes."""

from __future__ import annotations

from bot.core.pages import CachedPage
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.kept import SqlNotes, SqlPages, SqlReplies
from tests.conftest import SteadyClock


async def test_a_reply_is_found_by_its_request(database: Database, clock: SteadyClock) -> None:
    """
    A paid reply is kept under its request; put again, the newer stands.
    """
    replies = SqlReplies(database, clock)

    assert None is await replies.get("abc")
    await replies.put("abc", '{"label": "é"}')
    await replies.put("abc", '{"label": "è"}')
    assert '{"label": "è"}' == await replies.get("abc")


async def test_a_page_comes_back_with_its_validators(
    database: Database, clock: SteadyClock
) -> None:
    """
    A page is kept with what is needed to ask whether it changed.
    """
    pages = SqlPages(database, clock)
    page = CachedPage("https://a.example/", "text/html", "utf-8", b"<p>\xff\x00</p>", '"1"', None)
    await pages.put("https://a.example/", page)

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

"""Earlier digests are found by those who may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.archive import Entry, Looker, Spot, entry_of, is_bound, words_of
from bot.core.models import PUBLIC, Audience, Brief, Digest, Digested, Engine, Made
from bot.store.archive import SqlArchive
from bot.store.database import Database
from bot.store.purging import SqlPurging
from bot.store.shelf import SqlShelf
from tests.fakes import READ_AT, reading

SERVER, NEWS, OFFICE, THREAD, DM = 10, 20, 21, 30, 70
ANN, BOB = 4, 5
EVERYWHERE = frozenset({NEWS, OFFICE})


def digested(name: str, tldr: str = "Short.", audience: Audience = PUBLIC) -> Digested:
    target = f"https://town.example/{name}"
    read = reading("One.", hash=f"r-{name}")
    assert read.article is not None
    article = replace(read.article, title=f"The {name}", url=target)
    read = replace(read, target=target, article=article, audience=audience)
    made = Made(Engine.LLM, "m", "p", 1, 1, None, 1.0, READ_AT, "llm/m/p")
    digest = Digest(
        f"key-{name}", read.hash, None, Brief("en"), tldr, (), None, (), None, (), (), (), (), made
    )
    return Digested(read, digest)


async def show(
    database: Database, what: Digested, spot: Spot, minutes: int = 0, *, key: str = ""
) -> None:
    """Keep a digest and note that it was shown."""
    shelf = SqlShelf(database)
    await shelf.keep_reading(what.reading, READ_AT)
    digest = replace(what.digest, key=key or what.digest.key)
    await shelf.keep_digest(digest)
    entry = entry_of(
        replace(what, digest=digest), spot.channel, READ_AT + timedelta(minutes=minutes)
    )
    await SqlArchive(database).put(spot, entry, words=words_of(what), bound=is_bound(what))


def news(person: int | None = None) -> Spot:
    return Spot(SERVER, NEWS, NEWS, person)


def ann(
    at: int = NEWS, readable: frozenset[int] = EVERYWHERE, guild: int | None = SERVER
) -> Looker:
    return Looker(ANN, guild, at, readable)


async def found(database: Database, looker: Looker, search: str = "") -> list[str]:
    entries = await SqlArchive(database).find(looker, search, 50)
    return [entry.digest.removeprefix("key-") for entry in entries]


async def test_the_newest_comes_first_and_a_link_once(database: Database) -> None:
    """
    What was shown again is where it was shown last, under its newest digest.
    """
    await show(database, digested("lane"), news(), 1)
    await show(database, digested("tram"), news(), 2)
    await show(database, digested("lane"), Spot(SERVER, OFFICE, OFFICE), 3, key="key-lane2")

    assert ["lane2", "tram"] == await found(database, ann())
    (last, _) = await SqlArchive(database).find(ann(), "", 2)
    assert (
        Entry(
            "key-lane2",
            "https://town.example/lane",
            "The lane",
            "Short.",
            "en",
            OFFICE,
            READ_AT + timedelta(minutes=3),
        )
        == last
    )


async def test_a_digest_is_found_by_any_of_its_words(database: Database) -> None:
    """
    Title, address, summary and points; parts of words, without accents or case; every word of the search.
    """
    await show(database, digested("lane", "Die Fahrradstraße wird grün. 自転車専用道路"), news())
    await show(database, digested("tram"), news(), 1)

    for search in ("LANE", "straße", "STRASSE", "grun", "Grün", "town lane", "専用", "  lane  "):
        assert ["lane"] == await found(database, ann(), search), search
    for search in ("lane tram", "100%", "l_ne", "lan\\e", "'; DROP TABLE shown; --"):
        assert [] == await found(database, ann(), search), search
    assert ["tram", "lane"] == await found(database, ann(), "town")


async def test_a_channel_one_may_not_read_shows_nothing(database: Database) -> None:
    """
    Neither by its title nor by its words: that a link was discussed there is theirs too.
    """
    await show(database, digested("plans"), Spot(SERVER, OFFICE, OFFICE))

    assert [] == await found(database, ann(readable=frozenset({NEWS})))
    assert ["plans"] == await found(database, ann())


async def test_a_threads_readers_are_those_of_its_channel(database: Database) -> None:
    """
    What was shown in a public thread is found from the channel it stands in.
    """
    await show(database, digested("lane"), Spot(SERVER, THREAD, NEWS))

    assert ["lane"] == await found(database, ann(readable=frozenset({NEWS})))
    assert [] == await found(database, ann(readable=frozenset({OFFICE})))


async def test_private_answers_are_found_by_their_asker_alone(database: Database) -> None:
    """
    Others do not learn what somebody asked for; the asker finds it wherever they are in the server.
    """
    await show(database, digested("lane"), news(ANN))

    assert ["lane"] == await found(database, ann(at=OFFICE))
    assert ["lane"] == await found(database, ann(readable=frozenset()))
    assert [] == await found(database, replace(ann(), person=BOB))


async def test_what_a_channel_said_goes_with_the_channel(database: Database) -> None:
    """
    Also a private digest of a channel's own words is gone for whoever may no longer read it there.
    """
    audience = Audience(guild=SERVER, channel=OFFICE)
    await show(database, digested("memo", audience=audience), Spot(SERVER, OFFICE, OFFICE, ANN))

    assert ["memo"] == await found(database, ann())
    assert [] == await found(database, ann(readable=frozenset({NEWS})))


async def test_servers_and_conversations_are_apart(database: Database) -> None:
    """
    No server finds what another one was shown; a conversation outside servers is one of its own.
    """
    await show(database, digested("lane"), news())
    await show(database, digested("tram"), Spot(None, DM, DM), 1)

    assert ["lane"] == await found(database, ann())
    assert [] == await found(database, ann(guild=11))
    assert ["tram"] == await found(database, ann(DM, frozenset({DM}), None))
    assert [] == await found(database, ann(71, frozenset({71}), None))


async def test_the_newest_of_a_channel_is_what_one_saw_there_last(database: Database) -> None:
    """
    What everybody saw or what one saw alone, in this channel and in no other.
    """
    archive = SqlArchive(database)
    assert await archive.newest(ann()) is None
    await show(database, digested("lane"), news(), 1)
    await show(database, digested("tram"), news(ANN), 2)
    await show(database, digested("plans"), Spot(SERVER, OFFICE, OFFICE), 3)

    assert "key-tram" == await archive.newest(ann())
    assert "key-lane" == await archive.newest(replace(ann(), person=BOB))
    assert await archive.newest(ann(THREAD)) is None


async def test_pages_follow_each_other(database: Database) -> None:
    """
    Every entry stands on one page.
    """
    for n in range(7):
        await show(database, digested(f"n{n}"), news(), n)
    archive = SqlArchive(database)
    pages = [await archive.find(ann(), "", 3, skip) for skip in (0, 3, 6, 9)]

    assert [[6, 5, 4], [3, 2, 1], [0], []] == [
        [int(entry.digest.removeprefix("key-n")) for entry in page] for page in pages
    ]


async def test_what_is_forgotten_is_not_found(database: Database) -> None:
    """
    A link that is forgotten leaves no title behind, a server that is left leaves nothing.
    """
    for name in ("lane", "tram"):
        await show(database, digested(name), news())
    await SqlShelf(database).forget("https://town.example/lane", PUBLIC)
    assert ["tram"] == await found(database, ann())
    async with database.read() as connection:
        titles = await connection.exec_driver_sql("SELECT title FROM shown")
        assert ["The tram"] == list(titles.scalars())

    await SqlPurging(database).guild(SERVER)
    assert [] == await found(database, ann())


async def test_hostile_titles_are_kept(database: Database) -> None:
    """
    Lone surrogates, zeros and endless titles do no harm.
    """
    await show(database, digested("lane"), news())
    entry = entry_of(digested("lane", "a\0b \ud800" * 10_000), NEWS, READ_AT)
    entry = replace(entry, title="\ud800\0")
    await SqlArchive(database).put(news(), entry, words="a\0b \ud800 z", bound=False)

    assert ["lane"] == await found(database, ann(), "a b z")

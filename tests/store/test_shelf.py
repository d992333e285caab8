"""Readings and digests, kept and found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.core.gaps import Gap, GapCode
from bot.core.models import (
    PUBLIC,
    Article,
    Audience,
    Brief,
    Cid,
    Comment,
    Digest,
    Discussion,
    Engine,
    Length,
    Made,
    Position,
    Quote,
    Reading,
    Stance,
)
from bot.store.belongings import audience_key
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.shelf import SqlShelf
from tests.fakes import READ_AT, reading

LATER = READ_AT + timedelta(hours=1)
DIGEST = Digest(
    key="k" * 24,
    reading="r1",
    basis=None,
    brief=Brief("fr", Length.SHORT, Engine.LLM),
    tldr="Une piste.",
    points=("Un.", "Deux."),
    question=None,
    positions=(
        Position(
            "p1",
            "Bien",
            "",
            Stance.MIXED,
            (Cid("page:1"),),
            (Stance.OTHER,),
            (Quote(Cid("page:1"), 0, 4),),
        ),
    ),
    divide=None,
    unplaced=(Cid("page:2"),),
    duplicates=((Cid("page:1"), Cid("page:2")),),
    voices=(),
    gaps=(Gap(GapCode.IDS_DROPPED, count=3),),
    made=Made(Engine.LLM, "m", "p", 1, 2, Decimal("0.000123"), 1.5, READ_AT),
)


async def test_what_is_kept_is_found_again(database: Database) -> None:
    """
    A reading and its digest come back as they were, in another run too.
    """
    shelf = SqlShelf(database)
    await shelf.keep_reading(reading("a", "b"), LATER)
    await shelf.keep_digest(DIGEST)

    again = SqlShelf(database)
    latest = await again.latest("https://town.example/lane", PUBLIC)
    assert latest is not None
    assert ("r1", "en", READ_AT, LATER) == (
        latest.hash,
        latest.language,
        latest.read_at,
        latest.fresh_until,
    )
    assert reading("a", "b") == await again.reading("r1")
    assert DIGEST == await again.digest(DIGEST.key)


async def test_the_newest_reading_wins(database: Database) -> None:
    """
    A target leads to its newest reading; the same content read again only moves its dates.
    """
    shelf = SqlShelf(database)
    old, new = reading("a"), replace(reading("b", hash="r2"), read_at=LATER)
    await shelf.keep_reading(old, LATER)
    await shelf.keep_reading(new, LATER)
    assert (await shelf.latest(old.target, PUBLIC)).hash == "r2"  # type: ignore[union-attr]

    much_later = LATER + timedelta(days=1)
    await shelf.keep_reading(replace(old, read_at=much_later), much_later)
    assert (await shelf.latest(old.target, PUBLIC)).hash == "r1"  # type: ignore[union-attr]


async def test_another_audience_finds_nothing(database: Database) -> None:
    """
    What was read for one server is not another's, nor the public's.
    """
    shelf = SqlShelf(database)
    ours = replace(reading("a"), audience=Audience(guild=1, channel=2))
    await shelf.keep_reading(ours, LATER)

    assert None is await shelf.latest(ours.target, PUBLIC)
    assert None is await shelf.latest(ours.target, Audience(guild=1))
    assert None is not await shelf.latest(ours.target, Audience(guild=1, channel=2))


async def test_the_digest_to_go_on_from(database: Database) -> None:
    """
    For another language the digest of the same reading; for a refresh the newest of the same target, brief and label.
    """
    shelf = SqlShelf(database)
    said = reading("Good lane.")
    made = replace(DIGEST.made, label="llm/m/p")
    digest = replace(DIGEST, reading=said.hash, made=made, brief=Brief("en"))
    later = replace(digest, key="k2", made=replace(made, at=READ_AT + timedelta(hours=1)))
    french = replace(later, key="k3", brief=Brief("fr"))
    await shelf.keep_reading(said, READ_AT)
    for one in (digest, later, french):
        await shelf.keep_digest(one)
    where = (said.target, said.audience)

    assert french == await shelf.in_another_language(said.hash, Brief("en"), "llm/m/p")
    assert later == await shelf.before(*where, Brief("en"), "llm/m/p")
    assert None is await shelf.before(*where, Brief("en", Length.SHORT), "llm/m/p")
    assert None is await shelf.before(*where, Brief("en"), "llm/m/p2")
    assert None is await shelf.before(said.target, Audience(guild=1), Brief("en"), "llm/m/p")


async def test_forgetting_is_for_good(database: Database) -> None:
    """
    Forgetting a target deletes readings and digests, and says how many.
    """
    shelf = SqlShelf(database)
    await shelf.keep_reading(reading("a"), LATER)
    await shelf.keep_digest(DIGEST)

    assert 2 == await shelf.forget("https://town.example/lane", PUBLIC)
    assert None is await shelf.reading("r1")
    assert None is await shelf.digest(DIGEST.key)
    assert None is await SqlShelf(database).digest(DIGEST.key)
    assert 0 == await shelf.forget("https://town.example/lane", PUBLIC)


def test_audiences_have_different_keys() -> None:
    """
    No two audiences share a key.
    """
    some = [
        PUBLIC,
        Audience(guild=1),
        Audience(guild=1, channel=2),
        Audience(channel=12),
        Audience(user=0),
        Audience(guild=1, user=2),
    ]

    assert len(some) == len({audience_key(audience) for audience in some})


words = st.text(st.characters(codec="utf-8"), max_size=30)
times = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
comments = st.builds(
    Comment,
    id=words.map(Cid),
    parent=st.none() | words.map(Cid),
    author=st.none() | words,
    text=words,
    posted_at=st.none() | times,
    url=st.none() | words,
)
gaps = st.builds(Gap, code=st.sampled_from(GapCode), detail=words, count=st.none() | st.integers(0))
readings = st.builds(
    Reading,
    target=words,
    article=st.none()
    | st.builds(
        Article,
        url=words,
        title=words,
        text=words,
        published=st.none() | times,
        gaps=st.lists(gaps, max_size=2).map(tuple),
        authors=st.lists(words, max_size=2).map(tuple),
    ),
    discussions=st.lists(
        st.builds(
            Discussion,
            platform=words,
            url=words,
            title=words,
            declared=st.none() | st.integers(0, 10**6),
            comments=st.lists(comments, max_size=3).map(tuple),
            gaps=st.lists(gaps, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    read_at=times,
    hash=words,
    leads=st.just(()),
    audience=st.builds(Audience, guild=st.none() | st.integers(0, 2**63 - 1)),
)


@given(readings)
def test_every_reading_survives_keeping(value: Reading) -> None:
    """
    Any reading comes back equal: times, enums and numbers with their types.
    """
    codec = Codec(Reading)

    assert value == codec.load(codec.dump(value))


async def test_what_is_outdated_goes_when_the_next_digest_is_kept(database: Database) -> None:
    """
    An earlier reading whose words are gone at the source is there to go on from until then, and no longer.
    """
    shelf = SqlShelf(database)
    await shelf.keep_reading(reading("a", "b"), READ_AT)
    await shelf.keep_digest(DIGEST)
    elsewhere = replace(reading("a", "b", hash="x"), audience=Audience(guild=1))
    await shelf.keep_reading(elsewhere, READ_AT)
    later = replace(reading("a", hash="r2"), read_at=LATER)
    await shelf.keep_reading(later, LATER, outdates=True)

    assert None is not await shelf.digest(DIGEST.key)
    await shelf.keep_digest(replace(DIGEST, key="k2", reading="r2"))
    there = [await shelf.reading(hash) is not None for hash in ("r1", "r2", "x")]
    assert [False, True, True] == there
    assert None is await shelf.digest(DIGEST.key)


async def test_what_is_said_again_is_not_outdated(database: Database) -> None:
    """
    A comment that its source brings back is read as before: the reading that holds it stays.
    """
    shelf = SqlShelf(database)
    await shelf.keep_reading(reading("a", "b"), READ_AT)
    await shelf.keep_reading(replace(reading("a", hash="r2"), read_at=LATER), LATER, outdates=True)
    await shelf.keep_reading(reading("a", "b"), LATER)
    await shelf.keep_digest(DIGEST)
    await shelf.keep_digest(replace(DIGEST, key="k2", reading="r2"))

    assert None is not await shelf.digest(DIGEST.key)

"""
Every command and message menu, in every kind of place: each ends in one sentence or one card, for whom it should.

What is not offered: /settings and /digest in direct messages and outside the bot's own servers. What takes no time has
no first use that differs from a later one: it is typed twice all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.core.servers import Offer
from tests.discord.commands import NotOffered
from tests.discord.doors import Doors
from tests.discord.interactions import SAY, THINK, Asked
from tests.discord.people import Person

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("promised")]

Command = Callable[[Person, str, bool], Awaitable[Asked]]

QUESTION = "What of parking?"
CARD, POSITIONS = "The article.", "They say Thought."

ASKS: dict[str, tuple[Command, str]] = {
    "summarize": (lambda a, link, alone: a.slash("summarize", link=link, private=alone), CARD),
    "positions": (lambda a, link, alone: a.slash("positions", link=link, private=alone), POSITIONS),
    "ask": (
        lambda a, link, alone: a.slash("ask", question=QUESTION, link=link, private=alone),
        QUESTION,
    ),
    "menu": (
        lambda a, link, _: a.context_menu("Summarize link", a.say(f"see {link}")),
        CARD,
    ),
}
"""What has to be read and thought about, and words of the answer."""

QUICK: dict[str, tuple[Command, str]] = {
    "nothing": (lambda a, *_: a.slash("summarize"), "no link"),
    "newest": (lambda a, *_: a.slash("ask", question=QUESTION), "Nothing has been digested in"),
    "digests": (lambda a, *_: a.slash("digests"), "digest"),
    "search": (lambda a, *_: a.slash("digests", search="no such"), "has all of these words"),
    "usage": (lambda a, *_: a.slash("usage"), "What you have spent"),
    "help": (lambda a, *_: a.slash("help"), "Counts are counted"),
    "no link": (lambda a, *_: a.context_menu("Summarize link", a.say("see there")), "no link"),
    "links": (
        lambda a, link, _: a.context_menu("Summarize link", a.say(f"{link} {link}2")),
        "Which link?",
    ),
}
"""What is said at once, for the asker alone."""

OF_SERVERS: dict[str, tuple[Command, str]] = {
    "settings": (lambda a, *_: a.slash("settings"), "Settings of this server"),
    "pins": (lambda a, *_: a.slash("digest list"), "Pinned digests"),
    "pin": (lambda a, link, _: a.slash("digest pin", link=link), "Pinned"),
    "unpin": (lambda a, *_: a.slash("digest unpin"), "pinned"),
    "refresh": (lambda a, *_: a.slash("digest refresh"), "pinned"),
    "delete": (lambda a, *_: a.slash("digest delete"), "pinned"),
}
"""For those who manage the server; said to them alone."""

INSIDE, OUTSIDE = ("news", "thread", "direct"), ("other server", "group")


CASES = [
    (ask, alone, place)
    for ask in ASKS
    for alone in (False, True)
    for place in (*INSIDE, *OUTSIDE, "closed")
    # a menu has no options; and a link in direct messages is answered by itself, so a menu there comes second
    if ask != "menu" or (not alone and place != "direct")
]


@pytest.mark.parametrize(("ask", "alone", "place"), CASES)
async def test_what_takes_time(doors: Doors, ask: str, *, alone: bool, place: str) -> None:
    """
    "Thinking" until it is there, at once when it is kept; seen by the asker alone where they want that, or where the
    bot came with them; where the bot may not write it says so, unless it is for the asker alone.
    """
    command, words = ASKS[ask]
    who, link = doors.someone(place), doors.lane()
    asked = await command(who, link, alone)
    first = await doors.ended(asked)
    again = await command(who, link, alone)
    second = await doors.ended(again)

    refused = place == "closed" and not alone
    assert (SAY if refused else THINK) == asked.how
    assert (THINK if ask == "ask" and not refused else SAY) == again.how
    assert first is not None
    assert second is not None
    assert ("Send Messages" if refused else words) in first.text
    assert (alone or refused or place in OUTSIDE) == (first.to == who.id)
    assert any(said in second.text for said in (words, "This was answered here", "Send Messages"))


@pytest.mark.parametrize("place", [*INSIDE, *OUTSIDE, "closed"])
async def test_what_is_said_at_once(doors: Doors, place: str) -> None:
    """
    By the first response, to nobody else; nothing has been asked in these places yet.
    """
    who = doors.someone(place)
    if place == "news":
        who = doors.moderator()  # whose channel is new
    for name, (command, words) in QUICK.items():
        if (name, place) == ("nothing", "thread"):
            continue  # that is the thread itself
        asked = await command(who, doors.lane(), True)
        said = await doors.ended(asked)

        assert said is not None
        assert (SAY, who.id) == (asked.how, said.to)
        assert words in said.text


async def test_what_is_for_those_who_manage_a_server(doors: Doors) -> None:
    """
    Each is answered to the one who asks, alone; /digest with nothing pinned here says so.
    """
    who = doors.moderator()
    for name, (command, words) in OF_SERVERS.items():
        said = await doors.ended(await command(who, doors.lane(), True))

        assert said is not None
        assert who.id == said.to
        assert words in said.text, name


@pytest.mark.parametrize("place", ["direct", *OUTSIDE, "news"])
async def test_what_is_not_offered(doors: Doors, place: str) -> None:
    """
    Outside its own servers, and to those who may not, Discord does not show /settings and /digest.
    """
    who = doors.someone(place)
    for command, _ in OF_SERVERS.values():
        with pytest.raises(NotOffered):
            await command(who, doors.lane(), True)


# in direct messages and groups of their own two people have nothing in common
@pytest.mark.parametrize(
    ("place", "people"), [("news", 1), ("news", 2), ("direct", 1), ("group", 1)]
)
async def test_at_the_same_time(doors: Doors, place: str, people: int) -> None:
    """
    Whoever asks the same at the same time is answered, each once; one reading and one digest are made for both.
    """
    who = [doors.someone(place)]
    who.append(doors.someone(place) if people == 2 else who[0])
    for command, _ in (*ASKS.values(), *QUICK.values()):
        link, before = doors.lane(), len(doors.town.pages.paths)
        both = await asyncio.gather(*(command(one, link, False) for one in who))
        answers = [await doors.ended(asked) for asked in both]

        assert all(answer is not None for answer in answers)
        assert before + 1 >= len(doors.town.pages.paths)


async def test_what_is_offered(doors: Doors) -> None:
    """
    A link that nobody asks about is marked where the owner wants it so, and nothing is said.
    """
    who, link = doors.moderator(), doors.lane()
    offers = {who.channel: Offer.REACT}
    await doors.bot.engine.servers.change(
        doors.discord.marlow.id, lambda now: replace(now, offers=offers)
    )
    post = who.say(f"see {link}")
    await doors.discord.until(lambda: post.payload.get("reactions"))

    assert [post] == doors.discord.state.posts.history(who.channel)


async def test_what_is_marked_and_pressed(doors: Doors) -> None:
    """
    A member who presses the mark gets the card below the message.
    """
    who, other = doors.moderator(), doors.someone("channel")
    other = other.at(who.channel)
    offers = {who.channel: Offer.REACT}
    await doors.bot.engine.servers.change(
        doors.discord.marlow.id, lambda now: replace(now, offers=offers)
    )
    post = who.say(f"see {doors.lane()}")
    await doors.discord.until(lambda: post.payload.get("reactions"))
    await other.react(post, "📰")
    history = doors.discord.state.posts.history
    await doors.discord.until(lambda: len(history(who.channel)) > 1)
    await doors.quiet()

    card, said = history(who.channel)
    assert said is post
    assert CARD in card.text


async def test_what_is_summarized_unasked(doors: Doors) -> None:
    """
    Where the owner wants it so, a link gets its card at once.
    """
    who = doors.moderator()
    offers = {who.channel: Offer.AUTOMATIC}
    await doors.bot.engine.servers.change(
        doors.discord.marlow.id, lambda now: replace(now, offers=offers)
    )
    post = who.say(f"see {doors.lane()}")
    history = doors.discord.state.posts.history
    await doors.discord.until(lambda: len(history(who.channel)) > 1)
    await doors.quiet()

    card, said = history(who.channel)
    assert said is post
    assert CARD in card.text


@pytest.mark.parametrize("place", [*INSIDE, *OUTSIDE, "closed"])
async def test_a_discussion_among_members(doors: Doors, place: str) -> None:
    """
    *Summarize discussion* on one of several messages, twice: a card where the bot may read them, a sentence where not.
    """
    who = doors.someone(place)
    said = who.say("Thought number 5: the lane takes the parking.")
    for n in range(6, 14):
        said = who.say(f"Thought number {n} about the lane.", to=said)
    for _ in range(2):
        asked = await who.context_menu("Summarize discussion", said)
        ended = await doors.ended(asked)

        assert ended is not None
        if place in {"thread", "news"}:
            assert any(words in ended.text for words in ("They say", "This was answered here"))
        else:
            assert "They say" not in ended.text

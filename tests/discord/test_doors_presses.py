"""
Every button, list and form: below a card, a position, *More…*, in the panel of /settings, in lists, below /help.

What there is to press is found by looking, so nothing new is left out; `PRESSED` is what must be among it, and together
that is all the client knows. A deleted message and a second person are for what everybody sees: what one person sees
is theirs alone. *Cancel* stands below progress only.
"""

from __future__ import annotations

import asyncio
import re

import discord
import pytest

from tests.discord.doors import Doors
from tests.discord.interactions import OPEN_FORM
from tests.discord.people import Person
from tests.discord.posts import Post
from tests.discord.presses import Press, Step, explore, fill_in, press, steps, through
from tests.discord.state import BOT

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("promised")]

CARD = {
    "ask",
    "fresh",
    "lead",
    "more",
    "open",
    "export",
    "gone",
    "in",
    "page",
    "show",
    "turn",
    "wrong",
}
PANEL = {"panel", "set"}
DEEP = {"card": 4, "settings": 4, "positions": 3, "pins": 3}
"""How far each is followed; what the others lead to is a card."""

PRESSED = {
    "card": CARD,
    "positions": {"full", "open", "page", "turn", "wrong"},
    "few comments": {"all"},
    "settings": PANEL,
    "digests": {"entry", "list"},
    "help": {"forget-me"},
    "links": {"link"},
    "pins": {"pins"},
}
"""What stands below each, and below what that opens: the second words of the ids."""


class Way:
    """How to come to a message with something to press, as often as needed."""

    def __init__(self, doors: Doors, who: Person) -> None:
        self.doors = doors
        self.who = who
        self.link = doors.lane()
        self._post: Post | None = None

    async def to(self, name: str) -> Post:
        """Return the message called *name*; the one that stands there, where it is for everybody."""
        who, link = self.who, self.link
        if self._post is not None and not self._post.gone and self._post.to is None:
            return self._post
        match name:
            case "card":
                asked = await who.slash("summarize", link=link)
            case "positions":
                asked = await who.slash("positions", link=link)
            case "digests":
                for _ in range(7):  # one more than a page shows
                    await self.doors.ended(await who.slash("summarize", link=self.doors.lane(5)))
                asked = await who.slash("digests")
            case "few comments":
                asked = await who.slash("summarize", link=self.doors.lane(comments=2))
            case "links":
                asked = await who.context_menu("Summarize link", who.say(f"{link} {link}2"))
            case "pins":
                asked = await who.slash("digest list")
                if not steps(who, asked.shown):
                    await self.doors.ended(await who.slash("digest pin", link=link))
                    asked = await who.slash("digest list")
            case _:
                asked = await who.slash(name)
        self._post = await self.doors.ended(asked)
        assert self._post is not None
        return self._post


async def test_nothing_is_left_out(doors: Doors) -> None:
    """
    All that the client registered is among what must be pressed, but *Cancel*.
    """
    patterns = doors.bot.client._connection._view_store._dynamic_items
    known = {pattern.pattern.split(":")[1].split("(")[0] for pattern in patterns}

    assert {*known} - {"stop"} == set().union(*PRESSED.values())


async def explored(doors: Doors, who: Person, name: str, how: Press, most: int = 9) -> set[str]:
    way = Way(doors, who)
    found = await explore(doors, who, lambda: way.to(name), how, min(most, DEEP.get(name, 1)))
    return words(found)


def words(steps: set[str]) -> set[str]:
    """Return the second words of the ids that were pressed."""
    return {re.split(r"[:\[]", one)[1] for one in steps}


@pytest.mark.parametrize("name", PRESSED)
async def test_twice(doors: Doors, name: str) -> None:
    """
    A double click, by a moderator, on everything there is: both are answered. The way there is single clicks.
    """
    who = doors.moderator()

    async def twice(post: Post, step: Step) -> Post:
        return (await at_once(doors, [who, who], post, step))[0]

    assert PRESSED[name] <= await explored(doors, who, name, twice)


@pytest.mark.parametrize("name", ["card", "positions", "few comments"])
async def test_two_people(doors: Doors, name: str) -> None:
    """
    Two press the same below what everybody sees: each is answered, and sees nothing of the other's.
    """
    who = doors.moderator()
    both = [who, doors.someone().at(who.channel)]

    async def together(post: Post, step: Step) -> Post:
        answers = await at_once(doors, both, post, step)

        assert all(one.to in {None, person.id} for one, person in zip(answers, both, strict=True))
        return answers[0]

    assert await explored(doors, who, name, together, most=1)


@pytest.mark.parametrize("place", ["thread", "direct", "other server", "group"])
async def test_in_other_places(doors: Doors, place: str) -> None:
    """
    Below a card in a thread, in direct messages, and where the bot is only with the one who has installed it.
    """
    who = doors.someone(place)

    async def once(post: Post, step: Step) -> Post:
        return await through(doors, who, post, step)

    found = await explored(doors, who, "card", once, most=2)

    assert CARD - {"gone", "show"} <= found
    assert ("gone" in found) == (place in {"thread", "direct"})


@pytest.mark.parametrize("name", ["card", "positions", "few comments"])
async def test_below_a_message_that_is_deleted(doors: Doors, name: str) -> None:
    """
    Somebody deletes the message when the button is pressed already.
    """
    who = doors.moderator()

    async def too_late(post: Post, step: Step) -> Post:
        asked = await press(who, post, step, wait=False)
        doors.discord.state.delete(post)
        await doors.discord.until(lambda: asked.answer)
        answer = await doors.ended(asked)
        if answer is None:
            answer = await doors.ended(await fill_in(who, asked))
        assert answer is not None
        return answer

    assert await explored(doors, who, name, too_late, most=1)


async def test_where_the_bot_may_no_longer(doors: Doors) -> None:
    """
    The channel was closed to the bot after the card was posted there: what it cannot do it says.
    """
    who = doors.moderator()
    way = Way(doors, who)
    await way.to("card")
    rights = discord.Permissions(view_channel=True, send_messages=True)
    doors.discord.marlow.overwrite(who.channel, BOT, rights, deny=True)

    async def once(post: Post, step: Step) -> Post:
        return await through(doors, who, post, step)

    async def card() -> Post:
        return await way.to("card")

    assert {"gone", "in"} <= words(await explore(doors, who, card, once, most=3))


async def at_once(doors: Doors, people: list[Person], post: Post, step: Step) -> list[Post]:
    """Let all of *people* do the same at the same time; return their answers."""
    asked = await asyncio.gather(*(press(one, post, step) for one in people))
    answers = [await doors.ended(one) for one in asked]
    if asked[0].how == OPEN_FORM:
        forms = zip(people, asked, strict=True)
        asked = await asyncio.gather(*(fill_in(one, form) for one, form in forms))
        answers = [await doors.ended(one) for one in asked]
    return [answer for answer in answers if answer is not None]

"""
What is answered later: a restart, a token that dies, or somebody who deletes "thinking…" comes in between.

What is answered at once has no in between. In private nobody else can delete; a message that is dismissed there is the
asker's own doing. An acknowledgement that comes too late cannot be mended: Discord says so itself, and nothing is done.
"""

from __future__ import annotations

from bot.store.orders import SqlOrders
from tests.discord.conftest import Town
from tests.discord.doors import COMMENTS, Doors, inside
from tests.discord.interactions import Asked
from tests.discord.people import Person
from tests.test_end_to_end import page


class Waiting:
    """Everything that can be waited for, asked while the model thinks, by somebody else each."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.public: dict[str, Asked] = {}
        self.private: dict[str, Asked] = {}

    @property
    def all(self) -> dict[str, Asked]:
        return self.public | self.private

    async def ask(self) -> None:
        """Ask all of it; nobody is answered before the model is let."""
        doors, link = self.doors, self.doors.lane()
        mod = doors.moderator()
        card = (await mod.slash("summarize", link=link)).shown
        await doors.quiet()
        doors.let.clear()
        ann = self._someone
        question = "What of parking?"
        self.public = {
            "summarize": await ann().slash("summarize", link=doors.lane()),
            "positions": await ann().slash("positions", link=doors.lane()),
            "ask": await ann().slash("ask", question=question, link=doors.lane()),
            "menu": await ann().context_menu("Summarize link", ann().say(doors.lane())),
            "thread": await self._thread().slash("summarize"),
            "direct": await ann("direct").slash("summarize", link=doors.lane()),
        }
        here = mod.channel
        form = await ann().at(here).click(card, "chorus:ask")
        more = await ann().at(here).click(card, "chorus:more")
        links = ann().say(f"{doors.lane()} {doors.lane()}")
        chooser = await self._of(links.author).context_menu("Summarize link", links)
        self.private = {
            "summarize alone": await ann().slash("summarize", link=doors.lane(), private=True),
            "other server": await ann("other server").slash("summarize", link=doors.lane()),
            "group": await ann("group").slash("positions", link=doors.lane()),
            "form": await self._of(form.user, here).submit(form, question=question),
            "language": await self._of(more.user, here).select(more.shown, "chorus:in", "fr"),
            "lead": await ann()
            .at(here)
            .select(card, "chorus:lead", card.component("chorus:lead")["options"][0]["value"]),
            "pin": await doors.moderator().slash("digest pin", link=doors.lane()),
        }
        # the page has changed, so there is something to think about
        path = link.removeprefix(doors.town.pages.base)
        doors.town.pages.answers[path].clear()
        doors.town.pages.page(path, page(COMMENTS + 9, "Lane"))
        self.public["link"] = await self._of(chooser.user).select(chooser.shown, "chorus:link", "0")
        self.public["refresh"] = await ann().at(here).click(card, "chorus:fresh")
        database = doors.bot.engine.database
        # a pin is none
        assert len(self.all) - 1 == len(await SqlOrders(database).open())

    def _someone(self, place: str = "news") -> Person:
        return self.doors.someone(place)

    def _of(self, id: int, channel: int | None = None) -> Person:
        return self.doors.discord.by(id).at(channel or self.doors.discord.news)

    def _thread(self) -> Person:
        who = self.doors.someone("thread")
        for n in range(3):
            who.say(f"The lane is a good idea, for reason {n}.")
        return who


async def test_a_restart_in_between(town: Town) -> None:
    """
    The next start answers all of it, each once, where it was to be.
    """
    async with inside(town) as doors:
        waiting = Waiting(doors)
        await waiting.ask()
    async with inside(town) as again:
        for name, asked in waiting.all.items():
            answer = await again.ended(asked)
            assert answer is not None, name
            assert (answer.to is not None) == (name in waiting.private), name
        assert [] == await SqlOrders(again.bot.engine.database).open()


async def test_a_token_that_dies_in_between(town: Town) -> None:
    """
    What was for everybody is posted; what was for one comes with whatever they do next, once.
    """
    async with inside(town) as doors:
        waiting = Waiting(doors)
        await waiting.ask()
        doors.discord.state.clock.move(minutes=16)
        doors.let.set()
        await doors.quiet()
        for name, asked in waiting.public.items():
            # what stood there cannot be changed any more
            posted = [post for post in doors.answers(asked) if post is not asked.shown]
            assert 1 == len(posted), name
            assert posted[0].to is None
        pin = waiting.private.pop("pin")
        assert doors.discord.state.posts.pins(pin.channel)  # what they asked for is there to see
        for name, asked in waiting.private.items():
            for times in (1, 0):
                helped = await doors.discord.by(asked.user).at(asked.channel).slash("help")
                await doors.quiet()
                assert times == len(helped.followups), name


async def test_somebody_deletes_what_says_thinking(town: Town) -> None:
    """
    The answer is posted all the same.
    """
    async with inside(town) as doors:
        waiting = Waiting(doors)
        await waiting.ask()
        for asked in waiting.public.values():
            doors.discord.state.delete(asked.shown)
        doors.let.set()
        for name, asked in waiting.public.items():
            answer = await doors.ended(asked)
            assert answer is not None, name


async def test_it_is_called_off(town: Town) -> None:
    """
    *Cancel*, by the asker and at the same time by somebody else: one ends it, the other is refused.
    """
    async with inside(town) as doors:
        doors.let.clear()
        who, other = doors.someone(), doors.someone()
        asked = await who.slash("summarize", link=doors.lane())
        await doors.discord.until(lambda: "chorus:stop" in str(asked.shown.components))
        refused = await other.click(asked.shown, "chorus:stop")
        ended = await who.click(asked.shown, "chorus:stop")
        too_late = await doors.ended(refused)
        over = await doors.ended(ended)

    assert too_late is not None
    assert over is not None
    assert "Only the person who asked" in too_late.text
    assert (asked.shown, "Cancelled.") == (over, over.text)

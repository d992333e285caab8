"""Thirty days of a pinned digest, with the clock in the test's hands: what people see at each step."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.core.pins import Pin, PinState
from tests.chat.server import CLERK, NEWS, OFFICE
from tests.chat.town import LINK, Story
from tests.chat.wall import DIRECT, MOST_OLD, WINDOW, Done

KEPT = "Kept current while people comment"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ELSEWHERE = "https://town.example/park"


async def test_a_pin_lives_through_thirty_days(tmp_path: Path) -> None:
    """
    Bursts, a restart, sleep, a full limit of edits, a moderator's hand, a channel that is deleted: right at each step.
    """
    story = Story(tmp_path)
    begin = story.clock.at
    story.town.say(begin - 2 * HOUR, times=12, every=10)
    await _first_week(story, begin)
    await _second_week(story, begin)
    await _the_rest(story, begin)

    assert 30 * DAY == story.clock.at - begin
    _within_limits(story)


async def _first_week(story: Story, begin: datetime) -> None:
    """Two bursts, the second of them while the process is down."""
    town, wall = story.town, story.wall
    async with story.process() as bot:
        bot.be()
        await bot.digest("pin", link=LINK)
        (first,) = wall.pinned

        assert "12 of 12" in first.text
        assert KEPT in first.text

        # day 1: three hundred comments in two hours
        town.say(begin + 30 * MINUTE, "child", times=300, every=0.4)
        await bot.live(begin + 3 * HOUR)
        burst = [one.at for one in wall.done if one.how == "PATCH"]

        assert "300 of 312" in first.text
        assert len(burst) <= 18
        assert all(later - earlier >= 10 * MINUTE for earlier, later in pairwise(burst))

        # nobody writes for two days: read ever more rarely, nothing is edited
        edits, read = len(wall.done), len(town.asked)
        await bot.live(begin + 3 * DAY)

        assert edits == len(wall.done)
        assert (
            len(town.asked) - read <= 13
        )  # each wait half as long again, from ten minutes to a day
        assert PinState.WATCHING is (await bot.only()).state

    # day 4: the process is down, people go on
    town.say(begin + 3 * DAY, "noise", times=20, every=2)
    story.clock.at = begin + 4 * DAY
    async with story.process() as bot:
        bot.be()
        await bot.live(timedelta())

        assert "Noise" not in first.text  # not everything at once after a start

        await bot.live(15 * MINUTE)

        assert "20 of 332" in first.text
        assert "New: Noise" in first.text
        assert "20 new comments" in first.text
        assert [first] == wall.pinned

        await bot.live(begin + 7 * DAY)


async def _second_week(story: Story, begin: datetime) -> None:
    """Sleep, another waking, a message that takes no more edits."""
    town, wall = story.town, story.wall
    async with story.process() as bot:
        bot.be()
        await bot.live(begin + 11 * DAY + 2 * HOUR)
        asleep, read, done = await bot.only(), len(town.asked), len(wall.done)

        # the last comment was written an hour after three days: a week later the next reading finds it asleep
        assert (PinState.ASLEEP, None) == (asleep.state, asleep.due)

        await bot.live(begin + 12 * DAY)

        assert (read, done) == (len(town.asked), len(wall.done))
        assert "asleep" in (await bot.digest("list")).text

        # day 13: people come back; a moderator wakes it
        town.say(begin + 12 * DAY, "shop", times=5, every=10)
        await bot.live(begin + 12 * DAY + HOUR)
        woken = await bot.digest("refresh")
        (old,) = wall.pinned

        assert "there is news" in woken.text
        assert "17 of 337" in old.text

        # day 14: others use up all the edits that Discord takes of old messages here
        town.say(begin + 13 * DAY, "child", times=40, every=5)
        wall.busy.add(NEWS)
        await bot.live(begin + 13 * DAY + 4 * HOUR)
        (new,) = wall.pinned
        moved = (await bot.only()).message
        wall.busy.clear()

        assert (new.id, False) == (moved, new is old)
        assert "child" in new.text
        assert KEPT in new.text

        # the new message is edited as the old one was
        await bot.live(begin + 14 * DAY)

        assert [new] == wall.pinned
        assert "340 of 377" in new.text


async def _the_rest(story: Story, begin: datetime) -> None:
    """A hand that unpins, and another digest whose channel is deleted while the process is down."""
    town, wall = story.town, story.wall
    async with story.process() as bot:
        # day 16: a moderator unpins it by hand
        bot.be()
        await bot.live(begin + 15 * DAY)
        (post,) = wall.pinned
        wall.unpin_by_hand(post.id)
        await bot.live(MINUTE)
        town.say(story.clock.at, "noise", times=9, every=5)
        text, read = post.text, len(town.asked)
        await bot.live(begin + 18 * DAY)

        assert [] == wall.pinned
        assert (text, read) == (post.text, len(town.asked))
        assert KEPT not in post.text
        assert "unpinned by hand" in (await bot.digest("list")).text
        assert [] == await bot.pins()
        assert [] == wall.shown(DIRECT)  # who did it knows

        # day 19: the staff pins another in the office
        bot.be(who=CLERK, at=OFFICE)
        await bot.digest("pin", link=ELSEWHERE)
        town.say(story.clock.at + HOUR, "shop", times=30, every=9)
        await bot.live(begin + 19 * DAY)

        assert [OFFICE] == [one.channel for one in wall.pinned]

    # day 20 to 22: the process is down, and the channel is deleted
    wall.gone.add(OFFICE)
    story.clock.at = begin + 22 * DAY
    async with story.process() as bot:
        bot.be(who=CLERK)
        await bot.live(begin + 24 * DAY)
        pin, done = await bot.only(), len(wall.done)
        (told,) = wall.shown(DIRECT)

        assert (PinState.BROKEN, "ChannelGone") == (pin.state, _trouble(pin))
        assert "The channel was deleted." in told.text

    # day 25: another restart; nobody is told again, nothing is tried
    async with story.process() as bot:
        bot.be(who=CLERK)
        await bot.live(begin + 30 * DAY)

        assert done == len(wall.done)
        assert 1 == len(wall.shown(DIRECT))
        assert "The channel was deleted." in (await bot.digest("list")).text

        gone = await bot.digest("unpin", digest=pin.id)
        assert "No longer pinned" in gone.text

        assert [] == await bot.pins()


def _within_limits(story: Story) -> None:
    """What Discord would have refused was never asked, and no message was changed more than it may be."""
    wall = story.wall
    edits = [one for one in wall.done if one.how == "PATCH"]

    assert [] == wall.faults
    for one in edits:
        near = [x for x in edits if x.old and timedelta() <= one.at - x.at < WINDOW]
        assert len([x for x in near if x.channel == one.channel]) <= MOST_OLD - 2
    assert _most_pinned(wall.done) <= 2  # for the moment in which the pin moves
    # what was paid for went on: every draft but the first of each digest had the one before as its basis
    assert 2 == story.clerk.bases.count(None)


def _most_pinned(done: list[Done]) -> int:
    """Return the most messages that were pinned at a time in one channel."""
    stand: dict[int, set[int]] = {}
    most = 0
    for one in done:
        here = stand.setdefault(one.channel, set())
        if one.how == "PIN":
            here.add(one.message)
        elif one.how in {"UNPIN", "DELETE"}:
            here.discard(one.message)
        most = max(most, len(here))
    return most


def _trouble(pin: Pin) -> str | None:
    return pin.trouble.error if pin.trouble else None

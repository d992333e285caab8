"""Pinned digests from the command to the message; Discord, the town and the clock are the test's."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.chat.translator import Translator
from bot.core.money import Limit, Limits
from bot.core.pins import PinState
from bot.errors import PageNotFound, Unreachable
from bot.store.retention import SqlRetention
from tests.chat.fake_discord import walk
from tests.chat.server import CLERK, ID, LANE, MAY_TALK, MEMBER, NEWS, OFFICE, SECRET
from tests.chat.town import LINK, MAY_PIN, Bot, Story
from tests.chat.wall import DIRECT, MOST_PINS
from tests.discord.checks import CALLBACK, EDIT, faults

KEPT, FROZEN = "Kept current while people comment", "Frozen by a moderator"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWNER = MAY_PIN | discord.Permissions(manage_guild=True)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    made = Story(tmp_path)
    made.town.say(made.clock.at - timedelta(hours=2), times=12, every=10)
    return made


@pytest.fixture
async def bot(story: Story) -> AsyncIterator[Bot]:
    async with story.process() as made:
        made.be()
        yield made
        assert [] == story.wall.faults
        assert [] == [fault for sent in made.house.discord.sent for fault in _faults(sent)]


def _faults(sent: object) -> list[str]:
    routes = {"create_interaction_response": CALLBACK, "edit_webhook_message": EDIT}
    route = routes.get(getattr(sent, "how", ""))
    return faults(route, getattr(sent, "payload", {}), v2=True) if route else []


async def test_a_digest_is_posted_pinned_and_said_so_to_the_moderator_alone(
    bot: Bot, story: Story
) -> None:
    """
    One message without a sound; Discord's own word that something was pinned is taken away.
    """
    sent = await bot.digest("pin", link=LINK)
    (post,) = story.wall.pinned

    assert ["POST", "PIN", "DELETE"] == [one.how for one in story.wall.done]
    assert bot.house.discord.sent[0].private
    assert "Reading the" in bot.house.discord.sent[1].text
    assert "chorus:stop" not in str(
        bot.house.discord.sent
    )  # a pin is called off with /digest unpin
    assert "Pinned, and kept current while people comment" in sent.text
    assert f"/channels/10/{NEWS}/{post.id}" in sent.text
    assert "12 of 12" in post.text
    assert KEPT in post.text


async def test_a_pinned_card_has_no_refresh_button(bot: Bot, story: Story) -> None:
    """
    It refreshes itself; positions can be opened, and other languages asked for.
    """
    await bot.digest("pin", link=LINK)
    ids = [one.get("custom_id", "") for one in walk(story.wall.pinned[0].payload["components"])]

    assert not any(id.startswith("chorus:fresh:") for id in ids)
    assert any(id.startswith("chorus:") for id in ids)


async def test_what_else_a_pinned_card_offers_takes_nothing_from_it(bot: Bot, story: Story) -> None:
    """
    Languages and files for the one who asks; the public message is managed with /digest alone.
    """
    await bot.digest("pin", link=LINK)
    (post,) = story.wall.pinned
    bot.be(rights=MAY_PIN | discord.Permissions(manage_messages=True))
    offered = await bot.press_on(post, "chorus:more:")
    ids = [one.get("custom_id", "") for one in walk(offered.data["components"])]

    assert offered.private
    assert any(id.startswith("chorus:export:") for id in ids)
    assert not any(id.startswith("chorus:gone:") for id in ids)
    assert all(id.endswith(":0") for id in ids if id.startswith("chorus:in:"))


async def test_a_link_is_pinned_once_in_a_channel(bot: Bot, story: Story) -> None:
    """
    The second time is one sentence; in another language it is another digest.
    """
    await bot.digest("pin", link=LINK)
    again = await bot.digest("pin", link=LINK + "?utm_source=x")
    await bot.digest("pin", link=LINK, language="fr")

    assert "pinned here already" in again.text
    assert 2 == len(story.wall.pinned)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("send_messages", "Send Messages"),
        ("pin_messages", "Pin Messages"),
        ("read_message_history", "Read Message History"),
    ],
)
async def test_what_the_bot_lacks_is_named_before_anything_is_read(
    bot: Bot, story: Story, name: str, called: str
) -> None:
    """
    One private sentence with the permission's name; nothing is posted, nothing spent.
    """
    bot.be(ours=MAY_PIN & ~discord.Permissions(**{name: True}))
    sent = await bot.digest("pin", link=LINK)

    assert sent.private
    assert called in sent.text
    assert ([], [], []) == (story.wall.done, story.town.asked, await bot.pins())


async def test_who_has_the_command_may_pin(bot: Bot, story: Story) -> None:
    """
    At first those who may pin messages have it; a server's owner gives it to others, and Discord holds to that.
    """
    bot.be(rights=MAY_TALK)
    await bot.digest("pin", link=LINK)

    assert 1 == len(story.wall.pinned)


async def test_a_link_that_cannot_be_read_leaves_nothing_behind(bot: Bot, story: Story) -> None:
    """
    Who asked hears why; nothing is posted, and it may be asked again.
    """
    story.town.failing.append(PageNotFound(host="town.example"))
    sent = await bot.digest("pin", link=LINK)

    assert "town.example" in sent.text
    assert ([], []) == (story.wall.done, await bot.pins())


async def test_a_channel_with_250_pins_takes_no_more(bot: Bot, story: Story) -> None:
    """
    The message that could not be pinned goes away again.
    """
    story.wall.foreign[NEWS] = MOST_PINS
    sent = await bot.digest("pin", link=LINK)

    assert "250 pinned messages" in sent.text
    assert [] == story.wall.shown(NEWS)
    assert [] == await bot.pins()


async def test_what_changes_is_edited_in_place_and_said(bot: Bot, story: Story) -> None:
    """
    The message is the same, it says what has changed since it was last edited, and nobody is called.
    """
    await bot.digest("pin", link=LINK)
    story.town.say(story.clock.at + timedelta(minutes=5), "child", times=4, every=5)
    await bot.live(HOUR)
    (post,) = story.wall.pinned

    assert 1 == len(post.before)
    assert "What has changed since" in post.text
    assert "4 new comments" in post.text
    assert "New: It keeps children safe" in post.text
    assert "The shops were not asked: 100% → 75%" in post.text


async def test_a_refresh_by_hand_says_how_it_ended(bot: Bot, story: Story) -> None:
    """
    Whether there was anything new or not; it costs a draft only where there was.
    """
    await bot.digest("pin", link=LINK)
    quiet = await bot.digest("refresh")
    story.town.say(story.clock.at, "child")
    news = await bot.digest("refresh")
    story.town.failing.append(Unreachable(host="town.example"))
    failed = await bot.digest("refresh")

    assert "nothing is new" in quiet.text
    assert "there is news" in news.text
    assert "town.example" in failed.text
    assert 2 == len(story.clerk.asked)
    assert "New: It keeps children safe" in story.wall.pinned[0].text


async def test_a_refresh_by_hand_is_kept_before_it_is_acknowledged(bot: Bot, story: Story) -> None:
    """
    Where the connection breaks just then it is done all the same.
    """
    await bot.digest("pin", link=LINK)
    bot.house.discord.failures["create_interaction_response"] = deque([OSError("broken")])
    await bot.digest("refresh")

    assert 2 == len(story.town.asked)


async def test_it_sleeps_when_the_discussion_does_and_is_woken_by_hand(
    bot: Bot, story: Story
) -> None:
    """
    After a week without a comment nothing is read any more, until somebody asks.
    """
    await bot.digest("pin", link=LINK)
    await bot.live(8 * DAY)
    asleep, read = await bot.only(), len(story.town.asked)
    await bot.live(20 * DAY)
    listed = await bot.digest("list")

    assert (PinState.ASLEEP, None) == (asleep.state, asleep.due)
    assert read == len(story.town.asked)
    assert "asleep" in listed.text
    assert "Nobody has commented for a week" in listed.text

    story.town.say(story.clock.at, "child")
    await bot.digest("refresh")

    assert PinState.WATCHING is (await bot.only()).state


async def test_the_list_shows_state_age_next_reading_and_cost(bot: Bot, story: Story) -> None:
    """
    For each digest that is pinned, in one private message.
    """
    await bot.digest("pin", link=LINK)
    pin = await bot.only()
    sent = await bot.digest("list")

    assert sent.private
    assert "The lane at lane" in sent.text
    assert "kept current" in sent.text
    assert pin.made_at is not None
    assert pin.due is not None
    assert f"<t:{int(pin.made_at.timestamp())}:R>" in sent.text
    assert f"<t:{int(pin.due.timestamp())}:R>" in sent.text
    assert "$0.01" in sent.text


async def test_the_list_is_one_card_however_much_is_pinned(bot: Bot, story: Story) -> None:
    """
    Twenty-five digests, of which one is chosen to be managed; a twenty-sixth is not taken.
    """
    await bot.digest("pin", link=LINK)
    pin = replace(await bot.only(), title="\U0001f409 *[x](https://y.example)*" * 40)
    for number in range(24):
        another = replace(pin, id=f"{number:016x}", target=f"https://town.example/{number}")
        await bot.house.pins.add(another, 25)
    more = await bot.digest("pin", link="https://town.example/more")
    sent = await bot.digest("list")

    assert "25 pinned digests" in more.text
    assert 25 == sent.text.count("kept current")


async def test_frozen_it_stays_as_it_is_until_it_is_thawed(bot: Bot, story: Story) -> None:
    """
    The message says so; nothing is read meanwhile; thawed it catches up at once.
    """
    await bot.digest("pin", link=LINK)
    id = (await bot.only()).id
    listed = await bot.digest("list")
    panel = await bot.press(listed, "chorus:pins:open", values=[id])
    frozen = await bot.press(panel, f"chorus:pins:freeze:{id}")
    read = len(story.town.asked)
    story.town.say(story.clock.at + HOUR, "child", times=3)
    await bot.live(3 * DAY)

    assert FROZEN in story.wall.pinned[0].text
    assert read == len(story.town.asked)

    await bot.press(frozen, f"chorus:pins:thaw:{id}")

    assert KEPT in story.wall.pinned[0].text
    assert "It keeps children safe" in story.wall.pinned[0].text


async def test_one_position_is_hidden_and_shown_again(bot: Bot, story: Story) -> None:
    """
    The card says that one is hidden; it stays hidden through refreshes, whoever opens it from the card.
    """
    story.town.say(story.clock.at - HOUR, "child", times=3)
    await bot.digest("pin", link=LINK)
    pin = await bot.only()
    made = await bot.house.digesting.kept(pin.digest or "")
    assert made is not None
    key = next(p.key for p in made.digest.positions if p.label == "It keeps children safe")
    panel = await bot.press(await bot.digest("list"), "chorus:pins:open", values=[pin.id])
    panel = await bot.press(panel, f"chorus:pins:hide:{pin.id}", values=[key])
    hidden, public = story.wall.pinned[0].text, story.wall.pinned[0].payload
    story.town.say(story.clock.at + HOUR, "shop", times=3)
    await bot.live(DAY)
    later = story.wall.pinned[0].text
    await bot.press(panel, f"chorus:pins:hide:{pin.id}", values=[key])
    shown = story.wall.pinned[0].text

    assert "Hidden: It keeps children safe" in panel.text
    assert "chorus:more:" not in str(public)
    for text in (hidden, later):
        assert "It keeps children safe" not in text
        assert "1 position is hidden by a moderator" in text
    assert "15 of 18" in later
    assert "It keeps children safe" in shown


async def test_unpinned_the_message_stays(bot: Bot, story: Story) -> None:
    """
    It no longer says that it is kept current, is read no more, and is not in the list.
    """
    await bot.digest("pin", link=LINK)
    sent = await bot.digest("unpin")
    read = len(story.town.asked)
    await bot.live(3 * DAY)
    (post,) = story.wall.shown(NEWS)

    assert "No longer pinned" in sent.text
    assert [] == story.wall.pinned
    assert "12 of 12" in post.text
    assert KEPT not in post.text
    assert read == len(story.town.asked)
    assert [] == await bot.pins()


async def test_deleted_it_is_gone_with_all_that_was_read_for_it(bot: Bot, story: Story) -> None:
    """
    The message, the digest, and the reading.
    """
    await bot.digest("pin", link=LINK)
    pin = await bot.only()
    sent = await bot.digest("delete")

    assert "Deleted" in sent.text
    assert [] == story.wall.shown(NEWS)
    assert [] == await bot.pins()
    assert None is await bot.house.digesting.kept(pin.digest or "")
    assert None is await bot.house.shelf.latest(pin.target, pin.audience)


async def test_what_another_pin_is_about_stays_when_one_is_deleted(bot: Bot, story: Story) -> None:
    """
    Somebody else's message goes on as it was, at nobody's cost.
    """
    await bot.digest("pin", link=LINK)
    bot.be(at=LANE)
    await bot.digest("pin", link=LINK)
    await bot.digest("delete")
    pin = await bot.only()

    assert NEWS == pin.channel
    assert await bot.house.digesting.kept(pin.digest or "") is not None


async def test_what_another_server_shows_stays_when_a_pin_is_deleted(
    bot: Bot, story: Story
) -> None:
    """
    A public page is read once for everybody: no server's moderator takes it from others.
    """
    await bot.digest("pin", link=LINK)
    pin = await bot.only()
    bot.house.discord.be(CLERK, None)
    await bot.house.discord.slash("summarize", link=LINK)
    bot.be()
    await bot.digest("delete")

    assert [] == story.wall.shown(NEWS)
    assert await bot.house.digesting.kept(pin.digest or "") is not None


async def test_a_pin_that_is_deleted_while_it_is_read_takes_nothing_from_another(
    bot: Bot, story: Story
) -> None:
    """
    What was read for it then is the other's too: that goes on, with its digest.
    """
    await bot.digest("pin", link=LINK)
    bot.be(at=LANE)
    await bot.digest("pin", link=LINK)
    read = story.town.read

    async def deleted_meanwhile(*what: Any) -> Any:
        (lane,) = [pin for pin in await bot.pins() if pin.channel == LANE]
        await bot.house.pins.drop(lane.id)
        return await read(*what)

    story.town.read = deleted_meanwhile  # type: ignore[method-assign,assignment]
    await bot.digest("refresh")
    pin = await bot.only()

    assert NEWS == pin.channel
    assert await bot.house.digesting.kept(pin.digest or "") is not None


async def test_what_is_pinned_is_kept_however_old(bot: Bot, story: Story) -> None:
    """
    Its buttons open it, hidden positions or not; what it is no longer goes as everything does.
    """
    story.town.say(story.clock.at - HOUR, "child", times=3)
    await bot.digest("pin", link=LINK)
    first = await bot.only()
    story.town.say(story.clock.at, "noise")
    await bot.digest("refresh")
    pin = await bot.only()
    made = await bot.house.digesting.kept(pin.digest or "")
    assert made is not None
    panel = await bot.press(await bot.digest("list"), "chorus:pins:open", values=[pin.id])
    await bot.press(panel, f"chorus:pins:hide:{pin.id}", values=[made.digest.positions[0].key])
    story.clock.tick(60 * DAY)
    retention = SqlRetention(bot.house.shelf._database)
    await retention.prune(story.clock.at, 30)
    opened = await bot.press_on(story.wall.pinned[0], "chorus:ask:")
    await bot.digest("unpin")
    await retention.prune(story.clock.at, 30)

    assert first.digest != pin.digest
    assert 9 == opened.payload["type"]
    assert None is await bot.house.digesting.kept(pin.digest or "")


async def test_a_pin_outlives_the_wish_of_who_made_it(bot: Bot, story: Story) -> None:
    """
    It is its server's: who had it pinned is forgotten, and it goes on.
    """
    await bot.digest("pin", link=LINK)
    await bot.house.purging.person(MEMBER)
    story.town.say(story.clock.at + timedelta(minutes=5), "child", times=4)
    await bot.live(HOUR)
    pin = await bot.only()

    assert (0, ()) == (pin.by, pin.roles)
    assert "It keeps children safe" in story.wall.pinned[0].text


async def test_what_is_for_adults_is_pinned_in_age_restricted_channels_alone(
    bot: Bot, story: Story
) -> None:
    """
    Elsewhere the moderator is told, and nothing stays.
    """
    story.town.adult = True
    sent = await bot.digest("pin", link=LINK)

    assert "for adults only" in sent.text
    assert ([], []) == (story.wall.shown(NEWS), await bot.pins())


async def test_words_that_are_deleted_leave_the_message(bot: Bot, story: Story) -> None:
    """
    The earlier digest is deleted with them within a day; that they are gone is said, and it is no sign of life.
    """
    await bot.digest("pin", link=LINK)
    first = await bot.only()
    del story.town.comments[0]
    await bot.live(HOUR)
    later = await bot.only()
    await SqlRetention(bot.house.shelf._database).prune(story.clock.at, 30)

    assert "1 comment is gone" in story.wall.pinned[0].text
    assert None is await bot.house.digesting.kept(first.digest or "")
    assert first.moved_at == later.moved_at


async def test_a_server_without_names_has_none_on_its_pins(bot: Bot, story: Story) -> None:
    """
    What an owner has set holds for pinned digests as for every answer.
    """
    servers = bot.house.servers
    await servers.change(ID, lambda settings: replace(settings, names=False))
    await bot.digest("pin", link=LINK)

    assert "reader1" not in story.wall.pinned[0].text
    assert "reader\u00a01" in story.wall.pinned[0].text


async def test_a_pinned_digest_is_found_again_with_digests(bot: Bot, story: Story) -> None:
    """
    It is a digest of this server like any other.
    """
    await bot.digest("pin", link=LINK)
    await bot.house.discord.slash("digests", search="shops")

    assert "The lane at lane" in bot.house.discord.last.text


@pytest.mark.parametrize("told", [True, False])
async def test_unpinned_by_hand_it_is_left_alone(bot: Bot, story: Story, *, told: bool) -> None:
    """
    Whether or not Discord's word of it arrived: it is not pinned again, and the list says it once.
    """
    await bot.digest("pin", link=LINK)
    story.wall.unpin_by_hand(story.wall.pins[0], told=told)
    await bot.live(DAY)
    first, second = await bot.digest("list"), await bot.digest("list")

    assert [] == story.wall.pinned
    assert KEPT not in story.wall.shown(NEWS)[0].text
    assert "unpinned by hand" in first.text
    assert "Nothing is pinned yet" in second.text


@pytest.mark.parametrize("told", [True, False])
async def test_deleted_by_hand_it_does_not_come_back(bot: Bot, story: Story, *, told: bool) -> None:
    """
    Somebody wanted it gone: no new message takes its place.
    """
    await bot.digest("pin", link=LINK)
    story.wall.delete_by_hand(story.wall.pins[0], told=told)
    await bot.live(DAY)
    listed = await bot.digest("list")

    assert [] == story.wall.shown(NEWS)
    assert "deleted by hand" in listed.text
    assert [] == await bot.pins()


async def test_where_discord_takes_no_more_edits_a_new_message_is_pinned(
    bot: Bot, story: Story
) -> None:
    """
    The pin moves: the new message is pinned, the old one no longer, and there are never two.
    """
    await bot.digest("pin", link=LINK)
    (old,) = story.wall.pins
    story.town.say(story.clock.at + timedelta(hours=3), "child", times=2)
    story.wall.busy.add(NEWS)
    await bot.live(DAY)
    (new,) = story.wall.pins

    assert old != new
    assert "It keeps children safe" in story.wall.posts[new].text
    assert ["POST", "PIN", "UNPIN"] == [
        one.how for one in story.wall.done if one.at > story.clock.at - DAY and one.how != "DELETE"
    ]


async def test_with_250_pins_the_old_message_makes_room_for_the_new(bot: Bot, story: Story) -> None:
    """
    A pin that moves takes no more room than it had.
    """
    await bot.digest("pin", link=LINK)
    (old,) = story.wall.pins
    story.wall.foreign[NEWS] = MOST_PINS - 1
    story.town.say(story.clock.at + timedelta(hours=3), "child", times=2)
    story.wall.busy.add(NEWS)
    await bot.live(DAY)

    assert 1 == len(story.wall.pins)
    assert [old] != story.wall.pins
    assert PinState.WATCHING is (await bot.only()).state


@pytest.mark.parametrize(
    ("trouble", "words", "state"),
    [
        ("gone", "The channel was deleted.", PinState.BROKEN),
        ("shut", "View Channel", PinState.BROKEN),
        ("denied", "Pin Messages", PinState.BROKEN),
        ("left", "no longer a member", PinState.BROKEN),
        ("locked", "archived or locked", PinState.ASLEEP),
    ],
)
async def test_a_moderator_is_told_once_what_stands_in_the_way(
    bot: Bot, story: Story, trouble: str, words: str, state: PinState
) -> None:
    """
    Who had it pinned, in a direct message; nothing is tried any more until somebody asks. The list says why.
    """
    await bot.digest("pin", link=LINK)
    story.town.say(story.clock.at + timedelta(hours=3), "child", times=2)
    story.wall.busy.add(NEWS)
    story.wall.trouble(trouble, NEWS)
    await bot.live(3 * DAY)
    done = len(story.wall.done)
    await bot.live(20 * DAY)
    (direct,) = story.wall.shown(DIRECT)
    bot.be(rights=OWNER)
    listed = await bot.digest("list")

    assert "no longer kept current" in direct.text
    assert words in direct.text
    assert words in listed.text
    assert state is (await bot.only()).state
    assert done == len(story.wall.done)


async def test_where_direct_messages_are_closed_the_channel_is_told(bot: Bot, story: Story) -> None:
    """
    Once, without a sound.
    """
    story.wall.deaf = True
    await bot.digest("pin", link=LINK)
    story.town.say(story.clock.at + timedelta(hours=3), "child", times=2)
    story.wall.busy.add(NEWS)
    story.wall.trouble("denied", NEWS)
    await bot.live(3 * DAY)
    texts = [post.text for post in story.wall.shown(NEWS)]

    assert 1 == sum("no longer kept current" in text for text in texts)


async def test_repaired_it_goes_on_when_somebody_asks(bot: Bot, story: Story) -> None:
    """
    The channel is open again: a refresh by hand shows what was missed.
    """
    await bot.digest("pin", link=LINK)
    story.wall.shut.add(NEWS)
    await bot.live(3 * DAY)
    story.wall.shut.clear()
    story.town.say(story.clock.at, "child")
    sent = await bot.digest("refresh")

    assert "there is news" in sent.text
    assert "It keeps children safe" in story.wall.pinned[0].text
    assert PinState.WATCHING is (await bot.only()).state


async def test_an_archived_thread_is_opened_for_news_only(bot: Bot, story: Story) -> None:
    """
    Discord takes no edit of a message in an archived thread; where nothing is new it stays closed.
    """
    bot.be(at=LANE)
    await bot.digest("pin", link=LINK)
    story.wall.archived.add(LANE)
    await bot.digest("refresh")
    closed = set(story.wall.archived)
    story.town.say(story.clock.at, "child")
    await bot.digest("refresh")

    assert {LANE} == closed
    assert set() == story.wall.archived
    assert "It keeps children safe" in story.wall.pinned[0].text


async def test_left_servers_are_forgotten(bot: Bot, story: Story) -> None:
    """
    Nothing is kept of what was pinned there.
    """
    await bot.digest("pin", link=LINK)
    bot.house.client._connection.parse_guild_delete({"id": "10"})
    await bot.live()

    assert [] == await bot.pins()


async def test_a_deleted_channel_is_noticed_at_once(bot: Bot, story: Story) -> None:
    """
    Not at the next reading: who looks into the list finds it there.
    """
    await bot.digest("pin", link=LINK)
    story.wall.gone.add(NEWS)
    gone = {"id": str(NEWS), "guild_id": "10", "type": 0, "name": "news", "position": 0}
    bot.house.client._connection.parse_channel_delete(gone)
    await bot.live()

    assert PinState.BROKEN is (await bot.only()).state


async def test_messages_deleted_in_bulk_are_noticed_at_once(bot: Bot, story: Story) -> None:
    """
    As one by one.
    """
    await bot.digest("pin", link=LINK)
    (id,) = story.wall.pins
    story.wall.delete_by_hand(id, told=False)
    data = {"ids": [str(id)], "channel_id": str(NEWS), "guild_id": "10"}
    bot.house.client._connection.parse_message_delete_bulk(data)  # type: ignore[arg-type]
    await bot.live()

    assert PinState.ENDED is (await bot.only()).state


async def test_a_private_thread_is_pinned_nowhere_else(bot: Bot, story: Story) -> None:
    """
    Not in the channel it hangs on, where others would read it.
    """
    bot.be(who=CLERK)
    sent = await bot.digest("pin", link=f"https://discord.com/channels/10/{SECRET}")

    assert sent.private
    assert ([], []) == (story.wall.done, await bot.pins())


@pytest.mark.parametrize(
    "link", [f"https://discord.com/channels/99/{SECRET}", "paste:0123456789abcdef"]
)
async def test_what_is_another_servers_is_not_pinned(bot: Bot, story: Story, link: str) -> None:
    """
    A thread of another server, or copied text by the name it is kept under.
    """
    sent = await bot.digest("pin", link=link)

    assert sent.private
    assert ([], [], []) == (story.wall.done, story.town.asked, await bot.pins())


async def test_another_server_neither_sees_nor_manages_it(bot: Bot, story: Story) -> None:
    """
    Neither in its list, nor by its link, nor by the id that a button would carry.
    """
    await bot.digest("pin", link=LINK)
    listed, id = await bot.digest("list"), (await bot.only()).id
    bot.be(guild=99, at=990, rights=OWNER)
    theirs = await bot.digest("list")
    by_link = await bot.digest("delete", digest=LINK)
    by_id = await bot.digest("unpin", digest=id)
    pressed = await bot.press(listed, "chorus:pins:open", values=[id])

    assert "Nothing is pinned yet" in theirs.text
    assert ["Choose one"] * 3 == [sent.text[:10] for sent in (by_link, by_id, pressed)]
    assert 1 == len(story.wall.pinned)


async def test_what_is_pinned_in_a_channel_one_may_not_see_is_not_theirs(
    bot: Bot, story: Story
) -> None:
    """
    A moderator of the news neither finds nor deletes what is pinned in the office.
    """
    bot.be(who=CLERK, at=OFFICE)
    await bot.digest("pin", link=LINK)
    bot.be(who=MEMBER, at=NEWS)
    listed = await bot.digest("list")
    sent = await bot.digest("delete", digest=LINK)

    assert "Nothing is pinned yet" in listed.text
    assert "Choose one" in sent.text
    assert 1 == len(story.wall.pinned)


async def test_who_pays(tmp_path: Path) -> None:
    """
    A refresh waits where the server's budget is spent, says so in the list, and goes on when that begins anew.
    """
    story = Story(tmp_path, limits=Limits(guild=Limit(day=15_000)))
    story.town.say(story.clock.at - timedelta(hours=2), times=12, every=10)
    async with story.process() as bot:
        bot.be()
        await bot.digest("pin", link=LINK)
        story.town.say(story.clock.at + timedelta(minutes=20), "child", times=3)
        await bot.live(timedelta(hours=3))
        waiting, listed = await bot.only(), await bot.digest("list")
        asked = await bot.digest("refresh")
        await bot.live(DAY)

        assert PinState.WATCHING is waiting.state
        assert "waiting for its budget" in listed.text
        assert "more than is left of this server's budget for the day" in asked.text
        assert "goes on" in asked.text
        assert "extracts" not in asked.text  # a pinned digest never becomes that
        assert "It keeps children safe" in story.wall.pinned[0].text
        assert [] == story.wall.shown(DIRECT)


async def test_french_moderators_and_a_french_digest(bot: Bot, story: Story) -> None:
    """
    The digest speaks its own language to everybody, the bot the moderator's to the moderator.
    """
    sent = await bot.digest("pin", locale="fr", link=LINK)
    listed = await bot.digest("list", locale="fr")

    assert "Épinglé" in sent.text
    assert "tenu à jour" in listed.text
    assert "Tenu à jour" in story.wall.pinned[0].text


async def test_the_commands_are_for_those_who_may_pin_at_first(bot: Bot) -> None:
    """
    By Discord's own permissions, which owners change; in servers only; named in French too.
    """
    group = bot.house.client.tree.get_command("digest")
    assert isinstance(group, discord.app_commands.Group)
    payload = await group.get_translated_payload(bot.house.client.tree, Translator())

    assert str(1 << 51) == str(payload["default_member_permissions"])
    assert ([0], [0]) == (payload["contexts"], payload["integration_types"])
    assert ["delete", "list", "pin", "refresh", "unpin"] == sorted(
        option["name"] for option in payload["options"]
    )
    assert all("fr" in option["description_localizations"] for option in payload["options"])


async def test_pinned_digests_are_offered_as_one_types(bot: Bot, story: Story) -> None:
    """
    Their titles with their state; those that have ended are not.
    """
    await bot.digest("pin", link=LINK)
    await bot.digest("pin", link="https://town.example/other")
    choices = await bot.offered("refresh", "lane at th")

    assert ["The lane at ther · kept current"] == [one["name"] for one in choices]


async def test_the_bot_stops_between_posting_and_pinning(story: Story) -> None:
    """
    Started again it pins what it had posted; the same message is not posted twice.
    """
    async with story.process() as bot:
        bot.be()
        story.wall.crash = "PIN"
        await bot.digest("pin", link=LINK)
    async with story.process() as bot:
        await bot.live(HOUR)

        assert 1 == len(story.wall.pinned)
        assert 1 == len(story.wall.shown(NEWS))


async def test_the_bot_stops_before_it_knows_what_it_posted(story: Story) -> None:
    """
    Discord has the message, the store does not: the same nonce gets the same message.
    """
    async with story.process() as bot:
        bot.be()
        story.wall.crash = "after POST"
        await bot.digest("pin", link=LINK)
    async with story.process() as bot:
        await bot.live(timedelta(minutes=3))

        assert 1 == len(story.wall.pinned)
        assert 1 == len(story.wall.shown(NEWS))


async def test_two_processes_read_a_pin_once(story: Story) -> None:
    """
    What is due goes to one of them: one reading, one edit.
    """
    async with story.process() as bot:
        bot.be()
        await bot.digest("pin", link=LINK)
        story.town.say(story.clock.at + timedelta(minutes=5), "child", times=4)
        async with story.process() as other:
            pin = await bot.only()
            assert pin.due is not None
            story.clock.at = pin.due
            began = [await one.house.watcher.look() for one in (bot, other)]
            for one in (bot, other):
                await one.house.watcher.settle()

    assert 1 == sum(began)
    assert 2 == len(story.town.asked)
    assert 1 == len(story.wall.pinned[0].before)


async def test_two_channels_share_one_reading(bot: Bot, story: Story) -> None:
    """
    What two pins are about is read, and paid for, once.
    """
    await bot.digest("pin", link=LINK)
    bot.be(at=LANE)
    await bot.digest("pin", link=LINK)
    story.town.say(story.clock.at + timedelta(minutes=5), "child", times=4)
    await bot.live(HOUR)

    assert 2 == len(story.clerk.asked)
    assert all("It keeps children safe" in post.text for post in story.wall.pinned)

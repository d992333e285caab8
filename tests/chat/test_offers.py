"""Links that nobody asks about: marked or summarised where the owner wants it, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.client import intents
from bot.chat.offers import MOST_SUMMARIES
from bot.core.servers import LINK_MARK, Offer
from bot.errors import PageNotFound
from tests.chat.fake_discord import Sent, user
from tests.chat.house import LINK, House, open_house
from tests.chat.server import (
    BOT,
    CLERK,
    FORUM,
    ID,
    LANE,
    MEMBER,
    NEWS,
    OWNER,
    STAFF,
    Server,
    said,
)

POSITION = "The shops were not asked"
SEND = "POST /channels/{channel_id}/messages"
MARK = "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me"
TYPING = "POST /channels/{channel_id}/typing"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    server = Server()
    add = {"id": str(BOT), "type": 1, "allow": str(1 << 6), "deny": "0"}
    for channel in server.channels.values():
        channel["permission_overwrites"] = [*channel["permission_overwrites"], add]
    async with open_house(tmp_path, server=server) as opened:
        yield opened


async def offer(house: House, what: Offer, *places: int) -> None:
    await house.servers.change(
        ID, lambda now: replace(now, offers=dict.fromkeys(places or (NEWS,), what))
    )


async def post(
    house: House, content: str, at: int = NEWS, id: int = 800, **more: Any
) -> list[Sent]:
    """Let somebody say something; return what the bot did."""
    assert house.server is not None
    before = len(house.discord.sent)
    words = said(id, content, more.pop("author", user(MEMBER)), **more)
    house.server.tell(at, words)
    member: dict[str, Any] = {"roles": [], "joined_at": None, "flags": 0}
    here = {"guild_id": str(ID), "channel_id": str(at), "member": member}
    await house.discord.say(**{**words, **here})
    await house.desk.settle()
    return house.discord.sent[before:]


async def press(
    house: House,
    who: int = OWNER,
    *,
    message: int = 800,
    at: int = NEWS,
    emoji: str = LINK_MARK,
    roles: tuple[int, ...] = (),
    bot: bool = False,
) -> list[Sent]:
    """Press a reaction below a message that the bot has marked."""
    before = len(house.discord.sent)
    member = {
        "user": {**user(who), "bot": bot},
        "roles": list(map(str, roles)),
        "joined_at": "2024-01-01T00:00:00+00:00",
        "flags": 0,
        "deaf": False,
        "mute": False,
    }
    await house.discord.react(message, emoji, member, at)
    await house.desk.settle()
    return house.discord.sent[before:]


def marked(house: House, message: int = 800, at: int = NEWS) -> None:
    """From now on the message bears the bot's mark, as Discord tells it."""
    assert house.server is not None
    (one,) = [m for m in house.server.messages[at] if m["id"] == str(message)]
    details = {"burst": 0, "normal": 1}
    emoji = {"id": None, "name": LINK_MARK}
    one["reactions"] = [
        {"count": 1, "count_details": details, "me": True, "me_burst": False, "emoji": emoji}
    ]


def how(sent: list[Sent]) -> list[str]:
    return [one.how for one in sent if one.how != TYPING]


async def test_by_default_links_are_left_alone(house: House) -> None:
    """
    Nobody has asked, and no owner has said so.
    """
    assert [] == await post(house, LINK)


async def test_a_link_is_marked_once(house: House) -> None:
    """
    One reaction and no word; nothing is read.
    """
    await offer(house, Offer.REACT)

    assert [MARK] == how(await post(house, f"look: {LINK} and {LINK}/2"))
    assert [] == house.reader.asked


async def test_the_mark_is_set_in_threads_and_posts_of_the_channel(house: House) -> None:
    """
    A channel's threads go with it, a forum's posts too; other channels do not.
    """
    await offer(house, Offer.REACT, NEWS, FORUM)

    assert [MARK] == how(await post(house, LINK, LANE))
    assert [MARK] == how(await post(house, LINK, 31))
    assert [] == how(await post(house, LINK, 21))


@pytest.mark.parametrize(
    "content",
    [
        "no link",
        "https://town.example/photo.PNG",
        "https://town.example/",
        "https://discord.com/channels/10/20",
        "https://tenor.com/view/cat-1",
        "https://www.youtube.com/watch?v=1",
        "https://bad.example/a",
        "https://deep.bad.example/a",
        "https://old.reddit.com/r/nsfw_things/1",
        "https://site.xxx/story",
        "https://a:b@town.example/x",
    ],
)
async def test_what_is_no_page_is_not_offered(house: House, content: str) -> None:
    """
    Pictures, films, front pages, blocked sites, and what says by its address that it is for adults.
    """
    await offer(house, Offer.REACT)
    await house.servers.change(ID, lambda now: replace(now, sites_blocked=("bad.example",)))

    assert [] == await post(house, content)


async def test_a_channel_for_adults_may_have_adult_links(house: House) -> None:
    """
    Where Discord itself asks for the age; threads go with their channel.
    """
    assert house.server is not None
    house.server.channels[NEWS]["nsfw"] = True
    house.server.join(house.client)
    await offer(house, Offer.REACT)

    assert [MARK] == how(await post(house, "https://site.xxx/story"))
    assert [MARK] == how(await post(house, "https://site.xxx/story", LANE))


@pytest.mark.parametrize("what", [Offer.REACT, Offer.AUTOMATIC])
async def test_bots_are_never_answered(house: House, what: Offer) -> None:
    """
    Neither other bots nor webhooks, nor Discord's own messages, nor itself.
    """
    await offer(house, what)
    bot = {**user(9), "bot": True}

    assert [] == await post(house, LINK, author=bot)
    assert [] == await post(house, LINK, webhook_id="9")
    assert [] == await post(house, LINK, type=6)
    assert [] == await post(house, LINK, author={**user(BOT), "bot": True})


async def test_the_digest_comes_as_a_reply_when_a_member_presses(house: House) -> None:
    """
    It pings nobody, and is in the server's language.
    """
    house.ready()
    await offer(house, Offer.REACT)
    await post(house, LINK)
    marked(house)
    sent = await press(house)

    assert [SEND] == how(sent)
    assert POSITION in sent[-1].text
    assert 800 == sent[-1].payload["message_reference"]["message_id"]
    assert [] == sent[-1].payload["allowed_mentions"]["parse"]
    assert not sent[-1].payload["allowed_mentions"].get("replied_user")


async def test_a_message_is_answered_once_however_many_press(house: House) -> None:
    """
    Two at the same instant and one after it: one reading, one card.
    """
    house.ready()
    await offer(house, Offer.REACT)
    await post(house, LINK)
    marked(house)
    before = len(house.discord.sent)
    await asyncio.gather(press(house, OWNER), press(house, MEMBER))
    await press(house, CLERK)

    assert [SEND] == how(house.discord.sent[before:])
    assert [LINK] == house.reader.asked


async def test_a_mark_of_an_earlier_run_works(house: House) -> None:
    """
    Nothing of an offer is in memory.
    """
    await offer(house, Offer.REACT)
    await post(house, LINK)
    marked(house)
    house.ready()
    await house.desk.close(0)
    house.start()

    assert POSITION in (await press(house))[-1].text


async def test_only_its_own_mark_is_an_offer(house: House) -> None:
    """
    Another emoji, a mark that members set themselves, that of a bot, and one where offers have ended.
    """
    await offer(house, Offer.REACT)
    await post(house, LINK)
    assert [] == await press(house)  # not marked by the bot
    marked(house)
    assert [] == await press(house, emoji="👍")
    assert [] == await press(house, bot=True)
    assert [] == await press(house, BOT, bot=True)
    await offer(house, Offer.OFF)
    assert [] == await press(house)
    assert [] == house.reader.asked


async def test_who_may_not_ask_presses_in_vain(house: House) -> None:
    """
    In silence: everybody would see the refusal. The next who may is answered.
    """
    house.ready()
    await offer(house, Offer.REACT)
    await house.servers.change(ID, lambda now: replace(now, roles_allowed=(STAFF,)))
    await post(house, LINK)
    marked(house)

    assert [] == await press(house, MEMBER)
    assert POSITION in (await press(house, CLERK, roles=(STAFF,)))[-1].text


async def test_what_a_member_pressed_for_and_failed_is_said(house: House) -> None:
    """
    One sentence as the reply.
    """
    house.reader.answers.append(PageNotFound(host="town.example"))
    await offer(house, Offer.REACT)
    await post(house, LINK)
    marked(house)
    sent = await press(house)

    assert [SEND] == how(sent)
    assert "has no such page" in sent[-1].text


async def test_links_are_summarized_at_once_where_that_is_set(house: House) -> None:
    """
    Without a sign that it is under way; a link that fails leaves no word.
    """
    house.ready()
    await offer(house, Offer.AUTOMATIC)
    sent = await post(house, LINK)
    house.reader.answers.append(PageNotFound(host="town.example"))

    assert [SEND] == [one.how for one in sent]
    assert POSITION in sent[-1].text
    assert [] == await post(house, f"{LINK}/gone", id=801)
    assert 2 == len(house.reader.asked)


async def test_automatic_summaries_are_few_an_hour(house: House) -> None:
    """
    In each channel apart, and again when the hour is over.
    """
    await offer(house, Offer.AUTOMATIC, NEWS, FORUM)
    house.ready(drafts=1)
    sent = 0
    for n in range(MOST_SUMMARIES + 3):
        sent += len(await post(house, LINK, id=800 + n))
    assert MOST_SUMMARIES == sent
    assert 1 == len(await post(house, LINK, 31, id=900))
    house.clock.tick(timedelta(minutes=61))
    house.ready()
    assert 1 == len(await post(house, LINK, id=901))


async def test_who_may_not_ask_is_not_answered_automatically(house: House) -> None:
    """
    A blocked member's links cost nothing.
    """
    await offer(house, Offer.AUTOMATIC)
    await house.servers.change(ID, lambda now: replace(now, roles_blocked=(ID,)))

    assert [] == await post(house, LINK)
    assert [] == house.reader.asked


@pytest.mark.parametrize("what", [Offer.REACT, Offer.AUTOMATIC])
@pytest.mark.parametrize("lacking", [1 << 6, 1 << 10, 1 << 11, 1 << 16])
async def test_without_the_rights_nothing_is_tried(house: House, what: Offer, lacking: int) -> None:
    """
    The panel names what is lacking; a reply needs no right to react.
    """
    assert house.server is not None
    house.server.channels[NEWS]["permission_overwrites"] = [
        {"id": str(BOT), "type": 1, "allow": str(1 << 6 & ~lacking), "deny": str(lacking)}
    ]
    house.server.join(house.client)
    await offer(house, what)
    if what is Offer.AUTOMATIC and lacking == 1 << 6:
        house.ready()
        assert [SEND] == [one.how for one in await post(house, LINK)]
    else:
        assert [] == await post(house, LINK)


async def test_without_the_intent_there_are_no_offers(house: House) -> None:
    """
    Without it messages come empty, and reactions are not asked for.
    """
    await offer(house, Offer.REACT)
    house.client._connection._intents.message_content = False

    assert [] == await post(house, LINK)
    assert not intents(message_content=False).guild_reactions
    assert intents(message_content=True).guild_reactions


async def test_a_mention_is_a_question_and_no_offer(house: House) -> None:
    """
    It is answered once, and not marked besides.
    """
    house.ready()
    await offer(house, Offer.REACT)
    sent = await post(house, f"<@{BOT}> {LINK}", mentions=[user(BOT)])

    assert [SEND] == how(sent)


async def test_what_discord_refuses_is_logged(house: House, caplog: Any) -> None:
    """
    A message deleted meanwhile is nobody's error.
    """
    await offer(house, Offer.REACT)
    assert [] == await press(house, message=12345)
    assert "an offer was not taken up" in caplog.text

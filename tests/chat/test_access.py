"""What is said in a channel is read for, and shown to, nobody who may not read it there."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.chat.access import Person, still_theirs
from bot.chat.failures import discord_errors
from bot.chat.place import Place
from bot.core.digesting import Request
from bot.core.models import LOCAL, Audience, Brief, Draft
from bot.core.ports import Address, Order, Outcome
from bot.errors import SiteTimeout
from tests.chat.fake_discord import File, Sent, walk
from tests.chat.house import LINK, READING, House, open_house
from tests.chat.server import (
    BOT,
    CLERK,
    FORUM,
    ID,
    LANE,
    MAY_TALK,
    MEMBER,
    MEMO,
    NEWS,
    OFFICE,
    OWNER,
    POST,
    SECRET,
    STAFF,
    Server,
    said,
    user,
)
from tests.fakes import nobody

RESPOND, EDIT, FOLLOW = (
    "create_interaction_response",
    "edit_webhook_message",
    "execute_webhook",
)
SEND = "POST /channels/{channel_id}/messages"
ELSEWHERE = 900  # a channel of another server
NOT_YOURS = "only for those who may read where it was said"
OTHER_SERVER = "read and shown only there"
NOT_IN_PUBLIC = "shown to one person at a time"
WORDS = "They weigh it up."
"""What every digest here says: where it is shown, something was shown."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    server = Server()
    ann, bob = user(101, "ann"), user(102, "bob")
    for number, thread in enumerate((LANE, POST, SECRET, MEMO)):
        base = 1000 * (number + 1)
        opening = said(thread, f"Opening {thread}.", ann)
        server.tell(POST if thread == POST else NEWS if thread == LANE else OFFICE, opening)
        server.tell(thread, said(base, "I am for it.", ann), said(base + 1, "I am not.", bob))
        server.tell(thread, said(base + 2, "Let us wait.", ann, to=base))
    async with open_house(tmp_path, server=server) as opened:
        opened.model.answers.extend([Draft(WORDS, (), model="m")] * 9)
        yield opened


def served(house: House) -> Server:
    assert house.server is not None
    return house.server


async def ask(house: House, who: int, at: int | None, *, link: str = "", **more: Any) -> list[Sent]:
    """Type /summarize; return what was sent."""
    here = {name: more.pop(name) for name in ("rights", "ours", "guild") if name in more}
    house.discord.be(who, at, **here)
    before = len(house.discord.sent)
    await house.discord.slash("summarize", **({"link": link} if link else {}), **more)
    await house.desk.settle()
    return house.discord.sent[before:]


def link_to(channel: int, message: int | None = None) -> str:
    return Place(ID, channel, message).link


def read(house: House) -> list[str]:
    """Which messages Discord was asked for."""
    return [path for path in served(house).asked if "/messages" in path]


async def audiences(house: House) -> list[str]:
    async with house.orders._database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT audience, target FROM readings")
        return [" ".join(row) for row in rows]


async def test_in_a_thread_the_command_alone_is_enough(house: House) -> None:
    """
    /summarize without a link reads the thread it is typed in, answers there for all, and keeps it for its readers.
    """
    sent = await ask(house, MEMBER, LANE)

    assert (5, False) == (sent[0].payload["type"], sent[0].private)
    assert EDIT == sent[-1].how
    assert "## [Bike lane]" in sent[-1].text
    assert WORDS in sent[-1].text
    assert "Read 3 of 3 comments" in sent[-1].text
    assert [f"g10/c{LANE} {link_to(LANE)}"] == await audiences(house)


async def test_outside_a_thread_the_command_alone_is_not_enough(house: House) -> None:
    """
    A channel is no thread: give a link or a file.
    """
    sent = await ask(house, MEMBER, NEWS)

    assert "give a link or a file" in sent[-1].text


@pytest.mark.parametrize(
    "link",
    [
        link_to(LANE),
        link_to(LANE, 1000),
        link_to(NEWS, LANE),
        f"https://canary.discord.com/channels/{ID}/{LANE}",
        f"https://ptb.discord.com/channels/{ID}/{NEWS}/threads/{LANE}",
        f"https://discordapp.com/channels/{ID}/{LANE}/1001",
    ],
)
async def test_every_link_to_a_thread_is_one_thread(house: House, link: str) -> None:
    """
    Links of all clients, to the thread, a message in it, or the message it hangs on: read once, answered privately.
    """
    served(house).messages[NEWS][0]["flags"] = 32  # it has a thread
    await ask(house, MEMBER, LANE)
    sent = await ask(house, MEMBER, NEWS, link=link)

    assert [(RESPOND, True)] == [(one.how, one.private) for one in sent]
    assert WORDS in sent[-1].text
    assert 1 == read(house).count(f"GET /channels/{LANE}/messages")


async def test_elsewhere_a_thread_is_answered_to_the_asker_alone(house: House) -> None:
    """
    In another channel others stand by: the answer is private though nobody asked for that, acknowledged as such.
    """
    sent = await ask(house, CLERK, NEWS, link=link_to(MEMO))

    assert (5, True) == (sent[0].payload["type"], sent[0].private)
    assert WORDS in sent[-1].text


ALLOWED = [(MEMBER, LANE), (MEMBER, POST), (CLERK, MEMO), (CLERK, SECRET), (OWNER, SECRET)]
REFUSED = [(MEMBER, MEMO), (MEMBER, SECRET), (MEMBER, 12345)]


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(("who", "thread"), ALLOWED)
async def test_who_may_read_a_thread_gets_its_digest(
    house: House, who: int, thread: int, kept: bool
) -> None:
    """
    Open threads all; those of a closed channel its staff; private ones their members, and who manages threads.
    """
    if kept:
        await ask(house, CLERK, thread)
    sent = await ask(house, who, NEWS, link=link_to(thread))

    assert WORDS in sent[-1].text
    assert sent[0].private


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(("who", "thread"), REFUSED)
async def test_who_may_not_read_a_thread_gets_one_word_for_all(
    house: House, who: int, thread: int, kept: bool
) -> None:
    """
    Closed, private or not there at all: the same private sentence, and nothing is read or shown, kept or not.
    """
    if kept and thread in served(house).threads:
        await ask(house, CLERK, thread)
    before = read(house)
    sent = await ask(house, who, NEWS, link=link_to(thread))

    assert [(RESPOND, 4, True)] == [(one.how, one.payload["type"], one.private) for one in sent]
    assert NOT_YOURS in sent[0].text
    assert before == read(house)


async def test_a_member_may_not_read_what_was_said_before_they_could(house: House) -> None:
    """
    In the thread itself, without the right to its history.
    """
    sent = await ask(house, MEMBER, LANE, rights=discord.Permissions(view_channel=True))

    assert NOT_YOURS in sent[-1].text
    assert [] == read(house)


@pytest.mark.parametrize(("at", "guild"), [(ELSEWHERE, 11), (ELSEWHERE, 12), (None, None)])
async def test_from_outside_its_server_nothing_is_given(
    house: House, at: int | None, guild: int | None
) -> None:
    """
    Another server, one where only the asker has installed the bot, a direct message: even to who may read it.
    """
    await ask(house, OWNER, LANE)
    before = read(house)
    sent = await ask(house, OWNER, at, guild=guild, link=link_to(LANE))

    assert OTHER_SERVER in sent[-1].text
    assert sent[-1].private
    assert before == read(house)


async def test_where_the_bot_is_no_member_nothing_is_read(tmp_path: Path) -> None:
    """
    A person may bring the bot into a thread of a server that has not invited it: it says so.
    """
    async with open_house(tmp_path, server=Server()) as house:
        house.client._connection._guilds.clear()
        sent = await ask(house, MEMBER, LANE)

        assert OTHER_SERVER in sent[-1].text
        assert [] == served(house).asked


async def test_direct_messages_are_not_read(house: House) -> None:
    """
    A link into direct messages is refused as a place of no server.
    """
    sent = await ask(house, MEMBER, None, link="https://discord.com/channels/@me/70/71")

    assert OTHER_SERVER in sent[-1].text


@pytest.mark.parametrize("locale", ["en-US", "fr"])
async def test_without_the_intent_the_command_says_how_to_get_it(
    tmp_path: Path, locale: str
) -> None:
    """
    One sentence that names the intent and the setting, in both languages.
    """
    async with open_house(tmp_path, server=Server()) as house:
        house.server = None
        house.start()  # as a bot without the intent
        house.discord.server = Server()
        sent = await ask(house, MEMBER, LANE, locale=locale)

        assert "DISCORD_MESSAGE_CONTENT=true" in sent[-1].text
        await house.discord.slash("help")
        assert "threads cannot be read here" in house.discord.last.text


@pytest.mark.parametrize(
    ("at", "ours", "missing"),
    [
        (LANE, discord.Permissions(view_channel=True), "Read Message History"),
        (LANE, discord.Permissions(), "View Channel"),
        (SECRET, MAY_TALK, "Manage Threads"),
    ],
)
async def test_the_right_that_the_bot_lacks_is_named(
    house: House, at: int, ours: discord.Permissions, missing: str
) -> None:
    """
    In the thread itself Discord states what the bot may; a private thread it is not in needs one right more.
    """
    served(house).shut = {SECRET}
    house.client.get_guild(ID)._threads.pop(SECRET)  # type: ignore[union-attr]
    sent = await ask(house, CLERK, at, ours=ours)

    assert f"I lack the permission “{missing}” there" in sent[-1].text
    assert sent[-1].private


async def test_the_right_that_the_bot_lacks_elsewhere_is_named(house: House) -> None:
    """
    A channel that the asker may read and the bot may not.
    """
    house.client.get_guild(ID)._members.pop(BOT)  # type: ignore[union-attr]
    served(house).members[BOT]["roles"] = []
    served(house).join(house.client)
    sent = await ask(house, CLERK, NEWS, link=link_to(MEMO), locale="fr")

    assert "Il me manque là-bas la permission «\u00a0Voir les salons\u00a0»" in sent[-1].text


@pytest.mark.parametrize("channel", [NEWS, FORUM])
async def test_a_whole_channel_is_refused(house: House, channel: int) -> None:
    """
    The link of a channel or forum says which links can be read.
    """
    sent = await ask(house, MEMBER, NEWS, link=link_to(channel))

    assert "whole channel" in sent[-1].text


async def test_an_archived_thread_is_found(house: House) -> None:
    """
    The gateway tells of open threads only: an old one is asked for.
    """
    house.client.get_guild(ID)._threads.pop(POST)  # type: ignore[union-attr]
    sent = await ask(house, MEMBER, NEWS, link=link_to(POST))

    assert WORDS in sent[-1].text


async def test_discord_that_does_not_answer_is_given_up_in_time() -> None:
    """
    A look before the acknowledgement ends within its time, in a sentence.
    """
    with pytest.raises(SiteTimeout) as raised:
        async with discord_errors(0.01):
            await asyncio.Event().wait()
    assert "discord.com" == raised.value.facts["host"]


async def test_the_menu_reads_the_thread_a_message_stands_in(house: House) -> None:
    """
    *Summarize discussion* on a message of a thread is that thread, in public there.
    """
    house.discord.be(MEMBER, LANE)
    await house.discord.menu(
        "Summarize discussion", "I am for it.", id="1000", channel_id=str(LANE)
    )
    await house.desk.settle()

    assert "## [Bike lane]" in house.discord.last.text
    assert [f"g10/c{LANE} {link_to(LANE)}"] == await audiences(house)


async def test_the_menu_reads_the_replies_around_a_message(house: House) -> None:
    """
    In an ordinary channel: what the message answers and what answers it, kept for those who may read the channel.
    """
    one = said(500, "A new bench?", user(101))
    served(house).tell(NEWS, one, said(501, "Yes, by the pond.", to=500))
    house.discord.be(MEMBER, NEWS)
    await house.discord.menu("Summarize discussion", "A new bench?", id="500")
    await house.desk.settle()

    assert "## [#news]" in house.discord.last.text
    assert [f"g10/c{NEWS} {link_to(NEWS, 500)}"] == await audiences(house)


async def test_the_menu_in_a_direct_message_says_where_it_works(house: House) -> None:
    """
    Direct messages are nobody's discussion.
    """
    house.discord.be(MEMBER, None)
    await house.discord.menu("Summarize discussion", "Hello", id="500")

    assert OTHER_SERVER in house.discord.last.text


def mention(at: int, who: int, content: str, roles: tuple[int, ...] = ()) -> dict[str, Any]:
    me = {"id": str(BOT), "username": "u3", "discriminator": "0", "avatar": None}
    return {
        "content": f"<@{BOT}> {content}",
        "mentions": [me],
        "guild_id": str(ID),
        "channel_id": str(at),
        "author": user(who),
        "member": {"roles": list(map(str, roles)), "joined_at": None, "flags": 0},
    }


@pytest.mark.parametrize(
    ("at", "who", "roles", "words"),
    [
        (LANE, MEMBER, (), WORDS),
        (NEWS, MEMBER, (), NOT_IN_PUBLIC),
        (NEWS, MEMBER, (STAFF,), NOT_IN_PUBLIC),
    ],
)
async def test_a_mention_is_answered_in_the_thread_alone(
    house: House, at: int, who: int, roles: tuple[int, ...], words: str
) -> None:
    """
    A reply is seen by all: a thread's digest is given so in the thread only.
    """
    asked = mention(at, who, link_to(MEMO if roles else LANE), roles)
    await house.discord.say(**asked)
    await house.desk.settle()

    assert SEND == house.discord.last.how
    assert words in house.discord.last.text


async def test_a_mention_of_what_one_may_not_read_is_refused(house: House) -> None:
    """
    Roles count as they stand in the message; nothing is read.
    """
    await house.discord.say(**mention(NEWS, MEMBER, link_to(MEMO)))
    await house.desk.settle()

    assert NOT_YOURS in house.discord.last.text
    assert [] == read(house)


# --- buttons ---------------------------------------------------------------------------------------


def buttons(card: Sent) -> list[str]:
    return [str(c["custom_id"]) for c in walk(card.data["components"]) if "custom_id" in c]


def forged(key: str) -> Sent:
    """A message with every kind of thing to press, as somebody might copy them: of one digest."""
    ids = [f"{kind}:{key}" for kind in ("all", "ask", "fresh", "more", "export")]
    ids += [f"page:{key}:all:0", f"wrong:{key}:1", f"show:{key}:9"]
    lists = [f"open:{key}", f"turn:{key}", f"lead:{key}", f"in:{key}:9"]
    every = [{"type": 2, "style": 2, "label": "x", "custom_id": f"chorus:{id}"} for id in ids]
    every += [
        {
            "type": 3,
            "custom_id": f"chorus:{id}",
            "options": [{"label": "x", "value": "en"}],
            "min_values": 1,
            "max_values": 1,
        }
        for id in lists
    ]
    rows = [{"type": 1, "components": [one]} for one in every]
    return Sent("", {"components": rows, "flags": 32768})


async def a_key(house: House, thread: int) -> str:
    """Let the clerk digest a thread; return the digest's key."""
    card = (await ask(house, CLERK, thread))[-1]
    found = re.search(r"chorus:ask:([0-9a-f]{24})", " ".join(buttons(card)))
    assert found
    return found[1]


KINDS = [
    "all", "ask", "fresh", "more", "export", "page", "wrong", "show", "open", "turn", "lead", "in",
]  # fmt: skip


async def press(house: House, key: str, kind: str, *, private: bool = False) -> list[Sent]:
    before = len(house.discord.sent)
    shown = forged(key)
    id = next(id for id in buttons(shown) if id.startswith(f"chorus:{kind}:"))
    await house.discord.press(shown, id, private=private, values=["en"])
    await house.desk.settle()
    return house.discord.sent[before:]


async def fill_in(house: House, form: str) -> list[Sent]:
    """Send a form as it would be sent if somebody had opened it."""
    before = len(house.discord.sent)
    data = {"type": 9, "data": {"custom_id": f"chorus:{form}", "components": []}}
    await house.discord.fill_in(forged("a" * 24), Sent(RESPOND, data))
    return house.discord.sent[before:]


@pytest.mark.parametrize(
    ("who", "at", "guild", "thread", "words"),
    [
        (MEMBER, NEWS, ID, MEMO, NOT_YOURS),
        (MEMBER, NEWS, ID, SECRET, NOT_YOURS),
        (CLERK, ELSEWHERE, 11, MEMO, OTHER_SERVER),
        (CLERK, None, None, MEMO, OTHER_SERVER),
    ],
    ids=["closed", "private", "other server", "direct message"],
)
async def test_a_copied_button_opens_nothing(
    house: House, who: int, at: int | None, guild: int | None, thread: int, words: str
) -> None:
    """
    Whoever presses any button of a digest they may not read, or outside its server, gets one private sentence.
    """
    key = await a_key(house, thread)
    before = read(house)
    house.discord.be(who, at, guild=guild)

    for kind in KINDS:
        for private in (False, True):
            sent = await press(house, key, kind, private=private)
            assert [(RESPOND, 4, True)] == [(x.how, x.payload["type"], x.private) for x in sent]
            assert words in sent[0].text, kind
    for form in (f"asked:{key}", f"flag:{key}:1"):
        sent = await fill_in(house, form)
        assert [(RESPOND, 4, True)] == [(x.how, x.payload["type"], x.private) for x in sent]
        assert words in sent[0].text, form
    assert before == read(house)


async def test_a_button_that_was_carried_elsewhere_opens_nothing_in_public(house: House) -> None:
    """
    On a public message of another channel even one who may read it gets no more than the way to ask.
    """
    key = await a_key(house, MEMO)
    house.discord.be(CLERK, NEWS)

    for kind in KINDS:
        sent = await press(house, key, kind)
        assert [(RESPOND, True)] == [(one.how, one.private) for one in sent]
        assert NOT_IN_PUBLIC in sent[0].text, kind


@pytest.mark.parametrize(("at", "private"), [(MEMO, False), (NEWS, True)])
async def test_a_button_serves_who_may_read(house: House, at: int, private: bool) -> None:
    """
    In the thread itself, and on one's own private card elsewhere.
    """
    key = await a_key(house, MEMO)
    house.discord.be(CLERK, at)

    for kind in ("all", "ask", "fresh", "more", "export", "page", "in"):
        sent = await press(house, key, kind, private=private)
        shown = " ".join(one.text for one in sent)
        assert sent
        assert not {word for word in (NOT_YOURS, NOT_IN_PUBLIC) if word in shown}, kind


async def test_in_the_thread_itself_the_history_must_be_open(house: House) -> None:
    """
    Who sees new messages only sees the card, and opens nothing behind it.
    """
    key = await a_key(house, LANE)
    house.discord.be(MEMBER, LANE, rights=discord.Permissions(view_channel=True))
    sent = await press(house, key, "all")

    assert NOT_YOURS in sent[-1].text


async def test_what_was_pasted_stays_in_its_channel(house: House) -> None:
    """
    A file's digest opens in its channel, history or not, and nowhere else.
    """
    file = File("page.txt", "https://cdn.discordapp.com/page.txt", 6)
    house.discord.files[file.url] = b"copied"
    house.ready(drafts=0)
    house.discord.be(CLERK, OFFICE, rights=discord.Permissions(view_channel=True))
    await house.discord.slash("summarize", file=file)
    await house.desk.settle()
    card = house.discord.last
    assert WORDS in card.text
    every = next(id for id in buttons(card) if ":all:" in id)

    await house.discord.press(card, every)
    assert "Where will my customers park?" in house.discord.last.text
    house.discord.be(MEMBER, NEWS)
    await house.discord.press(card, every)
    assert NOT_YOURS in house.discord.last.text


async def test_what_was_pasted_in_direct_messages_is_for_those_in_them(house: House) -> None:
    """
    The other one in the conversation may open it, nobody elsewhere.
    """
    file = File("page.txt", "https://cdn.discordapp.com/page.txt", 6)
    house.discord.files[file.url] = b"copied"
    house.ready(drafts=0)
    house.discord.be(MEMBER, None)
    await house.discord.slash("summarize", file=file)
    await house.desk.settle()
    card = house.discord.last
    every = next(id for id in buttons(card) if ":all:" in id)

    house.discord.be(CLERK, None)
    await house.discord.press(card, every)
    assert "Where will my customers park?" in house.discord.last.text
    house.discord.be(MEMBER, NEWS)
    await house.discord.press(card, every)
    assert NOT_YOURS in house.discord.last.text


# --- between asking and answering ------------------------------------------------------------------


async def test_who_loses_access_before_the_order_runs_gets_nothing(house: House) -> None:
    """
    The roles of when it runs count, not those of when it was asked.
    """
    server = served(house)
    house.discord.be(CLERK, NEWS)
    server.member(CLERK)  # no longer of the staff
    await house.discord.slash("summarize", link=link_to(MEMO))
    await house.desk.settle()

    assert EDIT == house.discord.last.how
    assert NOT_YOURS in house.discord.last.text
    assert [] == read(house)


async def test_who_leaves_before_the_order_runs_gets_nothing(house: House) -> None:
    """
    One who is no longer a member of the server may read nothing of it.
    """
    house.discord.be(CLERK, NEWS)
    del served(house).members[CLERK]
    await house.discord.slash("summarize", link=link_to(MEMO))
    await house.desk.settle()

    assert NOT_YOURS in house.discord.last.text
    assert [] == read(house)


async def wait_for_the_clerk(house: House) -> None:
    """Let a private answer about the staff's thread miss its token."""
    told = house.readers.threads
    assert told is not None
    really = told.read

    async def slowly(*args: Any) -> Any:
        house.clock.tick(timedelta(minutes=15))
        return await really(*args)

    told.read = slowly  # type: ignore[method-assign,assignment]
    sent = await ask(house, CLERK, NEWS, link=link_to(MEMO))
    assert WORDS not in " ".join(one.text for one in sent)
    assert SEND not in [one.how for one in sent]


async def test_a_waiting_answer_is_handed_to_its_asker(house: House) -> None:
    """
    A private answer that missed its token comes with the next command.
    """
    await wait_for_the_clerk(house)
    house.discord.be(CLERK, NEWS)
    await house.discord.slash("help")

    assert (FOLLOW, True) == (house.discord.last.how, house.discord.last.private)
    assert WORDS in house.discord.last.text


@pytest.mark.parametrize(
    ("at", "guild", "staff", "words"),
    [
        (NEWS, ID, False, NOT_YOURS),
        (ELSEWHERE, 11, True, OTHER_SERVER),
        (None, None, True, OTHER_SERVER),
    ],
)
async def test_a_waiting_answer_is_not_handed_over_where_it_may_not_be_seen(
    house: House, at: int | None, guild: int | None, staff: bool, words: str
) -> None:
    """
    The asker who may no longer read it, or who is outside the server, is told so instead.
    """
    await wait_for_the_clerk(house)
    if not staff:
        served(house).member(CLERK)
    house.discord.be(CLERK, at, guild=guild)
    await house.discord.slash("help")

    assert FOLLOW == house.discord.last.how
    assert words in house.discord.last.text


@pytest.mark.parametrize(
    ("at", "guild", "staff", "error"),
    [
        (OFFICE, ID, True, None),
        (NEWS, ID, True, None),
        (NEWS, ID, False, "NotForYou"),
        (ELSEWHERE, 11, True, "OtherServer"),
    ],
)
async def test_a_file_that_waited_is_for_those_who_may_read_its_channel(
    house: House, at: int, guild: int, staff: bool, error: str | None
) -> None:
    """
    Others may have asked about it too: outside its channel they are held against it once more.
    """
    if not staff:
        served(house).member(CLERK)
    there = Address(OFFICE, guild=ID, private=True)
    given = Audience(guild=ID, channel=OFFICE)
    order = Order("1", "paste:1", Brief("en"), given, CLERK, there, False, house.clock.now())
    person = Person(CLERK, guild, at)

    found = await still_theirs(house.client, person, order, Outcome(digest="d"))

    assert error == found.error


@pytest.mark.parametrize("staff", [True, False])
async def test_what_waits_comes_with_another_answer_only_to_who_may_read_it(
    house: House, staff: bool
) -> None:
    """
    An answer that is delivered brings along what waited: held against the asker once more.
    """
    await wait_for_the_clerk(house)
    if not staff:
        served(house).member(CLERK)
    house.start()
    house.clock.at -= timedelta(minutes=15)
    sent = await ask(house, CLERK, POST)

    brought = [one for one in sent if one.how == FOLLOW]
    assert [True] == [one.private for one in brought]
    assert (WORDS if staff else NOT_YOURS) in brought[0].text


async def test_a_done_answer_is_held_against_its_asker_after_a_restart(house: House) -> None:
    """
    What was digested before a crash is not delivered to one who has lost access meanwhile.
    """
    house.discord.failures[EDIT] = deque([OSError("down")] * 9)
    await ask(house, CLERK, NEWS, link=link_to(MEMO))
    served(house).member(CLERK)
    house.start()
    await house.desk.resume()
    await house.desk.settle()

    assert NOT_YOURS in house.discord.last.text


async def test_an_order_of_an_earlier_run_waits_for_the_servers(house: House) -> None:
    """
    Right after a start no server is known: the order is neither refused nor let through unseen.
    """
    await house.desk.close(0)
    house.discord.be(CLERK, NEWS)
    await house.discord.slash("summarize", link=link_to(MEMO))
    house.start()
    house.client._ready.clear()
    guilds = dict(house.client._connection._guilds)
    house.client._connection._guilds.clear()
    await house.desk.resume()
    for _ in range(5):
        await asyncio.sleep(0)
    assert [] == read(house)
    house.client._connection._guilds.update(guilds)
    house.client._ready.set()
    await house.desk.settle()

    assert WORDS in house.discord.last.text


async def test_a_private_card_that_is_refreshed_too_slowly_stays_private(house: House) -> None:
    """
    *Refresh* on a private card never ends in the channel, even when its token has died.
    """
    key = await a_key(house, MEMO)
    told = house.readers.threads
    assert told is not None

    async def slowly(target: str, *_: Any) -> Any:
        house.clock.tick(timedelta(minutes=15))
        kept = await house.digesting.kept(key)
        assert kept
        return replace(kept.reading, hash="new")

    told.read = slowly  # type: ignore[method-assign,assignment]
    house.discord.be(CLERK, NEWS)
    sent = await press(house, key, "fresh", private=True)

    assert SEND not in [one.how for one in sent]
    assert WORDS not in " ".join(one.text for one in sent)


async def test_a_private_card_of_a_page_that_is_refreshed_too_slowly_stays_private(
    house: House,
) -> None:
    """
    So does one of an ordinary link that was asked for in private.
    """
    house.ready(drafts=0)
    key = re.findall(r"[0-9a-f]{24}", str((await ask(house, MEMBER, NEWS, link=LINK))[-1].data))[0]

    async def slowly(*_: Any) -> Any:
        house.clock.tick(timedelta(minutes=15))
        return replace(READING, hash="new")

    house.reader.read = slowly  # type: ignore[method-assign,assignment]
    sent = await press(house, key, "fresh", private=True)

    assert SEND not in [one.how for one in sent]


async def test_the_postman_puts_nothing_into_a_channel_it_is_not_for(house: House) -> None:
    """
    Whatever an order says of being public: what is for one channel never goes to another.
    """
    key = await a_key(house, MEMO)
    order = Order(
        id="1",
        target=link_to(MEMO),
        brief=Brief("en"),
        audience=Audience(guild=ID, channel=MEMO),
        asker=CLERK,
        reply_to=Address(channel=NEWS, guild=ID),
        fresh=False,
        taken_at=house.clock.now(),
    )

    assert not await house.postman.deliver(order, Outcome(digest=key))
    assert await house.postman.deliver(
        replace(order, reply_to=Address(channel=MEMO, guild=ID)), Outcome(digest=key)
    )
    assert SEND == house.discord.last.how


async def test_a_message_whose_thread_was_deleted_is_its_replies(house: House) -> None:
    """
    The mark of a thread stays on a message: without the thread, the answers in the channel are the discussion.
    """
    asked = {**said(600, "A new bench?", user(101)), "flags": 32}
    served(house).tell(NEWS, asked, said(601, "Yes, by the pond.", to=600))
    sent = await ask(house, MEMBER, NEWS, link=link_to(NEWS, 600))

    assert "## [#news]" in sent[-1].text


async def test_what_was_read_at_the_command_line_is_not_opened_in_discord(house: House) -> None:
    """
    A digest for one person is for nobody else, whoever learns its key.
    """
    house.ready(replace(READING, audience=LOCAL), drafts=0)
    made = await house.digesting.digest(Request(LINK, LOCAL, Brief("en")), nobody)
    house.discord.be(OWNER, NEWS)
    sent = await press(house, made.digest.key, "all")

    assert NOT_YOURS in sent[-1].text

"""Earlier digests are found again: in /digests, while typing a link, and by a question without one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.core.models import PUBLIC, Draft, Reading
from bot.errors import DatabaseUnavailable
from tests.chat.fake_discord import File, Sent, walk
from tests.chat.house import DRAFT, READING, House, open_house
from tests.chat.server import (
    CLERK,
    ID,
    LANE,
    MEMBER,
    MEMO,
    NEWS,
    OFFICE,
    OWNER,
    SECRET,
    Server,
    said,
    user,
)
from tests.discord import checks

POSITION = "The shops were not asked"
NOTHING = "Nothing has been digested here yet"
NOBODY = discord.Permissions.none()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, server=Server()) as opened:
        opened.discord.be(MEMBER, NEWS)
        yield opened


def about(name: str, title: str = "") -> Reading:
    """A page of its own, with the usual comments."""
    url = f"https://town.example/{name}"
    assert READING.article is not None
    article = replace(READING.article, title=title or f"The {name}", url=url)
    return replace(READING, target=url, article=article, hash=f"r-{name}")


async def summarize(house: House, name: str, *, title: str = "", **options: Any) -> Sent:
    """Have a page digested where one is, a minute later than the last."""
    house.clock.tick(timedelta(minutes=1))
    read = about(name, title)
    house.reader.answers.append(read)
    house.model.answers.append(DRAFT)
    await house.discord.slash("summarize", link=read.target, **options)
    await house.desk.settle()
    return house.discord.last


async def digests(house: House, search: str | None = None, **more: Any) -> Sent:
    await house.discord.slash("digests", **({"search": search} if search else {}), **more)
    return house.discord.last


def ids(sent: Sent, word: str) -> list[str]:
    found = (str(c.get("custom_id", "")) for c in walk(sent.data["components"]))
    return [id for id in found if word in id]


def titles(sent: Sent) -> list[str]:
    return [part.split("]")[0] for part in sent.text.split("**[")[1:]]


async def test_a_server_without_digests_says_so(house: House) -> None:
    """
    One sentence to the one who asks.
    """
    shown = await digests(house)

    assert NOTHING in shown.text
    assert shown.private


async def test_earlier_digests_are_listed_newest_first(house: House) -> None:
    """
    With what they say, when, and where if not here; a button opens each, privately.
    """
    await summarize(house, "lane")
    house.discord.be(MEMBER, LANE)
    await summarize(house, "tram")
    house.discord.be(MEMBER, NEWS)
    shown = await digests(house)

    assert ["The tram", "The lane"] == titles(shown)
    assert shown.private
    assert f"<#{LANE}>" in shown.text
    assert f"<#{NEWS}>" not in shown.text
    assert DRAFT.tldr in shown.text
    await house.discord.press(shown, ids(shown, "chorus:entry")[1])
    assert (4, True) == (house.discord.last.payload["type"], house.discord.last.private)
    assert POSITION in house.discord.last.text
    assert "The lane" in house.discord.last.text


async def test_they_are_searched_by_their_words(house: House) -> None:
    """
    Title and positions; without a hit one sentence repeats what was sought.
    """
    await summarize(house, "lane", title="Ein Radweg für Marlow")
    await summarize(house, "tram")

    assert ["Ein Radweg für Marlow"] == titles(await digests(house, "radweg FUR"))
    assert 2 == len(titles(await digests(house, "shops asked")))
    shown = await digests(house, "@everyone *zebra*")
    assert "has all of these words: @\u200beveryone *zebra*" in shown.text


async def test_pages_turn_in_place_also_after_a_restart(house: House) -> None:
    """
    Six on a page, every one on exactly one; the search travels in the button.
    """
    for n in range(8):
        await summarize(house, f"n{n}", title=f"Tale {n}")
    await summarize(house, "other", title="Elsewhere")
    first = await digests(house, "tale")
    await house.desk.close(0)
    house.start()
    house.discord.be(MEMBER, NEWS)
    await house.discord.press(first, "chorus:list:1:tale", private=True)
    second = house.discord.last

    assert 7 == second.payload["type"]
    assert [f"Tale {n}" for n in reversed(range(8))] == titles(first) + titles(second)
    await house.discord.press(second, "chorus:list:0:tale", private=True)
    assert titles(first) == titles(house.discord.last)


async def test_a_page_beyond_the_last_is_the_first(house: House) -> None:
    """
    What was on it may have been forgotten since.
    """
    for n in range(7):
        await summarize(house, f"n{n}")
    shown = await digests(house)
    (next_page,) = ids(shown, "chorus:list:1")
    await house.purging.guild(ID)
    await summarize(house, "tram")
    await house.discord.press(shown, next_page, private=True)

    assert ["The tram"] == titles(house.discord.last)


async def test_closed_doors_stay_closed(house: House) -> None:
    """
    What was digested where one may not read is neither listed nor found nor offered, in threads below it neither.
    """
    for at in (OFFICE, MEMO, SECRET):
        house.discord.be(CLERK, at)
        await summarize(house, f"plans{at}")
    house.discord.be(CLERK, NEWS)
    theirs = titles(await digests(house))
    house.discord.be(MEMBER, NEWS)

    assert {"The plans21", "The plans33"} == set(theirs)  # a private thread's stays in it
    assert NOTHING in (await digests(house)).text
    assert [] == await house.discord.type("summarize", "link", "plans")
    house.discord.be(CLERK, SECRET)
    assert "The plans32" in titles(await digests(house))


async def test_private_answers_are_listed_for_their_asker_alone(house: House) -> None:
    """
    Wherever in the server they ask from.
    """
    await summarize(house, "lane", private=True)
    house.discord.be(MEMBER, LANE)
    assert ["The lane"] == titles(await digests(house))
    house.discord.be(OWNER, NEWS)
    assert NOTHING in (await digests(house)).text


async def test_servers_and_direct_messages_are_apart(house: House) -> None:
    """
    Neither finds what the other one was shown.
    """
    await summarize(house, "lane")
    house.discord.be(MEMBER, None)
    assert NOTHING in (await digests(house)).text
    await summarize(house, "tram")
    assert ["The tram"] == titles(await digests(house))
    house.discord.be(MEMBER, 900, guild=99)
    assert NOTHING in (await digests(house)).text
    house.discord.be(MEMBER, NEWS)
    assert ["The lane"] == titles(await digests(house))


async def test_a_threads_own_words_are_listed_for_its_readers(house: House) -> None:
    """
    A digest of what was said in a channel of the staff is found by the staff, and opened by them alone.
    """
    assert house.server is not None
    ann = user(101, "ann")
    house.server.tell(OFFICE, said(MEMO, "Opening.", ann))
    house.server.tell(MEMO, *(said(n, "I am for it.", ann) for n in range(1000, 1003)))
    house.model.answers.append(Draft("They weigh it up.", (), model="m"))
    house.discord.be(CLERK, MEMO)
    await house.discord.slash("summarize")
    await house.desk.settle()
    house.discord.be(CLERK, OFFICE)
    shown = await digests(house)

    assert "They weigh it up." in shown.text
    (entry,) = ids(shown, "chorus:entry")
    house.discord.be(MEMBER, NEWS)
    assert NOTHING in (await digests(house)).text
    await house.discord.press(shown, entry, private=True)
    assert "only for those who may read" in house.discord.last.text


async def test_who_lost_a_channel_lost_what_it_said(house: House) -> None:
    """
    Also the private digest of its words that was asked for elsewhere is listed no more, and asked about no more.
    """
    assert house.server is not None
    ann = user(101, "ann")
    house.server.tell(OFFICE, said(MEMO, "Opening.", ann))
    house.server.tell(MEMO, *(said(n, "I am for it.", ann) for n in range(1000, 1003)))
    house.model.answers.append(Draft("They weigh it up.", (), model="m"))
    house.discord.be(CLERK, NEWS)
    await house.discord.slash("summarize", link=f"https://discord.com/channels/{ID}/{MEMO}")
    await house.desk.settle()
    assert "They weigh it up." in (await digests(house)).text

    house.server.member(CLERK)
    house.discord.be(CLERK, NEWS)
    assert NOTHING in (await digests(house)).text
    assert "give a link" in (await ask(house))[-1].text


async def test_what_no_longer_is_kept_is_not_listed(house: House) -> None:
    """
    A forgotten link is gone from the list, and a button of an older list says so.
    """
    await summarize(house, "lane")
    shown = await digests(house)
    await house.digesting._shelf.forget("https://town.example/lane", PUBLIC)
    await house.discord.press(shown, ids(shown, "chorus:entry")[0])

    assert "no longer kept" in house.discord.last.text
    assert NOTHING in (await digests(house)).text


async def test_a_left_server_leaves_no_list(house: House) -> None:
    """
    Its digests are forgotten with it.
    """
    await summarize(house, "lane")
    gone: Any = {"id": str(ID), "unavailable": False}
    house.client._connection.parse_guild_delete(gone)
    await house.discord._settle()
    house.start()
    house.discord.be(MEMBER, NEWS)

    assert NOTHING in (await digests(house)).text


# --- while a link is typed -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["summarize", "positions", "ask"])
async def test_links_are_offered_by_the_words_of_their_titles(house: House, name: str) -> None:
    """
    Of every command with a link: this server's, the newest first, as their titles.
    """
    await summarize(house, "lane", title="Un chemin à vélo")
    await summarize(house, "tram")

    offered = await house.discord.type(name, "link", "velo")
    assert [("Un chemin à vélo · town.example", "https://town.example/lane")] == [
        (one["name"], one["value"]) for one in offered
    ]
    offered = await house.discord.type(name, "link", "")
    assert ["The tram", "Un chemin à vélo"] == [one["name"].split(" ·")[0] for one in offered]


async def test_a_long_link_is_chosen_by_its_digest(house: House) -> None:
    """
    Discord takes a hundred letters: what was chosen leads to the whole link all the same.
    """
    long = "lane-" + "x" * 200
    await summarize(house, long, title="T" * 300)
    (offered,) = await house.discord.type("summarize", "link", "lane")

    assert len(offered["value"]) <= 100
    assert len(offered["name"]) <= 100
    assert offered["name"].endswith("· town.example")
    await house.discord.slash("summarize", link=offered["value"])
    assert POSITION in house.discord.last.text
    assert 1 == len(house.reader.asked)
    await house.discord.slash("summarize", link="chorus:" + "0" * 24)
    assert "no longer kept" in house.discord.last.text


async def test_nothing_is_offered_where_the_store_fails(house: House, caplog: Any) -> None:
    """
    Typing goes on; no error is said, for nobody has asked yet.
    """

    async def broken(*_: Any) -> Any:
        raise DatabaseUnavailable(place="x", reason="locked")

    house.archive.find = broken  # type: ignore[method-assign,assignment]
    assert [] == await house.discord.type("summarize", "link", "x")

    async def slow(*_: Any) -> Any:
        await asyncio.Event().wait()

    house.archive.find = slow  # type: ignore[method-assign,assignment]
    assert [] == await house.discord.type("summarize", "link", "x")


async def test_a_copied_page_is_no_link_to_offer(house: House) -> None:
    """
    It is listed among the digests, though: its readers are those of the channel.
    """
    file = File("page.txt", "https://cdn.discordapp.com/page.txt", 6)
    house.discord.files[file.url] = b"copied"
    house.ready()
    await house.discord.slash("summarize", file=file)
    await house.desk.settle()

    assert [] == await house.discord.type("summarize", "link", "lane")
    shown = await digests(house)
    assert "The lane" in shown.text
    await house.discord.press(shown, ids(shown, "chorus:entry")[0])
    assert POSITION in house.discord.last.text


# --- a question without a link ---------------------------------------------------------------------


async def ask(house: House, **options: Any) -> list[Sent]:
    before = len(house.discord.sent)
    await house.discord.slash("ask", **{"question": "Who was not asked?", **options})
    await house.desk.settle()
    return house.discord.sent[before:]


async def test_a_question_is_about_what_the_channel_saw_last(house: House) -> None:
    """
    Not about what was shown elsewhere, nor privately to somebody else; after a restart too.
    """
    await summarize(house, "lane")
    house.discord.be(OWNER, NEWS)
    await summarize(house, "tram", private=True)
    house.discord.be(MEMBER, LANE)
    await summarize(house, "trees")
    await house.desk.close(0)
    house.start()
    house.discord.be(MEMBER, NEWS)
    sent = await ask(house)

    assert (5, False) == (sent[0].payload["type"], sent[0].private)
    assert "Nobody asked the shops" in sent[-1].text
    assert "https://town.example/lane" not in house.reader.asked[1:]
    asked: list[str] = []
    answer = house.answering.answer

    async def noted(reading: Reading, *rest: Any, **more: Any) -> Any:
        asked.append(reading.target)
        return await answer(reading, *rest, **more)

    house.answering.answer = noted  # type: ignore[method-assign]
    await ask(house)
    house.discord.be(OWNER, NEWS)
    await ask(house)
    assert ["https://town.example/lane", "https://town.example/tram"] == asked


async def test_a_crash_between_question_and_answer_loses_nothing(house: House) -> None:
    """
    The next start answers it, in place of "thinking…", or in the channel where the token has died meanwhile.
    """
    for later, how in ((0, "edit_webhook_message"), (16, "POST /channels/{channel_id}/messages")):
        await summarize(house, "lane")
        await house.desk.close(0)
        await house.discord.slash("ask", question="Who was not asked?")
        house.start()
        house.discord.be(MEMBER, NEWS)
        house.clock.tick(timedelta(minutes=later))
        await house.desk.resume()
        await house.desk.settle()

        assert how == house.discord.last.how
        assert "Nobody asked the shops" in house.discord.last.text


async def test_a_question_without_anything_to_ask_says_what_to_give(house: House) -> None:
    """
    One private sentence.
    """
    sent = await ask(house)

    assert "give a link" in sent[0].text
    assert sent[0].private


async def test_a_question_in_direct_messages_works_alike(house: House) -> None:
    """
    There the channel is the conversation.
    """
    house.discord.be(MEMBER, None)
    await summarize(house, "lane")
    sent = await ask(house)

    assert "Nobody asked the shops" in sent[-1].text


async def test_a_question_may_be_private(house: House) -> None:
    """
    Decided with the acknowledgement.
    """
    await summarize(house, "lane")
    sent = await ask(house, private=True)

    assert sent[0].private


async def test_what_one_may_no_longer_read_is_not_asked(house: House) -> None:
    """
    The newest digest of a channel is of its own words: whoever lost its history gets no answer from it.
    """
    assert house.server is not None
    ann = user(101, "ann")
    house.server.tell(LANE, *(said(n, "I am for it.", ann) for n in range(1000, 1003)))
    house.model.answers.append(Draft("They weigh it up.", (), model="m"))
    house.discord.be(MEMBER, LANE)
    await house.discord.slash("summarize")
    await house.desk.settle()
    assert "I am for it" in (await ask(house, question="Who is for it?"))[-1].text

    blind = discord.Permissions(view_channel=True)
    house.discord.be(MEMBER, LANE, rights=blind)
    everyone = {"id": str(ID), "type": 0, "allow": "0", "deny": str(1 << 16)}
    house.server.channels[NEWS]["permission_overwrites"] = [everyone]
    house.server.join(house.client)
    sent = await ask(house, question="Who is for it?")
    assert "I am for it" not in sent[-1].text


async def test_everything_shown_keeps_discords_limits(house: House) -> None:
    """
    Hostile titles and endless addresses in list and offers, in two languages.
    """
    hostile = "*_~`|[]<>#@everyone 😀" * 30
    for n in range(8):
        await summarize(house, f"n{n}" + "y" * 280, title=hostile)
    for locale in ("en-US", "fr"):
        shown = await digests(house, "😀 " * 30, locale=locale)
        assert "chorus:list" in "".join(ids(shown, "chorus:list"))
        await digests(house, locale=locale)
        await house.discord.type("summarize", "link", "n", locale=locale)
        await ask(house, locale=locale)

    for sent in house.discord.sent:
        if sent.how == "create_interaction_response":
            assert [] == checks.faults(checks.CALLBACK, sent.payload)
        else:
            assert [] == checks.message_faults(sent.payload)

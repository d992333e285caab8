"""Every command, menu and button, driven through the real library: each ends in one card or one sentence."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.core.models import Audience, Reading
from bot.core.ports import Progress, Report, Stage
from bot.errors import ModelTimeout, PageNotFound
from tests.chat.fake_discord import File, walk
from tests.chat.house import EDIT, FOLLOW, LINK, READING, RESPOND, House, open_house, summarize


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


async def test_first_use_is_acknowledged_then_answered_with_the_card(house: House) -> None:
    """
    An uncached link: deferred at once, one final message with title, positions, counts, a quote, coverage.
    """
    house.ready()
    sent = await summarize(house)

    assert (RESPOND, 5) == (sent[0].how, sent[0].payload["type"])
    assert EDIT == sent[-1].how
    card = sent[-1].text
    assert f"[The lane](<{LINK}>)" in card
    assert "The shops were not asked" in card
    assert "2 of 4" in card
    assert "> Nobody asked the shops" in card
    assert "1 comment in no position" in card
    assert "Read 4 of 4 comments" in card


async def test_a_kept_digest_is_the_first_response(house: House) -> None:
    """
    The second time the card itself is the response; nobody is asked.
    """
    house.ready()
    await summarize(house)
    sent = await summarize(house)

    assert [(RESPOND, 4)] == [(one.how, one.payload["type"]) for one in sent]
    assert "The shops were not asked" in sent[0].text
    assert 1 == len(house.reader.asked)


async def test_private_is_decided_at_the_acknowledgement(house: House) -> None:
    """
    A private ask is acknowledged privately: Discord ignores it later.
    """
    house.ready()
    sent = await summarize(house, private=True)

    assert sent[0].private


async def test_french_people_are_answered_in_french(house: House) -> None:
    """
    The digest is asked for, and framed, in the asker's language.
    """
    house.ready()
    sent = await summarize(house, locale="fr")

    assert "fr" == house.model.asked[0][1].language
    assert "2 sur 4" in sent[-1].text


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("not a link", "not a link"),
        ("ftp://town.example/x", "http"),
        ("https://a:b@town.example/", "password"),
    ],
)
async def test_a_bad_link_is_one_private_sentence(house: House, link: str, words: str) -> None:
    """
    What cannot be a link is said at once, to the asker alone.
    """
    sent = await summarize(house, link=link)

    assert [RESPOND] == [one.how for one in sent]
    assert sent[0].private
    assert words in sent[0].text


async def test_neither_link_nor_file_is_said(house: House) -> None:
    """
    Without anything to summarize the asker is told what to give.
    """
    await house.discord.slash("summarize")

    assert "give a link or a file" in house.discord.last.text


async def test_a_failed_read_is_the_answer(house: House) -> None:
    """
    What goes wrong later takes the place of "thinking…".
    """
    house.reader.answers.append(PageNotFound(host="town.example"))
    sent = await summarize(house, locale="fr")

    assert EDIT == sent[-1].how
    assert "town.example n’a pas (ou plus) cette page" in sent[-1].text


async def test_a_model_that_fails_gives_extracts_that_say_so(house: House) -> None:
    """
    The fallback is marked.
    """
    house.reader.answers.append(READING)
    house.ready(drafts=1)
    house.model.answers = deque([ModelTimeout(seconds=3)])
    sent = await summarize(house)

    assert "no opinion is counted" in sent[-1].text
    assert "no answer in time" in sent[-1].text


async def test_a_server_without_a_model_is_told_once(tmp_path: Path) -> None:
    """
    The first answer in a server without a key comes with one private word about it; the next does not.
    """
    async with open_house(tmp_path, model=False) as house:
        house.ready(READING, READING, drafts=2)
        first = await summarize(house)
        second = await summarize(house, link=LINK + "/2")

        told = [one for one in first if one.how == FOLLOW]
        assert 1 == len(told)
        assert told[0].private
        assert "OPENAI_API_KEY" in told[0].text
        assert FOLLOW not in [one.how for one in second]


async def test_a_file_is_digested_for_this_channel_only(house: House) -> None:
    """
    A copied page is read, kept for the channel it was given in, and has no *Refresh*: there is nowhere to read again.
    """
    house.ready()
    file = File("page.txt", "https://cdn.discordapp.com/page.txt", 6)
    house.discord.files[file.url] = b"copied"
    await house.discord.slash("summarize", file=file)
    await house.desk.settle()

    card = house.discord.last
    assert "The shops were not asked" in card.text
    assert ["page.txt"] == house.reader.asked
    ids = [c.get("custom_id", "") for c in walk(card.data["components"])]
    assert not any("chorus:fresh" in id for id in ids)
    async with house.orders._database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT audience FROM readings")
        assert ["g10/c20"] == list(rows.scalars())


async def test_a_file_that_is_too_large_is_said(house: House) -> None:
    """
    More than a megabyte is refused before it is fetched.
    """
    await house.discord.slash("summarize", file=File("x.txt", "https://cdn/x.txt", 2_000_000))

    assert "larger than 1 MB" in house.discord.last.text


async def test_no_right_to_post_is_said(house: House) -> None:
    """
    Where the bot may not write, a public answer is refused with the missing permission; a private one is given.
    """
    rights = str(discord.Permissions(view_channel=True).value)
    from tests.chat import fake_discord

    ask = fake_discord.interaction(
        2,
        {
            "id": "9",
            "name": "summarize",
            "type": 1,
            "options": [{"name": "link", "type": 3, "value": LINK}],
        },
        "en-US",
        app_permissions=rights,
    )
    house.client._connection.parse_interaction_create(ask)  # type: ignore[arg-type]
    await house.discord._settle()

    assert "Send Messages" in house.discord.last.text
    assert house.discord.last.private


async def test_the_message_menu_finds_the_link(house: House) -> None:
    """
    Right-click on a message with a link in it.
    """
    house.ready()
    await house.discord.menu("Summarize link", f"have you seen <{LINK}>?")
    await house.desk.settle()

    assert [LINK] == house.reader.asked
    assert "The shops were not asked" in house.discord.last.text


async def test_the_message_menu_without_a_link_says_so(house: House) -> None:
    """
    A message without a link is an error with a way out.
    """
    await house.discord.menu("Summarize link", "hello")

    assert "There is no link" in house.discord.last.text


async def test_a_token_that_died_leaves_the_channel(house: House) -> None:
    """
    After fifteen minutes a public answer goes to the channel.
    """
    house.ready()
    house.reader.read = _after(house, timedelta(minutes=15))  # type: ignore[method-assign]
    sent = await summarize(house)

    assert "POST /channels/{channel_id}/messages" == sent[-1].how
    assert "The shops were not asked" in sent[-1].text


async def test_a_private_answer_whose_token_died_waits_for_the_asker(house: House) -> None:
    """
    A private answer never goes to the channel: it is handed over at the asker's next command.
    """
    house.ready()
    house.reader.read = _after(house, timedelta(minutes=15))  # type: ignore[method-assign]
    sent = await summarize(house, private=True)
    assert [RESPOND] == [one.how for one in sent if one.how != EDIT]

    await house.discord.slash("help")
    assert (FOLLOW, True) == (house.discord.last.how, house.discord.last.private)
    assert "The shops were not asked" in house.discord.last.text


def _after(house: House, time: timedelta) -> Any:
    async def read(*_: Any) -> Any:
        house.clock.tick(time)
        return READING

    return read


async def test_progress_is_shown_by_stage_and_at_most_once_a_second(house: House) -> None:
    """
    Stages replace "thinking…" with numbers; what comes within a second is dropped; the card comes last.
    """

    async def read(target: str, audience: Audience, report: Report) -> Reading:
        for done in (1, 2, 3):
            report(Progress(Stage.COMMENTS, done, 3))
            await asyncio.sleep(0)
        house.clock.tick(timedelta(seconds=2))
        report(Progress(Stage.COMMENTS, 3, 3))
        return READING

    house.ready()
    house.reader.read = read  # type: ignore[method-assign]
    sent = await summarize(house, locale="fr")

    shown = [one.text for one in sent if one.how == EDIT]
    assert ["Lecture de la page…", "Lecture des commentaires\u00a0: 3 sur 3…"] == shown[:2]
    assert 3 == len(shown)
    assert "The shops were not asked" in shown[-1]


async def test_a_mention_with_a_link_is_answered_by_a_reply(house: House) -> None:
    """
    The answer is a reply in the channel that pings nobody.
    """
    house.ready()
    me = {"id": "3", "username": "u3", "discriminator": "0", "avatar": None}
    await house.discord.say(f"<@3> {LINK}", mentions=[me])
    await house.desk.settle()

    last = house.discord.last
    assert "POST /channels/{channel_id}/messages" == last.how
    assert "The shops were not asked" in last.text
    assert [] == last.payload["allowed_mentions"]["parse"]
    assert False is last.payload["allowed_mentions"].get("replied_user", False)


async def test_help_says_who_receives_the_text(house: House) -> None:
    """
    /help names the model's provider as the only one, or nobody.
    """
    await house.discord.slash("help")

    assert "to nobody else" in house.discord.last.text


async def test_commands_are_synced_only_when_changed(house: House) -> None:
    """
    The first start registers them, the next does not.
    """
    tree, notes = house.client.tree, house.notes

    assert await tree.sync_if_changed(notes, None)
    assert not await tree.sync_if_changed(notes, None)
    assert 1 == [one.how for one in house.discord.sent].count(
        "PUT /applications/{application_id}/commands"
    )


async def test_an_unfinished_order_is_answered_after_a_restart(house: House) -> None:
    """
    An order that an earlier run left is answered at the next start, by its token.
    """
    await house.desk.close(0)
    house.ready()
    await house.discord.slash("summarize", link=LINK)
    house.start()
    await house.desk.resume()
    await house.desk.settle()

    assert "The shops were not asked" in house.discord.last.text
    assert [] == await house.orders.open()


async def test_a_done_order_is_only_delivered_after_a_restart(house: House) -> None:
    """
    What was done but not delivered costs nothing again.
    """
    house.ready()
    house.discord.failures[EDIT] = deque([OSError("down")] * 9)
    await summarize(house)
    house.start()
    await house.desk.resume()
    await house.desk.settle()

    assert 1 == len(house.model.asked)
    assert "The shops were not asked" in house.discord.last.text

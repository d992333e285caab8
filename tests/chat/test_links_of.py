"""The link of a message, wherever in it: from the menu, and by choice where there are several."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.cards import MOST_TEXT
from tests.chat.fake_discord import Sent, message, texts, user, walk
from tests.chat.house import LINK, House, open_house
from tests.chat.server import BOT, ID, MEMBER, NEWS, Server, said

POSITION = "The shops were not asked"
OTHER = "https://other.example/a"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, server=Server()) as opened:
        opened.discord.be(MEMBER, NEWS)
        yield opened


def embed(**parts: str) -> dict[str, Any]:
    return {"embeds": [{"type": "rich", **parts}]}


def forwarded(**parts: Any) -> dict[str, Any]:
    inside = {key: value for key, value in message().items() if key not in {"id", "channel_id"}}
    return {
        "message_reference": {"type": 1, "message_id": "1", "channel_id": "55", "guild_id": "66"},
        "message_snapshots": [{"message": {**inside, **parts}}],
    }


def answering(content: str) -> dict[str, Any]:
    return {
        "type": 19,
        "message_reference": {"message_id": "700", "channel_id": str(NEWS), "guild_id": str(ID)},
        "referenced_message": message(id=700, content=content, author=user(9)),
    }


@pytest.mark.parametrize(
    ("content", "more"),
    [
        (f"see {LINK}.", {}),
        (f"[here]({LINK})", {}),
        ("no words", embed(url=LINK)),
        ("", embed(title="News", description=f"Read [on]({LINK})")),
        ("", forwarded(content=f"see {LINK}")),
        ("", forwarded(**embed(url=LINK))),
        ("what of this?", answering(f"see {LINK}")),
        (f"{LINK} and {LINK}?utm_source=x", {}),
        (LINK, embed(url=f"{LINK}/")),
    ],
    ids=[
        "text",
        "markdown",
        "embed",
        "embed-text",
        "forward",
        "forward-embed",
        "reply",
        "twice",
        "shown",
    ],
)
async def test_one_link_is_summarized_at_once(
    house: House, content: str, more: dict[str, Any]
) -> None:
    """
    In its words, its embeds, what it forwards or answers; the same page twice is one.
    """
    house.ready()
    await house.discord.menu("Summarize link", content, **more)
    await house.desk.settle()

    assert [LINK] == house.reader.asked
    assert POSITION in house.discord.last.text


async def test_an_answered_message_that_was_left_out_is_looked_up(house: House) -> None:
    """
    Discord does not always send it along; where it cannot be had, no link is found.
    """
    assert house.server is not None
    house.ready()
    house.server.tell(NEWS, said(700, f"see {LINK}"))
    reference = answering("")
    del reference["referenced_message"]
    await house.discord.menu("Summarize link", "this?", **reference)
    await house.desk.settle()
    assert [LINK] == house.reader.asked

    reference["message_reference"]["message_id"] = "701"
    await house.discord.menu("Summarize link", "this?", **reference)
    assert "There is no link" in house.discord.last.text


async def several(house: House, content: str, locale: str = "en-US") -> Sent:
    await house.discord.menu("Summarize link", content, locale=locale)
    return house.discord.last


async def test_several_links_are_a_choice_for_the_one_who_asks(house: House) -> None:
    """
    Nothing is read before; what is chosen is answered as any link, in public, also after a restart.
    """
    shown = await several(house, f"{OTHER} or <{LINK}>")
    assert shown.private
    assert [] == house.reader.asked
    house.ready()
    await house.desk.close(0)
    house.start()
    house.discord.be(MEMBER, NEWS)
    await house.discord.press(shown, "chorus:link", values=["1"])
    await house.desk.settle()

    assert [LINK] == house.reader.asked
    assert POSITION in house.discord.last.text
    assert not house.discord.last.private


@pytest.mark.parametrize("values", [[], ["2"], ["x"], ["-1"], ["99999999"], ["٣"]])
async def test_a_choice_that_is_none_is_said(house: House, values: list[str]) -> None:
    """
    Whatever a changed client sends, nothing is read.
    """
    shown = await several(house, f"{OTHER} {LINK}")
    await house.discord.press(shown, "chorus:link", values=values)

    assert "no longer kept" in house.discord.last.text
    assert [] == house.reader.asked


@pytest.mark.parametrize("locale", ["en-US", "fr"])
async def test_very_many_links_keep_discords_limits(house: House, locale: str) -> None:
    """
    As many as fit are offered, the others are counted.
    """
    short = await several(house, " ".join(f"https://x.example/{n}" for n in range(40)), locale)
    long = await several(
        house, " ".join(f"https://x.example/{n}?{'y' * 900}" for n in range(9)), locale
    )

    for sent, most, left in ((short, 25, "15"), (long, 4, "5")):
        select = next(c for c in walk(sent.data["components"]) if c["type"] == 3)
        assert most == len(select["options"])
        assert all(len(option["label"]) <= 100 for option in select["options"])
        assert len("\n".join(texts(sent.data["components"]))) <= MOST_TEXT
        assert f"{left} more link" in sent.text or f"{left} autres liens" in sent.text


MENTION: dict[str, Any] = {
    "mentions": [user(BOT)],
    "guild_id": str(ID),
    "channel_id": str(NEWS),
    "member": {"roles": [], "joined_at": None, "flags": 0},
}


@pytest.mark.parametrize(
    ("seen", "words"), [(True, "no link to summarize"), (False, "cannot see the message")]
)
async def test_a_mention_that_finds_no_link_says_why(house: House, seen: bool, words: str) -> None:
    """
    One sentence in reply: of a message that others wrote, and that Discord shows with the intent only.
    """
    house.client._connection._intents.message_content = seen
    await house.discord.say(f"<@{BOT}> this?", **MENTION, **answering("look" if seen else ""))

    assert words in house.discord.last.text
    assert [] == house.reader.asked


async def test_mere_talk_is_left_alone_in_a_server_and_answered_in_direct_messages(
    house: House,
) -> None:
    """
    In direct messages nobody else can be meant.
    """
    await house.discord.say(f"<@{BOT}> thanks", **MENTION)
    assert [] == house.discord.sent
    await house.discord.say("hello", channel_id="70")

    assert "no link to summarize" in house.discord.last.text


async def test_a_mention_takes_the_link_of_what_it_answers(house: House) -> None:
    """
    Mentioning the bot in an answer to a message with a link is asking for that link.
    """
    house.ready()
    await house.discord.say(
        f"<@{BOT}> what of this?",
        mentions=[user(BOT)],
        guild_id=str(ID),
        channel_id=str(NEWS),
        member={"roles": [], "joined_at": None, "flags": 0},
        **answering(f"see {LINK}"),
    )
    await house.desk.settle()

    assert [LINK] == house.reader.asked

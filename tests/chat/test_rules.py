"""Every door obeys the server's settings: commands, menus, mentions, buttons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.core.models import PUBLIC, Brief, Length
from bot.core.ports import Address, Order, Outcome
from bot.core.servers import DEFAULTS, ServerSettings
from bot.errors import PageNotFound
from tests.chat.fake_discord import Sent, user, walk
from tests.chat.house import DRAFT, LINK, READING, House, open_house, summarize
from tests.chat.server import BOT, CLERK, ID, LANE, MEMBER, NEWS, STAFF, Server
from tests.fakes import READ_AT

RESPOND, EDIT, FOLLOW = (
    "create_interaction_response",
    "edit_webhook_message",
    "execute_webhook",
)
SEND = "POST /channels/{channel_id}/messages"
CATEGORY = 2
POSITION = "The shops were not asked"
WHO = "those who manage"
"""Who can change it: part of every refusal."""

Door = Callable[[House], Awaitable[None]]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    server = Server()
    server.channels[NEWS]["parent_id"] = str(CATEGORY)
    server.channels[CATEGORY] = {
        **server.channels[NEWS],
        "id": str(CATEGORY),
        "type": 4,
        "parent_id": None,
    }
    async with open_house(tmp_path, server=server) as opened:
        opened.discord.be(MEMBER, NEWS)
        yield opened


async def decide(house: House, **what: Any) -> None:
    await house.servers.change(ID, lambda now: replace(now, **what))


async def slash(house: House) -> None:
    await house.discord.slash("summarize", link=LINK)


async def positions(house: House) -> None:
    await house.discord.slash("positions", link=LINK)


async def question(house: House) -> None:
    await house.discord.slash("ask", question="Who was not asked?", link=LINK)


async def menu(house: House) -> None:
    await house.discord.menu("Summarize link", f"look: {LINK}")


async def mention(house: House) -> None:
    here = house.discord.here
    await house.discord.say(
        f"<@{BOT}> {LINK}",
        mentions=[user(BOT)],
        guild_id=str(ID),
        channel_id=here["channel_id"],
        author=here["member"]["user"],
        member=here["member"],
    )


DOORS: dict[str, Door] = {
    "slash": slash,
    "positions": positions,
    "ask": question,
    "menu": menu,
    "mention": mention,
}


async def through(house: House, door: Door) -> list[Sent]:
    before = len(house.discord.sent)
    await door(house)
    await house.desk.settle()
    return house.discord.sent[before:]


async def the_card(house: House) -> Sent:
    """A public card that stands in the channel."""
    house.ready()
    return (await through(house, slash))[-1]


def button(sent: Sent, word: str) -> str:
    return next(
        str(c["custom_id"]) for c in walk(sent.data["components"]) if word in c.get("custom_id", "")
    )


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (ServerSettings(roles_allowed=(STAFF,)), "Your roles may not ask me"),
        (ServerSettings(roles_blocked=(ID,)), "Your roles may not ask me"),
        (ServerSettings(channels_allowed=(99,)), "not be asked in this channel"),
        (ServerSettings(channels_blocked=(NEWS,)), "not be asked in this channel"),
        (ServerSettings(channels_blocked=(CATEGORY,)), "not be asked in this channel"),
        (ServerSettings(sites_blocked=("town.example",)), "town.example is blocked"),
    ],
    ids=["role", "everyone", "not-allowed", "channel", "category", "site"],
)
async def test_a_refusal_is_one_sentence_at_every_door(
    house: House, door: str, settings: ServerSettings, words: str
) -> None:
    """
    It says why and who can change it; to the asker alone where Discord allows that, and nothing is read.
    """
    await house.servers.change(ID, lambda _: settings)
    sent = await through(house, DOORS[door])

    assert 1 == len(sent)
    assert words in sent[0].text
    assert WHO in sent[0].text
    assert sent[0].private or door == "mention"
    assert [] == house.reader.asked


@pytest.mark.parametrize("door", DOORS)
async def test_who_is_allowed_is_answered_at_every_door(house: House, door: str) -> None:
    """
    One role of the allowed, in a thread of an allowed channel.
    """
    house.ready()
    house.discord.be(CLERK, LANE)
    await decide(house, roles_allowed=(STAFF,), channels_allowed=(CATEGORY,))
    sent = await through(house, DOORS[door])

    assert [LINK] == house.reader.asked
    assert WHO not in sent[-1].text
    assert "shops" in sent[-1].text


async def test_buttons_that_ask_are_refused_and_those_that_open_are_not(house: House) -> None:
    """
    Who may not ask may read what stands there; Refresh, a question, another language and a list's link would be work.
    """
    card = await the_card(house)
    await house.discord.press(card, button(card, "chorus:more"))
    more = house.discord.last
    await house.discord.menu("Summarize link", f"{LINK} https://other.example/x")
    links = house.discord.last
    await decide(house, roles_blocked=(ID,))

    await house.discord.press(card, button(card, "chorus:open"), values=["1"])
    assert POSITION in house.discord.last.text
    pressed: tuple[tuple[Sent, str, dict[str, Any]], ...] = (
        (card, button(card, "chorus:fresh"), {}),
        (card, button(card, "chorus:ask"), {}),
        (more, button(more, "chorus:in"), {"values": ["de"]}),
        (links, "chorus:link", {"values": ["1"]}),
    )
    for shown, id, values in pressed:
        await house.discord.press(shown, id, **values)
        await house.desk.settle()
        assert "Your roles may not ask me" in house.discord.last.text
        assert house.discord.last.private
    assert [LINK] == house.reader.asked


async def test_a_card_of_a_site_that_was_blocked_since_opens_nothing(house: House) -> None:
    """
    What stands in the channel stays; no button shows more of it.
    """
    card = await the_card(house)
    await decide(house, sites_blocked=("town.example",))
    for word in ("chorus:open", "chorus:fresh", "chorus:more", "chorus:ask"):
        await house.discord.press(card, button(card, word))
        assert "town.example is blocked" in house.discord.last.text


@pytest.mark.parametrize("door", ["slash", "ask"])
async def test_a_link_that_leads_to_a_blocked_site_is_refused(house: House, door: str) -> None:
    """
    Where a short link ends is known only when it is read: then it is said, and nothing of it is shown.
    """
    house.ready(replace(READING, target="https://sho.rt/1"))
    await decide(house, sites_blocked=("town.example",))

    async def short(house: House) -> None:
        options = {"question": "Who?"} if door == "ask" else {}
        name = "ask" if door == "ask" else "summarize"
        await house.discord.slash(name, link="https://sho.rt/1", **options)

    for _ in range(2):  # the second time it is kept
        sent = await through(house, short)
        assert "town.example is blocked" in sent[-1].text
        assert POSITION not in "".join(one.text for one in sent)
    await house.discord.slash("digests")
    assert "Nothing has been digested here yet" in house.discord.last.text


@pytest.mark.parametrize("door", ["slash", "positions", "ask", "menu"])
async def test_answers_are_private_where_the_owner_says_so(house: House, door: str) -> None:
    """
    The first time and when it is kept; a person may say otherwise.
    """
    house.ready()
    await decide(house, private=True)

    for _ in range(2):
        sent = await through(house, DOORS[door])
        assert sent[0].private
    house.ready()
    await house.discord.slash("summarize", link=LINK, private=False)
    assert not house.discord.last.private


async def test_a_mention_is_not_answered_in_public_where_answers_are_private(house: House) -> None:
    """
    There is no private answer to a mention: one sentence says what to do instead.
    """
    await decide(house, private=True)
    sent = await through(house, mention)

    assert "answers are for the asker alone" in sent[0].text
    assert [] == house.reader.asked


@pytest.mark.parametrize("door", ["slash", "positions", "menu", "mention"])
async def test_the_places_language_is_that_of_the_answer_and_its_frame(
    house: House, door: str
) -> None:
    """
    A French channel gets French cards, though an English person asks; kept ones too.
    """
    house.ready()
    await decide(house, language="de", languages={NEWS: "fr"})
    for _ in range(2):
        sent = await through(house, DOORS[door])
        assert "2 sur 4" in sent[-1].text

    assert ["fr"] == [brief.language for _, brief in house.model.asked]


async def test_a_private_answer_is_framed_in_the_askers_language(house: House) -> None:
    """
    The digest is in the server's language; the words around it are for one person.
    """
    house.ready()
    await decide(house, language="fr", private=True)
    sent = await through(house, slash)

    assert "2 of 4" in sent[-1].text
    assert "fr" == house.model.asked[0][1].language


async def test_a_person_may_choose_language_and_length(house: House) -> None:
    """
    What is asked for goes before what is set.
    """
    house.ready(drafts=2)
    await decide(house, language="fr", length=Length.SHORT)
    await house.discord.slash("summarize", link=LINK)
    await house.desk.settle()
    await house.discord.slash("summarize", link=LINK, language="es", length="detailed")
    await house.desk.settle()

    assert [Brief("fr", Length.SHORT), Brief("es", Length.DETAILED)] == [
        brief for _, brief in house.model.asked
    ]


async def test_readers_have_numbers_where_names_are_not_shown(house: House) -> None:
    """
    On the card, its pages, in positions and answers, in the reader's language; how many people stays true.
    """
    house.ready()
    await decide(house, names=False)
    card = (await through(house, slash))[-1]
    await house.discord.press(card, button(card, "chorus:open"), locale="fr", values=["all"])
    page = house.discord.last
    kept = (await summarize(house, private=True))[-1]
    everything = (await through(house, positions))[-1]
    answer = (await through(house, question))[-1]

    for sent in (card, kept, everything, answer):
        assert "reader 2" in sent.text.replace("\u00a0", " ")
    assert "lecteur 2" in page.text.replace("\u00a0", " ")
    for sent in house.discord.sent:
        assert not any(f"reader{n}" in sent.text for n in range(1, 5))
    await decide(house, names=True)
    assert "reader2" in (await summarize(house, private=True))[-1].text


async def test_direct_messages_have_no_owner(house: House) -> None:
    """
    What a server decides ends at its door.
    """
    house.ready()
    await decide(house, roles_blocked=(ID,), sites_blocked=("town.example",), private=True)
    house.discord.be(MEMBER, None)
    sent = await through(house, slash)

    assert POSITION in sent[-1].text
    assert not sent[0].private


def installed_by_a_person(house: House, guild: int | None = 99) -> None:
    """From now on the bot is asked where it is no member: in a server, or between two people."""
    house.discord.be(MEMBER, 900 if guild else None, guild=guild)
    house.discord.here["authorizing_integration_owners"] = {"1": str(MEMBER)}
    house.discord.here["context"] = 0 if guild else 2


@pytest.mark.parametrize("guild", [99, None], ids=["server", "group"])
@pytest.mark.parametrize("door", ["slash", "positions", "ask", "menu"])
async def test_where_the_bot_is_no_member_answers_are_private(
    house: House, door: str, guild: int | None
) -> None:
    """
    A person who installed it asks anywhere, and alone sees the answer, the kept one too.
    """
    house.ready()
    installed_by_a_person(house, guild)
    for _ in range(2):
        sent = await through(house, DOORS[door])
        assert sent[0].private
        assert "shops" in sent[-1].text
    await house.discord.slash("summarize", link=LINK, private=False)
    assert house.discord.last.private


async def test_no_interaction_has_more_than_four_follow_ups(house: House) -> None:
    """
    Discord takes five where only a person installed the bot: what waits is handed over a few at a time.
    """
    installed_by_a_person(house)
    ended = Outcome.failed(PageNotFound(host="town.example"))
    for n in range(8):
        to = Address(channel=900, private=True, guild=99)
        await house.orders.add(
            Order(f"w{n}", LINK, Brief("en"), PUBLIC, MEMBER, to, False, READ_AT)
        )
        await house.orders.finish(f"w{n}", ended)
        await house.orders.wait(f"w{n}")
    house.ready()
    handed = []
    for door in (slash, slash, slash):
        sent = await through(house, door)
        handed.append([one.how for one in sent].count(FOLLOW))

    assert [3, 3, 2] == handed


async def test_settings_of_the_server_hold_for_those_who_installed_it_too(house: House) -> None:
    """
    Where the server has its owner's word, it holds however the bot was installed.
    """
    await decide(house, roles_blocked=(ID,))
    house.discord.here["authorizing_integration_owners"] = {"1": str(MEMBER), "0": str(ID)}
    sent = await through(house, slash)

    assert "Your roles may not ask me" in sent[0].text


async def test_two_at_once_and_a_double_click_cost_one_run(house: House) -> None:
    """
    The same question from two people, and one pressed twice, is read and paid for once.
    """
    house.ready()
    await asyncio.gather(slash(house), slash(house))
    await house.desk.settle()
    card = house.discord.last
    house.ready(replace(READING, hash="r2"), drafts=1)
    fresh = button(card, "chorus:fresh")
    await asyncio.gather(house.discord.press(card, fresh), house.discord.press(card, fresh))
    await house.desk.settle()

    assert 2 == len(house.reader.asked)
    assert 2 == len(house.model.asked)


async def test_a_budget_of_the_servers_own_holds(house: House) -> None:
    """
    Nought is a budget: no model is asked, and the extracts say so.
    """
    house.ready()
    await decide(house, server_day=0)
    sent = await through(house, slash)

    assert [] == house.model.asked
    assert "no opinion is counted" in sent[-1].text


async def test_defaults_are_what_they_were(house: House) -> None:
    """
    A server without a row, and one whose owner has put everything back, behave alike.
    """
    house.ready()
    await decide(house, private=True)
    await decide(house, private=DEFAULTS.private)
    sent = await through(house, slash)

    assert (5, False) == (sent[0].payload["type"], sent[0].private)
    assert POSITION in sent[-1].text
    assert DRAFT.tldr in sent[-1].text


async def test_the_missing_right_is_named_before_any_work(house: House) -> None:
    """
    A public answer needs the right to write there; a private one does not.
    """
    house.discord.be(MEMBER, NEWS, ours=discord.Permissions(view_channel=True))
    for door in (slash, positions, question):
        sent = await through(house, door)
        assert "“Send Messages”" in sent[0].text
    assert [] == house.reader.asked

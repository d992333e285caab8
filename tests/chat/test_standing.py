"""The same link again in a channel: the card that stands there is pointed to, and no second one is posted."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.models import Reading
from bot.core.ports import Report
from bot.errors import ModelTimeout
from tests.chat.fake_discord import Sent
from tests.chat.house import (
    DRAFT,
    EDIT,
    FOLLOW,
    LINK,
    READING,
    RESPOND,
    House,
    button,
    open_house,
    summarize,
)
from tests.chat.server import CLERK, ID, MEMBER, NEWS, OFFICE, Server, said, user

POST = "POST /channels/{channel_id}/messages"
DELETE = "delete_webhook_message"
ANSWERED = "This was answered here"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, server=Server()) as opened:
        opened.ready(READING, READING, READING, drafts=9)
        opened.discord.be(MEMBER, NEWS)
        yield opened


def stands(house: House, card: Sent, at: int = NEWS) -> None:
    """Let the server have the message that was sent."""
    assert house.server
    house.server.tell(at, said(card.id, "", user(3)))


async def a_card(house: House, **options: Any) -> Sent:
    card = (await summarize(house, **options))[-1]
    stands(house, card)
    return card


async def test_the_asker_is_led_to_the_card_that_is_there(house: House) -> None:
    """
    Within the hour: one private sentence with a link to it, whoever asks; nobody else sees anything.
    """
    card = await a_card(house)
    house.discord.be(CLERK, NEWS)
    house.clock.tick(timedelta(minutes=59))
    (sent,) = await summarize(house)

    assert (RESPOND, 4, True) == (sent.how, sent.payload["type"], sent.private)
    assert ANSWERED in sent.text
    assert f"https://discord.com/channels/{ID}/{NEWS}/{card.id}" in sent.text
    assert 1 == len(house.model.asked)


async def test_in_french_it_is_said_in_french(house: House) -> None:
    """
    In the asker's language, for a card of that language.
    """
    await a_card(house, locale="fr")
    (sent,) = await summarize(house, locale="fr")

    assert "Une réponse est déjà ici" in sent.text


@pytest.mark.parametrize(
    "other", [{"language": "de"}, {"length": "short"}, {"private": True}, {"link": LINK + "/2"}]
)
async def test_another_question_gets_a_card_of_its_own(house: House, other: dict[str, Any]) -> None:
    """
    In another language or length, in private, or of another link.
    """
    await a_card(house)
    sent = await summarize(house, **other)

    assert "The shops were not asked" in sent[-1].text


async def test_positions_are_no_card_and_a_card_no_positions(house: House) -> None:
    """
    Who asks for what readers say in full is not led to a summary, nor the other way round.
    """
    await house.discord.slash("positions", link=LINK)
    await house.desk.settle()
    stands(house, house.discord.last)
    assert "Marlow opens a bike lane" in (await a_card(house)).text
    await house.discord.slash("positions", link=LINK)

    assert "Should the lane be built?" in house.discord.last.text
    assert ANSWERED not in house.discord.last.text


async def test_another_channel_gets_a_card_of_its_own(house: House) -> None:
    """
    The card is where it is.
    """
    await a_card(house)
    house.discord.be(CLERK, OFFICE)
    sent = await summarize(house)

    assert "The shops were not asked" in sent[-1].text


async def test_after_an_hour_it_is_posted_again(house: House) -> None:
    """
    Far up in the channel it is of no use.
    """
    await a_card(house)
    house.clock.tick(timedelta(minutes=61))
    sent = await summarize(house, private=False)

    assert ANSWERED not in sent[-1].text


async def test_a_refreshed_card_counts_from_its_refresh(house: House) -> None:
    """
    And it stays its asker's.
    """
    card = await a_card(house)
    house.clock.tick(timedelta(minutes=10))
    house.discord.be(CLERK, NEWS)
    house.discord.original = card.id
    await house.discord.press(card, button(card, "chorus:fresh"))
    await house.desk.settle()
    known = await house.cards.get(card.id)

    assert known
    assert (MEMBER, house.clock.now()) == (known.asker, known.at)


async def test_where_the_model_failed_the_link_is_tried_again(house: House) -> None:
    """
    Extracts in place of positions are nobody's answer for an hour; who asked may remove them all the same.
    """
    house.model.answers = deque([ModelTimeout(seconds=9), DRAFT])
    first = await a_card(house)
    second = (await summarize(house))[-1]

    assert "no opinion is counted" in first.text
    assert "The shops were not asked" in second.text
    assert await house.cards.get(first.id)


async def test_a_card_that_was_deleted_is_posted_anew(house: House) -> None:
    """
    Discord says that it is not there: it is forgotten, and the answer is the card.
    """
    await summarize(house)
    sent = await summarize(house)

    assert "The shops were not asked" in sent[-1].text
    assert not sent[-1].private


@pytest.mark.parametrize(
    "event",
    [
        lambda id: ("parse_message_delete", {"id": str(id)}),
        lambda id: ("parse_message_delete_bulk", {"ids": ["1", str(id)]}),
    ],
    ids=["one", "many"],
)
async def test_a_deletion_that_is_told_is_remembered(house: House, event: Any) -> None:
    """
    Discord need not be asked then.
    """
    card = await a_card(house)
    name, data = event(card.id)
    where = {"channel_id": str(NEWS), "guild_id": str(ID)}
    getattr(house.client._connection, name)({**data, **where})
    await house.discord._settle()

    assert None is await house.cards.get(card.id)
    assert "The shops were not asked" in (await summarize(house))[-1].text


@pytest.mark.parametrize("status", [403, 500])
async def test_where_it_cannot_be_looked_at_it_is_posted_again(house: House, status: int) -> None:
    """
    Better twice than not at all.
    """
    assert house.server
    await a_card(house)
    if status == 403:
        house.server.shut.add(NEWS)
    else:
        house.server.failing = status
    sent = await summarize(house)

    assert "The shops were not asked" in sent[-1].text


async def test_two_who_ask_at_once_get_one_card(house: House) -> None:
    """
    Who is second gets the sentence, privately, and "thinking…" is taken away.
    """
    go = asyncio.Event()

    async def read(target: str, audience: Any, report: Report) -> Reading:
        await go.wait()
        return READING

    house.reader.read = read  # type: ignore[method-assign]
    await house.discord.slash("summarize", link=LINK)
    first = house.discord.sent[-1]
    house.discord.be(CLERK, NEWS)
    await house.discord.slash("summarize", link=LINK)
    before = len(house.discord.sent)
    house.discord.original = first.id
    stands(house, first)
    go.set()
    await house.desk.settle()
    sent = house.discord.sent[before:]

    assert RESPOND == first.how
    assert [EDIT, DELETE, FOLLOW] == [one.how for one in sent if "Cancel" not in str(one.data)]
    assert ANSWERED in sent[-1].text
    assert sent[-1].private


async def test_an_answer_that_is_delivered_twice_is_not_taken_for_somebody_elses(
    house: House,
) -> None:
    """
    A crash between posting a card and noting it as delivered: the next start edits the same message.
    """
    card = await a_card(house)
    async with house.orders._database.write() as connection:
        await connection.exec_driver_sql("UPDATE orders SET state = 'done'")
    ((order, outcome),) = await house.orders.open()
    assert outcome
    before = len(house.discord.sent)
    await house.postman.deliver(order, outcome)

    assert DELETE not in [one.how for one in house.discord.sent[before:]]
    assert "The shops were not asked" in house.discord.last.text
    assert card.text == house.discord.last.text


async def test_a_mention_is_led_there_by_a_reply(house: House) -> None:
    """
    A message cannot be answered in private: the reply is one sentence.
    """
    await a_card(house)
    me = {"id": "3", "username": "u3", "discriminator": "0", "avatar": None}
    where = {"guild_id": str(ID), "channel_id": str(NEWS), "author": user(CLERK)}
    member: dict[str, Any] = {"roles": [], "joined_at": None, "flags": 0}
    await house.discord.say(f"<@3> {LINK}", mentions=[me], member=member, **where)
    await house.desk.settle()

    assert POST == house.discord.last.how
    assert ANSWERED in house.discord.last.text


async def test_a_card_that_answers_a_mention_is_known_too(house: House) -> None:
    """
    However it got there.
    """
    me = {"id": "3", "username": "u3", "discriminator": "0", "avatar": None}
    where = {"guild_id": str(ID), "channel_id": str(NEWS), "author": user(CLERK)}
    member: dict[str, Any] = {"roles": [], "joined_at": None, "flags": 0}
    await house.discord.say(f"<@3> {LINK}", mentions=[me], member=member, **where)
    await house.desk.settle()
    stands(house, house.discord.last)

    assert ANSWERED in (await summarize(house))[-1].text


async def test_a_failure_to_note_a_card_costs_nobody_the_answer(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """
    The card is there; that it is not known is logged.
    """
    async with house.orders._database.write() as connection:
        await connection.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON cards BEGIN SELECT RAISE(FAIL, 'no'); END"
        )
    sent = await summarize(house)

    assert "The shops were not asked" in sent[-1].text
    assert "could not be noted" in caplog.text


async def test_the_second_card_is_not_posted_into_a_channel_either(house: House) -> None:
    """
    A public answer whose token has died is a sentence where the card stands already.
    """
    await a_card(house)
    order = await house.orders.find(await first_order(house))
    assert order
    late = replace(order[0], id="2", reply_to=replace(order[0].reply_to, token=None))
    assert order[1]
    assert await house.postman.deliver(late, order[1])

    assert POST == house.discord.last.how
    assert ANSWERED in house.discord.last.text


async def first_order(house: House) -> str:
    async with house.orders._database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT id FROM orders")
        return str(rows.scalars().first())

"""Orders on their way from taken to delivered."""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from bot.core.answers import Answer
from bot.core.models import PUBLIC, Brief
from bot.core.money import Spender
from bot.core.passages import Passage
from bot.core.ports import Address, Answered, Order, Outcome, Question
from bot.errors import PageNotFound
from bot.store.codec import Codec
from bot.store.database import Database
from bot.store.orders import SqlOrders
from bot.store.tables import orders as table
from tests.fakes import READ_AT

ORDER = Order(
    id="1",
    target="https://town.example/lane",
    brief=Brief("fr"),
    audience=PUBLIC,
    asker=7,
    reply_to=Address(channel=2, application=3, token="secret-token", locale="fr"),
    fresh=False,
    taken_at=READ_AT,
)
FAILED = Outcome.failed(PageNotFound(host="town.example"))


async def test_the_same_id_twice_is_once(database: Database) -> None:
    """
    An order is taken once.
    """
    orders = SqlOrders(database)

    assert [True, False] == [await orders.add(ORDER), await orders.add(ORDER)]
    assert [(ORDER, None)] == await orders.open()


async def test_many_at_once_are_each_taken_once(database: Database) -> None:
    """
    Whoever is taken twice within a moment too.
    """
    orders = SqlOrders(database)
    ids = [*map(str, range(40)), *map(str, range(40))]
    taken = await asyncio.gather(*(orders.add(replace(ORDER, id=id)) for id in ids))

    assert ([True] * 40) + ([False] * 40) == taken
    assert 40 == len(await orders.open())


async def test_an_order_is_found_by_its_id(database: Database) -> None:
    """
    With how it ended, once it has.
    """
    orders = SqlOrders(database)
    await orders.add(ORDER)
    assert (ORDER, None) == await orders.find("1")

    await orders.finish("1", FAILED)
    assert (ORDER, FAILED) == await orders.find("1")
    assert None is await orders.find("2")


async def test_open_orders_are_found_oldest_first(database: Database) -> None:
    """
    What is taken or done but not delivered is taken up again, in the order it came.
    """
    orders = SqlOrders(database)
    later = replace(ORDER, id="2", taken_at=READ_AT + timedelta(seconds=1))
    for order in (later, ORDER, replace(ORDER, id="3")):
        await orders.add(order)
    await orders.finish("2", Outcome(digest="k"))
    await orders.finish("3", FAILED)
    await orders.delivered("3")

    assert [(ORDER, None), (later, Outcome(digest="k"))] == await orders.open()


async def test_an_outcome_is_written_once(database: Database) -> None:
    """
    How an order ended does not change.
    """
    orders = SqlOrders(database)
    await orders.add(ORDER)
    await orders.finish("1", FAILED)
    await orders.finish("1", Outcome(digest="k"))

    assert [(ORDER, FAILED)] == await orders.open()


async def test_the_token_is_wiped_at_delivery(database: Database) -> None:
    """
    A delivered order keeps nothing that could answer in the asker's place.
    """
    orders = SqlOrders(database)
    await orders.add(ORDER)
    await orders.finish("1", FAILED)
    await orders.delivered("1")

    async with database.read() as connection:
        body = await connection.exec_driver_sql("SELECT body FROM orders")
        kept = body.scalar_one()
    assert None is Codec(Order).load(kept).reply_to.token


async def test_a_waiting_answer_is_handed_over_once(database: Database) -> None:
    """
    What could not be delivered waits for its asker, and only for them.
    """
    orders = SqlOrders(database)
    await orders.add(ORDER)
    await orders.finish("1", FAILED)
    await orders.wait("1")

    assert [] == await orders.open()
    assert [] == await orders.waiting(8, 9)
    assert [(ORDER, FAILED)] == await orders.waiting(7, 9)
    assert [] == await orders.waiting(7, 9)


async def test_the_token_of_an_answer_that_waited_is_wiped_too(database: Database) -> None:
    """
    However it arrives, what lets the bot edit it is kept no longer.
    """
    orders = SqlOrders(database)
    await orders.add(ORDER)
    await orders.finish("1", FAILED)
    await orders.wait("1")
    await orders.waiting(7, 5)

    found = await orders.find("1")
    assert found is not None
    assert None is found[0].reply_to.token


async def test_an_order_of_an_earlier_version_is_loaded(database: Database) -> None:
    """
    What was written before orders knew of roles is taken up all the same, without any.
    """
    orders = SqlOrders(database)
    await orders.add(replace(ORDER, roles=(1,)))
    body = json.loads(zlib.decompress(Codec(Order).dump(ORDER)))
    for name in ("roles", "again"):
        del body[name]
    async with database.write() as connection:
        old = zlib.compress(json.dumps(body).encode())
        await connection.execute(update(table).values(body=old))

    assert [(ORDER, None)] == await orders.open()
    assert Spender(user=7, channel=2, order="1") == ORDER.spender


async def test_an_answer_to_a_question_is_kept_until_it_has_arrived(database: Database) -> None:
    """
    It says what others wrote, and nothing else would delete it with their words.
    """
    orders = SqlOrders(database)
    answered = Outcome(answered=Answered("r", Answer("Who?", (), (Passage(None, 0, 3),))))
    for id in ("1", "2"):
        await orders.add(replace(ORDER, id=id, question=Question("Who?")))
        await orders.finish(id, answered)
    assert [answered, answered] == [end for _, end in await orders.open()]
    await orders.delivered("1")
    await orders.wait("2")
    assert [answered] == [end for _, end in await orders.waiting(ORDER.asker, 9)]

    for id in ("1", "2"):
        found = await orders.find(id)
        assert found is not None
        assert found[1] is None

"""What is kept for a server that is left, or about a person who wants it gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from bot.core.models import PUBLIC, Audience
from bot.core.money import Charge, Limit, Limits, Spender, accounts
from bot.core.ports import Address
from bot.core.usage import Sum
from bot.store.database import Database
from bot.store.kept import SqlNotes
from bot.store.ledger import SqlLedger
from bot.store.orders import SqlOrders
from bot.store.purging import SqlPurging
from bot.store.purse import SqlPurse
from bot.store.tables import charges, orders
from tests.conftest import SteadyClock
from tests.fakes import READ_AT
from tests.store.residue import everything
from tests.store.test_forgetting import LINK, Keeping
from tests.store.test_orders import ORDER

HERE, THERE = 10, 100  # the one's id begins the other's
ROOM = Audience(guild=HERE, channel=2)
LIMITS = Limits(person=Limit(month=100), guild=Limit(month=100))


async def spend(database: Database, guild: int, person: int) -> None:
    spender = Spender(person, guild, 2, (), f"{guild}-{person}")
    charge = Charge(f"{guild}-{person}", spender, "town.example", "m", 10, READ_AT)
    await SqlPurse(database).reserve(charge, accounts(spender, LIMITS, READ_AT))
    await SqlPurse(database).settle(charge.id, 90, 10, 10)


async def ids(database: Database) -> list[str]:
    async with database.read() as connection:
        return sorted((await connection.scalars(select(orders.c.id))).all())


async def test_a_server_that_is_left(database: Database, place: Path, clock: SteadyClock) -> None:
    """
    What was read, pasted and asked there goes; public readings and other servers' stay, and what was spent is nobody's.
    """
    keeping = Keeping(database, clock)
    for audience in (PUBLIC, Audience(guild=HERE), ROOM, Audience(guild=THERE)):
        await keeping.keep(LINK, audience, "a")
    await keeping.keep("paste:1", ROOM, "p", words="Whistlingcucumbers are told of in the room.")
    for guild in (HERE, THERE):
        order = replace(ORDER, id=f"o{guild}", reply_to=Address(channel=2, guild=guild))
        await keeping.orders.add(order)
        await SqlNotes(database).first(f"no-model:{guild}")
        await spend(database, guild, 7)

    await SqlPurging(database).guild(HERE)
    kept = [
        audience
        for audience in (PUBLIC, Audience(guild=HERE), ROOM, Audience(guild=THERE))
        if await keeping.shelf.latest(LINK, audience)
    ]
    assert [PUBLIC, Audience(guild=THERE)] == kept
    assert None is await keeping.shelf.latest("paste:1", ROOM)
    assert "o100" in await ids(database)
    assert "o10" not in await ids(database)
    notes = SqlNotes(database)
    assert (None, "") == (await notes.get("no-model:10"), await notes.get("no-model:100"))
    ledger = SqlLedger(database)
    assert Sum() == await ledger.total(READ_AT.date(), guild=HERE)
    assert 20 == (await ledger.total(READ_AT.date())).amount
    assert b"whistlingcucumbers" not in everything(place).lower()


async def test_a_persons_wish(database: Database, place: Path, clock: SteadyClock) -> None:
    """
    What they asked, the files they gave and what was read for them alone go; what others asked and gave stays.
    """
    keeping = Keeping(database, clock)
    mine, theirs = replace(ORDER, asker=7), replace(ORDER, asker=70)
    await keeping.keep(LINK, PUBLIC, "a")  # for everybody, though 7 asked
    await keeping.keep(LINK, Audience(user=7), "u", words="Whistlingcucumbers for seven alone.")
    for order, target in ((mine, "paste:1"), (theirs, "paste:2")):
        await keeping.keep(target, ROOM, target, words=f"Gurglingteapots {target}.")
        await keeping.orders.add(replace(order, id=target, target=target, audience=ROOM))
    async with database.write() as connection:  # those that `keep` made are of nobody here
        made = orders.c.id.not_in(["paste:1", "paste:2"])
        await connection.execute(orders.update().where(made).values(asker=1))
    for name in ("near:7:person-day:2026-01-02", "near:70:person-day:2026-01-02"):
        await SqlNotes(database).first(name)

    await SqlPurging(database).person(7)
    assert None is not await keeping.shelf.latest(LINK, PUBLIC)
    assert None is await keeping.shelf.latest(LINK, Audience(user=7))
    assert None is await keeping.shelf.latest("paste:1", ROOM)
    assert None is not await keeping.shelf.latest("paste:2", ROOM)
    assert "paste:1" not in await ids(database)
    assert "paste:2" in await ids(database)
    notes = SqlNotes(database)
    assert None is await notes.get("near:7:person-day:2026-01-02")
    assert None is not await notes.get("near:70:person-day:2026-01-02")
    assert b"whistlingcucumbers" not in everything(place).lower()


async def test_a_budget_does_not_begin_anew(database: Database) -> None:
    """
    Who has their charges made nobody's has spent as much of the month as before; a charge that is held is still ended.
    """
    await spend(database, HERE, 7)
    spender = Spender(7, HERE, 2, (), "held")
    held = Charge("held", spender, "town.example", "m", 30, READ_AT)
    purse, both = SqlPurse(database), accounts(spender, LIMITS, READ_AT)
    await purse.reserve(held, both)
    before = await purse.spent(both)
    await SqlPurging(database).person(7)

    assert before == await purse.spent(both)
    await purse.refund("held")
    assert [10] == list(dict.fromkeys(await purse.spent(both)))
    async with database.read() as connection:
        rows = await connection.execute(select(charges.c.person).where(charges.c.id != "held"))
        assert [None] == list(rows.scalars())


async def test_nothing_kept_is_nothing_to_delete(database: Database) -> None:
    """
    A stranger's wish finds nothing, and is no failure.
    """
    await SqlOrders(database).add(ORDER)
    purging = SqlPurging(database)

    assert [0, 0] == [await purging.person(1234), await purging.guild(1234)]

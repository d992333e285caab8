"""Budgets through everything real but the site and the model: the flow, the store, the desk."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.core.answering import Answering
from bot.core.digesting import Digesting, Request
from bot.core.fulfilling import Fulfilling
from bot.core.models import PUBLIC, Audience, Brief, Engine, Reading
from bot.core.money import Limit, Limits, OperatorBudgets, Spender
from bot.core.ports import Address, Order, PaidDigester, Prompt, Reply, Report
from bot.core.positions import ModelDigester
from bot.core.till import Till
from bot.errors import ModelBusy
from bot.extractive.digester import ExtractiveDigester
from bot.jobs.local import LocalDesk
from bot.store.database import Database, open_database
from bot.store.orders import SqlOrders
from bot.store.passages import SqlPassages
from bot.store.purse import SqlPurse
from bot.store.shelf import SqlShelf
from tests.conftest import SteadyClock
from tests.core.scripted import ScriptedModel, Shape
from tests.core.test_digesting import DRAFT
from tests.core.test_positions import PROMPTS, VIEWS, about, talk
from tests.fakes import FakeDigester, nobody
from tests.jobs.test_local import FakePostman
from tests.store.test_purse import asked, balances, sums

GUILD = ("guild:10", "2026-01-15")
FEW, MANY = about(talk(10)), about(talk(200))


@dataclass
class AnyLink:
    """Gives the same comments at every link."""

    what: Reading

    async def read(self, target: str, audience: Audience, report: Report) -> Reading:
        return replace(self.what, target=target, hash=f"hash of {target}")

    async def paste(self, data: bytes, name: str, audience: Audience, url: str | None) -> Reading:
        raise NotImplementedError


class PaidModel(ScriptedModel):
    """A scripted model that keeps its till: `paid` is what its replies have cost, in millionths."""

    paid = 0

    async def ask(self, prompt: Prompt[Shape]) -> Reply[Shape]:
        reply = await super().ask(prompt)
        self.paid += int((reply.cost or 0) * 1_000_000)
        return reply


def digesting(
    database: Database, limits: Limits, model: PaidDigester, what: Reading = FEW
) -> Digesting:
    clock = SteadyClock()
    return Digesting(
        reader=AnyLink(what),
        shelf=SqlShelf(database),
        clock=clock,
        extractive=ExtractiveDigester(),
        model=model,
        till=Till(SqlPurse(database), OperatorBudgets(limits), clock),
    )


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite+aiosqlite:///{folder}/kept.sqlite3") as database:
        yield database


async def ask(flow: Digesting, number: int) -> Engine:
    """Somebody asks for a link of their own; return who made the digest."""
    request = Request(f"https://town.example/{number}", PUBLIC, Brief("en"))
    made = await flow.digest(request, nobody, Spender(user=number, guild=10))
    return made.digest.made.engine


async def test_two_hundred_at_once_spend_a_budget_for_ten_exactly(tmp_path: Path) -> None:
    """
    Nobody is done before everybody has asked: ten are answered by the model, a hundred and ninety with extracts.
    """
    gate = asyncio.Event()
    model = PaidModel(VIEWS, wait=gate.wait)
    made = ModelDigester(model, PROMPTS)
    reckoned = (await made.estimate(FEW, Brief("en"))).cost or Decimal(0)
    limits = Limits(guild=Limit(day=int(10 * reckoned * 1_000_000)))
    async with opened(tmp_path) as database, asyncio.timeout(120):
        flow = digesting(database, limits, made)
        asks = [asyncio.ensure_future(ask(flow, n)) for n in range(200)]
        waiting = set(asks)
        while len(waiting) > 10:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        held = (await balances(database))[GUILD]
        gate.set()
        heard = Counter(await asyncio.gather(*asks))

        assert {Engine.LLM: 10, Engine.EXTRACTIVE: 190} == heard
        assert limits.guild.day == held
        assert model.paid == (await balances(database))[GUILD] == 10 * 1_000
        assert await sums(database) == await balances(database)


async def test_what_comes_back_can_be_spent_again(tmp_path: Path) -> None:
    """
    One after the other a budget lasts until less is left than the next digest is reckoned to take.
    """
    model = PaidModel(VIEWS)
    made = ModelDigester(model, PROMPTS)
    reckoned = int(((await made.estimate(FEW, Brief("en"))).cost or 0) * 1_000_000)
    async with opened(tmp_path) as database:
        flow = digesting(database, Limits(guild=Limit(day=10_000)), made)
        heard = [await ask(flow, n) for n in range(20)]
        spent = (await balances(database))[GUILD]

        assert [Engine.LLM] * (spent // 1_000) == heard[: spent // 1_000]
        assert {Engine.EXTRACTIVE} == set(heard[spent // 1_000 :])
        assert 10_000 - reckoned < spent <= 10_000


async def test_after_any_failure_the_ledger_is_right_to_the_cent(tmp_path: Path) -> None:
    """
    Questions fail, runs are stopped half-way: what the replies have cost is what is spent, and nothing stays held.
    """
    luck = random.Random(5)

    def sometimes(answer: object) -> object:
        return ModelBusy(retry_after=None) if luck.random() < 0.1 else answer

    async def slowly() -> None:
        for _ in range(luck.randrange(4)):
            await asyncio.sleep(0)

    model = PaidModel(VIEWS, edit=sometimes, wait=slowly)
    async with opened(tmp_path) as database:
        flow = digesting(database, Limits(), ModelDigester(model, PROMPTS), MANY)
        asks = [asyncio.ensure_future(ask(flow, n)) for n in range(24)]
        for one in asks[::3]:
            while not model.asked or (not one.done() and luck.random() < 0.98):
                await asyncio.sleep(0)
            one.cancel()
        heard = Counter(map(type, await asyncio.gather(*asks, return_exceptions=True)))

        assert heard[asyncio.CancelledError] > 3
        assert model.paid == (await balances(database))["operator", "2026-01"]
        assert await sums(database) == await balances(database)
        assert not await held(database)


async def held(database: Database) -> list[Any]:
    async with database.read() as connection:
        found = await connection.exec_driver_sql("SELECT id FROM charges WHERE state = 'reserved'")
        return list(found)


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.test_money import dying

asyncio.run(dying(Path(sys.argv[1])))
"""
ORDER = Order(
    id="o1",
    target="https://town.example/1",
    brief=Brief("en"),
    audience=PUBLIC,
    asker=7,
    reply_to=Address(channel=20, guild=10, token="t"),
    fresh=False,
    taken_at=SteadyClock().now(),
)
ONE = Limits(guild=Limit(day=10_000), asks_per_hour=1)
"""Room for one digest, and one ask an hour."""


def desk(database: Database, model: FakeDigester) -> tuple[LocalDesk, FakePostman]:
    postman = FakePostman()
    flow = digesting(database, ONE, model)
    till = Till(SqlPurse(database), OperatorBudgets(ONE), SteadyClock())
    fulfilling = Fulfilling(flow, Answering(SqlPassages(database), None, None, till), till)
    made = LocalDesk(
        orders=SqlOrders(database), run=fulfilling.run, postman=postman, clock=SteadyClock()
    )
    return made, postman


async def dying(folder: Path) -> None:
    """Take an order, say when the model is being asked, and never get an answer: run in a process that is killed."""

    async def wait() -> None:
        sys.stdout.write("asked\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

    model = FakeDigester("llm/m/p1", gate=wait)
    model.answers.append(DRAFT)
    async with opened(folder) as database:
        await desk(database, model)[0].take(ORDER)
        await asyncio.Event().wait()


async def test_killed_between_reservation_and_settlement(tmp_path: Path) -> None:
    """
    SIGKILL while the model is asked: the order is taken up within a budget for one and a ceiling of one, and paid once.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert b"asked\n" == await process.stdout.readline()
    process.kill()
    assert -signal.SIGKILL == await process.wait()

    model = FakeDigester("llm/m/p1")
    model.answers.append(replace(DRAFT, tokens_in=5, tokens_out=5, cost=Decimal("0.004")))
    async with opened(tmp_path) as database:
        assert 10_000 == (await balances(database))[GUILD]
        again, postman = desk(database, model)
        await again.resume()
        await again.settle()

        ((_, outcome),) = postman.delivered
        kept = await SqlShelf(database).digest(outcome.digest or "")
        assert kept is not None
        assert Engine.LLM is kept.made.engine
        assert 4_000 == (await balances(database))[GUILD]
        assert 1 == await asked(database, 7)
        assert await sums(database) == await balances(database)
        assert not await held(database)

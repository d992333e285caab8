"""
The queue of a fleet: procrastinate over PostgreSQL. A job says what is asked, by its hash; the store knows the orders.

A job that cannot end is never tried again itself: a new one is put into the queue, where one that waits for the same is
enough, then it is deleted. So nothing of it is left behind, whoever does this how often.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString, TypeVar

from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT, JobManager
from procrastinate.schema import SchemaManager

from bot.core.ports import Clock
from bot.errors import DatabaseUnavailable

log = logging.getLogger("chorus.jobs")
T = TypeVar("T")

DIGESTS, DELIVERIES = "digests", "deliveries"
WORK, DELIVER, SWEEP, TIDY, WAKE = "work", "deliver", "sweep", "tidy", "wake"

PATIENCE_SECONDS = 20
"""How long a statement is tried again while the server cannot be reached: it restarts in less."""

MOST_CONNECTIONS = 6

_THERE = "42P06"  # duplicate_schema: somebody else has made it meanwhile
_AWAY = (
    "08",
    "53",
    "57",
)  # classes of connection, resources, shutdown; no state at all: the connection broke


class Queue:
    """Puts jobs into the queue, and looks at it."""

    def __init__(self, connector: PsycopgConnector, clock: Clock) -> None:
        self.connector = connector
        self._jobs = JobManager(connector)
        self._clock = clock
        self._putting: dict[str, asyncio.Task[None]] = {}
        self._next: dict[str, asyncio.Task[None]] = {}

    async def ask(self, asked: str, *, wait: float = 0) -> None:
        """
        Have somebody work on what is *asked*, in *wait* seconds.

        Who asks while another's job is put in cannot know whether it is early enough for them, so theirs follows; it is
        that of all who ask meanwhile: of five hundred within a second a handful reach the server.
        """
        if wait or asked not in self._putting:
            await self._first(asked, wait)
            return
        if asked not in self._next:
            self._next[asked] = asyncio.ensure_future(self._after(self._putting[asked], asked))
        await asyncio.shield(self._next[asked])

    async def carry(self, asked: str, *, wait: float = 0) -> None:
        """Have the answers to what is *asked* delivered, in *wait* seconds."""
        await self._put(DELIVERIES, DELIVER, asked, wait)

    async def wake(self) -> None:
        """Have one of those who watch pins look at once."""
        job = Job(queue=DIGESTS, task_name=WAKE, lock=None, queueing_lock=WAKE)
        await self._defer(job)

    async def again(self, job: Job, *, wait: float = 0) -> None:
        """Put in a job like *job*, in *wait* seconds; what is periodic comes again anyway."""
        if "asked" in job.task_kwargs:
            await self._put(job.queue, job.task_name, str(job.task_kwargs["asked"]), wait)

    async def places(self) -> dict[str, int]:
        """Return the place of everything asked that waits for a worker, the first is 1."""
        rows = await self.connector.execute_query_all_async(_WAITING, queue=DIGESTS, task=WORK)
        return {row["asked"]: place for place, row in enumerate(rows, 1)}

    async def left_by_others(self, seconds: float) -> Iterable[Job]:
        """Return the jobs of workers that have ended, or whose hearts have not beaten for so many *seconds*."""
        return await self._jobs.get_stalled_jobs(seconds_since_heartbeat=seconds)

    async def of(self, worker: int) -> Iterable[Job]:
        """Return the jobs a worker is at, as the queue knows it."""
        return await self._jobs.list_jobs_async(worker_id=worker, status=Status.DOING.value)

    async def take_over(self, job: Job) -> None:
        """Put in a job like *job*, which nobody is at, and delete that."""
        await self.again(job)
        try:
            await self._jobs.finish_job(job, Status.ABORTED, delete_job=True)
        except ConnectorException:  # another one was quicker
            log.debug("job %s is gone already", job.id)

    async def _first(self, asked: str, wait: float) -> None:
        putting = asyncio.ensure_future(self._put(DIGESTS, WORK, asked, wait))
        self._putting[asked] = putting
        try:
            await asyncio.shield(putting)
        finally:
            if self._putting.get(asked) is putting:
                del self._putting[asked]

    async def _after(self, putting: asyncio.Task[None], asked: str) -> None:
        await asyncio.wait([putting])
        del self._next[asked]
        await self._first(asked, 0)

    async def _put(self, queue: str, task: str, asked: str, wait: float) -> None:
        job = Job(
            queue=queue,
            task_name=task,
            lock=f"{task} {asked}",  # one at a time
            queueing_lock=f"{task} {asked}",  # and one that waits
            task_kwargs={"asked": asked},
            scheduled_at=self._clock.now() + timedelta(seconds=wait) if wait else None,
        )
        await self._defer(job)

    async def _defer(self, job: Job) -> None:
        try:
            await self._jobs.defer_job_async(job)
        except AlreadyEnqueued:
            log.debug("%s waits in the queue already", job.call_string)


@asynccontextmanager
async def open_queue(url: str, clock: Clock, *, place: str) -> AsyncIterator[Queue]:
    """
    Open the queue in the database at *url* (libpq's form), with tables of its own; raises `DatabaseUnavailable`.

    *place* is the database's name for people.
    """
    schema = _schema()

    async def configure(connection: Any) -> None:
        await connection.execute(f'SET search_path TO "{schema}"')
        await connection.commit()

    connector = _Patient(
        conninfo=url,
        min_size=1,
        max_size=MOST_CONNECTIONS,
        timeout=PATIENCE_SECONDS / 2,
        configure=configure,
    )
    try:
        await connector.open_async()
        try:
            await _prepare(connector, schema)
            yield Queue(connector, clock)
        finally:
            connector.patience = 0
            await connector.close_async()
    except ConnectorException as error:
        raise DatabaseUnavailable(place=place, reason="unreachable") from error


def _schema() -> str:
    """
    Return the name of the schema that the library's tables are in: of the newest change to them.

    A newer library finds none of its own and makes it; the sweep fills it from the orders that are open.
    """
    changes = sorted(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return "jobs_" + changes[-1].partition("_")[0].replace(".", "_")


async def _prepare(connector: PsycopgConnector, schema: str) -> None:
    """Make the library's tables, once, whoever starts at the same time; under the lock that migrations are under."""
    found = await connector.execute_query_one_async(
        "SELECT to_regnamespace(%(name)s) IS NOT NULL AS there", name=schema
    )
    if found["there"]:
        return
    tables = SchemaManager.get_schema().replace("%", "%%")
    begin = f"SELECT pg_advisory_xact_lock(hashtext('migrate')); CREATE SCHEMA \"{schema}\";"
    try:
        await connector.execute_query_async(begin + tables)
    except ConnectorException as error:
        if _state(error) != _THERE:
            raise


class _Patient(PsycopgConnector):
    """Tries again what a server that restarts refuses or does not hear: no job has to end for that."""

    patience: float = PATIENCE_SECONDS

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        execute = super().execute_query_async
        await self._patiently(lambda: execute(query, **arguments))

    async def execute_query_one_async(
        self, query: LiteralString, **arguments: Any
    ) -> dict[str, Any]:
        execute = super().execute_query_one_async
        return await self._patiently(lambda: execute(query, **arguments))

    async def execute_query_all_async(
        self, query: LiteralString, **arguments: Any
    ) -> list[dict[str, Any]]:
        execute = super().execute_query_all_async
        return await self._patiently(lambda: execute(query, **arguments))

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        while (
            True
        ):  # the library ends with the connection; jobs are looked for every second meanwhile
            try:
                await super().listen_notify(on_notification, channels)
            except (ConnectorException, OSError) as error:
                log.info("listening again: %s", error)
            await asyncio.sleep(1)

    async def _patiently(self, execute: Callable[[], Awaitable[T]]) -> T:
        ends = asyncio.get_running_loop().time() + self.patience
        while True:
            try:
                return await execute()
            except UniqueViolation:
                raise
            except AssertionError as error:
                # the library looks for the lock's name in an English message; others speak other languages
                lock = QUEUEING_LOCK_CONSTRAINT
                raise UniqueViolation(constraint_name=lock, queueing_lock=None) from error
            except ConnectorException as error:
                if not _is_away(error) or asyncio.get_running_loop().time() > ends:
                    raise
            await asyncio.sleep(0.5)


def _state(error: ConnectorException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _is_away(error: ConnectorException) -> bool:
    state = _state(error)
    return state is None or state.startswith(_AWAY)


_WAITING: LiteralString = """
SELECT args ->> 'asked' AS asked FROM procrastinate_jobs AS job
WHERE status = 'todo' AND queue_name = %(queue)s AND task_name = %(task)s AND NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs AS other WHERE other.lock = job.lock AND other.status = 'doing'
)
ORDER BY priority DESC, id
"""

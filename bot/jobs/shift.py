"""
One process's part in the work of a fleet: takes jobs from the queue, and what a killed one has left.

Digests and deliveries have rooms of their own: what is ready does not wait behind what is being thought about.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Protocol

from procrastinate import App, JobContext
from procrastinate.jobs import Job
from procrastinate.worker import Worker

from bot.core.meter import NO_METER, Meter
from bot.jobs.logged import logged
from bot.jobs.queue import DELIVER, DELIVERIES, DIGESTS, SWEEP, TIDY, WAKE, WORK, Queue

log = logging.getLogger("chorus.jobs")

BEAT_SECONDS = 1.0
STALLED_SECONDS = 5.0
"""A worker whose heart has not beaten for so long is taken for dead."""

LOOK_SECONDS = 1.0
"""Between two looks at what is left behind, and at a queue whose bell was not heard."""

AGAIN_SECONDS = 2.0
"""After a job that failed."""

DELIVERIES_AT_ONCE = 32
EVERY_MINUTE, EVERY_NIGHT = "* * * * *", "23 3 * * *"


class Hands(Protocol):
    """What the jobs are for."""

    async def work(self, asked: str) -> None:
        """Fulfil the orders of what is *asked*."""
        ...

    async def deliver(self, asked: str) -> None:
        """Deliver the answers to what is *asked*."""
        ...

    async def sweep(self) -> None:
        """Put into the queue what is missing there."""
        ...

    async def tidy(self) -> None:
        """Delete what is old."""
        ...

    def wake(self) -> None:
        """Look for pins that are due."""
        ...


class Shift:
    """Works from `begin` to `end`; at most *at_once* digests at the same time."""

    def __init__(
        self, queue: Queue, hands: Hands, *, at_once: int, meter: Meter = NO_METER
    ) -> None:
        self._queue = queue
        self._meter = meter
        self._hands = hands
        self._at_once = at_once
        self._workers: list[Worker] = []
        self._keeping: list[asyncio.Task[None]] = []
        self._looking: asyncio.Task[None] | None = None
        self._at: set[int] = set()  # jobs
        self._ending = False

    def begin(self) -> None:
        """Begin to take jobs."""
        digests, deliveries = self._apps()
        self._keeping = [
            asyncio.ensure_future(self._keep(digests, DIGESTS, self._at_once)),
            asyncio.ensure_future(self._keep(deliveries, DELIVERIES, DELIVERIES_AT_ONCE)),
        ]
        self._looking = asyncio.ensure_future(self._look_after())

    async def end(self, grace: float) -> None:
        """Take no more jobs, give those that run *grace* seconds, and hand over the rest."""
        self._ending = True
        for worker in self._workers:
            worker.shutdown_graceful_timeout = grace
            worker.stop()  # type: ignore[no-untyped-call] # the library's
        if self._looking is not None:
            self._looking.cancel()
        if self._keeping:
            await asyncio.wait(self._keeping, timeout=grace + 2)  # more only if the server is away
        for task in self._keeping:
            task.cancel()

    def _apps(self) -> tuple[App, App]:
        """Return the library's two programs: each worker runs one, for they share the clock of what is periodic."""
        digests, deliveries = (App(connector=self._queue.connector) for _ in range(2))

        @digests.task(name=WORK, queue=DIGESTS, pass_context=True)
        async def work(context: JobContext, asked: str) -> None:
            await self._do(context.job, self._hands.work(asked))

        @digests.periodic(cron=EVERY_MINUTE)
        @digests.task(name=SWEEP, queue=DIGESTS, queueing_lock=SWEEP, pass_context=True)
        async def sweep(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the library passes it
            await self._do(context.job, self._hands.sweep())

        @digests.periodic(cron=EVERY_NIGHT)
        @digests.task(name=TIDY, queue=DIGESTS, queueing_lock=TIDY, pass_context=True)
        async def tidy(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
            await self._do(context.job, self._hands.tidy())

        @digests.task(name=WAKE, queue=DIGESTS)
        async def wake() -> None:
            self._hands.wake()

        @deliveries.task(name=DELIVER, queue=DELIVERIES, pass_context=True)
        async def deliver(context: JobContext, asked: str) -> None:
            await self._do(context.job, self._hands.deliver(asked))

        return digests, deliveries

    async def _do(self, job: Job, doing: Awaitable[None]) -> None:
        """Do what a job is for; where that fails or is stopped, another job is put in its place."""
        assert job.id is not None  # noqa: S101 - it comes from the queue
        self._at.add(job.id)
        try:
            await doing
        except asyncio.CancelledError:
            await self._queue.again(job)
            raise
        except Exception:
            await self._queue.again(job, wait=AGAIN_SECONDS)
            raise
        finally:
            self._at.discard(job.id)

    async def _keep(self, app: App, queue: str, at_once: int) -> None:
        """Keep a worker at a queue; the library's own ends where it cannot write down that it lives."""
        while not self._ending:
            worker = Worker(
                app,
                queues=[queue],
                name=queue,
                concurrency=at_once,
                fetch_job_polling_interval=LOOK_SECONDS,
                update_heartbeat_interval=BEAT_SECONDS,
                stalled_worker_timeout=60 * STALLED_SECONDS,  # when its row is deleted, no more
                delete_jobs="always",
                install_signal_handlers=False,
            )
            self._workers.append(worker)
            with logged("a worker ended"):
                await worker.run()  # type: ignore[no-untyped-call] # the library's
            self._workers.remove(worker)
            if not self._ending:
                await asyncio.sleep(LOOK_SECONDS)

    async def _look_after(self) -> None:
        """Take over what others left, and what the queue takes this process to be at though it is not."""
        time = asyncio.get_running_loop().time
        looked, calm, lost = time(), time(), set[int | None]()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with logged("what was left could not be looked for"):
                self._meter.queued(len(await self._queue.places()), len(self._at))
                left = list(await self._queue.left_by_others(STALLED_SECONDS))
                if time() - looked > 3 * LOOK_SECONDS:
                    # we were held up, or the server was away: others may not have been heard either
                    calm = time() + STALLED_SECONDS
                looked = time()
                ours = [
                    job
                    for worker in self._workers
                    if worker.worker_id is not None
                    for job in await self._queue.of(worker.worker_id)
                    if job.id not in self._at
                ]
                # twice in a row: it may have been about to begin, or to be written down as done
                gone = [job for job in ours if job.id in lost]
                lost = {job.id for job in ours}
                for job in (*gone, *(left if time() >= calm else ())):
                    log.warning("job %s was left behind and is taken over", job.call_string)
                    await self._queue.take_over(job)

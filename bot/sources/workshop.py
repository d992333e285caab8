"""
Where foreign text is read: in processes apart, each with a limit of time and memory.

A thread cannot be stopped, and one tag with a million attributes keeps a parser busy for hours; a process is killed.
The event loop only ever waits for a pipe.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Self, TypeVar, cast

from bot.errors import ChorusError, TooHeavy
from bot.sources.worker import BROKEN, LENGTH, READY, REFUSED

T = TypeVar("T")

LARGE = 1_000_000
"""Bytes of a task after which a worker is not kept: it had 50 MB, and keeps 166 after a page of five megabytes."""

# the same modules as here, wherever they came from, and none of the user's own start-up files
_START = "import sys; sys.path[:] = sys.argv[3:]; from bot.sources.worker import main; main()"


class Workshop:
    """
    Runs functions in worker processes. An async context manager: leaving it ends them.

    A task may take *seconds*, a worker *megabytes* of address space. At most *workers* run at once; they are started
    when needed, and one is kept for the next task, until it has had *tasks* of them.
    """

    def __init__(
        self,
        *,
        workers: int = min(2, os.cpu_count() or 1),
        seconds: float = 20,
        megabytes: int = 600,
        tasks: int = 200,
    ) -> None:
        self._turns = asyncio.Semaphore(workers)
        self._seconds = seconds
        self._megabytes = megabytes
        self._most_tasks = tasks
        self._spare: _Worker | None = None
        self._busy: set[_Worker] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._most_tasks = 0  # none is kept any more
        for worker in self._busy:
            worker.kill()  # whoever waits for it is told
        if self._spare is not None:
            await self._spare.end()

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """
        Return `function(*arguments)`; all of them must be picklable, a function is by its name.

        Raises the `ChorusError` it raised, `TooHeavy` where it reached a limit or took its process down, and
        `RuntimeError` with the traceback of anything else.
        """
        task = pickle.dumps((function, arguments))
        async with self._turns, self._hired() as worker:
            try:
                async with asyncio.timeout(self._seconds):
                    outcome, value = pickle.loads(await worker.do(task))  # noqa: S301 # it is ours
            except (TimeoutError, EOFError, ConnectionError) as error:
                raise TooHeavy(seconds=max(1, round(self._seconds))) from error
            if outcome == REFUSED:
                raise value
            if outcome == BROKEN:
                raise RuntimeError(f"in a worker:\n{value}")
            done: T = value
            return done

    @asynccontextmanager
    async def _hired(self) -> AsyncIterator[_Worker]:
        """Give a worker; it is kept for the next task if all went well."""
        worker, self._spare = self._spare, None
        if worker is not None and not worker.lives:
            await worker.end()
            worker = None
        if worker is None:
            worker = await _Worker.start(self._megabytes, self._seconds)
        self._busy.add(worker)
        fit = False
        try:
            yield worker
            fit = True
        except ChorusError as error:
            fit = not isinstance(error, TooHeavy)
            raise
        finally:
            self._busy.discard(worker)
            await self._put_back(worker, fit)

    async def _put_back(self, worker: _Worker, fit: bool) -> None:
        used_up = worker.grown or worker.tasks >= self._most_tasks
        if fit and not used_up and self._spare is None:
            self._spare = worker
        else:
            await worker.end()


class _Worker:
    """One process and the pipes to it. `tasks` counts what it has done; `grown` is true once it had a large one."""

    def __init__(self, process: Process, into: StreamWriter, out: StreamReader) -> None:
        self._process = process
        self._into = into
        self._out = out
        self.tasks = 0
        self.grown = False

    @classmethod
    async def start(cls, megabytes: int, seconds: float) -> _Worker:
        """Start one; raises `RuntimeError` or `OSError` where that cannot be done."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-c", _START, str(megabytes), str(seconds), *sys.path),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,  # Ctrl-C is for the bot, which ends its workers itself
        )
        worker = cls(
            process, cast("StreamWriter", process.stdin), cast("StreamReader", process.stdout)
        )
        try:
            if await worker._out.readline() != READY:
                raise RuntimeError("a worker does not start")
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def lives(self) -> bool:
        return self._process.returncode is None and not self._out.at_eof()

    async def do(self, task: bytes) -> bytes:
        """Return the reply to a pickled task; raises `EOFError` or `ConnectionError` if the process ends."""
        self.tasks += 1
        self.grown = self.grown or len(task) > LARGE
        self._into.write(LENGTH.pack(len(task)))
        self._into.write(task)
        await self._into.drain()
        (length,) = LENGTH.unpack(await self._out.readexactly(LENGTH.size))
        return await self._out.readexactly(length)

    def kill(self) -> None:
        """Kill the process if it lives; asking asyncio to kill a dead one makes it miss the exit code, and log that."""
        if self.lives:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def end(self) -> None:
        """Kill the process and close its pipes."""
        self.kill()
        await self._process.communicate()  # not `wait`: what lies in the pipe would hold it up

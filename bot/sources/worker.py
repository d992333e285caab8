"""
A worker: a process of its own that reads foreign text, so that it can be killed and its memory limited.

It takes tasks from stdin and answers each on stdout, as frames: eight bytes of length, then a pickle. `workshop.py`
starts it. Pages are parsed only here, so that the bot itself never imports trafilatura.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from struct import Struct
from typing import TYPE_CHECKING, Any

from bot.core.models import Reading
from bot.errors import ChorusError

if TYPE_CHECKING:
    from bot.sources.platform import Platform

LENGTH = Struct(">Q")
DONE, REFUSED, BROKEN = "done", "refused", "broken"
"""What became of a task: its value, the `ChorusError` it raised, or the traceback of anything else."""
READY = b"ready\n"
"""What a worker says before its first task."""


def read_page(html: str, url: str | None) -> Reading:
    """Read a page, see `webpage.read_page`."""
    from bot.sources.webpage import read_page as read

    return read(html, url)


def read_text(text: str, url: str | None) -> Reading:
    """Read a copied text, see `pasted.read_text`."""
    from bot.sources.pasted import read_text as read

    return read(text, url)


def named_in(platforms: Sequence[Platform], html: str, url: str) -> list[str | None]:
    """Return for each of *platforms* the link of the discussion that a page names as its own, see `Platform`."""
    return [platform.named_in(html, url) for platform in platforms]


def main() -> None:
    """Work until stdin ends. `sys.argv`: the most megabytes, the most seconds a task."""
    megabytes, seconds = int(sys.argv[1]), float(sys.argv[2])
    _limit_memory(megabytes)
    # numpy's threads reserve address space by the number of processors, and one is enough for a language
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    tasks = sys.stdin.buffer
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between two replies
    replies.write(READY)
    replies.flush()
    while head := tasks.read(LENGTH.size):
        _deadline(seconds)
        try:
            reply = _reply(tasks.read(*LENGTH.unpack(head)))
        except (MemoryError, SystemError):  # the interpreter's own word for the same
            os._exit(1)  # what else is broken by it, nobody knows
        _deadline(None)
        replies.write(LENGTH.pack(len(reply)))
        replies.write(reply)
        replies.flush()


def _reply(task: bytes) -> bytes:
    function: Callable[..., Any]
    try:
        function, arguments = pickle.loads(task)  # noqa: S301 # our own parent wrote it
        return pickle.dumps((DONE, function(*arguments)))
    except ChorusError as error:
        return pickle.dumps((REFUSED, error))
    except (MemoryError, SystemError):
        raise
    except Exception:
        return pickle.dumps((BROKEN, traceback.format_exc()))


def _limit_memory(megabytes: int) -> None:
    """Limit the address space, where the platform has such a limit and means it."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = megabytes << 20
        limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _deadline(seconds: float | None) -> None:
    """Let the system end this process a little after *seconds*, should nobody be left to do so; None calls it off."""
    if hasattr(signal, "alarm"):
        signal.alarm(0 if seconds is None else math.ceil(seconds) + 1)

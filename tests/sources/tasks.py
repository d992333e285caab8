"""What tests let a worker do. A worker finds a function by its module's name, so they stand apart from the tests."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from bot.errors import Walled
from bot.sources import worker
from bot.sources.platforms import platforms


def same(text: str) -> str:
    """Give back what came, and print as libraries do."""
    sys.stdout.write("a line that is no reply\n")
    sys.stdout.flush()
    return text


def own_id() -> int:
    """Tell which process this is."""
    return os.getpid()


def length(text: str) -> int:
    """Measure *text*."""
    return len(text)


def refuse() -> None:
    """Raise an error of ours."""
    raise Walled(kind="login")


def stumble() -> None:
    """Raise an error nobody foresaw."""
    raise KeyError("no such shelf")


def never_end(deaf: bool = False) -> None:
    """Go on for ever; *deaf*: and mind no signal that can be minded."""
    if deaf:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass


def swallow() -> None:
    """Take all memory there is."""
    held = []
    while True:
        held.append(bytearray(10_000_000))


def fall() -> None:
    """Die as a parser dies of a bug."""
    os.kill(os.getpid(), signal.SIGSEGV)


def meet(ours: Path, theirs: Path) -> bool:
    """Leave a sign and wait for the other's: done only if somebody else does the same meanwhile."""
    ours.touch()
    while not theirs.exists():
        pass
    return True


def packages() -> set[str]:
    """Read a page and look for links in it; return what has been imported by then."""
    from bot.sources.platform import Keys  # the other tasks are quicker without

    page = "<p>" + "Bees hum while they work. " * 20
    worker.read_page(page, None)
    for platform in platforms(Keys()):
        platform.named_in(page, "https://blog.example/")
    return {name.partition(".")[0] for name in sys.modules}

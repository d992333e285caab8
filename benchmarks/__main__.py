"""
`python -m benchmarks [NAME …]`: run every benchmark here, or those named, one by one, and keep what they print.

What was printed is in benchmarks/RESULTS.md afterwards, a section for each with the machine and the date. Every
figure stands beside its baseline of the same run: ratios are comparable between machines, seconds are not.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
HEAD = "# Results\n\nPrinted by `make bench`.\n"


def names() -> list[str]:
    """Return the packages here that can be run, in the order of the alphabet."""
    return sorted(main.parent.name for main in HERE.glob("*/__main__.py"))


def machine() -> str:
    """Return what it is measured on, in one line."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.release()}, {_processor()}"
    return f"{system}, {os.cpu_count()} cores{load}; Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def run(name: str) -> tuple[str, bool]:
    """Run one benchmark and show what it prints; return that, and whether it ended well."""
    print(f"== {name}", flush=True)
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.{name}"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line)
    return "".join(said).rstrip(), process.returncode == 0


def section(name: str, said: str, *, well: bool) -> str:
    """Return what RESULTS.md says of one run."""
    head = f"## {name}\n\n{datetime.now(UTC):%Y-%m-%d}, {machine()}.\n"
    ending = "" if well else "\n(it failed)"
    return f"{head}\n```text\n{said}{ending}\n```\n"


def kept(results: str) -> dict[str, str]:
    """Return the sections of RESULTS.md by their names."""
    parts = results.split("\n## ")[1:]
    return {part.split("\n", 1)[0]: f"## {part.rstrip()}\n" for part in parts}


def main(wanted: Sequence[str]) -> int:
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"No benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}.")
        return 2
    fine = True
    for name in wanted or names():
        said, well = run(name)
        fine = fine and well
        before = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
        sections = kept(before) | {name: section(name, said, well=well)}
        RESULTS.write_text("\n".join([HEAD, *(sections[one] for one in sorted(sections))]), "utf-8")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""
`python -m benchmarks [NAME …]`: run every benchmark here, or those named, one by one, and keep what they print.

What was printed is in benchmarks/RESULTS.md afterwards, with the machine and the date. Every figure stands beside its
baseline of the same run: ratios are comparable between machines, seconds are not.
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


def names() -> list[str]:
    """Return the packages here that can be run, in the order of the alphabet."""
    return sorted(main.parent.name for main in HERE.glob("*/__main__.py"))


def machine() -> str:
    """Return what it is measured on, in one line."""
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
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


def main(wanted: Sequence[str]) -> int:
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"No benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}.")
        return 2
    measured_on, began = machine(), datetime.now(UTC)
    parts, fine = [], True
    for name in wanted or names():
        said, well = run(name)
        fine = fine and well
        ending = "" if well else "\n(it failed)"
        parts.append(f"## {name}\n\n```text\n{said}{ending}\n```\n")
    if not wanted:
        head = f"# Results\n\nPrinted by `make bench` on {began:%Y-%m-%d}: {measured_on}.\n"
        (HERE / "RESULTS.md").write_text("\n".join([head, *parts]), "utf-8")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

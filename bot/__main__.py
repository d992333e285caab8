"""Entry of `python -m bot` and of the installed command `chorus`."""

from __future__ import annotations

import sys

from bot.cli.main import run


def main() -> None:
    """Run the command line; leaves with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

"""
The engine without a model beside plain choices, in one run: `python -m benchmarks.extractive`.

The data lies beside this checkout (../shared) and is not part of it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.extractive.costs import print_costs
from benchmarks.extractive.coverage import print_coverage, print_sampling, read_gold


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extractive")
    parser.add_argument("--quality", type=Path, default=Path("../shared/quality"))
    parser.add_argument("--fixtures", type=Path, default=Path("../shared/fixtures"))
    asked = parser.parse_args()
    gold = [read_gold(path) for path in sorted(asked.quality.glob("dev_*.gold.json"))]
    if gold:
        print_coverage(gold)
        print_sampling(gold)
    print_costs(asked.fixtures)


if __name__ == "__main__":
    main()

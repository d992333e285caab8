"""
The bot is killed at a hundred random instants, and afterwards everybody who was acknowledged must have one answer.

`python -m benchmarks.chaos [--kills 100] [--seed 1]`. Ends with exit code 1 where a promise is not kept.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.discord.chaos import Chaos, Tally
from tests.discord.server import TOKEN, Loopback
from tests.llm.provider import Provider
from tests.sources.site import site


async def chaos(kills: int, seed: int, folder: Path) -> Tally:
    async with Loopback() as discord, site() as pages, Provider() as provider:
        settings = {
            "DISCORD_TOKEN": TOKEN,
            "OPENAI_BASE_URL": provider.url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/kept.sqlite3",
            "WEB_ALLOWED_NETWORKS": "127.0.0.0/8",
            "WEB_ALLOWED_GUILDS": str(discord.marlow.id),
        }
        return await Chaos(discord, pages, provider, settings, folder, seed).run(kills)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = asyncio.run(chaos(options.kills, options.seed, Path(folder)))
    print(
        f"{tally.kills} kills: {tally.midway} between acknowledgement and answer, {tally.unheard} before anything was "
        f"acknowledged\n"
        f"answers: {tally.answered} of {tally.kills - tally.unheard}, {tally.fallback} of them after the token had "
        f"died; lost {len(tally.lost)}, given twice {len(tally.twice)}\n"
        f"questions to the model: {tally.questions}, repeated {tally.repeated} of {tally.in_flight} in flight at the "
        f"kills; asked again although kept {tally.paid_again}\n"
        f"digests: {len(tally.digests)} links, kept twice {sum(n > 1 for n in tally.digests.values())}, "
        f"partial {len(tally.partial)}"
    )
    sys.exit(not tally.holds())


if __name__ == "__main__":
    main()

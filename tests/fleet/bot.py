"""
A process of the bot led to the loopback, whose web it takes for the public one: what is read there is everybody's.

`python -m tests.fleet.bot run` is `python -m tests.discord.bot run` but for that.
"""

from __future__ import annotations

import os

from bot.sources import addresses
from tests.discord.bot import WHERE, led

if __name__ == "__main__":
    from bot.__main__ import main

    addresses._public = lambda address: address.is_loopback
    with led(os.environ[WHERE]):
        main()

"""What the library raises, as our errors: the one place where they are told apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.errors import CannotRead, NotForYou, SiteFailed, SiteTimeout, Unreachable

HOST = "discord.com"

PASSING = (aiohttp.ClientError, OSError, discord.DiscordServerError)
"""What may be better in a moment. The library tries again after a 5xx, but not after a connection that broke."""


@asynccontextmanager
async def discord_errors(seconds: float | None = None) -> AsyncIterator[None]:
    """Turn the library's errors into ours, and give up after *seconds* with `SiteTimeout`."""
    try:
        async with asyncio.timeout(seconds):
            try:
                yield
            except (discord.NotFound, discord.InvalidData) as error:
                raise NotForYou from error  # whether it is there is not told to those who may not read it
            except discord.Forbidden as error:
                raise CannotRead(permission="View Channel") from error
            except discord.HTTPException as error:
                raise SiteFailed(host=HOST, status=error.status) from error
            except (*PASSING, discord.DiscordException) as error:
                raise Unreachable(host=HOST) from error
    except TimeoutError as error:
        raise SiteTimeout(host=HOST, seconds=round(seconds or 0)) from error

"""The bot's own account, looked at without starting it: for `chorus doctor`."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.errors import BadSetting, Unreachable


@dataclass(frozen=True)
class Account:
    """What Discord says of the bot."""

    name: str
    message_content: bool  # whether the privileged intent is on in the developer portal


async def look(token: str) -> Account:
    """Sign in and out again; raises `BadSetting` for a refused token, `Unreachable` without Discord."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    client = discord.Client(intents=discord.Intents(guilds=True))
    async with client:
        try:
            await client.login(token)
            info = await client.application_info()
        except discord.LoginFailure:
            expected = "a token that Discord accepts; make a new one in the developer portal"
            raise BadSetting(name="DISCORD_TOKEN", value="***", expected=expected) from None
        except (OSError, discord.DiscordException) as error:
            raise Unreachable(host="discord.com") from error
        flags = info.flags
        content = flags.gateway_message_content or flags.gateway_message_content_limited
        return Account(str(client.user), content)

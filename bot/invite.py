"""The link that invites the bot to a server."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlencode

from bot.errors import BadSetting, MissingSetting
from bot.settings import Settings

# Discord's permission bits (developer documentation, "Permissions"): what the bot does, and no more
PERMISSIONS = {
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "send_messages_in_threads": 1 << 38,
    "pin_messages": 1 << 51,
}


def invite_link(settings: Settings) -> str:
    """
    Return the address that adds the bot to a server; raises `MissingSetting` or `BadSetting`.

    The application's id is the first part of the token, so nobody has to be asked.
    """
    if settings.discord_token is None:
        raise MissingSetting(name="DISCORD_TOKEN")
    query = {
        "client_id": application_id(settings.discord_token.get_secret_value()),
        "scope": "bot applications.commands",
        "permissions": sum(PERMISSIONS.values()),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def application_id(token: str) -> int:
    """Return the id that *token* begins with (base64, unpadded); raises `BadSetting`."""
    first = token.partition(".")[0]
    try:
        return int(base64.b64decode(first + "=" * (-len(first) % 4), validate=True))
    except (binascii.Error, ValueError):
        expected = "a bot token from Discord's developer portal"
        raise BadSetting(name="DISCORD_TOKEN", value="***", expected=expected) from None

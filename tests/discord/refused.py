"""What Discord answers when it does not do what was asked: a status and a code of its own (documented by Discord)."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body = {"message": message, "code": code, **more}


def unknown_channel() -> Refused:
    return Refused(404, 10003, "Unknown Channel")


def unknown_guild() -> Refused:
    return Refused(404, 10004, "Unknown Guild")


def unknown_member() -> Refused:
    return Refused(404, 10007, "Unknown Member")


def unknown_message() -> Refused:
    return Refused(404, 10008, "Unknown Message")


def unknown_webhook() -> Refused:
    """The token is right but nothing was answered with it yet."""
    return Refused(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refused:
    """More than three seconds have passed."""
    return Refused(404, 10062, "Unknown interaction")


def token_expired() -> Refused:
    """Seen in the wild as 401, not 404 (discord/discord-api-docs#6851, discordjs/discord.js#10798)."""
    return Refused(401, 50027, "Invalid Webhook Token")


def answered_already() -> Refused:
    return Refused(400, 40060, "Interaction has already been acknowledged.")


def too_many_follow_ups() -> Refused:
    """Where only a person has installed the bot, five are allowed (Discord's documentation, "Followup Messages")."""
    words = "This interaction has reached the maximum number of follow-up messages"
    return Refused(400, 40094, words)


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def cannot_edit() -> Refused:
    return Refused(403, 50005, "Cannot edit a message authored by another user")


def closed_door() -> Refused:
    return Refused(403, 50007, "Cannot send messages to this user")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def too_many_pins() -> Refused:
    return Refused(400, 30003, "Maximum number of pins reached for the channel (250)")


def too_many_old_edits(seconds: float) -> Refused:
    """A 429 with a code (aikaterna/aikaterna-cogs#302); how often is not documented, so a test says it."""
    words = "Maximum number of edits to messages older than 1 hour reached. Try again later"
    return Refused(429, 30046, words, retry_after=seconds)


def invalid_form(faults: list[str]) -> Refused:
    found = {"_errors": [{"code": "BASE_TYPE_INVALID", "message": fault} for fault in faults]}
    return Refused(400, 50035, "Invalid Form Body", errors=found)

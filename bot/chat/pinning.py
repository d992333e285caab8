"""The channel's side of a pinned digest: what is asked of Discord, and what its refusals mean."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import discord
from discord import ui

from bot.chat.access import fit_for, for_adults, known_channel, known_guild
from bot.chat.cards import notice
from bot.chat.escape import link, outside, seen
from bot.chat.failures import HOST, PASSING
from bot.chat.pinned_card import pinned_view
from bot.chat.place import Place
from bot.chat.postman import DiscordPostman
from bot.chat.problems import REASONS
from bot.chat.remembering import Memory
from bot.chat.rules import shown as in_server
from bot.chat.sentences import Sentences
from bot.core.models import Digested
from bot.core.pinning import order_of
from bot.core.pins import Pin
from bot.core.ports import Clock, Order, Progress
from bot.core.servers import Servers
from bot.errors import (
    CannotPost,
    ChannelGone,
    ChorusError,
    OverBudget,
    PinDeleted,
    PinTakenDown,
    ServerLeft,
    SiteFailed,
    ThreadClosed,
    TooManyPins,
    Unreachable,
)

if TYPE_CHECKING:
    from bot.chat.client import ChorusClient

T = TypeVar("T")

log = logging.getLogger("chorus.chat")

# Discord's codes (developer documentation, "JSON Error Codes")
UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE = 10003, 10004, 10008
MAXIMUM_PINS, TOO_OLD_TO_EDIT = 30003, 30046
MISSING_ACCESS, MISSING_PERMISSIONS = 50001, 50013
ARCHIVED, LOCKED = 50083, 160005
MOST_PINS = 250

NEEDED = (
    ("view_channel", "View Channel"),
    ("read_message_history", "Read Message History"),
    ("send_messages", "Send Messages"),
    ("pin_messages", "Pin Messages"),
)


def lacking(rights: discord.Permissions, *, thread: bool) -> str | None:
    """Return the first permission that pinning takes and *rights* lack, as Discord calls it."""
    for name, called in NEEDED:
        if thread and name == "send_messages":
            name, called = "send_messages_in_threads", "Send Messages in Threads"  # noqa: PLW2901 - of threads
        if not getattr(rights, name):
            return called
    return None


class DiscordBoard:
    """Implements `core.pins.Board`; asks Discord itself, because the gateway may have told another process."""

    def __init__(
        self,
        client: ChorusClient,
        postman: DiscordPostman,
        *,
        servers: Servers,
        memory: Memory,
        clock: Clock,
    ) -> None:
        self._client = client
        self._postman = postman
        self._servers = servers
        self._memory = memory
        self._clock = clock

    async def stands(self, pin: Pin) -> None:
        """Raise where the message of *pin* is gone or no longer pinned."""
        place, id = self._place(pin), pin.message or 0
        message = await self._do(pin, "Read Message History", lambda: place.fetch_message(id))
        if not message.pinned:
            raise PinTakenDown

    async def post(self, pin: Pin, shown: Digested) -> int:
        """Post *shown* as a new message that rings nowhere; return its id."""
        place, view = self._place(pin), await self._view(pin, shown)
        # Discord takes a nonce it has seen in the past minutes for the same message: a crash posts nothing twice
        once = f"{pin.id}{pin.posts}"
        message = await self._do(
            pin, "Send Messages", lambda: place.send(view=view, nonce=once, silent=True)
        )
        await self._memory.note(shown, pin.guild, pin.channel, None)
        return message.id

    async def edit(self, pin: Pin, shown: Digested) -> bool:
        """Show *shown* in the message of *pin*; False where Discord takes no more edits of so old a message."""
        message, view = self._message(pin), await self._view(pin, shown)
        nobody = discord.AllowedMentions.none()

        async def change() -> bool:
            try:
                await message.edit(view=view, allowed_mentions=nobody)
            except discord.HTTPException as error:
                if error.code != TOO_OLD_TO_EDIT:
                    raise
                return False
            return True

        changed = await self._do(pin, "View Channel", change)
        if changed:
            await self._memory.note(shown, pin.guild, pin.channel, None)
        return changed

    async def fasten(self, pin: Pin) -> None:
        """Pin its message."""
        reason = f"/digest pin ({pin.by})"
        await self._do(pin, "Pin Messages", lambda: self._message(pin).pin(reason=reason))

    async def unfasten(self, pin: Pin, message: int) -> None:
        """Unpin a message of *pin*; one that is gone is no error."""
        old = self._place(pin).get_partial_message(message)
        await _unless_gone(self._do(pin, "Pin Messages", old.unpin))

    async def remove(self, pin: Pin) -> None:
        """Delete its message; one that is gone is no error."""
        await _unless_gone(self._do(pin, "View Channel", self._message(pin).delete))

    def progress(self, pin: Pin, step: Progress) -> None:
        """Show progress to whoever waits."""
        if pin.waits is not None:
            self._postman.progress(self._order(pin), step, may_stop=False)

    async def answer(self, pin: Pin, error: ChorusError | None, *, news: bool) -> None:
        """Tell whoever waits how it ended."""
        if pin.waits is None:
            return
        words = Sentences.of(pin.waits.locale)
        if error is not None:
            view = notice(_why(pin, error, words))
        else:
            there = titled(pin, words)
            said = (
                words.say("Read again; nothing is new: {digest}", digest=there)
                if not news
                else words.say(
                    "Pinned, and kept current while people comment: {digest}", digest=there
                )
                if pin.before is None
                else words.say("Read again, and there is news: {digest}", digest=there)
            )
            view = sentence(said)
        try:
            await self._postman.tell(self._order(pin), view)
        except (discord.DiscordException, *PASSING) as failed:
            log.warning("who asked for a pinned digest was not told: %s", failed)

    async def warn(self, pin: Pin, error: ChorusError) -> None:
        """Tell who had it pinned, else its channel, that it cannot go on."""
        words = Sentences.of(pin.locale)
        there = titled(pin, words)
        said = words.say("This pinned digest is no longer kept current: {digest}", digest=there)
        view = sentence(f"{said}\n{outside(words.error(error))}")
        try:
            direct = await self._client.create_dm(discord.Object(pin.by))
            await direct.send(view=view, silent=True)
        except (discord.DiscordException, *PASSING):
            try:
                await self._place(pin).send(view=view, silent=True)
            except (discord.DiscordException, *PASSING) as failed:
                log.info("nobody could be told that a pinned digest has stopped: %s", failed)

    def _place(self, pin: Pin) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(pin.channel, guild_id=pin.guild)

    async def _view(self, pin: Pin, shown: Digested) -> ui.LayoutView:
        """Return the card, as the server wants it; raises `SiteBlocked`, or `AgeRestricted` where it is for adults."""
        settings, words = await self._servers.get(pin.guild), Sentences.of(pin.brief.language)
        if shown.reading.adult:
            guild = await known_guild(self._client, pin.guild)
            channel = await self._do(pin, "View Channel", lambda: known_channel(guild, pin.channel))
            fit_for(shown.reading, adults=for_adults(channel))
        return pinned_view(in_server(settings, shown, words), pin)

    def _message(self, pin: Pin) -> discord.PartialMessage:
        return self._place(pin).get_partial_message(pin.message or 0)

    def _order(self, pin: Pin) -> Order:
        """Return *pin* as an order of whoever waits: what the postman knows."""
        assert pin.waits is not None  # noqa: S101 - asked only where somebody waits
        now = self._clock.now()
        name = order_of(pin)
        return Order(name, pin.target, pin.brief, pin.audience, pin.by, pin.waits, True, now)

    async def _do(self, pin: Pin, permission: str, act: Callable[[], Awaitable[T]]) -> T:
        """Do what Discord is asked for, in an archived thread after opening it; *permission* is what that takes."""
        try:
            try:
                return await self._open_for(pin, act)
            except discord.HTTPException as error:
                raise await self._ours(pin, error, permission) from error
        except (*PASSING, discord.DiscordException) as error:
            raise Unreachable(host=HOST) from error

    async def _open_for(self, pin: Pin, act: Callable[[], Awaitable[T]]) -> T:
        try:
            return await act()
        except discord.HTTPException as error:
            if error.code != ARCHIVED or not await self._opened(pin):
                raise
        return await act()

    async def _opened(self, pin: Pin) -> bool:
        """Open the archived thread of *pin*; False where somebody closed it for good, or the bot may not."""
        thread = await self._client.fetch_channel(pin.channel)
        if not isinstance(thread, discord.Thread) or thread.locked:
            return False
        try:
            await thread.edit(archived=False)
        except discord.Forbidden:
            return False
        return True

    async def _ours(self, pin: Pin, error: discord.HTTPException, permission: str) -> ChorusError:
        if error.code == UNKNOWN_MESSAGE:
            return PinDeleted()
        if error.code == MAXIMUM_PINS:
            return TooManyPins(limit=MOST_PINS)
        if error.code in {ARCHIVED, LOCKED}:
            return ThreadClosed()
        if error.code == MISSING_PERMISSIONS:
            return CannotPost(permission=self._missing(pin) or permission)
        if error.code in {UNKNOWN_CHANNEL, UNKNOWN_GUILD, MISSING_ACCESS}:
            try:
                await self._client.fetch_guild(pin.guild, with_counts=False)
            except (discord.NotFound, discord.Forbidden):
                return ServerLeft()
            except discord.HTTPException as failed:
                return SiteFailed(host=HOST, status=failed.status)
            lost = error.code == MISSING_ACCESS
            return CannotPost(permission="View Channel") if lost else ChannelGone()
        return SiteFailed(host=HOST, status=error.status)

    def _missing(self, pin: Pin) -> str | None:
        """Return the permission that is missing in the channel of *pin*, where the gateway has told of it."""
        guild = self._client.get_guild(pin.guild)
        channel = guild.get_channel_or_thread(pin.channel) if guild else None
        if guild is None or channel is None:
            return None
        try:
            rights = channel.permissions_for(guild.me)
        except discord.ClientException:  # a thread whose channel is not known
            return None
        return lacking(rights, thread=isinstance(channel, discord.Thread))


def jump_link(pin: Pin) -> str:
    """Return the link that leads to the message of *pin*."""
    return Place(pin.guild, pin.channel, pin.message).link


def titled(pin: Pin, words: Sentences, most: int = 250, *, linked: bool = True) -> str:
    """Return the title of *pin*, as a link to its message if *linked*."""
    name = pin.title if seen(pin.title, most) else words.say("Untitled")
    return link(name, jump_link(pin) if linked else None, most_words=most)


def sentence(said: str) -> ui.LayoutView:
    """Return Markdown of ours as a message."""
    return ui.LayoutView(timeout=None).add_item(ui.TextDisplay(said))


def _why(pin: Pin, error: ChorusError, words: Sentences) -> str:
    if not isinstance(error, OverBudget) or not pin.stood:
        return words.error(error)
    # the error's own words offer extracts instead, which a pinned digest never becomes
    return words.say(
        "This costs more than is left of {budget}; it goes on when that starts anew, on {resets} (0:00 UTC).",
        budget=words.say(REASONS[str(error.facts["budget"])]),
        resets=words.date(date.fromisoformat(str(error.facts["resets"]))),
    )


async def _unless_gone(doing: Awaitable[object]) -> None:
    try:
        await doing
    except (PinDeleted, ChannelGone, ServerLeft):
        return

"""
Everything that can go wrong, as facts; the words are in `bot/chat/locales`, one sentence a class and language.

    ChorusError
    ├── UsageError                exit 2   the asker gave something that cannot be used
    │   ├── NotALink · BadScheme · LinkWithPassword · BadFile · NotText · UnknownLanguage
    │   ├── NotAReading · NotGold
    │   ├── NotAHost · TooManySites · NotAnAmount
    │   └── NothingToSummarize · OnlyInDiscord · NotAThread
    ├── FetchError                exit 3   the site cannot be reached, or refuses
    │   ├── NameNotResolved · AddressRefused · Unreachable · SiteTimeout · RedirectLoop
    │   ├── PageNotFound · AccessDenied · SiteBusy · SiteFailed · PageTooLarge · BrokenAnswer
    │   └── TooManyRequests · KeyNeeded
    ├── UnreadableError           exit 4   reached, but nothing there can be read
    │   ├── WrongContent · EmptyPage · Walled · NothingFound · NothingSaid · TooHeavy
    ├── ModelError                exit 5   the language model did not answer usefully
    │   ├── NoKey · BadKey · NoCredit · UnknownModel · ModelTimeout · ModelUnreachable · ModelBusy
    │   ├── ModelFailed · ModelRefused · ReplyCut · ReplyInvalid · ContextExceeded
    │   └── ThreadTooLong
    ├── BudgetError               exit 5   no more may be spent or asked for now
    │   ├── OverBudget · TooManyAsks
    ├── StoreError                exit 78  what is kept cannot be read or written
    │   ├── DatabaseUnavailable · DatabaseNewer · DatabaseOlder · DatabaseFull
    │   └── DatabaseInUse · NotMoved
    ├── ConfigError               exit 78  the operator's settings cannot work
    │   ├── BadSetting · MissingSetting · PriceUnknown · NeedsPostgres · NotInstalled
    ├── ChatError                 exit 1   Discord will not let us
    │   ├── CannotPost · CannotRead · NotForYou · OtherServer · NotInPublic · NeedsMessageContent
    │   ├── AlreadyPinned · TooManyWatched · NotPinned
    │   ├── PinDeleted · PinTakenDown · ChannelGone · ServerLeft · ThreadClosed · TooManyPins
    │   ├── ChannelNotOpen · RoleNotAllowed · SiteBlocked · NotAskedInPublic · PanelClosed · NothingDigested
    │   ├── Cancelled · TooLate · OnlyAsker · OnlyModerators · CardGone
    │   └── AgeRestricted · AnsweredUnseen · Expired · FileTooLarge
    └── Unexpected                exit 1   a bug: the id is in the log too
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

Fact = str | int | None


class ChorusError(Exception):
    """
    Base of all errors Chorus raises. `names` lists the facts a class carries; all must be given, by keyword.

    Facts are plain values so that an error can be kept with an order and worded later, in any language.
    """

    names: ClassVar[tuple[str, ...]] = ()
    exit_code: ClassVar[int] = 1

    def __init__(self, **facts: Fact) -> None:
        if set(facts) != set(self.names):
            raise TypeError(f"{type(self).__name__} takes {self.names}, not {tuple(facts)}")
        self.facts: dict[str, Fact] = facts
        super().__init__(", ".join(f"{name}={value!r}" for name, value in facts.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Let an error go from one process to another: an exception's own way knows no keywords."""
        return partial(type(self), **self.facts), ()

    @property
    def code(self) -> str:
        """The class name: what is kept of an error besides its facts."""
        return type(self).__name__


class UsageError(ChorusError):
    """The asker gave something that cannot be used."""

    exit_code = 2


class NotALink(UsageError):
    """`text` is not a web address."""

    names = ("text",)


class BadScheme(UsageError):
    """Only http and https are read; this link has `scheme`."""

    names = ("scheme",)


class LinkWithPassword(UsageError):
    """The link to `host` carries a user name or password, which is never sent anywhere."""

    names = ("host",)


class BadFile(UsageError):
    """The file `name` cannot be opened: `reason` is missing, folder, unreadable, large."""

    names = ("name", "reason")


class NotText(UsageError):
    """The file `name` is neither a page nor text."""

    names = ("name",)


class NotAReading(UsageError):
    """The file `name` is not what `chorus read --format json` prints: `problem` says where."""

    names = ("name", "problem")


class NotGold(UsageError):
    """The file `name` does not list positions that people found in a reading: `problem` says where."""

    names = ("name", "problem")


class UnknownLanguage(UsageError):
    """`language` is not a language code."""

    names = ("language",)


class NotAHost(UsageError):
    """`text` is not the name of a site."""

    names = ("text",)


class TooManySites(UsageError):
    """More than `limit` sites are to be blocked."""

    names = ("limit",)


class NotAnAmount(UsageError):
    """`text` is not an amount in dollars."""

    names = ("text",)


class NothingToSummarize(UsageError):
    """Neither link nor file was given, and none is in the message."""


class OnlyInDiscord(UsageError):
    """The link leads into Discord, which only the bot inside Discord can read."""


class NotAThread(UsageError):
    """The link leads to a channel of Discord as a whole."""


class FetchError(ChorusError):
    """The site cannot be reached, or refuses."""

    exit_code = 3


class NameNotResolved(FetchError):
    """No address is known for `host`."""

    names = ("host",)


class AddressRefused(FetchError):
    """`host` leads into a private or special network, which links may not reach."""

    names = ("host",)


class Unreachable(FetchError):
    """No connection to `host` (refused, reset, TLS)."""

    names = ("host",)


class SiteTimeout(FetchError):
    """`host` did not answer within `seconds`."""

    names = ("host", "seconds")


class RedirectLoop(FetchError):
    """`host` redirects in a circle or more than `limit` times."""

    names = ("host", "limit")


class PageNotFound(FetchError):
    """`host` has no such page (404, 410)."""

    names = ("host",)


class AccessDenied(FetchError):
    """`host` refuses (401, 403, 451, robots opt-out); `status` is the HTTP status, None for an opt-out."""

    names = ("host", "status")


class SiteBusy(FetchError):
    """`host` asks us to wait (429, 503 with Retry-After): `retry_after` in seconds, None where unsaid."""

    names = ("host", "retry_after")


class SiteFailed(FetchError):
    """`host` has an error of its own (5xx and other unexpected answers): `status`."""

    names = ("host", "status")


class PageTooLarge(FetchError):
    """The answer of `host` is larger than `megabytes`, after decompression."""

    names = ("host", "megabytes")


class BrokenAnswer(FetchError):
    """`host` sent something that is not what it says: broken compression, HTTP, or JSON."""

    names = ("host",)


class TooManyRequests(FetchError):
    """Reading this would take more than the `limit` requests one job may make."""

    names = ("limit",)


class KeyNeeded(FetchError):
    """`platform` hands nothing out without a key of the operator's."""

    names = ("platform",)


class UnreadableError(ChorusError):
    """Reached, but nothing there can be read."""

    exit_code = 4


class WrongContent(UnreadableError):
    """The link leads to `content_type`, not to a page of text."""

    names = ("content_type",)


class EmptyPage(UnreadableError):
    """The page has no text."""


class Walled(UnreadableError):
    """Only a wall is shown: `kind` is cookies, paywall, login, robot or script."""

    names = ("kind",)


class NothingFound(UnreadableError):
    """Neither an article nor comments were found."""


class NothingSaid(UnreadableError):
    """There is no word in a thread of Discord, or no answer to a message."""


class TooHeavy(UnreadableError):
    """The page's structure takes more than `seconds` to read."""

    names = ("seconds",)


class ModelError(ChorusError):
    """
    The language model did not answer usefully.

    What was paid before it failed is no fact to tell, and must not be lost: tokens, and US dollars (None: unknown).
    """

    exit_code = 5
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal | None = Decimal(0)


class NoKey(ModelError):
    """No model is configured."""


class BadKey(ModelError):
    """The provider at `host` refuses the key."""

    names = ("host",)


class NoCredit(ModelError):
    """The provider's account is out of credit or quota."""


class UnknownModel(ModelError):
    """The provider at `host` has no model called `model`."""

    names = ("model", "host")


class ModelTimeout(ModelError):
    """No reply within `seconds`."""

    names = ("seconds",)


class ModelUnreachable(ModelError):
    """No connection to the provider at `host`."""

    names = ("host",)


class ModelBusy(ModelError):
    """The provider asks us to wait: `retry_after` in seconds, None where unsaid."""

    names = ("retry_after",)


class ModelFailed(ModelError):
    """The provider answered with an error: `status`."""

    names = ("status",)


class ModelRefused(ModelError):
    """The model declined to answer."""


class ReplyCut(ModelError):
    """The reply ran out of room (finish_reason=length)."""


class ReplyInvalid(ModelError):
    """The reply was not of the shape asked for, twice."""


class ContextExceeded(ModelError):
    """The provider says the request is longer than the model takes."""


class ThreadTooLong(ModelError):
    """Article and comments take `tokens`; the model takes `limit`."""

    names = ("tokens", "limit")


class BudgetError(ChorusError):
    """No more may be spent or asked for now."""

    exit_code = 5


class OverBudget(BudgetError):
    """It costs more than is left of `budget` (`guild-month`: see `bot.core.money`), which starts anew on `resets`."""

    names = ("budget", "resets")


class TooManyAsks(BudgetError):
    """The person has asked `limit` times this hour; the next one begins in `minutes`."""

    names = ("limit", "minutes")


class StoreError(ChorusError):
    """What is kept cannot be read or written."""

    exit_code = 78


class DatabaseUnavailable(StoreError):
    """
    The database at `place` cannot be used, because of `reason`: see `bot.store.failures`.

    Or it could not be tried: unknown (kind of address), driver (not installed), missing (file), foreign (not ours).
    """

    names = ("place", "reason")


class DatabaseNewer(StoreError):
    """The database was written by a newer Chorus: its schema is `found`, this one knows up to `known`."""

    names = ("found", "known")


class DatabaseOlder(StoreError):
    """The database at `place` is not brought up to date here: its schema is `found`, needed is `known`."""

    names = ("place", "found", "known")


class DatabaseInUse(StoreError):
    """Nothing is moved to `place`: something is kept there already."""

    names = ("place",)


class NotMoved(StoreError):
    """Of `table` there were `found` rows and `moved` arrived; nothing was kept of it."""

    names = ("table", "found", "moved")


class DatabaseFull(StoreError):
    """No room left at `place`."""

    names = ("place",)


class ConfigError(ChorusError):
    """The operator's settings cannot work."""

    exit_code = 78


class BadSetting(ConfigError):
    """The setting `name` has the value `value`, which is not `expected`."""

    names = ("name", "value", "expected")


class MissingSetting(ConfigError):
    """The setting `name` is needed and not set."""

    names = ("name",)


class NeedsPostgres(ConfigError):
    """The `command` is for several processes, which share PostgreSQL; the database is SQLite."""

    names = ("command",)


class NotInstalled(ConfigError):
    """The `package` is missing, which comes with the `extra`."""

    names = ("package", "extra")


class PriceUnknown(ConfigError):
    """A budget in dollars is set, and what `model` costs at its host is not known."""

    names = ("model",)


class ChatError(ChorusError):
    """Discord will not let us."""


class CannotPost(ChatError):
    """The bot lacks `permission` in this channel."""

    names = ("permission",)


class CannotRead(ChatError):
    """The bot lacks `permission` in the channel that is to be read."""

    names = ("permission",)


class NotForYou(ChatError):
    """It is not there, or the person may not read it: which of the two is not told."""


class OtherServer(ChatError):
    """It belongs to a server, and was asked for outside it or where the bot is no member."""


class NotInPublic(ChatError):
    """The answer is for the asker alone here, and there is no way to give it so."""


class NeedsMessageContent(ChatError):
    """Messages cannot be read without the privileged intent."""


class AlreadyPinned(ChatError):
    """The same link is pinned in this channel already."""


class TooManyWatched(ChatError):
    """The server has `limit` pinned digests."""

    names = ("limit",)


class NotPinned(ChatError):
    """No such pinned digest is there, or it is not said which of several."""


class PinDeleted(ChatError):
    """The message of a pinned digest was deleted."""


class PinTakenDown(ChatError):
    """The message of a pinned digest was unpinned by somebody."""


class ChannelGone(ChatError):
    """The channel of a pinned digest was deleted."""


class ServerLeft(ChatError):
    """The bot is no longer a member of the server of a pinned digest."""


class ThreadClosed(ChatError):
    """The thread of a pinned digest is archived or locked, and may not be opened."""


class TooManyPins(ChatError):
    """The channel has as many pinned messages as Discord allows: `limit`."""

    names = ("limit",)


class ChannelNotOpen(ChatError):
    """The server's owner has not opened this channel to the bot."""


class RoleNotAllowed(ChatError):
    """The server's owner lets others ask, not the holders of this person's roles."""


class SiteBlocked(ChatError):
    """The server's owner has blocked `host`."""

    names = ("host",)


class NotAskedInPublic(ChatError):
    """In this server answers are for the asker alone, and a mention cannot be answered so."""


class PanelClosed(ChatError):
    """The panel was opened too long ago by somebody who does not manage the server."""


class NothingDigested(ChatError):
    """No digest has been shown to the asker in this channel."""


class AnsweredUnseen(ChatError):
    """The message that a mention answers cannot be read without the privileged intent."""


class Cancelled(ChatError):
    """The order was called off by the one who gave it, or by a moderator."""


class TooLate(ChatError):
    """The order to call off has ended."""


class OnlyAsker(ChatError):
    """Only the one who asked, or a moderator, may do that."""


class OnlyModerators(ChatError):
    """Only those with the permission *Manage Messages* may do that."""


class CardGone(ChatError):
    """The public card was deleted, or cannot be reached."""


class AgeRestricted(ChatError):
    """What was read is for adults only, and the channel is not."""


class Expired(ChatError):
    """The digest behind this button is no longer kept."""


class FileTooLarge(ChatError):
    """The attached file is larger than `megabytes`."""

    names = ("megabytes",)


class Unexpected(ChorusError):
    """A bug. `reference` is logged with the traceback and shown to the person."""

    names = ("reference",)


def all_errors(root: type[ChorusError] = ChorusError) -> list[type[ChorusError]]:
    """Return every class of the tree below *root*, *root* included."""
    return [root, *(found for child in root.__subclasses__() for found in all_errors(child))]


def revive(code: str, facts: dict[str, Fact]) -> ChorusError:
    """Return the error that was kept as *code* and *facts*; one this version does not know is `Unexpected`."""
    for kind in all_errors():
        if kind.__name__ == code and set(kind.names) == set(facts):
            return kind(**facts)
    return Unexpected(reference=code)

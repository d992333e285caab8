"""The words for errors, gaps and stages: a table each, looked up by class or code; a test proves none is missing."""

from __future__ import annotations

from typing import Any

from bot import errors
from bot.core.gaps import GapCode
from bot.core.ports import Stage


def _(message: str) -> str:
    """Mark *message* for translation; it is translated where it is said."""
    return message


# (class, None): what is said where a fact is unknown
ERRORS: dict[Any, str] = {
    errors.ChorusError: _("Something went wrong. Please try again."),
    errors.NotALink: _("“{text}” is not a link; give an address that begins with https://."),
    errors.BadScheme: _("Only http and https links can be read, not {scheme}:."),
    errors.LinkWithPassword: _(
        "The link to {host} contains a user name or password; remove it and try again."
    ),
    errors.BadFile: _("The file {name} cannot be read: {reason}."),
    errors.NotText: _("{name} is not a text or a web page; save it as .txt or .html."),
    errors.NotAReading: _(
        "{name} is not a reading as “chorus read --format json” prints it: {problem}."
    ),
    errors.NotGold: _("{name} does not list positions with their comments: {problem}."),
    errors.UnknownLanguage: _("“{language}” is not a language code; use one like en, fr or pt-br."),
    errors.NotAHost: _("“{text}” is not the name of a site; write it like example.org."),
    errors.TooManySites: _("No more than {limit} sites can be blocked; leave some out."),
    errors.NotAnAmount: _("“{text}” is not an amount in dollars; write it like 5 or 0.50."),
    errors.NothingToSummarize: _("There is no link to summarize here; give a link or a file."),
    errors.OnlyInDiscord: _(
        "What is said in Discord can be read only by the bot inside Discord; use /summarize there."
    ),
    errors.NotAThread: _(
        "The link leads to a whole channel; give the link of a thread, a forum post or one message."
    ),
    errors.NameNotResolved: _("No site is known under {host}; check the address."),
    errors.AddressRefused: _(
        "{host} leads into a private network, where links may not go; use a public address."
    ),
    errors.Unreachable: _("{host} cannot be reached; try again later."),
    errors.SiteTimeout: _("{host} did not answer within {seconds} seconds; try again later."),
    errors.RedirectLoop: _(
        "{host} redirects in circles; open the page and copy its final address."
    ),
    errors.PageNotFound: _("{host} has no such page (any more); check the address."),
    errors.AccessDenied: _(
        "{host} refuses to be read (status {status}); copy the page's text into a .txt file and give that."
    ),
    (errors.AccessDenied, None): _(
        "{host} asks not to be read by programs; copy the page's text into a .txt file and give that."
    ),
    errors.SiteBusy: _("{host} asks to wait {retry_after} seconds; try again then."),
    (errors.SiteBusy, None): _("{host} has had too many requests; try again in a few minutes."),
    errors.SiteFailed: _("{host} has a problem of its own (status {status}); try again later."),
    errors.PageTooLarge: _("The page at {host} is larger than {megabytes} MB; it cannot be read."),
    errors.BrokenAnswer: _("{host} sent an answer that cannot be read; try again later."),
    errors.TooManyRequests: _(
        "Reading this takes more than {limit} requests; give the link of one discussion instead."
    ),
    errors.KeyNeeded: _(
        "{platform} lets only registered programs read it; copy the thread's text into a .txt file and give that."
    ),
    errors.WrongContent: _(
        "The link leads to {content_type}, not to a web page; give the page that shows it."
    ),
    errors.EmptyPage: _("The page has no text; check that the address shows an article."),
    errors.Walled: _(
        "The page shows only {kind}; open it yourself, copy the text into a .txt file and give that."
    ),
    errors.NothingFound: _(
        "Neither an article nor comments were found there; give the address of the article itself."
    ),
    errors.NothingSaid: _(
        "Nobody has said anything there that can be read; try again when there are answers."
    ),
    errors.TooHeavy: _(
        "The page is built so that reading it takes more than {seconds} seconds; copy its text instead."
    ),
    errors.NoKey: _("No model is configured; set OPENAI_API_KEY, or ask for extracts."),
    errors.BadKey: _("The model's provider at {host} refuses the key; check OPENAI_API_KEY."),
    errors.NoCredit: _("The account at the model's provider has no credit left; top it up."),
    errors.UnknownModel: _("{host} has no model called {model}; check OPENAI_MODEL."),
    errors.ModelTimeout: _("The model did not answer within {seconds} seconds; try again later."),
    errors.ModelUnreachable: _(
        "The model's provider at {host} cannot be reached; try again later."
    ),
    errors.ModelBusy: _("The model asks to wait {retry_after} seconds; try again then."),
    (errors.ModelBusy, None): _("The model has too many requests; try again in a few minutes."),
    errors.ModelFailed: _("The model's provider has a problem (status {status}); try again later."),
    errors.ModelRefused: _("The model refused to answer; ask for extracts instead."),
    errors.ReplyCut: _("The model's reply was cut off; ask for a shorter digest."),
    errors.ReplyInvalid: _(
        "The model's reply could not be read, twice; try again or use another model."
    ),
    errors.ContextExceeded: _(
        "Article and comments are longer than the model takes; check LLM_CONTEXT_TOKENS."
    ),
    errors.ThreadTooLong: _(
        "Article and comments take {tokens} tokens, the model takes {limit}; ask for extracts instead."
    ),
    errors.OverBudget: _(
        "This costs more than is left of {budget}, which starts anew on {resets} (0:00 UTC); ask for extracts instead."
    ),
    errors.TooManyAsks: _(
        "You have reached this hour's ceiling of new digests ({limit}); more in {minutes} min, and what is kept at "
        "any time."
    ),
    errors.DatabaseUnavailable: _("The database at {place} cannot be used: {reason}."),
    errors.DatabaseNewer: _(
        "The database was written by a newer Chorus (schema {found}, known up to {known}); update Chorus."
    ),
    errors.DatabaseOlder: _(
        "The database at {place} is of an older Chorus (schema {found}, needed {known}); start Chorus with it once."
    ),
    errors.DatabaseInUse: _(
        "Something is kept at {place} already, so nothing was moved there; give an empty database."
    ),
    errors.NotMoved: _(
        "{moved} of {found} rows of {table} arrived, so none was kept; stop whatever else uses the databases."
    ),
    errors.DatabaseFull: _("There is no room left at {place}; free some space."),
    errors.BadSetting: _("The setting {name} has the value “{value}”: {expected}."),
    errors.MissingSetting: _("The setting {name} is missing; put it into .env."),
    errors.NeedsPostgres: _(
        "{command} is for several processes, which share a PostgreSQL database; set DATABASE_URL to one."
    ),
    errors.NotInstalled: _(
        "{package} is not installed; run make install-postgres, or install chorus[{extra}]."
    ),
    errors.PriceUnknown: _(
        "A budget in dollars needs the price of {model}; set LLM_PRICE_IN and LLM_PRICE_OUT."
    ),
    errors.CannotPost: _(
        "I lack the permission “{permission}” in this channel; ask a moderator for it."
    ),
    errors.CannotRead: _(
        "I lack the permission “{permission}” there, so I cannot read it; ask a moderator for it."
    ),
    errors.NotForYou: _(
        "This is only for those who may read where it was said; check the link, or ask a moderator for access."
    ),
    errors.OtherServer: _(
        "What is said in a server is read and shown only there, and only if I am a member; ask in that server."
    ),
    errors.NotInPublic: _(
        "Outside its own channel this is shown to one person at a time; ask for it with /summarize."
    ),
    errors.NeedsMessageContent: _(
        "I may not read messages; the operator can switch on the message content intent in Discord's developer "
        "portal and set DISCORD_MESSAGE_CONTENT=true."
    ),
    errors.AlreadyPinned: _("This link is pinned here already; see /digest list."),
    errors.TooManyWatched: _(
        "This server has {limit} pinned digests, more are not kept current; unpin one first."
    ),
    errors.NotPinned: _("Choose one of the pinned digests that are offered as you type."),
    errors.PinDeleted: _("The message was deleted by hand, so it is no longer kept current."),
    errors.PinTakenDown: _("The message was unpinned by hand, so it is no longer kept current."),
    errors.ChannelGone: _("The channel was deleted."),
    errors.ServerLeft: _(
        "I am no longer a member of the server; invite me again, then use /digest refresh."
    ),
    errors.ThreadClosed: _(
        "The thread is archived or locked and I may not open it; open it, then use /digest refresh."
    ),
    errors.TooManyPins: _(
        "The channel has {limit} pinned messages, as many as Discord allows; unpin one and try again."
    ),
    errors.ChannelNotOpen: _(
        "I may not be asked in this channel; those who manage the server can change that with /settings."
    ),
    errors.RoleNotAllowed: _(
        "Your roles may not ask me here; those who manage the server can change that with /settings."
    ),
    errors.SiteBlocked: _(
        "{host} is blocked on this server; those who manage it can change that with /settings."
    ),
    errors.NotAskedInPublic: _(
        "On this server answers are for the asker alone; ask with /summarize, or have it changed with /settings by "
        "those who manage the server."
    ),
    errors.PanelClosed: _("This panel was opened too long ago; open it anew with /settings."),
    errors.NothingDigested: _("Nothing has been digested in this channel yet; give a link."),
    errors.AnsweredUnseen: _(
        "I cannot see the message that you answer; right-click it instead, and choose Apps → Summarize link."
    ),
    errors.Cancelled: _("Cancelled."),
    errors.TooLate: _("This has ended already; there is nothing left to cancel."),
    errors.OnlyAsker: _(
        "Only the person who asked, or somebody with the permission “Manage Messages”, can do that."
    ),
    errors.OnlyModerators: _("Only somebody with the permission “Manage Messages” can do that."),
    errors.CardGone: _(
        "The card cannot be changed: it was deleted, or I am not in its channel any more."
    ),
    errors.AgeRestricted: _(
        "The page says that it is for adults only; ask for it in an age-restricted channel."
    ),
    errors.Expired: _("This digest is no longer kept; ask for it again with /summarize."),
    errors.FileTooLarge: _("The file is larger than {megabytes} MB; give a smaller one."),
    errors.Unexpected: _(
        "Something went wrong on our side (reference {reference}); please try again."
    ),
}

GAPS: dict[GapCode, tuple[str, str]] = {
    code: (one, many or one)
    for code, one, many in (
        (GapCode.ARTICLE_MISSING, _("The article could not be read."), ""),
        (GapCode.ARTICLE_PARTIAL, _("Only part of the article can be read: {detail}."), ""),
        (GapCode.COMMENTS_NONE, _("No comments were found on the page."), ""),
        (
            GapCode.COMMENTS_MISSING,
            _("{n} comment that the page announces was not found."),
            _("{n} comments that the page announces were not found."),
        ),
        (
            GapCode.COMMENTS_ELSEWHERE,
            _("The comments are loaded by {detail}, which cannot be read."),
            "",
        ),
        (
            GapCode.COMMENTS_UNREADABLE,
            _("{n} comment at {detail} could not be read."),
            _("{n} comments at {detail} could not be read."),
        ),
        (
            GapCode.COMMENTS_LIMIT,
            _("{detail} does not hand out {n} of its comments."),
            _("{detail} does not hand out {n} of its comments."),
        ),
        (
            GapCode.REQUEST_LIMIT,
            _("{n} comment at {detail} was left unread: it would take too many requests."),
            _("{n} comments at {detail} were left unread: they would take too many requests."),
        ),
        (
            GapCode.ANSWERS_WINDOW,
            _("Answers were looked for in the next {n} messages only."),
            "",
        ),
        (
            GapCode.TEXT_CUT,
            _("{n} letter at the end of the text was left unread: the text is too long."),
            _("{n} letters at the end of the text were left unread: the text is too long."),
        ),
        (
            GapCode.COMMENTS_DELETED,
            _("{n} comment was deleted at the source."),
            _("{n} comments were deleted at the source."),
        ),
        (
            GapCode.AUTHORS_OPTED_OUT,
            _("{n} author asks not to be shown."),
            _("{n} authors ask not to be shown."),
        ),
        (
            GapCode.FEW_COMMENTS,
            _("One comment is too few for positions; it is shown as it is."),
            _("{n} comments are too few for positions; they are shown as they are."),
        ),
        (GapCode.NO_MODEL, _("Made without a model: extracts, no positions."), ""),
        (
            GapCode.MODEL_FAILED,
            _("The model failed ({detail}); these are extracts, no positions."),
            "",
        ),
        (
            GapCode.OVER_BUDGET,
            _(
                "Positions cost more than is left of {detail}, which starts anew on {resets} (0:00 UTC); these are "
                "extracts."
            ),
            "",
        ),
        (
            GapCode.QUOTES_DROPPED,
            _("{n} quote was dropped: it is not in the comment it cites."),
            _("{n} quotes were dropped: they are not in the comments they cite."),
        ),
        (
            GapCode.IDS_DROPPED,
            _("{n} reference to a comment that does not exist was dropped."),
            _("{n} references to comments that do not exist were dropped."),
        ),
        (
            GapCode.NUMBERS_DROPPED,
            _("{n} sentence with a figure that is not in the text was dropped."),
            _("{n} sentences with figures that are not in the text were dropped."),
        ),
        (
            GapCode.LINKS_DROPPED,
            _("{n} link or mention that is not in the text was dropped."),
            _("{n} links or mentions that are not in the text were dropped."),
        ),
        (
            GapCode.COMMENTS_CUT,
            _("{n} very long comment was read only in part."),
            _("{n} very long comments were read only in part."),
        ),
        (
            GapCode.POSITIONS_HIDDEN,
            _("{n} position is hidden by a moderator."),
            _("{n} positions are hidden by a moderator."),
        ),
        (
            GapCode.SAMPLED,
            _("{n} comment was left out by sampling."),
            _("{n} comments were left out by sampling (spread over branches, time and votes)."),
        ),
    )
}

# what is said where the number is not known
UNCOUNTED: dict[GapCode, str] = {
    GapCode.COMMENTS_UNREADABLE: _("The comments at {detail} could not be read."),
    GapCode.REQUEST_LIMIT: _(
        "Some comments at {detail} were left unread: they would take too many requests."
    ),
    GapCode.COMMENTS_LIMIT: _("{detail} may have more comments than it hands out."),
}

# details of gaps and facts of errors that are words of ours
REASONS: dict[str, str] = {
    "missing": _("there is no such file"),
    "folder": _("it is a folder"),
    "unreadable": _("it cannot be opened"),
    "large": _("it is too large"),
    "locked": _("another program holds it"),
    "corrupt": _("it is damaged"),
    "half-migrated": _("its tables are incomplete, restore a backup"),
    "read-only": _("it cannot be written to"),
    "unreachable": _("it cannot be reached"),
    "refused": _("it refuses the name or the password"),
    "absent": _("the server has no such database or user"),
    "forbidden": _("the user may not do this there"),
    "busy": _("it has no connection to spare"),
    "unknown": _("the address must begin with sqlite:/// or postgresql://"),
    "driver": _("psycopg is not installed; run make install-postgres"),
    "foreign": _("Chorus has kept nothing in it"),
    "cookies": _("a cookie notice"),
    "paywall": _("a paywall"),
    "login": _("a login form"),
    "robot": _("a check against robots"),
    "script": _("a notice that scripts are needed"),
    "teaser": _("a teaser"),
    "window": _("the model takes no more"),
    "ModelTimeout": _("no answer in time"),
    "ModelUnreachable": _("not reachable"),
    "ModelBusy": _("too many requests"),
    "ModelFailed": _("an error at the provider"),
    "ModelRefused": _("it refused"),
    "ReplyCut": _("its reply was cut off"),
    "ReplyInvalid": _("its reply could not be read"),
    "ContextExceeded": _("the text is too long for it"),
    "ThreadTooLong": _("the text is too long for it"),
    "BadKey": _("its key is refused"),
    "NoCredit": _("no credit left"),
    "UnknownModel": _("no such model"),
    "NoKey": _("no key"),
    "OverBudget": _("its budget is spent"),
    # budgets: see bot.core.money
    "operator-day": _("the operator's budget for the day"),
    "operator-month": _("the operator's budget for the month"),
    "guild-day": _("this server's budget for the day"),
    "guild-month": _("this server's budget for the month"),
    "person-day": _("your budget for the day"),
    "person-month": _("your budget for the month"),
    "member-day": _("your budget in this server for the day"),
    "member-month": _("your budget in this server for the month"),
    "role-day": _("your role's budget for the day"),
    "role-month": _("your role's budget for the month"),
    # permissions, as Discord calls them
    "View Channel": _("View Channel"),
    "Read Message History": _("Read Message History"),
    "Manage Threads": _("Manage Threads"),
    "Add Reactions": _("Add Reactions"),
    "Send Messages": _("Send Messages"),
    "Send Messages in Threads": _("Send Messages in Threads"),
    "Pin Messages": _("Pin Messages"),
}

STAGES: dict[Stage, tuple[str, str | None]] = {
    Stage.QUEUED: (_("Waiting for a turn…"), _("Waiting for a turn, place {done}…")),
    Stage.FETCHING: (_("Reading the page…"), None),
    Stage.COMMENTS: (_("Reading the comments…"), _("Reading the comments: {done} of {total}…")),
    Stage.THINKING: (
        _("Finding the positions…"),
        _("Finding the positions: part {done} of {total}…"),
    ),
    Stage.CHECKING: (_("Checking every quote…"), None),
}

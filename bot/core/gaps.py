"""What is missing, as facts with a code; chat and command line word them in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GapCode(StrEnum):
    """Every kind of gap. `detail` and `count` mean what the comment beside the code says."""

    ARTICLE_MISSING = "article_missing"  # no article text was found
    ARTICLE_PARTIAL = "article_partial"  # detail: paywall, teaser
    COMMENTS_NONE = "comments_none"  # the page has no comments
    COMMENTS_MISSING = "comments_missing"  # count: declared by the place, and not found
    COMMENTS_ELSEWHERE = (
        "comments_elsewhere"  # detail: the system that loads them and cannot be read
    )
    COMMENTS_UNREADABLE = (
        "comments_unreadable"  # detail: the place that refused or failed; count: where it is known
    )
    COMMENTS_LIMIT = (
        "comments_limit"  # detail: the place; count: what it does not hand out, None where unsaid
    )
    REQUEST_LIMIT = "request_limit"  # detail: the place; count: comments left when no more may be asked, if known
    ANSWERS_WINDOW = "answers_window"  # count: messages that were searched for answers, of more
    TEXT_CUT = "text_cut"  # count: letters of a copied text past what is read at once
    COMMENTS_DELETED = "comments_deleted"  # count: deleted or removed at the source
    AUTHORS_OPTED_OUT = "authors_opted_out"  # count: authors who ask not to be shown
    FEW_COMMENTS = "few_comments"  # count: too few for positions, shown as they are
    NO_MODEL = "no_model"  # made without a model: extracts, not positions
    MODEL_FAILED = "model_failed"  # detail: the error's code; made without the model instead
    OVER_BUDGET = "over_budget"  # detail: budget/day it starts anew; made without the model instead
    QUOTES_DROPPED = "quotes_dropped"  # count: quotes that are not in the cited comment
    IDS_DROPPED = "ids_dropped"  # count: comment ids that do not exist
    NUMBERS_DROPPED = "numbers_dropped"  # count: sentences with a number that is not in the source
    LINKS_DROPPED = "links_dropped"  # count: links or mentions that are not in the source
    COMMENTS_CUT = "comments_cut"  # count: comments so long that only their beginning was read
    POSITIONS_HIDDEN = "positions_hidden"  # count: left out of a pinned digest by a moderator
    SAMPLED = "sampled"  # count: comments left out by the stated sampling


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, and how much of it."""

    code: GapCode
    detail: str = ""
    count: int | None = None

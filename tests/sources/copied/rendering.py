"""Threads as browsers copy them from the places people copy from: what the tests of copied text are written with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Spoken:
    """One comment, and what the place shows around it. *text* has a blank line between paragraphs."""

    author: str
    text: str
    score: int | None = None
    hours: int = 3


def reddit(thread: list[Spoken]) -> str:
    return "".join(
        f"u/{one.author} avatar\n{one.author}\n•\n{one.hours}h ago\n{one.text}\n\n\n\nUpvote\n{_count(one)}"
        "Downvote\nReply\nreply\n\nAward\n0 awards\n\nShare\nShare\n\n"
        for one in thread
    )


def reddit_in_french(thread: list[Spoken]) -> str:
    return "".join(
        f"Avatar de u/{one.author}\n{one.author}\n•\nil y a {one.hours} h\n{one.text}\n\nVote positif\n"
        f"{_count(one)}Vote négatif\n\nRépondre\n\nRécompenser\n\nPartager\n"
        for one in thread
    )


def reddit_by_level(thread: list[Spoken]) -> str:
    return "".join(
        f"level {at % 3 + 1}\n{one.author}\n· {one.hours} hr. ago\n{one.text}\n\n{_count(one)}\nReply\n\nShare\n\n"
        for at, one in enumerate(thread)
    )


def old_reddit(thread: list[Spoken]) -> str:
    return "".join(
        f"[–]{one.author} {one.score if one.score is not None else 1} points {one.hours} hours ago\n{one.text}\n\n"
        "permalinkembedsaveparentreportgive awardreply\n\n"
        for one in thread
    )


def hacker_news(thread: list[Spoken]) -> str:
    return "".join(
        f"\t\n{one.author} {one.hours} hours ago | root | parent | prev | next [–]\n\n{one.text}\n\nreply\n\n"
        for one in thread
    )


def youtube(thread: list[Spoken]) -> str:
    return "".join(
        f"@{one.author}\n{one.hours} years ago (edited)\n{one.text}\n{_count(one)}Reply\n{one.hours} replies\n"
        for one in thread
    )


def youtube_in_german(thread: list[Spoken]) -> str:
    return "".join(
        f"@{one.author}\n@{one.author}\nvor {one.hours} Jahren\n{one.text}\nMehr anzeigen\n{_count(one)}Antworten\n"
        for one in thread
    )


def old_youtube(thread: list[Spoken]) -> str:
    return "".join(
        f"{one.author}\n{one.author}\nil y a {one.hours} ans (modifié)\n{one.text}\n\n{_count(one)}Répondre\n\n"
        for one in thread
    )


def discord(thread: list[Spoken]) -> str:
    return "".join(f"{one.author} — Today at {one.hours}:04 PM\n{one.text}\n" for one in thread)


def discord_in_french(thread: list[Spoken]) -> str:
    return "".join(f"{one.author}\n — Hier à {one.hours}:04\n{one.text}\n" for one in thread)


def discord_log(thread: list[Spoken]) -> str:
    return "".join(f"[14:{one.hours:02}]{one.author}: {one.text}\n" for one in thread)


def discourse(thread: list[Spoken]) -> str:
    return "".join(
        f"{one.author}\nNov 2023\n{one.text}\n\n{one.score or 2} Likes\n\nReply\n\n"
        for one in thread
    )


def discourse_in_print(thread: list[Spoken]) -> str:
    return "".join(
        f"{one.author}\n\nJanuary {at % 28 + 1}, 2026,  6:14pm\n\n{at + 2}\n\n{one.text}\n\n"
        for at, one in enumerate(thread)
    )


def blog(thread: list[Spoken]) -> str:
    return f"{len(thread)} Comments\n\n" + "".join(
        f"{one.author} says:\nJune {at % 28 + 1}, 2024 at 10:12 am\n\n{one.text}\n\nReply\n\n"
        for at, one in enumerate(thread)
    )


def seed(thread: list[Spoken]) -> str:
    return f"Commentaires ({len(thread)})\n" + "\n".join(
        f"{one.author}\n\n{one.text}\n" for one in thread
    )


def _count(one: Spoken) -> str:
    return "" if one.score is None else f"{one.score}\n\n"


Render = Callable[[list[Spoken]], str]

OF_HANDLES: tuple[Render, ...] = (
    reddit, reddit_in_french, reddit_by_level, old_reddit, hacker_news, youtube, youtube_in_german,
    discourse, discourse_in_print, blog, seed,
)  # fmt: skip
OF_NAMES: tuple[Render, ...] = (old_youtube, discord, discord_in_french, discord_log)

"""A folder of readings in files, with what people found in them: what `chorus eval` is run on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from bot.core.evaluating import Case
from bot.core.fingerprint import fingerprint
from bot.core.measuring import Gold, GoldPosition
from bot.core.models import LOCAL, Article, Discussion, Lead, Reading
from bot.core.ports import Reader
from bot.errors import BadFile, ChorusError, NotAReading, NotGold, NothingFound

READINGS = {".json", ".html", ".htm", ".txt"}
GOLD = ".gold.json"
MOST_BYTES = 20_000_000  # ten thousand comments with their links take a third of it

Shape = TypeVar("Shape")


@dataclass(frozen=True)
class _Saved:
    """`bot.core.export.reading_json`: its objects are the types of the core, field by field."""

    schema: Literal[1]
    article: Article | None
    discussions: tuple[Discussion, ...]
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True)
class _View:
    core: Annotated[tuple[int, ...], Field(min_length=1)]
    also_ok: tuple[int, ...] = ()
    stance_to_deal: str | None = None


@dataclass(frozen=True)
class _Gold:
    positions: Annotated[tuple[_View, ...], Field(min_length=1)]


_SAVED = TypeAdapter(_Saved)
_GOLD = TypeAdapter(_Gold)


async def cases(folder: Path, reader: Reader) -> list[Case]:
    """
    Return every reading in *folder*, by name: .json as `chorus read` prints it, .html and .txt read by *reader*.

    `NAME.gold.json` holds what people found in `NAME.*`. A file that cannot be used is a case with its error.
    """
    return [await _case(file, reader) for file in _readings(folder)]


def _readings(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in READINGS and not file.name.endswith(GOLD)
    )


async def _case(file: Path, reader: Reader) -> Case:
    try:
        data = _bytes(file)
        if file.suffix.lower() == ".json":
            reading = saved_reading(data, file.name)
        else:
            reading = await reader.paste(data, file.name, LOCAL, None)
        beside = file.with_name(file.stem + GOLD)
        gold = saved_gold(_bytes(beside), beside.name, reading) if beside.exists() else ()
    except ChorusError as error:
        return Case(file.name, error)
    return Case(file.name, reading, gold)


def saved_reading(data: bytes, name: str) -> Reading:
    """Return the reading that `chorus read --format json` printed; raises `NotAReading` or `NothingFound`."""
    saved = _parsed(_SAVED, data, name, NotAReading)
    for problem in _problems(saved):
        raise NotAReading(name=name, problem=problem)
    reading = Reading(
        target=name,
        article=saved.article,
        discussions=saved.discussions,
        read_at=datetime.fromtimestamp(0, UTC),  # the file does not say
        hash=fingerprint(saved.article, saved.discussions, name, LOCAL),
        leads=saved.leads,
        audience=LOCAL,
    )
    if not reading.readable and not (saved.article and saved.article.text.strip()):
        raise NothingFound
    return reading


def saved_gold(data: bytes, name: str, reading: Reading) -> Gold:
    """
    Return the positions people found in *reading*; raises `NotGold`.

    Comments are numbered from 1, in the order in which the reading has them, unreadable ones included.
    """
    ids = list(reading.by_id)
    found = []
    for n, view in enumerate(_parsed(_GOLD, data, name, NotGold).positions):
        for number in (*view.core, *view.also_ok):
            if not 1 <= number <= len(ids):
                problem = f"positions.{n}: there is no comment {number} of {len(ids)}"
                raise NotGold(name=name, problem=problem)
        core, also_ok = (frozenset(ids[x - 1] for x in some) for some in (view.core, view.also_ok))
        found.append(GoldPosition(core, also_ok, view.stance_to_deal))
    return tuple(found)


def _parsed(
    shape: TypeAdapter[Shape], data: bytes, name: str, wrong: type[NotAReading | NotGold]
) -> Shape:
    try:
        return shape.validate_json(data, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        said = first["msg"].rstrip(".")
        raise wrong(name=name, problem=f"{place}: {said}" if place else said) from None


def _problems(saved: _Saved) -> Iterator[str]:
    """Say what types cannot: ids that are not unique, times of no zone."""
    seen = set()
    if saved.article and _zoneless(saved.article.published):
        yield "article.published: no time zone"
    for at, place in enumerate(saved.discussions):
        for n, comment in enumerate(place.comments):
            where = f"discussions.{at}.comments.{n}"
            if comment.id in seen:
                yield f"{where}.id: another comment has it too"
            if _zoneless(comment.posted_at):
                yield f"{where}.posted_at: no time zone"
            seen.add(comment.id)


def _zoneless(time: datetime | None) -> bool:
    return time is not None and time.tzinfo is None


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError:
        raise BadFile(name=file.name, reason="unreadable") from None
    if len(data) > MOST_BYTES:
        raise BadFile(name=file.name, reason="large")
    return data

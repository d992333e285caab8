"""A comment that gives orders changes nothing outside of itself, even where the model obeys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.positions.threads import made
from bot.core.models import Cid, Comment, Reading
from bot.core.shapes import DeltaReply, DigestReply, MapReply
from tests.core.scripted import ScriptedModel, block
from tests.scale.claims import check
from tests.scale.injections import INJECTIONS, SIGNS, Injection, Obedient, unseen
from tests.scale.telling import Told, told_thrice

INJECTED = Cid("page:mallory")
VIEWS = ("kerb", "parking", "children", "que ", "the ")
READING = (DigestReply, MapReply, DeltaReply)


def injected(reading: Reading, injection: Injection) -> Reading:
    """*reading* with the injection in its middle, an answer to the comment before it."""
    place = reading.discussions[0]
    at = len(place.comments) // 2
    evil = Comment(INJECTED, place.comments[at].id, "mallory", injection.text)
    comments = [*place.comments[: at + 1], evil, *place.comments[at + 1 :]]
    return replace(made(place.platform, comments, reading.article), target=reading.target)


def outside(printed: Any) -> Iterator[str]:
    """Every text of a digest but the injected comment's own words."""
    if isinstance(printed, dict):
        for name, part in printed.items():
            own = printed.get("comment") == INJECTED and name in {"text", "translation"}
            if name not in {"url", "article", "gaps", "comment", "comments"} and not own:
                yield from outside(part)
    elif isinstance(printed, list):
        for part in printed:
            yield from outside(part)
    elif isinstance(printed, str):
        yield printed


def positions(told: Told) -> list[tuple[str, list[str]]]:
    """The labels of a digest with the comments behind them, without the injected one."""
    found = [
        (p["label"], sorted(c for c in p["comments"] if c != INJECTED))
        for p in told.printed["positions"]
    ]
    return [(label, ids) for label, ids in found if ids]


@pytest.mark.parametrize("thread", ["handmade", "seed"], indirect=True)
@pytest.mark.parametrize("name", INJECTIONS)
async def test_nothing_of_it_reaches_the_digest(name: str, thread: Reading) -> None:
    """
    The model writes what is demanded wherever it writes; no link, mention, image or mark of it is printed, in the
    digest, its refresh and its translation. The comment is read, counted and placed or unplaced like any other.
    """
    reading = injected(thread, INJECTIONS[name])
    model = Obedient(VIEWS, INJECTIONS[name])
    for told in await told_thrice(model, reading):
        check(told.printed, told.reading)
        others = {comment.text for comment in told.reading.readable if comment.id != INJECTED}
        for said in outside(told.printed):
            if not any(said in text for text in others):
                assert not [sign for sign in SIGNS if sign in said.lower()], said
        ids = json.dumps(told.printed["positions"]) + json.dumps(told.printed["unplaced"])
        assert INJECTED in ids


@pytest.mark.parametrize("name", INJECTIONS)
@pytest.mark.parametrize("thread", ["handmade"], indirect=True)
async def test_it_stays_inside_its_line(name: str, thread: Reading) -> None:
    """
    The comment is shown to the model once, on one line of its own, within the fence: as many lines as comments, none of
    them forged, no tag or turn but ours, nothing unseen.
    """
    reading = injected(thread, INJECTIONS[name])
    model = ScriptedModel(VIEWS)
    await told_thrice(model, reading)
    asked = [prompt for prompt in model.asked if prompt.shape in READING]
    shown = [line for prompt in asked[:-1] for line in block(prompt.user, "comments").split("\n")]
    words = " ".join(
        INJECTIONS[name].text.translate({ord(c): None for c in unseen_letters()}).split()
    )

    assert len(reading.readable) == len(shown)
    assert 1 == sum(_same(line.partition(" ")[2], words) for line in shown)
    for prompt in asked:
        assert 1 == prompt.user.count("<comments") == prompt.user.count("</comments>")
        for turn in ("<|", "[INST]", "</s>", "<<SYS>>"):
            assert turn not in prompt.user
        assert not set(prompt.user) & unseen_letters()


@pytest.mark.parametrize("name", INJECTIONS)
@pytest.mark.parametrize("thread", ["handmade"], indirect=True)
async def test_the_others_stay_where_they_are(name: str, thread: Reading) -> None:
    """
    With a model that does not obey, everybody else is placed as if the comment were not there.
    """
    with_it = await told_thrice(ScriptedModel(VIEWS), injected(thread, INJECTIONS[name]))
    without = await told_thrice(ScriptedModel(VIEWS), thread)

    assert positions(without[0]) == positions(with_it[0])


def unseen_letters() -> set[str]:
    return {unseen(chr(n)) for n in range(128)}


def _same(shown: str, words: str) -> bool:
    return shown.replace("‹", "<").replace("［", "[") == words

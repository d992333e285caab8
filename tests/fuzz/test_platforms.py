"""Platforms that answer anything at all: what is read is a reading, what is not is an error of ours."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import cast

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from bot.core.export import reading_json
from bot.core.fingerprint import fingerprint
from bot.core.models import PUBLIC, Reading
from bot.core.ports import Progress
from bot.errors import ChorusError
from bot.sources.discovery import Discovery
from bot.sources.epoch import EPOCH
from bot.sources.platform import Keys, Material, Platform
from bot.sources.platforms import platforms
from bot.sources.web import Web
from bot.store.codec import Codec
from tests.fuzz.answers import Answers, Examples, links_of
from tests.fuzz.limits import examples, in_no_time, quick
from tests.fuzz.texts import addresses

KEYS = Keys(reddit_id="id", reddit_secret="s", github="g", stackexchange="k")
NAMES = [platform.name for platform in platforms(Keys())]
EXAMPLES = {platform.name: Examples(platform) for platform in platforms(Keys())}
LINKS = {platform.name: links_of(platform) for platform in platforms(Keys())}
FOUND_ELSEWHERE = Examples(Discovery())
READING = Codec(Reading)

each = pytest.mark.parametrize("name", NAMES)


def one(name: str, seed: int) -> Platform:
    """Return a platform that nobody has used yet, with a key or without."""
    some = platforms(KEYS if seed % 3 == 0 else Keys())
    return next(platform for platform in some if platform.name == name)


def quiet(_: Progress) -> None:
    pass


def held(material: Material) -> None:
    """Do with *material* what Chorus does with it: keep it, print it, follow replies to the top."""
    reading = Reading(
        target="https://example.org/",
        article=material.article,
        discussions=material.discussions,
        read_at=EPOCH,
        hash=fingerprint(material.article, material.discussions, "", PUBLIC),
        leads=material.leads,
    )
    READING.load(READING.dump(reading))
    json.dumps(reading_json(reading), ensure_ascii=False).encode()
    for place in reading.discussions:
        above = {comment.id: comment.parent for comment in place.comments}
        for comment in place.comments:
            at, steps = comment.parent, 0
            while at is not None and steps <= len(above):
                at, steps = above.get(at), steps + 1
            assert steps <= len(above), "replies in a circle"


@each
@examples(1)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_any_answer_is_read_or_refused(name: str, seed: int, data: st.DataObject) -> None:
    """
    Wrong types, missing and odd values, HTML for JSON, half an answer, refusals in the middle.
    """
    link = data.draw(st.sampled_from(LINKS[name]))
    answers = Answers(EXAMPLES[name], seed)
    web = cast("Web", answers)
    try:
        with quick(), suppress(ChorusError):
            held(in_no_time(one(name, seed).read(link, web, answers.job(), quiet)))
    finally:
        for asked, given_ in answers.given:
            note(f"{asked} → {given_!r:.2000}")


@examples(1)
@given(st.integers(0, 2**32), addresses)
def test_any_answer_of_a_search_is_a_lead_or_none(seed: int, link: str | None) -> None:
    """
    Whatever the places say that are asked where else an article is discussed: nothing is raised.
    """
    answers = Answers(FOUND_ELSEWHERE, seed)
    asked = ("https://blog.example/bees", *([link] if link else []))
    with quick():
        work = Discovery().find(asked, (), cast("Web", answers), answers.job())
        held(Material(leads=in_no_time(work)))


@each
def test_every_platform_is_reached(name: str) -> None:
    """
    Its tests name links it takes and build answers it reads: of a few hundred at random, some have comments.
    """
    for seed in range(1_000):
        answers = Answers(EXAMPLES[name], seed)
        link = LINKS[name][seed % len(LINKS[name])]
        with suppress(Exception):
            work = one(name, seed).read(link, cast("Web", answers), answers.job(), quiet)
            if any(place.comments for place in in_no_time(work).discussions):
                return
    pytest.fail("nothing was read")

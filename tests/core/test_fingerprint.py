"""A fingerprint changes with what was said, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.fingerprint import digest_key, fingerprint
from bot.core.gaps import Gap, GapCode
from bot.core.models import (
    LOCAL,
    PUBLIC,
    Article,
    Audience,
    Brief,
    Cid,
    Comment,
    Discussion,
    Engine,
    Length,
    State,
)

TARGET = "https://example.org/a"
ARTICLE = Article(url=TARGET, title="Bees", text="They hum.")
FIRST = Comment(id=Cid("page:1"), parent=None, author="Ann", text="Lovely.", score=3)
SECOND = Comment(id=Cid("page:2"), parent=Cid("page:1"), author="Ben", text="Loud.")
PLACE = Discussion(platform="page", url=TARGET, title=None, declared=2, comments=(FIRST, SECOND))
HASH = fingerprint(ARTICLE, (PLACE,), TARGET, PUBLIC)


def test_the_same_content_has_the_same_fingerprint_in_every_process() -> None:
    """
    A fingerprint is a function of content alone, whoever computes it.
    """
    assert 64 == len(HASH)
    assert HASH == fingerprint(replace(ARTICLE), [replace(PLACE)], TARGET, Audience())


@pytest.mark.parametrize(
    "place",
    [
        replace(PLACE, comments=(SECOND, FIRST)),
        replace(PLACE, comments=(FIRST,)),
        replace(PLACE, comments=(FIRST, replace(SECOND, text="Loud!"))),
        replace(PLACE, comments=(FIRST, replace(SECOND, author=None))),
        replace(PLACE, comments=(FIRST, replace(SECOND, parent=None))),
        replace(PLACE, comments=(FIRST, replace(SECOND, state=State.DELETED))),
        replace(PLACE, declared=3),
        replace(PLACE, gaps=(Gap(GapCode.COMMENTS_MISSING, count=1),)),
    ],
)
def test_what_readers_said_and_in_which_order_changes_the_fingerprint(place: Discussion) -> None:
    """
    Text, author, place in the tree, state, order, declared number and gaps all count.
    """
    assert HASH != fingerprint(ARTICLE, (place,), TARGET, PUBLIC)


def test_votes_do_not_change_the_fingerprint() -> None:
    """
    A digest is not paid for again because somebody voted.
    """
    voted = replace(PLACE, comments=(replace(FIRST, score=99), SECOND))

    assert HASH == fingerprint(ARTICLE, (voted,), TARGET, PUBLIC)


def test_every_audience_and_target_has_its_own() -> None:
    """
    What one server, channel or person may see is never another's, even where the words are the same.
    """
    audiences = (PUBLIC, LOCAL, Audience(guild=1), Audience(channel=1), Audience(user=1))
    hashes = {fingerprint(ARTICLE, (PLACE,), TARGET, audience) for audience in audiences}

    assert 5 == len(hashes)
    assert HASH != fingerprint(ARTICLE, (PLACE,), TARGET + "b", PUBLIC)


def test_an_article_and_none_differ_and_broken_text_is_no_obstacle() -> None:
    """
    A bare thread has a fingerprint too, and so has text with a lone surrogate.
    """
    broken = replace(ARTICLE, text="\ud800")

    assert fingerprint(None, (PLACE,), TARGET, PUBLIC) != HASH
    assert fingerprint(broken, (), TARGET, PUBLIC) != fingerprint(None, (), TARGET, PUBLIC)


def test_a_digests_key_depends_on_reading_language_length_and_who_wrote_it() -> None:
    """
    24 hex characters; asking for AUTO or LLM leads to the same digest where the same digester answers.
    """
    brief = Brief(language="fr")
    key = digest_key(HASH, brief, "llm/m/p")

    assert 24 == len(key)
    assert key == digest_key(HASH, replace(brief, engine=Engine.LLM), "llm/m/p")
    assert key not in {
        digest_key("0" * 64, brief, "llm/m/p"),
        digest_key(HASH, replace(brief, language="en"), "llm/m/p"),
        digest_key(HASH, replace(brief, length=Length.SHORT), "llm/m/p"),
        digest_key(HASH, brief, "llm/other/p"),
    }

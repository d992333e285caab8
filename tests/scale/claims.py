"""What any digest must be able to prove, whatever the model said: held against the reading it is about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from bot.core.models import Comment, Reading

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
_QUOTED = re.compile(r"“([^”]*)”|\"([^\"]*)\"|«([^»]*)»|„([^“”]*)[“”]")


def check(printed: dict[str, Any], reading: Reading) -> None:
    """Hold what `chorus digest --format json` prints against *reading*; every claim in it must be provable."""
    readable = {str(comment.id): comment for comment in reading.readable}
    json.dumps(printed, ensure_ascii=False).encode("utf-8")  # what cannot be printed says nothing
    placed: set[str] = set()
    for position in printed["positions"]:
        placed |= set(position["comments"])
        _check_position(position, readable)
    assert [] == [cid for cid in printed["unplaced"] if cid in placed]
    assert readable.keys() == placed | set(printed["unplaced"])
    assert len(readable) == len(placed) + len(printed["unplaced"])
    covered = printed["coverage"]
    assert len(readable) == covered["comments_read"] == covered["comments_found"]
    for group in printed["duplicates"]:
        assert len(set(group)) == len(group) > 1
        assert set(group) <= readable.keys()
    for gap in printed["gaps"]:
        assert gap["count"] is None or gap["count"] > 0
    if printed["changes"]:
        _check_changes(printed)
    _check_prose(printed, reading)


def _check_position(position: dict[str, Any], readable: dict[str, Comment]) -> None:
    ids = position["comments"]
    assert ids
    assert len(ids) == len(set(ids)) == sum(position["stances"].values())
    assert set(ids) <= readable.keys()
    assert position["stance"] in {"supports", "opposes", "mixed", "other"}
    assert round(len(ids) / len(readable), 4) == position["share"]
    names = [readable[cid].author or f"nobody {cid}" for cid in ids]
    assert len(set(names)) == position["authors"]
    assert position["label"].strip()
    assert position["quotes"]
    for quote in position["quotes"]:
        _check_quote(quote, readable)
        assert quote["comment"] in ids


def _check_quote(quote: dict[str, Any], readable: dict[str, Comment]) -> None:
    comment = readable[quote["comment"]]
    assert quote["text"].strip()
    assert quote["text"] in comment.text
    assert (comment.author, comment.url) == (quote["author"], quote["url"])


def _check_changes(printed: dict[str, Any]) -> None:
    now = {position["label"]: position["share"] for position in printed["positions"]}
    for share in printed["changes"]["shares"]:
        assert now[share["label"]] == share["now"]
        assert share["then"] is None or 0 < share["then"] <= 1


def _check_prose(printed: dict[str, Any], reading: Reading) -> None:
    article = f"{reading.title} {reading.article.text if reading.article else ''}"
    source = " ".join([article, *(comment.text for comment in reading.readable)])
    numbers = set(re.findall(r"\d+", source))
    for said in prose(printed):
        _check_words(said, numbers)
        assert "://" not in said
        assert "@" not in said
        for match in _QUOTED.finditer(said):
            assert "".join(filter(None, match.groups())) in source
    for position in printed["positions"]:
        for quote in position["quotes"]:
            said = quote["translation"] or ""
            _check_words(said, numbers)
            for sign in re.findall(r"\S+://\S+|@\S+", said):
                assert sign in reading.by_id[quote["comment"]].text


def _check_words(said: str, numbers: set[str]) -> None:
    assert set(re.findall(r"\d+", said)) <= numbers
    assert not _UNSEEN.search(said)
    assert len(said) <= 1_200


def prose(printed: dict[str, Any]) -> Iterable[str]:
    """Yield everything in *printed* that is the model's own, translations aside."""
    yield printed["summary"]["tldr"]
    yield from printed["summary"]["points"]
    yield printed["question"] or ""
    yield printed["divide"] or ""
    for position in printed["positions"]:
        yield position["label"]
        yield position["summary"]

"""Every error, gap and stage has its words, in every language."""

from __future__ import annotations

import ast
import re
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.chat.problems import ERRORS, GAPS, STAGES
from bot.chat.sentences import LOCALES, Sentences
from bot.core.gaps import Gap, GapCode
from bot.core.ports import Progress, Stage
from bot.errors import ChorusError, Fact, SiteBusy, all_errors

BOT = Path(__file__).parent.parent.parent / "bot"
LANGUAGES = ["en", *sorted(path.stem for path in LOCALES.glob("*.po"))]
LEAVES = [kind for kind in all_errors() if not kind.__subclasses__()]


def said_in_code() -> set[tuple[str, ...]]:
    """Every message that the code says: arguments of `say`, `count` and `_`, and names marked `# say`."""
    found: set[tuple[str, ...]] = set()
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            texts = [
                a.value
                for a in node.args
                if isinstance(a, ast.Constant) and isinstance(a.value, str)
            ]
            if name in {"say", "_"} and texts:
                found.add((texts[0],))
            elif name == "count" and len(texts) >= 2:
                found.add((texts[0], texts[1]))
    pairs = {pair for pair in GAPS.values() if pair[0] != pair[1]}
    words = {word for pair in pairs for word in pair}
    return {entry for entry in found if entry[0] not in words} | pairs


def facts_of(kind: type[ChorusError]) -> dict[str, Fact]:
    return {name: f"<{name}>" for name in kind.names}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence_of_its_own(kind: type[ChorusError]) -> None:
    """
    Each class of error is worded, with all the facts it carries and no others.
    """
    assert kind in ERRORS
    assert placeholders(ERRORS[kind]) <= set(kind.names)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_an_error_is_one_sentence_in_every_language(kind: type[ChorusError], language: str) -> None:
    """
    One line, its facts filled in, ending as a sentence ends.
    """
    said = Sentences.of(language).error(kind(**facts_of(kind)))

    assert said.endswith(".")
    assert not {"\n", "{", "}"} & set(said)
    assert [name for name in placeholders(ERRORS[kind]) if f"<{name}>" not in said] == []


def test_what_is_not_known_is_not_said() -> None:
    """
    A site that does not say how long to wait is not quoted with "None seconds".
    """
    said = Sentences.of("en").error(SiteBusy(host="a.example", retry_after=None))

    assert "None" not in said


def test_a_place_that_does_not_say_how_much_it_keeps_is_not_quoted_with_a_number() -> None:
    """
    A feed says what it holds, not what it leaves out.
    """
    said = Sentences.of("en").gap(Gap(GapCode.COMMENTS_LIMIT, "Reddit"))

    assert "Reddit may have more comments than it hands out." == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n", [None, 0, 1, 2, 12_000])
def test_every_gap_has_a_sentence(language: str, n: int | None) -> None:
    """
    Each code of a gap is worded, for any number.
    """
    said = [Sentences.of(language).gap(Gap(code, "x", n)) for code in GapCode]

    assert len(set(said)) == len(GapCode) == len(GAPS)
    assert all(line.endswith((".", ")")) and "{" not in line for line in said)


@pytest.mark.parametrize("code", [GapCode.COMMENTS_UNREADABLE, GapCode.REQUEST_LIMIT])
def test_comments_left_unread_are_counted_where_their_number_is_known(code: GapCode) -> None:
    """
    Most of a discussion may have been read: the number says so, and none is made up.
    """
    english = Sentences.of("en")

    assert "5 comments at x" in english.gap(Gap(code, "x", 5))
    assert not any(map(str.isdigit, english.gap(Gap(code, "x"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_has_a_sentence(language: str) -> None:
    """
    Progress is worded with and without numbers.
    """
    words = Sentences.of(language)

    assert set(Stage) == set(STAGES)
    for stage in Stage:
        assert words.progress(Progress(stage)).endswith("…")
        assert "{" not in words.progress(Progress(stage, 3, 10))


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_sentence_is_translated(language: str) -> None:
    """
    The catalogue holds every sentence the code says, and none it does not; facts are the same in both.
    """
    with (LOCALES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file)
    kept = {
        tuple([message.id] if isinstance(message.id, str) else message.id): message.string
        for message in catalogue
        if message.id
    }

    assert set() == said_in_code() - set(kept)
    assert set() == set(kept) - said_in_code()
    for ids, strings in kept.items():
        for text in [strings] if isinstance(strings, str) else strings or []:
            assert text
            assert placeholders(text) <= placeholders(ids[-1])
            assert placeholders(ids[0]) - {"n"} <= placeholders(text)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_sentence_is_translated_twice(language: str) -> None:
    """
    The second translation of a sentence would silently win: files that were joined have such pairs.
    """
    text = (LOCALES / f"{language}.po").read_text("utf-8")
    said = re.findall(r'^(?:msgctxt .*\n)?msgid "(?:.+"|"(?:\n".*")+)', text, re.MULTILINE)

    assert len(said) > 100
    assert [] == sorted({one for one in said if said.count(one) > 1})


def test_french_has_its_spaces() -> None:
    """
    In French a narrow no-break space stands before ; ! ? and a no-break space before a colon and inside « ».
    """
    text = (LOCALES / "fr.po").read_text("utf-8")
    texts = re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', text, re.MULTILINE)

    assert [] == [t for t in texts if re.search(r" [;!?:»]|« |[^\s…][;!?](\s|$)", t)]


def test_an_unknown_language_is_answered_in_english() -> None:
    """
    A language without a catalogue gets English; a region gets its language.
    """
    assert "en" == Sentences.of("tlh").language
    assert "fr" == Sentences.of("fr-CA").language
    assert "en" == Sentences.of("../../etc/passwd").language


def test_numbers_dates_and_ages_are_written_as_the_language_does() -> None:
    """
    1,234 in English, 1 234 in French; dates in words; ages with their direction.
    """
    day = datetime(2024, 2, 28, 8, 18, tzinfo=UTC)
    english, french = Sentences.of("en"), Sentences.of("fr")

    assert ("1,234", "1\u202f234") == (english.number(1234), french.number(1234))
    assert ("February 28, 2024", "28 février 2024") == (english.date(day), french.date(day))
    assert "5 minutes ago" == english.ago(timedelta(minutes=5))
    assert "il y a 5 minutes" == french.ago(timedelta(minutes=5))
    assert ("German", "allemand") == (english.language_name("de"), french.language_name("de"))
    assert "xx-nope" == english.language_name("xx-nope")


def test_a_language_without_a_catalogue_takes_no_memory_of_its_own() -> None:
    """
    People type any code of a language, and pages state any: all that have no words of ours share the English ones.
    """
    assert Sentences.of("en") is Sentences.of("xq") is Sentences.of("qqq-latn")

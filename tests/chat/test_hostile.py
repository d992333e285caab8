"""Hostile text on whole messages: nothing in it acts, all of it can be read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from discord import ui

from bot.chat.answer_card import answer_card
from bot.chat.answers import answer_view
from bot.chat.cards import notice
from bot.chat.escape import outside
from bot.chat.facts import numbered
from bot.chat.forms import wrong_form
from bot.chat.opened import section
from bot.chat.rows import chooser, page_view
from bot.chat.sentences import Sentences
from bot.chat.writing import digest_text
from bot.core.answers import Answer, Sentence
from bot.core.flags import Flag
from bot.core.gaps import Gap, GapCode
from bot.core.models import Digested, Quote
from bot.core.passages import Passage
from bot.errors import NotALink
from tests.chat.digests import absurd
from tests.chat.fake_discord import texts, walk
from tests.chat.limits import components_of
from tests.chat.markdown import made_of
from tests.fakes import READ_AT

WORDS = Sentences.of("en")

# what comes from outside, and what a person must be able to read of it
HOSTILE = {
    "everyone": ("Hey @everyone and @here", "Hey @everyone and @here"),
    "mentions": (
        "<@123456789012345678> <@!1> <@&2> <#3>",
        "<@123456789012345678> <@!1> <@&2> <#3>",
    ),
    "masked link": ("[click](https://evil.example)", "[click](https://evil.example)"),
    "masked link with a title": ('[a](<https://e.example> "b")', '[a](<https://e.example> "b")'),
    "broken out of a link": ("x](https://evil.example)[y", "x](https://evil.example)[y"),
    "bare links": (
        "HTTPS://evil.example http://e.example",
        "HTTPS://evil.example http://e.example",
    ),
    "link in signs": ("<https://evil.example>", "<https://evil.example>"),
    "other schemes": ("discord://-/settings steam://run", "discord://-/settings steam://run"),
    "invites": ("discord.gg/abc Discord.com/invite/abc", "discord.gg/abc Discord.com/invite/abc"),
    "heading": ("# big\n## less", "# big ## less"),
    "fake small print": ("-# Read 9 of 9 comments", "-# Read 9 of 9 comments"),
    "small print on a line of its own": ("ok\n-# gpt · $9", "ok -# gpt · $9"),
    "quote": ("> said\n>>> all of it", "> said >>> all of it"),
    "lists": ("- a", "- a"),
    "other lists": ("* a", "* a"),
    "numbered": ("1. a", "1. a"),
    "numbered otherwise": ("12) a", "12) a"),
    "fence": ("```js\nalert(1)\n```", "```js alert(1) ```"),
    "code": ("`a` ``b``", "`a` ``b``"),
    "open fence": ("```", "```"),
    "emphasis": ("**a** *b* __c__ _d_ ~~e~~ ***f***", "**a** *b* __c__ _d_ ~~e~~ ***f***"),
    "half an emphasis": ("** __ ~~ || * _", "** __ ~~ || * _"),
    "spoiler": ("||x||", "||x||"),
    "backslashes": ("\\*a\\* \\\\", "\\*a\\* \\\\"),
    "backslash at the end": ("a\\", "a\\"),
    "times": ("<t:0> <t:1:R>", "<t:0> <t:1:R>"),
    "commands": ("</cmd:1> </a b:2>", "</cmd:1> </a b:2>"),
    "custom emoji": ("<:x:123456789012345678> <a:y:1>", "<:x:123456789012345678> <a:y:1>"),
    "navigation": ("<id:customize> <id:guide>", "<id:customize> <id:guide>"),
    "turned": ("a \u202etxt.exe\u202c b \u2067c\u2069 \u200fd", "a txt.exe b c d"),
    "unseen": ("@\u200beve\u2060ry\ufeffone \u00adx", "@everyone x"),
    "unseen link": ("ht\u200btps://evil.example", "https://evil.example"),
    "piled": ("H" + "\u0301" * 10_000 + "ello", "ello"),
    "piled otherwise": ("H" + "\u0e47" * 10_000 + "ello", "ello"),
    "hidden far behind": ("\u200b" * 10_000 + "hello", "hello"),
    "line ends": ("a\r\n\u2028# b\u2029\u0085c\x0b\x0cd", "a # b cd"),
    "commands of terminals": ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
    "lone halves": ("a\ud800b\udfff", "ab"),
    "tags": ("a\U000e0041\U000e007f", "a"),
    "arabic": ("\u0645\u0631\u062d\u0628\u0627 4 of 15", "\u0645\u0631\u062d\u0628\u0627 4 of 15"),
}


def card_of(words: str) -> Digested:
    """A digest where everything that can come from outside is *words*."""
    card = absurd(words, 5, 6)
    said, digest = card.reading, card.digest
    assert said.article
    short = tuple(
        replace(
            place, comments=tuple(replace(c, url="https://t.example/c") for c in place.comments)
        )
        for place in said.discussions
    )
    article = replace(said.article, title=words, text=words)
    said = replace(said, article=article, discussions=short)
    gaps = (Gap(GapCode.COMMENTS_ELSEWHERE, words),)
    return Digested(said, replace(digest, unplaced=digest.unplaced[:1], gaps=gaps))


def messages(card: Digested, words: str) -> list[ui.LayoutView]:
    found = [answer_view(card, WORDS), chooser(card, 0, WORDS)]
    flags = [Flag("d", "p", None, 1, READ_AT, words)]
    for name in ("1", "rest", "all"):
        what = section(card, name)
        assert what
        found.append(page_view(card, what, 0, WORDS, flags))
    cid = card.reading.readable[0].id
    passages = (Passage(cid, 0, len(words)), Passage(None, 0, len(words)))
    proven = Answer(words, (Sentence(words, passages),), (), model=words)
    found += [
        answer_card(one, card.reading, WORDS) for one in (proven, Answer(words, (), passages))
    ]
    return [*found, notice(WORDS.error(NotALink(text=words)))]


def shown(views: list[ui.LayoutView]) -> list[str]:
    return [text for view in views for text in texts(components_of(view))]


def acts(views: list[ui.LayoutView]) -> Counter[tuple[str, str]]:
    return sum((made_of(text).acts for text in shown(views)), Counter())


def seen(text: str) -> str:
    """The letters that are there to be seen; where lines and words end is not compared."""
    return re.sub("[\u200b\u2068\u2069\\s]", "", text)


PLAIN = acts(messages(card_of("plain"), "plain"))
"""Of the same messages with a harmless word for everything: our own layout and links, and nothing else."""


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_acts_and_all_of_it_is_read(name: str) -> None:
    """
    On cards, pages, answers and notices the layout is ours alone, and the words stand there as they were written.
    """
    text, expected = HOSTILE[name]
    views = messages(card_of(text), text)

    assert PLAIN == acts(views)
    for view in views:
        read = seen("".join(made_of(text).shown for text in texts(components_of(view))))
        labels = [o["label"] for c in walk(components_of(view)) for o in c.get("options") or ()]
        assert seen(expected) in read + seen("".join(labels))


@pytest.mark.parametrize("name", HOSTILE)
def test_labels_hold_what_is_seen_only(name: str) -> None:
    """
    In lists and forms nothing acts anyway; what turns or hides letters is taken out, as everywhere.
    """
    text, _ = HOSTILE[name]
    card = card_of(text)
    form = wrong_form(card, numbered(card)[0], WORDS).to_dict()
    every = [*walk(components_of(answer_view(card, WORDS)))]
    every += [one["component"] for one in form["components"]]
    labels = [
        word
        for one in every
        for option in one.get("options") or ()
        for word in (option["label"], option.get("description") or "")
    ]

    assert labels
    assert not re.search(
        "[\x00-\x1f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "".join(labels)
    )


def test_the_parser_sees_what_acts() -> None:
    """
    What the tests above rely on: each hostile text, put into a message as it is, acts; our own layout is counted.
    """
    harmless = {"backslashes", "backslash at the end", "piled"}
    harmless |= {
        "piled otherwise",
        "hidden far behind",
        "line ends",
        "lone halves",
        "tags",
        "arabic",
    }
    harmless |= {"unseen", "unseen link", "commands of terminals"}

    for name, (text, _) in HOSTILE.items():
        assert bool(made_of(text).acts) == (name not in harmless), name
    assert {"heading", "small", "quote", "bold", "italic", "link", "time"} <= {
        kind for kind, _ in PLAIN
    }
    assert not {"mention", "url", "invite", "fence", "turned"} & {kind for kind, _ in PLAIN}


def test_joiners_stay_where_writing_needs_them() -> None:
    """
    Persian keeps its spelling and a family its members; between Latin letters nothing is joined.
    """
    persian, family = (
        "\u0645\u06cc\u200c\u0631\u0648\u0645",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    )

    assert persian in outside(persian)
    assert family == outside(family)
    assert "everyone" == outside("every\u200done\u200c")


def test_what_is_written_from_right_to_left_turns_nothing_around_it() -> None:
    """
    It is isolated, so that a count behind it stays behind it.
    """
    assert "\u2068\u0645\u0631\u062d\u0628\u0627\u2069" == outside("\u0645\u0631\u062d\u0628\u0627")


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_markup_in_an_exported_file(name: str) -> None:
    """
    In Markdown the words are words: no HTML, no link, no heading, no emphasis but ours.
    """
    text, expected = HOSTILE[name]
    files = {words: digest_text(card_of(words), WORDS, markdown=True) for words in (text, "plain")}

    def marks(written: str) -> Counter[str]:
        bare = re.sub(r"\\.", "x", written)
        lines = re.findall(r"^ *(#{1,6} |> |- |\d+[.)] |```|<)", bare, re.MULTILINE)
        return Counter(re.findall(r"[*_`\[\]<|~]", bare)) + Counter(lines)

    assert marks(files["plain"]) == marks(files[text])
    assert expected.split()[-1] in re.sub(r"\\(.)", r"\1", files[text])


def test_a_translation_beside_a_quote_is_ours_to_set() -> None:
    """
    Signs in it end neither its italics nor the quote.
    """
    card = card_of("plain")
    first = card.digest.positions[0]
    quote = Quote(first.quotes[0].comment, 0, 5, "a* **b** \\")
    positions = (replace(first, quotes=(quote,)), *card.digest.positions[1:])
    card = replace(card, digest=replace(card.digest, positions=positions))

    views = messages(card, "plain")
    assert PLAIN == acts(views)

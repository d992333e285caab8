"""Which language a text is in, and what leans in it on the sentence before."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.extractive.languages import STEMMERS, language_of, leaning
from bot.extractive.vectors import Words, words_in

SAID = {
    "de": "Die Läden an der Straße verlieren ihre Kunden, wenn man dort nicht mehr parken kann.",
    "en": "The shops on the road will lose their customers when nobody can park there any more.",
    "es": "Las tiendas de la calle van a perder a sus clientes si ya no se puede aparcar allí.",
    "fr": "Les commerces de la rue perdront leurs clients si on ne peut plus se garer devant.",
    "it": "I negozi della via perderanno i loro clienti se non si può più parcheggiare lì.",
    "nl": "De winkels in de straat verliezen hun klanten als je er niet meer mag parkeren.",
    "pt": "As lojas da rua vão perder os seus clientes se já não se puder estacionar ali.",
    "sv": "Butikerna på gatan kommer att förlora sina kunder när man inte längre får parkera där.",
}


@pytest.mark.parametrize("language", SAID)
def test_a_language_is_told_by_its_stop_words(language: str) -> None:
    """
    A thread of which nobody says the language has one all the same.
    """
    assert language == language_of([SAID[language]])


def test_what_a_page_states_is_taken_unless_another_fits_clearly_better() -> None:
    """
    A German page with the template's "en" is German; few words, or none, prove nothing.
    """
    assert "de" == language_of([SAID["de"]], "en")
    assert "it" == language_of(["Bello!"], "it")
    assert "ja" == language_of(["これは紙です。"], "ja")
    assert "" == language_of(["👍", ""])


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "He said it again."),
        ("en", "“This is it,” she said."),
        ("en", "For example, the shops."),
        ("en", "Later that evening, he went."),
        ("fr", "À La Tribune, elle précise tout."),
        ("fr", "Ceux-là paieront."),
        ("fr", "C’est trop cher."),
        ("fr", "Dans ce cas, non."),
        ("de", "Dieser Weg ist gut."),
        ("de", "Das ist wahr."),
        ("es", "Esto no vale."),
        ("es", "Sin embargo, vale."),
        ("it", "Questo no."),
        ("pt", "Isso não."),
        ("nl", "Daarom niet."),
    ],
)
def test_a_sentence_that_leans_is_known(language: str, sentence: str) -> None:
    """
    A pronoun without a noun or a connective at the beginning, behind a quotation mark too.
    """
    assert leaning(language).match(sentence)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Thistles grow on Mill Road."),
        ("en", "On Monday, the mayor went."),
        ("fr", "Il faut une piste."),
        ("fr", "À Marlow, il faut une piste."),
        ("fr", "Cent euros suffisent."),
        ("de", "Das Haus ist alt."),
        ("de", "Es gibt eine Spur."),
        ("es", "En 2020 costó más."),
        ("it", "E’ stato deciso lunedì."),
        ("tlh", "This is unknown."),
    ],
)
def test_a_sentence_that_stands_is_left_alone(language: str, sentence: str) -> None:
    """
    "Es" begins a German sentence of its own with "gibt"; "E’" is an Italian verb; unknown languages have no list.
    """
    assert not leaning(language).match(sentence)


@pytest.mark.parametrize("language", STEMMERS)
def test_every_stemmer_is_there(language: str) -> None:
    """
    No language is named that the library does not know.
    """
    assert "" == "".join(Words(language).features("…"))


def test_forms_of_a_word_are_one_where_there_is_a_stemmer() -> None:
    """
    Articles before an apostrophe do not hide a word; without a stemmer, groups of letters are shared.
    """
    assert list(Words("fr").features("l’argument")) == list(Words("fr").features("arguments"))
    assert set(Words("tlh").features("parking")) & set(Words("tlh").features("parked"))
    assert set(Words("ja").features("自転車道")) & set(Words("ja").features("自転車"))


def test_words_of_scripts_without_spaces_are_counted_by_letters() -> None:
    """
    Two letters are a word there; an accent makes no word.
    """
    assert [3, 3, 2] == [words_in(text) for text in ("one two three", "自転車道が開", "où ça")]


@pytest.fixture
def hasty() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_digests_in_several_threads_do_not_disturb_each_other(hasty: None) -> None:
    """
    Snowball's stemmers keep state: shared by two threads, one in eight stems is wrong.
    """
    text = "running nationalisation abilities generously considerations flies hopping " * 300
    expected = list(Words("en").features(text))

    with ThreadPoolExecutor(4) as pool:
        stems = list(pool.map(lambda _: list(Words("en").features(text)), range(4)))

    assert [expected] * 4 == stems

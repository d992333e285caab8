"""Sentences of an article that stand by themselves and say most of it."""

from __future__ import annotations

import time

import pytest

from bot.extractive.summary import best_sentences

ABOUT = {
    "de": "Der Radweg an der Mühlstraße kostet die Stadt Marlow 40.000 Euro.",
    "en": "The bike lane on Mill Road costs the town of Marlow 40,000 euros.",
    "es": "El carril bici de la calle Molino cuesta a Marlow 40.000 euros.",
    "fr": "La piste cyclable de la rue du Moulin coûte 40 000 euros à Marlow.",
    "it": "La pista ciclabile di via Mulino costa a Marlow 40.000 euro.",
    "nl": "Het fietspad aan de Molenweg kost de gemeente Marlow 40.000 euro.",
    "pt": "A ciclovia da rua do Moinho custa a Marlow 40.000 euros.",
}
LEANING = {
    "de": "Dieser Radweg an der Mühlstraße ist der Stadt Marlow zu teuer.",
    "en": "It costs the town of Marlow more than the lane on Mill Road.",
    "es": "Esta calle Molino cuesta a Marlow más que el carril bici.",
    "fr": "Celle-ci coûte à Marlow plus que la piste de la rue du Moulin.",
    "it": "Questa pista di via Mulino costa a Marlow più della strada.",
    "nl": "Daarom kost het fietspad aan de Molenweg de gemeente Marlow veel.",
    "pt": "Isso custa a Marlow mais do que a ciclovia da rua do Moinho.",
}


@pytest.mark.parametrize("language", ABOUT)
def test_a_sentence_that_leans_on_another_is_not_shown(language: str) -> None:
    """
    "It costs", "Dieser Radweg": whoever reads only this sentence does not know what it is about.
    """
    assert [ABOUT[language]] == chosen(f"{ABOUT[language]} {LEANING[language]}", language)


@pytest.mark.parametrize(
    "other",
    [
        "Would the bike lane on Mill Road cost Marlow too much?",
        "Would the bike lane on Mill Road cost Marlow too much?!",
        "The bike lane on Mill Road in Marlow",
        "The bike lane on Mill Road in Marlow © A. Photographer",
        "Read more: The bike lane on Mill Road in Marlow is planned.",
        "Subscribe for news of the bike lane on Mill Road in Marlow.",
        "Journalist at the Marlow Post, A. Writer cycles on Mill Road.",
        "“The bike lane on Mill Road is too dear for Marlow.”",
        "and the bike lane on Mill Road in Marlow went on.",
        "Mill Road, Marlow.",
    ],
)
def test_questions_headings_and_promotion_are_not_shown(other: str) -> None:
    """
    Nor captions, bylines, quotations without a speaker, and what is too short to say anything.
    """
    assert [ABOUT["en"]] == chosen(f"{ABOUT['en']}\n\n{other}\n\n")


def test_what_stands_inside_a_quotation_is_not_the_article_s_word() -> None:
    """
    Of a quotation of three sentences the middle one has no marks of its own; the paragraph tells.
    """
    said = "“I love Mill Road. The bike lane on Mill Road will ruin Marlow. We must stop it,” said Ann."

    assert [ABOUT["en"]] == chosen(f"{ABOUT['en']}\n\n{said}")


def test_who_said_it_makes_a_quotation_a_sentence() -> None:
    """
    A quotation with its speaker is told by the article.
    """
    said = "“The bike lane on Mill Road will ruin the shops of Marlow,” said the baker."

    assert {ABOUT["en"], said} == set(chosen(f"{ABOUT['en']}\n\n{said}"))


def test_an_article_of_nothing_better_is_not_left_without_summary() -> None:
    """
    Where no sentence stands by itself, those that lean are shown.
    """
    assert [LEANING["en"]] == chosen(LEANING["en"])
    assert [] == chosen("Too short.")


def test_the_sign_of_an_item_is_not_part_of_it() -> None:
    """
    A list's items are sentences without their hyphen or number.
    """
    assert {ABOUT["en"]} == set(chosen(f"- {ABOUT['en']}")) == set(chosen(f"2. {ABOUT['en']}"))


def test_no_two_sentences_say_the_same() -> None:
    """
    The second sentence is not the first one again, however much it weighs.
    """
    again = "Marlow pays 40,000 euros for the bike lane on Mill Road, the town says."
    other = "The shops fear for twelve parking places."

    found = chosen(f"{ABOUT['en']} {again} {other}", most=2)

    assert other in found


def test_a_language_without_spaces_has_a_summary() -> None:
    """
    Words are counted by letters there, and sentences end without a space.
    """
    text = "町は五月に水車通りの自転車道を開く。費用は四万ユーロだと町長は月曜日に述べた。"

    assert 2 == len(chosen(text, "ja", most=2))


@pytest.mark.parametrize(
    "text",
    [
        "." * 100_000 + "x",
        "«" * 100_000,
        '"a ' * 50_000,
        "?! " * 50_000,
        "\n \n" * 50_000,
        "a. " * 50_000,
    ],
    ids=["stops", "quotes", "words", "ends", "lines", "letters"],
)
def test_hostile_text_takes_time_by_its_length_only(text: str) -> None:
    """
    No pattern goes over the same letters again and again.
    """
    started = time.process_time()
    best_sentences(text, "en", 6)

    assert 3 > time.process_time() - started


def chosen(text: str, language: str = "en", most: int = 6) -> list[str]:
    return [one.text for one in best_sentences(text, language, most)]

"""
Everything Chorus says, in the reader's language: one catalogue a language, English in the code.

No Discord here: the command line speaks the same sentences.
"""

from __future__ import annotations

import gettext
import io
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from bot.chat.problems import ERRORS, GAPS, REASONS, STAGES, UNCOUNTED
from bot.core.gaps import Gap, GapCode
from bot.core.ports import Progress
from bot.errors import ChorusError

LOCALES = Path(__file__).parent / "locales"


class Sentences:
    """The sentences of one language. `language` is the catalogue's: a language without one is answered in English."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations, locale: Locale) -> None:
        self.language = language
        self._catalogue = catalogue
        self._locale = locale

    @classmethod
    def of(cls, language: str) -> Sentences:
        """Return the sentences of *language* ("fr", "pt-br", "fr-CA"), else of English."""
        code = language.lower().replace("_", "-").partition("-")[0]
        return _load(code if code in _catalogues() else "en")

    def say(self, message: str, /, **facts: object) -> str:
        """Return *message* translated, with its facts filled in."""
        return self._catalogue.gettext(message).format_map(facts)

    def count(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """Return *one* or *many* as the language counts *n*; `{n}` is written as it writes numbers."""
        said = self._catalogue.ngettext(one, many, n)
        return said.format_map({"n": self.number(n), **facts})

    def error(self, error: ChorusError) -> str:
        """Return one sentence that says what happened and what to do."""
        kind = next(kind for kind in type(error).__mro__ if kind in ERRORS)
        facts = {name: self._fact(name, value) for name, value in error.facts.items()}
        message = ERRORS[kind]
        if None in error.facts.values() and (kind, None) in ERRORS:
            message = ERRORS[kind, None]
        return self.say(message, **facts)

    def gap(self, gap: Gap) -> str:
        """Return one sentence that says what is missing."""
        one, many = GAPS[gap.code]
        if gap.code is GapCode.OVER_BUDGET:
            budget, _, day = gap.detail.partition("/")
            resets = self._fact("resets", day)
            return self.say(one, detail=self._fact("budget", budget), resets=resets)
        detail = self.say(REASONS[gap.detail]) if gap.detail in REASONS else gap.detail
        if gap.count is None and gap.code in UNCOUNTED:
            return self.say(UNCOUNTED[gap.code], detail=detail)
        if one == many:
            return self.say(one, n=self.number(gap.count or 0), detail=detail)
        return self.count(one, many, gap.count if gap.count is not None else 1, detail=detail)

    def progress(self, progress: Progress) -> str:
        """Return what is happening now, with numbers where they are known."""
        bare, counted = STAGES[progress.stage]
        if progress.done is None or counted is None:
            return self.say(bare)
        total = progress.total if progress.total is not None else progress.done
        return self.say(counted, done=self.number(progress.done), total=self.number(total))

    def number(self, value: float) -> str:
        """Return *value* as the language writes numbers."""
        return format_decimal(value, locale=self._locale)

    def percent(self, share: float) -> str:
        """Return *share* (0 to 1) as a whole percentage."""
        return format_percent(share, locale=self._locale)

    def short_date(self, at: date) -> str:
        """Return day and month of *at* in a few letters."""
        return format_skeleton("MMMd", at, locale=self._locale)

    def date(self, at: date) -> str:
        """Return the day of *at*."""
        return format_date(at, format="long", locale=self._locale)

    def ago(self, past: timedelta) -> str:
        """Return how long ago something was: "5 minutes ago"."""
        return format_timedelta(-past, add_direction=True, locale=self._locale)

    def language_name(self, code: str) -> str:
        """Return the name of a language, in this one; the code itself where none is known."""
        try:
            return Locale.parse(code, sep="-").get_display_name(self._locale) or code
        except (UnknownLocaleError, ValueError):
            return code

    def _fact(self, name: str, value: object) -> object:
        if isinstance(value, int):
            # a status is a name made of digits, not a number
            return str(value) if name == "status" else self.number(value)
        if name == "resets":
            with suppress(TypeError, ValueError):
                return self.date(date.fromisoformat(str(value)))
        if isinstance(value, str):
            return self.say(REASONS[value]) if value in REASONS else " ".join(value.split())
        return value


@cache
def _catalogues() -> frozenset[str]:
    return frozenset(path.stem for path in LOCALES.glob("*.po"))


@cache
def _load(language: str) -> Sentences:
    path = LOCALES / f"{language}.po"
    if not path.is_file():  # English stands in the code
        return Sentences("en", gettext.NullTranslations(), Locale.parse("en"))
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Sentences(language, gettext.GNUTranslations(compiled), Locale.parse(language))

"""Pages that show a wall instead of a text."""

from __future__ import annotations

import re

from bot.sources.markup import count_words

_WALLS = {
    "robot": (
        r"verify (?:that )?you(?:'| a)re (?:a )?human|are you a robot|unusual traffic|captcha|request blocked|"
        r"blocked by network security|whoa there, pardner|checking your browser|attention required|just a moment|"
        r"enable javascript and cookies|access denied|êtes-vous un robot|bist du ein mensch"
    ),
    "cookies": (
        r"(?:we|our partners|nous|wir|noi|usamos).{0,60}(?:use|utilis|verwenden|usiamo|usamos|cookies).{0,200}"
        r"(?:accept|agree|consent|accepter|akzeptieren|zustimmen|accetta|aceptar)|"
        r"cookies? (?:consent|policy|wall)|accepter et continuer|alle akzeptieren|accept all"
    ),
    "paywall": (
        r"subscribe (?:now |today )?to (?:continue|read)|subscribers? only|(?:article )?réservé aux abonnés|"
        r"abonnez-vous pour|jetzt abonnieren|weiterlesen mit|nur für abonnenten|suscríbete para|solo abbonati|"
        r"this (?:article|content) is for (?:subscribers|members)|already a subscriber|déjà abonné"
    ),
    "login": (
        r"(?:log|sign) in to (?:continue|read|view|see)|you must (?:be logged in|log in)|connectez-vous pour|"
        r"bitte melden sie sich an|inicia sesión para"
    ),
    "script": (
        r"(?:please )?enable javascript|javascript is (?:disabled|required|not enabled)|requires javascript|"
        r"activer javascript|javascript aktivieren|you need to enable javascript"
    ),
}
_COMPILED = {kind: re.compile(said, re.IGNORECASE | re.DOTALL) for kind, said in _WALLS.items()}

FEW_WORDS = 150
"""A wall says little; an article about cookies says more."""


def wall(text: str) -> str | None:
    """Return what kind of wall the visible *text* of a page is, None if it says enough not to be one."""
    if count_words(text) > FEW_WORDS:
        return None
    return next((kind for kind, pattern in _COMPILED.items() if pattern.search(text)), None)


def pays(text: str) -> bool:
    """Whether the visible *text* of a page asks to subscribe to read on."""
    return bool(_COMPILED["paywall"].search(text))

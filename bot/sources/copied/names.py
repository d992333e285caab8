"""Whether a line could be the name of a reader, and whether it says how many comments a page has."""

from __future__ import annotations

import re

from bot.sources.comments.declared import COUNTED, counted
from bot.sources.copied.times import is_date

LONGEST_NAME = 60
MOST_WORDS = 5
_NO_NAME = re.compile(
    r"[<>{}\[\]=“”«»\"?!;:…|\\]|,(?:\s|$)|(?<![A-ZÀ-Þ])\.(?:\s|$)|^[\W_]*$|^v?\d[\d.]*(?:\s|$)|"
    r"\.{2}|https?:|www\."
)
# What stands alone on pages and is nobody's name, in the languages people build sites in.
_PLACES = re.compile(
    r"(?:newsletter|subscribe|subscription|topics?|tags?|categor(?:y|ies)|share|follow us|related|"
    r"most (?:read|popular)|trending|latest|advertisement|sponsored|about|about us|contact|"
    r"contact us|search|menu|log ?in|sign (?:in|up)|register|reply|replies|comments?|"
    r"leave a (?:reply|comment)|(?:read|load|show) more|more|next|previous|home|back to top|print|"
    r"archives?|recent (?:posts|stories|comments)|e?-?mail|facebook|twitter|linkedin|whatsapp|"
    r"instagram|youtube|rss|privacy|terms|discussion|introduction|background|conclusion|summary|"
    r"references|sources?|thèmes?|sujets?|partager|suivez-nous|à lire aussi|les plus lus|"
    r"publicité|à propos|rechercher|connexion|se connecter|s'inscrire|répondre|commentaires?|"
    r"accueil|en savoir plus|voir plus|lire la suite|imprimer|themen|schlagwörter|teilen|"
    r"folgen sie uns|mehr zum thema|meistgelesen|anzeige|werbung|über uns|kontakt|suche|anmelden|"
    r"registrieren|antworten|kommentare?|startseite|mehr|weiterlesen|drucken|impressum|"
    r"datenschutz|temas?|etiquetas|compartir|síguenos|lo más leído|publicidad|contacto|buscar|"
    r"responder|comentarios?|inicio|condividi|seguici|i più letti|pubblicità|contatti|cerca|accedi|"
    r"rispondi|commenti|onderwerpen|delen|reacties?)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|lunes|martes|miércoles|jueves|"
    r"viernes|sábado|domingo|(?:luned|marted|mercoled|gioved|venerd)ì|sabato|domenica",
    re.IGNORECASE,
)
_REPLIED = re.compile(
    r"\s(?:replied to|in reply to|répond à|en réponse à|antwortete?(?: auf)?|en respuesta a)\s.*$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|par|von|por|di|da|door|av|från|published|updated|posted|publié|mis à jour|aktualisiert|veröffentlicht)\b",
    re.IGNORECASE,
)
_CONNECTED = re.compile(
    r"\W*(?:$|[(\[“”\"«:|–—-]|(?:on|to|sur|à|au|zu|zum|su|sobre|en|share|save|hide|report|source|so far|and|"
    r"add|leave|post|write|view|laisser|ajouter|schreiben|awards?)\b)",
    re.IGNORECASE,
)
_STEMS = (  # one stands in every word for comments (see `comments.declared`)
    "omm", "oment", "repl", "respon", "respues", "respos", "thought", "antw", "réac", "répon", "risp", "reac", "оммен",
    "отзыв",
)  # fmt: skip
_REPLIES = re.compile(
    r"repl|response|antwort|répons|respuest|respost|rispost|reacti", re.IGNORECASE
)
_ROUNDED = re.compile(
    r"(\d{1,3})[.,](\d)\s?k\s+(comments?|commentaires?|kommentare)", re.IGNORECASE
)


def looks_like_name(text: str) -> bool:
    """Whether a line alone could be the name of a reader."""
    if not 0 < len(text) <= LONGEST_NAME or len(text.split()) > MOST_WORDS:
        return False
    return not (
        _NO_NAME.search(text)
        or _DAYS.fullmatch(text)
        or _PLACES.fullmatch(text)
        or is_date(text.lower())
        or counted(text)
    )


def is_byline(text: str) -> bool:
    """Whether a line begins as those of an article's author do."""
    return _BYLINE.match(text) is not None


def name_worth(text: str) -> float:
    """Return how much a line alone looks like the name of a reader rather than a short remark, 0 to 1."""
    if not looks_like_name(text):
        return 0.0
    words = text.split()
    worth = 0.5
    worth += 0.35 if text.startswith(("@", "u/", "/u/")) else 0.0
    worth += 0.2 if len(words) == 1 else -0.1 * (len(words) - 1)
    worth += 0.15 if re.search(r"\d|[_\-.]|[a-z][A-Z]", text) else 0.0
    worth += 0.1 if all(word[0].isupper() for word in words) else 0.0
    return max(0.05, min(worth, 1.0))


def is_handle(text: str) -> bool:
    """Whether a name is one that people choose on sites: one word, and not a word that begins a line."""
    return " " not in text and (text[0].islower() or any(map(str.isdecimal, text)) or "_" in text)


def bare(name: str) -> str:
    """Return *name* without the sign that a site puts before it, and without the name of who is answered."""
    return _REPLIED.sub("", re.sub(r"^(?:@|/?u/)", "", name.strip()))


def heading(text: str, before: str = "") -> int | None:
    """
    Return the number of comments that a line states and nothing else: "12 comments", "Commentaires (10)".

    *before* is the line above: some pages put the number on a line of its own.
    """
    low = text.lower()
    if len(text) > 120 or not any(stem in low for stem in _STEMS):
        return None
    if before.isdecimal() and len(before) < 7 and re.fullmatch(r"\w{5,15}", text):
        text = f"{before} {text}"
    if rounded := _ROUNDED.match(text):
        return int(rounded[1]) * 1_000 + int(rounded[2]) * 100
    match = COUNTED.match(text)
    if match is None or not _CONNECTED.match(text, match.end()):
        return None
    return counted(text)


def is_of_replies(text: str) -> bool:
    """Whether a number of comments may be that of the replies to one of them: "3 replies"."""
    return _REPLIES.search(text) is not None

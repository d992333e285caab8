"""What differs between languages: how words are stemmed, and how a sentence begins that needs the one before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import islice

STEMMERS = {  # of snowball
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}

# Pronouns without a noun, connectives, and what begins a reply: a sentence that opens so means little by itself.
_LEANING = {
    "en": r"this|that|these|those|such|he|she|it|they|him|them|his|her|hers|its|their|theirs|but|and|so|or|yet|nor"
    r"|however|moreover|also|then|thus|therefore|hence|meanwhile|instead|besides|furthermore|similarly|likewise"
    r"|otherwise|indeed|too|both|neither|another|others|which|because|same|again|for (?:example|instance)"
    r"|in (?:addition|that|this|these|those|sum|short)|as (?:such|a result)|after (?:all|that|this)|at (?:that|this)"
    r"|on the (?:other hand|contrary)|the (?:latter|former|same)|of course|ye(?:s|ah|p)|no(?:pe)?,|exactly|agreed?"
    r"|[^,.]{2,25}, (?:he|she|they)|thanks?|thank you|well,|oh|ah|ok|okay|lol|edit",
    "fr": r"ce(?:t|tte|s|ci|la|lui|lle|ux|lles)?|ça|c['’](?:est|était)|il(?!s? (?:faut|y a|est \w+ (?:de|que)))"
    r"|ils|elles?|lui|leurs?|son|sa|ses|mais|et|ou|or|donc|ainsi|aussi|alors|pourtant|cependant|toutefois|néanmoins"
    r"|puis|ensuite|enfin|sauf|sinon|en effet|en outre|par (?:ailleurs|exemple|contre)|de (?:plus|même|son côté)"
    r"|du (?:coup|côté)|dans (?:ce|cet|cette|ces)|à (?:ses yeux|son tour|ce)|selon (?:lui|elle|eux)|d['’]ailleurs"
    r"|d['’]autres|l['’]autre|tou(?:te)?s (?:ce|ces|ceux)|[^,.]{2,25}, (?:il(?! (?:faut|y))|ils|elles?)"
    r"|oui|non|exact\w*|merci|idem|pareil",
    "de": r"dies\w*|jene\w*|solche\w*|das (?:ist|sind|war|wäre|hat|hätte|wird|kann|gilt|heißt|geht|macht|stimmt)"
    r"|er|sie|es(?! g(?:ib|a)b?t?\b)|ihn|ihm|ihnen|ihr\w*|sein\w*|aber|und|oder|doch|denn|also|so|damit|dabei"
    r"|dafür|dagegen|daher|dadurch|darum|daran|darauf|daraufhin|davon|dazu|danach|deshalb|deswegen|dennoch|trotzdem"
    r"|jedoch|außerdem|zudem|auch|dann|dort|da|hier|nach diese\w|in diese\w|zum beispiel|letztere\w*|beide"
    r"|ja|nein|genau|stimmt|danke|naja",
    "es": r"est[aeo]s?|es[aeo]s?|aquell?[ao]?s?|él|ell[ao]s?|ello|le|les|lo|su|sus|pero|y|e|o|entonces|además|también"
    r"|tampoco|así|luego|sin embargo|no obstante|por (?:eso|ello|esto|lo tanto|ejemplo|su parte)|en (?:est|es)[aeo]s?"
    r"|a (?:eso|esto|ello)|de todas|según (?:él|ella)|sí|no,|gracias",
    "it": r"quest['’aeoi]\w*|quell\w*|quel|lui|lei|loro|ess[aeio]|suo|sua|suoi|sue|ma|ed?(?!['’])|o|oppure|però|quindi"
    r"|dunque|così|inoltre|anche|allora|invece|infatti|tuttavia|tale|tali|per(?:ciò| questo| esempio)|ad esempio"
    r"|in quest\w*|tornando|sì|no,|esatto|grazie",
    "nl": r"dit|dat|deze|die|hij|zij|ze|het (?:is|was|wordt|zijn|heeft|kan|gaat)|hun|haar|maar|en|of|dus|want|toch|ook"
    r"|echter|bovendien|daar\w*|hier\w*|toen|dan|zo|bijvoorbeeld|in (?:dit|dat|deze|die)|ja|nee|precies|klopt|bedankt",
    "pt": r"n?est[ae]s?|isto|n?iss[oe]|n?ess[ea]s?|aquel[ea]s?|aquilo|el[ea]s?|seus?|suas?|mas|e|ou|porém|contudo"
    r"|entretanto|portanto|então|assim|também|além (?:disso|disto)|por (?:isso|exemplo)|com isso|d?el[ea]s?|sim|não,"
    r"|obrigad[oa]",
}

MOST_WORDS = 5_000  # by which a language is told; a hundred would do for an article, not for a thread of jokes
SPARSE = 40  # letters; a text with fewer than one stop word in so many is in none of the languages
SURE = 1.2  # by this much another language must fit better than the one that was said

_WORD = re.compile(r"[^\W\d_]+")


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the words of *language* that say nothing by themselves; none for an unknown language."""
    import stopwordsiso

    return frozenset(stopwordsiso.stopwords(language))


@cache
def leaning(language: str) -> re.Pattern[str]:
    """Return what matches at the beginning of a sentence that leans on the one before; nothing where unknown."""
    words = _LEANING.get(language)
    return re.compile(rf"\W*(?:{words})(?!\w)" if words else r"(?!)", re.IGNORECASE)


def language_of(texts: Iterable[str], said: str | None = None) -> str:
    """
    Return the code of the language of *texts*: the one with most of its stop words in them; "" where none fits.

    *said* is what their page states. It is taken unless another language fits clearly better: pages inherit a code
    from a template. Of 408 pages this is wrong on one, where the pages' own codes are on eight; bare threads have none.
    """
    words = (word for text in texts for word in _WORD.findall(text.lower()))
    found = Counter(islice(words, MOST_WORDS))
    codes = dict.fromkeys([said or "", *STEMMERS])
    fits = {c: sum(n for word, n in found.items() if word in stop_words(c)) for c in codes}
    best = max(fits, key=fits.__getitem__)
    letters = sum(n * len(word) for word, n in found.items())
    fitting = fits[best] * SPARSE >= letters and fits[best] >= SURE * fits[said or ""]
    return best if fitting and found else said or ""

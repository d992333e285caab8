"""The words by which pages call their parts, in the languages people build sites in, and what they mean."""

from __future__ import annotations

import re
from functools import lru_cache

# One bit each: a page's every class and id is looked up, and plain integers are the fastest sets there are.
COMMENT = 1  # a comment, or a place for comments
ELSE = 2  # carries such a word and is neither
SIDE = 4  # side bars, menus, lists of recent comments
AUTHOR = 8
NOT_AUTHOR = 16  # carries such a word, and is its picture, its date
NAME = 32  # surely the author's name
DATE = 64
BODY = 128
NOT_BODY = 256
CONTROL = 512  # reply, vote, share: what one clicks
SCORE = 1024
PINGBACK = 2048
POST = 4096  # a post: of a forum, or of a blog
TITLE = 8192  # of a comment
ITEM = 16384  # schema.org says that it is a comment
STAMP = 65536  # carries a time for scripts, whatever stands in it
MARKED = 32768  # may be numbered: carries an id with a digit, or one of DATA

_NAMES = {
    "fn": NAME | AUTHOR,
    "hnuser": NAME | AUTHOR,
    "pingback": PINGBACK,
    "pingbacks": PINGBACK,
    "trackback": PINGBACK,
    "trackbacks": PINGBACK,
}
_WORDS = {
    COMMENT: (
        r"comm?ent|komment|kommentti|cmt|comtr|reacti(?:e|on)|reaktion|opinion|repl(?:y|ies)|respon[sd]|discuss|diskuss|"
        r"feedback|reviews|leser|talkback|disqus|dsq|guestbook|antwort|respuesta|resposta|risposta|коммент|отзыв|答|评论|コメント"
    ),
    SIDE: (
        r"(?:recent|latest|last|most|letzte|derni(?:e|è)re?s|ultimos|newest|top|popular)[-_]?(?:comment|komment|post|repl|article|"
        r"news|stor)|^(?:recent|latest|related|sidebar\d*|side|nav|navigation|navbar|menu|footer|rail)$|"
        r"^(?:sidebar|related|widget_)|[-_]sidebar$|side-?bar|more-?(?:news|stories|from)|^site-?footer|promo|advert"
    ),
    AUTHOR: (
        r"(?:^|[-_])(?:author|autor|fn|user|username|user-?name|nick|nickname|name|poster|who|by|byline|auteur|"
        r"verfasser|hnuser|commenter|writer|profile|member|persona?)(?:$|[-_]?(?:name|link|login|info)?$)|"
        r"comm?ent(?:er|or)?-?_?(?:author|name|user|by|owner|poster)|author-?name|commentator|post-?_?author|cmtauthor|^by(?:line)?$|username"
    ),
    DATE: r"date|time|datum|fecha|posted|(?:^|[-_])ago|age$|when|stamp|zeit|heure|permalink|meta|publish",
    BODY: (
        r"comm?ent-?_?(?:content|body|text|txt|message|entry|copy|main|p$|data|html)|(?:content|body|text|message)-?_?comm?ent|"
        r"commenttext|commentbody|postcontent|post-?body|post_?message|message-?(?:body|content|text)|bbwrapper|"
        r"commtext|cooked|entry-content|md$|(?:^|[-_])(?:content|body|text|txt|entry|message|copy|words|texte|testo|inhalt|contenu|nachricht)$|formatted|"
        r"c_text|reply-?(?:text|content|body)"
    ),
    CONTROL: (
        r"(?:repl(?:y|ies)|repondre|antwort|respon[ds])(?!.*(?:text|content|body))|vote|like|share|report|flag|permalink|rating|signature|action|avatar|"
        r"gravatar|says|edit|quote-?link|toolbar|karma|thumb|moderat|admin|badge|rank|stat|postcount|online|joined|"
        r"location|user-?title|tools|buttons|controls|tooltip|social"
    ),
    SCORE: r"score|vote-?count|votes?$|likes?-?count|likes$|karma|points?$|upvote|rating-?(?:count|value)|recommend",
    POST: r"message|posting|post(?:body|bit|content|row|_|-?\d|$)|foren|forum|thread",
    TITLE: r"(?:comm?ent|post|message|c)[-_]?(?:title|subject)|^subject$|^title$",
}  # fmt: skip
_UNLESS = {
    COMMENT | POST: (
        ELSE,
        (
            r"form|count|link|btn|button|share|policy|recent|latest|newest|related|widget|sidebar|nav|toolbar|login|"
            r"header|subscribe|popular|teaser|trackback|pingback|respond$|blogroll|archive|tag|categor|footer-w|icon|"
            r"aktuell|letzte|derni(?:e|è)r|ultim|recient|no-?comments?$|hidden|feed|bubble|number|guideline|rules|add-?comm|"
            r"comments?-?(?:open|closed|off|on|enabled|allowed|guest)|^post|logged|rss|title|heading|label|input|"
            r"^(?:has|with|responsive)|reply-?to|content-?info|cit(?:e|ation)|footnote|reference"
        ),
    ),
    BODY: (NOT_BODY, r"meta|author|header|footer|avatar|date|wrap(?:per)?$|container|link|count"),
    AUTHOR: (
        NOT_AUTHOR,
        (
            r"avatar|image|photo|picture|title$|date|time|meta$|text|content|body|comment$|rank|location|stats?$|count"
        ),
    ),
}
_LISTED = re.compile(r"related|recent|popular|teaser|sidebar|card|list-?item|promo")
# on lower-cased names: ignoring case makes these patterns four times as slow
_PATTERNS = tuple((bit, re.compile(words)) for bit, words in _WORDS.items())
_EXCEPTIONS = tuple((of, bit, re.compile(words)) for of, (bit, words) in _UNLESS.items())

NUMBERED = re.compile(
    r"^(?P<kind>(?:.*?(?:comm?ent(?:[-_]?id)?|komment(?:ar)?|commentaire|comentario|cmt|reply|response|reaction|reactie|"
    r"beitrag|talkback|opinion|posting|message)|(?:.*[_\-.:])?(?:comm?|c|post|msg|p|entry|note|id|item|t1_))[_\-.:]*)"
    r"(?P<number>\d+|[0-9a-f]{6,}|[a-z]\d[0-9a-z]{4,})$",
    re.IGNORECASE,
)
_NOUNS = (
    "comment comments reply replies response responses thought thoughts discussion feedback "
    "kommentar kommentare kommentaren leserkommentare diskussion antwort antworten "
    "commentaire commentaires réaction réactions réponse réponses "
    "comentario comentarios respuesta respuestas comentário comentários resposta respostas "
    "commento commenti risposta risposte reactie reacties kommentarer kommentit kommenttia "
    "komentarz komentarze komentarzy komentář komentáře komentářů "
    "комментарий комментарии комментариев комментария отзыв отзывы отзывов отзыва"
)
_FIRST_NOUNS = frozenset(_NOUNS.split())
_ANNOUNCED = re.compile(
    r"[\W\d]*(?:(?:readers?|users?|leser|visitors?|all|your|view|show|hide|display|there are|there is|"
    rf"einen?|un|uno|une|one)\W+){{0,2}}[\W\d]*(?:{_NOUNS.replace(' ', '|')})\b(?!\W*(?:rss|feed|policy|closed))"
)
_AROUND = "0123456789()[]{}.,:;!?·|•–—-\"'“”„»«’"
DATA = {
    "data-comment-id": 3.0,
    "data-commentid": 3.0,
    "data-comment": 2.5,
    "thingid": 3.0,
    "data-post-id": 1.5,
    "data-postid": 1.5,
    "data-shortid": 1.5,
    "data-content": 1.5,
}
"""Attributes that number comments or posts, and what they prove."""

STAMPS = (
    "datetime",
    "data-time",
    "data-at-unix",
    "data-content",
    "data-date",
    "data-datetime",
    "data-timestamp",
)
"""Attributes that may hold a time; that they do is told by their value."""

HEADINGS = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption", "dt", "th", "summary"}
)
LONGEST_NAME = 100
LONGEST_NAMES = 500
"""Of an attribute, what is looked at; and what is kept in mind."""
_DIGITS = re.compile(r"\d+")
UNSEEN = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "head",
        "select",
        "textarea",
        "button",
        "input",
    }
    | {"object", "embed", "canvas"}
)


def announces(said: list[str], text: str) -> bool:
    """Whether a line, split and whole, begins like the heading of comments: "12 comments", "Leserkommentare"."""
    if _FIRST_NOUNS.isdisjoint([word.strip(_AROUND).lower() for word in said[:4]]):
        return False
    return _ANNOUNCED.match(text[:200].lower()) is not None


def speaks_of_comments(text: str) -> bool:
    """Whether one of the words of a short text is one for comments."""
    return not _FIRST_NOUNS.isdisjoint(word.strip(_AROUND) for word in text.lower().split())


@lru_cache(maxsize=10_000)
def meanings(names: str) -> int:
    """Return the signs of all names in a class or id attribute, and what any of them excepts."""
    said = [
        _DIGITS.sub("0", name)
        for name in names[:LONGEST_NAMES].lower().split()
        if len(name) <= LONGEST_NAME
    ]
    signs = 0
    for name in said:
        signs |= _meaning(name)
    return signs | _excepted(signs, said)


def meaning(name: str) -> int:
    """Return the signs that one class or id carries, as a sum of bits."""
    return meanings(name)


@lru_cache(maxsize=10_000)
def _meaning(name: str) -> int:
    signs = _NAMES.get(name, 0)
    for bit, pattern in _PATTERNS:
        if pattern.search(name):
            signs |= bit
    return signs


def _excepted(signs: int, names: list[str]) -> int:
    found = 0
    for of, bit, pattern in _EXCEPTIONS:
        if signs & of and any(map(pattern.search, names)):
            found |= bit
    return found


def elsewhere(name: str) -> bool:
    """Whether a name says that something is neither a comment nor a place for comments, and no post either."""
    return not _meaning(name) & POST and _EXCEPTIONS[0][2].search(name) is not None


@lru_cache(maxsize=5_000)
def lists(names: str) -> bool:
    """Whether an element's id and classes call it a list of other pages."""
    return _LISTED.search(names.lower()) is not None

"""The words by which pages call their parts, in the languages people build sites in."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

COMMENT = re.compile(
    r"comment|komment|coment|commentaire|cmt|reacti(?:e|on)|reaktion|opinion|repl(?:y|ies)|response|respond|"
    r"discuss|diskuss|feedback|leser|talkback|disqus|message|posting|post(?:body|bit|content|row)|"
    r"foren|forum|thread|antwort|respuesta|resposta|risposta|коммент|отзыв|答|评论|コメント",
    re.IGNORECASE,
)
# what carries such a word and is not a comment
ELSE = re.compile(
    r"form|count|link|btn|button|share|policy|recent|latest|newest|related|widget|sidebar|nav|toolbar|"
    r"login|header|subscribe|popular|teaser|trackback|pingback|respond$|blogroll|archive|tag|categor|footer-w|"
    r"aktuell|letzte|derni(?:e|è)r|ultim|recient",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"^(?P<kind>.*?(?:comment|komment(?:ar)?|commentaire|comentario|cmt|comm?|c|reply|response|reaction|reactie|"
    r"beitrag|talkback|opinion|post|posting|message|msg|p|entry|note|id|item|t1)[_\-.:]*)"
    r"(?P<number>\d+|[0-9a-f]{6,}|[a-z]\d[0-9a-z]{4,})$",
    re.IGNORECASE,
)
AUTHOR = re.compile(
    r"(?:^|[-_])(?:author|fn|user|username|user-?name|nick|nickname|name|poster|who|by|byline|autor|auteur|"
    r"verfasser|hnuser|commenter|writer|profile|member)(?:$|[-_]?(?:name|link|login|info)?$)|"
    r"comment-?author|author-?name|commentator|commentauthor|postauthor|cmtauthor",
    re.IGNORECASE,
)
DATE = re.compile(
    r"date|time|datum|fecha|posted|ago|age$|when|stamp|zeit|heure|permalink|meta", re.IGNORECASE
)
BODY = re.compile(
    r"comment-?_?(?:content|body|text|message|entry|copy|main)|(?:content|body|text|message)-?_?comment|"
    r"commenttext|commentbody|postcontent|post-?body|post_?message|message-?(?:body|content|text)|bbwrapper|"
    r"commtext|cooked|entry-content|md$|(?:^|[-_])(?:content|body|text|entry|message|copy|words)$|formatted",
    re.IGNORECASE,
)
CONTROL = re.compile(
    r"repl(?:y|ies)(?!.*(?:text|content|body))|vote|like|share|report|flag|permalink|rating|signature|"
    r"action|avatar|gravatar|says|edit|quote-?link|toolbar|karma|thumb|moderat|admin|badge|rank|stat|"
    r"postcount|online|joined|location",
    re.IGNORECASE,
)
CONTROL_WORDS = re.compile(
    r"^\W*(?:reply|answer|respond|quote|permalink|link|report(?: abuse)?|flag|share|like|edit|antworten|zitieren|"
    r"melden|répondre|repondre|signaler|citer|responder|citar|rispondi|beantwoorden|reageer|svar|odpowiedz|"
    r"ответить|says|said|wrote|log in to reply|permalien|\(edit\)|top|#|\d+|\|)\W*:?\W*$",
    re.IGNORECASE,
)
PINGBACK = re.compile(r"^(?:pingback|trackback)$", re.IGNORECASE)
NOT_RUN = re.compile(
    r"respond|form|pagination|navigation|^footer|sidebar", re.IGNORECASE
)  # ends the last comment
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
)


def names(element: HtmlElement) -> str:
    """Return the id and classes of *element* as one string."""
    return f"{element.get('id') or ''} {element.get('class') or ''}".strip()


def is_called(pattern: re.Pattern[str], element: HtmlElement) -> bool:
    """Whether one of the names of *element* fits *pattern*."""
    return any(pattern.search(name) for name in names(element).split())

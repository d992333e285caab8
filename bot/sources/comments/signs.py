"""The words by which pages call their parts, in the languages people build sites in, and what they mean."""

from __future__ import annotations

import re
from functools import lru_cache

# One bit each: a page's every class and id is looked up, and plain integers are the fastest sets there are.
COMMENT = 1  # a comment, or a place for comments
ELSE = 2  # carries such a word and is neither
SIDE = 4  # side bars, menus, lists of recent comments
AUTHOR = 8
DATE = 16
BODY = 32
CONTROL = 64  # reply, vote, share: what one clicks
SCORE = 128
PINGBACK = 256
POST = 512  # a post: of a forum, or of a blog
AVATAR = 1024
NOT_BODY = 2048
NOT_AUTHOR = 4096
BIO = 8192
NAME = 16384  # surely the author's name
ITEM = 32768  # schema.org says that it is a comment

_WORDS = {
    COMMENT: (
        r"comm?ent|komment|kommentti|cmt|comtr|reacti(?:e|on)|reaktion|opinion|repl(?:y|ies)|respon[sd]|discuss|diskuss|"
        r"feedback|leser|talkback|disqus|dsq|guestbook|antwort|respuesta|resposta|risposta|коммент|отзыв|答|评论|コメント"
    ),
    ELSE: (
        r"form|count|link|btn|button|share|policy|recent|latest|newest|related|widget|sidebar|nav|toolbar|login|"
        r"header|subscribe|popular|teaser|trackback|pingback|respond$|blogroll|archive|tag|categor|footer-w|icon|"
        r"aktuell|letzte|derni(?:e|è)r|ultim|recient|no-?comments?$|hidden|feed|bubble|number|guideline|rules|add-?comm|"
        r"comments?-?(?:open|closed|off|on|enabled|allowed|guest)|^post|logged|rss|title|heading|label|input|"
        r"^(?:has|with|responsive)|reply-?to|content-?info"
    ),
    SIDE: (
        r"(?:recent|latest|last|letzte|derni(?:e|è)re?s|ultimos|newest|top|popular)[-_]?(?:comment|komment|post|repl|article|"
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
        r"commtext|cooked|entry-content|md$|(?:^|[-_])(?:content|body|text|txt|entry|message|copy|words)$|formatted|"
        r"c_text|reply-?(?:text|content|body)"
    ),
    CONTROL: (
        r"repl(?:y|ies)(?!.*(?:text|content|body))|vote|like|share|report|flag|permalink|rating|signature|action|avatar|"
        r"gravatar|says|edit|quote-?link|toolbar|karma|thumb|moderat|admin|badge|rank|stat|postcount|online|joined|"
        r"location|tools|buttons|controls|tooltip|social"
    ),
    SCORE: r"score|vote-?count|votes?$|likes?-?count|likes$|karma|points?$|upvote|rating-?(?:count|value)|recommend",
    PINGBACK: r"^(?:pingback|trackback)s?$",
    POST: r"message|posting|post(?:body|bit|content|row|_|-?\d|$)|foren|forum|thread",
    AVATAR: r"avatar|gravatar|userpic|profile-?(?:pic|image|photo)|user-?(?:image|photo|pic)",
    NOT_BODY: r"meta|author|header|footer|avatar|date|wrap(?:per)?$|container|link|count",
    NOT_AUTHOR: (
        r"avatar|image|photo|picture|title$|date|time|meta$|text|content|body|comment$|rank|location|stats?$|count"
    ),
    BIO: (
        r"author-?_?(?:bio|box|info|desc|card|profile|about)|about-?_?(?:the-?_?)?author|^bio(?:graphy)?$|"
        r"autor(?:en)?box"
    ),
    NAME: r"^(?:fn|hnuser)$",
}  # fmt: skip
# on lower-cased names: ignoring case makes these patterns four times as slow
_PATTERNS = tuple((bit, re.compile(words)) for bit, words in _WORDS.items())

NUMBERED = re.compile(
    r"^(?P<kind>(?:.*?(?:comm?ent(?:[-_]?id)?|komment(?:ar)?|commentaire|comentario|cmt|reply|response|reaction|reactie|"
    r"beitrag|talkback|opinion|posting|message)|(?:.*[_\-.:])?(?:comm?|c|post|msg|p|entry|note|id|item|t1))[_\-.:]*)"
    r"(?P<number>\d+|[0-9a-f]{6,}|[a-z]\d[0-9a-z]{4,})$",
    re.IGNORECASE,
)
LONGEST_NAME = 100
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


@lru_cache(maxsize=20_000)
def meaning(name: str) -> int:
    """Return the signs that one class or id carries, as a sum of bits."""
    if len(name) > LONGEST_NAME:
        return 0
    name = name.lower()
    signs = 0
    for bit, pattern in _PATTERNS:
        if pattern.search(name):
            signs |= bit
    return signs

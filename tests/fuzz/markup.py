"""HTML that nobody wrote by hand: trees of real tags, lists of comments, broken and hostile markup."""

from __future__ import annotations

import json
from html import escape

from hypothesis import strategies as st

from tests.fuzz.texts import letters, links, phrases

TAGS = (
    "a", "abbr", "article", "aside", "audio", "b", "base", "blockquote", "body", "br", "button", "caption",
    "center", "cite", "code", "col", "dd", "del", "details", "div", "dl", "dt", "em", "embed", "fieldset",
    "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "head", "header", "hr", "html",
    "i", "iframe", "img", "input", "ins", "label", "legend", "li", "link", "main", "map", "math", "meta",
    "nav", "noscript", "object", "ol", "optgroup", "option", "p", "param", "plaintext", "pre", "progress", "q",
    "s", "script", "section", "select", "small", "source", "span", "strike", "strong", "style", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time",
    "title", "tr", "u", "ul", "var", "video", "wbr", "xmp", "x-y", "o:p",
)  # fmt: skip
EMPTY = frozenset(
    [
        "base",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "wbr",
    ]
)

# what pages call their comments and the parts of them
NAMES = (
    "comment", "comments", "commentlist", "comment-list", "comment-12", "comment_body", "comment-author",
    "comment-content", "comment-meta", "author", "byline", "fn", "username", "avatar", "date", "timestamp",
    "permalink", "reply", "reply-to", "replies", "children", "depth-2", "post", "post-body", "message",
    "entry-content", "article", "content", "score", "vote", "points", "like", "respond", "form", "sidebar",
    "widget", "recent-comments", "pingback", "hidden", "discussion", "thread", "disqus_thread", "cooked",
    "commtext", "comtr", "ind", "quote", "signature", "tooltip", "12", "c1", "Kommentar", "commentaire",
)  # fmt: skip
ITEM_TYPES = ("Comment", "Article", "NewsArticle", "BlogPosting", "Question", "Answer", "Person")
ITEM_PROPS = (
    "comment", "author", "name", "text", "commentText", "dateCreated", "datePublished", "headline",
    "articleBody", "upvoteCount",
)  # fmt: skip

_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(" ".join)
_attributes = st.one_of(
    st.tuples(st.just("class"), _names),
    st.tuples(st.just("id"), st.one_of(_names, letters)),
    st.tuples(st.just("itemprop"), st.sampled_from(ITEM_PROPS)),
    st.tuples(st.just("itemtype"), st.sampled_from(ITEM_TYPES).map("https://schema.org/{}".format)),
    st.tuples(st.sampled_from(["href", "src", "cite", "action", "data-url"]), links),
    st.tuples(st.sampled_from(["datetime", "title", "content", "data-time"]), phrases),
    st.tuples(
        st.sampled_from(["hidden", "itemscope", "aria-hidden"]), st.sampled_from(["", "true"])
    ),
    st.tuples(
        st.just("style"), st.sampled_from(["display: none", "visibility:hidden", "color:red"])
    ),
    st.tuples(st.sampled_from(["lang", "rel", "property", "name", "type", "indent"]), phrases),
    st.tuples(st.sampled_from(["data-level", "data-count", "data-discourse-topic-id"]), phrases),
    st.tuples(letters, letters),
)


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        _written,
        st.sampled_from(TAGS),
        st.lists(_attributes, max_size=3),
        st.lists(children, max_size=4).map("".join),
        st.sampled_from(["yes", "yes", "yes", "no", "twice"]),
    )


def _written(tag: str, attributes: list[tuple[str, str]], inside: str, closed: str) -> str:
    said = "".join(f' {name}="{escape(value)}"' for name, value in attributes)
    end = {"yes": f"</{tag}>", "no": "", "twice": f"</{tag}></{tag}>"}[closed]
    return f"<{tag}{said}>" if tag in EMPTY else f"<{tag}{said}>{inside}{end}"


_PIECES = (
    "<!--", "-->", "<!-- -->", "<!-->", "<![CDATA[", "]]>", "<!DOCTYPE", "<?", "?>",
    "<?xml encoding='utf-16'?>", "<script", "</script>", "<style>", "</style>", "<title>", "</title>",
    "<textarea>", "</textarea>", "<svg>", "<math>", "<template>", "</template>", "<plaintext>", "<a", "<a>",
    "</", "</>", "<", ">", "/", "=", "\"", "'", "&", "&;", "&amp;", "&#0;", "&#8;", "&#xD800;", "&#x110000;",
    "&#99999999999;", "&nbsp", "<base href='http://['>", "<meta charset=utf-7>", "<p>", "</p>",
    "<li class=comment>", "<div class=comment>", "<table>", "<tr>", "<td>", "<form>", "<frameset>", "<body>",
    "</body>", "</html>", "<html>",
)  # fmt: skip

pieces = st.sampled_from(_PIECES)
trees = st.recursive(st.one_of(phrases, letters.map(escape)), _element, max_leaves=25)
broken = st.lists(st.one_of(pieces, pieces, phrases, letters, trees), max_size=30).map("".join)

_KEYS = (
    "@type", "@graph", "@context", "@id", "comment", "text", "author", "name", "url", "dateCreated",
    "datePublished", "headline", "articleBody", "commentCount", "interactionStatistic", "userInteractionCount",
    "upvoteCount", "parentItem", "suggestedAnswer", "acceptedAnswer", "mainEntity", "isPartOf", "image",
)  # fmt: skip

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), phrases, letters, links),
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.dictionaries(
            st.sampled_from(_KEYS),
            st.one_of(inside, st.sampled_from(ITEM_TYPES)),
            max_size=6,
        ),
    ),
    max_leaves=20,
)
data_blocks = st.builds(
    "<script type='application/ld+json'>{}{}</script>".format,
    json_values.map(json.dumps),
    st.sampled_from(["", "", ";", "]", "<!--"]),
)


def _thread(item: str, times: int, nested: bool, around: str) -> str:
    if nested:
        item = f"<li class='comment'>{item}<ul class='children'>"
        return f"<ul class='{around}'>{item * times}"
    return f"<ul class='{around}'>{f'<li class=comment>{item}</li>' * times}</ul>"


threads = st.builds(_thread, trees, st.integers(2, 12), st.booleans(), _names)
articles = st.lists(phrases, min_size=3, max_size=12).map(
    lambda said: "<article><h1>Bees</h1><p>" + "</p><p>".join(f"{one}, and {one}." for one in said)
)
pages = st.one_of(
    broken,
    st.lists(
        st.one_of(trees, threads, articles, data_blocks, broken, pieces), min_size=1, max_size=5
    ).map("".join),
)

"""Comment systems that load elsewhere: recognised and named, so that nobody takes their silence for "no comments"."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from bot.sources.comments import signs
from bot.sources.comments.outline import Outline

MOST_CHARACTERS = 2_000_000
_LONGEST_VALUE = 500
_LONGEST_SCRIPT = 20_000  # what is longer is a program or data; what starts a widget is short
_FILLED = frozenset({"div", "section"})
_LOADED = ("script", "iframe", "link", "embed", "amp-iframe")
# ids, classes, addresses of scripts and names in them, lower-cased; what people write about these is not looked at
_WIDGETS = (
    ("Disqus", ("disqus_thread", "disqus.com/embed", "disqus_shortname", "disqusshortname", "disqus_config")),
    ("OpenWeb", ("spot.im/", "data-spot-im", "spotim", "spot-im-", "openweb.com/", "openweb-")),
    ("Viafoura", ("viafoura", "vf-conversations", "vf-comments")),
    ("Coral", ("createstreamembed", "coral_talk", "coraltalk", "coral-stream", "coral_thread", "coralproject.net")),
    ("Facebook", ("fb-comments", "fb:comments", "facebook.com/plugins/comments")),
    ("Gigya", ("gigya.comments", "gigya-comments", "gig-comments", "showcommentsui", "comments.gigya")),
    ("Hyvor Talk", ("hyvor-talk", "talk.hyvor.com", "hyvor_talk")),
    ("giscus", ("giscus",)),
    ("utterances", ("utteranc.es/",)),
    ("Vuukle", ("vuukle",)),
    ("Livefyre", ("livefyre",)),
    ("IntenseDebate", ("intensedebate",)),
    ("Remark42", ("remark_config", "remark42")),
    ("Isso", ("isso-thread", "data-isso")),
    ("Commento", ("commento.js", "commento.io/", "id=commento\n")),
    ("FastComments", ("fastcomments",)),
    ("Talkyard", ("talkyard-",)),
    ("HyperComments", ("hypercomments",)),
    ("Insticator", ("insticator-comment", "insticator-unit-comment")),
    ("Cusdis", ("cusdis",)),
    ("Graphcomment", ("graphcomment",)),
    ("Discourse", ("discourse-comments", "discourseembed")),
    ("Ghost", ("comments-ui", "ghost-comments")),
    ("VK", ("vk_comments", "vk.widgets.comments")),
    ("Cackle", ("cackle.me/", "cackle_widget")),
    ("Muut", ("muut.com/", "data-muut", "class=muut\n")),
    ("Logora", ("logora",)),
    ("Waline", ("@waline/", "id=waline\n")),
    ("Twikoo", ("twikoo",)),
    ("Valine", ("valine.min", "id=valine\n", "new valine")),
    ("Gitalk", ("gitalk",)),
    ("Artalk", ("artalk",)),
)  # fmt: skip


def widget(root: HtmlElement, page: Outline) -> str | None:
    """Return the name of the comment system that the page *root* embeds, None for none that is known."""
    code = "\n".join(_code(root, page))[:MOST_CHARACTERS].lower()
    return next((name for name, marks in _WIDGETS if any(mark in code for mark in marks)), None)


def _code(root: HtmlElement, page: Outline) -> Iterator[str]:
    """Return what a page loads and runs, its custom elements, and its places, for comments or empty."""
    yield from {tag for tag in page.tags if "-" in tag or ":" in tag}
    for element in root.iter(*_LOADED):
        yield (element.get("src") or element.get("href") or "")[:_LONGEST_VALUE]
        yield from (key for key, _ in element.items() if key.startswith("data-"))
        if element.tag == "script" and element.text:
            yield element.text[:_LONGEST_SCRIPT]
    for at, element in enumerate(page.elements):
        if page.signs[at] & signs.COMMENT:
            for key, value in element.items():
                if key in {"id", "class"} or key.startswith("data-"):
                    yield f"{key}={value[:_LONGEST_VALUE]}\n"
        elif page.tags[at] in _FILLED and page.ends[at] == at + 1 and (name := element.get("id")):
            yield f"id={name[:_LONGEST_VALUE]}\n"

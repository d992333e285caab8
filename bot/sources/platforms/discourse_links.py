"""Where Discourse topics lie: addresses of topics, and pages that name the one that holds their comments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from lxml.html import HtmlElement

from bot.core.links import host_of
from bot.errors import EmptyPage
from bot.sources.trees import page_tree

_TOPIC = re.compile(
    r"(?P<base>.*?)/t/(?:(?![0-9]+(?:/|$))[^/]+/)?(?P<id>[0-9]{1,12})(?:/[0-9]+|/[a-z]+)?/?"
)
_COUNTS = "/embed/count"
_COMMENTS = "/embed/comments"
# possessive: a page full of openings must not be read again for each
_SETTINGS = re.compile(r"DiscourseEmbed\s*=\s*\{([^}]{0,2000}+)\}")
_SETTING = r"[\"']?\b{}[\"']?\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.]+))"
_ABOUT_COMMENTS = re.compile(
    r"comment|kommentar|discuss|diskut|réagir|forum|debate|reacti", re.IGNORECASE
)


@dataclass(frozen=True)
class Topic:
    """A topic of the forum at *base*, "https://forum.example.org" with the folder it lies in."""

    base: str
    id: int

    @property
    def link(self) -> str:
        """The topic's address, without its title."""
        return f"{self.base}/t/{self.id}"


@dataclass(frozen=True)
class Embed:
    """The topic that the forum at *base* may have for *article*, by the article's address."""

    base: str
    article: str

    @property
    def link(self) -> str:
        """What pages show in a frame: the replies. Asked for an article it does not know, a forum makes a topic."""
        return f"{self.base}{_COMMENTS}?{urlencode({'embed_url': self.article})}"

    @property
    def counts(self) -> str:
        """The number of replies; asking for it changes nothing. Forums keep addresses in lower case."""
        said = dict.fromkeys((self.article, self.article.lower()))
        return f"{self.base}{_COUNTS}?{urlencode([('embed_url[]', link) for link in said])}"


def topic_of(link: str) -> Topic | None:
    """Return the topic whose address *link* may be, None for any other address."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    found = _TOPIC.fullmatch(parts.path)
    if found is None or not parts.netloc:
        return None
    return Topic(f"{parts.scheme}://{parts.netloc}{found['base']}", int(found["id"]))


def embed_of(link: str) -> Embed | None:
    """Return what `Embed.link` was made of."""
    before, found, query = link.partition(f"{_COMMENTS}?")
    article = parse_qs(query).get("embed_url", [""])[0]
    return Embed(before, article) if found and article else None


def named_in(page: str, url: str) -> str | None:
    """
    Return the link of the topic, or of the embed, that holds the comments of the page at *url*.

    Named by an embed (`DiscourseEmbed`, `data-discourse-topic-id`), or by a link to a topic on another host beside the
    word comments: sites that show their forum's posts themselves.
    """
    if "/t/" not in page and "iscourse" not in page:
        return None  # nearly every page: not parsed for this
    tree = _parsed(page)
    if tree is None:
        return None
    return _embedded(page, tree, url) or _linked(tree, url)


def topic_in(replies: str, base: str) -> Topic | None:
    """Return the topic that the page of `Embed.link` shows: the first link to one of the same forum."""
    tree = _parsed(replies)
    for address, _ in _topics(tree, base) if tree is not None else ():
        topic = topic_of(address)
        if topic is not None and topic.base == base:
            return topic
    return None


def _parsed(page: str) -> HtmlElement | None:
    try:
        return page_tree(page)
    except EmptyPage:
        return None


def _embedded(page: str, tree: HtmlElement, url: str) -> str | None:
    settings = _SETTINGS.search(page)
    said = settings[1] if settings else ""
    base = _setting("discourseUrl", said) or next(iter(tree.xpath("//@data-discourse-url")), "")
    id = _setting("topicId", said) or next(iter(tree.xpath("//@data-discourse-topic-id")), "")
    article = _setting("discourseEmbedUrl", said)
    try:
        base = urljoin(url, base.strip()).rstrip("/") if base.strip() else ""
        article = url if "location" in article else urljoin(url, article) if article else ""
    except ValueError:
        return None
    if not base:
        return None
    if re.fullmatch("[1-9][0-9]{0,11}", id):
        return Topic(base, int(id)).link
    return Embed(base, article).link if article.startswith(("http://", "https://")) else None


def _setting(name: str, said: str) -> str:
    """Return a setting of the script; JSON in pages writes a backslash before a slash."""
    found = re.search(_SETTING.format(name), said)
    return next(filter(None, found.groups()), "").replace("\\/", "/").strip() if found else ""


def _linked(tree: HtmlElement, url: str) -> str | None:
    """Return the one topic linked beside the word comments; several are links of the text, not the page's own."""
    found: dict[str, str] = {}
    for address, link in _topics(tree, url):
        topic = topic_of(address)
        if topic is None or host_of(address) == host_of(url):
            continue
        parent = link.getparent()
        around = (parent.get("class") or "", parent.get("id") or "") if parent is not None else ()
        near = (link.text_content(), link.get("class") or "", link.get("title") or "", *around)
        if _ABOUT_COMMENTS.search(" ".join(near)):
            found[topic.link] = address
    return next(iter(found.values())) if len(found) == 1 else None


def _topics(tree: HtmlElement, url: str) -> Iterator[tuple[str, HtmlElement]]:
    """Return the links that may lead to topics, in full, with their elements."""
    for link in tree.xpath("//a[contains(@href, '/t/')]"):
        try:
            yield urljoin(url, link.get("href").strip()), link
        except ValueError:  # "http://[": no address
            continue

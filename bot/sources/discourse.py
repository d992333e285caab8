"""
Discourse: topics of forums, and the topics that hold an article's comments.

`/t/<id>.json` gives the first posts and the ids of all; the rest comes in chunks. The format is Discourse's own, public
on every forum that is (https://docs.discourse.org). Only what a visitor without an account sees is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from bot.core.gaps import Gap, GapCode
from bot.core.links import host_of
from bot.core.models import Comment, Discussion, State
from bot.core.ports import Progress, Report, Stage
from bot.errors import (
    AccessDenied,
    BrokenAnswer,
    FetchError,
    PageNotFound,
    TooManyRequests,
)
from bot.sources.contents import json_value
from bot.sources.cuts import cut
from bot.sources.discourse_posts import article_of, comments_of, companion_of
from bot.sources.platform import Material
from bot.sources.values import mapping, mappings, number, text
from bot.sources.web import JSON, Job, Web

CHUNKS = (100, 20)  # posts a request: most forums hand out a hundred, all of them twenty

_TOPIC = re.compile(r"(?P<base>.*?)/t/(?:(?!\d+(?:/|$))[^/]+/)?(?P<id>\d+)(?:/\d+|/[a-z]+)?/?")
_EMBED = re.compile(r"DiscourseEmbed\s*=\s*\{(.{0,2000}?)\}", re.DOTALL)
_SETTING = r"[\"']?{}[\"']?\s*:\s*[\"']?([^\"',\s}}]+)"
_COMMENTS = re.compile(
    r"comment|kommentar|discuss|diskut|réagir|forum|debate|reacti", re.IGNORECASE
)


@dataclass(frozen=True)
class _Topic:
    base: str  # "https://forum.example.org", with the folder the forum lies in
    id: int

    @property
    def link(self) -> str:
        return f"{self.base}/t/{self.id}"


class Discourse:
    """Reads topics of any Discourse forum."""

    name = "discourse"

    def recognises(self, link: str) -> bool:
        """Whether *link* has the shape of a topic's; whether a forum is behind it is known when it answers."""
        return _topic(link) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """
        Return the topic that holds the comments of the page at *url*.

        Named by an embed (`DiscourseEmbed` with a topic, `data-discourse-topic-id`), or by a link to a topic on
        another host beside the word comments: sites that show their forum's posts themselves.
        """
        if "/t/" not in html and "iscourse" not in html:
            return None  # nearly every page: not parsed for this
        try:
            tree = _parsed(html)
        except (etree.LxmlError, ValueError):
            return None
        return _embedded(html, tree, url) or _linked(tree, url)

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read a topic; raises `BrokenAnswer` where *link* is no topic of a forum after all."""
        topic = _topic(link)
        if topic is None:
            raise PageNotFound(host=host_of(link))
        report(Progress(Stage.COMMENTS))
        found = await self._json(f"{topic.link}.json", web, job)
        stream = mapping(found.get("post_stream"))
        posts = mappings(stream.get("posts"))
        if not posts:
            raise BrokenAnswer(host=host_of(link))
        title = text(found.get("title"))
        slug = text(found.get("slug"))
        page = f"{topic.base}/t/{slug}/{topic.id}" if slug else topic.link
        wanted = [id for id in stream.get("stream") or () if number(id) is not None]
        report(Progress(Stage.COMMENTS, len(posts), len(wanted) or None))
        stopped = await self._rest(topic, wanted, posts, web, job, report)
        first = min(posts, key=lambda post: number(post.get("post_number")) or 1 << 60)
        is_first = number(first.get("post_number")) == 1
        about = companion_of(first, page) if is_first else None
        article = None
        if is_first and about is None:
            article = article_of(first, title, page, host_of(link))
        comments = comments_of(posts, page, first_too=not is_first)
        # small actions ("closed") are in the stream; `posts_count` counts them on some forums and not on others
        silent = len({number(post.get("id")) for post in posts}) - len(comments) - is_first
        discussion = Discussion(
            platform=self.name,
            url=page,
            title=title,
            declared=max(len(wanted) - is_first - silent, 0) if wanted else None,
            comments=tuple(comments),
            gaps=tuple(_gaps(comments, wanted, posts, stopped, host_of(link))),
        )
        return Material(article=article, discussions=(discussion,), about=about)

    async def _rest(
        self,
        topic: _Topic,
        wanted: list[int],
        posts: list[Mapping[str, Any]],
        web: Web,
        job: Job,
        report: Report,
    ) -> FetchError | None:
        """Add the posts that are still missing to *posts*; return what ended that before all were there."""
        for size in CHUNKS:
            have = {number(post.get("id")) for post in posts}
            for chunk in _chunks([id for id in wanted if id not in have], size):
                ids = "&".join(f"post_ids[]={id}" for id in chunk)
                try:
                    found = await self._json(f"{topic.link}/posts.json?{ids}", web, job)
                except FetchError as error:
                    if size == CHUNKS[0] and not isinstance(error, TooManyRequests):
                        break  # perhaps the chunk was too large
                    return error
                more = mappings(mapping(found.get("post_stream")).get("posts"))
                posts += more
                report(Progress(Stage.COMMENTS, len(posts), len(wanted)))
                if len(more) < len(chunk) and size == CHUNKS[0]:
                    break  # this forum hands out fewer at a time
        return None

    async def _json(self, link: str, web: Web, job: Job) -> Mapping[str, Any]:
        answer = await web.get(link, job=job, accept=JSON)
        host = host_of(link)
        if urlsplit(answer.url).path.rstrip("/").endswith("/login"):
            raise AccessDenied(host=host, status=None)
        found = mapping(json_value(answer, host))
        if found.get("error_type") in {"not_logged_in", "invalid_access"}:
            raise AccessDenied(host=host, status=answer.status)
        return found


def _topic(link: str) -> _Topic | None:
    parts = urlsplit(link)
    found = _TOPIC.fullmatch(parts.path)
    if found is None or not parts.netloc:
        return None
    return _Topic(f"{parts.scheme}://{parts.netloc}{found['base']}", int(found["id"]))


def _parsed(page: str) -> html.HtmlElement:
    return html.document_fromstring(page.encode("utf-8", "replace"), parser=_PARSER)


_PARSER = html.HTMLParser(encoding="utf-8")


def _embedded(page: str, tree: html.HtmlElement, url: str) -> str | None:
    settings = _EMBED.search(page)
    said = settings[1] if settings else ""
    forum = re.search(_SETTING.format("discourseUrl"), said)
    topic = re.search(_SETTING.format("topicId"), said)
    id = topic[1] if topic else next(iter(tree.xpath("//@data-discourse-topic-id")), "")
    base = forum[1] if forum else next(iter(tree.xpath("//@data-discourse-url")), "")
    if not (base and id.isascii() and id.isdecimal()):
        return None
    return f"{urljoin(url, base).rstrip('/')}/t/{id}"


def _linked(tree: html.HtmlElement, url: str) -> str | None:
    """Return the one topic linked beside the word comments; several are links of the text, not the page's own."""
    found: dict[str, str] = {}
    for link in tree.xpath("//a[contains(@href, '/t/')]"):
        address = urljoin(url, link.get("href").strip())
        topic = _topic(address)
        if topic is None or host_of(address) == host_of(url):
            continue
        parent = link.getparent()
        near = " ".join(
            [
                link.text_content(),
                link.get("class") or "",
                link.get("title") or "",
                (parent.get("class") or "") + " " + (parent.get("id") or "")
                if parent is not None
                else "",
            ]
        )
        if _COMMENTS.search(near):
            found[topic.link] = address
    return next(iter(found.values())) if len(found) == 1 else None


def _chunks(ids: list[int], size: int) -> Iterator[list[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))


def _gaps(
    comments: list[Comment],
    wanted: list[int],
    posts: list[Mapping[str, Any]],
    stopped: FetchError | None,
    host: str,
) -> Iterator[Gap]:
    states = Counter(comment.state for comment in comments)
    have = {number(post.get("id")) for post in posts}
    lost = sum(id not in have for id in wanted)
    gone = states[State.DELETED] + states[State.REMOVED] + states[State.HIDDEN]
    if stopped:
        yield cut(stopped, host, lost)
    elif lost:
        yield Gap(GapCode.COMMENTS_MISSING, count=lost)
    if gone:
        yield Gap(GapCode.COMMENTS_DELETED, count=gone)
    if not comments and not stopped:
        yield Gap(GapCode.COMMENTS_NONE)

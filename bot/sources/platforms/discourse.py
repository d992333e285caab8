"""
Discourse: topics of forums, and the topics that hold an article's comments.

`/t/<id>.json` gives the first posts and the ids of all; the rest comes in chunks. The format is Discourse's own, public
on every forum that is (https://docs.discourse.org). Only what a visitor without an account sees is read.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

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
    UnreadableError,
)
from bot.sources.contents import json_value, page_text
from bot.sources.cuts import cut
from bot.sources.platform import Material
from bot.sources.platforms.discourse_links import (
    Embed,
    Topic,
    embed_of,
    named_in,
    topic_in,
    topic_of,
)
from bot.sources.platforms.discourse_posts import article_of, comments_of, companion_of
from bot.sources.values import mapping, mappings, number, text
from bot.sources.web import JSON, Job, Web

CHUNKS = (100, 20)  # posts a request: most forums hand out a hundred, all of them twenty
_LOCKED = ("not_logged_in", "invalid_access")


class Discourse:
    """Reads topics of any Discourse forum."""

    name = "discourse"

    def recognises(self, link: str) -> bool:
        """Whether *link* has the shape of a topic's; whether a forum is behind it is known when it answers."""
        return topic_of(link) is not None

    def named_in(self, html: str, url: str) -> str | None:
        """Return the link of the topic, or of the embed, that holds the comments of the page at *url*."""
        return named_in(html, url)

    async def read(self, link: str, web: Web, job: Job, report: Report) -> Material:
        """Read a topic or an embed; raises `BrokenAnswer` where *link* is no topic of a forum after all."""
        report(Progress(Stage.COMMENTS))
        embed = embed_of(link)
        if embed is None:
            topic = topic_of(link)
            if topic is None:
                raise PageNotFound(host=host_of(link))
        else:
            topic = await self._shown_in(embed, web, job)
            if topic is None:
                none = Gap(GapCode.COMMENTS_NONE)
                return Material(discussions=(Discussion(self.name, None, None, 0, (), (none,)),))
        return await self._topic(topic, web, job, report)

    async def _shown_in(self, embed: Embed, web: Web, job: Job) -> Topic | None:
        """
        Return the topic of an article, None where nobody has replied.

        The number of replies is asked for first: asked to show the replies to an article it has no topic for, a forum
        makes one (its embed_controller.rb), and reading must not write.
        """
        counts = mapping((await self._json(embed.counts, web, job)).get("counts"))
        if not any(re.search("[1-9]", said) for said in map(text, counts.values()) if said):
            return None
        # forums show their replies only to pages of hosts they know
        topic = None
        with suppress(UnreadableError):
            answer = await web.get(embed.link, job=job, headers={"Referer": embed.article})
            topic = topic_in(page_text(answer), answer.url.partition("/embed/")[0])
        if topic is None:
            raise BrokenAnswer(host=host_of(embed.base))
        return topic

    async def _topic(self, topic: Topic, web: Web, job: Job, report: Report) -> Material:
        found = await self._json(f"{topic.link}.json", web, job)
        stream = mapping(found.get("post_stream"))
        posts = mappings(stream.get("posts"))
        host = host_of(topic.link)
        if not posts:
            raise BrokenAnswer(host=host)
        title = text(found.get("title"))
        slug = text(found.get("slug")) or ""
        page = f"{topic.base}/t/{slug}/{topic.id}" if re.fullmatch(r"[\w-]+", slug) else topic.link
        ids = stream.get("stream")
        wanted = [id for id in ids if number(id) is not None] if isinstance(ids, list) else []
        total = len(wanted) or number(found.get("posts_count")) or 0
        report(Progress(Stage.COMMENTS, len(posts), total or None))
        if wanted:
            stopped = await self._rest(topic, wanted, posts, web, job, report)
        else:
            stopped = await self._onwards(topic, total, posts, web, job, report)
        first = min(posts, key=lambda post: number(post.get("post_number")) or 1 << 60)
        is_first = number(first.get("post_number")) == 1
        # in a thread: a forum may be anybody's, and its HTML made to keep the loop busy
        about = await asyncio.to_thread(companion_of, first, page) if is_first else None
        article = None
        if is_first and about is None:
            article = await asyncio.to_thread(article_of, first, title, page, host)
        comments = await asyncio.to_thread(comments_of, posts, page, first_too=not is_first)
        have = {id for post in posts if (id := number(post.get("id"))) is not None}
        # small actions ("closed") are in the stream; `posts_count` counts them on some forums and not on others
        silent = len(have) - len(comments) - is_first
        lost = sum(id not in have for id in wanted) if wanted else max(total - len(have), 0)
        discussion = Discussion(
            platform=self.name,
            url=page,
            title=title,
            declared=max(total - is_first - silent, 0) if total else None,
            comments=tuple(comments),
            gaps=tuple(_gaps(comments, lost, stopped, host)),
        )
        return Material(article=article, discussions=(discussion,), about=about)

    async def _rest(
        self,
        topic: Topic,
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
                    more = await self._posts(topic, ids, web, job)
                except FetchError as error:
                    if size == CHUNKS[0] and not isinstance(error, TooManyRequests):
                        break  # perhaps the chunk was too large
                    return error
                posts += more
                report(Progress(Stage.COMMENTS, len(posts), len(wanted)))
                if len(more) < len(chunk) and size == CHUNKS[0]:
                    break  # this forum hands out fewer at a time
        return None

    async def _onwards(
        self,
        topic: Topic,
        total: int,
        posts: list[Mapping[str, Any]],
        web: Web,
        job: Job,
        report: Report,
    ) -> FetchError | None:
        """
        Add to *posts* what follows them in a topic that is too long (10,000) for a list of its ids; return as `_rest`.

        The twenty after a post are asked for by its number. Numbers have holes, so the next is not a sum.
        """
        have = {number(post.get("id")) for post in posts}
        last = max(number(post.get("post_number")) or 0 for post in posts)
        while len(have) < total:
            try:
                more = await self._posts(topic, f"post_number={last}&asc=true", web, job)
            except FetchError as error:
                return error
            posts += more
            have.update(number(post.get("id")) for post in more)
            report(Progress(Stage.COMMENTS, len(have), total))
            highest = max((number(post.get("post_number")) or 0 for post in more), default=0)
            if highest <= last:
                break
            last = highest
        return None

    async def _posts(self, topic: Topic, which: str, web: Web, job: Job) -> list[Mapping[str, Any]]:
        found = await self._json(f"{topic.link}/posts.json?{which}", web, job)
        return mappings(mapping(found.get("post_stream")).get("posts"))

    async def _json(self, link: str, web: Web, job: Job) -> Mapping[str, Any]:
        host = host_of(link)
        try:
            answer = await web.get(link, job=job, accept=JSON)
        except UnreadableError as error:  # a picture
            raise BrokenAnswer(host=host) from error
        if urlsplit(answer.url).path.rstrip("/").endswith("/login"):
            raise AccessDenied(host=host, status=None)
        found = mapping(json_value(answer, host))
        if text(found.get("error_type")) in _LOCKED:
            raise AccessDenied(host=host, status=answer.status)
        return found


def _chunks(ids: list[int], size: int) -> Iterator[list[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))


def _gaps(
    comments: list[Comment], lost: int, stopped: FetchError | None, host: str
) -> Iterator[Gap]:
    states = Counter(comment.state for comment in comments)
    gone = states[State.DELETED] + states[State.REMOVED] + states[State.HIDDEN]
    if stopped:
        yield cut(stopped, host, lost)
    elif lost:
        yield Gap(GapCode.COMMENTS_MISSING, count=lost)
    if gone:
        yield Gap(GapCode.COMMENTS_DELETED, count=gone)
    if not comments and not stopped:
        yield Gap(GapCode.COMMENTS_NONE)

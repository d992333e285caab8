"""Views of Lemmy's API, in the shape of 0.19 (`/api/v3`) or of 1.0 (`/api/v4`) → a post and its comments. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.links import host_of
from bot.core.models import Article, Cid, Comment, State
from bot.sources.about import link_of, page_of
from bot.sources.markdown import plain_markdown
from bot.sources.values import mapping, number, text, time


@dataclass(frozen=True)
class Post:
    """What a discussion is about. `declared` is the number of comments the host states, without deleted ones."""

    id: int
    link: str
    title: str | None
    declared: int | None
    article: Article | None
    about: str | None
    adult: bool = False


def post_of(view: Mapping[str, Any], base: str) -> Post | None:
    """Return the post of a view at *base*: a link leads to what it is about, else its words are, else its title."""
    post = mapping(view.get("post"))
    id = number(post.get("id"))
    if id is None:
        return None
    link = f"{base}/post/{id}"
    title = text(post.get("name"))
    about = page_of(post.get("url"))
    words = plain_markdown(text(post.get("body")) or "") or title
    author = _author(view, base)
    article = Article(
        url=link,
        title=title,
        text=words or "",
        site=host_of(base),
        authors=(author,) if author else (),
        published=_time(post),
    )
    counts = mapping(view.get("counts"))
    return Post(
        id,
        link,
        title,
        number(counts.get("comments")),
        article if words and not about else None,
        about,
        post.get("nsfw") is True or mapping(view.get("community")).get("nsfw") is True,
    )


def comment_of(view: Mapping[str, Any], base: str) -> Comment | None:
    """Return the comment of a view, None where it is none. Its parent is the last but one of its path."""
    comment = mapping(view.get("comment"))
    id = number(comment.get("id"))
    if id is None:
        return None
    path = (text(comment.get("path")) or "").split(".")
    above = path[-2] if len(path) > 2 else ""
    state = (
        State.REMOVED
        if comment.get("removed") is True
        else State.DELETED
        if comment.get("deleted") is True
        else State.OK
    )
    kept = state is State.OK  # some versions hand out what was deleted
    return Comment(
        id=Cid(f"lemmy:{id}"),
        parent=Cid(f"lemmy:{above}") if above else None,
        author=_author(view, base) if kept else None,
        text=plain_markdown(text(comment.get("content")) or "") if kept else "",
        posted_at=_time(comment),
        score=number({**comment, **mapping(view.get("counts"))}.get("score")),
        url=f"{base}/comment/{id}",
        state=state,
    )


def _author(view: Mapping[str, Any], base: str) -> str | None:
    """Return the author's name, with the host where that is another: names are a host's own."""
    creator = mapping(view.get("creator"))
    name = text(creator.get("name"))
    home = host_of(link_of(creator.get("actor_id") or creator.get("ap_id")) or base)
    return name if name is None or home == host_of(base) else f"{name}@{home}"


def _time(one: Mapping[str, Any]) -> Any:
    return time(one.get("published") or one.get("published_at"))

"""Which thread of Disqus a link or a page speaks of, and its posts as they come → comments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from bot.core.models import Cid, Comment, State
from bot.sources.markup import plain
from bot.sources.tags import rels, tags
from bot.sources.values import address, count, mapping, text, time

MOST_ADDRESSES = 2  # that a thread may be filed under
LONGEST = 1_800  # of a link with all of them

# A page that only counts comments (count.js) lists articles; the one that embeds them is the article.
_EMBEDS = re.compile(r"\bdisqus\.com\\?/embed\.js|\bembedVars\b|blogger_item\.js")
_HOLDS = re.compile(r"\bid\s?=\s?[\"']?disqus_thread\b")
_LINE = re.compile(r"^[ \t]*//.*$", re.MULTILINE)  # commented out: an example of the instructions
_LITERAL = r"(?:\"((?:[^\"\\\n]|\\.){1,500})\"|'((?:[^'\\\n]|\\.){1,500})')\s{0,9}(?=[;,}\r\n<]|//)"
_SCRIPT = re.compile(r"(?:\\?/){2}([\w-]{1,100})\.disqus\.com\\?/embed\.js", re.ASCII)
_FORUM = re.compile(rf"\bdisqus_?[sS]hortname[\"']?\s{{0,9}}[=:]\s{{0,9}}{_LITERAL}")
_IDENTIFIER = re.compile(
    rf"(?:\bdisqus_?[iI]dentifier|\bpage\.identifier)[\"']?\s{{0,9}}[=:]\s{{0,9}}{_LITERAL}"
)
_URL = re.compile(rf"(?:\bdisqus_?[uU]rl|\bpage\.url)[\"']?\s{{0,9}}[=:]\s{{0,9}}{_LITERAL}")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


@dataclass(frozen=True)
class Thread:
    """What a site calls the discussion of one of its pages: an identifier of its own, and the page's address."""

    forum: str
    identifier: str | None
    addresses: tuple[str, ...]  # the page's, the likeliest first

    def link(self, embed: str) -> str:
        """Return the link that says all of this; one address more is one more `t_u`."""
        asked = [("base", "default"), ("f", self.forum)]
        asked += [("t_i", self.identifier)] if self.identifier else []
        asked += [("t_u", one) for one in self.addresses]
        return f"{embed}?{urlencode(asked, errors='replace')}"

    def questions(self) -> Iterator[Thread]:
        """
        Yield the ways to ask for it, one after the other where a thread is empty.

        An identifier or an address that Disqus does not know gives an empty thread, no error.
        """
        if self.identifier:
            yield Thread(self.forum, self.identifier, self.addresses[:1])
        for one in self.addresses:
            yield Thread(self.forum, None, (one,))


def thread_of(link: str, embed: str) -> Thread | None:
    """Return the thread that *link*, of the embedded page at *embed*, shows; None for any other link."""
    here, there = urlsplit(link), urlsplit(embed)
    if (here.netloc, here.path.rstrip("/")) != (there.netloc, there.path.rstrip("/")):
        return None
    asked = parse_qs(here.query)
    forum = asked.get("f", [""])[0]
    identifier = asked.get("t_i", [None])[0]
    addresses = tuple(filter(address, asked.get("t_u", [])))[:MOST_ADDRESSES]
    if not re.fullmatch(r"[\w-]{1,100}", forum) or not (identifier or addresses):
        return None
    return Thread(forum, identifier, addresses)


def thread_in(page: str, url: str, embed: str) -> Thread | None:
    """Return the thread that the page at *url* embeds; None where it does not say whose forum it is in."""
    if "isqus" not in page:
        return None  # nearly every page: not looked through for this
    script = _LINE.sub("", _scripts(page))
    if not (_EMBEDS.search(script) or ("disqus_thread" in page and _HOLDS.search(page))):
        return None
    source = _SCRIPT.search(script)
    forum = _said(_FORUM, script) or (source[1] if source else "")
    if not re.fullmatch(r"[\w-]{1,100}", forum):
        return None
    said = _said(_URL, script)
    named = (address(said) or _canonical(page, url), url)
    addresses = tuple(dict.fromkeys(one for one in named if one))
    thread = Thread(forum, _said(_IDENTIFIER, script) or None, addresses)
    if len(thread.link(embed)) > LONGEST:
        thread = Thread(forum, thread.identifier, thread.addresses[:1])
    return thread if len(thread.link(embed)) <= LONGEST else None


def comments_of(posts: Iterable[Mapping[str, Any]], page: str | None) -> list[Comment]:
    """
    Return *posts* as comments, each id once, in their order; *page* is the address of the page they stand on.

    Deleted ones keep their place; a reply to what is not there stands at the top.
    """
    said = {id: post for post in posts if (id := _id(post.get("id")))}
    return [_comment(id, post, said, page) for id, post in said.items()]


def _comment(
    id: str, post: Mapping[str, Any], said: Mapping[str, object], page: str | None
) -> Comment:
    words = plain(text(post.get("message")))
    state = _state(post)
    above = _id(post.get("parent"))
    return Comment(
        id=Cid(f"disqus:{id}"),
        parent=Cid(f"disqus:{above}") if above in said and above != id else None,
        author=plain(text(mapping(post.get("author")).get("name"))) or None,
        text=words if state is State.OK else "",
        posted_at=time(post.get("createdAt")),
        score=count(post.get("likes")),
        url=f"{page}#comment-{id}" if page else None,
        state=state,
    )


def _state(post: Mapping[str, Any]) -> State:
    if post.get("isDeleted") is True:
        return State.DELETED if post.get("isDeletedByAuthor") is True else State.REMOVED
    if post.get("isSpam") is True:
        return State.REMOVED
    return State.HIDDEN if post.get("isApproved") is False else State.OK


def _id(value: object) -> str | None:
    """Return an id, which is a number written as text in some places and as a number in others."""
    said = str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)
    return said if said and re.fullmatch(r"[0-9]{1,25}", said) else None


def _scripts(page: str) -> str:
    """Return the scripts that speak of Disqus: most of a page does not, and is not searched."""
    parts = (part.partition("</script")[0] for part in page.split("<script")[1:])
    return "\n".join(part for part in parts if "isqus" in part)


def _said(setting: re.Pattern[str], script: str) -> str:
    """Return the text a script sets; nothing where it is computed."""
    found = setting.search(script)
    return _ESCAPED.sub(_letter, found[1] or found[2]).strip() if found else ""


def _letter(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16)) if escaped[1] else escaped[2]


def _canonical(page: str, url: str) -> str | None:
    for tag, attributes in tags(page):
        if tag == "link" and "canonical" in rels(attributes):
            try:
                return address(urljoin(url, attributes.get("href", "")))
            except ValueError:
                return None
    return None

"""Which post of WordPress a link or a page speaks of, and where its comments are handed out. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from bot.core.links import host_of
from bot.sources.tags import rels, tags
from bot.sources.values import address

PER_PART = 100  # comments a request: the most that both APIs hand out

_ID = r"(?P<id>[1-9]\d{0,18})"
_ROUTE = re.compile(rf"(?P<root>.*?)/wp/v2/(?:comments|(?:posts|pages)/{_ID})/?")
_HOSTED = re.compile(rf"/sites/(?P<host>[\w.-]{{1,253}})/posts/{_ID}(?:/replies)?/?", re.ASCII)
_BODY = re.compile(rf"(?:^|\s)(?:postid|page-id)-{_ID}(?=\s|$)")
_SHORT = re.compile(rf"[?&]p={_ID}(?=&|$)")
_STATS = re.compile(r"\bv['\"]?\s{0,3}:\s{0,3}['\"]wpcom['\"]")


@dataclass(frozen=True)
class Post:
    """A post (or page) of a site."""

    site: str  # "https://blog.example", with the folder the blog lies in
    id: int
    comments: str  # the link they are handed out at, without its paging
    hosted: bool = False  # at WordPress.com

    @property
    def page(self) -> str:
        """The address that WordPress itself redirects to the post's own."""
        return f"{self.site}/?p={self.id}"

    def part(self, number: int) -> str:
        """Return the link of one part of the comments, from 1, the oldest first."""
        asked = "per_page={}&order=asc&page={}"
        if self.hosted:
            asked = "number={}&order=ASC&page={}"
        between = "&" if "?" in self.comments else "?"
        return self.comments + between + asked.format(PER_PART, number)


def post_of(link: str, hosted: str) -> Post | None:
    """
    Return the post that *link*, an API's for it or for its comments, is about; None for any other link.

    *hosted* is the API of WordPress.com, without a slash at its end.
    """
    parts = urlsplit(link)
    asked = parse_qs(parts.query)
    path = f"{parts.netloc}{parts.path}"
    api = hosted.partition("://")[2]
    if path.startswith(f"{api}/"):
        found = _HOSTED.fullmatch(path.removeprefix(api))
        return _hosted_post(hosted, found["host"], found["id"]) if found else None
    in_query = "rest_route" in asked
    found = _ROUTE.fullmatch(asked["rest_route"][0] if in_query else parts.path)
    said = found and re.fullmatch(_ID, found["id"] or asked.get("post", [""])[0])
    if not (found and said and parts.netloc):
        return None
    origin = f"{parts.scheme}://{parts.netloc}"
    if in_query:
        site = origin + parts.path.removesuffix("index.php").rstrip("/")
        root = f"{origin}{parts.path}?rest_route="
    else:
        site = origin + found["root"].rpartition("/")[0]
        root = f"{origin}{found['root']}"
    return Post(site, int(said["id"]), _list(root, said["id"]))


def post_in(html: str, url: str, hosted: str) -> Post | None:
    """
    Return the post that the page at *url* is.

    It must name the API itself (`rel="https://api.w.org/"`, or the post's own JSON), or say that it is hosted at
    WordPress.com, whose API is *hosted*; and it must be the page of one post, no list of several.
    """
    at_home = host_of(url).endswith(".wordpress.com") or _in_statistics(html)
    if not at_home and not any(mark in html for mark in ("api.w.org", "/wp/v2/", "WordPress.com")):
        return None  # most pages: not looked through for this
    root = None
    ids: dict[str, str] = {}  # by the tag that says it
    for tag, attributes in tags(html):
        if found := _post_id(tag, attributes):
            ids.setdefault(tag, found)
        elif tag == "meta":
            at_home = at_home or attributes.get("content") == "WordPress.com"
        elif tag == "link" and (link := _joined(url, attributes.get("href", ""))):
            said = rels(attributes)
            if "https://api.w.org/" in said:
                root = link
            elif "alternate" in said and (post := post_of(link, hosted)):
                return post
    id = next((ids[tag] for tag in ("body", "input", "link") if tag in ids), None)
    if id and root:
        return post_of(_list(root, id), hosted)
    return _hosted_post(hosted, host_of(url), id) if id and at_home else None


def _hosted_post(hosted: str, host: str, id: str) -> Post:
    return Post(f"https://{host}", int(id), f"{hosted}/sites/{host}/posts/{id}/replies/", True)


def _list(root: str, id: str) -> str:
    """Return where the API at *root* hands out a post's comments."""
    bare, _, query = root.partition("?")
    if "rest_route=" in query:
        return f"{bare}?rest_route=/wp/v2/comments&post={id}"
    return f"{bare.rstrip('/')}/wp/v2/comments?post={id}"


def _in_statistics(html: str) -> bool:
    return "wpcom" in html and _STATS.search(html) is not None


def _post_id(tag: str, attributes: dict[str, str]) -> str | None:
    """Return the id of the post that the page is, where *tag* says it."""
    found = None
    if tag == "body":
        found = _BODY.search(attributes.get("class", ""))
    elif tag == "input" and attributes.get("name") == "comment_post_ID":
        found = re.fullmatch(_ID, attributes.get("value", ""))
    elif tag == "link" and "shortlink" in rels(attributes):
        found = _SHORT.search(attributes.get("href", ""))
    return found["id"] if found else None


def _joined(url: str, href: str) -> str | None:
    try:
        return address(urljoin(url, href))
    except ValueError:
        return None

"""Words, numbers, dates and addresses as people, and those who are not people, write them."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.core.links import canonical
from bot.errors import ChorusError
from bot.sources.charset import decode

_SAID = (
    "Bees hum while they work", "I do not think so at all", "Lovely.", "12 comments", "1 comment",
    "1,234 Comments", "3 réponses", "Reply", "Share", "Répondre", "2 likes", "Log in to comment", "Show more",
    "ann", "Ann Smith", "@ann", "ann says:", "By Ann", "user_12", "[deleted]", "Posted by", "edited",
    "3 days ago", "il y a 5 minutes", "vor 2 Stunden", "yesterday", "12 January 2026 at 10:30",
    "2026-01-02T03:04:05Z", "12/01/2026", "10:30", "2026-13-45T99:99:99", "0000-00-00", "99999999-01-01",
    "1 Jan 0001", "31 February 2026", "25:61", "+14:00", "99999999999999999999 comments", "١٢ comments",
    "１２ comments", "² comments", "-1 comments", "0 comments", "12", "#12", "1.", "(3)", "Comments",
    "Commentaires (3)", "Kommentare:", "²", "１２", "-3", "1e5", "99999999999999999999 days ago",
    "vor 999999999 Jahren", "il y a 1e9 ans", "99999999999 minutes ago", "Subscribe to continue",
    "Accept all cookies", "Are you a robot?", "https://example.org/a", "www.example.org", "«oui»", "“no”",
    "— Ann", "> quoted", "* * *", "---", "companion discussion topic", "DiscourseEmbed = { topicId: 1 }",
    "<b>", "&amp;", "\u202e\u200b\ufeff", "\ud800", "\x00", "\x0b\x0c", "\x85",
)  # fmt: skip

phrases = st.lists(st.sampled_from(_SAID), min_size=1, max_size=4).map(" ".join)
letters = st.text(st.characters(codec=None), max_size=12)  # lone surrogates and controls included

_SCHEMES = (
    "https://", "https://", "http://", "HTTP://", "http:", "http:/", "http:///", "//", "", "ftp://",
    "javascript:", "data:", "file:///", "https:\\\\", "ht tp://",
)  # fmt: skip
_USERS = (
    "", "", "", "", "ann@", "ann:pw@", "@", "127.0.0.1:80@", "a@b@", "%40@", "\\@",
)  # fmt: skip
HOSTS = (
    "example.org", "www.example.org", "blog.example", "forum.example", "news.ycombinator.com", "EXAMPLE.ORG.",
    "bücher.example", "xn--a", "xn--", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "１２７.０.０.１",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1%25eth0]", "[::1", "::1]", "[v1.x]",
    "169.254.169.254", "10.0.0.1", "metadata.google.internal", "localhost", "localhost.", "a..b", ".a", "-",
    "_", "%31", "a\xadb", "999.1.1.1", "1.2.3.4.5", "\ud800.example",
)  # fmt: skip
_PORTS = (
    "", "", "", ":80", ":443", ":8080", ":0", ":22", ":99999", ":", ":-1", ":8_0", ":８０", ":80:80",
)  # fmt: skip
_PATHS = (
    "", "/", "/a", "/t/bees/9", "/t/9/3", "/item?id=1", "/../..", "//a", "/a;b", "/%", "/%zz", "/%00", "/é",
    "/\ud800", "/?utm_source=x&a=1", "/?a=1&a=2", "/#!a", "/#a", "/amp", "/a/amp/", "/?q=%26&&&=",
)  # fmt: skip
_TAILS = (
    "", "", "", " ", ".", ")", "\t", "\n", "\x00", "||", ">", "\u200b",
)  # fmt: skip

links = st.one_of(
    st.builds(
        "{}{}{}{}{}{}".format,
        st.sampled_from(_SCHEMES),
        st.sampled_from(_USERS),
        st.one_of(st.sampled_from(HOSTS), letters),
        st.sampled_from(_PORTS),
        st.one_of(
            st.sampled_from(_PATHS),
            letters.map("/{}".format),
            st.sampled_from(["/" + "a" * 3_000, "/t/" + "9" * 5_000]),
        ),
        st.sampled_from(_TAILS),
    ),
    letters,
)


def _canonical(link: str) -> str | None:
    try:
        return canonical(link)
    except ChorusError:
        return None


addresses = links.map(_canonical)
"""What a page can have come from: a canonical link, or nowhere."""

copied = st.lists(st.one_of(phrases, phrases, letters, st.just(""), links), max_size=60).map(
    lambda lines: decode("\n".join(lines).encode("utf-8", "replace"))
)

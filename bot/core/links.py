"""
Web addresses as text: what a person typed → the address that is asked for, kept and compared.

`canonical` never changes which page is meant, because what it returns is also what is fetched. `page_key` goes further
(hosts for phones, AMP, trailing slashes) and is only ever compared.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import quote, unquote_plus, urlsplit

from bot.errors import BadScheme, LinkWithPassword, NotALink

MOST_CHARACTERS = 2_000
MOST_KEPT = 256
"""Spellings in memory: of one link it is asked several times while somebody waits."""
DEFAULT_PORTS = {"http": 80, "https": 443}

# who sent the reader, never what is shown
_TRACKING = re.compile(
    r"(utm|mtm|pk|hsa|ns|at|wt|vero|oly|_hs)_\w+"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh"
    r"|mc_[ce]id|_ga|_gl|_hsenc|_hsmi|mkt_tok|cmpid|ocid|ref|ref_src|ref_url|referrer|xtor|s_kwcid",
    re.IGNORECASE,
)
_AMP_CACHE = re.compile(
    r"https?://(?:www\.google\.[a-z.]+/amp|[\w-]+\.cdn\.ampproject\.org/[cv])/(s/)?([^/].+)"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(//)?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_DOMAIN_END = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f\\]")
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?[]|"

_IN_TEXT = re.compile(r"https?://[^\s<>\"`]+", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{", "»": "«"}
_TRAILING = ".,;:!?'’”…|*"


@lru_cache(MOST_KEPT)
def canonical(link: str) -> str:
    """
    Return the one spelling of *link* that is fetched, kept and shown.

    https where no scheme was typed, the host in punycode and lower case, no default port, no tracking, no fragment (but
    `#!`), out of Google's AMP cache. Raises `NotALink`, `BadScheme` (not http or https) or `LinkWithPassword`.
    """
    text = link.strip().removeprefix("<").removesuffix(">")
    if not text or len(text) > MOST_CHARACTERS or _SPACE_OR_CONTROL.search(text):
        raise NotALink(text=_shown(link))
    text, typed_scheme = _with_scheme(text, link)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:  # brackets, ports beyond 65535
        raise NotALink(text=_shown(link)) from error
    host = _host(parts.hostname or "", link)
    if "@" in parts.netloc:
        raise LinkWithPassword(host=host)
    if not typed_scheme and not _DOMAIN_END.fullmatch(host.rpartition(".")[2] * ("." in host)):
        raise NotALink(text=_shown(link))
    if ":" in host:
        host = f"[{host}]"
    if port not in {None, DEFAULT_PORTS[parts.scheme]}:
        host = f"{host}:{port}"
    path = quote(parts.path or "/", safe=_KEPT_IN_PATH, errors="replace")
    query = quote(_without_tracking(parts.query), safe=_KEPT_IN_QUERY, errors="replace")
    fragment = quote(parts.fragment, safe=_KEPT_IN_QUERY, errors="replace")
    plain = f"{parts.scheme}://{host}{path}{'?' if query else ''}{query}"
    if len(plain) > MOST_CHARACTERS:  # escaping made it longer
        raise NotALink(text=_shown(link))
    if fragment.startswith("!"):  # pages that put the whole address there
        return f"{plain}#{fragment}"
    if cached := _AMP_CACHE.fullmatch(plain):
        return canonical(f"http{'s' if cached[1] else ''}://{cached[2]}")
    return plain


def page_key(link: str) -> str:
    """
    Return what two canonical links to the same page have in common; to be compared, never fetched.

    Scheme, `www.`, hosts for phones and AMP, the trailing slash and the fragment make no difference (sources §13).
    """
    parts = urlsplit(canonical(link))
    host = re.sub(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.)", "", parts.netloc)
    host = host.replace(".m.wikipedia.org", ".wikipedia.org")
    path = re.sub(r"(/amp|\.amp(?=\.html$|$))?/*$", "", parts.path)
    kept = [
        pair
        for pair in parts.query.split("&")
        if pair and pair.lower() not in {"amp", "amp=1", "outputtype=amp", "m=1"}
    ]
    return f"{host}{path}{'?' if kept else ''}{'&'.join(sorted(kept))}"


def same_page(one: str, other: str) -> bool:
    """Whether two links lead to the same page; raises what `canonical` raises."""
    return page_key(one) == page_key(other)


def host_of(link: str) -> str:
    """Return the host of a canonical link, without its port."""
    return urlsplit(link).hostname or ""


def links_in(text: str) -> list[str]:
    """
    Return the http and https links in chat text, in order, each once, as written.

    Punctuation after a link, `<…>`, spoiler bars and the bracket of a Markdown link are not part of it; balanced
    brackets are.
    """
    found = (_trimmed(match[0]) for match in _IN_TEXT.finditer(text))
    return list(dict.fromkeys(link for link in found if not link.endswith("://")))


def _trimmed(link: str) -> str:
    # "[label](https://…) more": everything from the first bracket that was opened before the link
    depth = dict.fromkeys(_CLOSING.values(), 0)
    for at, letter in enumerate(link):
        if letter in depth:
            depth[letter] += 1
        elif letter in _CLOSING:
            depth[_CLOSING[letter]] -= 1
            if depth[_CLOSING[letter]] < 0:
                link = link[:at]
                break
    return link.partition("||")[0].rstrip(_TRAILING)


def _with_scheme(text: str, link: str) -> tuple[str, bool]:
    """Return *text* with a scheme, and whether it was typed; `example.org:8080` is a host and its port."""
    typed = _SCHEME.match(text)
    if typed is None or (not typed[2] and re.match(r"\d+(/|$)", text[typed.end() :])):
        return f"https://{text.removeprefix('//')}", False
    scheme = typed[1].lower()
    if scheme not in DEFAULT_PORTS:
        raise BadScheme(scheme=scheme[:40])
    if not typed[2]:
        raise NotALink(text=_shown(link))
    return f"{scheme}://{text[typed.end() :]}", True


def _host(host: str, link: str) -> str:
    """Return the host in lower case and punycode, without a final dot; raises `NotALink`."""
    if ":" in host:
        try:
            address = IPv6Address(host)
        except AddressValueError as error:
            raise NotALink(text=_shown(link)) from error
        if address.scope_id is not None:
            raise NotALink(text=_shown(link))
        return str(address)
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise NotALink(text=_shown(link)) from error
    if len(name) > 253 or not all(map(_LABEL.fullmatch, name.split("."))):
        raise NotALink(text=_shown(link))
    return name


def _without_tracking(query: str) -> str:
    return "&".join(
        pair
        for pair in query.split("&")
        if pair and not _TRACKING.fullmatch(unquote_plus(pair.partition("=")[0]))
    )


def _shown(link: str) -> str:
    return link.strip()[:100]

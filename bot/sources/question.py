"""What is asked of the web: one address, what is said to it, and what may be told to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yarl import URL

from bot.errors import BadScheme, BrokenAnswer, NotALink
from bot.sources.addresses import bare

SCHEMES = frozenset({"http", "https"})
_FOR_ANYBODY = frozenset({"accept", "accept-language"})
_SECRET = frozenset({"authorization", "cookie"})


@dataclass(frozen=True)
class Question:
    """One request: a GET, or a form to be sent."""

    url: URL
    headers: Mapping[str, str] = field(repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """The host in lower case and punycode, without a final dot; an IPv6 address without brackets."""
        return bare(self.url.raw_host)

    @property
    def public(self) -> bool:
        """Whether anybody would get the same answer, so that it may be kept for all."""
        return self.form is None and not any(name.lower() in _SECRET for name in self.headers)

    def key(self, *, inside: bool) -> str:
        """
        Return what its answer is kept under: everything that may make it another one.

        The address may answer differently to another Accept; and what was read inside is for those who may enter.
        """
        said = (f"{name}: {value}" for name, value in sorted(self.headers.items()))
        return "\n".join((str(self.url), *said, *(["inside"] if inside else [])))

    def at(self, location: str) -> Question:
        """
        Return the question to ask where a redirect to *location* leads: another origin does not learn a key.

        Raises `BadScheme`, or `BrokenAnswer` where it leads nowhere.
        """
        try:
            url = self.url.join(URL(location.strip())).with_fragment(None)
        except ValueError as error:
            raise BrokenAnswer(host=self.host) from error
        if url.scheme not in SCHEMES:
            raise BadScheme(scheme=url.scheme[:40])
        if not location.strip() or not url.host:
            raise BrokenAnswer(host=self.host)
        if url.origin() == self.url.origin():
            return replace(self, url=url)
        kept = {k: v for k, v in self.headers.items() if k.lower() in _FOR_ANYBODY}
        return replace(self, url=url, headers=kept)


def address(link: str) -> URL:
    """Return *link* taken apart; raises `NotALink`."""
    try:
        url = URL(link)
    except ValueError as error:
        raise NotALink(text=link[:100]) from error
    if not url.host:
        raise NotALink(text=link[:100])
    return url

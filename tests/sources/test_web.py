"""The way out: what it brings back, what it refuses, and when it stops."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from typing import Any

import aiohttp
import pytest
from aiohttp import web as server
from yarl import URL

from bot.core.models import LOCAL, PUBLIC, Audience
from bot.errors import (
    AccessDenied,
    AddressRefused,
    BadScheme,
    BrokenAnswer,
    ChorusError,
    LinkWithPassword,
    NameNotResolved,
    NotALink,
    PageNotFound,
    PageTooLarge,
    RedirectLoop,
    SiteBusy,
    SiteFailed,
    SiteTimeout,
    TooManyRequests,
    Unreachable,
    WrongContent,
)
from bot.sources.contents import Answer
from bot.sources.failures import translate
from bot.sources.question import Question
from bot.sources.web import HTML, JSON, Limits, Web
from tests.conftest import SteadyClock
from tests.sources.conftest import LOOPBACK, FakeNames, FakePages, Naps
from tests.sources.site import Site, site


async def get(web: Web, link: str, audience: Audience = LOCAL, **options: Any) -> Answer:
    return await web.get(link, job=web.job(audience), **options)


async def fails(web: Web, link: str, kind: type[ChorusError], audience: Audience = LOCAL) -> Any:
    with pytest.raises(kind) as caught:
        await get(web, link, audience)
    return caught.value.facts


async def test_a_page_comes_back_with_what_the_site_says_of_it(web: Web, served: Site) -> None:
    """
    Body, type, charset and headers, asked for under an honest name.
    """
    served.page("/a", "<p>hello", kind="text/HTML; charset=ISO-8859-1", headers={"X-One": "1"})

    answer = await get(web, served.url("/a"))

    assert (b"<p>hello", "text/html", "ISO-8859-1") == (
        answer.body,
        answer.content_type,
        answer.charset,
    )
    assert "1" == answer.headers["x-one"]
    assert "Chorus/test (+https://example.org/bot)" == served.asked[0].headers["User-Agent"]
    assert "Cookie" not in served.asked[0].headers


async def test_a_type_that_is_not_said_is_not_invented(web: Web, served: Site) -> None:
    """
    A missing Content-Type is an empty one.
    """
    served.page("/typed", "x", kind="")
    answer = await get(web, served.url("/typed"))

    assert "" == answer.content_type
    assert answer.charset is None


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "link",
        [
            "http://127.0.0.1/",
            "http://10.0.0.1/",
            "http://192.168.0.1:8080/",
            "http://169.254.169.254/latest/meta-data/",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[fd00:ec2::254]/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://127.0.0.1./",
            "http://127.0.0.1../",
            "http://127.0.0.1\t/",
            "http://0/",
            "http://017700000001/",
            "http://0X7F.1/",
            "http://１２７.０.０.１/",
            "http://①②⑦.⓪.⓪.①/",
            "http://127。0。0。1/",
            "http://127.0.0.1。/",
            "http://⁰/",
            "http://[0:0:0:0:0:ffff:127.0.0.1]/",
            "http://[::ffff:127.0.0.1%25lo]/",
            "http://[64:ff9b:1::7f00:1]/",
            "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
            "http://[fe80::1%25eth0]/",
            "http://[::]/",
            "http://example.org:0/",
            "http://metadata.google.internal/",
            "http://metadata.google.internal./",
            "http://example.org:22/",
            "http://example.org:6667/",
        ],
    )
    async def test_addresses_that_are_not_public(
        self, web: Web, names: FakeNames, link: str
    ) -> None:
        """
        In every spelling, for everybody but those who may enter the allowed networks; nothing is even looked up.
        """
        await fails(web, link, AddressRefused, PUBLIC)

        assert [] == names.asked

    @pytest.mark.parametrize(
        "addresses",
        [
            ["127.0.0.1"],
            ["10.0.0.5"],
            ["169.254.169.254"],
            ["8.8.8.8", "127.0.0.1"],
            ["::ffff:10.0.0.1"],
            ["fe80::1%eth0"],
        ],
    )
    async def test_names_that_lead_to_such_addresses(
        self, web: Web, names: FakeNames, addresses: list[str]
    ) -> None:
        """
        One bad address among good ones is enough.
        """
        names.known["inner.example"] = [addresses]

        facts = await fails(web, "http://inner.example/", AddressRefused, PUBLIC)

        assert {"host": "inner.example"} == facts

    async def test_the_address_checked_is_the_address_used(
        self, web: Web, names: FakeNames, served: Site
    ) -> None:
        """
        A name that changes its answer after the check (DNS rebinding) is not asked twice.
        """
        names.known["blog.example"] = [["127.0.0.1"], ["8.8.8.8"]]
        served.page("/", "here")
        port = served.base.rpartition(":")[2]

        answer = await get(web, f"http://blog.example:{port}/")

        assert b"here" == answer.body
        assert ["blog.example"] == names.asked
        assert f"blog.example:{port}" == served.asked[0].headers["Host"]

    @pytest.mark.parametrize(
        "to",
        [
            "http://10.0.0.1/",
            "http://169.254.169.254/",
            "http://0x7f.1/",
            "http://１69.254.169.254/",
            "//inner.example/",
            "http://inner.example./",
        ],
    )
    async def test_they_are_refused_behind_a_redirect_too(
        self, web: Web, names: FakeNames, served: Site, to: str
    ) -> None:
        """
        Each hop is checked from the start.
        """
        names.known["inner.example"] = names.known["inner.example."] = [["192.168.1.1"]]
        served.redirect("/", to)

        await fails(web, served.url("/"), AddressRefused)

        assert ["/"] == served.paths

    async def test_allowed_networks_are_for_those_they_were_opened_for(
        self, web: Web, served: Site
    ) -> None:
        """
        The command line and the listed servers may enter; others may not, even when a connection is open.
        """
        served.page("/", "inside")

        assert b"inside" == (await get(web, served.url("/"), LOCAL)).body
        assert b"inside" == (await get(web, served.url("/"), Audience(guild=7))).body
        for other in (PUBLIC, Audience(guild=8), Audience(channel=7), Audience(user=7)):
            await fails(web, served.url("/"), AddressRefused, other)

    async def test_nobody_outside_uses_a_connection_from_inside(
        self, web: Web, served: Site, names: FakeNames
    ) -> None:
        """
        A connection that was opened by name is kept, and for another name's sake not looked up again: not for others.
        """
        names.known["inner.example"] = [["127.0.0.1"]]
        port = served.base.rpartition(":")[2]
        served.page("/", "inside")

        for _ in range(2):
            assert b"inside" == (await get(web, f"http://inner.example:{port}/", LOCAL)).body
        asked = len(names.asked)
        await fails(web, f"http://inner.example:{port}/", AddressRefused, PUBLIC)

        assert (1, 2) == (asked, len(names.asked))

    @pytest.mark.parametrize(
        "link",
        ["http://127.0.0.1%2e/", "http://%31%32%37.0.0.1/", "http://a..b/", "http://exa mple.org/"],
    )
    async def test_names_that_nobody_has(self, web: Web, names: FakeNames, link: str) -> None:
        """
        What resolvers might make an address of is not even looked up.
        """
        await fails(web, link, NameNotResolved)

        assert [] == names.asked

    @pytest.mark.parametrize(
        "link",
        [
            "https://refused.example/x",
            "https://www.refused.example/",
            "https://refused.example./",
            "https://REFUSED.example/",
            "https://bücher.example/",
            "https://www.xn--bcher-kva.example/",
            "https://listed.example/",
            "https://a.starred.example/",
        ],
    )
    async def test_hosts_that_opted_out(
        self, clock: SteadyClock, names: FakeNames, link: str
    ) -> None:
        """
        A refused host and everything below it, however either is written: no status, because nobody was asked.
        """
        said = (
            "Refused.example.",
            "bücher.example",
            "https://listed.example/about",
            "*.starred.example",
        )
        async with Web(user_agent="x", clock=clock, refused_hosts=said, lookup=names) as web:
            facts = await fails(web, link, AccessDenied)

        assert facts["status"] is None
        assert [] == names.asked

    @pytest.mark.parametrize("host", ["refused.example", "www.refused.example."])
    async def test_hosts_that_opted_out_behind_a_redirect(
        self, web: Web, served: Site, names: FakeNames, host: str
    ) -> None:
        """
        Whoever sends us there.
        """
        served.redirect("/", f"https://{host}/x")

        await fails(web, served.url("/"), AccessDenied)

        assert [] == names.asked

    async def test_links_that_are_none(self, web: Web) -> None:
        """
        Other schemes, passwords, and no address at all.
        """
        await fails(web, "ftp://example.org/", BadScheme)
        for who in ("ann:pw@", "ann@", ":pw@", "127.0.0.1:80@"):
            await fails(web, f"https://{who}example.org/", LinkWithPassword)
        await fails(web, "https:///", NotALink)

    @pytest.mark.parametrize(
        "to", ["ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)"]
    )
    async def test_redirects_out_of_the_web(self, web: Web, served: Site, to: str) -> None:
        """
        A site cannot send us to another scheme.
        """
        served.redirect("/", to)

        await fails(web, served.url("/"), BadScheme)

    @pytest.mark.parametrize("kind", ["application/pdf", "image/png", "video/mp4", "audio/ogg"])
    async def test_media_are_not_even_read(self, web: Web, served: Site, kind: str) -> None:
        """
        What cannot be text is refused by its header.
        """
        served.page("/", b"x" * 1_000_000, kind=kind)

        facts = await fails(web, served.url("/"), WrongContent)

        assert {"content_type": kind} == facts


class TestRedirects:
    async def test_they_are_followed_and_the_last_address_is_told(
        self, web: Web, served: Site
    ) -> None:
        """
        Relative and absolute ones; the fragment is dropped.
        """
        served.redirect("/a", "/b?x=1")
        served.redirect("/b", served.url("/c#top"), 301)
        served.page("/c", "end")

        answer = await get(web, served.url("/a"))

        assert (served.url("/c"), b"end") == (answer.url, answer.body)

    async def test_where_a_redirect_leads_can_be_asked_without_going(
        self, web: Web, served: Site
    ) -> None:
        """
        For places whose short links are open where the page behind them is not; None where nothing redirects.
        """
        served.redirect("/s", "/r/bees")
        served.page("/r/bees", "<p>bees")
        job = web.job(LOCAL)

        assert served.url("/r/bees") == await web.target(served.url("/s"), job=job)
        assert await web.target(served.url("/r/bees"), job=job) is None
        assert ["/s", "/r/bees"] == served.paths

    async def test_a_circle_ends(self, web: Web, served: Site) -> None:
        """
        The second visit of an address is one too many.
        """
        served.redirect("/a", "/b")
        served.redirect("/b", "/a")

        await fails(web, served.url("/a"), RedirectLoop)

        assert ["/a", "/b"] == served.paths

    async def test_a_long_chain_ends(self, web: Web, served: Site) -> None:
        """
        Five redirects are followed, six are not.
        """
        for n in range(9):
            served.redirect(f"/{n}", f"/{n + 1}")

        facts = await fails(web, served.url("/0"), RedirectLoop)

        assert 5 == facts["limit"]
        assert 6 == len(served.asked)

    @pytest.mark.parametrize("to", ["", "http://[::1"])
    async def test_one_that_leads_nowhere(self, web: Web, served: Site, to: str) -> None:
        """
        An empty or broken Location is a broken answer.
        """
        served.redirect("/", to)

        await fails(web, served.url("/"), BrokenAnswer)


class TestStatus:
    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (404, PageNotFound),
            (410, PageNotFound),
            (401, AccessDenied),
            (403, AccessDenied),
            (451, AccessDenied),
            (429, SiteBusy),
            (400, SiteFailed),
            (418, SiteFailed),
            (500, SiteFailed),
            (502, SiteFailed),
            (503, SiteFailed),
            (304, SiteFailed),
        ],
    )
    async def test_every_failure_has_its_name(
        self, web: Web, served: Site, status: int, kind: type[ChorusError]
    ) -> None:
        """
        The host is a fact, and so is the status where it says something.
        """
        served.page("/", "no", status)

        facts = await fails(web, served.url("/"), kind)

        assert "127.0.0.1" == facts["host"]
        assert facts.get("status", status) == status

    async def test_a_short_rest_is_waited_for(self, web: Web, served: Site, naps: Naps) -> None:
        """
        Retry-After up to five seconds: asked once more, after that long.
        """
        served.page("/", "", 429, headers={"Retry-After": "2"})
        served.page("/", "now")

        assert b"now" == (await get(web, served.url("/"))).body
        assert [2] == naps.taken

    async def test_a_host_that_stays_busy_is_asked_twice_at_most(
        self, web: Web, served: Site
    ) -> None:
        """
        The second refusal is final.
        """
        served.page("/", "", 503, headers={"Retry-After": "1"})

        await fails(web, served.url("/"), SiteBusy)

        assert 2 == len(served.asked)

    async def test_a_long_rest_is_respected_by_every_job(
        self, web: Web, served: Site, clock: SteadyClock, naps: Naps
    ) -> None:
        """
        The host is not asked again before the time it named, nor waited for.
        """
        served.page("/", "", 429, headers={"Retry-After": "Thu, 15 Jan 2026 12:01:00 GMT"})
        served.page("/", "now")

        assert 60 == (await fails(web, served.url("/"), SiteBusy))["retry_after"]
        await naps(20)
        assert 40 == (await fails(web, served.url("/other"), SiteBusy))["retry_after"]
        assert 1 == len(served.asked)

        await naps(41)
        assert b"now" == (await get(web, served.url("/"))).body


class TestLimits:
    async def test_a_large_page_is_cut(self, web: Web, served: Site) -> None:
        """
        30 MB, announced or not.
        """
        served.page("/", b"x" * 30_000_000)

        await fails(web, served.url("/"), PageTooLarge)

    async def test_an_endless_body_is_cut(self, web: Web, served: Site) -> None:
        """
        A body without an end is a large one.
        """

        async def endless(request: server.Request) -> server.StreamResponse:
            response = server.StreamResponse()
            await response.prepare(request)
            try:
                while True:
                    await response.write(b"la " * 1_000)
            except ConnectionError:
                return response

        served.on("/", endless)

        await fails(web, served.url("/"), PageTooLarge)

    @pytest.mark.parametrize(("encoding", "bits"), [("gzip", 31), ("deflate", 15)])
    async def test_a_bomb_is_cut_while_it_unfolds(
        self, web: Web, served: Site, encoding: str, bits: int
    ) -> None:
        """
        200 MB in 200 kB never stand in memory: the count is of what comes out.
        """
        packer = zlib.compressobj(9, zlib.DEFLATED, bits)
        bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
        served.page("/", bomb, headers={"Content-Encoding": encoding})

        tracemalloc.start()
        try:
            await fails(web, served.url("/"), PageTooLarge)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

        assert peak < 20_000_000

    async def test_compressed_pages_are_read(self, web: Web, served: Site) -> None:
        """
        gzip is what was asked for.
        """
        served.page("/", gzip.compress(b"words"), headers={"Content-Encoding": "gzip"})

        assert b"words" == (await get(web, served.url("/"))).body
        assert "gzip, deflate" == served.asked[0].headers["Accept-Encoding"]

    async def test_broken_compression_is_a_broken_answer(self, web: Web, served: Site) -> None:
        """
        So is a compression we did not ask for and cannot read.
        """
        served.page("/", b"not gzip at all", headers={"Content-Encoding": "gzip"})

        await fails(web, served.url("/"), BrokenAnswer)

    async def test_a_body_cut_short_is_a_broken_answer(self, web: Web, served: Site) -> None:
        """
        Less than the Content-Length is not a page.
        """

        async def short(request: server.Request) -> server.StreamResponse:
            response = server.StreamResponse(headers={"Content-Length": "100"})
            await response.prepare(request)
            await response.write(b"half")
            assert request.transport
            request.transport.close()
            return response

        served.on("/", short)

        await fails(web, served.url("/"), BrokenAnswer)

    async def test_a_slow_site_is_given_up(self, served: Site, clock: SteadyClock) -> None:
        """
        The time is for everything, redirects and body included.
        """
        never = asyncio.Event()

        async def slow(request: server.Request) -> server.StreamResponse:
            response = server.StreamResponse()
            await response.prepare(request)
            await response.write(b"a")
            await never.wait()
            return response

        served.on("/", slow)
        async with Web(
            user_agent="x", clock=clock, allowed_networks=LOOPBACK, limits=Limits(total=0.05)
        ) as web:
            facts = await fails(web, served.url("/"), SiteTimeout)
        never.set()

        assert {"host": "127.0.0.1", "seconds": 1} == facts

    async def test_a_job_asks_so_often_and_no_more(self, web: Web, served: Site) -> None:
        """
        Redirects count.
        """
        served.redirect("/a", "/b")
        served.page("/b", "x")
        job = web.job(LOCAL, most_requests=3)
        await web.get(served.url("/a"), job=job)

        with pytest.raises(TooManyRequests) as caught:
            await web.get(served.url("/a"), job=job)

        assert {"limit": 3} == caught.value.facts
        assert 3 == len(served.asked)

    async def test_a_host_is_asked_two_at_a_time_with_a_pause(
        self, served: Site, clock: SteadyClock, naps: Naps
    ) -> None:
        """
        Five jobs at once: never more than two requests under way, their starts a pause apart.
        """
        under_way = most = 0

        async def count(request: server.Request) -> server.StreamResponse:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1
            return server.Response(text="x")

        served.on("/", count)
        async with Web(
            user_agent="x",
            clock=clock,
            allowed_networks=LOOPBACK,
            limits=Limits(pause=0.25),
            sleep=naps,
        ) as web:
            await asyncio.gather(*(get(web, served.url("/")) for _ in range(5)))

        assert most <= 2
        assert 4 == len(naps.taken)


class TestUnreachable:
    async def test_a_name_nobody_knows(self, web: Web) -> None:
        """
        The name does not resolve.
        """
        assert {"host": "nowhere.example"} == await fails(
            web, "https://nowhere.example/", NameNotResolved
        )

    async def test_a_closed_port(self, web: Web) -> None:
        """
        Nobody listens.
        """
        await fails(web, "http://127.0.0.1:9/", AddressRefused)  # discard: not a port of the web
        await fails(web, "http://127.0.0.1:1/", AddressRefused)
        await fails(web, "http://127.0.0.1:1025/", Unreachable)

    async def test_no_tls_where_tls_was_asked_for(self, web: Web, served: Site) -> None:
        """
        A plain server behind https is unreachable, not an exception of ssl.
        """
        await fails(web, served.base.replace("http:", "https:"), Unreachable)

    async def test_what_is_not_http(self, web: Web) -> None:
        """
        Another protocol's greeting is a broken answer.
        """

        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 mail.example ESMTP\r\n")
            await writer.drain()
            writer.close()

        other = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = other.sockets[0].getsockname()[1]
        async with other:
            await fails(web, f"http://127.0.0.1:{port}/", BrokenAnswer)


class TestKeptPages:
    async def test_a_page_with_validators_is_asked_for_by_them(
        self, web: Web, served: Site, kept: FakePages
    ) -> None:
        """
        304 brings the kept page back; nothing is served without asking.
        """
        served.page(
            "/", "words", headers={"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
        )
        served.page("/", "", 304)
        first = await get(web, served.url("/"))

        second = await get(web, served.url("/"))

        assert (False, True) == (first.from_cache, second.from_cache)
        assert (first.body, first.url, first.content_type) == (
            second.body,
            second.url,
            second.content_type,
        )
        assert '"1"' == served.asked[1].headers["If-None-Match"]
        assert "Thu, 01 Jan 2026 00:00:00 GMT" == served.asked[1].headers["If-Modified-Since"]

    async def test_a_page_is_kept_for_what_is_read_with_it(
        self, web: Web, served: Site, kept: FakePages
    ) -> None:
        """
        Downloaded for one link, brought back for another: both are told, so that it goes with either.
        """
        served.page("/", "words", headers={"ETag": '"1"'})
        served.page("/", "", 304)
        targets = ["https://one.example/", "https://other.example/"]

        for target in targets:
            await web.get(served.url("/"), job=web.job(LOCAL, target=target))
        assert targets == [target for _, target in kept.served]
        assert set(kept.kept) == {key for key, _ in kept.served}

    async def test_two_kinds_of_answer_at_one_address_are_kept_apart(
        self, web: Web, served: Site
    ) -> None:
        """
        Some sites give JSON or a page at the same address, and call both by the same name (`Vary` or not).
        """

        async def by_accept(request: server.Request) -> server.Response:
            if "If-None-Match" in request.headers:
                return server.Response(status=304)
            kind = "application/json" if "json" in request.headers["Accept"] else "text/html"
            return server.Response(text=kind, content_type=kind, headers={"ETag": '"1"'})

        served.on("/", by_accept)
        told = [
            await get(web, served.url("/"), accept=accept) for accept in (HTML, JSON, HTML, JSON)
        ]

        assert ["text/html", "application/json"] * 2 == [answer.body.decode() for answer in told]
        assert [False, False, True, True] == [answer.from_cache for answer in told]

    async def test_what_was_said_with_a_page_comes_back_with_it(
        self, web: Web, served: Site
    ) -> None:
        """
        Numbers of pages and links to the next stand in headers; what is said anew goes before (RFC 9111 §4.3.4).
        """
        served.page("/", "words", headers={"ETag": '"1"', "X-Total": "8", "X-Left": "9"})
        served.page("/", "", 304, headers={"X-Left": "8"})
        await get(web, served.url("/"))

        headers = (await get(web, served.url("/"))).headers

        assert ("8", "8") == (headers["x-total"], headers["x-left"])

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"ETag": '"1"', "Cache-Control": "private, no-store"},
            {"ETag": '"1"', "Cache-Control": "No-Store"},
        ],
    )
    async def test_what_cannot_or_must_not_be_kept_is_not(
        self, web: Web, served: Site, kept: FakePages, headers: dict[str, str]
    ) -> None:
        """
        No validator, or the site's own word.
        """
        served.page("/", "words", headers=headers)

        await get(web, served.url("/"))

        assert {} == kept.kept


def test_what_was_read_inside_is_for_those_who_may_enter() -> None:
    """
    A name may lead inside today and to a stranger tomorrow, who says that nothing has changed.
    """
    question = Question(URL("http://wiki.example/"), {})

    assert question.key(inside=True) != question.key(inside=False)


def every_client_error(
    root: type[aiohttp.ClientError] = aiohttp.ClientError,
) -> list[type[aiohttp.ClientError]]:
    return [
        found for child in root.__subclasses__() for found in (child, *every_client_error(child))
    ]


@pytest.mark.parametrize(
    "kind", [k for k in every_client_error() if k.__module__ == "aiohttp.client_exceptions"]
)
def test_every_error_of_aiohttp_is_mapped(kind: type[aiohttp.ClientError]) -> None:
    """
    Each class has its line in the table: a new one in a new version fails here, not in front of a person.
    """
    from bot.sources.failures import _OURS

    bare = kind.__new__(kind)

    assert any(isinstance(bare, theirs) for theirs, _ in _OURS)
    assert "h" == translate(bare, "h", 15).facts["host"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ServerTimeoutError(), SiteTimeout),
        (TimeoutError(), SiteTimeout),
        (aiohttp.ServerDisconnectedError(), Unreachable),
        (ConnectionResetError(), Unreachable),
        (aiohttp.ClientPayloadError(), BrokenAnswer),
        (UnicodeError(), NameNotResolved),
    ],
)
def test_errors_are_called_what_they_are(error: Exception, kind: type[ChorusError]) -> None:
    """
    Timeouts are timeouts although they are connection errors too.
    """
    assert isinstance(translate(error, "h", 0.1), kind)


class TestKeys:
    """What an operator's key unlocks, and where it goes."""

    async def test_a_form_is_sent_and_its_answer_comes_back(self, web: Web, served: Site) -> None:
        """
        One POST with the form and the headers given.
        """
        served.json("/token", {"access_token": "t1"})

        answer = await web.post(
            served.url("/token"),
            {"grant_type": "client_credentials"},
            job=web.job(LOCAL),
            headers={"Authorization": "Basic abc"},
        )

        asked = served.asked[0]
        assert b'{"access_token": "t1"}' == answer.body
        assert ("POST", "grant_type=client_credentials") == (asked.method, asked.form)
        assert "Basic abc" == asked.headers["Authorization"]

    async def test_a_form_does_not_follow_a_redirect(self, web: Web, served: Site) -> None:
        """
        A redirect in answer to a form is an answer nobody can use.
        """
        served.redirect("/token", "/elsewhere")

        with pytest.raises(BrokenAnswer):
            await web.post(served.url("/token"), {"a": "b"}, job=web.job(LOCAL))

        assert ["/token"] == served.paths

    async def test_another_origin_does_not_learn_a_key(self, web: Web, served: Site) -> None:
        """
        The key goes along on the same origin and stays behind on the way to another.
        """
        async with site() as other:
            other.page("/c", "<p>text")
            served.redirect("/a", "/b")
            served.redirect("/b", other.url("/c"))

            await get(web, served.url("/a"), headers={"Authorization": "Bearer secret"})

            assert ["Bearer secret"] * 2 == [a.headers.get("Authorization") for a in served.asked]
            assert [None] == [a.headers.get("Authorization") for a in other.asked]

    async def test_another_origin_learns_only_what_any_may(self, web: Web, served: Site) -> None:
        """
        Keys have many names and spellings: what else a platform says is for the origin it said it to.
        """
        secret = {"authorization": "Bearer secret", "X-Api-Key": "secret", "Cookie": "id=secret"}
        async with site() as other:
            other.page("/", "<p>text")
            served.redirect("/", other.url("/"))

            await get(web, served.url("/"), accept="text/x", headers=secret)

            assert "secret" in str(served.asked[0].headers)
            assert "secret" not in str(other.asked[0].headers)
            assert "text/x" == other.asked[0].headers["Accept"]

    @pytest.mark.parametrize("name", ["Authorization", "authorization", "Cookie"])
    async def test_what_a_key_unlocked_is_not_kept_for_all(
        self, web: Web, served: Site, kept: FakePages, name: str
    ) -> None:
        """
        An answer to a request with a key stays out of the page cache, in both directions.
        """
        served.page("/a", "<p>members only", headers={"ETag": '"1"'})

        await get(web, served.url("/a"), headers={name: "Bearer secret"})

        assert {} == kept.kept

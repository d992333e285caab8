"""One answer: how much of it is taken, whatever the other side sends."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from bot.core.models import LOCAL
from bot.errors import (
    BrokenAnswer,
    ChorusError,
    PageTooLarge,
    SiteTimeout,
)
from bot.sources.contents import Answer
from bot.sources.web import Limits, Web
from tests.conftest import SteadyClock
from tests.sources.conftest import LOOPBACK, FakeNames
from tests.sources.site import Site, site


@dataclass
class Raw:
    """A server that sends *answer* to the letter to whoever asks, then *again* without end; `sent` counts bytes."""

    answer: bytes
    again: bytes = b""
    pause: float = 0
    sent: int = 0
    link: str = ""
    talks: list[asyncio.Task[None]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self.listener = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.link = f"http://127.0.0.1:{self.listener.sockets[0].getsockname()[1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.listener.close()
        await asyncio.gather(*self.talks)  # they end when the other side has hung up

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.talks.append(task)
        with suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            piece = self.answer
            while True:
                writer.write(piece)
                await writer.drain()
                self.sent += len(piece)
                if not self.again:
                    break
                piece = self.again
                await asyncio.sleep(self.pause)
        writer.close()


async def get(web: Web, link: str) -> Answer:
    return await web.get(link, job=web.job(LOCAL))


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


class TestCompression:
    @pytest.mark.parametrize(
        "encodings",
        [
            ["gzip, gzip"],
            ["gzip", "gzip"],
            ["deflate, gzip"],
            ["identity, gzip"],
            ["identity", "gzip"],
            ["gzip, " * 1_000 + "gzip"],
            ["br"],
            ["zstd"],
            ["compress"],
            ["no such thing"],
        ],
    )
    async def test_only_one_layer_of_what_was_asked_for_is_undone(
        self, web: Web, encodings: list[str]
    ) -> None:
        """
        Each layer multiplies what comes out, and nobody honest needs two.
        """
        body = gzip.compress(gzip.compress(b"words"))
        said = "".join(f"Content-Encoding: {one}\r\n" for one in encodings).encode()
        async with Raw(OK + said + b"Content-Length: %d\r\n\r\n" % len(body) + body) as one:
            with pytest.raises(BrokenAnswer):
                await get(web, one.link)

    @pytest.mark.parametrize("encoding", ["identity", "", "GZIP", " gzip "])
    async def test_one_layer_is_undone_however_it_is_written(self, web: Web, encoding: str) -> None:
        """
        `identity` is no layer, and case makes no difference.
        """
        body = gzip.compress(b"words") if "gzip" in encoding.lower() else b"words"
        said = b"Content-Encoding: " + encoding.encode() + b"\r\n"
        async with Raw(OK + said + b"Content-Length: %d\r\n\r\n" % len(body) + body) as one:
            assert b"words" == (await get(web, one.link)).body


class TestWhatNeverEnds:
    @pytest.mark.parametrize(
        ("answer", "again", "errors"),
        [
            (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"3\r\nla \r\n" * 999, PageTooLarge),
            (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 999, BrokenAnswer),
            (OK + b"\r\n", b"la " * 9_999, PageTooLarge),
            (OK, b"X: y\r\n" * 999, BrokenAnswer),
            (OK + b"X: ", b"y" * 9_999, BrokenAnswer),
            (b"HTTP/1.1 200 ", b"OK" * 9_999, BrokenAnswer),
            (b"", b"SSH-2.0 ", BrokenAnswer),
        ],
        ids=["chunks", "trailers", "body", "headers", "header", "status", "line"],
    )
    async def test_it_is_cut(
        self, web: Web, answer: bytes, again: bytes, errors: type[ChorusError]
    ) -> None:
        """
        Bodies, chunks and what describes them, headers and what stands before them.
        """
        async with Raw(answer, again) as one:
            with pytest.raises(errors):
                await get(web, one.link)

        assert one.sent

    @pytest.mark.parametrize(
        ("answer", "again"),
        [
            (b"HTTP/1.1 200 ", b"a"),
            (OK + b"X: ", b"a"),
            (OK + b"\r\n<p>", b"a"),
            (OK + b"Transfer-Encoding: chunked\r\n\r\n3;", b"x" * 9_999),
            (b"HTTP/1.1 103 Early Hints\r\n\r\n", b"HTTP/1.1 103 Hints\r\n\r\n"),
        ],
        ids=["status", "header", "body", "chunk", "hints"],
    )
    async def test_what_leads_nowhere_is_given_up(
        self, clock: SteadyClock, answer: bytes, again: bytes
    ) -> None:
        """
        A letter now and then does not stretch the time, nor does what an answer may begin with.
        """
        limits = Limits(total=0.1)
        async with (
            Raw(answer, again, pause=0.01 if len(again) == 1 else 0) as one,
            Web(user_agent="x", clock=clock, allowed_networks=LOOPBACK, limits=limits) as web,
        ):
            with pytest.raises(SiteTimeout):
                await get(web, one.link)

    async def test_a_name_that_takes_for_ever_is_given_up(self, clock: SteadyClock) -> None:
        """
        Looking it up is part of the time.
        """

        async def lookup(host: str, port: int) -> list[str]:
            await asyncio.Event().wait()
            return []

        async with Web(
            user_agent="x", clock=clock, lookup=lookup, limits=Limits(total=0.05)
        ) as web:
            with pytest.raises(SiteTimeout):
                await get(web, "https://slow.example/")

    @pytest.mark.parametrize("status", [404, 500, 302, 304])
    async def test_what_comes_with_an_error_or_a_redirect_is_not_read(
        self, web: Web, status: int
    ) -> None:
        """
        Not more of an endless page than lies in the pipe.
        """
        head = b"HTTP/1.1 %d Well\r\nLocation: ftp://x/\r\n\r\n" % status
        async with Raw(head, b"sorry " * 1_000) as one:
            with pytest.raises(ChorusError):
                await get(web, one.link)

        assert one.sent < 20_000_000


class TestWhatIsNotCarried:
    async def test_cookies(self, web: Web, served: Site) -> None:
        """
        Nothing a site wants us to remember comes back to it, from this reading or another, nor reaches whoever asked.
        """
        served.page("/", "x", headers={"Set-Cookie": "id=1; Path=/"})
        first = await get(web, served.url("/"))
        served.redirect("/a", "/")
        await get(web, served.url("/a"))

        assert [None] * 3 == [asked.headers.get("Cookie") for asked in served.asked]
        assert "set-cookie" not in first.headers

    async def test_proxies_and_passwords_of_the_machine(
        self,
        web: Web,
        served: Site,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        """
        A proxy would resolve names itself, past every check; `.netrc` holds keys that were not given to us.
        """
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login ann password pw")
        served.page("/", "direct")
        async with site() as proxy:
            proxy.page("/", "by proxy")
            for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, proxy.base)
            monkeypatch.setenv("NETRC", str(netrc))

            assert b"direct" == (await get(web, served.url("/"))).body
            assert [] == proxy.asked

        assert "Authorization" not in served.asked[0].headers


class TestHeaders:
    @pytest.mark.parametrize(
        "kind",
        [b"text/html; charset=\xff", b";;;=", b"text/html; charset=" + b"x" * 8_000, b"\xff/\xff"],
    )
    async def test_odd_types_are_some_type(self, web: Web, kind: bytes) -> None:
        """
        The body is read all the same.
        """
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: " + kind + b"\r\n\r\n"
        async with Raw(head + b"words") as one:
            assert b"words" == (await get(web, one.link)).body

    async def test_what_is_no_text_is_no_header(self, web: Web) -> None:
        """
        Bytes that nobody could keep or send back are left out; the others stay.
        """
        head = OK + b'Content-Length: 1\r\nETag: "\xff"\r\nLink: <\xc3\xa9>\r\n\r\nx'
        async with Raw(head) as one:
            headers = (await get(web, one.link)).headers

        assert "etag" not in headers
        assert "<é>" == headers["link"]

    @pytest.mark.parametrize(
        "location", [b"\xff\xfe", b"//", b"http://", b"http://[", b"http://a b/", b"?" * 8_000]
    )
    async def test_redirects_to_nowhere_are_errors_of_ours(
        self, web: Web, names: FakeNames, location: bytes
    ) -> None:
        """
        Whatever stands in Location.
        """
        head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
        async with Raw(head) as one:
            with pytest.raises(ChorusError):
                await get(web, one.link)

        assert [] == names.asked

"""Everything together: a web server, a model server, a database, the real command line and the real Discord library."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.chat import open_chat
from bot.app.engine import Engine, open_engine
from bot.chat.cards import MOST_TEXT
from bot.core.digesting import Request
from bot.core.models import LOCAL, Brief
from bot.core.models import Engine as ByHand
from bot.core.usage import Row, Sum
from bot.jobs.local import LocalDesk
from bot.settings import Settings, load
from tests.chat import fake_discord
from tests.chat.fake_discord import Sent, connect, texts, walk
from tests.chat.house import button
from tests.chat.server import CLERK, MEMBER, MEMO, NEWS, Server, said, user
from tests.core.scripted import ScriptedModel
from tests.fakes import nobody
from tests.llm.provider import Answer, Provider
from tests.sources.site import Site, site

GUILD = 10
REPLY = {
    "question": "Should the lane be built?",
    "positions": [
        {
            "quotes": [{"comment": "3", "words": "Nobody asked us"}],
            "label": "The shops were not asked",
            "comments": ["3", "4"],
            "summary": "Shopkeepers feel passed over.",
            "stance": "opposes",
        },
        {
            "quotes": [
                {"comment": "1", "words": "A lane with a kerb is a luxury"},
                {"comment": "99", "words": "Invented out of nothing"},
                {"comment": "2", "words": "Where will my customers park?"},
            ],
            "label": "It keeps children safe",
            "comments": ["1", "2", "99", "1"],
            "summary": "87 % of readers agree.",
            "stance": "supports",
        },
    ],
    "unplaced": ["5"],
    "divide": "Safety against parking. See https://evil.example now.",
    "tldr": "Marlow opens a bike lane. It is 12 km long.",
    "points": ["Twelve parking places go.", "@everyone should know."],
}


def page(comments: int, title: str = "A bike lane for Mill Road") -> str:
    items = "".join(
        f'<li class="comment" id="comment-{n}"><div class="comment-author"><cite class="fn">reader{n}</cite></div>'
        f'<time datetime="2025-03-12T10:00:00Z">x</time><div class="comment-content"><p>{said}</p></div></li>'
        for n, said in enumerate(_said(comments), 1)
    )
    words = (
        "Marlow opens its first separated bike lane on Mill Road in May, and twelve parking places go. "
        * 4
    )
    return (
        f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{words}</p></article>"
        f'<h2>{comments} comments</h2><ol class="comment-list">{items}</ol></body></html>'
    )


def _said(comments: int) -> list[str]:
    some = [
        "My daughter cycles there. A lane with a kerb is not a luxury.",
        "We stopped letting our two ride after November.",
        "Where will my customers park? Nobody asked us.",
        "Nobody asked the bakery either.",
    ]
    return [some[n] if n < len(some) else f"Thought number {n} about it." for n in range(comments)]


class World:
    """Loopback servers, and the settings that lead to them."""

    def __init__(self, pages: Site, provider: Provider, folder: Path) -> None:
        self.pages = pages
        self.provider = provider
        self.environ: dict[str, object] = {
            "openai_base_url": provider.url,
            "openai_api_key": "sk-of-the-test",
            "openai_model": "gpt-test",
            "database_url": f"sqlite+aiosqlite:///{folder}/kept.sqlite3",
            "web_allowed_networks": "127.0.0.0/8",
            "web_allowed_guilds": str(GUILD),
        }

    @property
    def settings(self) -> Settings:
        return load(self.environ)

    def env(self) -> dict[str, str]:
        """The same settings as environment variables, for a process of its own."""
        return {name.upper(): str(value) for name, value in self.environ.items()}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with site() as pages, Provider() as provider:
        yield World(pages, provider, tmp_path)


async def digest(at: Engine, link: str, **brief: Any) -> Any:
    found = await at.digesting.digest(Request(link, LOCAL, Brief(**brief)), nobody)
    from bot.core.export import digest_json

    return json.loads(json.dumps(digest_json(found)))


async def test_a_model_that_lies_in_every_way(world: World) -> None:
    """
    Altered, invented and misattributed quotes, unknown ids, figures, links: none arrives; the rest is counted.
    """
    world.pages.page("/lane", page(5))
    world.provider.enqueue(Answer.json(REPLY))
    async with open_engine(world.settings) as engine:
        found = await digest(engine, world.pages.url("/lane"))

    read = [f"page:{n}" for n in range(1, 6)]
    texts_of = dict(zip(read, _said(5), strict=True))
    assert ["page:5"] == found["unplaced"]
    assert [["page:3", "page:4"], ["page:1", "page:2"]] == [
        p["comments"] for p in found["positions"]
    ]
    assert [(2, 0.4), (2, 0.4)] == [(p["authors"], p["share"]) for p in found["positions"]]
    for position in found["positions"]:
        for quote in position["quotes"]:
            assert quote["comment"] in position["comments"]
            assert quote["text"] in texts_of[quote["comment"]]
    said = json.dumps(found, ensure_ascii=False)
    for lie in ("kerb is a luxury", "Invented", "evil.example", "87 %", "12 km", "@everyone"):
        assert lie not in said
    gaps = {gap["code"]: gap["count"] for gap in found["gaps"]}
    assert {"quotes_dropped": 3, "ids_dropped": 1, "numbers_dropped": 2, "links_dropped": 2} == gaps
    assert {
        "comments_read": 5,
        "comments_found": 5,
        "comments_declared": 5,
        "article_complete": True,
    } == (found["coverage"])


async def test_the_second_time_nobody_is_asked(world: World) -> None:
    """
    A second identical request, in another run, costs no fetch and no model call.
    """
    world.pages.page("/lane", page(5))
    world.provider.enqueue(Answer.json(REPLY))
    for _ in range(2):
        async with open_engine(world.settings) as engine:
            await digest(engine, world.pages.url("/lane"))

    assert (["/lane"], 1) == (world.pages.paths, len(world.provider.history))


async def test_a_new_run_pays_no_kept_reply_again(world: World) -> None:
    """
    With the digest lost but the reply kept, the same question is not paid for twice.
    """
    world.pages.page("/lane", page(5))
    world.provider.enqueue(Answer.json(REPLY))
    async with open_engine(world.settings) as engine:
        await digest(engine, world.pages.url("/lane"))
        async with engine.database.write() as connection:
            await connection.exec_driver_sql("DELETE FROM digests")
    async with open_engine(world.settings) as engine:
        found = await digest(engine, world.pages.url("/lane"))

    assert 2 == len(found["positions"])
    assert 1 == len(world.provider.history)


async def test_what_the_provider_bills_is_what_is_counted(world: World) -> None:
    """
    100 tokens at 1 dollar and 20 at 2 dollars a million: 140 millionths, once; then the day's budget is spent.
    """
    today = datetime.now(UTC).date()
    world.pages.page("/lane", page(5))
    world.pages.page("/other", page(6))
    world.provider.enqueue(Answer.json(REPLY))
    world.environ |= {"llm_price_in": "1", "llm_price_out": "2", "budget_day_usd": "0.01"}
    for _ in range(2):
        async with open_engine(world.settings) as engine:
            await digest(engine, world.pages.url("/lane"))
    world.environ["budget_day_usd"] = "0.002"
    async with open_engine(world.settings) as engine:
        refused = await digest(engine, world.pages.url("/other"))
        spent = await engine.ledger.total(today)
        (site,) = await engine.ledger.split("site", today)

    assert Sum(1, 120, 140) == spent
    assert Row("127.0.0.1", spent) == site
    assert f"operator-day/{today + timedelta(days=1)}" in [g["detail"] for g in refused["gaps"]]
    assert [] == refused["positions"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer.error(401, "bad key", code="invalid_api_key"),
        Answer.error(429, "no credit", code="insufficient_quota"),
        Answer.error(400, "too long", code="context_length_exceeded"),
        Answer.error(404, "no model", code="model_not_found"),
        Answer.refusing(),
        Answer("Sorry, I would rather write a poem."),
        Answer.out_of_room(),
        Answer.html(),
    ],
    ids=["key", "credit", "context", "model", "refusal", "prose", "length", "html"],
)
async def test_a_failing_model_gives_extracts_and_keeps_what_was_read(
    world: World, answer: Answer
) -> None:
    """
    Each failure ends in extracts that name it; the next try reads nothing again and can succeed.
    """
    world.pages.page("/lane", page(5))
    world.provider.script = lambda _: answer
    async with open_engine(world.settings) as engine:
        found = await digest(engine, world.pages.url("/lane"))
        assert "model_failed" in {gap["code"] for gap in found["gaps"]}
        assert [] == found["positions"]
        assert found["voices"]

        world.provider.script = lambda _: Answer.json(REPLY)
        again = await digest(engine, world.pages.url("/lane"))

    assert 2 == len(again["positions"])
    assert ["/lane"] == world.pages.paths


async def summarize(world: World, link: str) -> list[Sent]:
    async with open_engine(world.settings) as engine, open_chat(engine) as (client, desk):
        assert isinstance(desk, LocalDesk)
        discord = connect(client)
        loop = asyncio.get_running_loop()
        asked = loop.time()
        await discord.slash("summarize", link=link)
        assert loop.time() - asked < 1
        await desk.settle()
        return discord.sent


@pytest.fixture(autouse=True)
def asked_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The real clock runs here: the interaction is of this instant.
    """
    monkeypatch.setattr(fake_discord, "NOW", datetime.now(UTC))


@pytest.mark.parametrize(
    ("comments", "title"), [(0, "Lane"), (1, "Lane"), (5, "Lane " * 2000), (500, "Lane")]
)
async def test_summarize_end_to_end(world: World, comments: int, title: str) -> None:
    """
    Acknowledged within a second, one final message within Discord's limits, from 0 to 500 comments.
    """
    world.pages.page("/lane", page(comments, title))
    if comments < 500:
        world.provider.enqueue(
            Answer.json(REPLY if comments > 2 else {"tldr": "A lane.", "points": []})
        )
    world.provider.script = ScriptedModel(("Nobody asked", "Thought")).over_http
    sent = await summarize(world, world.pages.url("/lane"))

    assert ("create_interaction_response", 5) == (sent[0].how, sent[0].payload["type"])
    final = sent[-1].data["components"]
    assert len("\n".join(texts(final))) <= MOST_TEXT
    assert len(walk(final)) <= 40
    if comments > 2:
        label = "The shops were not asked" if comments < 500 else "They say Nobody asked"
        assert label in sent[-1].text
        assert f"Read {comments} of {comments} comments" in sent[-1].text


async def test_what_was_paid_before_a_cancel_is_not_paid_again(world: World) -> None:
    """
    Cancelled while the parts of a long discussion are read: asked again, only what was not answered costs.
    """
    world.environ["llm_context_tokens"] = "9000"
    world.pages.page("/lane", page(500))
    scripted = ScriptedModel(("Nobody asked", "Thought")).over_http
    answered: list[str] = []

    def two_only(request: dict[str, Any]) -> Any:
        if len(answered) == 2:
            return Answer.silence()
        answered.append(json.dumps(request["messages"]))
        return scripted(request)

    world.provider.script = two_only
    async with open_engine(world.settings) as engine, open_chat(engine) as (client, desk):
        assert isinstance(desk, LocalDesk)
        discord = connect(client)
        await discord.slash("summarize", link=world.pages.url("/lane"))
        while len(world.provider.history) < 3 or not await kept_replies(engine, 2):
            await asyncio.sleep(0.01)
        progress = next(one for one in reversed(discord.sent) if "chorus:stop" in str(one.data))
        await discord.press(progress, button(progress, "chorus:stop"))
        await desk.settle()
        assert "Cancelled." in discord.last.text

        world.provider.script = scripted
        await discord.slash("summarize", link=world.pages.url("/lane"))
        await desk.settle()
        assert "They say Nobody asked" in discord.last.text

    paid = [json.dumps(request.body["messages"]) for request in world.provider.history]
    assert [1, 1] == [paid.count(request) for request in answered]
    assert ["/lane"] == world.pages.paths


async def kept_replies(engine: Engine, most: int) -> bool:
    async with engine.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM replies")
        return int(rows.scalar_one()) >= most


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "no such page"),
        (403, "refuses"),
        (429, "too many requests"),
        (500, "problem of its own"),
    ],
)
async def test_a_site_that_refuses_is_one_sentence(world: World, status: int, words: str) -> None:
    """
    What the site answers is said to the asker.
    """
    world.pages.page("/lane", "no", status)
    sent = await summarize(world, world.pages.url("/lane"))

    assert words in sent[-1].text


async def test_a_thread_end_to_end(world: World) -> None:
    """
    What is said in a thread is read through Discord and answered there; a member without access gets nothing.
    """
    world.environ["discord_message_content"] = "true"
    world.provider.enqueue(Answer.json(REPLY))
    server = Server()
    people = [user(100 + n, f"reader{n}") for n in range(5)]
    server.tell(MEMO, *(said(100 + n, text, people[n]) for n, text in enumerate(_said(5))))
    async with open_engine(world.settings) as engine, open_chat(engine) as (client, desk):
        assert isinstance(desk, LocalDesk)
        discord = connect(client)
        discord.server = server
        server.join(client)
        discord.be(CLERK, MEMO)
        await discord.slash("summarize")
        await desk.settle()
        assert "The shops were not asked" in discord.last.text
        assert "2 of 5" in discord.last.text

        discord.be(MEMBER, NEWS)
        await discord.slash("summarize", link=f"https://discord.com/channels/{GUILD}/{MEMO}")
        await desk.settle()
        assert "only for those who may read" in discord.last.text
    assert [] == world.pages.paths


async def test_links_inside_are_for_servers_that_may(world: World) -> None:
    """
    A server that is not listed cannot reach the operator's network, by any link.
    """
    world.environ["web_allowed_guilds"] = "999"
    world.pages.page("/lane", page(5))
    sent = await summarize(world, world.pages.url("/lane"))

    assert "private network" in sent[-1].text
    assert [] == world.pages.paths


BOT = """
import asyncio, sys
from datetime import UTC, datetime
from bot.app.chat import open_chat
from bot.app.engine import open_engine
from bot.settings import load
from tests.chat import fake_discord
from tests.chat.fake_discord import connect
fake_discord.NOW = datetime.now(UTC)

async def main():
    async with open_engine(load()) as engine, open_chat(engine) as (client, desk):
        discord = connect(client)
        if sys.argv[1] == "ask":
            await discord.slash("summarize", link=sys.argv[2])
            print("acknowledged", flush=True)
        else:
            await desk.resume()
        await desk.settle()
        print(discord.last.text, flush=True)

asyncio.run(main())
"""


async def _bot(world: World, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-c",
        BOT,
        *arguments,
        env={"PATH": "", "PYTHONPATH": ".", **world.env()},
        stdout=asyncio.subprocess.PIPE,
    )


async def test_killed_between_acknowledgement_and_answer(world: World) -> None:
    """
    SIGKILL while the model thinks: after the restart the asker has the answer; the page is not read again.
    """
    world.pages.page("/lane", page(5))
    world.provider.enqueue(Answer.silence(), Answer.json(REPLY))
    first = await _bot(world, "ask", world.pages.url("/lane"))
    assert first.stdout is not None
    assert b"acknowledged\n" == await first.stdout.readline()
    while not world.provider.history:
        await asyncio.sleep(0.01)
    first.kill()
    assert -signal.SIGKILL == await first.wait()

    second = await _bot(world, "resume")
    out, _ = await second.communicate()

    assert 0 == second.returncode
    assert "The shops were not asked" in out.decode()
    assert (["/lane"], 2) == (world.pages.paths, len(world.provider.history))
    third = await _bot(world, "ask", world.pages.url("/lane"))
    out, _ = await third.communicate()
    assert "The shops were not asked" in out.decode()
    assert 2 == len(world.provider.history)


async def test_the_seed_in_french_without_a_model(world: World, shared: Path) -> None:
    """
    The first real input: French, no position claimed, every voice verbatim in the comment it cites.
    """
    data = (shared / "seed" / "clubic-mistral.txt").read_bytes()
    async with open_engine(world.settings) as engine:
        target = await engine.digesting.paste(data, "clubic.txt", LOCAL, None)
        found = await digest(engine, target, engine=ByHand.EXTRACTIVE)
        kept = await engine.digesting.read(target, LOCAL, nobody)

    assert "fr" == found["language"]
    assert [] == found["positions"]
    assert [10, 10, 10] == [
        found["coverage"][f"comments_{n}"] for n in ("read", "found", "declared")
    ]
    assert found["voices"]
    by_id = {str(cid): comment.text for cid, comment in kept.by_id.items()}
    assert all(voice["text"] in by_id[voice["comment"]] for voice in found["voices"])
    assert [] == world.provider.history


async def test_the_seed_as_a_careful_reader_answered_it(world: World, shared: Path) -> None:
    """
    The reply kept in examples/, by somebody who saw only the request: everyone placed, every word where it is cited.
    """
    reply = (Path(__file__).parent.parent / "examples" / "replies" / "seed.digest.json").read_text()
    world.provider.enqueue(Answer(reply))
    data = (shared / "seed" / "clubic-mistral.txt").read_bytes()
    async with open_engine(world.settings) as engine:
        target = await engine.digesting.paste(data, "clubic.txt", LOCAL, None)
        found = await digest(engine, target)
        kept = await engine.digesting.read(target, LOCAL, nobody)

    placed = {cid for position in found["positions"] for cid in position["comments"]}
    quotes = [quote for position in found["positions"] for quote in position["quotes"]]
    said = {str(cid): comment.text for cid, comment in kept.by_id.items()}
    assert (10, [], []) == (len(placed), found["unplaced"], found["gaps"])
    assert len(quotes) == sum(len(p["quotes"]) for p in json.loads(reply)["positions"])
    assert all(quote["text"] in said[quote["comment"]] for quote in quotes)
    assert 10 == len(found["positions"])

"""What a large digest takes in tokens, counted on the requests as they arrive over HTTP."""

from __future__ import annotations

import pytest

from benchmarks.positions.replies import LongReplies
from benchmarks.positions.threads import handmade
from benchmarks.positions.tokens import ENGLISH, counter, digested, measure, open_model
from bot.core.models import Reading
from bot.core.positions import ModelDigester
from bot.llm.prompts import PromptFolder
from tests.llm.provider import Provider, Request


@pytest.mark.parametrize("thread", ["handmade-1000", "hackernews-1000"], indirect=True)
async def test_a_thousand_comments_take_a_fifth_more_than_their_words(thread: Reading) -> None:
    """
    System and user messages over the words of article and comments; schemas as well: a quarter. A refresh with one in
    a hundred new is 7 % of that at most, a second language 10 %.
    """
    found = await measure(thread, await counter())

    assert 1 == found.read
    assert found.first.ratio <= 1.20
    assert found.first.ratio_with_schemas <= 1.25
    assert found.refresh.ratio <= 0.07
    assert found.translation.ratio <= 0.10


async def test_parts_of_a_thread_begin_alike() -> None:
    """
    Instructions and lead stand before the comments, the same to the letter: providers charge less for a beginning
    they have seen. So does a repair, which goes on from the request it repairs.
    """
    model = LongReplies()
    async with (
        Provider(script=model.over_http) as provider,
        open_model(provider.url, await counter()) as client,
    ):
        provider.enqueue("no JSON at all")
        await digested(ModelDigester(client, PromptFolder()), handmade(400), ENGLISH)
    parts = [request for request in provider.history if _kind(request) == "MapReply"]
    systems = {request.body["messages"][0]["content"] for request in parts}
    leads = {request.body["messages"][1]["content"].partition("</article>")[0] for request in parts}
    (repair,) = [request for request in provider.history if len(request.body["messages"]) > 2]
    asked = [request.body["messages"] for request in provider.history]

    assert len(parts) > 2
    assert {PromptFolder().render("map.system")} == systems
    assert 1 == len(leads)
    assert leads.pop().startswith("<article>")
    assert repair.body["messages"][:2] in asked


def _kind(request: Request) -> str:
    return str(request.body["response_format"]["json_schema"]["name"])

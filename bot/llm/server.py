"""One request to a server that speaks OpenAI's chat completions. Its failures come out as ours."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.core.ports import Prompts
from bot.errors import ModelError, ModelFailed
from bot.llm import wire
from bot.llm.dialect import Dialect, Structured

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Message = dict[str, str]

CONNECT_SECONDS = 10
_log = logging.getLogger(__name__)


class Server:
    """
    The server at *base_url*; opened by the first request.

    *api_key* None sends the word "none": the SDK would take a key of the environment instead and hand it to whatever
    *base_url* leads to.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str,
        model: str,
        structured: Structured,
        seconds: int,
        prompts: Prompts,
    ) -> None:
        self.host = urlsplit(base_url).hostname or base_url
        self._key = api_key or "none"
        self._base_url = base_url
        self._model = model
        self._seconds = seconds
        self._prompts = prompts
        self._dialect = Dialect(structured)  # learnt once, not once a question
        self._client: AsyncOpenAI | None = None
        self._opening = asyncio.Lock()

    async def open(self) -> AsyncOpenAI:
        """Open the connections, if they are not: openai takes most of a second to import, so not on the event loop."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._made)
            return self._client

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def complete(
        self, messages: Sequence[Message], shape: type[object], most_tokens: int
    ) -> object:
        """
        Return the answer to *messages* as it came; raises `ModelError`.

        A server that refuses a field of the request is asked again without it, and from then on never with it.
        """
        client = await self.open()
        import openai

        while True:  # each refusal leaves one way less to ask: at most five times
            dialect = self._dialect
            try:
                return await self._send(client, dialect, messages, shape, most_tokens)
            except openai.APIStatusError as error:
                simpler = dialect.without(error)
                if simpler is None:
                    raise self._translated(error) from self._clean(error)
                if self._dialect == dialect:  # else another question has learnt it meanwhile
                    self._dialect = simpler
                    _log.warning("%s refuses a field; from now on: %s", self.host, simpler)
            except openai.OpenAIError as error:
                raise self._translated(error) from self._clean(error)
            except (ValueError, RecursionError) as error:  # 200 and a body that is no JSON
                raise ModelFailed(status=200) from error

    async def _send(
        self,
        client: AsyncOpenAI,
        dialect: Dialect,
        messages: Sequence[Message],
        shape: type[object],
        most_tokens: int,
    ) -> object:
        layout = wire.schema(shape)
        if dialect.structured != "schema":
            told = self._prompts.render("schema", schema=json.dumps(layout))
            first = {**messages[0], "content": f"{messages[0]['content']}\n\n{told}"}
            messages = (first, *messages[1:])
        create: Any = client.chat.completions.create
        answer: object = await create(
            model=self._model,
            messages=list(messages),
            **dialect.fields(shape.__name__, layout, most_tokens),
        )
        return answer

    def _made(self) -> AsyncOpenAI:
        import httpx2
        from openai import AsyncOpenAI

        from bot.llm import failures  # noqa: F401 - the first failure need not wait for it

        client = AsyncOpenAI(
            api_key=self._key,
            base_url=self._base_url,
            max_retries=0,  # the SDK's would wait past the time allowed, and without credit too
            timeout=httpx2.Timeout(self._seconds, connect=CONNECT_SECONDS),
        )
        client.chat.completions.create  # noqa: B018 - imports the other half
        return client

    def _translated(self, error: Exception) -> ModelError:
        from bot.llm import failures

        return failures.translate(error, failures.Asked(self.host, self._model, self._seconds))

    def _clean(self, error: Exception) -> Exception | None:
        """Return the cause to show in a traceback: none where the provider echoes the key."""
        return None if self._key != "none" and self._key in f"{error!s}{error!r}" else error

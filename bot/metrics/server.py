"""`/metrics` and `/healthz` over HTTP. Says numbers and yes or no, nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import BadSetting
from bot.metrics.prometheus import PrometheusMeter

Health = Callable[[], Awaitable[dict[str, bool]]]
"""Looks at each part the bot needs; returns whether it is well. Never raises."""


@asynccontextmanager
async def serve(
    meter: PrometheusMeter, health: Health, *, host: str, port: int
) -> AsyncIterator[int]:
    """
    Answer at *host* and *port* (0: any that is free) until the block ends; gives the port.

    `/healthz` is 200 where all is well, 503 where a part is not. Raises `BadSetting` where the port cannot be had.
    """

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=meter.text(), headers={"Content-Type": meter.content_type})

    async def healthz(_: web.Request) -> web.Response:
        parts = await health()
        return web.json_response(parts, status=200 if all(parts.values()) else 503)

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/healthz", healthz)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError:
            expected = f"a port that is free at {host} (METRICS_HOST)"
            raise BadSetting(name="METRICS_PORT", value=str(port), expected=expected) from None
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()

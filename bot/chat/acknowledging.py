"""How long people wait for a first sign: from an interaction's arrival until Discord has our acknowledgement."""

from __future__ import annotations

import re
from time import perf_counter

import aiohttp
import discord

from bot.core.meter import Meter

CALLBACK = re.compile(r"/interactions/(\d+)/[^/]+/callback\Z")

MOST = 1_000
"""Interactions that may be unanswered at a time; those that never are would stay for good."""


class Acknowledging:
    """Watches one client: `heard` as interactions arrive, `trace` over what it sends; tells *meter*."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._heard: dict[str, float] = {}

    def heard(self, interaction: discord.Interaction) -> None:
        """Note that *interaction* has arrived; one that only asks for suggestions keeps nobody waiting."""
        if interaction.type is discord.InteractionType.autocomplete:
            return
        self._heard[str(interaction.id)] = perf_counter()
        if len(self._heard) > MOST:
            del self._heard[next(iter(self._heard))]

    def trace(self) -> aiohttp.TraceConfig:
        """Return what the library's session must be opened with."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._sent)
        return config

    async def _sent(
        self, _: aiohttp.ClientSession, __: object, request: aiohttp.TraceRequestEndParams
    ) -> None:
        to = CALLBACK.search(request.url.path)
        if to is None or request.response.status >= 300:
            return
        heard = self._heard.pop(to[1], None)
        if heard is not None:
            self._meter.acknowledged(perf_counter() - heard)

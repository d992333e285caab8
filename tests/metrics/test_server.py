"""What monitoring gets to see."""

from __future__ import annotations

from decimal import Decimal

import aiohttp
import pytest

from bot.errors import BadSetting
from bot.metrics.prometheus import PrometheusMeter
from bot.metrics.server import serve


class House:
    """A bot whose parts are as well as `parts` says."""

    def __init__(self) -> None:
        self.meter = PrometheusMeter()
        self.parts = {"database": True, "gateway": True}

    async def health(self) -> dict[str, bool]:
        return self.parts

    async def get(self, path: str) -> tuple[int, str]:
        async with (
            serve(self.meter, self.health, host="127.0.0.1", port=0) as port,
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}{path}") as answer,
        ):
            return answer.status, await answer.text()

    async def numbers(self) -> dict[str, float]:
        _, text = await self.get("/metrics")
        lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}


async def test_the_numbers() -> None:
    """
    Each is under its name, with few labels.
    """
    house = House()
    meter = house.meter
    meter.watch_gateway(lambda: 0.25)
    meter.acknowledged(0.2)
    meter.served()
    meter.digested("made", "llm")
    meter.asked("m", "ok", 100, 20, Decimal("0.5"))
    meter.asked("m", "ModelTimeout", 7, 0, None)
    meter.fetched("PageNotFound")
    meter.queued(3, 16)

    found = await house.numbers()

    assert {
        "chorus_acknowledgement_seconds_count": 1,
        'chorus_acknowledgement_seconds_bucket{le="0.1"}': 0,
        'chorus_acknowledgement_seconds_bucket{le="0.2"}': 1,
        "chorus_cache_hits_total": 1,
        'chorus_digests_total{engine="llm",outcome="made"}': 1,
        'chorus_model_questions_total{model="m",outcome="ModelTimeout"}': 1,
        'chorus_model_tokens_total{direction="in",model="m"}': 107,
        'chorus_model_cost_usd_total{model="m"}': 0.5,
        'chorus_fetches_total{outcome="PageNotFound"}': 1,
        'chorus_orders{state="waiting"}': 3,
        'chorus_orders{state="running"}': 16,
        "chorus_gateway_latency_seconds": 0.25,
    }.items() <= found.items()


@pytest.mark.parametrize(("gateway", "status"), [(True, 200), (False, 503)])
async def test_health(gateway: bool, status: int) -> None:
    """
    200 where all is well, 503 where a part is not; nothing but yes and no is told.
    """
    house = House()
    house.parts["gateway"] = gateway

    found = await house.get("/healthz")

    assert (status, f'{{"database": true, "gateway": {str(gateway).lower()}}}') == found


async def test_there_is_nothing_else() -> None:
    """
    Other paths are not found.
    """
    assert 404 == (await House().get("/"))[0]


async def test_a_port_that_is_taken() -> None:
    """
    The operator hears which setting to change.
    """
    house = House()
    async with serve(house.meter, house.health, host="127.0.0.1", port=0) as port:
        with pytest.raises(BadSetting) as caught:
            async with serve(PrometheusMeter(), house.health, host="127.0.0.1", port=port):
                pass

    assert ("METRICS_PORT", str(port)) == (caught.value.facts["name"], caught.value.facts["value"])

"""The numbers in Prometheus' form."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Discord gives three; a second is promised."""


class PrometheusMeter:
    """Implements `core.meter.Meter`; each one has a registry of its own."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)  # memory, processor time, open files
        self._acknowledgements = Histogram(
            "chorus_acknowledgement_seconds",
            "From a command's arrival until Discord had its acknowledgement",
            buckets=SECONDS,
            registry=registry,
        )
        self._served = Counter(
            "chorus_cache_hits", "Requests answered from what is kept", registry=registry
        )
        self._digests = Counter(
            "chorus_digests",
            "Runs by how they ended: made, why there are extracts instead, or the error",
            ["outcome", "engine"],
            registry=registry,
        )
        self._asked = Counter(
            "chorus_model_questions",
            "Questions to the model: ok, or the error",
            ["model", "outcome"],
            registry=registry,
        )
        self._tokens = Counter(
            "chorus_model_tokens", "Tokens paid for", ["model", "direction"], registry=registry
        )
        self._cost = Counter(
            "chorus_model_cost_usd",
            "US dollars, where the price is known",
            ["model"],
            registry=registry,
        )
        self._fetches = Counter(
            "chorus_fetches",
            "Requests to sites: ok, unchanged, or the error",
            ["outcome"],
            registry=registry,
        )
        self._orders = Gauge(
            "chorus_orders", "Orders waiting for a turn, and running", ["state"], registry=registry
        )
        self.queued(0, 0)

    def acknowledged(self, seconds: float) -> None:
        """Note one acknowledgement."""
        self._acknowledgements.observe(seconds)

    def served(self) -> None:
        """Note an answer from what is kept."""
        self._served.inc()

    def digested(self, outcome: str, engine: str) -> None:
        """Note the end of one run."""
        self._digests.labels(outcome, engine).inc()

    def asked(
        self, model: str, outcome: str, tokens_in: int, tokens_out: int, cost: Decimal | None
    ) -> None:
        """Note a question to the model, and what it took."""
        self._asked.labels(model, outcome).inc()
        self._tokens.labels(model, "in").inc(tokens_in)
        self._tokens.labels(model, "out").inc(tokens_out)
        self._cost.labels(model).inc(float(cost or 0))

    def fetched(self, outcome: str) -> None:
        """Note one request to a site."""
        self._fetches.labels(outcome).inc()

    def queued(self, waiting: int, running: int) -> None:
        """Note how many orders wait and run."""
        self._orders.labels("waiting").set(waiting)
        self._orders.labels("running").set(running)

    def watch_gateway(self, latency: Callable[[], float]) -> None:
        """Ask *latency* (seconds; NaN while there is no connection) whenever the numbers are asked for."""
        gauge = Gauge(
            "chorus_gateway_latency_seconds",
            "Between a heartbeat to Discord's gateway and its answer",
            registry=self._registry,
        )
        gauge.set_function(latency)

    def text(self) -> bytes:
        """Return all numbers as Prometheus reads them."""
        return generate_latest(self._registry)

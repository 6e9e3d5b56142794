"""What is counted, for Prometheus. Labels are names from our own lists, never keys or texts.

Each `Metrics` has a registry of its own, so two of them in one process don't meet.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

TurnOutcome: TypeAlias = Literal["answered", "open", "unknown", "failed"]
DeliveryOutcome: TypeAlias = Literal["delivered", "later", "rejected", "uncertain", "expired"]

CONTENT_TYPE = CONTENT_TYPE_LATEST

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_TURN_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)


def _channel(name: str) -> str:
    """Return a channel's name, or "other": a key that strays in here must not become a label."""
    return name if _NAME.fullmatch(name) else "other"


class Metrics:
    """The counters of one bridge. Every method is one thing that happened, or how much there is."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._count_events()
        self._count_turns()
        self._count_deliveries()
        self._count_states()

    def _count_events(self) -> None:
        self._events = self._counter("events", "Events by what became of them.", "channel", "taken")
        self._requests = self._counter(
            "webhook_requests", "Requests of platforms by our answer.", "channel", "status"
        )

    def _count_turns(self) -> None:
        self._turns = self._counter("turns", "Messages to the upstream by outcome.", "outcome")
        self._turn_seconds = Histogram(
            "threadform_turn_seconds",
            "From the permit to the upstream's whole answer.",
            buckets=_TURN_SECONDS,
            registry=self.registry,
        )

    def _count_deliveries(self) -> None:
        self._deliveries = self._counter(
            "deliveries", "Calls to platforms by outcome.", "channel", "outcome"
        )
        self._uncertain = self._counter(
            "uncertain", "Calls that may have arrived, by what was done.", "channel", "done"
        )

    def _count_states(self) -> None:
        self._outbox = self._gauge("outbox_ready", "Calls that wait for delivery.")
        self._mailboxes = self._gauge("mailboxes_active", "Threads that are at work.")
        self._waiting = self._gauge("upstream_waiting", "Turns that wait for a permit.")
        self._owed = self._gauge("checkout_links_owed", "Paying customers without their link yet.")

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"threadform_{name}", what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(f"threadform_{name}", what, registry=self.registry)

    def accepted(self, channel: str, count: int = 1) -> None:
        """Count events that were committed."""
        self._events.labels(_channel(channel), "accepted").inc(count)

    def duplicate(self, channel: str, count: int = 1) -> None:
        """Count events that had been taken before."""
        self._events.labels(_channel(channel), "duplicate").inc(count)

    def answered_request(self, channel: str, status: int) -> None:
        """Count a platform's request by the status that we gave."""
        self._requests.labels(_channel(channel), str(status)).inc()

    def turn_ended(self, outcome: TurnOutcome, seconds: float) -> None:
        """Count a message to the upstream."""
        self._turns.labels(outcome).inc()
        self._turn_seconds.observe(seconds)

    def delivery_ended(self, channel: str, outcome: DeliveryOutcome) -> None:
        """Count a call to a platform."""
        self._deliveries.labels(_channel(channel), outcome).inc()

    def repeated(self, channel: str) -> None:
        """Count an uncertain call that was made again (law 8)."""
        self._uncertain.labels(_channel(channel), "repeated").inc()

    def skipped(self, channel: str) -> None:
        """Count an uncertain call that was left alone (law 8)."""
        self._uncertain.labels(_channel(channel), "skipped").inc()

    def outbox_ready(self, count: int) -> None:
        """Say how many calls wait for delivery."""
        self._outbox.set(count)

    def mailboxes_active(self, count: int) -> None:
        """Say how many threads are at work."""
        self._mailboxes.set(count)

    def upstream_waiting(self, count: int) -> None:
        """Say how many turns wait for a permit."""
        self._waiting.set(count)

    def links_owed(self, count: int) -> None:
        """Say how many checkout links have not been sent yet."""
        self._owed.set(count)

    def exposition(self) -> bytes:
        """Return all of it in Prometheus's text format."""
        return generate_latest(self.registry)

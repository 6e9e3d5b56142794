"""Faults on purpose: refusals, failures and connections that close without an answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from bridge.sandbox.config import FaultScope
from bridge.sandbox.errors import system, too_many

if TYPE_CHECKING:
    import random

    from starlette.types import Message, Receive, Scope, Send

    from bridge.sandbox.config import SandboxConfig
    from bridge.sandbox.errors import Refusal

RETRY_AFTER = 1
"""Seconds, where an answer says when to come back."""


class Fault(Enum):
    """What goes wrong with one request; the value is the status, if there is one."""

    NONE = "none"
    TOO_MANY = "429"
    BROKEN = "500"
    UNAVAILABLE = "503"
    LATE = "504"
    DROPPED_BEFORE = "dropped before"
    DROPPED_AFTER = "dropped after"


_FAILURES = (Fault.BROKEN, Fault.UNAVAILABLE, Fault.LATE)


class Line(Protocol):
    """One client's connection."""

    def hang_up(self) -> None:
        """Close it now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The dice."""

    config: SandboxConfig
    chance: random.Random

    def draw(self, scope: FaultScope) -> Fault:
        """Return what happens to a request; one outside the configured scope fares well."""
        if scope not in _covered(self.config.faults_on):
            return Fault.NONE
        return self._pick(self.chance.random())

    def _pick(self, point: float) -> Fault:
        shares = (
            (Fault.TOO_MANY, self.config.share_429),
            (Fault.BROKEN, self.config.share_5xx),
            (Fault.DROPPED_BEFORE, self.config.drop_before),
            (Fault.DROPPED_AFTER, self.config.drop_after),
        )
        for fault, share in shares:
            if point < share:
                return self.chance.choice(_FAILURES) if fault is Fault.BROKEN else fault
            point -= share
        return Fault.NONE

    def loses_submission(self) -> bool:
        """Return whether the answer of a request that submitted is dropped."""
        return self.chance.random() < self.config.lose_submission

    def refusal(self, fault: Fault) -> Refusal:
        """Return the answer of a fault that has a status."""
        after = RETRY_AFTER if self.config.retry_after else None
        if fault is Fault.TOO_MANY:
            return too_many(after)
        return system(int(fault.value), after if fault is Fault.UNAVAILABLE else None)


def _covered(scope: FaultScope) -> frozenset[FaultScope]:
    match scope:
        case FaultScope.SENDS:
            return frozenset({FaultScope.SENDS})
        case FaultScope.SESSIONS:
            return frozenset({FaultScope.SENDS, FaultScope.SESSIONS})
        case FaultScope.ALL:
            return frozenset(FaultScope)


async def hang_up(scope: Scope, receive: Receive, _send: Send) -> None:
    """Close the connection without an answer; an ASGI application."""
    line: Line = scope["state"]["line"]
    line.hang_up()
    message: Message = {"type": "http.request"}
    while message["type"] != "http.disconnect":
        message = await receive()
        await asyncio.sleep(0)  # what was read before the end is still handed out, at once

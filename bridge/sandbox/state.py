"""All that one sandbox holds."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.sandbox.errors import not_found

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping
    from datetime import tzinfo

    from bridge.protocol.host import Clock
    from bridge.sandbox.auth import Access
    from bridge.sandbox.catalogue import SandboxForm
    from bridge.sandbox.config import SandboxConfig
    from bridge.sandbox.engine import SessionState
    from bridge.sandbox.faults import Faults
    from bridge.sandbox.ledger import Ledger
    from bridge.sandbox.supplies import Guids


@dataclass(slots=True, kw_only=True)
class Session:
    """One conversation with the engine.

    `zone`, `ahead`: the client's time zone, and the seconds that its clock is ahead of ours.
    `used`: when it was last used. `turn`: held by the send under way, so that sends go one by one.
    """

    id: str
    form: SandboxForm
    state: SessionState
    dry_run: bool
    zone: tzinfo
    ahead: float
    used: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True, kw_only=True)
class Sessions:
    """The sessions, least recently used first."""

    clock: Clock
    lifetime: float
    _kept: dict[str, Session] = field(default_factory=dict[str, Session])

    def add(self, session: Session) -> None:
        """Keep a session; those that have expired are forgotten."""
        self._forget()
        self._kept[session.id] = session

    def find(self, session_id: str) -> Session:
        """Return a session, used now; an unknown or expired one is NOT_FOUND."""
        self._forget()
        session = self._kept.pop(session_id, None)
        if session is None:
            raise not_found("Interactive form session")
        session.used = self.clock.now()
        self._kept[session_id] = session
        return session

    def _forget(self) -> None:
        end = self.clock.now() - self.lifetime
        while self._kept:
            oldest = next(iter(self._kept.values()))
            if oldest.used > end:
                return
            del self._kept[oldest.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """One sandbox. `requests`, `faults`: counts by the endpoint's name."""

    config: SandboxConfig
    clock: Clock
    ids: Guids
    chance: random.Random
    forms: Mapping[str, SandboxForm]
    sessions: Sessions
    ledger: Ledger
    access: Access
    dice: Faults
    requests: Counter[str] = field(default_factory=Counter[str])
    faults: Counter[str] = field(default_factory=Counter[str])

    def form(self, form_id: str) -> SandboxForm:
        """Return a form; an unknown one is NOT_FOUND."""
        found = self.forms.get(form_id)
        if found is None:
            raise not_found("Form")
        return found

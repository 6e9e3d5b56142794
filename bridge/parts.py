"""What the running core is made of, handed from part to part by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.conversation.world import World
from bridge.protocol.adapter import Redraws, TapAnswers
from bridge.protocol.capabilities import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.conversation.messages import Message
    from bridge.conversation.world import Rules
    from bridge.forms import Catalogue
    from bridge.metrics import Metrics
    from bridge.protocol.adapter import Adapter
    from bridge.protocol.capabilities import Capabilities
    from bridge.protocol.host import Clock, Ids
    from bridge.schemas import Schemas
    from bridge.store.database import Database
    from bridge.upstream.limiter import Limiter
    from bridge.upstream.port import Upstream


@dataclass(slots=True, kw_only=True)
class Parts:
    """Everything that mailboxes, turns, deliveries and timers share.

    `troubles`: by channel, what keeps it from working now, for people; "" or absent while it works.
    `post` gives a message to a thread's mailbox, by the thread's id, loading it where needed.
    `quiet` tells it that something of its thread has ended.
    """

    clock: Clock
    ids: Ids
    database: Database
    upstream: Upstream
    limiter: Limiter
    schemas: Schemas
    catalogue: Catalogue
    rules: Rules
    metrics: Metrics
    adapters: Mapping[str, Adapter]
    troubles: dict[str, str] = field(default_factory=dict[str, str])
    post: Callable[[str, Message], None] = field(default=lambda _thread, _message: None)
    quiet: Callable[[str], None] = field(default=lambda _thread: None)
    _known: dict[str, tuple[Capabilities, bool, bool]] = field(
        default_factory=dict[str, "tuple[Capabilities, bool, bool]"]
    )

    def world(self, channel: str) -> World:
        """Return what surrounds a decision now, on this channel."""
        capabilities, edits, taps = self._abilities(channel)
        return World(
            now=self.clock.now(),
            new_id=self.ids.new,
            catalogue=self.catalogue,
            capabilities=capabilities,
            rules=self.rules,
            schemas=self.schemas.known,
            edits=edits,
            taps=taps,
        )

    def _abilities(self, channel: str) -> tuple[Capabilities, bool, bool]:
        """Return what a channel can do; asked once, since asking a Protocol is slow."""
        known = self._known.get(channel)
        if known is None:
            adapter = self.adapters[channel]
            edits = adapter.capabilities.edits is Level.NATIVE and isinstance(adapter, Redraws)
            known = (adapter.capabilities, edits, isinstance(adapter, TapAnswers))
            self._known[channel] = known
        return known

"""A host without a core: it keeps what it is given, so that an adapter can be tested alone."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bridge.labels import labels_in
from bridge.phrases import Phrases
from bridge.protocol.errors import NotKept

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from bridge.protocol.events import AnyEvent
    from bridge.protocol.host import ConversationSummary, FormSummary, TranscriptItem
    from bridge.protocol.threads import Json, PersonKey, ThreadKey


class StillClock:
    """A clock that stands until it is moved; sleeping moves it."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        """Return the time since the epoch."""
        return self.time

    def monotonic(self) -> float:
        """Return the same."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.time += seconds


class CountedIds:
    """Ids that count: 20 digits."""

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> str:
        """Return the next one."""
        self._last += 1
        return f"{self._last:020}"


class MemoryNotes:
    """Notes that last as long as this object; they do not expire."""

    def __init__(self) -> None:
        self.kept: dict[str, Json] = {}

    async def read(self, key: str) -> Json:
        """Return what was written, or None."""
        return self.kept.get(key)

    async def write(self, key: str, value: Json, *, expires_at: float | None = None) -> None:
        """Keep `value`; None forgets it."""
        del expires_at
        if value is None:
            self.kept.pop(key, None)
        else:
            self.kept[key] = value


class RecordingHost:
    """A host that records.

    `accepted` holds every event in order, each key once. While `full` is set nothing is kept.
    `troubles` holds what was said to keep the channel from working, each change once.
    """

    def __init__(
        self, *, public_url: str = "", forms: Sequence[FormSummary] = (), full: bool = False
    ) -> None:
        self.clock = StillClock()
        self.ids = CountedIds()
        self.notes = MemoryNotes()
        self.public_url = public_url
        self.labels = labels_in(Phrases())
        self.accepted: list[AnyEvent] = []
        self.troubles: list[str] = []
        self.full = full
        self.settles = 0
        self._forms = tuple(forms)
        self._keys: set[str] = set()

    def trouble(self, what: str) -> None:
        """Record what is new."""
        if what != (self.troubles[-1] if self.troubles else ""):
            self.troubles.append(what)

    async def accept(self, events: Sequence[AnyEvent]) -> int:
        """Record what is new. Raises `NotKept` while `full`."""
        if self.full:
            raise NotKept
        before = len(self.accepted)
        for event in events:
            if event.key not in self._keys:
                self._keys.add(event.key)
                self.accepted.append(event)
        return len(self.accepted) - before

    def forms(self) -> tuple[FormSummary, ...]:
        """Return the forms that were given."""
        return self._forms

    async def conversations(self, person: PersonKey) -> tuple[ConversationSummary, ...]:
        """Return nothing."""
        del person
        return ()

    async def transcript(self, thread: ThreadKey, after: int = 0) -> tuple[TranscriptItem, ...]:
        """Return nothing."""
        del thread, after
        return ()

    async def settled(self, thread: ThreadKey) -> None:
        """Return at once, and count."""
        del thread
        self.settles += 1

    @asynccontextmanager
    async def lead(self, name: str) -> AsyncGenerator[None]:
        """Lead at once."""
        del name
        yield

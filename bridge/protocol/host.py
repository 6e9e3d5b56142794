"""What the core gives to an adapter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager

    from bridge.protocol.events import AnyEvent
    from bridge.protocol.labels import Labels
    from bridge.protocol.threads import Json, PersonKey, ThreadKey


class Clock(Protocol):
    """Time, passed in. Seconds."""

    def now(self) -> float:
        """Return the time since the epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Return a time that never jumps, for measuring."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Ids(Protocol):
    """Ids, passed in."""

    def new(self) -> str:
        """Return a new id: 20 characters of [0-9a-z], later ones sort after earlier ones."""
        ...


class Notes(Protocol):
    """A small durable store of the channel's own: a polling offset, opt-outs."""

    async def read(self, key: str) -> Json:
        """Return what was written and has not expired, or None."""
        ...

    async def write(self, key: str, value: Json, *, expires_at: float | None = None) -> None:
        """Keep `value`, committed on return; None forgets it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSummary:
    """One form that may be begun on this channel."""

    slug: str
    title: str
    description: str = ""
    default: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSummary:
    """One conversation of a person, for a list with Resume and Start over."""

    id: str
    thread: ThreadKey
    form: str
    title: str
    state: str
    answered: int
    changed_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptItem:
    """One thing that was said on a thread; `seq` grows."""

    seq: int
    ours: bool
    method: str
    body: Json
    at: float


class Host(Protocol):
    """One adapter's view of the core."""

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def ids(self) -> Ids:
        """New ids."""
        ...

    @property
    def notes(self) -> Notes:
        """The channel's notes."""
        ...

    @property
    def public_url(self) -> str:
        """PUBLIC_URL without a trailing slash, or ""."""
        ...

    @property
    def labels(self) -> Labels:
        """Words of ours on buttons and in menus, as the operator wants them."""
        ...

    def trouble(self, what: str) -> None:
        """Say what keeps the channel from working now, for the log and /readyz; "" once it works.

        One sentence with advice, without secrets. Said again, it is logged once.
        """
        ...

    async def accept(self, events: Sequence[AnyEvent]) -> int:
        """Keep the events durably; what came before (by key) is dropped.

        Returns after the commit, how many were new: from then on the platform may be told that
        they have arrived. Raises `errors.NotKept` where nothing was kept: answer 503.
        """
        ...

    def forms(self) -> tuple[FormSummary, ...]:
        """Return the forms of this channel, in the catalogue's order."""
        ...

    async def conversations(self, person: PersonKey) -> tuple[ConversationSummary, ...]:
        """Return the person's live conversations on this channel, latest first."""
        ...

    async def transcript(self, thread: ThreadKey, after: int = 0) -> tuple[TranscriptItem, ...]:
        """Return what was said on the thread after `after`, oldest first."""
        ...

    async def settled(self, thread: ThreadKey) -> None:
        """Return when nothing is under way for the thread: no event, no turn, no delivery."""
        ...

    def lead(self, name: str) -> AbstractAsyncContextManager[None]:
        """Enter when this process alone does `name` (polls, holds a socket); left on leaving."""
        ...

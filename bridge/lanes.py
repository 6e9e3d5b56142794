"""One lane per thread: its calls in order, one at a time (law 8)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.protocol.calls import Urgency

if TYPE_CHECKING:
    import asyncio

    from bridge.conversation.state import Thread
    from bridge.protocol.calls import Call
    from bridge.protocol.threads import PersonKey
    from bridge.store.reads import StoredCall


@dataclass(slots=True)
class Waiting:
    """A stored call on its way.

    `call` is what is made now, the call itself or its fallback. `owner`: of the conversation that
    the thread had when the call was made, for what only they may see.
    """

    row: StoredCall
    call: Call
    state: str
    attempt: int = 0
    not_before: float = 0.0
    owner: PersonKey | None = None
    started: bool = False
    gave_way: float = 0.0
    """Seconds for which it let others go first."""
    orphan: bool = False
    """Marked SENDING by a process that is gone: nobody knows whether it was made."""

    @property
    def plain_send(self) -> bool:
        """Whether it makes a new message, so that making it twice would show."""
        return not self.row.edits or self.call.edits is None


@dataclass(slots=True)
class Lane:
    """The calls of one thread that wait, in order."""

    thread: Thread
    waiting: deque[Waiting] = field(default_factory=deque["Waiting"])
    task: asyncio.Task[None] | None = None

    def replaceable(self, edits: int) -> tuple[int, ...]:
        """Return the rows of pending edits of this message that a newer one makes needless."""
        return tuple(
            item.row.seq
            for item in self.waiting
            if item.row.edits == edits and not item.started and item.call.urgency is Urgency.EDIT
        )

    @property
    def answers(self) -> int:
        """How many answers wait."""
        return sum(item.call.urgency is Urgency.ANSWER for item in self.waiting)

    def let_answers_pass(self, edit: Waiting) -> bool:
        """Put this edit behind the answers that wait; False where there are none."""
        others = [item for item in self.waiting if item is not edit]
        answers = [n for n, item in enumerate(others) if item.call.urgency is Urgency.ANSWER]
        if not answers:
            return False
        others.insert(answers[-1] + 1, edit)
        self.waiting = deque(others)
        return True

    def drop(self, seqs: tuple[int, ...]) -> None:
        """Forget these; they are not made."""
        self.waiting = deque(
            item for item in self.waiting if item.started or item.row.seq not in seqs
        )

    def drop_all(self) -> None:
        """Forget all that is not under way."""
        self.waiting = deque(item for item in self.waiting if item.started)

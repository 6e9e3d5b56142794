"""What is known about one thread: the records of the store as frozen values."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.prompts import Prompt
    from bridge.protocol.threads import Json, JsonObject, PersonKey, ThreadKey


GIVEN_UP = "given up"
"""The `error` of a turn whose answer was lost and that nobody waits for any more."""


class ThreadState(Enum):
    """May we write to it?"""

    OK = "OK"
    GONE = "GONE"
    OPTED_OUT = "OPTED_OUT"


class ConversationState(Enum):
    """Only ACTIVE is live: at most one such per thread."""

    ACTIVE = "ACTIVE"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


class Payment(Enum):
    """What became of the order; followed also after a new conversation has begun."""

    NONE = "NONE"
    WAITING = "WAITING"
    PAID = "PAID"
    DECLINED = "DECLINED"
    OFFLINE = "OFFLINE"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REFUNDED = "REFUNDED"


class TurnState(Enum):
    """OPEN waits for the permit, SENT for the answer; the others are ends."""

    OPEN = "OPEN"
    SENT = "SENT"
    ANSWERED = "ANSWERED"
    UNKNOWN = "UNKNOWN"
    FAILED = "FAILED"


class Step(Enum):
    """Which request the turn makes next: a turn may create the session, then send."""

    CREATE = "CREATE"
    SEND = "SEND"


class PromptState(Enum):
    """ANSWERED is claimed: its answer waits or is on its way."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    SUPERSEDED = "SUPERSEDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The thread's row."""

    id: str
    channel: str
    key: ThreadKey
    state: ThreadState = ThreadState.OK
    conversation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One thread bound to one session.

    `answers` and `shown`: field -> value, field -> what to show for it, as the upstream understood
    them. `unknown_since`: when the first request without an answer since the last answer was
    sent, 0 for none. `noticed_at`: when the person was last told that it is over.
    """

    id: str
    thread: str
    person: PersonKey
    form: str
    created_at: float
    changed_at: float
    expires_at: float = 0.0
    session: str = ""
    generation: int = 0
    state: ConversationState = ConversationState.ACTIVE
    payment: Payment = Payment.NONE
    answers: JsonObject = dataclasses.field(default_factory=dict[str, "Json"])
    shown: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    submission: str = ""
    checkout: str = ""
    checkout_url: str = ""
    unknown_since: float = 0.0
    noticed_at: float = 0.0

    @property
    def live(self) -> bool:
        """Whether it still takes answers."""
        return self.state is ConversationState.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message to the upstream and all that comes back.

    `listed`: it carries the answer to a list, so a bare number that follows is a repeated one.
    `renewed`: it replaces a session that was gone, so the greeting is not shown.
    """

    id: str
    thread: str
    conversation: str
    n: int
    step: Step
    state: TurnState = TurnState.OPEN
    input: str | None = None
    values: JsonObject | None = None
    listed: bool = False
    renewed: bool = False
    epoch: int = 0
    attempt: int = 0
    not_before: float = 0.0
    sent_at: float = 0.0
    answer: str = ""
    error: str = ""

    @property
    def in_flight(self) -> bool:
        """Whether nothing else may be sent for its conversation."""
        return self.state in (TurnState.OPEN, TurnState.SENT)

    @property
    def unsure(self) -> bool:
        """Whether its answer was lost, and nobody has said yet what to do about it."""
        return self.state is TurnState.UNKNOWN and self.error != GIVEN_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPrompt:
    """A prompt that was shown; `claim` is what was chosen, to be recognised when repeated."""

    prompt: Prompt
    conversation: str
    at: float
    state: PromptState = PromptState.OPEN
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event of the inbox that was judged to be for the upstream, and waits for a turn.

    `prompt`: the id of the prompt that it answers, or "". `listed`: that prompt is a list.
    `barrier`: a command came before it, so it is not joined with what is older.
    """

    seq: int
    text: str | None
    values: JsonObject = dataclasses.field(default_factory=dict[str, "Json"])
    prompt: str = ""
    listed: bool = False
    barrier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """A turn of a closed conversation that may still turn out to have submitted the form."""

    turn: Turn
    conversation: Conversation


@dataclass(slots=True, kw_only=True)
class State:
    """One thread: its present or last conversation, that one's last turn, prompts and queue.

    A value like the others, but a `Draft` changes its own copy in place: a decision has many small
    steps, and a copy for each of them costs more than the decision.

    `given_up`: turns of closed conversations whose answers are still out.
    `reshown`: the prompt that was last shown again after a stale tap. `told_busy`: the turn of
    which the person was last told that it waits. `sent`: when turns were sent in the last hour.
    `fields`: of prompts that were answered, by id, for "Change" beside them. `question`: what the
    upstream asked last without a widget.
    `told_limit`: whether the person knows that these are too many.
    `barrier`: whether the next entry must not be joined with older ones.
    """

    thread: Thread
    conversation: Conversation | None = None
    turn: Turn | None = None
    prompts: tuple[OpenPrompt, ...] = ()
    queue: tuple[Entry, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    reshown: str = ""
    told_busy: str = ""
    sent: tuple[float, ...] = ()
    told_limit: bool = False
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    question: str = ""
    barrier: bool = False

    @property
    def live(self) -> Conversation | None:
        """The conversation that takes answers, if there is one."""
        return self.conversation if self.conversation and self.conversation.live else None

    @property
    def open(self) -> tuple[OpenPrompt, ...]:
        """The prompts that wait for a person, oldest first."""
        return tuple(shown for shown in self.prompts if shown.state is PromptState.OPEN)

"""What a mailbox takes, one after the other: a closed union."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bridge.conversation.state import Conversation, Payment
    from bridge.protocol.calls import Refusal
    from bridge.protocol.events import AnyEvent
    from bridge.upstream.chunks import Answer


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the inbox."""

    seq: int
    event: AnyEvent


@dataclass(frozen=True, slots=True)
class Permitted:
    """The limiter let this turn through."""

    turn: str


@dataclass(frozen=True, slots=True)
class Waited:
    """This turn has waited for 10 s already."""

    turn: str


@dataclass(frozen=True, slots=True)
class Came:
    """The upstream answered this turn's request."""

    turn: str
    answer: Answer


class Why(Enum):
    """Why no answer came, and so what may be done (law 4)."""

    NOT_TAKEN = "NOT_TAKEN"
    LOST = "LOST"
    SESSION_GONE = "SESSION_GONE"
    FORM_GONE = "FORM_GONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Missed:
    """This turn's request brought no answer; `after` in seconds, `error` is a code for the log."""

    turn: str
    why: Why
    after: float | None = None
    error: str = ""


class Found(Enum):
    """What the submissions since SENT tell (law 5)."""

    NONE = "NONE"
    OURS = "OURS"
    UNSURE = "UNSURE"


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The submissions were looked at; with OURS come the ids."""

    turn: str
    found: Found
    submission: str = ""
    checkout: str = ""


class TimerKind(Enum):
    """What a durable timer is for."""

    CHECKOUT = "CHECKOUT"
    PAYMENT = "PAYMENT"
    EXPIRY = "EXPIRY"
    REMINDER = "REMINDER"


@dataclass(frozen=True, slots=True)
class Due:
    """A timer rang; its conversation may be one that is over."""

    conversation: Conversation
    kind: TimerKind
    attempt: int


@dataclass(frozen=True, slots=True)
class LinkCame:
    """The checkout link was asked for; `url` is "" where none came, `ready` False after a 428."""

    conversation: Conversation
    url: str
    attempt: int
    ready: bool = True


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """The order was looked at; WAITING where nothing has changed or nothing could be read."""

    conversation: Conversation
    payment: Payment
    attempt: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The platform refused a call for good; `prompt` is what it showed, if any."""

    seq: int
    refusal: Refusal
    prompt: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Recovered:
    """This process has just taken the thread over; nobody else acts for it."""


Message: TypeAlias = (
    Happened
    | Permitted
    | Waited
    | Came
    | Missed
    | LookedUp
    | Due
    | LinkCame
    | PaymentSeen
    | Undelivered
    | Recovered
)

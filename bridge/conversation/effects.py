"""What follows from a decision: a closed union.

The records (`Put...`, `Mark`, `Speak`, `Redraw`, `Close`, `SetTimer`, ...) are written in one
transaction; what goes out to the world (`Request`, `Perform`, ...) is done after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bridge.conversation.messages import TimerKind
    from bridge.conversation.state import (
        Conversation,
        ConversationState,
        Entry,
        OpenPrompt,
        Thread,
        Turn,
        TurnState,
    )
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.prompts import Answered, Prompt
    from bridge.protocol.replies import Reply


class InboxState(Enum):
    """See `store.tables`."""

    NEW = "NEW"
    QUEUED = "QUEUED"
    TAKEN = "TAKEN"
    DONE = "DONE"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Mark:
    """An event of the inbox moves from `was` to `state`."""

    seq: int
    was: InboxState
    state: InboxState
    turn: str = ""
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class EndTaken:
    """Whatever this turn took from the inbox is done."""

    turn: str


@dataclass(frozen=True, slots=True)
class PutThread:
    """The thread's row changed."""

    thread: Thread


@dataclass(frozen=True, slots=True)
class PutConversation:
    """A conversation is new (`was` None) or changed."""

    conversation: Conversation
    was: ConversationState | None


@dataclass(frozen=True, slots=True)
class PutTurn:
    """A turn is new (`was` None) or moved on; only from the state `was`."""

    turn: Turn
    was: TurnState | None


@dataclass(frozen=True, slots=True)
class PutPrompt:
    """A prompt is new, or its view or state changed."""

    shown: OpenPrompt
    new: bool


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this.

    `plain` draws prompts as numbered lists, after a widget was refused. `asks`: the upstream waits
    for the person now, so the end of it must be seen: its last call is repeated when uncertain.
    `awaits`: the form goes on, so an answer is awaited.
    """

    replies: tuple[Reply, ...]
    plain: bool = False
    asks: bool = False
    awaits: bool = False


@dataclass(frozen=True, slots=True)
class Redraw:
    """A widget's view changed."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Close:
    """A widget is replaced by what was chosen."""

    answered: Answered


@dataclass(frozen=True, slots=True)
class DropCalls:
    """Nothing that waits for this thread is sent any more."""


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Ring for this conversation; a timer of the same kind is replaced."""

    conversation: str
    kind: TimerKind
    due_at: float
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class EndTimer:
    """Don't ring."""

    conversation: str
    kind: TimerKind


@dataclass(frozen=True, slots=True)
class AnswerTap:
    """Tell the platform that the tap has arrived, with a short notice or none."""

    event: AnyEvent
    notice: str = ""


@dataclass(frozen=True, slots=True)
class OpenModal:
    """Let the person type an answer of their own in a window, where the channel has one."""

    event: AnyEvent
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Request:
    """Ask the limiter for a permit for this turn, not before its time."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Perform:
    """Make this turn's request; its SENT is committed."""

    turn: Turn
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class LookUp:
    """See whether this turn's lost answer hid a submission."""

    turn: Turn
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class FetchLink:
    """Ask for the checkout link."""

    conversation: Conversation
    attempt: int


@dataclass(frozen=True, slots=True)
class FetchPayment:
    """See whether the order was paid."""

    conversation: Conversation
    attempt: int


@dataclass(frozen=True, slots=True)
class Alert:
    """Tell the operator; `cause` is a word for the log."""

    cause: str
    detail: str = ""


Effect: TypeAlias = (
    Mark
    | EndTaken
    | PutThread
    | PutConversation
    | PutTurn
    | PutPrompt
    | Speak
    | Redraw
    | Close
    | DropCalls
    | SetTimer
    | EndTimer
    | AnswerTap
    | OpenModal
    | Request
    | Perform
    | LookUp
    | FetchLink
    | FetchPayment
    | Alert
)

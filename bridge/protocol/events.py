"""What happened on a channel, normalised: a closed union.

An adapter's `parse` makes these. Every event carries

* `key`: the canonical key of law 2, the same however often and by whatever way the platform
  tells of it, scoped by bot, team or number; the core stores a hash of it for 30 days at least;
* `thread`, `person`: opaque keys that this adapter made;
* `at`: when it happened, seconds since the epoch (UTC), as the platform says;
* `tap`: the platform's handle with which this tap may be answered at once (a callback query id, a
  trigger id), or None. It is used in fleeting calls only.

What is not for us makes no event. What is for us and not understood makes `Unsupported`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.protocol.threads import PersonKey, PromptId, ThreadKey


class CommandName(Enum):
    """What a person can ask of the bridge; each channel spells it (see `Capabilities.commands`)."""

    START = "START"
    FORMS = "FORMS"
    STATUS = "STATUS"
    CHANGE = "CHANGE"
    RESTART = "RESTART"
    CANCEL = "CANCEL"
    HELP = "HELP"
    PAY = "PAY"


class DeliveryState(Enum):
    """What a platform reports later about a message that it took."""

    DELIVERED = "DELIVERED"
    READ = "READ"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The members that every event has; never made by itself."""

    key: str
    thread: ThreadKey
    person: PersonKey
    at: float
    tap: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Event):
    """A message of plain text, unchanged, without what addressed us (a mention)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Event):
    """An answer to a select prompt by its widget.

    `chosen` holds the options' positions in the prompt's spec; None confirms what the core's view
    has selected ("Done"). `custom` is an answer of the person's own, where the prompt allows one.
    """

    prompt: PromptId
    rev: int
    chosen: tuple[int, ...] | None = None
    custom: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Event):
    """An answer to a number prompt by its widget; None confirms the view's number."""

    prompt: PromptId
    rev: int
    value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggle:
    """Select or deselect the option at `index` of the prompt's spec."""

    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Show another page; `number` counts from 0 and is clamped by the core."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Show only options whose label holds `text`; an empty text shows all."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """Move the number of a stepper by `delta`; the core clamps it to range and step."""

    delta: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCustom:
    """The person wants to type an answer of their own ("Other…")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """Say the whole label of the option at `index`, where the widget had to cut it."""

    index: int


Step: TypeAlias = Toggle | Page | Filter | Nudge | AskCustom | Reveal


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetStep(Event):
    """A change of what the widget shows that is no answer yet."""

    prompt: PromptId
    rev: int
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Event):
    """A command; `argument` is what followed it, stripped (a form's slug, a number).

    `prompt`: the answered prompt whose widget was asked to change (CHANGE by a button), since a
    field's target may not fit a platform's tap data.
    """

    name: CommandName
    argument: str = ""
    prompt: PromptId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Event):
    """Somebody came by a link that carries `token`."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut(Event):
    """Nothing may be sent to this thread until it opts in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn(Event):
    """The thread may be written to again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadMoved(Event):
    """The platform gave the thread another address; `thread` is the old key."""

    to: ThreadKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadGone(Event):
    """The thread can't be written to any more (blocked, deleted)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadBack(Event):
    """A thread that was gone can be written to again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport(Event):
    """What became of an earlier message; `receipt` is what its delivery gave back."""

    receipt: str
    state: DeliveryState
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported(Event):
    """For us, but not to be understood: a voice message, a picture, an unknown kind.

    `kind` is a word of the adapter's for the log and for the answer; it holds nothing personal.
    """

    kind: str


AnyEvent: TypeAlias = (
    Text
    | Choice
    | Number
    | WidgetStep
    | Command
    | Link
    | OptOut
    | OptIn
    | ThreadMoved
    | ThreadGone
    | ThreadBack
    | DeliveryReport
    | Unsupported
)

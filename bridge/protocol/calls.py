"""Requests to a platform's API, as data, and what became of them.

A stored call never changes, and holds neither address nor platform message id (law 7): the
delivery gives them to the adapter as a `Target`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bridge.protocol.threads import JsonObject, PersonKey, PromptId, ThreadKey


class OnUncertain(Enum):
    """What to do when the bytes may have arrived (law 8)."""

    REPEAT = "REPEAT"
    SKIP = "SKIP"


class Urgency(Enum):
    """Which call goes first when a bucket is short: ANSWER before EDIT."""

    ANSWER = "ANSWER"
    EDIT = "EDIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One durable request; a row of the outbox.

    * `method`, `body`: the adapter's own, what it needs to make the request, as JSON.
    * `prompt`: the prompt whose widget this message shows, so that later edits find it.
    * `edits`: the prompt whose message this call changes. The core binds the receipt of the row
      that showed it; if that never arrived, the `fallback` is made instead, or nothing.
    * `fallback`: rendered with it, for a platform that refuses the call (plain text, without
      topic, a new message instead of an edit). At most one level deep, so a fallback has none.
    * `buckets`: names of the rate buckets that it draws from (`Capabilities.buckets`).
    """

    method: str
    body: JsonObject
    prompt: PromptId | None = None
    edits: PromptId | None = None
    fallback: Call | None = None
    on_uncertain: OnUncertain = OnUncertain.SKIP
    buckets: tuple[str, ...] = ()
    urgency: Urgency = Urgency.ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetingCall:
    """A request that is never stored or retried: a tap answer, a toast, typing, a modal.

    `deadline`: seconds after which it is worthless. It overtakes the queue. With `buckets` it is
    made only where these have more than half of their tokens left, so that no answer waits for it.
    """

    method: str
    body: JsonObject
    deadline: float = 5.0
    buckets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a call goes; bound by the delivery, never stored with the call.

    * `thread`: the thread's present key; `edits`: the receipt of the message that it edits.
    * `owner`: who owns the thread's conversation, for a message that only they may see in a shared
      thread (`LinkButton.private`); None without one.
    * `mark`: the same at each attempt to make this call and at no other, for a platform that takes
      an idempotency key; "" where none is known.
    """

    thread: ThreadKey
    edits: str | None = None
    owner: PersonKey | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The platform took it; `receipt` names the message in later edits and reports ("" if none)."""

    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLater:
    """Certainly not taken: a 429, a refused connection.

    `after`: seconds to wait, as the platform says, or None for our own back-off. `bucket`: which
    of the call's buckets must wait with it; None holds back this thread only.
    """

    after: float | None = None
    bucket: str | None = None
    reason: str = ""


class Refusal(Enum):
    """Why the platform will never take this call."""

    THREAD_GONE = "THREAD_GONE"
    CALL_BAD = "CALL_BAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The platform refused it for good; `reason` is its code, free of personal data and secrets."""

    refusal: Refusal
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """The bytes may have arrived: a timeout, a reset, an unknown cause."""

    reason: str = ""


Outcome: TypeAlias = Delivered | RetryLater | Rejected | Uncertain

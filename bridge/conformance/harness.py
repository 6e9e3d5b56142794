"""What the author of an adapter tells the laws about it.

Whatever a channel does not have stays None or empty; the laws about it are skipped by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from bridge.protocol.adapter import Adapter, Descriptor
    from bridge.protocol.calls import Call, Target
    from bridge.protocol.threads import JsonObject, ThreadKey
    from bridge.protocol.web import Request


class Fault(Enum):
    """What a platform may do to the next request."""

    THROTTLED = "429, and says to wait for RETRY_AFTER seconds"
    BAD = "refuses the call for good"
    GONE = "says that the thread can't be written to"
    REFUSED = "nobody listens at its address"
    SILENT = "reads the request and never answers"
    DROPPED = "reads the request and closes the connection"
    HALF = "sends half an answer"
    GARBAGE = "answers 200 with what can't be read"
    BROKEN = "answers 500"


RETRY_AFTER = 7.0
"""The delay in seconds that a platform with `Fault.THROTTLED` asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Raw payloads, as `parse` gets them.

    * `understood`: each makes at least one event, none of them `Unsupported`; keys all differ.
    * `unsupported`: each makes exactly one `Unsupported`.
    * `foreign`: not for us (our own echo, another bot): no event.
    * `repeated`: pairs that tell of the same thing (a redelivery, a second way): same keys.
    """

    understood: Sequence[JsonObject]
    unsupported: Sequence[JsonObject] = ()
    foreign: Sequence[JsonObject] = ()
    repeated: Sequence[tuple[JsonObject, JsonObject]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """Something that a person can choose: its label as shown, and what the platform then sends."""

    label: str
    raw: JsonObject


class Drawing(Protocol):
    """What a person sees of calls, and what the platform sends when they act.

    It should be made from the stand-in or the platform's library, not from the adapter's renderer.
    """

    def measure(self, call: Call) -> Sequence[str]:
        """Return which of the platform's limits the call breaks, in words."""
        ...

    def visible(self, calls: Sequence[Call]) -> str:
        """Return all that can be read, unescaped, in order: texts, labels of buttons."""
        ...

    def active(self, calls: Sequence[Call]) -> Sequence[str]:
        """Return what the calls make more than text: addresses of links, names of mentions."""
        ...

    def taps(self, calls: Sequence[Call]) -> Sequence[Tap]:
        """Return all that can be tapped or picked, but for links."""
        ...

    def typed(self, text: str) -> JsonObject | None:
        """Return the payload of a typed message, or None where nothing can be typed."""
        ...

    def fold(self, text: str) -> str:
        """Return the text as the channel spells it (an SMS without curly quotes)."""
        ...


class Platform(Protocol):
    """A platform that can be told to fail, with an adapter that has been started against it."""

    @property
    def adapter(self) -> Adapter:
        """The adapter."""
        ...

    @property
    def target(self) -> Target:
        """A thread that can be written to."""
        ...

    @property
    def faults(self) -> frozenset[Fault]:
        """Which faults it can play."""
        ...

    async def fail(self, fault: Fault) -> None:
        """Do this to every request from now on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Harness:
    """One adapter under test.

    * `module`: where the `descriptor` is to be imported from; `heavy`: modules (the platform's
      library) that this import must not load.
    * `thread`: a thread's key; `addresses`: what no stored call may hold (the chat's number).
    * `signed`: a request that `verify` takes, where the adapter has `Webhooks`; `proofs`: the
      lower-case names of the headers without which it must not. `signs_body` is False where the
      proof is a shared secret that says nothing of the body.
    * `platform`: opens a platform and starts an adapter against it.
    * `secrets`: the values of every secret setting that is used here.
    """

    module: str
    descriptor: Descriptor
    adapter: Adapter
    thread: ThreadKey
    samples: Samples
    drawing: Drawing
    heavy: Sequence[str] = ()
    addresses: Sequence[str] = ()
    signed: Request | None = None
    proofs: Sequence[str] = ()
    signs_body: bool = True
    platform: Callable[[], AbstractAsyncContextManager[Platform]] | None = None
    secrets: Sequence[str] = ()

"""What an adapter is: a small required core, and abilities that it may have.

The required members are `capabilities`, `parse`, `render`, `deliver`. `parse` and `render` are
pure: no I/O, no clock, no dice. The abilities below are separate Protocols; the core asks with
`isinstance` which of them an adapter has, so leaving one out is all it takes not to have it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    import click

    from bridge.protocol.calls import Call, FleetingCall, Outcome, Target
    from bridge.protocol.capabilities import Capabilities
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.host import Host
    from bridge.protocol.prompts import Answered, Prompt
    from bridge.protocol.replies import Reply
    from bridge.protocol.standin import StandIn
    from bridge.protocol.threads import JsonObject, PersonKey, ThreadKey
    from bridge.protocol.web import Request, Route


class Adapter(Protocol):
    """The code of one channel."""

    @property
    def capabilities(self) -> Capabilities:
        """What the channel can show."""
        ...

    def parse(self, raw: JsonObject) -> tuple[AnyEvent, ...]:
        """Return what happened; nothing where it is not for us. Never raises but `Malformed`."""
        ...

    def render(self, replies: Sequence[Reply], thread: ThreadKey) -> tuple[Call, ...]:
        """Return the calls that show these replies, in order.

        No text is lost, every limit of the platform is kept, and every `Ask` is a call with
        `prompt` set. `thread` is for choosing what fits the kind of place; it is not stored.
        """
        ...

    async def deliver(self, call: Call, target: Target) -> Outcome:
        """Make the call once, without retries; every failure becomes an `Outcome`.

        A fallback is not the adapter's concern: the core makes it as a call of its own.
        """
        ...


@runtime_checkable
class Redraws(Protocol):
    """Changes a message that shows a widget. Asked for where `capabilities.edits` is NATIVE."""

    def redraw(self, prompt: Prompt, thread: ThreadKey) -> Call | None:
        """Return the edit that shows the prompt's present view (`Call.edits` set)."""
        ...

    def close(self, answered: Answered, thread: ThreadKey) -> Call | None:
        """Return the edit that puts what was chosen in the place of the widget."""
        ...


@runtime_checkable
class TapAnswers(Protocol):
    """Answers a tap to the platform at once."""

    def answer_tap(self, event: AnyEvent, notice: str) -> FleetingCall | None:
        """Return the call that ends the tap's waiting state and shows `notice` ("" for none)."""
        ...


@runtime_checkable
class Notices(Protocol):
    """Tells one person something that the others in the thread don't see, and isn't kept."""

    def notice(self, event: AnyEvent, text: str) -> FleetingCall | None:
        """Return the call that shows `text` to the event's person."""
        ...


@runtime_checkable
class Modals(Protocol):
    """Opens a window for a typed answer (a number, "Other…") in answer to a tap."""

    def modal(self, event: AnyEvent, prompt: Prompt) -> FleetingCall | None:
        """Return the call that opens it."""
        ...


@runtime_checkable
class Typing(Protocol):
    """Shows that an answer is being prepared."""

    def typing(self, thread: ThreadKey) -> FleetingCall | None:
        """Return the call; the core makes it after 1 s of waiting and every 4 s."""
        ...


@runtime_checkable
class Fleeting(Protocol):
    """Makes fleeting calls; needed by TapAnswers, Notices, Modals and Typing."""

    async def deliver_fleeting(self, call: FleetingCall, target: Target) -> None:
        """Make the call once within its deadline; failures are logged by kind and forgotten."""
        ...


@runtime_checkable
class Places(Protocol):
    """Knows what shares a rate bucket of scope PLACE."""

    def place(self, thread: ThreadKey) -> str:
        """Return the larger place that holds the thread (the group of a topic)."""
        ...


@runtime_checkable
class Webhooks(Protocol):
    """Receives over HTTP."""

    def routes(self) -> tuple[Route, ...]:
        """Return what to serve under `/<channel>/`."""
        ...

    def verify(self, request: Request) -> None:
        """Raise `Refused` unless the platform sent this. Runs before anything is parsed."""
        ...


@runtime_checkable
class Listening(Protocol):
    """Receives by itself: polls, holds a socket, reads standard input."""

    async def listen(self) -> None:
        """Accept events until cancelled, or until the source has ended for good."""
        ...


@runtime_checkable
class Lifecycle(Protocol):
    """Has something to set up at the platform and to close."""

    async def start(self) -> None:
        """Open clients; set the webhook or the commands. Raises `Misconfigured`."""
        ...

    async def stop(self) -> None:
        """Close clients."""
        ...


@runtime_checkable
class Profile(Protocol):
    """Knows something about a person that may prefill a form."""

    async def profile(self, person: PersonKey) -> Mapping[str, str]:
        """Return any of email, name, phone, timezone."""
        ...


@runtime_checkable
class Linking(Protocol):
    """Makes an address that opens a thread with a token."""

    def link(self, token: str) -> str:
        """Return the address."""
        ...


@runtime_checkable
class LineHooks(Protocol):
    """Lets the program that holds a terminal act on some typed words; they make no events."""

    @property
    def typed_lines(self) -> int:
        """How many lines were typed so far, empty ones left out."""
        ...

    def hook(self, word: str, act: Callable[[], Awaitable[str]]) -> None:
        """Run `act` when a line is exactly `word`, and show what it returns ("" for nothing)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding of `doctor`: `advice` says what to do where it is not `ok`."""

    name: str
    ok: bool
    detail: str = ""
    advice: str = ""


Ask: TypeAlias = "Callable[[str], Awaitable[str]]"
"""Make one request to the upstream with this text; return the text of the answer."""

Post: TypeAlias = "Callable[[int, str], Request]"
"""The request by which the platform tells of a text that a person wrote.

Persons are counted from 0, in the order in which they first did anything at the stand-in. No two
requests tell of the same event.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What `bench <channel>` compares the bridge with, over the channel's stand-in.

    Both members get the environment that the stand-in gave, plus HOST and PORT of the bridge.

    * `bare`: the loop without storage, order and logic, by the same calls through the same
      libraries: receives, reads, makes one `Ask` of each text, and sends what comes back to where
      the text came from; as many side by side as there are. Runs until it is cancelled.
    * `webhook`: what to add to the environment for the platform to come to us; `posts` then
      returns what it posts. None for a platform that never does.
    """

    bare: Callable[[Mapping[str, str], Ask], Awaitable[None]]
    webhook: Mapping[str, str] = field(default_factory=dict[str, str])
    posts: Callable[[Mapping[str, str]], Post] | None = None


AdapterSettings: TypeAlias = BaseModel
"""A pydantic model whose fields are aliased to the names in the environment; secrets SecretStr."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """An adapter before it is loaded: cheap to import, found by the entry-point group.

    * `name`: the channel's; `prefixes`: of its variables (`TELEGRAM_`).
    * `credentials`: the variables without which the channel is off; empty for a channel that is
      turned on by hand (the console).
    * `build`: imports the platform's library, and only then.
    """

    name: str
    title: str
    settings: type[AdapterSettings]
    build: Callable[[AdapterSettings, Host], Adapter]
    prefixes: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    standin: Callable[[], StandIn] | None = None
    commands: Callable[[], click.Command] | None = None
    checks: Callable[[AdapterSettings], Awaitable[Sequence[Check]]] | None = None
    bench: Callable[[], Bench] | None = None
    readme: str = ""
    showcase: bool = False
    """Whether the demo at a terminal begins with this channel's stand-in."""
    extra: tuple[str, ...] = field(default=())
    """The distribution's extra that installs the platform's library, e.g. ("sms",)."""

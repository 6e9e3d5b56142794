"""An upstream without a network, for the core's tests and for benchmarks: answers by a script.

A reply of the script is an `Answer` or an exception to raise. A script is a sequence, used up
from the left, or a function of what was asked. All else is looked up in plain dictionaries, and
what is not there is `NotThere`. With `record` off a call leaves nothing behind.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from bridge.upstream.chunks import Answer, EndChunk, SubmissionChunk, TextChunk
from bridge.upstream.errors import NotThere
from bridge.upstream.schema import read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bridge.protocol.host import Clock
    from bridge.protocol.threads import JsonObject
    from bridge.upstream.chunks import Chunk
    from bridge.upstream.port import ClientTime, FormListing, Order, Submission
    from bridge.upstream.schema import FormSchema

Reply: TypeAlias = Answer | Exception
OnCreate: TypeAlias = "Callable[[Created], Reply]"
OnSend: TypeAlias = "Callable[[Sent], Reply]"

_A = TypeVar("_A", "Created", "Sent")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A session that was asked for."""

    form_id: str
    values: JsonObject | None = None
    dry_run: bool = False
    client_time: ClientTime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A turn that was sent."""

    session: str
    text: str | None = None
    values: JsonObject | None = None


class ScriptedUpstream:
    """Speaks `port.Upstream` from a script."""

    def __init__(
        self,
        sends: Iterable[Reply] | OnSend = (),
        *,
        creates: Iterable[Reply] | OnCreate | None = None,
        clock: Clock | None = None,
        latency: float = 0.0,
        record: bool = True,
    ) -> None:
        self._send: OnSend = sends if callable(sends) else _in_turn(sends)
        if creates is None:
            creates = self._greet
        self._create: OnCreate = creates if callable(creates) else _in_turn(creates)
        self._clock = clock
        self._latency = latency
        self._record = record
        self._sessions = 0
        self.calls: list[Created | Sent] = []
        self.raw_forms: dict[str, JsonObject] = {}
        self.listings: list[FormListing] = []
        self.kept: dict[str, Submission] = {}
        self.bought: dict[str, Order] = {}
        self.checkouts: dict[str, str] = {}
        self.closed = False

    @property
    def sent(self) -> list[Sent]:
        """The turns that were sent, in order."""
        return [call for call in self.calls if isinstance(call, Sent)]

    @property
    def created(self) -> list[Created]:
        """The sessions that were asked for, in order."""
        return [call for call in self.calls if isinstance(call, Created)]

    async def create(
        self,
        form_id: str,
        *,
        values: JsonObject | None,
        dry_run: bool,
        client_time: ClientTime | None,
    ) -> Answer:
        """Reply as scripted; without a script: a greeting, sessions `session-1`, `session-2`."""
        asked = Created(form_id=form_id, values=values, dry_run=dry_run, client_time=client_time)
        return await self._reply(asked, self._create)

    async def send(self, session: str, *, text: str | None, values: JsonObject | None) -> Answer:
        """Reply as scripted."""
        return await self._reply(Sent(session=session, text=text, values=values), self._send)

    async def checkout_url(self, checkout: str) -> str:
        """Return what `checkouts` holds."""
        return _there(self.checkouts, checkout)

    async def form(self, form_id: str) -> FormSchema:
        """Return the schema of what `raw_forms` holds."""
        return read_form(await self.raw_form(form_id))

    async def raw_form(self, form_id: str) -> JsonObject:
        """Return what `raw_forms` holds."""
        return _there(self.raw_forms, form_id)

    async def forms(self) -> tuple[FormListing, ...]:
        """Return `listings`."""
        return tuple(self.listings)

    async def submission(self, submission_id: str) -> Submission:
        """Return what `kept` holds."""
        return _there(self.kept, submission_id)

    async def submissions(self, form_id: str, since: float) -> tuple[Submission, ...]:
        """Return those of `kept` that fit, oldest first."""
        fit = (s for s in self.kept.values() if s.form_id == form_id and s.created_at >= since)
        return tuple(sorted(fit, key=lambda one: one.created_at))

    async def orders(self, checkout: str) -> tuple[Order, ...]:
        """Return those of `bought` that came of the checkout."""
        return tuple(order for order in self.bought.values() if order.checkout == checkout)

    async def order(self, order_id: str) -> Order:
        """Return what `bought` holds."""
        return _there(self.bought, order_id)

    async def check(self) -> None:
        """Return: there is nothing to log in to."""

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed = True

    async def _reply(self, asked: _A, script: Callable[[_A], Reply]) -> Answer:
        if self._record:
            self.calls.append(asked)
        if self._clock is not None and self._latency:
            await self._clock.sleep(self._latency)
        reply = script(asked)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _greet(self, _: Created) -> Answer:
        self._sessions += 1
        return says("Hello!", session=f"session-{self._sessions}")


def says(*texts: str, session: str = "session-1") -> Answer:
    """Return an answer of texts, with its end."""
    return answers(*(TextChunk(text=text) for text in texts), session=session)


def submits(submission: str, checkout: str | None = None, *, session: str = "session-1") -> Answer:
    """Return an answer that submits, with its end."""
    return answers(SubmissionChunk(submission=submission, checkout=checkout), session=session)


def answers(*chunks: Chunk, session: str = "session-1") -> Answer:
    """Return an answer of any chunks, with its end."""
    return Answer(session=session, chunks=(*chunks, EndChunk(success=True)))


def _in_turn(replies: Iterable[Reply]) -> Callable[[object], Reply]:
    left = deque(replies)

    def reply(asked: object) -> Reply:
        if not left:
            raise AssertionError(f"The script has no reply left for {type(asked).__name__}")
        return left.popleft()

    return reply


def _there(known: Mapping[str, _R], key: str) -> _R:
    if key not in known:
        raise NotThere("The script knows no such thing")
    return known[key]

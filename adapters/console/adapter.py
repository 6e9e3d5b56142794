"""The console adapter: wires parse, render, draw and the face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.console.draw import draw, echo, note
from adapters.console.limits import CAPABILITIES, LINE_BYTES, TYPING_SECONDS
from adapters.console.parse import THREAD, parse
from adapters.console.render import render
from adapters.console.transport import open_face
from bridge.protocol.calls import Delivered, FleetingCall, Refusal, Rejected
from bridge.protocol.errors import NotKept

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from adapters.console.face import Face, Typed
    from adapters.console.settings import ConsoleSettings
    from bridge.protocol.calls import Call, Outcome, Target
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.host import Host
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import JsonObject, ThreadKey

_TOO_LONG = "That line is too long and was not sent. Shorten it by {excess} bytes (of {most})."
_BROKEN = "Some bytes were not UTF-8 and were replaced by \N{REPLACEMENT CHARACTER}."
_NOT_KEPT = "That could not be kept and was not sent. Type it again in a moment."


class ConsoleAdapter:
    """A channel with one thread and one person."""

    capabilities = CAPABILITIES

    def __init__(self, settings: ConsoleSettings, host: Host, face: Face | None = None) -> None:
        self._settings = settings
        self._host = host
        self._face = face
        self._hooks: dict[str, Callable[[], Awaitable[str]]] = {}
        self._run = host.ids.new()
        self._taken = 0
        self._typed = 0
        self._printed = 0
        self._told_broken = False

    def parse(self, raw: JsonObject) -> tuple[AnyEvent, ...]:
        """Return the typed line as an event."""
        return parse(raw)

    def render(self, replies: Sequence[Reply], thread: ThreadKey) -> tuple[Call, ...]:
        """Return the calls that print these replies."""
        del thread  # there is one
        return render(replies)

    async def start(self) -> None:
        """Open input and output. Raises `Misconfigured`."""
        await self._open()

    async def stop(self) -> None:
        """Close what was opened."""
        if self._face is not None:
            self._face.close()

    async def deliver(self, call: Call, target: Target) -> Outcome:
        """Print once; THREAD_GONE when nobody can read it any more."""
        del target  # there is one
        try:
            lines = draw(call.body)
        except (KeyError, ValueError):
            return Rejected(refusal=Refusal.CALL_BAD, reason="unreadable call")
        try:
            await (await self._open()).show(lines)
        except OSError:
            return Rejected(refusal=Refusal.THREAD_GONE, reason="output closed")
        self._printed += 1
        return Delivered(receipt=str(self._printed))

    def typing(self, thread: ThreadKey) -> FleetingCall | None:
        """Return the call that shows the typing sign."""
        del thread
        return FleetingCall(method="typing", body={}, deadline=TYPING_SECONDS)

    async def deliver_fleeting(self, call: FleetingCall, target: Target) -> None:
        """Show the typing sign; there is no other fleeting call."""
        del call, target
        (await self._open()).busy()

    @property
    def typed_lines(self) -> int:
        """How many lines were typed so far, empty ones left out."""
        return self._typed

    def hook(self, word: str, act: Callable[[], Awaitable[str]]) -> None:
        """Run `act` when a line is exactly `word`, and show what it returns."""
        self._hooks[word] = act

    async def listen(self) -> None:
        """Accept lines until the input ends; then, in a pipe, wait until all is answered."""
        face = await self._open()
        if self._settings.first:
            await self._accept(face, self._settings.first)
        async for typed in face.lines():
            await self._take(face, typed)

    async def _open(self) -> Face:
        if self._face is None:
            self._face = await open_face(self._settings)
        return self._face

    async def _take(self, face: Face, typed: Typed) -> None:
        if typed.excess:
            await _show(face, _TOO_LONG.format(excess=typed.excess, most=LINE_BYTES))
        if typed.broken and not self._told_broken:
            self._told_broken = True
            await _show(face, _BROKEN)
        line = typed.text.strip()
        if not line:
            return
        self._typed += 1
        await _echo(face, line)
        act = self._hooks.get(line)
        if act is None:
            await self._accept(face, line)
        else:
            await _show(face, await act())

    async def _accept(self, face: Face, line: str) -> None:
        self._taken += 1
        raw: JsonObject = {
            "id": f"{self._run}:{self._taken}",
            "line": line,
            "at": self._host.clock.now(),
            "user": self._settings.user,
        }
        try:
            await self._host.accept(self.parse(raw))
        except NotKept:
            await _show(face, _NOT_KEPT)
            return
        if face.scripted:
            # The next line may answer a list that has to be shown first.
            await self._host.settled(THREAD)


async def _echo(face: Face, line: str) -> None:
    """Repeat what was typed; the input line itself is erased when it is entered."""
    try:
        await face.show(echo(line))
    except OSError:
        return  # nobody reads; what was typed still counts


async def _show(face: Face, text: str) -> None:
    """Show a notice of our own, unless it is empty or nobody reads any more."""
    if not text:
        return
    try:
        await face.show(note(text))
    except OSError:
        return

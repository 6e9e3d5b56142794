"""The gate before each endpoint of the API: counts, authentication, faults, refusals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from starlette.requests import Request

from bridge.sandbox.config import FaultScope
from bridge.sandbox.errors import Refusal
from bridge.sandbox.faults import Fault, hang_up
from bridge.sandbox.streams import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bridge.protocol.threads import JsonObject
    from bridge.sandbox.state import Sandbox
    from bridge.sandbox.supplies import Guids

Run: TypeAlias = "Callable[[Sandbox, Request, JsonObject], Awaitable[Reply | Response]]"
Visit: TypeAlias = "Callable[[Sandbox, Request], Awaitable[Response]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One endpoint: its name in the counts, method, paths, what it does, which faults hit it."""

    name: str
    method: str
    paths: tuple[str, ...]
    run: Run
    scope: FaultScope = FaultScope.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One endpoint of the API as an ASGI application."""

    sandbox: Sandbox
    operation: Operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self.sandbox.requests[self.operation.name] += 1
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> ASGIApp:
        fault = Fault.NONE
        try:
            caller = self.sandbox.access.check(request.headers)
            fault = self.sandbox.dice.draw(self.operation.scope)
            early = self._before(fault)
            answer = early or await self.operation.run(self.sandbox, request, caller)
        except Refusal as refusal:
            answer = refusal.response()
        return self._after(fault, answer)

    def _before(self, fault: Fault) -> ASGIApp | None:
        """Return what is answered without any work."""
        match fault:
            case Fault.TOO_MANY | Fault.BROKEN | Fault.UNAVAILABLE:
                return self._refused(fault)
            case Fault.DROPPED_BEFORE:
                self._count()
                return hang_up
            case Fault.NONE | Fault.LATE | Fault.DROPPED_AFTER:
                return None

    def _after(self, fault: Fault, answer: ASGIApp) -> ASGIApp:
        """Return what is answered when the work is done."""
        if fault is Fault.LATE:
            return self._refused(fault)
        submitted = isinstance(answer, Reply) and answer.submitted
        if fault is Fault.DROPPED_AFTER or (submitted and self.sandbox.dice.loses_submission()):
            self._count()
            return replace(answer, cut=True) if isinstance(answer, Reply) else hang_up
        return answer

    def _refused(self, fault: Fault) -> ASGIApp:
        self._count()
        return self.sandbox.dice.refusal(fault).response()

    def _count(self) -> None:
        self.sandbox.faults[self.operation.name] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An endpoint for everybody: tokens, the checkout page, test control."""

    sandbox: Sandbox
    visit: Visit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self.visit(self.sandbox, Request(scope, receive))
        except Refusal as refusal:
            answer = refusal.response()
        await answer(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Stamped:
    """Puts a request id on every answer."""

    app: ASGIApp
    ids: Guids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def stamp(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (b"x-wix-request-id", self.ids.guid().encode())
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        await self.app(scope, receive, stamp)

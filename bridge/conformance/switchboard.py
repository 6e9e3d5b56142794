"""The HTTP side of the platform of buttons: takes calls, fails when told to, keeps a log.

`POST /<method>` with the token as bearer and the body of `buttons.render`, plus `thread`. Answers
200 `{"id"}`; 400 `{"code"}` for what can't be done; 401; 403 `{"code"}` for a thread that is gone;
429 `{"retry_after", "bucket"}`. An `X-Mark` header is logged and not acted on: like most platforms
this one does the same thing twice when it is told twice.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from aiohttp import web

from bridge.conformance.harness import RETRY_AFTER, Fault
from bridge.conformance.screens import Bad, Body, Screens

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure to come: of the next call with this method (any) in this thread (any).

    * `applied`: the call is done before it fails, so that a repetition shows twice.
    * `times`: how many calls it spoils; None spoils all, as long as it stands in `faults`.
    * `after`, `bucket`: of a 429.
    """

    fault: Fault
    method: str = ""
    thread: str = ""
    applied: bool = False
    times: int | None = 1
    after: float = RETRY_AFTER
    bucket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call as it came, and what was done: `status` 0 is no answer, `id` the message's."""

    n: int
    method: str
    thread: str
    body: Body
    mark: str
    status: int
    applied: bool
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    body: dict[str, object] = field(default_factory=dict[str, object])
    id: str = ""


class Switchboard:
    """Serves the API on a loopback port.

    * `faults`: failures to come, in order; `weather`: asked before each call, for failures by
      chance; `latency`: seconds before each answer; `gone`: threads that can't be written to.
    * `log`: every call, in the order in which it was answered.
    """

    def __init__(self, token: str, screens: Screens, changed: Callable[[str], None]) -> None:
        self.faults: list[Failure] = []
        self.weather: Callable[[str, str], Failure | None] = _fair
        self.latency = 0.0
        self.gone: set[str] = set()
        self.log: list[Request] = []
        self._token = token
        self._screens = screens
        self._changed = changed
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._closing = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._port}"

    async def open(self) -> None:
        """Listen: on a free port at first, later on the same one."""
        app = web.Application()
        app.router.add_post("/{method}", self._take)
        self._closing = asyncio.Event()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port, reuse_address=True)
        await site.start()
        self._port = cast("tuple[str, int]", self._runner.addresses[0])[1]

    async def close(self) -> None:
        """Stop listening: connections are refused."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def duplicates(self) -> Counter[str]:
        """Return how often each message was shown more than once, by mark or by what it says."""
        shown = [r for r in self.log if r.applied and r.method in {"send", "whisper"}]
        names = Counter(
            r.mark or f"{r.thread}: {json.dumps(r.body, sort_keys=True)}" for r in shown
        )
        return Counter({name: count - 1 for name, count in names.items() if count > 1})

    async def _take(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = _read(await request.read())
        thread = str(body.get("thread", ""))
        if self.latency:
            await asyncio.sleep(self.latency)
        failure = self._failure(method, thread)
        applied: _Answer | None = None
        if failure is None or failure.applied:
            known = request.headers.get("Authorization") == f"Bearer {self._token}"
            applied = self._apply(method, thread, body) if known else _Answer(status=401)
        answer = _failed(failure) if failure is not None else applied
        self.log.append(
            Request(
                n=len(self.log),
                method=method,
                thread=thread,
                body=body,
                mark=request.headers.get("X-Mark", ""),
                status=answer.status if answer is not None else 0,
                applied=applied is not None and applied.status == _OK,
                id=applied.id if applied is not None else "",
            )
        )
        if self.log[-1].applied:
            self._changed(thread)
        if answer is not None:
            return web.json_response(answer.body, status=answer.status)
        return await self._misbehave(failure, request)

    def _apply(self, method: str, thread: str, body: Body) -> _Answer:
        if thread in self.gone:
            return _Answer(status=403, body={"code": "gone"})
        try:
            made = self._screens.call(method, body)
        except Bad as bad:
            return _Answer(status=400, body={"code": str(bad)})
        return _Answer(status=_OK, body={"id": made}, id=made)

    def _failure(self, method: str, thread: str) -> Failure | None:
        for place, failure in enumerate(self.faults):
            if failure.method in {"", method} and failure.thread in {"", thread}:
                self._spend(place, failure)
                return failure
        return self.weather(method, thread)

    def _spend(self, place: int, failure: Failure) -> None:
        if failure.times is None:
            return
        if failure.times > 1:
            self.faults[place] = replace(failure, times=failure.times - 1)
        else:
            del self.faults[place]

    async def _misbehave(self, failure: Failure | None, request: web.Request) -> web.StreamResponse:
        fault = failure.fault if failure is not None else Fault.DROPPED
        if fault is Fault.SILENT:
            await self._closing.wait()
        elif fault is Fault.GARBAGE:
            return web.Response(text="<html>It works!")
        elif fault is Fault.HALF:
            half = web.StreamResponse(headers={"Content-Length": "1000"})
            await half.prepare(request)
            await half.write(b'{"id": "1')
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _failed(failure: Failure) -> _Answer | None:
    """Return the answer that a failure is; None where it is no answer at all."""
    match failure.fault:
        case Fault.THROTTLED:
            return _Answer(
                status=429, body={"retry_after": failure.after, "bucket": failure.bucket}
            )
        case Fault.BAD:
            return _Answer(status=400, body={"code": "bad"})
        case Fault.GONE:
            return _Answer(status=403, body={"code": "gone"})
        case Fault.BROKEN:
            return _Answer(status=500)
        case Fault.REFUSED | Fault.SILENT | Fault.DROPPED | Fault.HALF | Fault.GARBAGE:
            return None


def _fair(method: str, thread: str) -> Failure | None:
    del method, thread
    return None


def _read(body: bytes) -> Body:
    try:
        read: object = json.loads(body)
    except ValueError:
        return {}
    return cast("Body", read) if isinstance(read, dict) else {}

"""The road between the bridge and the sandbox: counts what passes, holds it, loses it on purpose.

Shares of faults are the sandbox's own business; this is for one certain request.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

CREATE = "create"
SEND = "send"
NAMES = (
    ("/send-user-message", SEND),
    ("/interactive-form-sessions", CREATE),
    ("/submissions/namespace/query", "submissions"),
    ("/submissions/", "submission"),
    ("/get-checkout-url", "link"),
    ("/checkout-url", "link"),
    ("/orders/", "orders"),
    ("/forms/", "form"),
)
"""What a request is called, by the first of these that its path holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What becomes of the next request of this name.

    * `done`: whether the sandbox gets to see it. `status` 0 closes the connection without answer.
    """

    name: str
    status: int = 0
    done: bool = False
    headers: dict = field(default_factory=dict)
    body: dict = field(default_factory=dict)


class Road:
    """A server that passes everything on to another one.

    * `passed`: the names of all requests, in order; `sent`: the bodies of those named `send`.
    * `session`: of the latest answer to `create`.
    * `troubles`: those to come, in order; `watch`: called with the name after each answer.
    """

    def __init__(self) -> None:
        self.to = ""
        self.url = ""
        self.passed: list[str] = []
        self.sent: list[dict] = []
        self.created: list[dict] = []
        self.troubles: list[Trouble] = []
        self.session = ""
        self.watch = _nobody
        self._gates: dict[str, asyncio.Event] = {}
        self._held: Counter[str] = Counter()
        self._news = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None

    async def start(self) -> str:
        """Listen on a free port; return the address."""
        app = web.Application(client_max_size=1_000_000)
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False
        )
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}"
        return self.url

    async def stop(self) -> None:
        """End it."""
        for gate in self._gates.values():
            gate.set()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._client is not None:
            await self._client.close()

    @contextmanager
    def held(self, name: str):
        """Keep back the answers to requests of this name until the end of the block."""
        self._gates[name] = asyncio.Event()
        try:
            yield
        finally:
            self._gates.pop(name).set()

    async def holds(self, name: str, count: int = 1) -> None:
        """Return when so many requests of this name are being kept back."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: self._held[name] >= count)

    async def passes(self, name: str, count: int = 1) -> None:
        """Return when so many requests of this name have come."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: self.passed.count(name) >= count)

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        name = next((name for part, name in NAMES if part in request.path), request.path)
        body = await request.read()
        await self._note(name, body)
        trouble = self._trouble(name)
        answer = await self._on(request, body) if trouble is None or trouble.done else None
        if name == CREATE and answer is not None and answer.status == 200:
            self.session = json.loads(answer.body)["interactiveFormSession"]["id"]
        if (gate := self._gates.get(name)) is not None:
            await self._hold(name, gate)
        self.watch(name)
        if trouble is not None and trouble.status:
            return web.json_response(trouble.body, status=trouble.status, headers=trouble.headers)
        if answer is None or trouble is not None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return answer

    async def _note(self, name: str, body: bytes) -> None:
        async with self._news:
            self.passed.append(name)
            if name in (SEND, CREATE):
                read = json.loads(body)
                (self.sent if name == SEND else self.created).append(read)
            self._news.notify_all()

    async def _hold(self, name: str, gate: asyncio.Event) -> None:
        async with self._news:
            self._held[name] += 1
            self._news.notify_all()
        await gate.wait()
        self._held[name] -= 1

    def _trouble(self, name: str) -> Trouble | None:
        found = next((trouble for trouble in self.troubles if trouble.name == name), None)
        if found is not None:
            self.troubles.remove(found)
        return found

    async def _on(self, request: web.Request, body: bytes) -> web.Response | None:
        """Pass a request on; None where the sandbox gave no answer."""
        assert self._client is not None
        kept = {k: v for k, v in request.headers.items() if k.lower() not in _OF_ONE_STRETCH}
        try:
            async with self._client.request(
                request.method, self.to + request.path_qs, data=body, headers=kept
            ) as answer:
                headers = {
                    k: v for k, v in answer.headers.items() if k.lower() not in _OF_ONE_STRETCH
                }
                return web.Response(body=await answer.read(), status=answer.status, headers=headers)
        except aiohttp.ClientError:
            return None


_OF_ONE_STRETCH = {"host", "connection", "content-length", "transfer-encoding", "keep-alive"}
"""Headers that hold between two neighbours only."""


def _nobody(_name: str) -> None:
    """Watch nothing."""

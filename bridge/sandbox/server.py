"""The sandbox as a server on loopback, in the running loop, without signal handlers."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.server import ServerState

from bridge.clock import SystemClock
from bridge.sandbox.app import create_app
from bridge.sandbox.errors import SandboxUnfit
from bridge.sandbox.supplies import RandomGuids

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.protocol.host import Clock
    from bridge.sandbox.config import SandboxConfig
    from bridge.sandbox.supplies import Guids

_HOST = "127.0.0.1"
_BACKLOG = 1024


class _Connection(Protocol):
    """What is used of uvicorn's protocol."""

    transport: asyncio.Transport | None


@dataclass(slots=True)
class _Line:
    """One client's connection, as the application sees it."""

    connection: _Connection | None = None

    def hang_up(self) -> None:
        """Close it now."""
        if self.connection is not None and self.connection.transport is not None:
            self.connection.transport.abort()


@dataclass(slots=True, kw_only=True)
class SandboxServer:
    """One running sandbox.

    uvicorn's own `Server` takes over the process's signals and needs tenths of a second to stop,
    so its protocol is served by the loop itself.
    """

    config: SandboxConfig
    clock: Clock = field(default_factory=SystemClock)
    ids: Guids = field(default_factory=RandomGuids)
    _server: asyncio.Server | None = None
    _state: ServerState = field(default_factory=ServerState)

    async def start(self) -> str:
        """Listen; return the base address. Raises `SandboxUnfit` where it can't."""
        listener = _listen(self.config.port)
        try:
            config = replace(self.config, port=listener.getsockname()[1])
            await self._serve(config, listener)
        except BaseException:
            listener.close()
            raise
        return config.base_url

    async def _serve(self, config: SandboxConfig, listener: socket.socket) -> None:
        chance = random.Random(config.seed)  # noqa: S311 - the dice of faults
        app = create_app(config, clock=self.clock, ids=self.ids, chance=chance)
        settings = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, server_header=False, ws="none"
        )
        settings.load()
        factory = _connections(settings, self._state)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(factory, sock=listener, backlog=_BACKLOG)

    async def stop(self) -> None:
        """Close every connection and end what is under way."""
        if self._server is None:
            return
        self._server.close()
        for connection in cast("list[_Connection]", list(self._state.connections)):
            if connection.transport is not None:
                connection.transport.abort()
        tasks = list(self._state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> str:
        """Start; the base address is what `as` gives."""
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()


async def serve(
    config: SandboxConfig, started: Callable[[SandboxConfig], None] | None = None
) -> None:
    """Serve until cancelled; `started` is called once with the port that was taken."""
    async with SandboxServer(config=config) as base_url:
        if started is not None:
            started(replace(config, port=int(base_url.rsplit(":", 1)[1])))
        await asyncio.Event().wait()


def _listen(port: int) -> socket.socket:
    # without the protocol's number asyncio leaves Nagle's algorithm on: 40 ms for every answer
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere it would share the port with another server
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
    except OSError:
        listener.close()
        raise SandboxUnfit(f"Choose another port: {port} can't be listened on.") from None
    listener.setblocking(False)
    return listener


def _connections(settings: uvicorn.Config, state: ServerState) -> Callable[[], asyncio.Protocol]:
    """Return what makes a connection's protocol; the application reaches its line by the state."""
    protocol = cast("Callable[..., Any]", AutoHTTPProtocol)

    def connection() -> asyncio.Protocol:
        line = _Line()
        made = protocol(config=settings, server_state=state, app_state={"line": line})
        line.connection = made
        return cast("asyncio.Protocol", made)

    return connection

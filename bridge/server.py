"""The web server: uvicorn inside the loop that runs already.

It takes no signals, writes no access log (addresses may hold tokens), and trusts no header about
who asks. The port is bound before anything is promised, so a taken one is told in one sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import math
import socket
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from starlette.types import ASGIApp

_BACKLOG = 2048

_WHY = {
    errno.EADDRINUSE: "another program listens there; set PORT to a free one",
    errno.EACCES: "this user may not; set PORT to 1024 or higher",
    errno.EADDRNOTAVAIL: "this machine has no such address; set HOST to one it has",
}


class CannotListen(Exception):
    """The address can't be listened on; the text names it and says what to set."""

    def __init__(self, host: str, port: int, code: int | None) -> None:
        why = _WHY.get(code or 0, "set HOST and PORT to an address of this machine")
        super().__init__(f"Can't listen on HOST={host} PORT={port}: {why}.")


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes the fastest event loop there is here."""
    try:
        import uvloop  # noqa: PLC0415 absent on Windows
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


class _Quiet(uvicorn.Server):
    """uvicorn's server, leaving signals alone and saying when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


class Server:
    """Serves one application. `port` 0 asks for a free one; `url` tells which it became."""

    def __init__(self, app: ASGIApp, *, host: str, port: int, grace: float = 5.0) -> None:
        self._host, self._port, self._grace = host, port, grace
        self._server = _Quiet(_config(app, grace))
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._port

    @property
    def url(self) -> str:
        """The address of its root as this machine reaches it, without a slash at the end."""
        reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104
        shown = f"[{reachable}]" if ":" in reachable else reachable
        return f"http://{shown}:{self._port}"

    async def start(self) -> None:
        """Listen; returns when requests are taken. Raises `CannotListen`."""
        listening = await _bound(self._host, self._port)
        self._port = listening.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        up = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({self._serving, up}, return_when=asyncio.FIRST_COMPLETED)
        if not self._server.up.is_set():
            up.cancel()
            listening.close()
            await self._serving

    async def stop(self) -> None:
        """Take nothing new, finish what runs within the grace given, then cut it off."""
        if self._serving is None:
            return
        self._server.should_exit = True
        await self._serving
        self._serving = None


def _config(app: ASGIApp, grace: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=max(1, math.ceil(grace)),
    )


async def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that holds the address."""
    try:
        family, place = await _address(host, port)
        return socket.create_server(place, family=family, backlog=_BACKLOG)
    except OSError as error:
        raise CannotListen(host, port, error.errno) from error


async def _address(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, *_, place = found[0]
    return family, (str(place[0]), port)

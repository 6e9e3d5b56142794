"""The web server: it listens where it was told, says why it can't, and stops in time."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys

import httpx
import pytest

from bridge.http import HttpParts, Readiness, create_app
from bridge.metrics import Metrics
from bridge.protocol.web import Request, Response, Route
from bridge.server import CannotListen, Server, loop_factory


def app(*routes: Route):
    """Return an application with these routes."""
    return create_app(
        HttpParts(metrics=Metrics(), readiness=lambda: Readiness(ready=True), routes=routes)
    )


async def test_port_0_becomes_a_real_one():
    """A free port is found, can be read, and answers; afterwards nothing listens there."""
    server = Server(app(), host="127.0.0.1", port=0)
    await server.start()
    async with httpx.AsyncClient() as asking:
        answer = await asking.get(f"{server.url}/healthz")
    await server.stop()

    assert (200, "ok") == (answer.status_code, answer.text)
    assert server.port > 0
    assert "server" not in answer.headers
    assert await _refuses(server.port)


async def _refuses(port: int) -> bool:
    """Say whether nobody of ours answers there: another program may have got the port since."""
    try:
        async with httpx.AsyncClient() as asking:
            answer = await asking.get(f"http://127.0.0.1:{port}/healthz", timeout=1.0)
    except httpx.HTTPError:
        return True
    return answer.text != "ok"


async def test_a_taken_port_is_named():
    """A port that another program holds is told in a sentence that says what to set."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"PORT={port}: another program .* set PORT"):
            await Server(app(), host="127.0.0.1", port=port).start()


async def test_a_foreign_address_is_named():
    """An address that this machine does not have is told as a matter of HOST."""
    with pytest.raises(CannotListen, match=r"HOST=192\.0\.2\.1 .* set HOST"):
        await Server(app(), host="192.0.2.1", port=0).start()


async def test_a_name_that_leads_nowhere_is_named():
    """A host that can't be found is told as well."""
    with pytest.raises(CannotListen, match=r"HOST=no host at all .* set HOST"):
        await Server(app(), host="no host at all", port=0).start()


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]")],
)
def test_the_address_shown_can_be_reached(host, shown):
    """The address is one that leads here from this machine, also when all are listened on."""
    assert Server(app(), host=host, port=81).url == f"http://{shown}:81"


async def test_a_running_answer_is_finished():
    """Stopping lets an answer that is being made go out."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_request: Request) -> Response:
        begun.set()
        await go_on.wait()
        return Response(body=b"done")

    server = Server(app(Route(method="GET", path="/slow", answer=slow)), host="127.0.0.1", port=0)
    await server.start()
    async with httpx.AsyncClient() as asking:
        answer = asyncio.create_task(asking.get(f"{server.url}/slow"))
        await begun.wait()
        stopping = asyncio.create_task(server.stop())
        go_on.set()
        text = (await answer).text
    await stopping

    assert text == "done"


async def test_signals_are_left_to_the_program():
    """The server changes nobody's answer to a signal."""
    before = signal.getsignal(signal.SIGTERM)
    server = Server(app(), host="127.0.0.1", port=0)
    await server.start()
    during = signal.getsignal(signal.SIGTERM)
    await server.stop()

    assert (before, before) == (during, signal.getsignal(signal.SIGTERM))


async def test_stopping_what_never_started_is_nothing():
    """Stop may be called in any case, twice too."""
    server = Server(app(), host="127.0.0.1", port=0)

    await server.stop()
    await server.start()
    await server.stop()
    await server.stop()


async def test_a_failing_start_is_told():
    """A server that ends while it starts says so instead of waiting for ever."""
    server = Server(app(), host="127.0.0.1", port=0)
    server._server.config.http = "no.such:protocol"

    with pytest.raises(ImportError):
        await server.start()


def test_the_loop_is_the_fastest_there_is(monkeypatch):
    """The loop is uvloop's where it is installed, else the standard loop."""
    monkeypatch.setitem(sys.modules, "uvloop", None)

    assert loop_factory() is asyncio.new_event_loop


def test_the_loop_is_uvloop_here():
    """Where uvloop is installed it is taken."""
    uvloop = pytest.importorskip("uvloop")

    assert loop_factory() is uvloop.new_event_loop

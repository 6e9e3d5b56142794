"""Real servers on loopback: one that answers by a script, and one that misbehaves."""

from __future__ import annotations

import asyncio
import json
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET

from aiohttp import web


@dataclass(slots=True)
class Received:
    """One request as it arrived; `path` raw, as sent."""

    method: str
    path: str
    headers: dict
    body: object


@dataclass(slots=True)
class Reply:
    """One answer."""

    body: object = None
    status: int = 200
    headers: dict = field(default_factory=dict)


@dataclass(slots=True)
class Script:
    """What a server answers: per path (or for all) the replies in turn, the last one for good."""

    url: str = ""
    replies: dict = field(default_factory=dict)
    received: list = field(default_factory=list)
    gate: asyncio.Event | None = None
    expected: int = 1
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def reply(self, path, *replies):
        """Answer `path` with these."""
        self.replies[path] = list(replies)

    def next(self, path):
        replies = self.replies.get(path) or self.replies.get("*") or [Reply({}, status=404)]
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def note(self, received):
        self.received.append(received)
        if len(self.received) >= self.expected:
            self.enough.set()

    async def arrived(self, count):
        """Wait until so many requests have arrived in all."""
        self.expected = count
        self.enough.clear()
        if len(self.received) < count:
            await self.enough.wait()

    @property
    def paths(self):
        return [(request.method, request.path) for request in self.received]


@asynccontextmanager
async def scripted_server():
    """Serve a script; every request is noted, `/oauth2/token` gives `token-1`, `token-2` ..."""
    script = Script()

    async def answer(request):
        body = await request.text()
        raw = request.raw_path
        headers = {name.lower(): value for name, value in request.headers.items()}
        script.note(Received(request.method, raw, headers, json.loads(body) if body else None))
        if script.gate is not None:
            await script.gate.wait()
        reply = script.next(raw)
        written = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        return web.Response(status=reply.status, body=written, headers=reply.headers)

    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        script.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield script
    finally:
        if script.gate is not None:
            script.gate.set()
        await runner.cleanup()


async def read_request(reader):
    """Read one whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))


async def drop(reader, writer):
    """Close after the request was read."""
    await read_request(reader)
    writer.close()


async def reset(reader, writer):
    """Reset the connection after the request was read."""
    await read_request(reader)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def drop_at_once(reader, writer):
    """Close without reading."""
    writer.close()


async def hang(reader, writer):
    """Read the request and say nothing, until the client has had enough."""
    await read_request(reader)
    await reader.read()
    writer.close()


async def hang_in_the_body(reader, writer):
    """Begin to answer and say no more."""
    await read_request(reader)
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a"')
    await reader.read()
    writer.close()


async def drip(reader, writer):
    """Answer without end, piece by piece."""
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not reader.at_eof() and not writer.is_closing():
        writer.write(b"1\r\n \r\n")
        await asyncio.sleep(0.001)
    writer.close()


def sends(*pieces):
    """Answer with these bytes, then close."""

    async def answer(reader, writer):
        await read_request(reader)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.close()

    return answer


half_a_body = sends(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"responseChunks": [')
half_a_chunk = sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{")
half_a_head = sends(b"HTTP/1.1 200 O")
garbage = sends(b"\x00\x01 what is this\r\n\r\n")
broken_gzip = sends(
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
)
busy_but_broken = sends(b"HTTP/1.1 429 Too Many\r\nContent-Length: 100\r\n\r\n{")


@asynccontextmanager
async def misbehaving(behaviour):
    """Serve one misbehaviour for every connection; yields the address."""
    tasks = set()

    async def connected(reader, writer):
        task = asyncio.current_task()
        tasks.add(task)
        try:
            await behaviour(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def unused_address():
    """Return an address where nobody listens."""
    server = await asyncio.start_server(drop, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"

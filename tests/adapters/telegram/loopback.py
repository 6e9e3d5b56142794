"""A Bot API server for faults: it answers by a script, or breaks the connection in some way."""

from __future__ import annotations

import asyncio
import json
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from urllib.parse import parse_qsl

from aiohttp import web

from adapters.telegram.settings import TelegramSettings

TOKEN = "700:the-token-must-not-be-seen"
PERSONAL = "PERSONAL-4711"

MESSAGE = {"message_id": 17, "date": 1_700_000_000, "chat": {"id": 5, "type": "private"}}
ME = {"id": 700, "is_bot": True, "first_name": "Cakes", "username": "cake_bot"}
DEFAULTS = {
    "getMe": ME,
    "sendMessage": MESSAGE,
    "editMessageText": MESSAGE,
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getMyCommands": [],
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}


@dataclass(slots=True)
class Reply:
    """One answer; `body` as JSON, or bytes as they are."""

    status: int = 200
    body: object = None


def ok(result: object = True):  # noqa: FBT002 - it is what the API answers
    """Answer with this result."""
    return Reply(200, {"ok": True, "result": result})


def refused(status, description, **parameters):
    """Refuse as Telegram does."""
    body = {"ok": False, "error_code": status, "description": description}
    return Reply(status, {**body, "parameters": parameters} if parameters else body)


FLOOD = refused(429, "Too Many Requests: retry after 7", retry_after=7)


@dataclass(slots=True)
class Asked:
    """One request: the method, and its parameters with JSON read."""

    method: str
    given: dict


@dataclass(slots=True)
class Api:
    """What the server answers: per method the replies in turn, the last one for good.

    A poll gets each of its replies once; then it waits, as it does where nothing happens.
    """

    url: str = ""
    script: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    waiters: list = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def reply(self, method, *replies):
        """Answer the method with these."""
        self.script[method] = list(replies)

    async def next(self, method):
        replies = self.script.get(method) or self.script.get("*")
        if method == "getUpdates":
            if not replies:
                await self.closing.wait()
            return replies.pop(0) if replies else ok([])
        if not replies:
            return ok(DEFAULTS.get(method, True))
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def of(self, method):
        """Return the parameters of every request for this method."""
        return [asked.given for asked in self.asked if asked.method == method]

    @property
    def methods(self):
        return [asked.method for asked in self.asked]

    async def until(self, method, count):
        """Wait until the method was asked for so often."""
        while len(self.of(method)) < count:
            waiter = asyncio.get_running_loop().create_future()
            self.waiters.append(waiter)
            await waiter

    def note(self, asked):
        self.asked.append(asked)
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)
        self.waiters.clear()


def _read(value):
    try:
        return json.loads(value)
    except ValueError:
        return value


@asynccontextmanager
async def serving():
    """Serve a script."""
    api = Api()

    async def answer(request):
        assert request.match_info["token"] == TOKEN
        given = dict(parse_qsl(await request.text(), keep_blank_values=True))
        method = request.match_info["method"]
        text = given.pop("text", None)
        given = {name: _read(value) for name, value in given.items()}
        api.note(Asked(method, given if text is None else {**given, "text": text}))
        reply = await api.next(method)
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        return web.Response(status=reply.status, body=body)

    app = web.Application(client_max_size=1_000_000)
    app.router.add_post("/bot{token}/{method}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield api
    finally:
        api.closing.set()
        await runner.cleanup()


async def _request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))


async def drop(reader, writer):
    """Close after the request was read."""
    await _request(reader)


async def drop_at_once(reader, writer):
    """Close without reading."""


async def reset(reader, writer):
    """Reset the connection after the request was read."""
    await _request(reader)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hang(reader, writer):
    """Read the request and say nothing."""
    await _request(reader)
    await reader.read()


async def drip(reader, writer):
    """Answer without end, piece by piece."""
    await _request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not reader.at_eof() and not writer.is_closing():
        writer.write(b"1\r\n \r\n")
        await asyncio.sleep(0.001)


def sends(answer):
    """Answer with these bytes, then close."""

    async def behave(reader, writer):
        await _request(reader)
        writer.write(answer)
        await writer.drain()

    return behave


half_a_body = sends(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok": true, "res')
half_a_head = sends(b"HTTP/1.1 200 O")
half_a_flood = sends(b'HTTP/1.1 429 Too Many\r\nContent-Length: 100\r\n\r\n{"ok"')
half_a_refusal = sends(b'HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{"ok"')
no_http = sends(b"\x00\x01 what is this\r\n\r\n")

BREAKING = {
    "drop": drop,
    "drop at once": drop_at_once,
    "reset": reset,
    "half a body": half_a_body,
    "half a head": half_a_head,
    "half a refusal": half_a_refusal,
    "no http": no_http,
}


@asynccontextmanager
async def breaking(behaviour):
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


async def nowhere():
    """Return an address where nobody listens."""
    server = await asyncio.start_server(drop, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"


def settings(url, **more):
    """Return settings that point there."""
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": url, **more}
    return TelegramSettings.model_validate(given)

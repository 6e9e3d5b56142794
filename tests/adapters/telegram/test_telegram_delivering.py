"""Telegram passes the laws of deliveries, against a server that plays every fault."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from adapters.telegram import descriptor
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.addresses import Address, thread_key
from bridge.conformance.delivering import DeliveringLaws
from bridge.conformance.harness import RETRY_AFTER, Fault, Harness, Samples
from bridge.conformance.host import RecordingHost
from bridge.protocol.calls import Target
from tests.adapters.telegram.loopback import (
    FLOOD,
    MESSAGE,
    TOKEN,
    breaking,
    drop,
    half_a_body,
    hang,
    ok,
    refused,
    sends,
    settings,
)

THREAD = thread_key(Address(700, 5))


def says(reply):
    """Answer so, and close."""
    body = json.dumps(reply.body).encode()
    head = f"HTTP/1.1 {reply.status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return sends(head.encode() + body)


BEHAVIOURS = {
    Fault.THROTTLED: says(FLOOD),
    Fault.BAD: says(refused(400, "Bad Request: can't parse entities")),
    Fault.GONE: says(refused(403, "Forbidden: bot was blocked by the user")),
    Fault.SILENT: hang,
    Fault.DROPPED: drop,
    Fault.HALF: half_a_body,
    Fault.GARBAGE: sends(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ngarbage"),
    Fault.BROKEN: says(refused(500, "Internal Server Error")),
}


class Faulty:
    """A platform of one chat, whose server does what it is told."""

    faults = frozenset(Fault)
    target = Target(thread=THREAD)

    def __init__(self, adapter, down):
        self.adapter = adapter
        self._down = down
        self._behave = says(ok(MESSAGE))

    async def fail(self, fault):
        """Do this to every request from now on."""
        if fault is Fault.REFUSED:
            await self._down.aclose()
        else:
            self._behave = BEHAVIOURS[fault]

    async def connected(self, reader, writer):
        """Answer one request."""
        await self._behave(reader, writer)


class Down:
    """A server that can be stopped before its time."""

    def __init__(self, context):
        self._context = context
        self._open = True

    async def aclose(self):
        """Stop it, once."""
        if self._open:
            self._open = False
            await self._context.__aexit__(None, None, None)


@asynccontextmanager
async def platform():
    """Start a server, and an adapter against it."""
    held = asyncio.get_running_loop().create_future()

    async def connected(reader, writer):
        await held.result().connected(reader, writer)

    context = breaking(connected)
    url = await context.__aenter__()
    down = Down(context)
    adapter = TelegramAdapter(settings(url), RecordingHost())
    held.set_result(Faulty(adapter, down))
    await adapter.start()
    try:
        yield held.result()
    finally:
        await adapter.stop()
        await down.aclose()


class TestTelegram(DeliveringLaws):
    """The laws, in a private chat."""

    @pytest.fixture(autouse=True)
    def _soon(self, monkeypatch):
        """Nobody waits for the silent server for as long as for Telegram."""
        monkeypatch.setattr("adapters.telegram.network.request.SEND_SECONDS", 0.05)

    @pytest.fixture
    def harness(self):
        """What the laws of deliveries need to know."""
        return Harness(
            module="adapters.telegram",
            descriptor=descriptor,
            adapter=TelegramAdapter(settings("http://127.0.0.1:1"), RecordingHost()),
            thread=THREAD,
            samples=Samples(understood=()),
            drawing=None,
            platform=platform,
            secrets=(TOKEN, settings("http://127.0.0.1:1").secret),
        )

    def test_the_flood_asks_for_the_time_of_the_law(self):
        """The server says what the law expects."""
        assert FLOOD.body["parameters"]["retry_after"] == RETRY_AFTER

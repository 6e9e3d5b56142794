"""The channel of buttons as every process of a benchmark finds it: stand-in and bare loop."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import replace

import aiohttp
from aiohttp import web

from bridge.conformance import buttons
from bridge.conformance.buttons.verify import HEADER, sign
from bridge.conformance.phone import SECRET, TOKEN
from bridge.protocol.adapter import Bench
from bridge.protocol.web import Request


async def bare(environ, ask):
    """Serve the bridge's webhook, and answer each text in a task of its own."""
    say = f"{environ['BUTTONS_API_URL']}/send"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as session, asyncio.TaskGroup() as tasks:

        async def answer(payload):
            body = {"thread": payload["thread"], "spans": [{"text": await ask(payload["text"])}]}
            async with session.post(say, json=body) as response:
                await response.read()

        async def take(request):
            tasks.create_task(answer(json.loads(await request.read())))
            return web.Response()

        runner = web.ServerRunner(web.Server(take), shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, environ["HOST"], int(environ["PORT"])).start()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


def posts(environ):
    """Return what the phone posts; persons are called as the crowd calls them."""
    assert environ["BUTTONS_SECRET"] == SECRET
    numbers = itertools.count()

    def post(person, text):
        payload = {
            "id": f"posted-{next(numbers)}",
            "kind": "text",
            "thread": f"hp{person}",
            "person": f"hp{person}",
            "at": 1.0,
            "text": text,
        }
        body = json.dumps(payload).encode()
        headers = {HEADER: sign(body, SECRET), "content-type": "application/json"}
        return Request(method="POST", path="/buttons/webhook", headers=headers, body=body)

    return post


def bench():
    """Return it."""
    return Bench(bare=bare, posts=posts)


def never():
    """Return one of a platform that never comes to us."""
    return Bench(bare=bare)


descriptor = replace(buttons.descriptor, bench=bench)
shy = replace(buttons.descriptor, bench=never)

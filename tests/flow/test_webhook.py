"""What comes in over the webhook: forged, twice, and while the store is away."""

from __future__ import annotations

import asyncio
import json

import aiohttp

from bridge.conformance.buttons.verify import HEADER, sign
from bridge.conformance.phone import SECRET

TALK = {
    "id": "x-1",
    "kind": "text",
    "thread": "grace",
    "person": "grace",
    "at": 1.0,
    "text": "/status",
}


async def _post(house, body: bytes, signature: str) -> int:
    url = f"http://127.0.0.1:{house.port}/buttons/webhook"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers={HEADER: signature}) as answer,
    ):
        return answer.status


async def test_forged(build) -> None:
    """What is not signed is refused, and nothing of it is stored."""
    house = await build()
    body = json.dumps(TALK).encode()
    assert 403 == await _post(house, body, sign(body, "another secret"))
    assert 403 == await _post(house, body, "")
    assert [(0,)] == house.rows("select count(*) from inbox")
    assert [(0,)] == house.rows("select count(*) from thread")


async def test_unreadable(build) -> None:
    """What is signed but can't be read is refused for good, and nothing is stored."""
    house = await build()
    for body in (b"{", b"[]", b'{"kind": "text"}', b"\xff\xfe"):
        assert 400 == await _post(house, body, sign(body, SECRET))
    assert [(0,)] == house.rows("select count(*) from inbox")


async def test_the_same_twice(build) -> None:
    """The same payload, sent again at once and after a restart, is taken once."""
    house = await build()
    body = json.dumps(TALK).encode()
    signature = sign(body, SECRET)
    answers = await asyncio.gather(*(_post(house, body, signature) for _ in range(3)))
    await house.restart()
    assert [200] * 4 == [*answers, await _post(house, body, signature)]
    await house.settled("grace")
    assert [(1,)] == house.rows("select count(*) from inbox")
    assert 1 == len(house.person("grace").texts)


async def test_store_away(build) -> None:
    """What can't be kept is answered 503, and taken when the platform sends it again."""
    house = await build()
    body = json.dumps(TALK).encode()
    signature = sign(body, SECRET)
    await house.app.parts.database.close()
    assert 503 == await _post(house, body, signature)
    await house.restart()
    assert 200 == await _post(house, body, signature)
    await house.person("grace").hear("Nothing is under way")

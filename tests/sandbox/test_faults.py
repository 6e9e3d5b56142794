"""Faults on purpose."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import httpx
import pytest

from bridge.sandbox.config import FaultScope, SandboxConfig
from bridge.sandbox.faults import Fault, Faults
from tests.sandbox.world import NAMESPACE, NOTE, NOTE_FORM, SESSIONS, running


async def _submissions(world) -> int:
    query = {"query": {"filter": {"namespace": NAMESPACE}}}
    found = await world.post("/forms/v4/submissions/namespace/query", query)
    return len(found.json()["submissions"])


async def _raw(world, session: str, suffix: str = "") -> bytes:
    """Confirm over a bare socket; return every byte that came before the connection ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(world.base.rsplit(":")[-1]))
    body = b'{"input":"yes"}'
    path = f"{SESSIONS}/{session}/send-user-message{suffix}"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: sandbox-key\r\n"
        f"wix-site-id: sandbox-site\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(("retry_after", "said"), [(True, "1"), (False, None)])
async def test_too_many_requests(tmp_path, retry_after, said):
    """429 comes with its code, with Retry-After as the flag says, and does no work."""
    async with running(tmp_path, share_429=1, retry_after=retry_after) as world:
        session = await world.session(NOTE_FORM, currentValues=NOTE)
        answer = await world.send(session, "yes")
        assert await _submissions(world) == 0
    assert answer.status_code == 429
    assert answer.json()["details"]["applicationError"]["code"] == "RESOURCE_EXHAUSTED"
    assert answer.headers.get("retry-after") == said


async def test_system_errors_say_nothing(tmp_path):
    """500 and 503 do no work, 504 does; all are empty, and only 503 says when to come back."""
    async with running(tmp_path, share_5xx=1) as world:
        seen = {}
        for _ in range(40):
            before = await _submissions(world)
            session = await world.session(NOTE_FORM, currentValues=NOTE)
            answer = await world.send(session, "yes")
            worked = await _submissions(world) - before
            seen[answer.status_code] = (worked, answer.headers.get("retry-after"))
            assert answer.json() == {"message": "", "details": {}}
    assert seen == {500: (0, None), 503: (0, "1"), 504: (1, None)}


async def test_dropped_before_the_work(tmp_path):
    """The connection ends without a byte, and nothing was submitted."""
    async with running(tmp_path, drop_before=1) as world:
        session = await world.session(NOTE_FORM, currentValues=NOTE)
        assert await _raw(world, session) == b""
        assert await _submissions(world) == 0


async def test_dropped_after_the_work(tmp_path):
    """The connection ends without a byte, and the submission was made."""
    async with running(tmp_path, drop_after=1) as world:
        session = await world.session(NOTE_FORM, currentValues=NOTE)
        assert await _raw(world, session) == b""
        assert await _submissions(world) == 1


async def test_a_refusal_may_be_dropped_too(tmp_path):
    """A dropped answer may have been an error."""
    async with running(tmp_path, drop_after=1) as world:
        assert await _raw(world, "x") == b""


async def test_a_stream_ends_early(tmp_path):
    """A dropped stream stops in the middle, without its last chunks and without its end."""
    async with running(tmp_path, drop_after=1) as world:
        session = await world.session(NOTE_FORM, currentValues=NOTE)
        answer = await _raw(world, session, "-streamed")
        assert await _submissions(world) == 1
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"data: " in answer
    assert b"END_OF_RESPONSE" not in answer
    assert not answer.endswith(b"0\r\n\r\n")


async def test_only_the_submitting_answer_is_lost(tmp_path):
    """lose_submission drops the answer of what submitted, and of nothing else."""
    async with running(tmp_path, lose_submission=1) as world:
        session = await world.session(NOTE_FORM, currentValues=NOTE)
        asked = await world.send(session, "hm")
        lost = await _raw(world, session)
        after = await world.send(session, "hm")
        assert await _submissions(world) == 1
    assert [asked.status_code, lost, after.status_code] == [200, b"", 200]


async def test_a_client_sees_a_lost_connection(tmp_path):
    """To an HTTP client a drop is a failure of the transport, not an answer."""
    async with running(tmp_path, drop_before=1) as world:
        session = await world.session()
        with pytest.raises(httpx.TransportError):
            await world.send(session, "hi")


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [
        (FaultScope.SENDS, [200, 200, 429]),
        (FaultScope.SESSIONS, [200, 429, 429]),
        (FaultScope.ALL, [429, 429, 429]),
    ],
)
async def test_faults_keep_to_their_scope(tmp_path, scope, statuses):
    """Faults hit sends alone, unless told to hit more."""
    async with running(tmp_path, share_429=1, faults_on=scope) as world:
        read = await world.get(f"/form-schema-service/v4/forms/{NOTE_FORM}")
        created = await world.create()
        sent = await world.send("99999999-0000-4000-8000-000000000009", "hi")
    assert [read.status_code, created.status_code, sent.status_code] == statuses


async def test_pages_and_tokens_are_spared(tmp_path):
    """Checkout pages, tokens and test control never meet a fault."""
    async with running(tmp_path, drop_before=1, faults_on=FaultScope.ALL) as world:
        page = await world.get("/checkout/x")
        health = await world.get("/sandbox/health")
    assert [page.status_code, health.status_code] == [404, 200]


async def test_strangers_are_refused_before_the_dice_are_rolled(tmp_path):
    """A 401 stays a 401, whatever the shares."""
    async with running(tmp_path, drop_after=1, faults_on=FaultScope.ALL) as world:
        answer = await world.client.post(SESSIONS, json={}, headers={"Authorization": "no"})
    assert answer.status_code == 401


def test_shares_are_met_and_the_seed_repeats_them():
    """Faults come as often as their shares say, and the same seed gives the same faults."""
    config = SandboxConfig(share_429=0.1, share_5xx=0.3, drop_before=0.2, drop_after=0.1)

    def draw() -> list[Fault]:
        dice = Faults(config=config, chance=random.Random(1))
        return [dice.draw(FaultScope.SENDS) for _ in range(4000)]

    seen = Counter(draw())
    failed = seen[Fault.BROKEN] + seen[Fault.UNAVAILABLE] + seen[Fault.LATE]
    found = [
        seen[Fault.TOO_MANY],
        failed,
        seen[Fault.DROPPED_BEFORE],
        seen[Fault.DROPPED_AFTER],
        seen[Fault.NONE],
    ]
    assert draw() == draw()
    assert found == [pytest.approx(4000 * share, rel=0.12) for share in (0.1, 0.3, 0.2, 0.1, 0.3)]

"""The webhook's answers: 200 after the commit, and whatever can't be read never comes again."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from adapters.telegram.network.webhook import Receiver
from adapters.telegram.transport import Client
from bridge.conformance.host import RecordingHost
from bridge.protocol.errors import NotKept
from bridge.protocol.events import Text
from bridge.protocol.threads import PersonKey, ThreadKey
from bridge.protocol.web import Request
from tests.adapters.telegram.loopback import PERSONAL, serving, settings


def parse(raw):
    """Make a text of every message."""
    if "message" not in raw:
        return ()
    thread, person = ThreadKey("telegram:700:5"), PersonKey("telegram:700:user:5")
    return (Text(key=f"k{raw['update_id']}", thread=thread, person=person, at=0.0, text="x"),)


def post(body):
    """Return a request with this body."""
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(method="POST", path="/telegram/webhook", body=written)


def message(chat, text):
    """Return the update of a message."""
    return {"update_id": 1, "message": {"chat": {"id": chat}, "text": text}}


@pytest.fixture
def host():
    """A host that keeps what it is given."""
    return RecordingHost()


@pytest.fixture
def client(host):
    """A client that never asks anybody."""
    return Client(settings("http://127.0.0.1:1"), host)


async def test_an_update_is_kept_before_it_is_answered(client, host):
    """The 200 says that the events are committed."""
    response = await Receiver(client, host, parse).answer(post(message(5, "hi")))
    assert (response.status, response.body) == (200, b"")
    assert [event.key for event in host.accepted] == ["k1"]


async def test_what_can_not_be_kept_is_sent_again(client, host):
    """Without a commit there is no 200."""
    host.full = True
    with pytest.raises(NotKept):
        await Receiver(client, host, parse).answer(post(message(5, "hi")))


async def test_what_is_not_for_us_needs_no_commit(client, host):
    """An update without events is answered even while nothing can be kept."""
    host.full = True
    response = await Receiver(client, host, parse).answer(post({"update_id": 1, "poll": {}}))
    assert response.status == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b"5", b"\xff\xfe", b"[" * 100_000, PERSONAL.encode()],
    ids=lambda body: repr(body[:9]),
)
async def test_what_is_no_update_is_answered_and_logged(client, host, body, caplog):
    """It would come again for a day and hold up its chat; its text is not logged."""
    with caplog.at_level(logging.DEBUG):
        response = await Receiver(client, host, parse).answer(post(body))
    assert response.status == 200
    assert "update can't be read: no JSON object" in caplog.text
    assert PERSONAL not in caplog.text
    assert host.accepted == []


async def test_an_update_that_breaks_us_is_answered_and_logged(client, host, caplog):
    """A fault of ours must not hold up the chat either."""

    def broken(raw):
        raise RuntimeError(PERSONAL)

    response = await Receiver(client, host, broken).answer(post(message(5, "hi")))
    assert response.status == 200
    assert "update not understood: message, RuntimeError" in caplog.text
    assert PERSONAL not in caplog.text


async def test_a_mention_in_a_group_waits_for_our_name(host):
    """As soon as our name is known the message is read; nothing else waits for it."""
    async with serving() as api:
        client = Client(settings(api.url), host)
        receiver = Receiver(client, host, parse, name_seconds=5)
        waiting = asyncio.create_task(receiver.answer(post(message(-5, "@cake_bot a cake"))))
        await asyncio.sleep(0)
        assert (await receiver.answer(post({**message(5, "a@b"), "update_id": 2}))).status == 200
        assert [event.key for event in host.accepted] == ["k2"]
        await client.identify()
        assert (await waiting).status == 200
        await client.close()
    assert [event.key for event in host.accepted] == ["k2", "k1"]


async def test_a_mention_is_sent_again_while_our_name_is_not_known(client, host):
    """Without our name nobody can tell whom it names, so Telegram keeps it."""
    receiver = Receiver(client, host, parse, name_seconds=0.001)
    with pytest.raises(NotKept):
        await receiver.answer(post(message(-5, "@somebody a cake")))
    assert host.accepted == []

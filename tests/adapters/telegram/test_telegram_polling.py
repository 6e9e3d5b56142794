"""The long poll: nothing lost, nothing stopped, and trouble named."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import pytest

from adapters.telegram.network.polling import LONGEST_PAUSE, SECOND_POLLER, WEBHOOK_SET, poll
from adapters.telegram.transport import TOKEN_REFUSED, Client
from bridge.conformance.host import RecordingHost
from bridge.protocol.errors import Malformed
from bridge.protocol.events import Text
from bridge.protocol.threads import PersonKey, ThreadKey
from tests.adapters.telegram.loopback import (
    PERSONAL,
    Reply,
    nowhere,
    ok,
    refused,
    serving,
    settings,
)

CONFLICT = refused(409, "Conflict: terminated by other getUpdates request; make sure ...")
ACTIVE = refused(409, "Conflict: can't use getUpdates method while webhook is active; use ...")


class Paused:
    """A clock that notes how long was slept, and stands still after so many pauses."""

    def __init__(self, limit):
        self.slept = []
        self.limit = limit
        self.enough = asyncio.Event()

    def now(self):
        return 1_800_000_000.0

    def monotonic(self):
        return 0.0

    async def sleep(self, seconds):
        self.slept.append(seconds)
        if len(self.slept) >= self.limit:
            self.enough.set()
            await asyncio.Event().wait()


def parse(raw):
    """Read updates of the tests: {"update_id", "say"}."""
    match raw:
        case {"message": "malformed"}:
            raise Malformed("no")
        case {"message": "fault"}:
            raise RuntimeError(PERSONAL)
        case {"say": text}:
            key = f"k{raw['update_id']}"
            thread, person = ThreadKey("telegram:700:5"), PersonKey("telegram:700:user:5")
            return (Text(key=key, thread=thread, person=person, at=0.0, text=text),)
        case _:
            return ()


def say(number, text="hello"):
    """Return an update of the tests."""
    return {"update_id": number, "say": text}


@contextlib.asynccontextmanager
async def polling(url, host):
    """Poll while inside."""
    client = Client(settings(url), host)
    task = asyncio.create_task(poll(client, host, parse))
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await client.close()


def texts(host):
    """Return what was accepted."""
    return [event.text for event in host.accepted]


async def test_updates_are_accepted_in_order_and_then_confirmed():
    """The next poll asks for what follows the last update, and only after the commit."""
    host = RecordingHost()
    async with serving() as api, polling(api.url, host):
        api.reply("getUpdates", ok([say(5, "a"), say(6, "b")]), ok([say(9, "c")]))
        await api.until("getUpdates", 3)
    assert texts(host) == ["a", "b", "c"]
    assert [given["offset"] for given in api.of("getUpdates")] == [0, 7, 10]


async def test_what_was_not_kept_is_not_confirmed():
    """While nothing can be kept the same updates are offered again, more and more seldom."""
    host = RecordingHost(full=True)
    host.clock = Paused(4)
    async with serving() as api:
        api.reply("getUpdates", ok([say(5)]))
        async with polling(api.url, host):
            await host.clock.enough.wait()
            assert len(api.of("getUpdates")) == 1
            assert host.clock.slept == [1.0, 2.0, 4.0, 8.0]
            assert host.accepted == []


async def test_what_could_not_be_kept_is_kept_later():
    """As soon as it can be kept it is, once, and the offset moves."""
    host = RecordingHost(full=True)

    class Mending(Paused):
        async def sleep(self, seconds):
            host.full = False

    host.clock = Mending(1)
    async with serving() as api:
        api.reply("getUpdates", ok([say(5, "a")]))
        async with polling(api.url, host):
            await api.until("getUpdates", 2)
    assert texts(host) == ["a"]
    assert api.of("getUpdates")[1]["offset"] == 6


async def test_an_update_that_can_not_be_read_drops_no_other(caplog):
    """It is logged by its kind and confirmed with the others; no text of it is logged."""
    bad = [{"update_id": 2, "message": "malformed"}, {"update_id": 3, "message": "fault"}]
    host = RecordingHost()
    async with serving() as api, polling(api.url, host):
        with caplog.at_level(logging.DEBUG):
            api.reply("getUpdates", ok([say(1, "a"), *bad, {"update_id": 4, "x": 1}, say(5, "b")]))
            await api.until("getUpdates", 2)
    assert texts(host) == ["a", "b"]
    assert api.of("getUpdates")[1]["offset"] == 6
    assert "update can't be read: message" in caplog.text
    assert "update not understood: message, RuntimeError" in caplog.text
    assert PERSONAL not in caplog.text


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (CONFLICT, SECOND_POLLER),
        (ACTIVE, WEBHOOK_SET),
        (refused(401, "Unauthorized"), TOKEN_REFUSED),
    ],
    ids=["second poller", "webhook", "token"],
)
async def test_trouble_is_named_until_it_is_over(reply, trouble):
    """The operator reads what is wrong and what to do, and that it works again."""
    host = RecordingHost()
    async with serving() as api:
        api.reply("getUpdates", reply, reply, ok([say(5)]))
        async with polling(api.url, host):
            await api.until("getUpdates", 4)
    assert host.troubles == [trouble, ""]
    assert texts(host) == ["hello"]


async def test_a_single_broken_poll_is_nothing_to_speak_of():
    """Connections break; only the second failure in a row is trouble."""
    host = RecordingHost()
    broken = refused(502, "Bad Gateway")
    async with serving() as api:
        api.reply("getUpdates", broken, ok([say(5)]), broken, broken, ok([say(6)]))
        async with polling(api.url, host):
            await api.until("getUpdates", 6)
    assert [what[:27] for what in host.troubles] == ["Telegram can't be reached (", ""]


async def test_pauses_grow_to_the_longest():
    """An unreachable Telegram is asked after 1, 2, 4 ... seconds, 30 at most."""
    host = RecordingHost()
    host.clock = Paused(7)
    async with polling(await nowhere(), host):
        await host.clock.enough.wait()
    assert host.clock.slept == [1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE, LONGEST_PAUSE]
    assert "ClientConnectorError" in host.troubles[0]


async def test_a_flood_is_waited_for_as_asked():
    """Telegram says how long to wait, and a token that is refused is tried once a minute."""
    host = RecordingHost()
    host.clock = Paused(3)
    async with serving() as api:
        flood, bare = refused(429, "Too Many", retry_after=12), refused(429, "Too Many")
        api.reply("getUpdates", flood, bare, refused(401, "Unauthorized"))
        async with polling(api.url, host):
            await host.clock.enough.wait()
    assert host.clock.slept == [12.0, 2.0, 60.0]


async def test_an_empty_answer_is_not_asked_for_in_a_rush():
    """A server that does not wait is asked five times a second at most."""
    host = RecordingHost()
    host.clock = Paused(2)
    async with serving() as api:
        api.reply("getUpdates", ok([]), ok([]))
        async with polling(api.url, host):
            await host.clock.enough.wait()
    assert host.clock.slept == [0.2, 0.2]


async def test_a_batch_without_numbers_does_not_spin():
    """What can't be confirmed would come again at once."""
    host = RecordingHost()
    host.clock = Paused(1)
    async with serving() as api:
        api.reply("getUpdates", ok([{"x": 1}]))
        async with polling(api.url, host):
            await host.clock.enough.wait()
    assert host.clock.slept == [LONGEST_PAUSE]


@pytest.mark.parametrize(
    "reply", [Reply(200, b"garbage"), ok({"a": 1}), Reply(200, b'{"ok": true}')], ids=str
)
async def test_an_unreadable_answer_is_asked_for_again(reply):
    """Nothing that a server answers ends the poll."""
    host = RecordingHost()
    async with serving() as api:
        api.reply("getUpdates", reply, ok([say(5)]))
        async with polling(api.url, host):
            await api.until("getUpdates", 3)
    assert texts(host) == ["hello"]


async def test_one_process_alone_polls():
    """The poll is made under the lead of that name, and left with it."""
    led = []

    class Led(RecordingHost):
        @contextlib.asynccontextmanager
        async def lead(self, name):
            led.append(name)
            try:
                yield
            finally:
                led.append("left")

    async with serving() as api, polling(api.url, Led()):
        await api.until("getUpdates", 1)
    assert led == ["poll", "left"]

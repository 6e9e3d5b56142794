"""Timers ring at their time, in order, and only as long as they are set."""

from __future__ import annotations

import asyncio

import pytest

from bridge.conversation.messages import TimerKind
from bridge.parts import Parts
from bridge.store.errors import StoreError
from bridge.store.reads import StoredTimer
from bridge.timers import Timers
from tests.store.world import begin, opened
from tests.upstream.manual_clock import ManualClock

CHECKOUT, EXPIRY, PAYMENT = TimerKind.CHECKOUT, TimerKind.EXPIRY, TimerKind.PAYMENT


class Table:
    """A database that holds one conversation, at once."""

    def __init__(self, real):
        self.real, self.broken = real, False

    async def rows(self, statement, values):
        if self.broken:
            raise StoreError("not read")
        return await self.real.rows(statement, values)


class Clock(ManualClock):
    """A clock that lets a database answer before it goes on."""

    async def advance(self, seconds):
        await super().advance(seconds)
        for _ in range(20):
            await asyncio.sleep(0.001)


@pytest.fixture
async def running(tmp_path):
    """Timers at work, what they posted, the clock, and the table."""
    real = await opened(tmp_path / "a.db")
    await begin(real)
    clock, posted = Clock(), []
    parts = Parts(
        clock=clock,
        ids=None,
        database=Table(real),
        upstream=None,
        limiter=None,
        schemas=None,
        catalogue=None,
        rules=None,
        metrics=None,
        adapters={},
        post=lambda thread, message: posted.append((thread, message.kind, message.attempt)),
    )
    timers = Timers(parts)
    task = asyncio.create_task(timers.run())
    yield timers, posted, clock, parts.database
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await real.close()


def timer(kind, due, attempt=0, conversation="c1", thread="t1"):
    """Return a timer; its time in seconds from the clock's beginning."""
    return StoredTimer(
        thread=thread,
        conversation=conversation,
        kind=kind,
        due_at=1_800_000_000.0 + due,
        attempt=attempt,
    )


async def test_a_timer_rings_at_its_time_with_the_conversation(running):
    """Not before; earlier ones first; the conversation comes as it is now."""
    timers, posted, clock, _ = running
    timers.put([timer(EXPIRY, 90.0), timer(CHECKOUT, 10.0, 2)])
    await clock.advance(9.0)
    assert posted == []
    await clock.advance(1.0)
    assert posted == [("t1", CHECKOUT, 2)]
    await clock.advance(200.0)
    assert posted == [("t1", CHECKOUT, 2), ("t1", EXPIRY, 0)]


async def test_a_timer_of_the_same_kind_is_replaced(running):
    """Only the last one set rings."""
    timers, posted, clock, _ = running
    timers.put([timer(CHECKOUT, 10.0)])
    await clock.advance(1.0)
    timers.put([timer(CHECKOUT, 5.0, 1)])
    await clock.advance(30.0)
    assert posted == [("t1", CHECKOUT, 1)]


async def test_an_ended_timer_does_not_ring(running):
    """Ended one by one, or all of a thread."""
    timers, posted, clock, _ = running
    timers.put([timer(CHECKOUT, 10.0), timer(EXPIRY, 10.0), timer(PAYMENT, 10.0, thread="t2")])
    timers.end("c1", CHECKOUT)
    timers.end("nobody", CHECKOUT)
    timers.drop("t1")
    await clock.advance(30.0)
    assert posted == [("t2", PAYMENT, 0)]


async def test_the_timer_of_a_conversation_that_was_erased_ends(running):
    """There is nobody to ring for."""
    timers, posted, clock, _ = running
    timers.put([timer(CHECKOUT, 1.0, conversation="erased")])
    assert timers.links_owed == 1
    await clock.advance(2.0)
    assert (posted, timers.links_owed) == ([], 0)


async def test_a_database_that_fails_once_loses_no_timer(running):
    """It rings a little later: a link that is owed is not forgotten."""
    timers, posted, clock, table = running
    table.broken = True
    timers.put([timer(CHECKOUT, 1.0), timer(EXPIRY, 5.0)])
    await clock.advance(2.0)
    assert posted == []
    table.broken = False
    await clock.advance(10.0)
    assert posted == [("t1", CHECKOUT, 0), ("t1", EXPIRY, 0)]


async def test_what_is_owed_is_known(running):
    """A link that is asked for the first time keeps a thread busy; later attempts don't."""
    timers, *_ = running
    timers.put([timer(CHECKOUT, 99.0), timer(EXPIRY, 99.0)])
    assert (timers.owes("t1"), timers.owes("t2"), timers.links_owed) == (True, False, 1)
    timers.put([timer(CHECKOUT, 99.0, 1)])
    assert (timers.owes("t1"), timers.links_owed) == (False, 1)

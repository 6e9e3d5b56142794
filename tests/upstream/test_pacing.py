"""Turns begin evenly: few in one beat, in order, and nothing beats when nothing begins."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bridge.upstream.limiter import WINDOW, Limiter
from bridge.upstream.pacing import BEAT, MOST, Pace
from tests.upstream.manual_clock import ManualClock, settle


def begin(pace, begun, clock, number):
    """Start one that waits for its turn and writes down when it came."""

    async def one():
        await pace.turn()
        begun.append((number, clock.monotonic()))

    return asyncio.create_task(one())


async def test_few_begin_at_once_and_the_others_in_order():
    """A beat's turns begin in one moment; the next ones wait for the next beat."""
    clock, begun = ManualClock(), []
    pace = Pace(clock)
    tasks = [begin(pace, begun, clock, number) for number in range(2 * MOST + 1)]
    await settle()
    assert len(begun) == MOST
    await clock.advance(BEAT)
    assert len(begun) == 2 * MOST
    await clock.advance(BEAT)
    await asyncio.gather(*tasks)
    assert [number for number, _ in begun] == list(range(2 * MOST + 1))


async def test_nobody_overtakes_those_who_wait():
    """Free means that nobody waits."""
    clock, begun = ManualClock(), []
    pace = Pace(clock)
    for _ in range(MOST):
        assert pace.free
        pace.take()
    assert not pace.free
    tasks = [begin(pace, begun, clock, number) for number in range(MOST + 1)]
    await clock.advance(BEAT)
    assert (len(begun), pace.free) == (MOST, False)
    await clock.advance(BEAT)
    await asyncio.gather(*tasks)
    assert pace.free


async def test_it_rests_when_nothing_begins():
    """One beat after the last turn nothing runs any more, and it begins again when asked."""
    clock = ManualClock()
    pace = Pace(clock)
    for _ in range(2):
        pace.take()
        await clock.advance(BEAT)
        await settle()
        assert {asyncio.current_task()} == asyncio.all_tasks()


async def test_who_leaves_takes_no_turn():
    """The next one has it, and when all leave, it rests."""
    clock, begun = ManualClock(), []
    pace = Pace(clock)
    tasks = [begin(pace, begun, clock, number) for number in range(3 * MOST)]
    await settle()
    for task in tasks[MOST : 2 * MOST]:
        task.cancel()
    await asyncio.gather(*tasks[MOST : 2 * MOST], return_exceptions=True)
    await clock.advance(BEAT)
    assert [number for number, _ in begun[MOST:]] == list(range(2 * MOST, 3 * MOST))
    await clock.advance(BEAT)
    assert {asyncio.current_task()} == asyncio.all_tasks()


async def test_permits_are_given_out_evenly():
    """Without a limit by the minute too; a refused one took nothing."""
    clock = ManualClock()
    limiter = Limiter(0, clock, Pace(clock))
    assert [limiter.try_acquire("a") for _ in range(MOST + 2)] == [True] * MOST + [False] * 2
    waiting = asyncio.create_task(limiter.acquire("b"))
    await settle()
    assert not waiting.done()
    await clock.advance(BEAT)
    await waiting


async def test_an_even_pace_does_not_stretch_the_minute():
    """What the minute lacks is waited for as before, and given in turn."""
    clock = ManualClock()
    limiter = Limiter(2, clock, Pace(clock))
    assert [limiter.try_acquire("a") for _ in range(3)] == [True, True, False]
    await clock.advance(BEAT)
    waiting = asyncio.create_task(limiter.acquire("b"))
    await clock.advance(WINDOW - 2 * BEAT)
    assert not waiting.done()
    await clock.advance(2 * BEAT)
    await waiting


@given(st.lists(st.integers(0, 3 * MOST), max_size=12))
def test_no_beat_has_more_than_its_turns(crowds):
    """Whatever comes when: at most so many begin in one beat, and all begin."""

    async def play():
        clock, begun = ManualClock(), []
        pace, tasks = Pace(clock), []
        for crowd in crowds:
            tasks += [begin(pace, begun, clock, len(tasks) + n) for n in range(crowd)]
            await clock.advance(BEAT)
        await clock.advance(BEAT * (len(tasks) + 1))
        assert all(task.done() for task in tasks)
        return [at for _, at in begun]

    begun = asyncio.run(play())
    assert all(begun.count(at) <= MOST for at in set(begun))

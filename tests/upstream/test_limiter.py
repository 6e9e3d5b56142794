"""The upstream's minute is never overdrawn, and shared fairly."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bridge.upstream.limiter import WINDOW, Limiter
from tests.upstream.manual_clock import ManualClock, settle


def waiting(limiter, grants, *keys):
    """Start one waiter per key; each writes down its key when it is served."""

    async def wait(key):
        await limiter.acquire(key)
        grants.append(key)

    return [asyncio.create_task(wait(key)) for key in keys]


async def test_permits_are_granted_at_once_while_there_are_any():
    """A full minute's permits may be taken in one moment, and not one more."""
    limiter = Limiter(3, ManualClock())
    assert [True, True, True, False] == [limiter.try_acquire("a") for _ in range(4)]


async def test_no_limit():
    """A rate of 0 grants everything."""
    limiter = Limiter(0, ManualClock())
    assert all(limiter.try_acquire("a") for _ in range(1000))
    await limiter.acquire("a")


async def test_a_permit_comes_back_after_a_minute():
    """The window is half-open: exactly a minute later there is room again, not before."""
    clock = ManualClock()
    limiter = Limiter(1, clock)
    assert limiter.try_acquire("a")
    await clock.advance(WINDOW - 0.001)
    assert not limiter.try_acquire("a")
    await clock.advance(0.001)
    assert limiter.try_acquire("a")


async def test_waiters_take_turns_by_key():
    """One who asks often does not keep the others waiting."""
    clock, grants = ManualClock(), []
    limiter = Limiter(1, clock)
    limiter.try_acquire("before")
    waiting(limiter, grants, "a", "a", "a", "b", "c", "b")
    for _ in range(6):
        await clock.advance(WINDOW)
    assert ["a", "b", "c", "a", "b", "a"] == grants


async def test_first_come_first_served_within_a_key():
    """The order of one key's waiters is kept."""
    clock, grants = ManualClock(), []
    limiter = Limiter(2, clock)
    limiter.try_acquire("x")
    limiter.try_acquire("x")

    async def wait(number):
        await limiter.acquire("same")
        grants.append(number)

    tasks = [asyncio.create_task(wait(number)) for number in range(6)]
    await clock.advance(WINDOW * 3)
    await asyncio.gather(*tasks)
    assert [0, 1, 2, 3, 4, 5] == grants


async def test_nobody_overtakes_those_who_wait():
    """A permit can't be taken at once while somebody waits for one."""
    clock, grants = ManualClock(), []
    limiter = Limiter(1, clock)
    limiter.try_acquire("a")
    (task,) = waiting(limiter, grants, "b")
    await settle()
    clock._passed += WINDOW  # time has come, but the one who waits was not woken yet
    assert not limiter.try_acquire("c")
    await clock.advance(WINDOW)
    await task
    assert ["b"] == grants


async def test_a_waiter_who_leaves_takes_nothing_with_it():
    """A cancelled waiter is passed over."""
    clock, grants = ManualClock(), []
    limiter = Limiter(1, clock)
    limiter.try_acquire("x")
    first, second, third = waiting(limiter, grants, "a", "b", "b")
    await settle()
    first.cancel()
    second.cancel()
    await clock.advance(WINDOW)
    await third
    assert ["b"] == grants


async def test_a_permit_given_to_one_who_leaves_goes_on():
    """Cancelled in the very moment of the grant, the permit serves the next at once."""
    clock, grants = ManualClock(), []
    limiter = Limiter(1, clock)
    limiter.try_acquire("x")
    first, second = waiting(limiter, grants, "a", "b")
    await settle()
    clock._passed += WINDOW
    limiter._serve_now()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await second
    assert (["b"], True) == (grants, first.cancelled())


async def test_a_permit_given_back_by_the_last_is_free():
    """Cancelled in the moment of the grant with nobody behind it, the permit can be taken."""
    clock = ManualClock()
    limiter = Limiter(1, clock)
    limiter.try_acquire("x")
    (task,) = waiting(limiter, [], "a")
    await settle()
    clock._passed += WINDOW
    limiter._serve_now()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert limiter.try_acquire("b")


async def test_one_who_was_cancelled_but_has_not_run_yet_is_passed_over():
    """A grant between the cancelling and its taking effect goes to the next."""
    clock, grants = ManualClock(), []
    limiter = Limiter(1, clock)
    limiter.try_acquire("x")
    first, second = waiting(limiter, grants, "a", "b")
    await settle()
    first.cancel()
    clock._passed += WINDOW
    limiter._serve_now()
    await second
    await asyncio.gather(first, return_exceptions=True)
    assert ["b"] == grants


async def test_nothing_runs_when_nobody_waits():
    """The task that serves ends with the last waiter, also when all of them leave."""
    clock = ManualClock()
    limiter = Limiter(1, clock)
    limiter.try_acquire("x")
    tasks = waiting(limiter, [], "a", "b")
    await settle()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await settle()
    assert {asyncio.current_task()} == asyncio.all_tasks()


async def test_one_who_waits_after_others_left_is_served():
    """Waiting works again after it had stopped."""
    clock, grants = ManualClock(), []
    limiter = Limiter(1, clock)
    limiter.try_acquire("x")
    (gone,) = waiting(limiter, grants, "a")
    await settle()
    gone.cancel()
    await settle()
    (task,) = waiting(limiter, grants, "b")
    await clock.advance(WINDOW)
    await task
    assert ["b"] == grants


STEPS = st.lists(
    st.one_of(
        st.sampled_from("abc").map(lambda key: ("wait", key)),
        st.sampled_from("abc").map(lambda key: ("try", key)),
        st.floats(0.0, 90.0).map(lambda seconds: ("pass", seconds)),
        st.integers(0, 30).map(lambda number: ("cancel", number)),
    ),
    max_size=60,
)


@given(st.integers(1, 4), STEPS)
def test_no_minute_is_overdrawn(rate, steps):
    """Whatever is asked and cancelled when: N permits in any minute, and none is lost."""

    async def play():
        clock = ManualClock()
        limiter = Limiter(rate, clock)
        grants, tasks = [], []

        async def wait(key):
            await limiter.acquire(key)
            grants.append(clock.monotonic())

        for step, value in steps:
            match step:
                case "wait":
                    tasks.append(asyncio.create_task(wait(value)))
                case "try":
                    grants.extend([clock.monotonic()] * limiter.try_acquire(value))
                case "pass":
                    await clock.advance(value)
                case _ if value < len(tasks):
                    tasks[value].cancel()
        await clock.advance(WINDOW * (len(tasks) + 2))
        served = [task for task in tasks if task.done() and not task.cancelled()]
        assert all(task.done() for task in tasks)
        assert len(served) <= len(grants)
        assert limiter.try_acquire("after")
        return grants

    grants = asyncio.run(play())
    windows = zip(grants, grants[rate:], strict=False)
    assert all(later - earlier >= WINDOW - 1e-6 for earlier, later in windows)

"""No platform limit is passed, and who waits is served in the order of coming."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import buckets as module
from bridge.buckets import Buckets
from bridge.protocol.capabilities import Bucket, Capabilities, Scope
from bridge.protocol.threads import ThreadKey
from tests.upstream.manual_clock import ManualClock

ONE, TWO = ThreadKey("test:group:1"), ThreadKey("test:group:2")


class Channel:
    """An adapter of which only the limits matter."""

    def __init__(self, **buckets: Bucket) -> None:
        self.capabilities = Capabilities(channel="test", buckets=buckets)


class Grouped(Channel):
    """One that knows groups."""

    def place(self, thread):
        return thread.rpartition(":")[0]


class Moved(ManualClock):
    """A clock that is set by hand."""

    def to(self, passed):
        self._passed = passed


@given(
    rate=st.sampled_from([0.5, 1.0, 20.0]),
    burst=st.integers(1, 5),
    gaps=st.lists(st.sampled_from([0.0, 0.1, 1.0, 7.0]), min_size=1, max_size=40),
)
def test_no_window_holds_more_than_the_bucket(rate, burst, gaps):
    """In any span of t seconds there are at most burst + rate * t calls, in order of coming."""
    clock = Moved()
    buckets, adapter, at, made = (
        Buckets(clock),
        Channel(all=Bucket(rate=rate, burst=burst)),
        0.0,
        [],
    )
    for gap in gaps:
        at += gap
        clock.to(at)
        made.append(at + buckets.reserve(adapter, ("all",), ONE))
    assert made == sorted(made)
    for first, start in enumerate(made):
        for last in range(first, len(made)):
            assert last - first + 1 <= burst + rate * (made[last] - start) + 1e-6


def test_a_call_that_may_go_goes_at_once():
    """A burst is free; then each waits for its token."""
    buckets, adapter = Buckets(Moved()), Channel(all=Bucket(rate=2.0, burst=3))
    assert buckets.free(adapter, ("all",), ONE)
    waits = [buckets.reserve(adapter, ("all",), ONE) for _ in range(5)]
    assert waits == [0.0, 0.0, 0.0, 0.5, 1.0]
    assert not buckets.free(adapter, ("all",), ONE)


def test_the_slowest_bucket_decides():
    """A call that draws from several waits for all of them; unknown and endless ones are free."""
    adapter = Channel(fast=Bucket(rate=10.0), slow=Bucket(rate=0.5), none=Bucket(rate=0.0))
    buckets, names = Buckets(Moved()), ("fast", "slow", "none", "unknown")
    assert [buckets.reserve(adapter, names, ONE) for _ in range(3)] == [0.0, 2.0, 4.0]
    assert buckets.reserve(adapter, ("none", "unknown"), ONE) == 0.0


@pytest.mark.parametrize(
    ("kind", "scope", "together"),
    [
        (Channel, Scope.CHANNEL, True),
        (Grouped, Scope.PLACE, True),
        (Channel, Scope.PLACE, False),
        (Grouped, Scope.THREAD, False),
    ],
)
def test_what_shares_a_bucket(kind, scope, together):
    """The channel, the place where the adapter knows one, or the thread alone."""
    buckets, adapter = Buckets(Moved()), kind(all=Bucket(rate=1.0, scope=scope))
    buckets.reserve(adapter, ("all",), ONE)
    assert buckets.free(adapter, ("all",), TWO) is not together
    assert not buckets.free(adapter, ("all",), ONE)


def test_a_bucket_that_the_platform_closed_waits():
    """Nothing of it for so long; a shorter word later does not open it."""
    clock = Moved()
    buckets, adapter = Buckets(clock), Channel(all=Bucket(rate=1.0, burst=5))
    buckets.block(adapter, "all", ONE, 10.0)
    buckets.block(adapter, "all", ONE, 1.0)
    buckets.block(adapter, "unknown", ONE, 100.0)
    assert buckets.reserve(adapter, ("all",), ONE) == 10.0
    clock.to(10.0)
    assert buckets.free(adapter, ("all",), ONE)


def test_full_buckets_are_forgotten(monkeypatch):
    """Threads come and go; what is full again takes no room, what is not is kept."""
    monkeypatch.setattr(module, "_FORGET_OVER", 10)
    clock = Moved()
    buckets, adapter = Buckets(clock), Channel(all=Bucket(rate=1.0, scope=Scope.THREAD))
    for n in range(11):
        buckets.reserve(adapter, ("all",), ThreadKey(f"test:{n}"))
    buckets.block(adapter, "all", ONE, 100.0)
    clock.to(50.0)
    buckets.reserve(adapter, ("all",), TWO)
    assert (len(buckets._full_at), len(buckets._blocked_until)) == (1, 1)


def test_what_is_spare():
    """More than half of the tokens must be left; a limit of one is spare while it is unused."""
    clock = Moved()
    adapter = Channel(all=Bucket(rate=1.0, burst=4), chat=Bucket(rate=1.0, scope=Scope.THREAD))
    buckets = Buckets(clock)
    assert buckets.spare(adapter, ("all", "chat"), ONE)
    assert (4.0, 1.0) == tuple(buckets.left(adapter, (name,), ONE) for name in ("all", "chat"))
    assert math.inf == buckets.left(adapter, (), ONE)
    buckets.reserve(adapter, ("all",), ONE)
    assert 3.0 == buckets.left(adapter, ("all", "other"), TWO)
    assert buckets.spare(adapter, ("all",), ONE)
    buckets.reserve(adapter, ("all",), ONE)
    assert not buckets.spare(adapter, ("all",), ONE)
    assert 0.0 == buckets.wait(adapter, ("all",), ONE)
    buckets.reserve(adapter, ("chat",), ONE)
    assert not buckets.spare(adapter, ("chat",), ONE)
    assert 1.0 == buckets.wait(adapter, ("chat",), ONE)
    clock.to(4.0)
    assert buckets.spare(adapter, ("all", "chat"), ONE)
    clock.to(1000.0)
    assert (4.0, 1.0) == tuple(buckets.left(adapter, (name,), ONE) for name in ("all", "chat"))
    assert buckets.spare(adapter, (), ONE)

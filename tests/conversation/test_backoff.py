"""Pauses grow and are bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bridge.conversation.backoff import link_pause, look_pause, turn_pause

ATTEMPTS = st.integers(0, 100_000)


@given(ATTEMPTS)
def test_pauses_grow_up_to_their_longest(attempt):
    """A later pause is never shorter, and none passes its bound, however many there were."""
    assert 1.0 <= turn_pause(attempt) <= turn_pause(attempt + 1) <= 30.0
    assert 2.0 <= link_pause(attempt) <= link_pause(attempt + 1) <= 300.0
    assert 5.0 <= look_pause(5.0, attempt, 60.0) <= look_pause(5.0, attempt + 1, 60.0) <= 60.0

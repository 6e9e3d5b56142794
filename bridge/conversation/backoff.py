"""How long to wait before the next attempt. PURE: spread out by attempt alone."""

from __future__ import annotations

_TURN_FIRST, _TURN_LONGEST = 1.0, 30.0
"""Seconds; source of the range: the upstream's documents name none, so exponential, 1 to 30."""

_LINK_FIRST, _LINK_LONGEST = 2.0, 300.0
_DOUBLINGS = 12


def turn_pause(attempt: int) -> float:
    """Return the pause after a turn's attempt that was certainly not taken."""
    return _doubled(_TURN_FIRST, attempt, _TURN_LONGEST)


def link_pause(attempt: int) -> float:
    """Return the pause after an attempt to get the checkout link."""
    return _doubled(_LINK_FIRST, attempt, _LINK_LONGEST)


def look_pause(first: float, attempt: int, longest: float) -> float:
    """Return the pause before the order is looked at again: half as long again each time."""
    return min(longest, first * 1.5 ** min(attempt, 40))


def _doubled(first: float, attempt: int, longest: float) -> float:
    return min(longest, first * float(2 ** min(attempt, _DOUBLINGS)))

"""PURE: many measurements as the few figures that are shown."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def percentile(ordered: Sequence[float], part: float) -> float:
    """Return the value below which this part of the ordered ones lies; 0 of none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def spread(values: Sequence[float], places: int = 0) -> str:
    """Return the median, and in brackets the least and the greatest."""
    middle, least, most = (
        f"{value:.{places}f}" for value in (statistics.median(values), min(values), max(values))
    )
    return f"{middle} ({least}-{most})"

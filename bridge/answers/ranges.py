"""Numbers that fit a prompt, reckoned exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.answers.readings import Why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.protocol.prompts import NumberInput


def fits(widget: NumberInput, number: Decimal) -> bool:
    """Tell whether the number lies in the range and on the step."""
    return misfit(widget, number) is None


def misfit(widget: NumberInput, number: Decimal) -> Why | None:
    """Return why the number can't be taken, or None."""
    if widget.minimum is not None and number < widget.minimum:
        return Why.TOO_SMALL
    if widget.maximum is not None and number > widget.maximum:
        return Why.TOO_LARGE
    if widget.below is not None and number >= widget.below:
        return Why.TOO_LARGE
    if widget.step is not None and widget.step > 0 and Fraction(number) % Fraction(widget.step):
        return Why.OFF_STEP
    return None


def meant(widget: NumberInput, readings: Sequence[Decimal]) -> Decimal | None:
    """Return the reading that fits; of several the whole one, unless the step asks for parts.

    "1,000" where at most 200 fit is a thousand all the same: nobody writes one like that, except
    where the step asks for parts.
    """
    parts = widget.step is not None and widget.step % 1 != 0
    readings = readings[:1] if not parts and all(n % 1 == 0 for n in readings) else readings
    fitting = [number for number in readings if fits(widget, number)]
    return plain(fitting[-1 if parts else 0]) if fitting else None


def plain(number: Decimal) -> Decimal:
    """Return the number without trailing zeros and without an exponent."""
    return Decimal(f"{number.normalize():f}")

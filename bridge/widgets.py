"""PURE: an upstream's question becomes a widget that can be shown and answered.

Knows: what may be wrong with a question. Must not know: what stands around it.

Law: every option can be chosen, so nothing is left out; what makes no sense (a range that holds no
number, a minimum over the count of options) binds nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.phrases import Phrase, Phrases
from bridge.protocol.prompts import MultiSelect, NumberInput, Option, SingleSelect, Widget
from bridge.upstream.chunks import MultiSelectChunk, NumberChunk, SelectOption, SingleSelectChunk

if TYPE_CHECKING:
    from bridge.protocol.threads import Json
    from bridge.upstream.schema import FieldInfo, FormSchema

LARGEST = Decimal(2**53 - 1)
"""Numbers of the upstream's validator lie within ± this; source: the official form package."""

NAMELESS = "…"
"""Stands for a label or value that has nothing to show."""

STEPS = 50
"""A range of more steps is typed (our own bound)."""

FINEST = Decimal("1e-12")
"""A finer step than this is taken for none (our own bound, for exact division)."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?|\x85")


def visible(text: str) -> str:
    """Return the text with plain line ends, without control characters and half characters."""
    if text.isprintable():
        return text
    return _UNSEEN.sub("", _LINE_END.sub("\n", text))


def value_text(value: Json, phrases: Phrases) -> str:
    """Return a value as a person reads it; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return phrases.say(Phrase.YES if value else Phrase.NO)
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(text for item in value if (text := value_text(item, phrases)))
    return visible(str(value)).strip()


def widget_for(
    chunk: SingleSelectChunk | MultiSelectChunk | NumberChunk, schema: FormSchema | None
) -> Widget | None:
    """Return the widget, or None where nothing can be chosen: a question to answer in words."""
    if isinstance(chunk, NumberChunk):
        return _number(chunk)
    if not chunk.options:
        return None
    options = tuple(_option(option) for option in chunk.options)
    if isinstance(chunk, SingleSelectChunk):
        return SingleSelect(options=options, custom=_custom(chunk.custom))
    known = schema.fields.get(chunk.field) if schema else None
    least, most = _how_many(known, len(options))
    return MultiSelect(options=options, custom=_custom(chunk.custom), minimum=least, maximum=most)


def _option(option: SelectOption) -> Option:
    """Return the option with something to show, whatever its label."""
    texts = (visible(option.label), visible(option.value), NAMELESS)
    label = next(text for text in texts if text.strip())
    return Option(label=label, value=option.value)


def _custom(hint: str | None) -> str | None:
    return None if hint is None else visible(hint).strip()


def _how_many(known: FieldInfo | None, count: int) -> tuple[int, int | None]:
    """Return how few and how many may be chosen of `count`, by the schema where it makes sense."""
    if known is None:
        return 0, None
    least = min(max(known.minimum, int(known.required)), count)
    most = known.maximum
    return least, most if most is None or most >= max(least, 1) else None


def _number(chunk: NumberChunk) -> NumberInput:
    """Return the number's range and step as far as they can be met."""
    minimum, maximum = sane(chunk.minimum), sane(chunk.maximum)
    below = sane(chunk.below) if maximum is None else None
    if minimum is not None and (
        (maximum is not None and minimum > maximum) or (below is not None and minimum >= below)
    ):
        minimum = maximum = below = None
    asked = NumberInput(minimum=minimum, maximum=maximum, below=below, step=sane(chunk.step))
    if asked.step is None or _reachable(asked, asked.step):
        return asked
    return NumberInput(minimum=minimum, maximum=maximum, below=below)


def sane(given: Decimal | None) -> Decimal | None:
    """Return a number that the upstream's validator can mean, else None."""
    return given if given is not None and given.is_finite() and abs(given) <= LARGEST else None


def _reachable(asked: NumberInput, step: Decimal) -> bool:
    """Tell whether a multiple of `step` lies in the range."""
    if step < FINEST:
        return False
    if asked.minimum is None:
        return True
    quotient = asked.minimum // step
    lowest = quotient * step
    if lowest < asked.minimum:
        lowest += step
    above = asked.maximum is not None and lowest > asked.maximum
    return not above and (asked.below is None or lowest < asked.below)


def lowest(widget: Widget) -> Decimal | None:
    """Return where a stepper begins: the lowest number that fits; None where there is none.

    None also where stepping would take too long.
    """
    if not isinstance(widget, NumberInput) or widget.minimum is None:
        return None
    highest = widget.maximum if widget.maximum is not None else widget.below
    if highest is None or (highest - widget.minimum) / (widget.step or 1) > STEPS:
        return None
    if not widget.step:
        return widget.minimum
    return -(-widget.minimum // widget.step) * widget.step

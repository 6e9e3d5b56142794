"""PURE: how the answer to an upstream's prompt is sent back, and how it is shown.

Knows: what the upstream takes. Must not know: by which widget or words the person answered.

Source: the documents don't say how a choice is sent. The label drives the conversation; the value
beside it sets the field exactly. Where both might disagree (a payment, an answer of one's own, a
value that is not of the field's kind), only the words are sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING

from bridge.phrases import Phrase, Phrases
from bridge.protocol.prompts import MultiSelect, options_of
from bridge.widgets import sane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.prompts import Prompt
    from bridge.protocol.threads import Json
    from bridge.upstream.schema import FieldInfo, FormSchema


class ChoiceMode(Enum):
    """What is sent for a choice; the words of the setting WIX_CHOICE."""

    LABEL = "label"
    LABEL_AND_VALUES = "label+values"
    VALUES = "values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What goes upstream for one answer: `text` (None where the values say all) and `values`."""

    text: str | None
    values: Mapping[str, Json] = field(default_factory=dict[str, "Json"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A person's answer to one prompt: positions of options, words of their own, or a number."""

    chosen: tuple[int, ...] = ()
    custom: str | None = None
    number: Decimal | None = None


def input_for(
    prompt: Prompt,
    given: Given,
    *,
    several: bool,
    mode: ChoiceMode,
    schema: FormSchema | None,
    phrases: Phrases,
) -> Input:
    """Return what to send for an answer.

    `several`: the answer stands beside others in one message, so it says which question it is for.
    """
    values = _values(prompt, given, None if mode is ChoiceMode.LABEL else schema)
    if values and mode is ChoiceMode.VALUES:
        return Input(text=None, values=values)
    text = given_text(prompt, given, phrases)
    return Input(text=f"{_name(prompt)}: {text}" if several else text, values=values)


def given_text(prompt: Prompt, given: Given, phrases: Phrases) -> str:
    """Return the answer in words, as it is sent and shown: "Chocolate", "Nuts, Candles", "20"."""
    if given.number is not None:
        return number_text(given.number)
    options = options_of(prompt.widget)
    words = [options[place].label for place in given.chosen]
    words += [given.custom] if given.custom is not None else []
    return ", ".join(words) or phrases.say(Phrase.NONE_OF_THESE)


def within(prompt: Prompt, given: Given, room: int) -> str | None:
    """Return the chosen labels in at most `room` characters, long ones cut; None for own words.

    Whoever taps can't shorten a label, and the beginning of one tells enough.
    """
    if given.custom is not None or not given.chosen:
        return None
    each = room // len(given.chosen) - len(", …")
    options = options_of(prompt.widget)
    labels = [options[place].label for place in given.chosen]
    return ", ".join(label if len(label) <= each else f"{label[:each]}…" for label in labels)


def number_text(number: Decimal) -> str:
    """Return a number as plain digits, without an exponent or needless zeros: "1000", "2.5"."""
    digits = format(number + 0 if number == 0 else number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _name(prompt: Prompt) -> str:
    """Return the question on one line, ready for a colon and its answer."""
    return " ".join(prompt.question.split()).rstrip(" :?\uff1a\uff1f")


def _values(prompt: Prompt, given: Given, schema: FormSchema | None) -> Mapping[str, Json]:
    """Return the field's value, or nothing where only the words may be sent."""
    known = schema.fields.get(prompt.field) if schema else None
    if known is None or given.custom is not None:
        return {}
    value = _value(prompt, given, known)
    return {} if value is None else {prompt.field: value}


def _value(prompt: Prompt, given: Given, known: FieldInfo) -> Json:
    """Return the value in the field's own kind; None where it has none."""
    if given.number is not None:
        return _typed(known.input_type or "NUMBER", number_text(given.number))
    options = options_of(prompt.widget)
    values = [options[place].value for place in given.chosen]
    if None in values:
        return None
    several = isinstance(prompt.widget, MultiSelect) and not known.input_type
    if several or known.input_type == "ARRAY":
        return values
    return _typed(known.input_type, values[0]) if len(values) == 1 else None


def _typed(kind: str, value: Json) -> Json:
    """Return one value as a field of this kind takes it; PAYMENT, like all others, takes none."""
    if not kind:
        return value
    if kind == "STRING":
        return str(value)
    if kind == "NUMBER":
        return _number(str(value))
    return {"true": True, "false": False}.get(str(value)) if kind == "BOOLEAN" else None


def _number(digits: str) -> Json:
    """Return a JSON number, or None for what is none or lies outside the upstream's range."""
    try:
        number = sane(Decimal(digits))
    except InvalidOperation:
        return None
    if number is None:
        return None
    whole = number == number.to_integral_value()
    return int(number) if whole else float(number)

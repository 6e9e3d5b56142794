"""The question for each kind of field: a short text and, where there is one, its input chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.sandbox.engine import chunks
from bridge.sandbox.engine.chunks import MAX_OPTIONS
from bridge.sandbox.engine.labels import priced
from bridge.sandbox.engine.members import plain
from bridge.sandbox.engine.people import part_of_name
from bridge.sandbox.engine.schema import Field, Kind, Product

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from bridge.protocol.threads import JsonObject

YES = "yes"
NO = "no"
_SHORT_LABEL = 4
"""Words of a label up to which it fits into a sentence of ours."""
_NAMES = {
    "first": "What's your first name?",
    "last": "And your last name?",
    "full": "What's your name?",
}


def question(field: Field) -> str:
    """Return the words in which a field is asked; a label that is a question stands as it is."""
    label = field.label.strip()
    if label.endswith("?"):
        return label
    if label.endswith(":"):
        label = label.rstrip(": ")
    if part := part_of_name(field):
        return _NAMES[part]
    if field.kind is Kind.BOOLEAN and (field.must_be or label.lower().startswith(("i ", "we "))):
        return _statement(label)
    if len(label.split()) > _SHORT_LABEL or not label[:1].isalpha():
        return _long(field, label)
    return _WORDING.get(field.kind, _plainly)(label, _inside(label))


def _long(field: Field, label: str) -> str:
    ends = label[-1:] in ".!?\u2026"
    if field.kind is Kind.BOOLEAN:
        return _statement(label)
    return label if ends else f"{label}?"


def _statement(label: str) -> str:
    return f"Please confirm: {label}" if label[-1:] in ".!\u2026" else f"Please confirm: {label}."


def _inside(label: str) -> str:
    """Return a label for the middle of a sentence: "Event date" -> "event date", "VAT id" stays."""
    head = label.split(maxsplit=1)[0]
    return label if head.isupper() and len(head) > 1 else f"{label[0].lower()}{label[1:]}"


def _plainly(label: str, inside: str) -> str:
    del inside
    return f"{label}?"


def _reach(label: str, inside: str) -> str:
    del label
    asked = {"email": "e-mail address", "e-mail": "e-mail address", "phone": "phone number"}
    return f"What's your {asked.get(inside, inside)}?"


def _when(label: str, inside: str) -> str:
    known = any(word in inside.split() for word in ("date", "day", "time"))
    return f"What's the {inside}?" if known else f"{label}: when?"


_WORDING: Mapping[Kind, Callable[[str, str], str]] = {
    Kind.EMAIL: _reach,
    Kind.PHONE: _reach,
    Kind.CHOICE: lambda _, inside: f"Which {inside}?",
    Kind.CHOICES: lambda _, inside: f"Any {inside}?",
    Kind.DATE: _when,
    Kind.TIME: _when,
    Kind.DATE_TIME: _when,
}


def ask(field: Field) -> tuple[JsonObject, ...]:
    """Return the question for a field with its input."""
    words = question(field)
    hint = _hint(field)
    optional = "" if field.required else " (Optional: or say skip.)"
    if field.kind is Kind.BOOLEAN and not field.required:
        optional = ""
    return (chunks.text(f"{words}{hint}{optional}"), *_INPUTS.get(field.kind, _no_input)(field))


def _hint(field: Field) -> str:
    return _HINTS[field.kind](field) if field.kind in _HINTS else ""


def _more(field: Field) -> str:
    count = len(field.options)
    if count <= MAX_OPTIONS:
        return ""
    return f" Here are the first {MAX_OPTIONS} of {count}; the others can be typed."


def _stars(field: Field) -> str:
    if any(map(str.isdigit, field.label)):
        return ""
    return f" ({field.minimum} to {field.maximum})"


def _suggested(field: Field) -> str:
    listed = ", ".join(str(each.value) for each in field.options)
    return f" For example {listed}." if listed else ""


_HINTS: Mapping[Kind, Callable[[Field], str]] = {
    Kind.CHOICE: _more,
    Kind.CHOICES: _more,
    Kind.RATING: _stars,
    Kind.AMOUNT: _suggested,
    Kind.ADDRESS: lambda _: " Street, town and postal code in one line, please.",
}


def _no_input(field: Field) -> tuple[JsonObject, ...]:
    del field
    return ()


def _options(field: Field) -> tuple[JsonObject, ...]:
    if not field.options:
        return ()
    listed = [(str(each.value), each.label) for each in field.options]
    several = field.kind is Kind.CHOICES and field.most > 1
    return (chunks.select(field.target, listed, several=several, custom=field.custom),)


def _products(field: Field) -> tuple[JsonObject, ...]:
    listed = [(each.id, priced(each.label, each.price)) for each in field.products]
    several = field.most > 1 and len(field.products) > 1
    return (chunks.select(field.target, listed, several=several),)


def _number(field: Field) -> tuple[JsonObject, ...]:
    return (
        chunks.number(
            field.target,
            low=_finite(field.minimum),
            high=_finite(field.maximum),
            step=_finite(field.step),
        ),
    )


def _finite(number: Decimal | None) -> float | None:
    return None if number is None else plain(number)


def _truth(field: Field) -> tuple[JsonObject, ...]:
    return (chunks.select(field.target, [("true", "Yes"), ("false", "No")], several=False),)


def _amount(field: Field) -> tuple[JsonObject, ...]:
    return _amount_input(field, field.products[0])


def _amount_input(field: Field, product: Product) -> tuple[JsonObject, ...]:
    low, high = _finite(product.low), _finite(product.high)
    return (chunks.number(field.target, low=low, high=high, step=0.01),)


def ask_quantity(field: Field, product: Product) -> tuple[JsonObject, ...]:
    """Return the question how many of a product."""
    words = (
        f"How many of these: {product.name}?"
        if " " in product.name
        else f"How many {product.name}?"
    )
    limits = chunks.number(field.target, low=product.least, high=product.most, step=1)
    return (chunks.text(words), limits)


def ask_amount(field: Field, product: Product) -> tuple[JsonObject, ...]:
    """Return the question for the amount of a product whose price the person chooses."""
    upper = f" to {product.high}" if product.high is not None else " or more"
    words = f"{product.name}: how much? ({product.low}{upper})"
    return (chunks.text(words), *_amount_input(field, product))


_INPUTS: Mapping[Kind, Callable[[Field], tuple[JsonObject, ...]]] = {
    Kind.CHOICE: _options,
    Kind.CHOICES: _options,
    Kind.PRODUCTS: _products,
    Kind.NUMBER: _number,
    Kind.RATING: _number,
    Kind.BOOLEAN: _truth,
    Kind.AMOUNT: _amount,
}


def cannot(field: Field) -> tuple[JsonObject, ...]:
    """Return what is said of a field that a conversation can't answer.

    The chunk of a file or a signature says so by itself; the others have none.
    """
    if field.kind is Kind.FILE:
        return (chunks.upload(field.target),)
    if field.kind is Kind.SIGNATURE:
        return (chunks.signature(field.target),)
    advice = f"{field.name}: this can't be given here. Please use the form on the web page for it."
    return (chunks.important(field.target, advice),)

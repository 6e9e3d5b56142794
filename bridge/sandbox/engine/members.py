"""Members of a JSON object, read with their kind; what is absent or of another kind is empty."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject


def text_of(source: JsonObject, key: str) -> str:
    """Return a string member, or ""."""
    value = source.get(key)
    return value if isinstance(value, str) else ""


def object_of(source: JsonObject, key: str) -> JsonObject:
    """Return an object member, or an empty object."""
    value = source.get(key)
    return value if isinstance(value, Mapping) else {}


def items_of(source: JsonObject, key: str) -> tuple[Json, ...]:
    """Return an array member, or nothing."""
    return items(source.get(key))


def items(value: Json) -> tuple[Json, ...]:
    """Return the items of an array; anything else has none."""
    if value is None or isinstance(value, bool | int | float | str | Mapping):
        return ()
    return tuple(value)


def objects_of(source: JsonObject, key: str) -> tuple[JsonObject, ...]:
    """Return the objects of an array member."""
    return tuple(item for item in items_of(source, key) if isinstance(item, Mapping))


def number_of(source: JsonObject, key: str) -> Decimal | None:
    """Return a finite number, which may be written as a string."""
    return decimal(source.get(key))


def decimal(value: Json) -> Decimal | None:
    """Return a finite number, or None for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def plain(number: Decimal) -> int | float:
    """Return a number as JSON has it: whole numbers without a point."""
    return int(number) if number == number.to_integral_value() else float(number)


def count_of(source: JsonObject, key: str) -> int | None:
    """Return a whole number, or None."""
    number = number_of(source, key)
    return None if number is None else int(number)

"""Members of a foreign JSON object, read with a default.

Nothing here raises: what is absent, null or of another kind is the kind's empty value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject

_NOTHING: JsonObject = {}


def text(raw: JsonObject, name: str) -> str:
    """Return a string, or ""."""
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def flag(raw: JsonObject, name: str) -> bool:
    """Return whether the member is true."""
    return raw.get(name) is True


def whole(raw: JsonObject, name: str) -> int | None:
    """Return a whole number, also one written as a string (int64) or a float, or None."""
    value = raw.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def nested(raw: JsonObject, name: str) -> JsonObject:
    """Return an object, or the empty one."""
    return as_object(raw.get(name))


def objects(raw: JsonObject, name: str) -> tuple[JsonObject, ...]:
    """Return the objects of a list; its other items are left out."""
    value = raw.get(name)
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(item for item in value if isinstance(item, Mapping))


def as_object(value: Json) -> JsonObject:
    """Return the value where it is an object, else the empty one."""
    return value if isinstance(value, Mapping) else _NOTHING


def as_text(value: Json) -> str | None:
    """Return a scalar as the text that stands for it in JSON; None for null, lists and objects."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return number_text(value)
        case _:
            return None


def number_text(value: float) -> str | None:
    """Return a number in decimal digits; None for one of too many digits to be written."""
    try:
        return str(value)
    except ValueError:  # more than sys.get_int_max_str_digits() digits
        return None

"""Values of the contract as JSON text and back, without loss.

A dataclass becomes an object with its class name under "@" and those members that differ from
their defaults; enums and decimals likewise. Sequences come back as tuples. Only classes of the
contract are made again, whatever the text says.
"""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from bridge.protocol import calls, events, prompts

T = TypeVar("T")
_TAG = "@"
_PLAIN: frozenset[object] = frozenset({str, int, float, bool})
_LISTS: frozenset[object] = frozenset({tuple, list})
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Kept: `json.dumps` with options of ours makes an encoder at each call."""


def encode(value: object) -> str:
    """Return `value` as JSON text. Raises TypeError for what is no value of the contract."""
    return _write(_plain(value))


def dumps(value: object) -> str:
    """Return plain JSON text, for values that are JSON already."""
    return _write(value)


def decode(text: str, kind: type[T]) -> T:
    """Return the value that `encode` was given. Raises ValueError where it is not a `kind`."""
    value = _value(json.loads(text))
    if not isinstance(value, kind):
        raise ValueError(f"the stored text is no {kind.__name__}")  # noqa: TRY004 - bad data, not a bad call
    return value


def _plain(value: Any) -> Any:
    kind = cast("object", type(value))
    if value is None or kind in _PLAIN:
        return value
    if kind in _LISTS:
        return [_plain(item) for item in value]
    if kind is dict:
        plain = {key: _plain(item) for key, item in value.items()}
        return {_TAG: "dict", "v": plain} if _TAG in plain else plain
    if kind is Decimal:
        return {_TAG: "Decimal", "v": str(value)}
    if isinstance(value, Enum):
        return {_TAG: type(value).__name__, "v": value.value}
    return _object(value)


def _object(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {_TAG: type(value).__name__}
    for name, default in _members(type(value).__name__):
        item = getattr(value, name)
        if item is not default and item != default:
            plain[name] = _plain(item)
    return plain


@cache
def _members(name: str) -> tuple[tuple[str, object], ...]:
    kind = _classes().get(name)
    if kind is None:
        raise TypeError(f"{name} is not of the contract")
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


def _value(plain: Any) -> Any:
    kind = cast("object", type(plain))
    if kind is list:
        return tuple(_value(item) for item in plain)
    return _tagged(plain) if kind is dict else plain


def _tagged(plain: dict[str, Any]) -> Any:
    tag = plain.pop(_TAG, None)
    if tag is None:
        return {key: _value(item) for key, item in plain.items()}
    if tag == "dict":
        return {key: _value(item) for key, item in plain["v"].items()}
    if tag == "Decimal":
        return Decimal(plain["v"])
    return _made(str(tag), plain)


def _made(tag: str, plain: dict[str, Any]) -> Any:
    kind = _classes().get(tag)
    if kind is None:
        raise ValueError("the stored text names an unknown class")
    if issubclass(kind, Enum):
        return kind(plain["v"])
    return kind(**{key: _value(item) for key, item in plain.items()})


@cache
def _classes() -> dict[str, type[Any]]:
    return {
        name: kind
        for module in (calls, events, prompts)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and kind.__module__ == module.__name__
    }

"""Reading a request: whatever bytes come, the outcome is JSON of a sane shape or a 400."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, NoReturn, cast

from starlette.requests import ClientDisconnect

from bridge.sandbox.errors import Refusal, invalid

if TYPE_CHECKING:
    from starlette.requests import Request

    from bridge.protocol.threads import Json, JsonObject

MAX_BODY = 1024 * 1024
MAX_DEPTH = 64
_EXACT_DIGITS = 15
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


async def read_object(request: Request) -> JsonObject:
    """Return the body, a JSON object; an absent one is empty."""
    raw = await _bytes(request)
    if not raw.strip():
        return {}
    value = parse(raw)
    if not isinstance(value, dict):
        raise invalid("", "the body must be a JSON object", "INVALID_TYPE")
    return cast("JsonObject", value)


async def _bytes(request: Request) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > MAX_BODY:
                raise invalid("", f"the body is longer than {MAX_BODY} bytes", "MAX_LENGTH")
            pieces.append(piece)
    except ClientDisconnect:
        raise invalid("", "the body ended early") from None
    return b"".join(pieces)


def parse(raw: bytes) -> Json:
    """Return JSON that can be written back: finite, of bounded depth, without half characters."""
    try:
        value = cast(
            "Json",
            json.loads(
                raw.decode("utf-8"),
                parse_int=_integer,
                parse_float=_real,
                parse_constant=_constant,
            ),
        )
    except (ValueError, RecursionError):
        raise invalid("", "the body is not valid JSON in UTF-8", "INVALID_JSON") from None
    _check(value)
    return value


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _EXACT_DIGITS else _whole(_real(digits))


def _whole(number: float) -> int | float:
    return int(number) if abs(number) <= 2**53 else number


def _real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("too large")
    return number


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check(value: Json) -> None:
    layer: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        layer = [inner for outer in layer for inner in _inside(outer)]
        if not layer:
            return
    raise invalid("", f"the body is nested deeper than {MAX_DEPTH} levels")


def _inside(value: Json) -> list[Json]:
    if isinstance(value, str):
        _writable(value)
        return []
    if isinstance(value, dict):
        members = value
        return [*members, *members.values()]
    return list(value) if isinstance(value, list) else []


def _writable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise invalid("", "the body holds half a surrogate pair") from None


def guid(value: Json, name: str) -> str:
    """Return a GUID in lower case."""
    if not isinstance(value, str) or not _GUID.fullmatch(value):
        raise invalid(name, "value is not a valid GUID", "FORMAT")
    return value.lower()


def optional_object(body: JsonObject, name: str) -> JsonObject | None:
    """Return an object member, or None."""
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise _mistyped(name, "an object")
    return cast("JsonObject | None", value)


def optional_list(body: JsonObject, name: str) -> list[Json]:
    """Return a list member, or an empty list."""
    value = body.get(name)
    if value is not None and not isinstance(value, list):
        raise _mistyped(name, "a list")
    return value or []


def optional_text(body: JsonObject, name: str, *, maximum: int) -> str | None:
    """Return a text member of at most `maximum` characters, or None."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _mistyped(name, "a string")
    if len(value) > maximum:
        raise invalid(name, f"is longer than {maximum} characters", "MAX_LENGTH")
    return value


def optional_flag(body: JsonObject, name: str) -> bool:
    """Return a boolean member; absent is False."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise _mistyped(name, "a boolean")
    return bool(value)


def _mistyped(name: str, kind: str) -> Refusal:
    return invalid(name, f"must be {kind}", "INVALID_TYPE")

"""JSON values of requests, read without trust; numbers and objects may come as strings.

Source: core.telegram.org/bots/api#making-requests (JSON, form or query string; what is no
string is JSON-serialised in the last two).
"""

from __future__ import annotations

import json
from typing import TypeAlias, cast

Body: TypeAlias = dict[str, object]
"""A JSON object. Those that are stored belong to their message and are never changed in place."""

_OBJECTS = frozenset(
    [
        "reply_markup",
        "entities",
        "reply_parameters",
        "link_preview_options",
        "allowed_updates",
        "commands",
        "scope",
    ]
)


class Refused(Exception):
    """Telegram refuses the request.

    `code` is both the HTTP status and `error_code`; `parameters` say what to do about it.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(reason: str) -> Refused:
    """Return the refusal of a request that can't be right."""
    return Refused(400, f"Bad Request: {reason}")


def decoded(fields: dict[str, object]) -> Body:
    """Return the parameters, with those that are objects decoded where they came as strings."""
    for name in _OBJECTS & fields.keys():
        value = fields[name]
        if isinstance(value, str) and value:
            fields[name] = _json(value)
    return fields


def words(body: Body, name: str) -> str:
    """Return a string; "" where there is none."""
    value = body.get(name)
    return value if isinstance(value, str) else ""


def number(body: Body, name: str, default: int = 0) -> int:
    """Return a whole number; `default` where there is none."""
    value = body.get(name)
    if isinstance(value, int):
        return value
    try:
        return int(cast("str", value))
    except (TypeError, ValueError):
        return default


def flag(body: Body, name: str) -> bool:
    """Return whether something is said to be so."""
    return body.get(name) in (True, "true", "True", "1")


def child(body: Body, name: str) -> Body:
    """Return an object; an empty one where there is none."""
    value = body.get(name)
    return cast("Body", value) if isinstance(value, dict) else {}


def listed(body: Body, name: str) -> list[object]:
    """Return a list; an empty one where there is none."""
    value = body.get(name)
    return cast("list[object]", value) if isinstance(value, list) else []


def children(body: Body, name: str) -> list[Body]:
    """Return the objects of a list."""
    return objects(listed(body, name))


def objects(value: object) -> list[Body]:
    """Return the objects of what may be a list."""
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Body", item) for item in items if isinstance(item, dict)]


def units(text: str) -> int:
    """Return the length in UTF-16 code units, in which Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _json(value: str) -> object:
    try:
        return cast("object", json.loads(value))
    except ValueError:
        return value

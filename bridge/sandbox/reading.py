"""Reading a form's schema tolerantly: what is absent or odd reads as empty. PURE."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject


def member(source: JsonObject, name: str) -> JsonObject:
    """Return an object member, or an empty one."""
    value = source.get(name)
    return cast("JsonObject", value) if isinstance(value, dict) else {}


def text(source: JsonObject, name: str) -> str:
    """Return a text member, or ""."""
    value = source.get(name)
    return value if isinstance(value, str) else ""


def objects(value: Json) -> list[JsonObject]:
    """Return the objects of a list, or nothing."""
    found = value if isinstance(value, list) else []
    return [cast("JsonObject", item) for item in found if isinstance(item, dict)]


def items(source: JsonObject) -> list[JsonObject]:
    """Return every object member."""
    return objects(list(source.values()))


def inputs(form: JsonObject) -> list[JsonObject]:
    """Return the `inputOptions` of a form's fields, in the array's order."""
    found = [member(field, "inputOptions") for field in objects(form.get("formFields"))]
    return [options for options in found if options]


def rich_text(node: JsonObject) -> str:
    """Return the plain text of rich content; the label of a checkbox is of that kind."""
    own = text(member(node, "textData"), "text")
    return own + "".join(rich_text(inner) for inner in objects(node.get("nodes")))

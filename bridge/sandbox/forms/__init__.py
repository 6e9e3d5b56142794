"""The forms that ship with the sandbox, in the real schema's shape; their ids never change."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from bridge.protocol.threads import JsonObject

FILES = {
    "cake": "cake_order.json",
    "equipment": "equipment_request.json",
    "event": "event_registration.json",
    "everything": "everything.json",
}
"""Slug of each form and its file."""


def shipped() -> dict[str, JsonObject]:
    """Return the shipped forms by slug, each `{"form": {...}}`."""
    return {slug: _read(name) for slug, name in FILES.items()}


def _read(name: str) -> JsonObject:
    source = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return cast("JsonObject", json.loads(source))

"""Forms of a test's own for the sandbox, in the real schema's shape.

house = await build(quiz=[single("town", "Nearest town", TOWNS), number("stars", "Stars", 1, 5)])
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bridge.forms import FormEntry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORM = "00000000-0000-4000-8000-0000000c0123"
SLUG = "quiz"


def single(target: str, label: str, labels: Sequence[str], *, custom: bool = False) -> dict:
    """Return a question for one of these; the value of each is `v` and its number."""
    shown = {"label": label, "showLabel": True, "options": _options(labels)}
    if custom:
        shown["customOption"] = {"label": "Other", "placeholder": "Your own"}
    options = {
        "validation": {"format": "UNKNOWN_FORMAT"},
        "componentType": "RADIO_GROUP",
        "radioGroupOptions": shown,
    }
    return _field(target, "RADIO_GROUP", "STRING", stringOptions=options)


def several(target: str, label: str, labels: Sequence[str], least: int, most: int) -> dict:
    """Return a question for some of these."""
    items = {"itemType": "STRING", "stringOptions": {}}
    options = {
        "validation": {"minItems": least, "maxItems": most, "items": items},
        "componentType": "CHECKBOX_GROUP",
        "checkboxGroupOptions": {"label": label, "showLabel": True, "options": _options(labels)},
    }
    return _field(target, "CHECKBOX_GROUP", "ARRAY", arrayOptions=options)


def number(target: str, label: str, least: float, most: float, step: float = 1) -> dict:
    """Return a question for a number, which the upstream asks by a widget."""
    options = {
        "validation": {"minimum": least, "maximum": most, "multipleOf": step},
        "componentType": "RATING_INPUT",
        "ratingInputOptions": {"label": label, "showLabel": True},
    }
    return _field(target, "RATING_INPUT", "NUMBER", numberOptions=options)


def text(target: str, label: str) -> dict:
    """Return a question for words."""
    return _typed(target, label, "TEXT_INPUT", {"format": "UNKNOWN_FORMAT", "enum": []})


def phone(target: str, label: str) -> dict:
    """Return a question for a telephone number."""
    wanted = {"format": "PHONE", "enum": [], "phoneOptions": {"allowedCountryCodes": []}}
    return _typed(target, label, "PHONE_INPUT", wanted)


def lay_out(folder: Path, fields: Sequence[dict], channel: str) -> FormEntry:
    """Write the form where the sandbox finds it; return its entry, the channel's default."""
    numbered = [{**field, "id": _id(n)} for n, field in enumerate(fields, 1)]
    form = {
        "id": FORM,
        "namespace": "wix.form_app.form",
        "name": "Quiz",
        "enabled": True,
        "revision": "1",
        "createdDate": "2026-05-01T09:00:00.000Z",
        "updatedDate": "2026-05-02T09:00:00.000Z",
        "formFields": numbered,
        "steps": [{"id": _id(900), "name": "Page 1", "hidden": False}],
    }
    folder.mkdir()
    (folder / f"{SLUG}.json").write_text(json.dumps({"form": form}))
    return FormEntry(slug=SLUG, form_id=FORM, title="Quiz", default_for=(channel,))


def _typed(target: str, label: str, component: str, wanted: dict) -> dict:
    name = {"TEXT_INPUT": "textInputOptions", "PHONE_INPUT": "phoneInputOptions"}[component]
    options = {
        "validation": wanted,
        "componentType": component,
        name: {"label": label, "showLabel": True},
    }
    return _field(target, component, "STRING", stringOptions=options)


def _field(target: str, identifier: str, kind: str, **options: dict) -> dict:
    answer = {
        "target": target,
        "pii": False,
        "required": True,
        "inputType": kind,
        "readOnly": False,
    }
    return {
        "hidden": False,
        "identifier": identifier,
        "fieldType": "INPUT",
        "inputOptions": answer | options,
    }


def _options(labels: Sequence[str]) -> list[dict]:
    return [
        {"id": _id(100 + n), "label": label, "value": f"v{n}", "default": False}
        for n, label in enumerate(labels)
    ]


def _id(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012d}"

"""The forms of the sandbox's site: those that ship, and those of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.sandbox.bodies import parse
from bridge.sandbox.engine import Form, FormError
from bridge.sandbox.errors import Refusal, SandboxUnfit
from bridge.sandbox.forms import shipped
from bridge.sandbox.reading import inputs, items, member, objects, rich_text, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bridge.protocol.threads import Json, JsonObject

MAX_SUMMARY = 255
"""Characters of an AI summary; source: Generate Form Summary."""

_FORMATS = frozenset(
    {
        *("DATE", "TIME", "DATE_TIME", "DATE_OPTIONAL_TIME", "EMAIL", "PHONE", "URL", "URI"),
        *("HOSTNAME", "UUID", "COLOR_HEX", "CURRENCY", "LANGUAGE"),
    }
)
_KINDS = {
    ("NUMBER", "RATING_INPUT"): "RATING",
    ("WIX_FILE", "SIGNATURE"): "SIGNATURE",
    ("ADDRESS", "MULTILINE_ADDRESS"): "MULTILINE_ADDRESS",
}
_PLAIN_KINDS = frozenset({"STRING", "NUMBER", "BOOLEAN", "ARRAY", "OBJECT", "WIX_FILE", "PAYMENT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxForm:
    """One form: as Get Form gives it, and as the engine reads it."""

    raw: JsonObject
    form: Form

    @property
    def id(self) -> str:
        """Return its GUID."""
        return text(self.raw, "id")


def load(folder: Path | None) -> Mapping[str, SandboxForm]:
    """Return all forms by id, shipped ones first; raise `SandboxUnfit` for one that can't be."""
    forms: dict[str, SandboxForm] = {}
    for name, document in (*shipped().items(), *_folder(folder)):
        try:
            raw = member(document, "form")
            form = SandboxForm(raw=raw, form=Form.read(raw))
        except FormError as error:
            raise SandboxUnfit(f"Correct the form {name}: {error}") from error
        if forms.setdefault(form.id.lower(), form) is not form:
            raise SandboxUnfit(f"Give the form {name} another id: {form.id} is taken.")
    return forms


def _folder(folder: Path | None) -> Iterator[tuple[str, JsonObject]]:
    if folder is None:
        return
    if not folder.is_dir():
        raise SandboxUnfit(f"Name a folder that exists: there is none at {folder}.")
    for path in sorted(folder.glob("*.json")):
        yield path.name, _read(path)


def _read(path: Path) -> JsonObject:
    try:
        document = parse(path.read_bytes())
    except OSError:
        raise SandboxUnfit(f"Make {path.name} readable.") from None
    except Refusal:
        raise SandboxUnfit(f"Correct {path.name}: it is not valid JSON in UTF-8.") from None
    if not isinstance(document, dict) or not isinstance(document.get("form"), dict):
        raise SandboxUnfit(f'Put the form of {path.name} into {{"form": ...}}.')
    return document


def digest(raw: JsonObject) -> JsonObject:
    """Return the field digest of Get Form Summary."""
    fields: list[Json] = [
        _digest_field(field) for field in objects(raw.get("formFields")) if "inputOptions" in field
    ]
    return {"id": text(raw, "id"), "fields": fields}


def _digest_field(field: JsonObject) -> JsonObject:
    options = member(field, "inputOptions")
    components = [part for typed in items(options) for part in items(typed)]
    choices = [option for part in components for option in objects(part.get("options"))]
    return {
        "id": text(field, "id"),
        "target": text(options, "target"),
        "label": field_label(options),
        "type": _kind(options),
        "options": [
            {"label": text(choice, "label"), "value": text(choice, "value")} for choice in choices
        ],
        "deleted": False,
        "fields": [],
    }


def field_label(options: JsonObject) -> str:
    """Return a field's label from its `inputOptions`; of a checkbox it is rich content."""
    for typed in items(options):
        for component in items(typed):
            label = text(component, "label") or rich_text(member(component, "label"))
            if label:
                return label
    return ""


def _kind(options: JsonObject) -> str:
    asked = text(options, "inputType")
    for typed in items(options):
        form = text(member(typed, "validation"), "format")
        if form in _FORMATS:
            return form
        special = _KINDS.get((asked, text(typed, "componentType")))
        if special:
            return special
    return asked if asked in _PLAIN_KINDS else "UNKNOWN_INPUT_TYPE"


def summarise(raw: JsonObject) -> str:
    """Return what Generate Form Summary says of a form: one sentence."""
    labels = [label for label in map(field_label, inputs(raw)) if label]
    name = text(raw, "name") or "This form"
    sentence = f"{name}: asks for {', '.join(labels)}." if labels else f"{name}."
    return sentence if len(sentence) <= MAX_SUMMARY else sentence[: MAX_SUMMARY - 1] + "…"

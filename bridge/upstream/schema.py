"""What the core needs of a form's schema (Forms v4), read tolerantly.

Source: `form.formFields` of Get Form; the order of fields is the layout's, not the array's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.upstream.members import as_object, as_text, flag, nested, objects, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bridge.protocol.threads import Json, JsonObject

LAYOUTS = ("large", "medium", "small")
"""The sizes of a step's layout, the one to go by first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    """One input field.

    `input_type`: STRING NUMBER BOOLEAN ARRAY PAYMENT WIX_FILE ADDRESS SCHEDULING OBJECT or "".
    `format`: EMAIL PHONE DATE ... or "". `labels`: of its options, by value.
    `minimum`, `maximum`: how many of an array's options may be chosen.
    """

    target: str
    label: str
    input_type: str = ""
    format: str = ""
    required: bool = False
    pii: bool = False
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSchema:
    """One form; `fields` by target, in display order."""

    id: str
    name: str
    fields: Mapping[str, FieldInfo] = field(default_factory=dict[str, FieldInfo])
    submit_text: str = ""

    def name_of(self, target: str) -> str:
        """Return the field's label for use before a colon: without a closing ":" or "?"."""
        return self.label(target).rstrip(" :?\uff1a\uff1f") or self.label(target)

    def label(self, target: str) -> str:
        """Return what to call the field: its label, or the target made readable."""
        known = self.fields.get(target)
        return known.label if known and known.label else readable(target)


def readable(target: str) -> str:
    """Return a target as words: `event_date` -> "Event date"."""
    words = target.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def read_form(raw: JsonObject) -> FormSchema:
    """Return the schema of Get Form's `form` object; what can't be read is left out.

    Hidden fields are kept, since a rule of the form may show them.
    """
    places = _places(raw)
    ordered = sorted(
        objects(raw, "formFields"), key=lambda item: places.get(text(item, "id"), len(places))
    )
    fields: dict[str, FieldInfo] = {}
    for info in filter(None, map(_field, ordered)):
        fields.setdefault(info.target, info)
    return FormSchema(
        id=text(raw, "id"), name=text(raw, "name"), fields=fields, submit_text=_submit_text(ordered)
    )


def _places(raw: JsonObject) -> dict[str, int]:
    """Return the place of each field of the layout, by the field's id."""
    places: dict[str, int] = {}
    for step in objects(raw, "steps"):
        for item in sorted(_layout(nested(step, "layout")), key=_cell):
            places.setdefault(text(item, "fieldId"), len(places))
    return places


def _layout(raw: JsonObject) -> tuple[JsonObject, ...]:
    sizes = (objects(nested(raw, size), "items") for size in LAYOUTS)
    return next(filter(None, sizes), ())


def _cell(item: JsonObject) -> tuple[int, int]:
    return whole(item, "row") or 0, whole(item, "column") or 0


def _field(raw: JsonObject) -> FieldInfo | None:
    """Return one input field; None for what is shown only, and for what has no target."""
    given = nested(raw, "inputOptions")
    target, input_type = text(given, "target"), text(given, "inputType")
    if not target:
        return None
    options = nested(given, _member(input_type))
    component = nested(options, _member(text(options, "componentType")))
    validation = nested(options, "validation")
    return FieldInfo(
        target=target,
        label=plain(component.get("label")),
        input_type=input_type,
        format=text(validation, "format").replace("UNKNOWN_FORMAT", ""),
        required=flag(given, "required"),
        pii=flag(given, "pii"),
        labels=_labels(component),
        minimum=whole(validation, "minItems") or 0,
        maximum=whole(validation, "maxItems"),
    )


def _member(kind: str) -> str:
    """Return the member named after an enum's value: CHECKBOX_GROUP -> checkboxGroupOptions."""
    first, *others = kind.lower().split("_")
    return first + "".join(map(str.capitalize, others)) + "Options"


def _labels(component: JsonObject) -> dict[str, str]:
    """Return what each option is called, by its value; an option without a label by its value."""
    found = (
        (as_text(option.get("value")), plain(option.get("label")))
        for option in objects(component, "options")
    )
    return {value: label or value for value, label in found if value}


def _submit_text(ordered: Sequence[JsonObject]) -> str:
    texts = (
        text(nested(nested(item, "displayOptions"), "pageNavigationOptions"), "submitText")
        for item in ordered
    )
    return next(filter(None, texts), "")


def plain(content: Json) -> str:
    """Return a label as one line: a string as it is, RichContent without its styles."""
    if isinstance(content, str):
        return content
    return " ".join("".join(_runs(as_object(content))).split())


def _runs(content: JsonObject) -> Iterator[str]:
    """Yield the texts of a tree of nodes in order, a space between paragraphs; however deep."""
    waiting = [content]
    while waiting:
        node = waiting.pop()
        yield text(nested(node, "textData"), "text")
        yield " " if node.get("type") == "PARAGRAPH" else ""
        waiting.extend(reversed(objects(node, "nodes")))

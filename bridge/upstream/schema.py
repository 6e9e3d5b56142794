"""What the core needs of a form's schema (Forms v4), read tolerantly.

Source: `form.formFields` of Get Form; the order of fields is the layout's, not the array's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


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

    def label(self, target: str) -> str:
        """Return what to call the field: its label, or the target made readable."""
        known = self.fields.get(target)
        return known.label if known and known.label else readable(target)


def readable(target: str) -> str:
    """Return a target as words: `event_date` -> "Event date"."""
    words = target.replace("_", " ").strip()
    return words[:1].upper() + words[1:]

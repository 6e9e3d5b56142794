"""All answers at a glance and the last question before they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.sandbox.engine import chunks
from bridge.sandbox.engine.display import display, money, title, total
from bridge.sandbox.engine.questions import NO, YES

if TYPE_CHECKING:
    from bridge.protocol.threads import JsonObject
    from bridge.sandbox.engine.schema import Field, Form

_LONGEST_VALUE = 500
"""Characters of one value in the summary; the whole of it is submitted."""


def confirmation_target(form: Form) -> str:
    """Return the target under which the confirmation is asked."""
    return form.free_target("confirmation")


def change_target(form: Form) -> str:
    """Return the target under which it is asked what to change."""
    return form.free_target("change")


def summary(form: Form, fields: tuple[Field, ...], values: JsonObject) -> tuple[JsonObject, ...]:
    """Return the answers, the total of an order, and the confirmation."""
    lines = [
        f"{title(field)}: {_short(display(field, values[field.target]))}"
        for field in fields
        if field.target in values
    ]
    amount = total(fields, values)
    if amount is not None:
        lines.append(f"Total: {money(amount)}")
    listed = chunks.text("\n".join(lines) or "Nothing was filled in.")
    heading = chunks.text("Summary", bold=True)
    return (*chunks.paragraphs(heading, listed), chunks.separator(), *confirm(form))


def confirm(form: Form) -> tuple[JsonObject, ...]:
    """Return the last question."""
    words = "Shall I place this order?" if form.sells else "Shall I send this?"
    yes = "Yes, order it" if form.sells else "Yes, send it"
    options = [(YES, yes), (NO, "No, change something")]
    return (
        chunks.text(words),
        chunks.select(confirmation_target(form), options, several=False),
    )


def what_to_change(
    form: Form, fields: tuple[Field, ...], values: JsonObject
) -> tuple[JsonObject, ...]:
    """Return the question what to change, with the answered fields first."""
    ordered = sorted(fields, key=lambda each: each.target not in values)
    options = [(each.target, each.label) for each in ordered]
    words = "What shall I change? Choose, or just say it, such as: make it Friday."
    return (
        chunks.text(words),
        *([chunks.select(change_target(form), options, several=False)] if options else []),
    )


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_VALUE else f"{words[:_LONGEST_VALUE]}\u2026"

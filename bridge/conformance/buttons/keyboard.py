"""The buttons of a prompt. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from bridge.conformance.buttons.limits import LABEL_LIMIT
from bridge.conformance.buttons.taps import Deed, Tap, write_tap
from bridge.protocol.prompts import MultiSelect, NumberInput, SingleSelect

if TYPE_CHECKING:
    from bridge.protocol.prompts import MenuLine, Prompt

Button: TypeAlias = Mapping[str, str]
Row: TypeAlias = tuple[Button, ...]

_ROOM = LABEL_LIMIT - 8
"""What a label may take beside its number and its tick."""


def clean(text: str) -> str:
    """Return the text without control characters, which the platform refuses."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def keyboard(prompt: Prompt) -> tuple[Row, ...]:
    """Return the rows of buttons that show the prompt's view."""
    widget = prompt.widget
    match widget:
        case SingleSelect():
            rows = [_option(prompt, line, Deed.CHOOSE) for line in prompt.display.lines]
            return _rows(*rows, _turning(prompt), _other(prompt, widget.custom))
        case MultiSelect():
            rows = [_option(prompt, line, Deed.TOGGLE) for line in prompt.display.lines]
            done = _row(prompt, Deed.CONFIRM, "Done")
            return _rows(*rows, _turning(prompt), _other(prompt, widget.custom), done)
        case NumberInput():
            return _rows(_stepper(prompt, widget), _other(prompt, "Type a number"))


def listing(prompt: Prompt) -> str:
    """Return the options of the page whose labels don't fit on a button, with their marks."""
    long = [line for line in prompt.display.lines if not _fits(line.label)]
    return "\n".join(f"{line.mark}. {line.label}" for line in long)


def _rows(*rows: Row) -> tuple[Row, ...]:
    return tuple(row for row in rows if row)


def _row(prompt: Prompt, deed: Deed, label: str, argument: str = "") -> Row:
    tap = Tap(prompt=prompt.id, rev=prompt.view.rev, deed=deed, argument=argument)
    written = write_tap(tap)
    return ({"label": label, "id": written},) if written else ()


def _fits(label: str) -> bool:
    return label.isprintable() and bool(label.strip()) and len(label) <= _ROOM


def _turning(prompt: Prompt) -> Row:
    page, last = prompt.display.page, prompt.display.pages - 1
    back = _row(prompt, Deed.PAGE, "◀ Back", str(page - 1)) if page else ()
    return back + (_row(prompt, Deed.PAGE, "More ▶", str(page + 1)) if page < last else ())


def _option(prompt: Prompt, line: MenuLine, deed: Deed) -> Row:
    label = line.label
    if not _fits(label):
        short = " ".join(clean(label).split())[: _ROOM - 1]
        label = f"{line.mark}. {short}…"
    if deed is Deed.TOGGLE:
        label = ("☑ " if line.selected else "☐ ") + label
    return _row(prompt, deed, label, str(line.index))


def _other(prompt: Prompt, hint: str | None) -> Row:
    if hint is None:
        return ()
    return _row(prompt, Deed.OTHER, "✎ " + " ".join(clean(hint).split())[:_ROOM])


def _stepper(prompt: Prompt, widget: NumberInput) -> Row:
    if prompt.view.number is None:
        return ()
    step = widget.step or Decimal(1)
    less = _row(prompt, Deed.NUDGE, f"-{step:f}", f"-{step:f}")
    more = _row(prompt, Deed.NUDGE, f"+{step:f}", f"{step:f}")
    value = _row(prompt, Deed.ACCEPT, f"{prompt.view.number:f}"[:LABEL_LIMIT])
    return less + value + more

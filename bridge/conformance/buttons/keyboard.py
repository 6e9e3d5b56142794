"""The buttons of a prompt. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from bridge.conformance.buttons.limits import LABEL_LIMIT, OPTIONS_PER_PAGE
from bridge.conformance.buttons.taps import Deed, Tap, write_tap
from bridge.protocol.prompts import MultiSelect, NumberInput, SingleSelect, options_of

if TYPE_CHECKING:
    from bridge.protocol.prompts import Prompt

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
            rows = [_option(prompt, index, Deed.CHOOSE) for index in _page(prompt)]
            return _rows(*rows, _turning(prompt), _other(prompt, widget.custom))
        case MultiSelect():
            rows = [_option(prompt, index, Deed.TOGGLE) for index in _page(prompt)]
            done = _row(prompt, Deed.CONFIRM, "Done")
            return _rows(*rows, _turning(prompt), _other(prompt, widget.custom), done)
        case NumberInput():
            return _rows(_stepper(prompt, widget), _other(prompt, "Type a number"))


def listing(prompt: Prompt) -> str:
    """Return the options of the page whose labels don't fit on a button, numbered."""
    options = options_of(prompt.widget)
    long = [index for index in _page(prompt) if not _fits(options[index].label)]
    return "\n".join(f"{prompt.first + index}. {options[index].label}" for index in long)


def _rows(*rows: Row) -> tuple[Row, ...]:
    return tuple(row for row in rows if row)


def _row(prompt: Prompt, deed: Deed, label: str, argument: str = "") -> Row:
    tap = Tap(prompt=prompt.id, rev=prompt.view.rev, deed=deed, argument=argument)
    written = write_tap(tap)
    return ({"label": label, "id": written},) if written else ()


def _fits(label: str) -> bool:
    return label.isprintable() and bool(label.strip()) and len(label) <= _ROOM


def _matching(prompt: Prompt) -> list[int]:
    wanted = prompt.view.filter.casefold()
    options = options_of(prompt.widget)
    return [index for index, option in enumerate(options) if wanted in option.label.casefold()]


def _page(prompt: Prompt) -> list[int]:
    """Return the positions of the options on the page that is shown."""
    matching = _matching(prompt)
    first = _clamped(prompt, matching) * OPTIONS_PER_PAGE
    return matching[first : first + OPTIONS_PER_PAGE]


def _clamped(prompt: Prompt, matching: list[int]) -> int:
    last = max(0, (len(matching) - 1) // OPTIONS_PER_PAGE)
    return min(max(0, prompt.view.page), last)


def _turning(prompt: Prompt) -> Row:
    matching = _matching(prompt)
    page = _clamped(prompt, matching)
    more = len(matching) > (page + 1) * OPTIONS_PER_PAGE
    back = _row(prompt, Deed.PAGE, "◀ Back", str(page - 1)) if page else ()
    return back + (_row(prompt, Deed.PAGE, "More ▶", str(page + 1)) if more else ())


def _option(prompt: Prompt, index: int, deed: Deed) -> Row:
    label = options_of(prompt.widget)[index].label
    if not _fits(label):
        short = " ".join(clean(label).split())[: _ROOM - 1]
        label = f"{prompt.first + index}. {short}…"
    if deed is Deed.TOGGLE:
        label = ("☑ " if index in prompt.view.selected else "☐ ") + label
    return _row(prompt, deed, label, str(index))


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

"""How the options of a page are shown: by their labels on buttons, or numbered in the text. Pure.

A phone cuts what is too long for a button. So labels stand on buttons only where all of the page
fit and none are alike; otherwise the text lists them, each with its mark, and the buttons carry
the marks. A label that would burst the message is cut with "…", and can be asked for as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.telegram.limits import LABEL_COLUMNS, SHORT_COLUMNS
from adapters.telegram.outgoing.texts import (
    columns,
    fair_share,
    one_line,
    readable,
    shortened,
    units,
)
from bridge.protocol.prompts import MultiSelect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.protocol.prompts import Prompt

LIST_ROOM = 2100
"""UTF-16 units of a list: with question, hint and signs it fits one message. Ours."""

TICKED, UNTICKED = "☑ ", "⬜ "
_TICK_COLUMNS = 3

_LONG = 80
"""Columns of a label that takes several lines on a phone: then empty lines part them. Ours."""

_LABEL_BYTES = 120
"""Bytes in UTF-8 of a label on a button. Ours: accents have no width, and the keyboard's size is
limited."""

_JOINERS = "\u200c\u200d"
"""Invisible, but emoji and Persian words are put together with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One option of the page: `text` is its label on one line, shortened where `cut`."""

    mark: str
    index: int
    selected: bool
    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The page: `listed` in the text, or on buttons, `narrow` ones two in a row."""

    lines: tuple[Line, ...]
    listed: bool
    narrow: bool = False


def sheet(prompt: Prompt) -> Sheet:
    """Return how to show the options of the prompt's present page."""
    lines = tuple(
        Line(mark=line.mark, index=line.index, selected=line.selected, text=one_line(line.label))
        for line in prompt.display.lines
    )
    if not _on_buttons(prompt, lines):
        return Sheet(lines=_fitted(lines), listed=True)
    short = SHORT_COLUMNS - _ticks(prompt)
    return Sheet(lines=lines, listed=False, narrow=all(columns(x.text) <= short for x in lines))


def listing(page: Sheet) -> str:
    """Return the numbered list; "" where the buttons say it all."""
    if not page.listed:
        return ""
    airy = any(columns(line.text) > _LONG for line in page.lines)
    lines = (entry(line.mark, line.text, selected=line.selected) for line in page.lines)
    return ("\n\n" if airy else "\n").join(lines)


def entry(mark: str, label: str, *, selected: bool) -> str:
    """Return one line of a numbered list."""
    return f"{mark}. {TICKED if selected else ''}{label}"


def _ticks(prompt: Prompt) -> int:
    return _TICK_COLUMNS if isinstance(prompt.widget, MultiSelect) else 0


def _on_buttons(prompt: Prompt, lines: Sequence[Line]) -> bool:
    room = LABEL_COLUMNS - _ticks(prompt)
    differ = len({line.text.casefold() for line in lines}) == len(lines)
    return differ and all(_fits(line.text, room) for line in lines)


def _fits(text: str, room: int) -> bool:
    seen = all(char.isprintable() or char in _JOINERS for char in text)
    return seen and readable(text) and columns(text) <= room and len(text.encode()) <= _LABEL_BYTES


def _fitted(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with long labels cut, so that the whole list fits its room."""
    signs = sum(units(f"{line.mark}. {TICKED}\n\n") for line in lines)
    share = fair_share([units(line.text) for line in lines], LIST_ROOM - signs)
    return tuple(_cut(line, share) for line in lines)


def _cut(line: Line, share: int) -> Line:
    text = shortened(line.text, share)
    return Line(
        mark=line.mark,
        index=line.index,
        selected=line.selected,
        text=text,
        cut=text != line.text,
    )

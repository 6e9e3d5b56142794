"""A screen as lines of styled runs, as wide as the terminal. Pure.

What the platform says stands at the left, what the person says at the right, each behind a bar of
its colour. The buttons that can be tapped now show their keys; those of older messages are faint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from bridge.handset.buttons import Button, clean, keyed, one_line, tappable

if TYPE_CHECKING:
    from bridge.protocol.standin import Choosable, Screen, Shown


class Look(Enum):
    """Why a run stands out."""

    PLAIN = "PLAIN"
    THEIR_BAR = "THEIR_BAR"
    MY_BAR = "MY_BAR"
    MINE = "MINE"
    KEY = "KEY"
    LABEL = "LABEL"
    FAINT = "FAINT"
    ADDRESS = "ADDRESS"
    INTRO = "INTRO"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one look."""

    text: str
    look: Look = Look.PLAIN


Line: TypeAlias = tuple[Run, ...]
Measure: TypeAlias = Callable[[str], int]
"""Says how many columns a text takes on the terminal."""

WIDEST = 76
"""Columns of a message on a wide terminal: longer lines are hard to read."""

NARROWEST = 12
"""Columns of a message on the narrowest: what is narrower is cut by the terminal."""

_BAR = "▌ "
_GAP = "  "
_MOST_IN_A_ROW = 5
_HANGING = re.compile(r"\s*(?:\d{1,3}[.)]|[-·•→✓✔☑☐⬜✅✗!])\s+")


def draw(screen: Screen, *, columns: int, measure: Measure, intro: str = "") -> tuple[Line, ...]:
    """Return the chat, from its beginning to its end; each message is followed by a blank line."""
    room = max(NARROWEST, min(columns - 4, WIDEST))
    at = tappable(screen)
    told = wrap(intro, max(NARROWEST, columns - 1), measure) if intro else []
    lines: list[Line] = [(Run(row, Look.INTRO),) for row in told]
    for number, shown in enumerate(screen.messages):
        if shown.ours:
            lines += _theirs(shown, room, measure, keys=number == at)
        else:
            lines += _mine(shown.text, columns, room, measure)
        lines.append(())
    return tuple(lines)


def wrap(text: str, room: int, measure: Measure) -> list[str]:
    """Return the text in rows of so many columns, broken at spaces where there are any.

    What follows a number or a sign at the beginning of a line hangs beside it.
    """
    return [row for line in clean(text).split("\n") for row in _wrapped(line, room, measure)]


def _theirs(shown: Shown, room: int, measure: Measure, *, keys: bool) -> list[Line]:
    body: list[Line] = [(Run(row),) for row in wrap(shown.text.strip("\n"), room, measure)]
    if shown.choices:
        body += [(), *(_keyboard(shown, room, measure) if keys else _faint(shown, room, measure))]
    bar = Run(_BAR, Look.THEIR_BAR)
    return [line if _is_address(line) else (bar, *line) for line in body]


def _is_address(line: Line) -> bool:
    """Say whether it is to be copied: then nothing stands before it."""
    return bool(line) and line[0].look is Look.ADDRESS


def _mine(text: str, columns: int, room: int, measure: Measure) -> list[Line]:
    rows = wrap(text, max(NARROWEST, room * 4 // 5), measure)
    widest = max(map(measure, rows))
    margin = Run(" " * max(0, min(columns, WIDEST + 8) - 1 - len(_BAR) - widest))
    return [(margin, Run(_BAR, Look.MY_BAR), Run(row, Look.MINE)) for row in rows]


# Buttons.


def _keyboard(shown: Shown, room: int, measure: Measure) -> list[Line]:
    buttons = keyed(shown)
    taps = [one for one in buttons if not one.choice.url]
    links = [one for one in buttons if one.choice.url]
    beside = [one for one in taps if one.key.isalpha()]
    return [
        *_grid([one for one in taps if one not in beside], room, measure),
        *_grid(beside, room, measure),
        *(line for one in links for line in _link(one, room, measure)),
    ]


def _grid(buttons: Sequence[Button], room: int, measure: Measure) -> list[Line]:
    """Return the buttons in columns of one width where several fit, else one below the other."""
    cells = [_cell(one) for one in buttons]
    width = max((measure(_text(cell)) for cell in cells), default=0)
    across = min((room + len(_GAP)) // (width + len(_GAP)), _MOST_IN_A_ROW)
    if across < 2:  # noqa: PLR2004 - one column
        return [line for one in buttons for line in _tall(one, room, measure)]
    rows = [cells[first : first + across] for first in range(0, len(cells), across)]
    return [_side_by_side(row, width, measure) for row in rows]


def _cell(button: Button) -> Line:
    key = Run(f" {button.key} ", Look.KEY)
    return (key, Run(f" {button.label}", Look.LABEL)) if button.label else (key,)


def _side_by_side(cells: Sequence[Line], width: int, measure: Measure) -> Line:
    line: list[Run] = []
    for cell in cells:
        line += [*cell, Run(" " * (width - measure(_text(cell))) + _GAP)]
    return tuple(line[:-1])


def _tall(button: Button, room: int, measure: Measure) -> list[Line]:
    """Return a button whose label may take several rows."""
    key = Run(f" {button.key} ", Look.KEY)
    beside = max(1, room - measure(key.text) - 1)
    first, *others = wrap(button.label, beside, measure)
    hanging = " " * (measure(key.text) + 1)
    below: list[Line] = [(Run(hanging), Run(row, Look.LABEL)) for row in others]
    return [(key, Run(" "), Run(first, Look.LABEL)), *below]


def _link(button: Button, room: int, measure: Measure) -> list[Line]:
    address = _pieces(clean(button.choice.url), room + len(_BAR), measure)
    return [*_tall(button, room, measure), *((Run(row, Look.ADDRESS),) for row in address)]


def _faint(shown: Shown, room: int, measure: Measure) -> list[Line]:
    chips = " ".join(map(_chip, shown.choices))
    rows = [row.replace("\N{NO-BREAK SPACE}", " ") for row in wrap(chips, room, measure)]
    return [(Run(row, Look.FAINT),) for row in rows]


def _chip(choice: Choosable) -> str:
    """Return a button that stays in one row where it can."""
    return f"[{one_line(choice.label)}]".replace(" ", "\N{NO-BREAK SPACE}")


def _text(line: Line) -> str:
    return "".join(run.text for run in line)


# Rows.


def _wrapped(line: str, room: int, measure: Measure) -> list[str]:
    head = _HANGING.match(line)
    margin = measure(head[0]) if head else 0
    if margin > room // 3:
        margin = 0
    rows: list[str] = []
    row = ""
    for word in re.findall(r"[ ]*[^ ]+", line):
        added = row + word if row.strip() or not rows else row + word.lstrip(" ")
        if measure(added) <= room:
            row = added
            continue
        if row.strip():
            rows.append(row)
            row = " " * margin
        pieces = _pieces(row + word.strip(" "), room, measure)
        rows += pieces[:-1]
        row = pieces[-1]
    return [*rows, row]


def _pieces(word: str, room: int, measure: Measure) -> list[str]:
    """Return a word in pieces that fit, each of one character at least."""
    pieces = [""]
    width = 0
    for character in word:
        wide = measure(character)
        if pieces[-1] and width + wide > room:
            pieces.append("")
            width = 0
        pieces[-1] += character
        width += wide
    return pieces

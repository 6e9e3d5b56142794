"""A chat as plain text, for pipes and transcripts: what is new, and what has changed. Pure."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from bridge.handset.buttons import clean, keyed, list_of, one_line, tappable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.protocol.standin import Choosable, Screen, Shown

EDITED = "(edited)"

_WIDE = 76
"""Columns of a row of buttons."""

_SHORT = 18
"""Characters of a button that may stand beside others."""


class Transcript:
    """What was told of one chat so far. `keys`: whether buttons show what is typed to tap them."""

    def __init__(self, *, keys: bool) -> None:
        self._keys = keys
        self._told: tuple[Shown, ...] = ()
        self._toast = ""

    def news(self, screen: Screen) -> str:
        """Return what is new on the screen since the last look, "" where nothing is.

        What the person said comes first: it is why older messages have changed.
        """
        messages, known = screen.messages, len(self._told)
        at = tappable(screen) if self._keys else None
        edited = [n for n in range(min(known, len(messages))) if messages[n] != self._told[n]]
        fresh = list(range(known, len(messages)))
        said = list(takewhile(lambda n: not messages[n].ours, fresh))
        order = [*said, *edited, *fresh[len(said) :]]
        toast = screen.toast if screen.toast != self._toast else ""
        blocks = [self._block(messages[n], n, keys=n == at) for n in order]
        self._told, self._toast = messages, screen.toast
        return "".join([*blocks, note(toast) if toast else ""])

    def tapped(self, label: str, typed: str = "") -> str:
        """Return a tap, as the person's line; the next toast is new, whatever it says."""
        self._toast = ""
        return f"> {typed + ' ' if typed else ''}[ {one_line(label)} ]\n\n"

    def _block(self, shown: Shown, number: int, *, keys: bool) -> str:
        text = clean(shown.text).strip("\n")
        if not shown.ours:
            text = "> " + text.replace("\n", "\n> ")
        rows = _keyed_rows(shown) if keys else _rows(shown)
        mark = [EDITED] if number < len(self._told) else []
        return "\n".join([*mark, *([text] if text else []), *rows]) + "\n\n"


def note(text: str) -> str:
    """Return a notice: a toast, or something that the demo itself says."""
    return f"· {clean(text)}\n\n"


def typed(line: str) -> str:
    """Return a line that is no message."""
    return f"> {clean(line)}\n\n"


def _keyed_rows(shown: Shown) -> list[str]:
    chips = [
        f"[{one.key}] {one.label}".rstrip() + _address(one.choice, one.label)
        for one in keyed(shown)
    ]
    short = all(len(chip) <= _SHORT for chip in chips)
    return _flowing(chips, gap="   ") if short else [f"  {chip}" for chip in chips]


def _rows(shown: Shown) -> list[str]:
    if is_list(shown):
        return []
    labels = [(choice, one_line(choice.label)) for choice in shown.choices]
    return _flowing([f"[ {label} ]" + _address(choice, label) for choice, label in labels], gap=" ")


def is_list(shown: Shown) -> bool:
    """Say whether its choices stand in its text as a numbered list, and not on buttons."""
    listed = list_of(shown.text).values()
    return all(
        any(line.endswith(choice.label) for line in listed) and not choice.url
        for choice in shown.choices
    )


def _address(choice: Choosable, label: str) -> str:
    address = clean(choice.url)
    return f" → {address}" if address and address != label else ""


def _flowing(chips: Sequence[str], gap: str) -> list[str]:
    """Return the chips in as few rows as fit."""
    rows: list[str] = []
    for chip in chips:
        if rows and len(rows[-1]) + len(gap) + len(chip) <= _WIDE:
            rows[-1] += gap + chip
        else:
            rows.append(chip)
    return rows

"""What a button carries: `v1.<prompt>.<revision>.<deed><argument>`, 40 bytes at most. Pure.

It names a prompt and a position, never a label or a person: a client may send any data at all, and
the core checks it against the prompt that it has stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from adapters.telegram.limits import TAP_BYTES
from bridge.protocol.threads import PromptId


class Deed(Enum):
    """What a tap does, and what its argument is.

    * A position in the prompt's spec: CHOOSE (answers a single select), TOGGLE, REVEAL (says the
      whole label).
    * A page, counted from 0: PAGE. The middle of a pager carries the page that is shown already.
    * A number: NUDGE (moves a stepper by it), NUMBER (answers with it).
    * Nothing: CONFIRM (answers with what is selected), ACCEPT (answers with the stepper's number),
      OTHER (the person wants to type an answer of their own), CHANGE (opens an answered question).
    """

    CHOOSE = "c"
    TOGGLE = "t"
    PAGE = "p"
    REVEAL = "r"
    NUDGE = "n"
    NUMBER = "v"
    CONFIRM = "d"
    ACCEPT = "a"
    OTHER = "o"
    CHANGE = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A button's meaning; `argument` is a number in plain digits ("3", "-0.25"), or ""."""

    prompt: PromptId
    rev: int
    deed: Deed
    argument: str = ""


_TAP = re.compile(r"v1\.([0-9a-z]{1,20})\.(0|[1-9][0-9]{0,6})\.([a-z])([-0-9.]*)", re.ASCII)
_POSITION = re.compile(r"[0-9]{1,4}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_NOTHING = re.compile("")


def write_tap(tap: Tap) -> str | None:
    """Return the data, or None where it would be too long: then there is no such button."""
    written = f"v1.{tap.prompt}.{tap.rev}.{tap.deed.value}{tap.argument}"
    return written if read_tap(written) == tap else None


def read_tap(data: str) -> Tap | None:
    """Return what the data means, or None where we never wrote it."""
    found = _TAP.fullmatch(data)
    if found is None or len(data) > TAP_BYTES:
        return None
    deed = next((deed for deed in Deed if deed.value == found[3]), None)
    if deed is None or not _argument(deed).fullmatch(found[4]):
        return None
    return Tap(prompt=PromptId(found[1]), rev=int(found[2]), deed=deed, argument=found[4])


def _argument(deed: Deed) -> re.Pattern[str]:
    match deed:
        case Deed.CHOOSE | Deed.TOGGLE | Deed.PAGE | Deed.REVEAL:
            return _POSITION
        case Deed.NUDGE | Deed.NUMBER:
            return _NUMBER
        case Deed.CONFIRM | Deed.ACCEPT | Deed.OTHER | Deed.CHANGE:
            return _NOTHING

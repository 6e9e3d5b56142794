"""What a button carries: `v1.<prompt>.<revision>.<deed><argument>`, 40 bytes at most. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from bridge.conformance.buttons.limits import TAP_BYTES
from bridge.protocol.threads import PromptId


class Deed(Enum):
    """What a tap does. CHOOSE, TOGGLE and PAGE carry a position, NUDGE a difference."""

    CHOOSE = "c"
    TOGGLE = "t"
    PAGE = "p"
    NUDGE = "n"
    CONFIRM = "d"
    ACCEPT = "a"
    OTHER = "o"
    CHANGE = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A button's meaning; `argument` is a number in digits, or ""."""

    prompt: PromptId
    rev: int
    deed: Deed
    argument: str = ""


_TAP = re.compile(r"v1\.([0-9a-z]{1,20})\.([0-9]{1,7})\.([a-z])([-0-9.]*)", re.ASCII)
_POSITION = re.compile(r"[0-9]{1,4}", re.ASCII)
_DIFFERENCE = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_NOTHING = re.compile("")
_ARGUMENTS = {
    Deed.CHOOSE: _POSITION,
    Deed.TOGGLE: _POSITION,
    Deed.PAGE: _POSITION,
    Deed.NUDGE: _DIFFERENCE,
}


def write_tap(tap: Tap) -> str | None:
    """Return the id, or None where it would be too long: then there is no such button."""
    written = f"v1.{tap.prompt}.{tap.rev}.{tap.deed.value}{tap.argument}"
    return written if len(written.encode()) <= TAP_BYTES and read_tap(written) == tap else None


def read_tap(data: str) -> Tap | None:
    """Return what the id means, or None: a person's client may send anything."""
    found = _TAP.fullmatch(data)
    if found is None or len(data) > TAP_BYTES:
        return None
    deed = next((deed for deed in Deed if deed.value == found[3]), None)
    if deed is None or not _ARGUMENTS.get(deed, _NOTHING).fullmatch(found[4]):
        return None
    return Tap(prompt=PromptId(found[1]), rev=int(found[2]), deed=deed, argument=found[4])

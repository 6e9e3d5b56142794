"""Which face the phone gets: a terminal's whole screen, or lines.

`window` is imported where there is a terminal, and only there: it takes its time.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bridge.handset import pipe
from bridge.handset.lines import lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.handset.hand import Phone


def at_terminal() -> bool:
    """Say whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


async def converse(phone: Phone, say: Callable[[str], None]) -> int:
    """Chat until the input ends; return how many lines were typed, empty ones left out."""
    if at_terminal() and _capable():
        from bridge.handset import window  # noqa: PLC0415 - see above

        return await window.converse(phone)
    return await pipe.converse(phone, lines(sys.stdin.fileno()), say)


def _capable() -> bool:
    """Say whether the terminal can be drawn on."""
    return os.environ.get("TERM", "dumb" if os.name == "posix" else "") != "dumb"

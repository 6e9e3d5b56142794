"""Text as Telegram counts and shows it. Pure.

Three measures are used: code points (Python's own), UTF-16 units (Telegram's limits and offsets)
and columns (what fits on a button). A text is cut between characters as people see them: never
inside a surrogate pair, and not inside an emoji or before an accent where that can be avoided.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from telegram import MessageEntity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bridge.protocol.replies import Span

BLANK = "·"
"""Stands where Telegram would find nothing to read: it refuses such a message or button."""

ELLIPSIS = "…"

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc")
"""Letters and symbols that draw nothing."""

_PAUSES = " \n\t,;:.…-–"  # noqa: RUF001 - signs of punctuation
"""What says nothing before "…"."""

_JOINER = "\u200d"
_CLUSTER = 64
"""So many code points are looked back over for a character's beginning (our own bound)."""


class Style(Enum):
    """How a run looks; the values are those of `MessageEntity.type`."""

    PLAIN = ""
    BOLD = MessageEntity.BOLD
    ITALIC = MessageEntity.ITALIC


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in one style."""

    text: str
    style: Style = Style.PLAIN


Paragraph: TypeAlias = tuple[Run, ...]
"""Runs that follow each other; a message puts an empty line between two paragraphs."""

RULE: Paragraph = (Run("─" * 10),)
"""A break between paragraphs; it stands close to both."""


def paragraph(spans: Iterable[Span]) -> Paragraph:
    """Return the spans as a paragraph."""
    return tuple(Run(span.text, Style.BOLD if span.bold else Style.PLAIN) for span in spans)


def text_of(runs: Iterable[Run]) -> str:
    """Return the text without its styles."""
    return "".join(run.text for run in runs)


def clean(text: str) -> str:
    """Return the text with plain line ends, without control characters and half characters.

    Line ends of other kinds count as ends of lines too. Lone surrogates become U+FFFD.
    """
    if text.isprintable():
        return text
    return _HALF.sub("\ufffd", _UNSEEN.sub("", _LINE_END.sub("\n", text)))


def one_line(text: str) -> str:
    """Return the text on one line, white space collapsed."""
    return " ".join(clean(text).split())


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def columns(text: str) -> int:
    """Return how wide the text is: East Asian wide characters and emoji count twice."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def readable(text: str) -> bool:
    """Tell whether there is anything to see: a letter, a number, a sign or a symbol."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _FILLERS for c in text)


def within(text: str, start: int, room: int) -> int:
    """Return the end of the longest piece from `start` that has at most `room` UTF-16 units.

    It lies between two characters where one begins within reach, and always after `start`.
    """
    piece = text[start : start + room]
    fitting = piece.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
    return whole(text, start, start + len(fitting))


def whole(text: str, start: int, end: int) -> int:
    """Return the last place up to `end` that is not inside a character as people see it."""
    nearest = max(start, end - _CLUSTER)
    places = range(end, nearest, -1)
    return next((place for place in places if not _inside(text, place)), end)


def _inside(text: str, place: int) -> bool:
    """Tell whether what stands before and after `place` is drawn as one."""
    if place >= len(text):
        return False
    after, before = text[place], text[place - 1]
    if unicodedata.category(after).startswith("M") or _JOINER in {after, before}:
        return True
    return _modifies(after) or (_flag(after) and _flags_before(text, place) % 2 == 1)


def _modifies(char: str) -> bool:
    """Tell whether it is a skin tone or a tag, which change the emoji before them."""
    return "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f"


def _flag(char: str) -> bool:
    """Tell whether it is one of the pairs of letters that make a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flags_before(text: str, place: int) -> int:
    first = place
    while first > max(0, place - _CLUSTER) and _flag(text[first - 1]):
        first -= 1
    return place - first


def shortened(text: str, room: int) -> str:
    """Return the text in at most `room` UTF-16 units, with "…" where something is left out."""
    if units(text) <= room:
        return text
    return _cut_short(text, within(text, 0, max(1, room - len(ELLIPSIS))))


def narrowed(text: str, room: int) -> str:
    """Return the text in at most `room` columns, with "…" where something is left out."""
    if columns(text) <= room:
        return text
    taken = accumulate(map(_width, text), initial=len(ELLIPSIS))
    end = next(place for place, width in enumerate(taken) if width > room) - 1
    return _cut_short(text, whole(text, 0, max(0, end)))


def _cut_short(text: str, end: int) -> str:
    """Cut at `end`, or at the end of a word that is near."""
    if not text[end].isspace():
        space = text.rfind(" ", end * 2 // 3, end)
        end = space if space > 0 else end
    return text[:end].rstrip(_PAUSES) + ELLIPSIS


def fair_share(lengths: Sequence[int], room: int) -> int:
    """Return the greatest length to which all can be cut so that together they fit `room`.

    Short ones stay whole, and what they leave is shared by the long ones.
    """
    left = room
    waiting = sorted(lengths)
    for place, length in enumerate(waiting):
        share = left // (len(waiting) - place)
        if length > share:
            return share
        left -= length
    return max(lengths, default=0)

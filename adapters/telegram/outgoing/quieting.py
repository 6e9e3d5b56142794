"""What Telegram would make of a plain text by itself, and how it is kept from it. Pure.

Telegram looks for addresses, e-mail addresses and @mentions in every text and makes them open or
call something. Nobody may bring these in by what they say: an address opens by a button only. So
each such place gets the entity `code`: the text stays as it was said, letter by letter, Telegram
looks for nothing inside of it, and on a phone a tap copies it, which is what one wants of an
address that can't be opened. Where a message must go without entities, signs that look alike stand
in these places instead; the length stays the same.

/commands and #hashtags are left alone: a tap on them sends or searches, and only what can be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Range: TypeAlias = tuple[int, int]
"""Where a piece of a text begins and ends, in code points."""

_WORD = re.compile(r"\S+")
_SCHEME_OR_NAME = re.compile(r"://|@\w\w")
_DOMAIN = re.compile(r"(?<=[\w-])\.([^\W\d_]{2,})")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_ANY = re.compile("|".join(kind.pattern for kind in (_SCHEME_OR_NAME, _DOMAIN, _IPV4)))
"""A text in which this is not found holds nothing lively."""

_OPENING = "([{<\"'“„«‹‘¿¡*_"  # noqa: RUF001 - signs of punctuation
_CLOSING = ".,;:!?…)]}>\"'”“»›’*_"  # noqa: RUF001 - signs of punctuation

_LOOKALIKES = str.maketrans({".": "․", "@": "＠", ":": "∶"})  # noqa: RUF001 - the point


def lively(text: str) -> list[Range]:
    """Return what could become a link or a mention, in order: whole words, without quotes."""
    if not _ANY.search(text):
        return []
    return [_trimmed(word) for word in _WORD.finditer(text) if _is_lively(word[0])]


def quieted(text: str, ranges: Iterable[Range]) -> str:
    """Return the text with signs in these ranges that look the same and make no link."""
    pieces: list[str] = []
    at = 0
    for start, end in ranges:
        pieces += [text[at:start], text[start:end].translate(_LOOKALIKES)]
        at = end
    return "".join([*pieces, text[at:]])


def _is_lively(word: str) -> bool:
    if _SCHEME_OR_NAME.search(word) or _IPV4.search(word):
        return True
    return any(not _begins_a_sentence(found[1]) for found in _DOMAIN.finditer(word))


def _begins_a_sentence(ending: str) -> bool:
    """Tell whether only the first letter is a capital ("cake.Then"): no domain, for Telegram too.

    Source: `is_common_tld` of TDLib, on which the Bot API server is built; undocumented.
    """
    return ending[0].isupper() and ending[1:].islower()


def _trimmed(word: re.Match[str]) -> Range:
    """Leave out signs around the word that belong to the sentence."""
    text = word[0]
    start = len(text) - len(text.lstrip(_OPENING))
    end = len(text.rstrip(_CLOSING))
    return (word.start() + start, word.start() + end) if start < end else word.span()


def outside(ranges: Iterable[Range], within: Range) -> Iterator[Range]:
    """Return what of `within` none of the ranges covers; they are in order."""
    at, last = within
    for start, end in ranges:
        if start > at:
            yield at, min(start, last)
        at = max(at, end)
        if at >= last:
            return
    yield at, last


def joined_to(ranges: list[Range], most: int) -> list[Range]:
    """Return at most `most` ranges that cover all of these: neighbours are joined."""
    size = -(-len(ranges) // most)
    groups = (ranges[n : n + size] for n in range(0, len(ranges), max(1, size)))
    return [(group[0][0], group[-1][1]) for group in groups]

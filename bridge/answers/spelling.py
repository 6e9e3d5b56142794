"""Texts as people write them, made comparable in three steps, each more tolerant.

`light` keeps all that can be seen; `fold` drops decoration; `bare` drops the accents of Latin,
Greek and Cyrillic letters. A looser step is asked only where a stricter one finds nothing.
"""

from __future__ import annotations

import re
import unicodedata

KEPT = 300
"""Longer texts are compared whole by `light` alone; our own bound, so that reading stays quick."""

QUESTION_MARKS = ("?", "؟", "⸮", "՞")
"""Signs that end a question (full-width ones are folded to "?")."""

_UNSEEN = re.compile("[\ufe00-\ufe0f\u20e3]")
_DASHES = re.compile("[‐‑‒–—―−]")  # noqa: RUF001 - the dashes that people paste
_APOSTROPHES = re.compile("['’‘`´]")  # noqa: RUF001 - the apostrophes that people paste
_INNER = re.compile(r"(?<!\d)[.,:/]|[.,:/](?!\d)|(?<![\s\d])-|-(?!\d)")
_ACCENTS = re.compile("[\u0300-\u036f]")
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe"})
_MEANS_SOMETHING = frozenset("#%@.,:/-")
_DECORATES = frozenset("|~")


class _Signs(dict[int, str]):
    """Which characters mean something; the others part words. Filled as they are met."""

    def __missing__(self, code: int) -> str:
        """Return the character, or a blank."""
        char = chr(code)
        self[code] = char if _means_something(char) else " "
        return self[code]


def _means_something(char: str) -> bool:
    if char in _DECORATES:
        return False
    category = unicodedata.category(char)
    return category[0] in "LMN" or category in {"Sm", "Sc"} or char in _MEANS_SOMETHING


_SIGNS = _Signs()


def light(text: str) -> str:
    """Return the text without case, width, and what can't be seen; digits of any script as 0-9."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(map(_plain_digit, _UNSEEN.sub("", text))).split())


def _plain_digit(char: str) -> str:
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    return str(unicodedata.decimal(char)) if category == "Nd" else char


def fold(lit: str) -> str:
    """Return a light text without punctuation and pictures, or as it is where nothing is left.

    A sign before a digit, and what stands between two digits, means something and stays.
    """
    text = _APOSTROPHES.sub("", _DASHES.sub("-", lit[:KEPT])).replace("&", " and ")
    text = _INNER.sub(" ", f" {text.translate(_SIGNS)} ")
    return " ".join(text.split()) or lit


def bare(folded: str) -> str:
    """Return a folded text without accents."""
    if folded.isascii():
        return folded
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", folded)).translate(_STROKES)
    return unicodedata.normalize("NFC", text)


def key(text: str) -> str:
    """Return what words of the channel are compared by."""
    return fold(light(text))

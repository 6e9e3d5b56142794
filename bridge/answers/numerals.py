"""Numbers as people write them.

Words are English ("twenty two"); digits of any script have become 0-9 by `spelling.light`, except
in `decimals`, which reads the text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from text_to_num import text2num  # type: ignore[import-untyped] # it ships no types

from bridge.answers.spelling import KEPT, fold, light
from bridge.answers.vocabulary import COURTESY, DESIGNATORS, FILLERS, LAST, ORDINALS

LONGEST = 40
"""Characters beyond which a text is no number; our own bound."""

_WORDS = re.compile(r"[a-z]{2,}(?:[ -][a-z]{2,})*")
_MARK = re.compile(r"#?(\d{1,6})(st|nd|rd|th)?")
_LEADS = re.compile(r"[^\w]*(\d{1,6})(?!\d)")
_TRAILS = re.compile(r"(?<!\d)(\d{1,6})[^\w]*$")
_BRACKETED = re.compile(r"\([^)]*\)|\[[^]]*\]")
_GROUPED = re.compile(r"\d{1,3}([., '])(?:\d{2,3}\1)*\d{3}(?:([.,])\d{1,12})?")
_FRACTION = re.compile(r"([+-]?)(\d{0,15}) ?([¼½¾⅕⅖⅗⅘⅛⅜⅝⅞])")
_PLAIN = re.compile(r"(\d{1,20})(?:[.,](\d{0,12}))?|[.,](\d{1,12})")
_MINUS = re.compile("[−–‒]")  # noqa: RUF001 - signs that people paste
_APOSTROPHES = re.compile("[’ʼ]")  # noqa: RUF001 - group signs that people paste
_BLANKS = re.compile("[\u00a0\u2007\u2009\u202f]")


@dataclass(frozen=True, slots=True)
class Cardinal:
    """A number that counts ("2", "two", "option 2"); `marked` where it can be a mark only."""

    n: int
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A place in a list ("the second", "2nd"), from 1; -1 is the last."""

    n: int


Position: TypeAlias = Cardinal | Ordinal


def position(folded: str) -> Position | None:
    """Return which option a whole text names by number or place, or None."""
    if len(folded) > LONGEST:
        return None
    said = folded.replace("#", " # ").split()
    if place := _ordinal(_without(said, FILLERS | DESIGNATORS)):
        return place
    marked = any(word in DESIGNATORS for word in said)
    around = FILLERS | DESIGNATORS if marked else COURTESY
    n = _counted(_without(said, around - {"one"}))
    return None if n is None else Cardinal(n, marked)


def _without(said: list[str], words: frozenset[str]) -> list[str]:
    return [word for word in said if word not in words]


def _ordinal(left: list[str]) -> Ordinal | None:
    if len(left) != 1:
        return None
    if left[0] == LAST:
        return Ordinal(-1)
    if left[0] in ORDINALS:
        return Ordinal(ORDINALS[left[0]])
    match = _MARK.fullmatch(left[0])
    return Ordinal(int(match[1])) if match and match[2] else None


def _counted(left: list[str]) -> int | None:
    """Return the number that these words are as a whole."""
    if len(left) == 1 and (match := _MARK.fullmatch(left[0])):
        return None if match[2] else int(match[1])
    return in_words(" ".join(left))


def in_words(text: str) -> int | None:
    """Return the number that an English text is as a whole."""
    if not _WORDS.fullmatch(text):
        return None
    try:
        return int(text2num(text, "en"))  # pyright: ignore[reportUnknownArgumentType] # untyped
    except ValueError:
        return None


def named(lit: str) -> frozenset[int]:
    """Return the numbers by which people would call a label: what it begins or ends with.

    "2 tiers", "Room 7", "10:30", "Two"; not what stands in brackets, as in "Small (serves 2)", and
    not a number in words that other words follow: nobody calls "Two-tier cake" a 2.
    """
    core = fold(_BRACKETED.sub(" ", lit[:KEPT]).strip())
    first = core.partition(" ")[0]
    found = [int(match[1]) for match in (_LEADS.match(core), _TRAILS.search(core)) if match]
    leading = None if first != core else ORDINALS.get(first, in_words(first))
    return frozenset(found if leading is None else [*found, leading])


def decimals(text: str) -> tuple[Decimal, ...]:
    """Return what a text that is a number as a whole can mean, whole numbers first.

    "1,000" is a thousand or one; "1.000,5" and "½" are one thing only; "about 20" is nothing.
    """
    text = text.strip().rstrip("!").rstrip()
    if not text or len(text) > LONGEST:
        return ()
    text = _MINUS.sub("-", _APOSTROPHES.sub("'", _BLANKS.sub(" ", text)))
    if match := _FRACTION.fullmatch(text):
        part = Decimal(str(unicodedata.numeric(match[3])))
        return (_signed(match[1], Decimal(light(match[2]) or 0) + part),)
    text = light(text.replace("\u066c", "'").replace("\u066b", "."))
    return _in_digits(text) or _in_one_word(text)


def _in_one_word(text: str) -> tuple[Decimal, ...]:
    sign, words = ("-", text[6:]) if text.startswith("minus ") else ("", text)
    n = in_words(words.rstrip("."))
    return () if n is None else (_signed(sign, Decimal(n)),)


def _in_digits(text: str) -> tuple[Decimal, ...]:
    sign, digits = (text[0], text[1:].lstrip()) if text[0] in "+-" else ("", text)
    found = [number for number in (_grouped(digits), _plain(digits)) if number is not None]
    return tuple(_signed(sign, number) for number in found)


def _signed(sign: str, number: Decimal) -> Decimal:
    return -number if sign == "-" else number


def _grouped(digits: str) -> Decimal | None:
    match = _GROUPED.fullmatch(digits)
    if match is None or match[1] == match[2]:
        return None
    whole, _, rest = digits.rpartition(match[2]) if match[2] else (digits, "", "")
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{rest or 0}")


def _plain(digits: str) -> Decimal | None:
    match = _PLAIN.fullmatch(digits)
    if match is None:
        return None
    return Decimal(f"{match[1] or 0}.{match[2] or match[3] or 0}")

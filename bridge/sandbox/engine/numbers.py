"""Numbers in a text, in digits or in words ("twenty-five", "a dozen")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = re.compile(
    r"(?:(?<![\w.,/:@+])|(?<=\bx)|(?<=\u00d7))(?P<sign>-)?[$€£]?\s?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:[.,]\d{1,6})?)"
    r"(?=[x\u00d7]\b|[^\w/:@]|$|_)(?![.,]\d)"
)
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand million"
)
_NAME = f"(?:{'|'.join(_UNITS.split())})"
_WORDS = re.compile(rf"\b(?:a\s+)?{_NAME}(?:(?:\s+|-)(?:and\s+)?{_NAME}){{0,8}}\b", re.IGNORECASE)
_DOZEN = re.compile(r"\b(half\s+a|a|one|two|three|four|\d{1,3})?\s*dozen\b", re.IGNORECASE)
_COUPLE = re.compile(r"\ba\s+(?:couple|pair)(?:\s+of)?\b", re.IGNORECASE)
_DOZENS = {"half a": 6, "two": 24, "three": 36, "four": 48}
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number and where it stands; `spelt` when it was written in words."""

    value: Decimal
    start: int
    end: int
    spelt: bool = False


def spot_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a text, from left to right, none inside another."""
    found = [*_dozens(text), *_digits(text), *_spelt(text)]
    found.sort(key=lambda each: (each.start, -each.end))
    kept: list[Number] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return tuple(kept)


def whole_number(text: str) -> Decimal | None:
    """Return the number that the whole text is, polite words aside, or None."""
    bare = re.sub(
        r"(?i)^(?:it's|about|just|only|make it|for)\s+|\s*(?:please|thanks)?[.!\s]*$", "", text
    ).strip()
    found = spot_numbers(bare)
    whole = len(found) == 1 and found[0].start == 0 and found[0].end == len(bare)
    return found[0].value if whole else None


def _digits(text: str) -> list[Number]:
    return [
        Number(value=_read(each), start=each.start(), end=each.end())
        for each in _DIGITS.finditer(text)
    ]


def _read(found: re.Match[str]) -> Decimal:
    digits = found["number"]
    bare = digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits.replace(",", ".")
    return -Decimal(bare) if found["sign"] else Decimal(bare)


def _spelt(text: str) -> list[Number]:
    found: list[Number] = []
    for each in _WORDS.finditer(text):
        value = _spell(each[0])
        if value is not None:
            found.append(Number(value=value, start=each.start(), end=each.end(), spelt=True))
    return found


def _spell(phrase: str) -> Decimal | None:
    # Slow to load, and it ships no types.
    from text_to_num import (  # type: ignore[import-untyped]  # noqa: PLC0415
        text2num,  # pyright: ignore[reportUnknownVariableType]
    )

    try:
        bare = re.sub(r"\s+", " ", re.sub(r"(?i)^a\s+", "one ", phrase)).lower()
        return Decimal(text2num(bare, "en"))  # pyright: ignore[reportUnknownArgumentType]
    except (ValueError, OverflowError):
        return None


def _dozens(text: str) -> list[Number]:
    found = [
        Number(value=_dozen(each[1] or ""), start=each.start(), end=each.end(), spelt=True)
        for each in _DOZEN.finditer(text)
    ]
    couples = [
        Number(value=Decimal(2), start=each.start(), end=each.end(), spelt=True)
        for each in _COUPLE.finditer(text)
    ]
    return found + couples


def _dozen(count: str) -> Decimal:
    if count.isdigit():
        return Decimal(count) * 12
    return Decimal(_DOZENS.get(" ".join(count.lower().split()), 12))

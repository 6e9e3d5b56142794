"""Days and times of day in a text; the words are found here, their meaning is dateparser's.

dateparser alone sees dates in bare numbers and in words like "may" or "sun". So it is shown only
what looks like a date, and short forms count only where a date was asked (`eager`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bridge.sandbox.engine.numbers import spot_numbers

_MOST = 6
"""Dates read in one message; a longer list is none that a form asks for."""
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_SHORT_DAY = r"(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
_SURE = re.compile(
    rf"\b(?:(?:{_WEEKDAY},?\s+)?(?:the\s+)?(?:{_NTH}(?:\s+of)?\s+{_MONTH}|{_MONTH}\s+{_NTH})"
    rf"(?!\d)(?:,?\s+\d{{4}})?"
    r"|\d{4}-\d{1,2}-\d{1,2}(?!\d)|\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)"
    rf"|(?:(?:on|this|next|coming)\s+)*{_WEEKDAY}|(?:on|this|next|coming)\s+{_SHORT_DAY}"
    r"|next\s+(?:week|month)|(?:the\s+)?day\s+after\s+tomorrow|tomorrow|today|tonight"
    rf"|in\s+{_COUNT}\s+(?:days?|weeks?|months?)"
    rf"|{_COUNT}\s+(?:days?|weeks?)\s+from\s+(?:now|today))\b",
    re.IGNORECASE,
)
_EAGER = re.compile(
    rf"\b(?:{_SHORT_DAY}|\d{{1,2}}[./]\d{{1,2}}|(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?::[0-5]\d)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|(?P<bare>1[0-2]|0?[1-9])\s*(?P<part>[ap]\.?m\b\.?)"
    r"|(?P<clock>2[0-3]|1?\d)\s*o'?\s?clock|(?P<name>noon|midday|midnight)"
    r"|(?:half\s+past\s+(?P<past>1[0-2]|[1-9])))\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\bat\s+(?P<clock>2[0-3]|1?\d)\b(?![:.]\d)", re.IGNORECASE)
_FULL = {
    name[:3]: name
    for name in ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
}
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day and where it stands."""

    value: date
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One time of day and where it stands."""

    value: time
    start: int
    end: int


def spot_days(text: str, now: datetime, *, eager: bool = False) -> tuple[Day, ...]:
    """Return the days of a text; `eager` where a date was asked."""
    found: list[Day] = []
    for pattern in (_SURE, _EAGER) if eager else (_SURE,):
        for each in list(pattern.finditer(text))[:_MOST]:
            value = _meaning(each[0], now)
            if value is not None and not any(_overlap(each, other) for other in found):
                found.append(Day(value=value, start=each.start(), end=each.end()))
    return tuple(sorted(found, key=lambda each: each.start))


def _overlap(found: re.Match[str], other: Day) -> bool:
    return found.start() < other.end and other.start < found.end()


def _meaning(phrase: str, now: datetime) -> date | None:
    """Return the day that a phrase means; the past is not meant unless a year says so."""
    bare = re.sub(r"(?i)\b(?:on|this|coming|the|of)\b", " ", phrase)
    bare = " ".join(bare.split()).lower().rstrip(".")
    if bare == "day after tomorrow":
        return now.date() + timedelta(days=2)
    if bare in {"today", "tonight"}:
        return now.date()
    bare = re.sub(rf"\b{_SHORT_DAY}$", lambda found: _FULL[found[0][:3]], bare)
    if "from" in bare:
        bare = f"in {bare.partition(' from')[0]}"
    if nth := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", bare):
        return _next_nth(int(nth[1]), now.date())
    return _parse(_digits(bare), now)


def _digits(phrase: str) -> str:
    if not phrase.startswith("in "):
        return phrase
    for number in spot_numbers(phrase):
        return f"{phrase[: number.start]}{number.value}{phrase[number.end :]}"
    return re.sub(r"\ban?\b", "1", phrase)


def _next_nth(day: int, today: date) -> date | None:
    for ahead in range(62):
        candidate = today + timedelta(days=ahead)
        if candidate.day == day:
            return candidate
    return None


def _parse(phrase: str, now: datetime) -> date | None:
    from dateparser import (  # type: ignore[import-untyped]  # noqa: PLC0415  slow to load
        parse,
    )

    found = parse(
        phrase,
        languages=["en"],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "DATE_ORDER": "DMY" if "." in phrase else "MDY",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    return found.date() if isinstance(found, datetime) else None


def spot_clocks(text: str, *, eager: bool = False) -> tuple[Clock, ...]:
    """Return the times of day of a text; `eager` where a time was asked ("at 6")."""
    found = [
        Clock(value=_clock(each), start=each.start(), end=each.end())
        for each in _CLOCK.finditer(text)
    ]
    if eager and not found:
        found = [
            Clock(value=time(int(each["clock"])), start=each.start(), end=each.end())
            for each in _AT.finditer(text)
        ]
    return tuple(found[:_MOST])


def _clock(found: re.Match[str]) -> time:
    if found["name"]:
        return _NAMED[found["name"].lower()]
    if found["past"]:
        return time(int(found["past"]), 30)
    hour = int(found["hour"] or found["bare"] or found["clock"])
    part = (found["half"] or found["part"] or "").lower()
    if part and hour <= 12:  # noqa: PLR2004  hours of a half day
        hour = hour % 12 + (12 if part.startswith("p") else 0)
    return time(hour, int(found["minute"] or 0))

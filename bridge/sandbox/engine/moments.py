"""Dates and times as the schema writes them: ISO, or relative to now ("$now+2d")."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta

_RELATIVE = re.compile(r"\$now(?:([+-]\d{1,2})([yMdmh]))?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?")


def moment_of(text: str) -> datetime | None:
    """Return an ISO date or date-time; without an offset it is as good as UTC. None for others."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day_of(text: str) -> date | None:
    """Return the day written "YYYY-MM-DD", nothing else."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def clock_of(text: str) -> time | None:
    """Return the time of day written "HH:MM" or "HH:MM:SS"."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


def bound(text: str, now: datetime) -> datetime | None:
    """Return a bound, as wall-clock time without an offset; None for no bound."""
    relative = _RELATIVE.fullmatch(text)
    here = now.replace(tzinfo=None)
    if relative is None:
        fixed = moment_of(text)
        return fixed.replace(tzinfo=None) if fixed else None
    return shift(here, int(relative[1] or 0), relative[2] or "d")


def shift(moment: datetime, count: int, unit: str) -> datetime:
    """Move a moment: y year, M month, d day, h hour, m minute; clamps at the calendar's ends."""
    try:
        if unit in "yM":
            return _months(moment, count * 12 if unit == "y" else count)
        return moment + count * {"d": timedelta(days=1), "h": timedelta(hours=1)}.get(
            unit, timedelta(minutes=1)
        )
    except (OverflowError, ValueError):
        return moment


def _months(moment: datetime, count: int) -> datetime:
    years, month = divmod(moment.month - 1 + count, 12)
    year = moment.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def said(day: date) -> str:
    """Return a day for the eye: "Friday, 27 November 2026"."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{names[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

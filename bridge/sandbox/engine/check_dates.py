"""Checks of dates and times: format, bounds, available days."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from bridge.sandbox.engine.moments import bound, clock_of, day_of, moment_of, said
from bridge.sandbox.engine.verdict import Bad, Good, Verdict

if TYPE_CHECKING:
    from datetime import date

    from bridge.protocol.threads import Json
    from bridge.sandbox.engine.schema import Field

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def check_date(field: Field, value: Json, now: datetime) -> Verdict:
    """Take "YYYY-MM-DD" within the bounds."""
    day = day_of(value) if isinstance(value, str) else None
    if day is None:
        return Bad(text=f"{field.name}: please give a date, such as 12 December or next Friday.")
    problem = _closed(field, day) or _beyond(field, datetime.combine(day, time()), now)
    return Bad(text=problem) if problem else Good(value=day.isoformat())


def check_clock(field: Field, value: Json, now: datetime) -> Verdict:
    """Take "HH:MM" or "HH:MM:SS"."""
    del now
    clock = clock_of(value) if isinstance(value, str) else None
    if clock is None:
        return Bad(text=f"{field.name}: please give a time, such as 18:30 or 6:30 pm.")
    return Good(value=clock.strftime("%H:%M:%S"))


def check_moment(field: Field, value: Json, now: datetime) -> Verdict:
    """Take an ISO date-time; a bare date only where the format has an optional time."""
    text = value if isinstance(value, str) else ""
    moment = moment_of(text)
    if moment is None or (day_of(text) and field.format != "DATE_OPTIONAL_TIME"):
        return Bad(
            text=f"{field.name}: please give a date and a time, such as 12 December at 18:30."
        )
    here = moment.replace(tzinfo=None)
    problem = _closed(field, here.date()) or _beyond(field, here, now)
    return Bad(text=problem) if problem else Good(value=text)


def _closed(field: Field, day: date) -> str:
    dates = field.dates
    named = said(day)
    if dates.available and day.isoformat() not in dates.available:
        return f"{named} is not available for {field.name}. Please choose another day."
    if day.isoformat() in dates.unavailable:
        return f"{named} is not available for {field.name}. Please choose another day."
    if dates.days and _DAYS[day.weekday()] not in dates.days:
        open_days = ", ".join(each.capitalize() for each in _DAYS if each in dates.days)
        return f"{named} is not available for {field.name}. Possible days: {open_days}."
    return ""


def _beyond(field: Field, moment: datetime, now: datetime) -> str:
    """Compare by the day where the field is a date, so that "$now+2d" means that whole day."""
    low, high = bound(field.dates.minimum, now), bound(field.dates.maximum, now)
    whole = moment.time() == time()
    if low and moment < (datetime.combine(low.date(), time()) if whole else low):
        return f"{said(moment.date())} is too early. The earliest day is {said(low.date())}."
    if high and moment > high:
        return f"{said(moment.date())} is too late. The latest day is {said(high.date())}."
    return ""

"""A text read as the answer to one known question: typed after it, or "label: text".

Returns a finding, or None where the text is no answer to that question. What merely looks like an
answer is returned too: the check says what is wrong with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bridge.sandbox.engine.days import spot_clocks, spot_days
from bridge.sandbox.engine.findings import Chose, Declined, Finding, Said
from bridge.sandbox.engine.numbers import spot_numbers, whole_number
from bridge.sandbox.engine.options import read_options, read_products
from bridge.sandbox.engine.people import EMAIL, URL, introduced, part_of_name, phones
from bridge.sandbox.engine.phrases import Intent, means, truth
from bridge.sandbox.engine.scene import unnamed
from bridge.sandbox.engine.schema import Field, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bridge.protocol.threads import Json

_LEAD = re.compile(
    r"(?i)^\s*(?:it's|it is|its|it should (?:say|be)|just|put|write|please (?:write|put)"
    r"|say|saying)\s*:?\s+"
)
_INITIAL = 2
"""Characters; so short a text is no address."""
_QUOTES = "\"'\u201c\u201d\u2018\u2019"
_ADDRESS_LEAD = re.compile(
    r"(?i)^\s*(?:please\s+)?(?:deliver(?:y)?|send|ship|bring)?\s*(?:it|them)?\s*"
    r"(?:my address is|the address is|address:|to\b:?|at\b:?|i live (?:at|in))\s+"
)


def answer(field: Field, text: str, now: datetime, *, known: Json = None) -> Finding | None:
    """Return what the text answers to the field; `known`: the value it has already."""
    if not field.required and means(text, Intent.SKIP) and field.kind is not Kind.BOOLEAN:
        return Declined(target=field.target)
    return _READERS[field.kind](field, text, now, known)


def _text(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    bare = unnamed(field, text.strip())
    if part_of_name(field) and (found := introduced(bare)):
        bare = found[0]
    led = _LEAD.sub("", bare).strip()
    bare = led or bare
    if len(bare) > 2 and bare[0] in _QUOTES and bare[-1] in _QUOTES:  # noqa: PLR2004  a pair
        bare = bare[1:-1].strip()
    return Said(target=field.target, value=bare) if bare else None


def _whole(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    return Said(target=field.target, value=text.strip()) if text.strip() else None


def _email(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    found = EMAIL.search(text)
    if found is not None:
        return Said(target=field.target, value=found[0].rstrip("."))
    return Said(target=field.target, value=text.strip()) if "@" in text else None


def _phone(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    for number, _, _ in phones(text):
        return Said(target=field.target, value=number)
    digits = sum(map(str.isdigit, text))
    mostly = digits * 2 >= len(text.strip()) and digits > 2  # noqa: PLR2004
    return Said(target=field.target, value=text.strip()) if mostly else None


def _url(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    found = URL.search(text)
    if found is not None:
        return Said(target=field.target, value=web_address(found[0]))
    bare = text.strip()
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?", bare):
        return Said(target=field.target, value=web_address(bare))
    return None


def web_address(text: str) -> str:
    """Return an address with its scheme, without the sentence's closing marks."""
    bare = text.rstrip(".,;!?)")
    return bare if "://" in bare else f"https://{bare}"


def _date(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del known
    for day in spot_days(text, now, eager=True):
        return Said(target=field.target, value=day.value.isoformat())
    return _odd(field, text)


def _odd(field: Field, text: str) -> Finding | None:
    """Take what has digits or a month's shape for a failed try, so that the format is told."""
    return Said(target=field.target, value=text.strip()) if re.search(r"\d", text) else None


def _clock(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    for clock in spot_clocks(text, eager=True):
        return Said(target=field.target, value=clock.value.isoformat("seconds"))
    number = whole_number(text)
    if number is not None and number == int(number) and 0 <= number <= 23:  # noqa: PLR2004  hours
        return Said(target=field.target, value=f"{int(number):02}:00:00")
    return _odd(field, text)


def _moment(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    days = spot_days(text, now, eager=True)
    rest = text
    for day in days[:1]:
        rest = f"{text[: day.start]} {text[day.end :]}"
    clocks = spot_clocks(rest, eager=True)
    value = join_moment(
        days[0].value.isoformat() if days else None,
        clocks[0].value.isoformat("seconds") if clocks else None,
        known,
        now,
    )
    return Said(target=field.target, value=value) if value else _odd(field, text)


def join_moment(day: str | None, clock: str | None, known: Json, now: datetime) -> str | None:
    """Return a date-time of what was said; what is missing comes from the known value.

    Without a known one a day stays a bare date, which the check asks to complete.
    """
    old = known if isinstance(known, str) and "T" in known else ""
    if day is None and clock is None:
        return None
    if clock is None and not old:
        return day
    if day is None and not old:
        day = now.date().isoformat()
    offset = now.isoformat()[-6:] if now.utcoffset() is not None else ""
    return f"{day or old[:10]}T{clock or old[11:19]}{offset}"


def _number(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    number = whole_number(text)
    if number is None:
        found = spot_numbers(text)
        number = found[0].value if len(found) == 1 else None
    if number is None and (
        stars := re.fullmatch(r"(\d)\s*(?:/|out of)\s*\d+[\s.!]*", text.strip())
    ):
        return Said(target=field.target, value=int(stars[1]))
    if number is None and (count := text.count("\u2b50") or text.count("\u2605")):
        return Said(target=field.target, value=count)
    return None if number is None else Said(target=field.target, value=str(number))


def _boolean(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    found = truth(text)
    return None if found is None else Said(target=field.target, value=found)


def _choice(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    found = read_options(field, text)
    if found is not None:
        return found
    short = len(text.strip()) <= 300 and not text.strip().endswith("?")  # noqa: PLR2004
    if field.custom is not None and text.strip() and short:
        return Said(target=field.target, value=text.strip())
    return None


def _choices(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    found = read_options(field, text)
    if found is not None or field.custom is None:
        return found
    own = tuple(filter(None, (each.strip(" .") for each in re.split(r"[,;\n]|\band\b", text))))
    return Chose(target=field.target, chosen=own, replace=True) if own else None


def _products(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    return read_products(field, text)


def _address(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del now, known
    line = " ".join(_ADDRESS_LEAD.sub("", text).split())
    if len(line) <= _INITIAL:
        return None
    return Said(target=field.target, value=address(field, line))


def address(field: Field, line: str) -> dict[str, str]:
    """Return one line as an address; town and postal code as far as commas tell them."""
    value = {"formatted": line, "addressLine": line.split(",", maxsplit=1)[0].strip()}
    rest = [each.strip() for each in line.split(",")[1:] if each.strip()]
    if rest and rest[-1].upper() in field.countries | {field.country}:
        value["country"] = rest.pop().upper()
    elif len(field.countries) == 1:
        value["country"] = next(iter(field.countries))
    for part in rest:
        code = re.search(r"\b(?=\w*\d)[A-Z0-9]{2,5}[ -]?[A-Z0-9]{2,4}\b", part)
        if code and "postalCode" not in value:
            value["postalCode"] = code[0]
        town = part.replace(code[0], "").strip() if code else part
        if town and "city" not in value:
            value["city"] = town
    return value


def _nothing(field: Field, text: str, now: datetime, known: Json) -> Finding | None:
    del field, text, now, known
    return None


_READERS: Mapping[Kind, Callable[[Field, str, datetime, Json], Finding | None]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _whole,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.DATE: _date,
    Kind.TIME: _clock,
    Kind.DATE_TIME: _moment,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
    Kind.RATING: _number,
    Kind.AMOUNT: _number,
    Kind.BOOLEAN: _boolean,
    Kind.PRODUCTS: _products,
    Kind.ADDRESS: _address,
    Kind.FILE: _nothing,
    Kind.SIGNATURE: _nothing,
    Kind.UNSUPPORTED: _nothing,
}

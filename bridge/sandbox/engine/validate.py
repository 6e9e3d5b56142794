"""Does a value fit its field? The rules of the official validator, with words for the person.

`check` returns `Good` with the value as it is submitted (an option's label becomes its value, a
number written as text a number), or `Bad` with a sentence that says what is expected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.sandbox.engine.check_dates import check_clock, check_date, check_moment
from bridge.sandbox.engine.check_payment import check_amount, check_products, how_many
from bridge.sandbox.engine.members import decimal, items, plain
from bridge.sandbox.engine.people import part_of_name
from bridge.sandbox.engine.schema import Field, Kind
from bridge.sandbox.engine.verdict import Bad, Good, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bridge.protocol.threads import Json

_MAX_PATTERN_TEXT = 500
"""Longer texts are not put to the form's pattern, whose running time is unknown."""
_LARGEST = Decimal(2**53 - 1)
"""Largest number of the official validator, either sign."""
_AREA = 1_000_000
"""A national number below it lacks the area code."""
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{3,255}")
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,63}", re.IGNORECASE)
_FORMATS = {
    "UUID": (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE), "a UUID"),
    "HOSTNAME": (_HOST, "a host name, such as example.com"),
    "COLOR_HEX": (
        re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE),
        "a colour, such as #ff8800",
    ),
    "CURRENCY": (re.compile(r"[A-Z]{3}"), "a currency's three letters, such as EUR"),
    "LANGUAGE": (re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?"), "a language, such as en"),
}


def check(field: Field, value: Json, now: datetime) -> Verdict:
    """Return the value as it is submitted, or why it is refused."""
    return _CHECKS[field.kind](field, value, now)


def _text(field: Field, value: Json, now: datetime) -> Verdict:
    del now
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        return Bad(text=f"{field.name}: please give a text.")
    if part_of_name(field) and not any(map(str.isalpha, text)):
        return Bad(text=f"{field.name}: please give a name, with letters.")
    return _length(field, text) or _shape(field, text) or Good(value=text)


def _length(field: Field, text: str) -> Bad | None:
    if len(text) > field.longest:
        over = len(text) - field.longest
        limit = f"at most {field.longest} characters, please"
        return Bad(text=f"{field.name}: {limit}; that is {over} too many.")
    if len(text) < field.shortest:
        return Bad(text=f"{field.name}: at least {field.shortest} characters, please.")
    return None


def _shape(field: Field, text: str) -> Bad | None:
    if field.format in _FORMATS:
        shape, name = _FORMATS[field.format]
        if not shape.fullmatch(text):
            return Bad(text=f"{field.name}: please give {name}.")
    if field.pattern and not _fits(field.pattern, text):
        return Bad(text=field.pattern_advice or f"{field.name}: that is not in the right format.")
    return None


def _fits(pattern: str, text: str) -> bool:
    return len(text) <= _MAX_PATTERN_TEXT and re.search(pattern, text) is not None


def _email(field: Field, value: Json, now: datetime) -> Verdict:
    del now
    text = value.strip() if isinstance(value, str) else ""
    if not _EMAIL.fullmatch(text) or not _real_email(text):
        return Bad(text=f"{field.name}: that is no e-mail address. It looks like ada@example.com.")
    return _length(field, text) or _shape(field, text) or Good(value=text)


def _real_email(text: str) -> bool:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  slow to load

    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    # Without a dot the official pattern refuses it, whatever the library allows in tests.
    return "." in text.rpartition("@")[2]


def _phone(field: Field, value: Json, now: datetime) -> Verdict:
    del now
    text = value.strip() if isinstance(value, str) else ""
    number = e164(text, field.country)
    if number is None:
        return Bad(
            text=f"{field.name}: that is no phone number. Please give it with the country code,"
            " such as +1 415 555 2671."
        )
    return _country(field, number) or Good(value=number)


def e164(text: str, country: str) -> str | None:
    """Return a possible phone number as "+...", or None."""
    from phonenumbers import (  # noqa: PLC0415  slow to load
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        parse,
    )

    if not re.fullmatch(r"[\d \u00a0()+\-./]{5,40}", text):
        return None
    try:
        number = parse(text, country)
    except NumberParseException:
        return None
    if not is_possible_number(number) or (number.national_number or 0) < _AREA:
        return None
    return format_number(number, PhoneNumberFormat.E164)


def _country(field: Field, number: str) -> Bad | None:
    from phonenumbers import parse, region_codes_for_country_code  # noqa: PLC0415  slow to load

    if not field.countries:
        return None
    code = parse(number, None).country_code or 0
    if field.countries & set(region_codes_for_country_code(code)):
        return None
    allowed = ", ".join(sorted(field.countries))
    return Bad(text=f"{field.name}: only numbers of these countries, please: {allowed}.")


def _url(field: Field, value: Json, now: datetime) -> Verdict:
    del now
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"(?i)https?://[^\s/?#]+\.?[^\s]*", text):
        return Bad(text=f"{field.name}: please give a web address, such as https://example.com.")
    return _length(field, text) or _shape(field, text) or Good(value=text)


def _choice(field: Field, value: Json, now: datetime) -> Verdict:
    known = option_value(field, value)
    if known is not None:
        return Good(value=known)
    if field.custom is None:
        return Bad(text=f"{field.name}: {_named(value)} is not one of the options.")
    return _text(field, value, now)


def _named(value: Json) -> str:
    return f'"{value[:60]}"' if isinstance(value, str) else "that"


def option_value(field: Field, value: Json) -> Json:
    """Return the option's value for its value or its exact label; None for no option."""
    for each in field.options:
        if each.value == value and isinstance(each.value, bool) == isinstance(value, bool):
            return each.value
    text = str(value).strip().casefold() if isinstance(value, str | int | float) else ""
    for each in field.options:
        if text and text in (str(each.value).casefold(), each.label.strip().casefold()):
            return each.value
    return None


def _choices(field: Field, value: Json, now: datetime) -> Verdict:
    if value is None or isinstance(value, bool | int | float | Mapping):
        return Bad(text=f"{field.name}: please choose from the list.")
    given = ((value,) if value else ()) if isinstance(value, str) else items(value)
    chosen: list[Json] = []
    for each in given:
        verdict = _choice(field, each, now)
        if isinstance(verdict, Bad):
            return verdict
        if verdict.value not in chosen:
            chosen.append(verdict.value)
    if not chosen and not field.required and not field.fewest:
        return Good(value=[])
    return how_many(field, len(chosen)) or Good(value=chosen)


def _number(field: Field, value: Json, now: datetime) -> Verdict:
    del now
    number = decimal(value)
    if number is None or abs(number) > _LARGEST:
        return Bad(text=f"{field.name}: please give a number{number_range(field)}.")
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        return Bad(
            text=f"{field.name}: {number} is out of range; a number{number_range(field)}, please."
        )
    if field.step and number % field.step:
        return Bad(text=f"{field.name}: {number} does not fit; steps of {field.step}, please.")
    if field.only and number not in field.only:
        return Bad(text=f"{field.name}: one of {', '.join(map(str, field.only))}, please.")
    return Good(value=plain(number))


def number_range(field: Field) -> str:
    """Return the bounds in words, with a leading space, or ""."""
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of at least {low}"
    return "" if high is None else f" of at most {high}"


def _boolean(field: Field, value: Json, now: datetime) -> Verdict:
    del now
    truth = (
        {"true": True, "false": False}.get(value.casefold()) if isinstance(value, str) else value
    )
    if not isinstance(truth, bool):
        return Bad(text=f"{field.name}: please answer yes or no.")
    if field.must_be and truth not in field.must_be:
        needed = "no" if truth else "yes"
        return Bad(text=f"This has to be answered with {needed} to go on: {field.name}")
    return Good(value=truth)


def _address(field: Field, value: Json, now: datetime) -> Verdict:
    del now
    if not isinstance(value, Mapping) or not value:
        return Bad(text=f"{field.name}: please give street, town and postal code in one line.")
    country = value.get("country")
    if field.countries and country and country not in field.countries:
        allowed = ", ".join(sorted(field.countries))
        return Bad(text=f"{field.name}: only addresses of these countries, please: {allowed}.")
    return Good(value=value)


def _nothing(field: Field, value: Json, now: datetime) -> Verdict:
    del value, now
    return Bad(text=f"{field.name}: this can't be given here.")


_CHECKS: Mapping[Kind, Callable[[Field, Json, datetime], Verdict]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.DATE: check_date,
    Kind.TIME: check_clock,
    Kind.DATE_TIME: check_moment,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
    Kind.RATING: _number,
    Kind.BOOLEAN: _boolean,
    Kind.PRODUCTS: check_products,
    Kind.AMOUNT: check_amount,
    Kind.ADDRESS: _address,
    Kind.FILE: _nothing,
    Kind.SIGNATURE: _nothing,
    Kind.UNSUPPORTED: _nothing,
}

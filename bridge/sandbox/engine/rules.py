"""Which fields are required or hidden now: the form's rules applied to the values known.

A value is compared as it stands, also that of a hidden field. An empty value fails every comparison
but EMPTY and the negated ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bridge.sandbox.engine.members import decimal, items, text_of
from bridge.sandbox.engine.moments import moment_of
from bridge.sandbox.engine.schema import Condition, Field, Form, Group

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from bridge.protocol.threads import Json, JsonObject

_NEGATED = {
    "NOT_EQUAL": "EQUAL",
    "NOT_EMPTY": "EMPTY",
    "NOT_CONTAINS": "CONTAINS",
    "NOT_CHECKED": "CHECKED",
    "NOT_IN": "IN",
    "ARRAY_NOT_EQUAL": "ARRAY_EQUAL",
}


def standing(form: Form, values: JsonObject, now: datetime) -> tuple[Field, ...]:
    """Return the fields with `required` and `hidden` as the rules have them now."""
    changes: dict[str, dict[str, bool]] = {}
    for rule in form.rules:
        if _holds(rule.when, values, now):
            for each in rule.overrides:
                changes.setdefault(each.target, {})[each.property.lower()] = each.on
    return tuple(
        replace(
            each,
            hidden=changes.get(each.target, {}).get("hidden", each.hidden),
            required=changes.get(each.target, {}).get("required", each.required),
        )
        for each in form.fields
    )


def _holds(part: Condition | Group, values: JsonObject, now: datetime) -> bool:
    match part:
        case Group(every=every, parts=parts):
            answers = [_holds(each, values, now) for each in parts]
            return bool(answers) and (all(answers) if every else any(answers))
        case Condition(target=target, operator=operator, value=wanted):
            return _compare(operator, _known(values.get(target)), wanted, now)


def _known(value: Json) -> Json:
    """Return the value; of chosen products only their ids."""
    ids = [text_of(each, "productId") for each in items(value) if isinstance(each, Mapping)]
    return ids or value


def _compare(operator: str, given: Json, wanted: Json, now: datetime) -> bool:
    if operator in _NEGATED:
        return not _compare(_NEGATED[operator], given, wanted, now)
    if operator == "EMPTY":
        return given in (None, "") or given == []
    if operator == "CHECKED":
        return given is True
    if given in (None, "") or given == []:
        return False
    if operator.startswith("IS_DATE_"):
        return _aged(operator, given, wanted, now)
    test = _TESTS.get(operator)
    return test is not None and test(given, wanted)


def _equal(given: Json, wanted: Json) -> bool:
    one = given[0] if isinstance(given, list) and len(given) == 1 else given
    left, right = decimal(one), decimal(wanted)
    if left is not None and right is not None:
        return left == right
    return one == wanted


def _contains(given: Json, wanted: Json) -> bool:
    if isinstance(given, str):
        return isinstance(wanted, str) and wanted.casefold() in given.casefold()
    return wanted in items(given)


def _among(given: Json, wanted: Json) -> bool:
    allowed = items(wanted) or (wanted,)
    return any(_equal(given, each) for each in allowed)


def _any(given: Json, wanted: Json) -> bool:
    allowed = items(wanted) or (wanted,)
    mine = items(given) or (given,)
    return any(each in allowed for each in mine)


def _array_equal(given: Json, wanted: Json) -> bool:
    return sorted(map(str, items(given))) == sorted(map(str, items(wanted)))


def _between(given: Json, wanted: Json) -> bool:
    bounds = items(wanted)
    if len(bounds) != 2:  # noqa: PLR2004  two ends
        return False
    return _ordered(bounds[0], given, lambda a, b: a <= b) and _ordered(
        given, bounds[1], lambda a, b: a <= b
    )


def _ordered(left: Json, right: Json, test: Callable[[Decimal, Decimal], bool]) -> bool:
    """Compare two numbers, or two moments by their place on the time line."""
    first, second = _rank(left), _rank(right)
    return first is not None and second is not None and test(first, second)


def _rank(value: Json) -> Decimal | None:
    number = decimal(value)
    if number is not None or not isinstance(value, str):
        return number
    moment = moment_of(value)
    if moment is None:
        return None
    return decimal((moment.replace(tzinfo=None) - _START).total_seconds())


_START = datetime(1, 1, 1)  # noqa: DTZ001  a mere origin of counting
_AGE = re.compile(r"\D*(\d+)\s*([yMdmh])?")
_DAYS = {"y": 365.25, "M": 30.4375, "d": 1.0, "h": 1 / 24, "m": 1 / 1440}


def _aged(operator: str, given: Json, wanted: Json, now: datetime) -> bool:
    """Tell a date's age: `wanted` is a count of days, or one with a unit ("18y")."""
    moment = moment_of(given) if isinstance(given, str) else None
    age = _AGE.match(str(wanted))
    if moment is None or age is None:
        return False
    days = min(int(age[1][:7]) * _DAYS[age[2] or "d"], 3_600_000)
    behind = now.replace(tzinfo=None) - moment.replace(tzinfo=None)
    limit = timedelta(days=days)
    older = "OLDER" in operator
    if operator.endswith("_OR_EQUAL") and behind == limit:
        return True
    return behind > limit if older else behind < limit


_TESTS: Mapping[str, Callable[[Json, Json], bool]] = {
    "EQUAL": _equal,
    "CONTAINS": _contains,
    "IN": _among,
    "ANY": _any,
    "ARRAY_EQUAL": _array_equal,
    "BETWEEN": _between,
    "LESS_THAN": lambda a, b: _ordered(a, b, lambda x, y: x < y),
    "LESS_THAN_OR_EQUALS": lambda a, b: _ordered(a, b, lambda x, y: x <= y),
    "GREATER_THAN": lambda a, b: _ordered(a, b, lambda x, y: x > y),
    "GREATER_THAN_OR_EQUALS": lambda a, b: _ordered(a, b, lambda x, y: x >= y),
    "BEFORE": lambda a, b: _ordered(a, b, lambda x, y: x < y),
    "BEFORE_OR_EQUAL": lambda a, b: _ordered(a, b, lambda x, y: x <= y),
    "AFTER": lambda a, b: _ordered(a, b, lambda x, y: x > y),
    "AFTER_OR_EQUAL": lambda a, b: _ordered(a, b, lambda x, y: x >= y),
}

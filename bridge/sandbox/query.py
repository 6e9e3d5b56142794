"""Filters, sorting and cursors of the query endpoints. PURE.

Source: "API Query Language" of the upstream's documents. A cursor carries the query that it
belongs to, so the next page needs nothing else; it comes back from strangers, so it is read like
any other input.
"""

from __future__ import annotations

import base64
import json
import operator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, cast

from bridge.sandbox.bodies import optional_list, optional_object, optional_text, parse
from bridge.sandbox.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bridge.protocol.threads import Json, JsonObject

MAX_PAGE = 100
DEFAULT_PAGE = 50
_MAX_SORTS = 3
_MAX_CURSOR = 16000

_Value: TypeAlias = "bool | float | str | datetime | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What may be asked of one kind of document.

    `fields`: may be filtered and sorted by. `dates`: those of them that are times. `mandatory`: a
    field whose equality filter must be there. `sort`: the order without one asked for.
    """

    fields: frozenset[str]
    dates: frozenset[str] = frozenset({"createdDate", "updatedDate"})
    mandatory: str | None = None
    sort: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, and where the next and the one before begin."""

    documents: tuple[JsonObject, ...]
    next: str | None = None
    previous: str | None = None

    def metadata(self) -> JsonObject:
        """Return the paging metadata of an answer."""
        cursors = {"next": self.next, "prev": self.previous}
        present: JsonObject = {name: cursor for name, cursor in cursors.items() if cursor}
        return {
            "count": len(self.documents),
            "cursors": present,
            "hasNext": self.next is not None,
        }


def run(spec: Spec, documents: Sequence[JsonObject], query: JsonObject) -> Page:
    """Return the page that a query asks for."""
    paging = optional_object(query, "cursorPaging") or {}
    cursor = optional_text(paging, "cursor", maximum=_MAX_CURSOR)
    offset, asked = _resume(cursor) if cursor else (0, query)
    wanted = optional_object(asked, "filter") or {}
    if spec.mandatory and not _names(wanted, spec.mandatory):
        raise invalid(f"query.filter.{spec.mandatory}", "must be filtered by", "REQUIRED_FIELD")
    _holds(spec, wanted, {})  # nonsense is refused also where there is nothing to search
    found = [document for document in documents if _holds(spec, wanted, document)]
    ordered = _sorted(spec, found, optional_list(asked, "sort"))
    return _page(ordered, offset, _limit(paging), asked)


def _page(found: list[JsonObject], offset: int, limit: int, asked: JsonObject) -> Page:
    end = offset + limit
    return Page(
        documents=tuple(found[offset:end]),
        next=_cursor(end, asked) if end < len(found) else None,
        previous=_cursor(max(0, offset - limit), asked) if offset else None,
    )


def _cursor(offset: int, asked: JsonObject) -> str:
    kept = {"o": offset, "filter": asked.get("filter"), "sort": asked.get("sort")}
    return base64.urlsafe_b64encode(json.dumps(kept).encode()).decode()


def _resume(cursor: str) -> tuple[int, JsonObject]:
    try:
        kept = parse(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError:
        raise invalid("query.cursorPaging.cursor", "is not a cursor") from None
    offset = kept.get("o") if isinstance(kept, dict) else None
    if not isinstance(kept, dict) or not isinstance(offset, int) or offset < 0:
        raise invalid("query.cursorPaging.cursor", "is not a cursor")
    return offset, cast("JsonObject", kept)


def _limit(paging: JsonObject) -> int:
    limit = paging.get("limit")
    if limit is None:
        return DEFAULT_PAGE
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_PAGE:
        raise invalid("query.cursorPaging.limit", f"must be from 1 to {MAX_PAGE}", "OUT_OF_RANGE")
    return limit


def _names(wanted: JsonObject, name: str) -> bool:
    """Return whether a filter asks for one value of the field."""
    condition = wanted.get(name)
    if isinstance(condition, dict):
        return isinstance(condition.get("$eq"), str)
    parts = wanted.get("$and")
    inner = parts if isinstance(parts, list) else []
    return isinstance(condition, str) or any(
        isinstance(part, dict) and _names(cast("JsonObject", part), name) for part in inner
    )


def _holds(spec: Spec, wanted: JsonObject, document: JsonObject) -> bool:
    # a list, so that every condition is checked for sense, whatever the others say
    met = [_condition(spec, name, value, document) for name, value in wanted.items()]
    return all(met)


def _condition(spec: Spec, name: str, value: Json, document: JsonObject) -> bool:
    if name in _JOINS:
        return _JOINS[name]([_holds(spec, part, document) for part in _parts(name, value)])
    if name not in spec.fields:
        raise invalid(f"filter.{name}", "can't be filtered by")
    tests = cast("JsonObject", value) if _is_operation(value) else {"$eq": value}
    met = [_test(spec, name, test, given, document) for test, given in tests.items()]
    return all(met)


_JOINS: dict[str, Callable[[list[bool]], bool]] = {"$and": all, "$or": any}


def _parts(name: str, value: Json) -> list[JsonObject]:
    parts = value if isinstance(value, list) else [None]
    if not all(isinstance(part, dict) for part in parts):
        raise invalid(f"filter.{name}", "must be a list of filters", "INVALID_TYPE")
    return cast("list[JsonObject]", parts)


def _is_operation(value: Json) -> bool:
    return isinstance(value, dict) and "$date" not in value


def _test(spec: Spec, name: str, test: str, given: Json, document: JsonObject) -> bool:
    held = _value(spec, name, document.get(name))
    if test == "$in":
        choices = given if isinstance(given, list) else [given]
        return held in [_value(spec, name, choice) for choice in choices]
    if test not in _TESTS:
        raise invalid(f"filter.{name}", f"the operator {test[:20]} is not supported")
    return _TESTS[test](held, _value(spec, name, given))


def _ordering(compare: Callable[[object, object], bool]) -> Callable[[_Value, _Value], bool]:
    def test(held: _Value, given: _Value) -> bool:
        return held is not None and type(held) is type(given) and compare(held, given)

    return test


_TESTS: dict[str, Callable[[_Value, _Value], bool]] = {
    "$eq": operator.eq,
    "$ne": operator.ne,
    "$gt": _ordering(cast("Callable[[object, object], bool]", operator.gt)),
    "$gte": _ordering(cast("Callable[[object, object], bool]", operator.ge)),
    "$lt": _ordering(cast("Callable[[object, object], bool]", operator.lt)),
    "$lte": _ordering(cast("Callable[[object, object], bool]", operator.le)),
}


def _value(spec: Spec, name: str, value: Json) -> _Value:
    if name in spec.dates:
        return _date(name, value)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value)
    raise invalid(f"filter.{name}", "must be compared with a single value", "INVALID_TYPE")


def _date(name: str, value: Json) -> datetime | None:
    said = value.get("$date") if isinstance(value, dict) else value
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(cast("str", said))
    except (TypeError, ValueError):
        raise invalid(f"filter.{name}", "is not an ISO-8601 time", "FORMAT") from None
    if moment.tzinfo is None:
        raise invalid(f"filter.{name}", "needs a time zone, such as Z", "FORMAT")
    return moment


def _sorted(spec: Spec, found: list[JsonObject], asked: list[Json]) -> list[JsonObject]:
    if len(asked) > _MAX_SORTS:
        raise invalid("query.sort", f"has more than {_MAX_SORTS} items", "MAX_SIZE")
    for name, descending in reversed([_sort_key(spec, key) for key in asked or spec.sort]):
        found = sorted(found, key=_rank(name), reverse=descending)
    return found


def _sort_key(spec: Spec, key: Json) -> tuple[str, bool]:
    name = key.get("fieldName") if isinstance(key, dict) else None
    if not isinstance(key, dict) or not isinstance(name, str) or name not in spec.fields:
        raise invalid("query.sort", "names a field that can't be sorted by")
    return name, key.get("order") == "DESC"


def _rank(name: str) -> Callable[[JsonObject], tuple[bool, str]]:
    """Return the rank of a document; all times are written alike, so texts do."""

    def rank(document: JsonObject) -> tuple[bool, str]:
        value = document.get(name)
        return value is not None, str(value)

    return rank

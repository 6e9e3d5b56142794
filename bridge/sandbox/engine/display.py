"""Values as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.sandbox.engine import chunks
from bridge.sandbox.engine.members import decimal, items
from bridge.sandbox.engine.moments import day_of, moment_of, said
from bridge.sandbox.engine.schema import Field, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.protocol.threads import Json, JsonObject

_HIDDEN = "\u2022" * 4


def display(field: Field, value: Json) -> str:
    """Return the value in words."""
    if field.secret:
        return _HIDDEN
    return _SHOWN.get(field.kind, _plain)(field, value)


def data(field: Field, value: Json) -> JsonObject:
    """Return the chunk that tells what was understood."""
    shown = display(field, value)
    return chunks.data(field.target, f"{title(field)}: {shown}", value, shown)


def title(field: Field) -> str:
    """Return what stands before a value; a question of products reads badly there."""
    asks = field.kind is Kind.PRODUCTS and field.label.rstrip().endswith("?")
    return "Order" if asks else field.name


def total(fields: tuple[Field, ...], values: JsonObject) -> Decimal | None:
    """Return what an order costs; None if nothing is ordered."""
    sums = [
        (decimal(item.get("price")) or Decimal(0)) * (decimal(item.get("quantity")) or Decimal(0))
        for field in fields
        if field.kind in {Kind.PRODUCTS, Kind.AMOUNT}
        for item in items(values.get(field.target))
        if isinstance(item, Mapping)
    ]
    return sum(sums, Decimal(0)) if sums else None


def money(amount: Decimal) -> str:
    """Return an amount with two decimals; the schema knows no currency."""
    return f"{amount:.2f}"


def _plain(field: Field, value: Json) -> str:
    del field
    return str(value)


def _option(field: Field, value: Json) -> str:
    return next((each.label for each in field.options if each.value == value), str(value))


def _options(field: Field, value: Json) -> str:
    return ", ".join(_option(field, each) for each in items(value)) or "none"


def _truth(field: Field, value: Json) -> str:
    del field
    return "Yes" if value is True else "No"


def _date(field: Field, value: Json) -> str:
    del field
    day = day_of(str(value))
    return said(day) if day else str(value)


def _time(field: Field, value: Json) -> str:
    del field
    return str(value)[:5]


def _moment(field: Field, value: Json) -> str:
    moment = moment_of(str(value))
    if moment is None or day_of(str(value)):
        return _date(field, value)
    return f"{said(moment.date())}, {moment:%H:%M}"


def _basket(field: Field, value: Json) -> str:
    return ", ".join(_item(field, each) for each in items(value) if isinstance(each, Mapping))


def _item(field: Field, item: JsonObject) -> str:
    known = {each.id: each for each in field.products}
    product = known.get(str(item.get("productId")))
    name = product.label if product else str(item.get("productId"))
    price = decimal(item.get("price")) or Decimal(0)
    count = decimal(item.get("quantity")) or Decimal(1)
    times = f"{count} \u00d7 " if count != 1 else ""
    return f"{times}{name} - {money(price * count)}"


def _address(field: Field, value: Json) -> str:
    del field
    if not isinstance(value, Mapping):
        return str(value)
    formatted = value.get("formatted")
    return str(formatted) if formatted else ", ".join(str(each) for each in value.values() if each)


_SHOWN: Mapping[Kind, Callable[[Field, Json], str]] = {
    Kind.CHOICE: _option,
    Kind.CHOICES: _options,
    Kind.BOOLEAN: _truth,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.DATE_TIME: _moment,
    Kind.PRODUCTS: _basket,
    Kind.AMOUNT: _basket,
    Kind.ADDRESS: _address,
}

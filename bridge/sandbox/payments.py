"""What is to be paid for one submission. PURE: a form's schema and its values in, lines out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bridge.sandbox.reading import inputs, items, member, objects, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.protocol.threads import Json, JsonObject

CURRENCY = "EUR"
"""Schemas hold no currency: it is the site's."""

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """So many of one product; `price` is of one, in `CURRENCY`."""

    product: str
    name: str
    price: Decimal
    quantity: int

    @property
    def total(self) -> Decimal:
        """Return the price of all of them."""
        return self.price * self.quantity


def order_lines(form: JsonObject, values: JsonObject) -> tuple[OrderLine, ...]:
    """Return the products chosen in the form's PAYMENT fields."""
    return tuple(_lines(form, values))


def total(lines: tuple[OrderLine, ...]) -> Decimal:
    """Return what they cost together."""
    return sum((line.total for line in lines), Decimal("0.00"))


def _lines(form: JsonObject, values: JsonObject) -> Iterator[OrderLine]:
    for options in inputs(form):
        if options.get("inputType") == "PAYMENT":
            names = _names(member(options, "paymentOptions"))
            for chosen in objects(values.get(text(options, "target"))):
                yield _line(chosen, names)


def _line(chosen: JsonObject, names: JsonObject) -> OrderLine:
    product = text(chosen, "productId")
    return OrderLine(
        product=product,
        name=text(chosen, "name") or text(names, product) or text(names, "") or "Item",
        price=_price(chosen.get("price")),
        quantity=_quantity(chosen.get("quantity")),
    )


def _names(payment: JsonObject) -> JsonObject:
    """Return labels by product id; the field's own under ""."""
    names: dict[str, Json] = {}
    for component in items(payment):
        names[""] = text(names, "") or text(component, "label")
        for option in objects(component.get("options")):
            names[text(option, "value")] = text(option, "label")
    return names


def _quantity(value: Json) -> int:
    return value if isinstance(value, int) and value is not True and value > 0 else 1


def _price(value: Json) -> Decimal:
    try:
        price = Decimal(str(value)).quantize(CENT)
    except InvalidOperation:
        return Decimal("0.00")
    return max(price, Decimal("0.00")) if price.is_finite() else Decimal("0.00")

"""Checks of PAYMENT values: an array of {productId, price, quantity}, each product once.

The price of a fixed-price product is the string of the schema; of a dynamic one a number within
its bounds, in steps of 0.01. Source: the official validator.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.sandbox.engine.members import decimal, items, plain
from bridge.sandbox.engine.schema import MAX_QUANTITY, Field, Product
from bridge.sandbox.engine.verdict import Bad, Good, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.protocol.threads import Json, JsonObject

CENT = Decimal("0.01")
_ADVICE = "please choose from the list."


def check_products(field: Field, value: Json, now: datetime) -> Verdict:
    """Take the items of an order."""
    del now
    given = items(value)
    checked = [_item(field, each) for each in given]
    for each in checked:
        if isinstance(each, Bad):
            return each
    good = [each.value for each in checked if isinstance(each, Good)]
    ids = [each.get("productId") for each in good if isinstance(each, Mapping)]
    if len(set(map(str, ids))) < len(ids):
        return Bad(text=f"{field.name}: each product can stand there only once.")
    return how_many(field, len(good)) or Good(value=good)


def check_amount(field: Field, value: Json, now: datetime) -> Verdict:
    """Take the one item of an amount that the person chooses; a bare number is its price."""
    product = field.products[0]
    number = decimal(value)
    if number is None:
        return check_products(field, value, now)
    item = {"productId": product.id, "price": plain(number), "quantity": product.least}
    return check_products(field, [item], now)


def how_many(field: Field, count: int) -> Bad | None:
    """Return what is wrong with the number of items, or None."""
    if count == 0 or count < field.fewest:
        return Bad(text=f"{field.name}: please choose at least {max(field.fewest, 1)}.")
    if count > field.most:
        return Bad(text=f"{field.name}: please choose at most {field.most}.")
    return None


def check_quantity(product: Product, quantity: Json) -> Verdict:
    """Take a whole number within the product's limit."""
    number = decimal(quantity)
    most = product.most or MAX_QUANTITY
    if number is None or number != number.to_integral_value():
        return Bad(text=f"{product.name}: the quantity must be a whole number.")
    if not product.least <= number <= most:
        return Bad(text=f"{product.name}: you can order {product.least} to {most}.")
    return Good(value=int(number))


def check_price(product: Product, price: Json) -> Verdict:
    """Take the schema's price, or a chosen amount within the bounds."""
    number = decimal(price)
    if product.price:
        same = number is not None and number == decimal(product.price)
        return Good(value=product.price) if same else Bad(text=f"{product.name}: {_ADVICE}")
    low, high = product.low, product.high
    if number is None or number < low or (high is not None and number > high):
        upper = f" to {high}" if high is not None else " or more"
        return Bad(text=f"{product.name}: please give an amount of {low}{upper}.")
    if number % CENT:
        return Bad(text=f"{product.name}: please give at most two decimals.")
    return Good(value=plain(number))


def _item(field: Field, value: Json) -> Verdict:
    item: JsonObject = value if isinstance(value, Mapping) else {}
    known = {each.id: each for each in field.products}
    product = known.get(str(item.get("productId")))
    if product is None:
        return Bad(text=f"{field.name}: {_ADVICE}")
    quantity = check_quantity(product, item.get("quantity", product.least))
    price = check_price(product, item.get("price", product.price or None))
    if isinstance(quantity, Bad):
        return quantity
    if isinstance(price, Bad):
        return price
    return Good(value={"productId": product.id, "price": price.value, "quantity": quantity.value})

"""An order while it is made: products, of which a quantity or an amount may still be open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.sandbox.engine.check_payment import check_price, check_quantity
from bridge.sandbox.engine.findings import Ordered, Pick
from bridge.sandbox.engine.members import decimal, items, plain
from bridge.sandbox.engine.verdict import Bad

if TYPE_CHECKING:
    from bridge.protocol.threads import Json
    from bridge.sandbox.engine.schema import Field, Product


@dataclass(slots=True, kw_only=True)
class Settled:
    """Picks whose wrong numbers are taken out, and what was wrong with them."""

    picks: tuple[Pick, ...] = ()
    problems: list[str] = field(default_factory=list[str])
    items: list[Json] = field(default_factory=list["Json"])


def picks_of(each: Field, value: Json) -> tuple[Pick, ...]:
    """Return a complete order as picks."""
    known = {product.id: product for product in each.products}
    found: list[Pick] = []
    for item in items(value):
        if isinstance(item, Mapping):
            product = known.get(str(item.get("productId")))
            if product is not None:
                price = None if product.price else decimal(item.get("price"))
                found.append(
                    Pick(product=product.id, quantity=decimal(item.get("quantity")), price=price)
                )
    return tuple(found)


def merge_picks(known: tuple[Pick, ...], said: Ordered) -> tuple[Pick, ...]:
    """Return the order with what was said now; what was said earlier of a product stays."""
    before = {each.product: each for each in known}
    merged = {} if said.replace else dict(before)
    for each in said.picks:
        old = merged.get(each.product)
        merged[each.product] = each if old is None else _newer(old, each)
    return tuple(each for each in merged.values() if each.product not in said.removed)


def _newer(old: Pick, new: Pick) -> Pick:
    return replace(
        old,
        quantity=old.quantity if new.quantity is None else new.quantity,
        price=old.price if new.price is None else new.price,
    )


def needs(each: Field, picks: tuple[Pick, ...]) -> tuple[Pick, str] | None:
    """Return the first pick with something open, and what: "quantity" or "price"."""
    for pick in picks:
        product = product_of(each, pick)
        if pick.quantity is None and asks_quantity(product):
            return pick, "quantity"
        if pick.price is None and not product.price:
            return pick, "price"
    return None


def product_of(each: Field, pick: Pick) -> Product:
    """Return the product of a pick."""
    return next(product for product in each.products if product.id == pick.product)


def asks_quantity(product: Product) -> bool:
    """Say whether there is a quantity to choose: the maximum is set and above the least."""
    return product.most is not None and product.most > product.least


def settle(each: Field, picks: tuple[Pick, ...]) -> Settled:
    """Check the numbers that were said; wrong ones become open again."""
    settled = Settled()
    settled.picks = tuple(
        _settle_one(product_of(each, pick), pick, settled.problems) for pick in picks
    )
    if needs(each, settled.picks) is None:
        settled.items = [_item(product_of(each, pick), pick) for pick in settled.picks]
    return settled


def _settle_one(product: Product, pick: Pick, problems: list[str]) -> Pick:
    settled = pick
    if pick.quantity is not None:
        verdict = check_quantity(product, str(pick.quantity))
        if isinstance(verdict, Bad):
            problems.append(verdict.text)
            settled = replace(settled, quantity=None)
    if pick.price is not None and not product.price:
        verdict = check_price(product, str(pick.price))
        if isinstance(verdict, Bad):
            problems.append(verdict.text)
            settled = replace(settled, price=None)
    return settled


def _item(product: Product, pick: Pick) -> Json:
    quantity = pick.quantity if pick.quantity is not None else Decimal(product.least)
    price: Json = product.price or plain(pick.price if pick.price is not None else product.low)
    return {"productId": product.id, "price": price, "quantity": int(quantity)}

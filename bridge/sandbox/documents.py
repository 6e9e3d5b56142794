"""Submissions and orders as the upstream writes them. PURE.

Source: `FormSubmission` and `Order` in the types of the official packages; REST names.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bridge.sandbox.payments import CURRENCY, total

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.protocol.threads import Json, JsonObject
    from bridge.sandbox.ledger import Checkout, Ledger, Order, Submission
    from bridge.sandbox.payments import OrderLine


def timestamp(seconds: float) -> str:
    """Return a time as the upstream writes it: UTC, milliseconds, Z."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def submission_json(ledger: Ledger, submission: Submission) -> JsonObject:
    """Return a submission."""
    document: dict[str, Json] = {
        "id": submission.id,
        "formId": submission.form,
        "namespace": submission.namespace,
        "status": submission.status,
        "submissions": submission.values,
        "createdDate": timestamp(submission.created),
        "updatedDate": timestamp(submission.updated),
        "revision": str(submission.revision),
        "submitter": submission.submitter,
        "seen": False,
        "extendedFields": {"namespaces": {}},
        "tags": {"publicTags": {"tagIds": []}, "privateTags": {"tagIds": []}},
    }
    if submission.checkout is not None:
        document["orderDetails"] = _order_details(ledger, ledger.checkouts[submission.checkout])
    return document


def _order_details(ledger: Ledger, checkout: Checkout) -> JsonObject:
    details: dict[str, Json] = {
        "checkoutId": checkout.id,
        "currency": CURRENCY,
        "itemSubtotal": str(total(checkout.lines)),
    }
    if checkout.order is not None:
        order = ledger.orders[checkout.order]
        details |= {"orderId": order.id, "number": str(order.number)}
    return details


def order_json(ledger: Ledger, order: Order) -> JsonObject:
    """Return an order."""
    checkout = ledger.checkouts[order.checkout]
    amount = price_json(total(checkout.lines))
    return {
        "id": order.id,
        "number": str(order.number),
        "createdDate": timestamp(order.created),
        "updatedDate": timestamp(order.updated),
        "lineItems": [_line_json(line) for line in checkout.lines],
        "buyerInfo": {"email": checkout.email} if checkout.email else {},
        "paymentStatus": order.payment,
        "fulfillmentStatus": "NOT_FULFILLED",
        "currency": CURRENCY,
        "priceSummary": {"subtotal": amount, "total": amount},
        "status": order.status,
        "archived": False,
        "channelInfo": {"type": "OTHER_PLATFORM"},
        "checkoutId": checkout.id,
    }


def _line_json(line: OrderLine) -> JsonObject:
    return {
        "id": line.product,
        "productName": {"original": line.name},
        "quantity": line.quantity,
        "price": price_json(line.price),
        "totalPriceAfterTax": price_json(line.total),
    }


def price_json(amount: Decimal) -> JsonObject:
    """Return an amount with its spelling for people."""
    return {"amount": f"{amount:.2f}", "formattedAmount": price_text(amount)}


def price_text(amount: Decimal) -> str:
    """Return an amount for people, in `CURRENCY`."""
    return f"€{amount:,.2f}"

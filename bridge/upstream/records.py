"""Submissions, orders and listings of forms, read tolerantly; and times, written and read.

A record without an id is no record: its reader returns None.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bridge.upstream.members import nested, objects, text
from bridge.upstream.port import FormListing, Order, Submission

if TYPE_CHECKING:
    from bridge.protocol.threads import JsonObject
    from bridge.upstream.port import ClientTime


def read_submission(raw: JsonObject) -> Submission | None:
    """Return a submission of Get Submission or a query."""
    details = nested(raw, "orderDetails")
    if not text(raw, "id"):
        return None
    return Submission(
        id=text(raw, "id"),
        form_id=text(raw, "formId"),
        status=text(raw, "status"),
        created_at=read_time(text(raw, "createdDate")),
        values=nested(raw, "submissions"),
        order_id=text(details, "orderId"),
        checkout=text(details, "checkoutId"),
    )


def read_order(raw: JsonObject) -> Order | None:
    """Return an order of Get Order or Search Orders."""
    if not text(raw, "id"):
        return None
    return Order(
        id=text(raw, "id"),
        checkout=text(raw, "checkoutId"),
        status=text(raw, "status"),
        payment_status=text(raw, "paymentStatus"),
    )


def read_listing(raw: JsonObject) -> FormListing | None:
    """Return a form of Query Forms; a missing `enabled` is true, the platform's default."""
    if not text(raw, "id"):
        return None
    return FormListing(
        id=text(raw, "id"),
        name=text(raw, "name"),
        enabled=raw.get("enabled") is not False,
        payment=_takes_payment(raw),
    )


def _takes_payment(raw: JsonObject) -> bool | None:
    if raw.get("formFields") is None:
        return None
    fields = objects(raw, "formFields")
    return any(text(nested(item, "inputOptions"), "inputType") == "PAYMENT" for item in fields)


def read_time(written: str) -> float:
    """Return an ISO-8601 time as seconds since the epoch, UTC without a zone; 0.0 unreadable."""
    try:
        read = datetime.fromisoformat(written)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def write_time(at: float) -> str:
    """Return seconds since the epoch as the upstream writes times, cut to milliseconds."""
    written = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")


def write_client_time(time: ClientTime) -> JsonObject:
    """Return `clientTime`; a zone beyond the platform's 50 characters is left out."""
    written = {"currentTime": write_time(time.at)}
    return written | ({"timeZone": time.zone} if 0 < len(time.zone) <= MAX_ZONE else {})


MAX_ZONE = 50
"""Source: types of the official packages, `clientTime.timeZone` 1..50."""

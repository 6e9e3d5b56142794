"""Submissions, checkouts and orders, and how a payment moves them.

A checkout is OPEN until it is PAID or CANCELED, which are final; DECLINED may be paid later. The
order appears with the first of these. Source of the states: the submission's and the order's
types; which of them a declined or canceled order shows is inferred.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from bridge.sandbox.payments import OrderLine, order_lines
from bridge.sandbox.reading import inputs, text

if TYPE_CHECKING:
    from bridge.protocol.host import Clock
    from bridge.protocol.threads import JsonObject
    from bridge.sandbox.supplies import Guids

FIRST_ORDER_NUMBER = 10001


class CheckoutState(Enum):
    """Where a checkout stands."""

    OPEN = "OPEN"
    PAID = "PAID"
    DECLINED = "DECLINED"
    CANCELED = "CANCELED"


class Act(Enum):
    """What the person does on the checkout page."""

    PAY = "pay"
    DECLINE = "decline"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What is to be paid for one submission."""

    id: str
    submission: str
    form_name: str
    lines: tuple[OrderLine, ...]
    email: str = ""
    state: CheckoutState = CheckoutState.OPEN
    order: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One filled-in form; times in seconds since the epoch."""

    id: str
    form: str
    namespace: str
    status: str
    values: JsonObject
    submitter: JsonObject
    created: float
    updated: float
    revision: int = 1
    checkout: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What came of a checkout."""

    id: str
    number: int
    checkout: str
    status: str
    payment: str
    created: float
    updated: float


_SUBMISSION_STATUS = {
    CheckoutState.OPEN: "PAYMENT_WAITING",
    CheckoutState.DECLINED: "PAYMENT_WAITING",
    CheckoutState.PAID: "CONFIRMED",
    CheckoutState.CANCELED: "PAYMENT_CANCELED",
}

_ORDER_STATUS = {
    CheckoutState.OPEN: ("INITIALIZED", "NOT_PAID"),
    CheckoutState.DECLINED: ("INITIALIZED", "DECLINED"),
    CheckoutState.PAID: ("APPROVED", "PAID"),
    CheckoutState.CANCELED: ("CANCELED", "CANCELED"),
}


def after(state: CheckoutState, act: Act) -> CheckoutState:
    """Return where an act leads. Acts on a final state change nothing."""
    if state in {CheckoutState.PAID, CheckoutState.CANCELED}:
        return state
    match act:
        case Act.PAY:
            return CheckoutState.PAID
        case Act.DECLINE:
            return CheckoutState.DECLINED
        case Act.CANCEL:
            return CheckoutState.CANCELED


@dataclass(slots=True, kw_only=True)
class Ledger:
    """All of them, in memory, oldest first."""

    clock: Clock
    ids: Guids
    submissions: dict[str, Submission] = field(default_factory=dict[str, Submission])
    checkouts: dict[str, Checkout] = field(default_factory=dict[str, Checkout])
    orders: dict[str, Order] = field(default_factory=dict[str, Order])

    def submit(self, form: JsonObject, values: JsonObject, submitter: JsonObject) -> Submission:
        """Keep a submission, with a checkout if there is something to pay."""
        now = self.clock.now()
        submission = Submission(
            id=self.ids.guid(),
            form=text(form, "id"),
            namespace=text(form, "namespace"),
            status="CONFIRMED",
            values=dict(values),
            submitter=submitter,
            created=now,
            updated=now,
        )
        lines = order_lines(form, values)
        if lines:
            submission = self._await_payment(submission, form, lines)
        self.submissions[submission.id] = submission
        return submission

    def _await_payment(
        self, submission: Submission, form: JsonObject, lines: tuple[OrderLine, ...]
    ) -> Submission:
        checkout = Checkout(
            id=self.ids.guid(),
            submission=submission.id,
            form_name=text(form, "name"),
            lines=lines,
            email=_email(form, submission.values),
        )
        self.checkouts[checkout.id] = checkout
        return replace(submission, status=_SUBMISSION_STATUS[checkout.state], checkout=checkout.id)

    def act(self, checkout: Checkout, act: Act) -> Checkout:
        """Move a checkout, its order and its submission; return it as it is now."""
        state = after(checkout.state, act)
        if state is checkout.state:
            return checkout
        order = self._order(checkout, state)
        moved = replace(checkout, state=state, order=order.id)
        self.orders[order.id] = order
        self.checkouts[checkout.id] = moved
        self._move_submission(checkout.submission, state)
        return moved

    def _order(self, checkout: Checkout, state: CheckoutState) -> Order:
        now = self.clock.now()
        status, payment = _ORDER_STATUS[state]
        if checkout.order is not None:
            old = self.orders[checkout.order]
            return replace(old, status=status, payment=payment, updated=now)
        return Order(
            id=self.ids.guid(),
            number=FIRST_ORDER_NUMBER + len(self.orders),
            checkout=checkout.id,
            status=status,
            payment=payment,
            created=now,
            updated=now,
        )

    def _move_submission(self, submission: str, state: CheckoutState) -> None:
        old = self.submissions[submission]
        self.submissions[submission] = replace(
            old,
            status=_SUBMISSION_STATUS[state],
            updated=self.clock.now(),
            revision=old.revision + 1,
        )


def _email(form: JsonObject, values: JsonObject) -> str:
    for options in inputs(form):
        validation = options.get("stringOptions")
        if isinstance(validation, dict) and _asks_email(validation):
            return text(values, text(options, "target"))
    return ""


def _asks_email(options: JsonObject) -> bool:
    validation = options.get("validation")
    return isinstance(validation, dict) and validation.get("format") == "EMAIL"

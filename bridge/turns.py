"""The requests that a mailbox asks for; each ends in a message, whatever happens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bridge.conversation.messages import (
    Came,
    Found,
    LinkCame,
    LookedUp,
    Missed,
    PaymentSeen,
    Permitted,
    Waited,
    Why,
)
from bridge.conversation.state import Conversation, Payment, Step, Turn
from bridge.logs import logger
from bridge.store import reads
from bridge.store.errors import StoreError
from bridge.upstream import errors
from bridge.upstream.port import ClientTime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conversation.messages import Message
    from bridge.metrics import TurnOutcome
    from bridge.parts import Parts
    from bridge.protocol.threads import Json, JsonObject
    from bridge.upstream.chunks import Answer
    from bridge.upstream.port import Order, Submission

_log = logger(__name__)

_TELL_AFTER = 10.0
"""Seconds of waiting for a permit after which the person is told once (design, section 5)."""

_CLOCK_SKEW = 5.0
"""Seconds by which the upstream's clock may be behind ours when submissions are looked at."""


_LOOK_AGAIN_AFTER = (0.5, 1.0, 2.0, 3.0)
"""Seconds between looks. When many answers are lost at once (a kill), each conversation sees the
submissions of the others, until these have claimed theirs; our own bound."""


async def permit(parts: Parts, turn: Turn) -> Message:
    """Wait until the turn may be sent: its own pause first, then the limiter."""
    await parts.clock.sleep(turn.not_before - parts.clock.now())
    telling = asyncio.create_task(_tell_of_waiting(parts, turn))
    try:
        await parts.limiter.acquire(turn.conversation)
    finally:
        telling.cancel()
    return Permitted(turn.id)


async def _tell_of_waiting(parts: Parts, turn: Turn) -> None:
    await parts.clock.sleep(_TELL_AFTER)
    parts.post(turn.thread, Waited(turn.id))


async def perform(parts: Parts, turn: Turn, about: Conversation) -> Message:
    """Make the turn's request; SENT is committed."""
    began = parts.clock.monotonic()
    message = await _performed(parts, turn, about)
    parts.metrics.turn_ended(_outcome(message), parts.clock.monotonic() - began)
    return message


async def _performed(parts: Parts, turn: Turn, about: Conversation) -> Came | Missed:
    try:
        answer = await _request(parts, turn, about)
    except errors.UpstreamError as error:
        return _missed(turn, error)
    except Exception as error:  # noqa: BLE001 - a fault of ours: nobody knows what was sent
        _log.error("request failed", cause=error)
        return Missed(turn.id, Why.LOST, error=type(error).__name__)
    return Came(turn.id, answer)


def _outcome(message: Came | Missed) -> TurnOutcome:
    match message:
        case Came():
            return "answered"
        case Missed(why=Why.NOT_TAKEN):
            return "open"
        case Missed(why=Why.LOST):
            return "unknown"
        case Missed():
            return "failed"


async def _request(parts: Parts, turn: Turn, about: Conversation) -> Answer:
    entry = parts.catalogue.entry(about.form)
    if entry is None:
        raise errors.NotThere("the catalogue has no such form any more", code="NO_ENTRY")
    if turn.step is Step.SEND:
        return await parts.upstream.send(about.session, text=turn.input, values=turn.values)
    schema = asyncio.create_task(parts.schemas.want(entry.form_id))
    try:
        answer = await parts.upstream.create(
            entry.form_id,
            values=about.answers or None,
            dry_run=entry.dry_run,
            client_time=_client_time(parts.clock.now()),
        )
    except errors.UpstreamError:
        schema.cancel()
        raise
    await schema
    return answer


def _client_time(now: float) -> ClientTime:
    return ClientTime(at=now, zone="UTC")


def _missed(turn: Turn, error: errors.UpstreamError) -> Missed:
    code = error.code or type(error).__name__
    detail = f"{code} {error.status}" if error.status else code
    match error:
        case errors.NotTaken():
            return Missed(turn.id, Why.NOT_TAKEN, after=error.after, error=detail)
        case errors.AnswerLost():
            return Missed(turn.id, Why.LOST, error=detail)
        case errors.SessionGone():
            return Missed(turn.id, Why.SESSION_GONE, error=detail)
        case errors.NotThere():
            return Missed(turn.id, Why.FORM_GONE, error=detail)
        case _:
            return Missed(turn.id, Why.FAILED, error=detail)


async def look_up(parts: Parts, turn: Turn, about: Conversation) -> Message:
    """See whether a submission of this form since SENT is ours (law 5)."""
    for pause in _LOOK_AGAIN_AFTER:
        seen = await _look(parts, turn, about)
        if seen is not None:
            return seen
        await parts.clock.sleep(pause)
    return await _look(parts, turn, about) or LookedUp(turn.id, Found.UNSURE)


async def _look(parts: Parts, turn: Turn, about: Conversation) -> LookedUp | None:
    """Look once; None where others' submissions stand there that they may still claim."""
    entry = parts.catalogue.entry(about.form)
    since = (about.unknown_since or turn.sent_at) - _CLOCK_SKEW
    try:
        if entry is None:
            return LookedUp(turn.id, Found.UNSURE)
        if entry.dry_run:
            return LookedUp(turn.id, Found.NONE)
        made = await parts.upstream.submissions(entry.form_id, since)
        taken = await reads.claimed(parts.database, [item.id for item in made])
    except (errors.UpstreamError, StoreError) as error:
        _log.warning("submissions not read", cause=error)
        return LookedUp(turn.id, Found.UNSURE)
    free = [item for item in made if item.id not in taken]
    return _judged(turn, free, {**about.answers, **(turn.values or {})}, entry.prefill)


def _judged(
    turn: Turn, free: Sequence[Submission], answers: JsonObject, prefill: JsonObject
) -> LookedUp | None:
    if not free:
        return LookedUp(turn.id, Found.NONE)
    given, said = {**prefill, **answers}, turn.input or ""
    ours = [
        item
        for item in free
        if holds_all(item.values, answers) and holds_no_more(item.values, given, said)
    ]
    match ours:
        case []:
            return None
        case [only]:
            return LookedUp(turn.id, Found.OURS, only.id, only.checkout)
        case _:
            return LookedUp(turn.id, Found.UNSURE)


def holds_no_more(submitted: JsonObject, answers: JsonObject, said: str) -> bool:
    """Say whether all that a submission holds was answered before, or said in the lost message.

    Somebody else's may hold our few answers too, and a name, an address and an order of their own.
    """
    words = said.casefold()
    more = (value for field, value in submitted.items() if field not in answers and _tells(value))
    return all(_in_words(value, words) for value in more)


def _in_words(value: Json, words: str) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    return str(value).casefold() in words


def holds_all(submitted: JsonObject, answers: JsonObject) -> bool:
    """Say whether a submission holds every one of our answers, and there is at least one."""
    ours = {field: value for field, value in answers.items() if _tells(value)}
    return bool(ours) and all(submitted.get(field) == value for field, value in ours.items())


def _tells(value: Json) -> bool:
    return value not in (None, "", [], {}, ())


async def fetch_link(parts: Parts, about: Conversation, attempt: int) -> Message:
    """Ask for the checkout link."""
    try:
        url = await parts.upstream.checkout_url(about.checkout)
    except errors.NotReady:
        return LinkCame(about, "", attempt, ready=False)
    except errors.UpstreamError:
        return LinkCame(about, "", attempt)
    return LinkCame(about, url, attempt)


async def fetch_payment(parts: Parts, about: Conversation, attempt: int) -> Message:
    """Look at the submission, and at the order where it tells more."""
    try:
        submission = await parts.upstream.submission(about.submission)
        orders = await _orders(parts, about)
    except errors.UpstreamError:
        return PaymentSeen(about, Payment.WAITING, attempt)
    return PaymentSeen(about, seen(submission.status, orders), attempt)


async def _orders(parts: Parts, about: Conversation) -> Sequence[Order]:
    try:
        return await parts.upstream.orders(about.checkout)
    except errors.UpstreamError:
        # Reading orders is a permission of its own; the submission says enough without it.
        return ()


_ORDER_PAYMENTS = {
    "PAID": Payment.PAID,
    "PARTIALLY_REFUNDED": Payment.REFUNDED,
    "FULLY_REFUNDED": Payment.REFUNDED,
    "DECLINED": Payment.DECLINED,
    "CANCELED": Payment.CANCELLED,
    "PENDING_MERCHANT": Payment.OFFLINE,
}
"""Source: `order.paymentStatus` of eCommerce Orders v1."""


def seen(submission: str, orders: Sequence[Order]) -> Payment:
    """Return what the statuses of submission and order say together."""
    order = orders[0] if orders else None
    if submission == "PAYMENT_CANCELED" or (order and order.status == "CANCELED"):
        return Payment.CANCELLED
    if order and order.payment_status in _ORDER_PAYMENTS:
        return _ORDER_PAYMENTS[order.payment_status]
    if submission == "CONFIRMED":
        approved_unpaid = order and order.payment_status == "NOT_PAID"
        return Payment.OFFLINE if approved_unpaid else Payment.PAID
    return Payment.WAITING

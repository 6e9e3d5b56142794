"""After the submission: the link is owed until it is given, the order followed to its end."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bridge.conversation import commanding, ending
from bridge.conversation import effects as fx
from bridge.conversation.backoff import link_pause, look_pause
from bridge.conversation.messages import Due, LinkCame, PaymentSeen, TimerKind
from bridge.conversation.state import Conversation, ConversationState, Payment
from bridge.phrases import Phrase

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft
    from bridge.conversation.world import Rules

_TOLD = {
    Payment.PAID: Phrase.PAID,
    Payment.DECLINED: Phrase.DECLINED,
    Payment.OFFLINE: Phrase.PAYMENT_OFFLINE,
    Payment.CANCELLED: Phrase.PAYMENT_CANCELLED,
    Payment.EXPIRED: Phrase.PAYMENT_EXPIRED,
    Payment.REFUNDED: Phrase.REFUNDED,
}
_OPEN = (Payment.WAITING, Payment.DECLINED)
"""Payments that may still come."""

_READABLE = re.compile(r"[^\x00-\x20\x7f\\]+")
"""No white space or control characters, and no backslash: browsers read that as a slash."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def due(draft: Draft, message: Due) -> None:
    """A timer rang."""
    about = draft.latest(message.conversation)
    match message.kind:
        case TimerKind.CHECKOUT:
            _link_due(draft, about, message.attempt)
        case TimerKind.PAYMENT:
            if about.payment in _OPEN:
                draft.add(fx.FetchPayment(about, message.attempt))
            else:
                draft.add(fx.EndTimer(about.id, TimerKind.PAYMENT))
        case TimerKind.EXPIRY:
            _expire(draft, about)
        case TimerKind.REMINDER:
            draft.add(fx.EndTimer(about.id, TimerKind.REMINDER))


def _link_due(draft: Draft, about: Conversation, attempt: int) -> None:
    if about.checkout_url or about.payment is not Payment.WAITING:
        draft.add(fx.EndTimer(about.id, TimerKind.CHECKOUT))
    else:
        draft.add(fx.FetchLink(about, attempt))


def _expire(draft: Draft, about: Conversation) -> None:
    """Nobody has said anything for long: the conversation is closed, quietly if it can be."""
    present = draft.state.live
    if present is None or present.id != about.id:
        draft.add(fx.EndTimer(about.id, TimerKind.EXPIRY))
        return
    turn = draft.state.turn
    last = max(present.changed_at, turn.sent_at if turn else 0.0)
    until = last + (present.expires_at - present.created_at)
    if until > draft.world.now:
        draft.add(fx.SetTimer(present.id, TimerKind.EXPIRY, until))
    else:
        unsent = ending.close(draft, ConversationState.EXPIRED)
        ending.tell_unsent(draft, Phrase.NOT_SENT_AFTER_CANCEL, unsent)


_LONGEST = 2048
"""Characters of an address; our own bound, which every channel can show. Known ones have 200."""


def allowed(url: str, rules: Rules) -> bool:
    """Say whether this address may stand behind a button (law 11)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if len(url) > _LONGEST or not _READABLE.fullmatch(url) or "@" in parts.netloc:
        return False
    if parts.scheme == "http":
        return rules.loopback_links and host in _LOOPBACK
    known = not rules.checkout_hosts or host in rules.checkout_hosts
    return parts.scheme == "https" and bool(host) and known


def link_came(draft: Draft, message: LinkCame) -> None:
    """The link was asked for: given, or asked for again later."""
    about = draft.latest(message.conversation)
    if about.checkout_url or about.payment not in _OPEN:
        draft.add(fx.EndTimer(about.id, TimerKind.CHECKOUT))
        return
    if message.url and allowed(message.url, draft.world.rules):
        after = replace(about, checkout_url=message.url)
        draft.put(after, about)
        commanding.show_link(draft, after)
        draft.add(fx.EndTimer(about.id, TimerKind.CHECKOUT))
        first = draft.world.rules.payment_first_look
        draft.add(fx.SetTimer(about.id, TimerKind.PAYMENT, draft.world.now + first))
        return
    if message.url:
        draft.add(fx.Alert("checkout link refused", "its host is not in CHECKOUT_HOSTS"))
    _ask_again(draft, message)


def _ask_again(draft: Draft, message: LinkCame) -> None:
    about, attempt = message.conversation, message.attempt
    if _waited_for_link(attempt) > draft.world.rules.checkout_retries_for:
        draft.warn(Phrase.CHECKOUT_GIVEN_UP)
        draft.add(fx.Alert("checkout link given up"))
        draft.add(fx.EndTimer(about.id, TimerKind.CHECKOUT))
        return
    if attempt == 0:
        draft.say(Phrase.CHECKOUT_DELAYED if message.ready else Phrase.CHECKOUT_NOT_READY)
        draft.add(fx.Alert("checkout link owed", "" if message.ready else "site not ready"))
    at = draft.world.now + link_pause(attempt)
    draft.add(fx.SetTimer(about.id, TimerKind.CHECKOUT, at, attempt + 1))


def _waited_for_link(attempt: int) -> float:
    return sum(link_pause(earlier) for earlier in range(attempt))


def payment_seen(draft: Draft, message: PaymentSeen) -> None:
    """The order was looked at: a change is told once, otherwise it is looked at again."""
    about = draft.latest(message.conversation)
    if message.payment not in (about.payment, Payment.WAITING):
        _tell(draft, about, message.payment)
    if message.payment not in _OPEN:
        draft.add(fx.EndTimer(about.id, TimerKind.PAYMENT))
        return
    rules = draft.world.rules
    if _waited_for_payment(message.attempt, rules) > rules.payment_looks_for:
        _tell(draft, about, Payment.EXPIRED)
        draft.add(fx.EndTimer(about.id, TimerKind.PAYMENT))
        return
    pause = look_pause(rules.payment_first_look, message.attempt, rules.payment_longest_pause)
    draft.add(
        fx.SetTimer(about.id, TimerKind.PAYMENT, draft.world.now + pause, message.attempt + 1)
    )


def _tell(draft: Draft, about: Conversation, payment: Payment) -> None:
    over = about.state is ConversationState.AWAITING_PAYMENT and payment not in _OPEN
    state = ConversationState.DONE if over else about.state
    if over and draft.state.conversation and draft.state.conversation.id == about.id:
        draft.supersede_all()
    draft.put(replace(about, payment=payment, state=state), about)
    draft.say(_TOLD[payment])
    if payment is Payment.DECLINED:
        commanding.show_link(draft, about)


def _waited_for_payment(attempt: int, rules: Rules) -> float:
    return sum(
        look_pause(rules.payment_first_look, earlier, rules.payment_longest_pause)
        for earlier in range(attempt)
    )

"""After the submission: the link is owed until it is given, the order followed to its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation import messages
from bridge.conversation.messages import TimerKind, Why
from bridge.conversation.paying import allowed
from bridge.conversation.state import ConversationState, Payment
from tests.conversation.story import (
    BEN,
    CONTINUING,
    DAY,
    CommandName,
    Phrase,
    Story,
    say,
    submission,
    text,
)

LINK = "https://pay.example/c/1"
CHECKOUT, PAYMENT, EXPIRY = TimerKind.CHECKOUT, TimerKind.PAYMENT, TimerKind.EXPIRY


def link(story, url=LINK, *, ready=True):
    """The checkout timer rings, and this is what comes of asking."""
    asked = story.rings(CHECKOUT).of(fx.FetchLink)[0]
    return story.take(messages.LinkCame(asked.conversation, url, asked.attempt, ready))


def look(story, payment, order=None):
    """The payment timer rings, and this is what is seen."""
    asked = story.rings(PAYMENT, order).of(fx.FetchPayment)[0]
    return story.take(messages.PaymentSeen(asked.conversation, payment, asked.attempt))


def test_the_link_is_owed_from_the_submission_on():
    """A durable timer stands before anything is asked for."""
    story = Story().ordered()
    timer = story.rows.timers[story.state.conversation.id, CHECKOUT]
    assert (timer.due_at, timer.attempt) == (story.world.now, 0)
    assert (story.state.conversation.id, EXPIRY) not in story.rows.timers


def test_the_link_is_a_button_for_the_owner_alone():
    """It is given once, and the order followed from then on."""
    story = link(Story().ordered())
    assert story.said == [f"(Pay: {LINK})"]
    assert story.of(fx.Speak)[0].replies[0].private
    kinds = {kind for _, kind in story.rows.timers}
    assert kinds == {PAYMENT}


@pytest.mark.parametrize("ready", [True, False])
def test_a_link_that_does_not_come_is_asked_for_again(ready):
    """Told once, then quietly, with growing pauses; the operator knows."""
    story = link(Story().ordered(), "", ready=ready)
    assert story.said == [say(Phrase.CHECKOUT_DELAYED if ready else Phrase.CHECKOUT_NOT_READY)]
    assert len(story.of(fx.Alert)) == 1
    pauses = []
    for _ in range(3):
        before = story.world.now
        link(story, "", ready=ready)
        pauses.append(story.world.now - before)
        assert (story.said, story.of(fx.Alert)) == ([], [])
    assert pauses == [2.0, 4.0, 8.0]
    assert link(story).said == [f"(Pay: {LINK})"]


def test_after_a_day_the_link_is_given_up():
    """Person and operator are told; nothing rings any more."""
    story = Story(rules=replace(CONTINUING, checkout_retries_for=5.0)).ordered()
    while (story.state.conversation.id, CHECKOUT) in story.rows.timers:
        link(story, "")
    assert story.said == [say(Phrase.CHECKOUT_GIVEN_UP)]
    assert story.of(fx.Alert) == [fx.Alert("checkout link given up")]
    story.command(CommandName.PAY)
    assert story.said == [say(Phrase.CHECKOUT_DELAYED)]
    assert link(story).said == [f"(Pay: {LINK})"]


def test_a_link_of_another_host_is_refused():
    """Button links come from where the operator says (law 11)."""
    rules = replace(CONTINUING, checkout_hosts=frozenset({"pay.example"}))
    story = link(Story(rules=rules).ordered(), "https://evil.example/1")
    assert story.of(fx.Alert)[0].cause == "checkout link refused"
    assert story.said == [say(Phrase.CHECKOUT_DELAYED)]
    assert link(story).said == [f"(Pay: {LINK})"]


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        (LINK, True),
        ("https://other.example/1", False),
        ("https://pay.example:8443/1", True),
        ("http://pay.example/1", False),
        ("http://127.0.0.1:8000/1", True),
        ("http://localhost/1", True),
        ("http://127.0.0.1.evil.example/1", False),
        ("https://pay.example@evil.example/1", False),
        ("https://evil.example\\@pay.example/1", False),
        ("https://user@pay.example/1", False),
        ("https://pay.example/a b", False),
        ("https://pay.example/\n", False),
        ("https://[pay.example/1", False),
        ("https:///1", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_clean_addresses_of_known_hosts_stand_behind_buttons(url, fits):
    """Https only, except loopback http while the upstream is on loopback (law 11)."""
    hosts = frozenset({"pay.example"})
    assert allowed(url, replace(CONTINUING, checkout_hosts=hosts, loopback_links=True)) is fits
    loopback = url.startswith("http://")
    assert allowed(url, replace(CONTINUING, checkout_hosts=hosts)) is (fits and not loopback)


def test_without_known_hosts_any_https_host_will_do():
    """CHECKOUT_HOSTS is empty by default."""
    assert allowed("https://any.example/1", CONTINUING)
    assert not allowed("https://", CONTINUING)


def test_pay_shows_the_link_again():
    """The command, and the button of the order, show what is there."""
    story = link(Story(buttons=True).ordered()).command(CommandName.PAY)
    assert story.said == [f"(Pay: {LINK})"]
    story.hears("hm").tap(story.open[0], 0)
    assert story.said == [f"(Pay: {LINK})"]


def test_a_link_that_comes_twice_is_shown_once():
    """PAY may ask while an answer is on its way."""
    story = Story().ordered()
    first = story.rings(CHECKOUT).of(fx.FetchLink)[0]
    story.command(CommandName.PAY)
    link(story)
    story.take(messages.LinkCame(first.conversation, LINK, first.attempt))
    assert story.said == []


def test_a_checkout_timer_of_what_was_given_ends():
    """Nothing is asked for twice."""
    story = link(Story().ordered())
    about = story.state.conversation
    story.take(messages.Due(about, CHECKOUT, 0))
    assert story.effects == (fx.EndTimer(about.id, CHECKOUT),)


@pytest.mark.parametrize(
    ("payment", "phrase"),
    [
        (Payment.PAID, Phrase.PAID),
        (Payment.OFFLINE, Phrase.PAYMENT_OFFLINE),
        (Payment.CANCELLED, Phrase.PAYMENT_CANCELLED),
        (Payment.REFUNDED, Phrase.REFUNDED),
    ],
)
def test_what_became_of_the_order_is_told_once(payment, phrase):
    """Told, recorded, and followed no further."""
    story = look(link(Story().ordered()), payment)
    assert story.said == [say(phrase)]
    order = story.state.conversation
    assert (order.payment, order.state) == (payment, ConversationState.DONE)
    assert story.rows.timers == {}
    story.take(messages.Due(order, PAYMENT, 9))
    assert story.effects == (fx.EndTimer(order.id, PAYMENT),)


def test_a_declined_payment_is_told_once_and_may_still_come():
    """The same link is shown again; the order is followed on."""
    story = look(link(Story().ordered()), Payment.DECLINED)
    assert story.said == [say(Phrase.DECLINED), f"(Pay: {LINK})"]
    assert look(story, Payment.DECLINED).said == []
    assert look(story, Payment.WAITING).said == []
    assert story.hears("hm").said[0] == say(Phrase.ORDER_WAITING)
    assert look(story, Payment.PAID).said == [say(Phrase.PAID)]


def test_the_order_is_looked_at_ever_more_rarely_and_then_given_up():
    """From seconds to the longest pause; at the end the person is told."""
    story = link(Story().ordered())
    order, pauses = story.state.conversation.id, []
    while (order, PAYMENT) in story.rows.timers:
        before = story.world.now
        look(story, Payment.WAITING)
        pauses.append(story.world.now - before)
    assert pauses[0] == 5.0
    assert pauses == sorted(pauses)
    assert max(pauses) == CONTINUING.payment_longest_pause
    assert 7 * DAY <= sum(pauses) <= 7 * DAY + 2 * max(pauses)
    assert story.said == [say(Phrase.PAYMENT_EXPIRED)]


def test_the_order_is_followed_after_a_new_conversation_began():
    """The link and the payment are told there too."""
    story = Story(buttons=True).ordered()
    order = story.state.conversation.id
    story.command(CommandName.START, "event").comes(text("Welcome!"))
    assert link_of(story, order).said == [f"(Pay: {LINK})"]
    assert look(story, Payment.PAID, order).said == [say(Phrase.PAID)]
    assert story.rows.conversations[order].payment is Payment.PAID
    assert story.state.live.form == "event"


def link_of(story, order):
    """The link of an earlier order comes."""
    asked = story.rings(CHECKOUT, order).of(fx.FetchLink)[0]
    return story.take(messages.LinkCame(asked.conversation, LINK, asked.attempt))


def test_what_changed_meanwhile_is_not_overwritten():
    """A message may carry the conversation as it was when it was asked for."""
    story = link(Story(buttons=True).ordered())
    asked = story.rings(PAYMENT).of(fx.FetchPayment)[0]
    story.take(messages.PaymentSeen(asked.conversation, Payment.PAID, 0)).later(90).hears("thanks")
    noticed = story.state.conversation.noticed_at
    assert noticed
    story.take(messages.PaymentSeen(asked.conversation, Payment.PAID, 0))
    assert story.said == []
    assert story.state.conversation.noticed_at == noticed


# Expiry.


def test_a_conversation_without_a_word_is_closed_quietly():
    """EXPIRED after the entry's time; nothing is said, prompts close."""
    story = Story().begun().rings(EXPIRY)
    assert story.state.conversation.state is ConversationState.EXPIRED
    assert story.said == []
    assert story.rows.timers == {}


def test_a_conversation_that_goes_on_expires_later():
    """The time counts from the last word on."""
    story = Story().begun().later(3 * DAY).hears("go").comes(text("ok")).rings(EXPIRY)
    assert story.state.live
    story.rings(EXPIRY)
    assert story.state.conversation.state is ConversationState.EXPIRED


def test_texts_that_still_waited_at_the_expiry_are_told():
    """Nothing accepted is lost without a word (law 1)."""
    story = Story().sent().hears("and candles").misses(Why.LOST).rings(EXPIRY)
    assert story.said == [say(Phrase.NOT_SENT_AFTER_CANCEL, texts="and candles")]
    assert story.rows.inbox[3].state.value == "REFUSED"


def test_an_expiry_of_what_is_over_is_nothing():
    """The timer of an earlier conversation just ends; so does an unknown reminder."""
    story = Story().begun()
    old = story.state.live
    story.command(CommandName.RESTART).take(messages.Due(old, EXPIRY, 0))
    assert story.effects == (fx.EndTimer(old.id, EXPIRY),)
    over = Story().sent().comes(submission())
    over.take(messages.Due(over.state.conversation, EXPIRY, 0))
    assert over.said == []
    story.take(messages.Due(old, TimerKind.REMINDER, 0))
    assert story.effects == (fx.EndTimer(old.id, TimerKind.REMINDER),)


def test_an_address_that_no_channel_could_show_is_refused():
    """Over 2048 characters it is no checkout link."""
    assert allowed("https://any.example/" + "x" * 2000, CONTINUING)
    assert not allowed("https://any.example/" + "x" * 2040, CONTINUING)


def test_a_link_made_for_somebody_else_says_nothing():
    """PAY by a link (it has an argument) of a person whose order it is not."""
    story = Story(buttons=True).ordered()
    story.command(CommandName.PAY, "ticket", person=BEN)
    assert story.said == []
    story.command(CommandName.PAY, person=BEN)
    assert story.said == [say(Phrase.NOTHING_TO_PAY)]

"""The requests that a mailbox asks for; each ends in a message."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import turns
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
from bridge.conversation.state import ConversationState, Payment, Step
from bridge.conversation.world import Rules
from bridge.forms import Catalogue, FormEntry
from bridge.inputs import ChoiceMode
from bridge.metrics import Metrics
from bridge.parts import Parts
from bridge.schemas import Schemas
from bridge.upstream import errors
from bridge.upstream.limiter import Limiter
from bridge.upstream.port import Order, Submission
from bridge.upstream.scripted import ScriptedUpstream, Sent, says
from tests.store.world import CONVERSATION, TURN, begin, opened
from tests.upstream.manual_clock import ManualClock

CAKE = FormEntry(slug="cake", form_id="form-cake", title="Cake")
CREATE = replace(TURN, step=Step.CREATE)
ABOUT = replace(CONVERSATION, answers={"size": "large"}, submission="", unknown_since=0.0)


def parts_of(upstream, *, entry=CAKE, rate=0, database=None):
    """Return the parts, with a clock that only moves when told to."""
    clock = ManualClock()
    posted = []
    parts = Parts(
        clock=clock,
        ids=None,
        database=database,
        upstream=upstream,
        limiter=Limiter(rate, clock),
        schemas=Schemas(upstream, clock),
        catalogue=Catalogue(entries=(entry,)),
        rules=Rules(choice=ChoiceMode.LABEL),
        metrics=Metrics(),
        adapters={},
        post=lambda thread, message: posted.append((thread, message)),
    )
    return parts, posted


# The permit.


async def test_a_turn_waits_for_its_own_time_first():
    """Not before `not_before`, then the limiter."""
    parts, _ = parts_of(ScriptedUpstream())
    turn = replace(TURN, not_before=parts.clock.now() + 30.0)
    waiting = asyncio.create_task(turns.permit(parts, turn))
    await parts.clock.advance(29.0)
    assert not waiting.done()
    await parts.clock.advance(1.0)
    assert await waiting == Permitted("u1")


async def test_after_ten_seconds_of_waiting_the_mailbox_is_told_once():
    """Whoever waits longer for the limiter hears of it, one time."""
    parts, posted = parts_of(ScriptedUpstream(), rate=1)
    parts.limiter.try_acquire("other")
    waiting = asyncio.create_task(turns.permit(parts, replace(TURN, not_before=0.0)))
    await parts.clock.advance(9.0)
    assert posted == []
    await parts.clock.advance(40.0)
    assert posted == [("t1", Waited("u1"))]
    await parts.clock.advance(20.0)
    assert await waiting == Permitted("u1")
    await parts.clock.advance(60.0)
    assert posted == [("t1", Waited("u1"))]


# The request.


async def test_a_session_is_made_with_what_is_known():
    """Form, values, dry run and the time go along, and no input; the schema is fetched beside."""
    upstream = ScriptedUpstream()
    upstream.raw_forms["form-cake"] = {"id": "form-cake"}
    parts, _ = parts_of(upstream, entry=replace(CAKE, dry_run=True))
    message = await turns.perform(parts, CREATE, ABOUT)
    assert isinstance(message, Came)
    assert (message.turn, message.answer.session) == ("u1", "session-1")
    made = upstream.created[0]
    assert (made.form_id, made.values, made.dry_run) == ("form-cake", {"size": "large"}, True)
    assert (made.client_time.at, made.client_time.zone) == (parts.clock.now(), "UTC")
    assert "form-cake" in parts.schemas.known
    await turns.perform(parts, CREATE, replace(ABOUT, answers={}))
    assert upstream.created[1].values is None


async def test_a_turn_is_sent_to_its_session():
    """Text and values as they are in the turn."""
    upstream = ScriptedUpstream([says("ok")])
    parts, _ = parts_of(upstream)
    assert await turns.perform(parts, TURN, ABOUT) == Came("u1", says("ok"))
    assert upstream.calls == [Sent(session="session-1", text=TURN.input, values=TURN.values)]


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize(
    ("error", "why", "detail"),
    [
        (errors.Throttled("x", status=429, after=7.0), Why.NOT_TAKEN, "Throttled 429"),
        (errors.Unreachable("x"), Why.NOT_TAKEN, "Unreachable"),
        (errors.AnswerLost("x", status=500), Why.LOST, "AnswerLost 500"),
        (errors.SessionGone("x", code="NOT_FOUND", status=404), Why.SESSION_GONE, "NOT_FOUND 404"),
        (errors.NotThere("x"), Why.FORM_GONE, "NotThere"),
        (errors.NotAllowed("x"), Why.FAILED, "NotAllowed"),
        (errors.NotReady("x"), Why.FAILED, "NotReady"),
        (errors.Refused("x", code="SOME_CODE", status=400), Why.FAILED, "SOME_CODE 400"),
    ],
)
async def test_every_error_says_what_may_be_done(step, error, why, detail):
    """Each of the upstream's errors is one of law 4's ways; the text is a code, never a body."""
    parts, _ = parts_of(ScriptedUpstream([error], creates=[error]))
    message = await turns.perform(parts, replace(TURN, step=step), ABOUT)
    after = 7.0 if detail == "Throttled 429" else None
    assert message == Missed("u1", why, after=after, error=detail)


async def test_a_form_that_left_the_catalogue_is_not_asked_for():
    """Nothing is sent for it."""
    upstream = ScriptedUpstream()
    parts, _ = parts_of(upstream, entry=replace(CAKE, slug="other"))
    message = await turns.perform(parts, TURN, ABOUT)
    assert message == Missed("u1", Why.FORM_GONE, error="NO_ENTRY")
    assert upstream.calls == []


# The look (law 5).


def kept(name, values, at=100.0, checkout=""):
    """Return a submission of the cake's form."""
    return Submission(
        id=name,
        form_id="form-cake",
        status="PENDING",
        created_at=at,
        values=values,
        checkout=checkout,
    )


ALL = {"size": "large", "extras": "nuts"}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([], LookedUp("u1", Found.NONE)),
        ([kept("s1", ALL, checkout="c")], LookedUp("u1", Found.OURS, "s1", "c")),
        ([kept("s1", {"size": "small"})], LookedUp("u1", Found.UNSURE)),
        ([kept("s1", ALL), kept("s2", ALL)], LookedUp("u1", Found.UNSURE)),
        ([kept("s1", ALL, at=94.0)], LookedUp("u1", Found.NONE)),
        ([kept("s1", ALL, at=96.0)], LookedUp("u1", Found.OURS, "s1", "")),
        ([kept("sub-1", ALL)], LookedUp("u1", Found.NONE)),
        ([kept("sub-1", ALL), kept("s2", ALL)], LookedUp("u1", Found.OURS, "s2", "")),
        ([kept("s1", {"size": "small"}), kept("s2", ALL)], LookedUp("u1", Found.OURS, "s2", "")),
        ([kept("s1", {**ALL, "name": "Eve"})], LookedUp("u1", Found.UNSURE)),
        ([kept("s1", {**ALL, "name": "Ada", "n": 3})], LookedUp("u1", Found.OURS, "s1", "")),
    ],
    ids=[
        *("none", "ours", "another", "two", "before", "clock skew", "claimed", "one is claimed"),
        *("beside another", "somebody else's with our answers", "said in the message"),
    ],
)
async def test_a_submission_is_ours_only_where_nothing_else_can_be(tmp_path, made, expected):
    """None, exactly one that no conversation has claimed and that holds all, or unsure."""
    database = await opened(tmp_path / "a.db")
    await begin(database, conversation=replace(CONVERSATION, state=ConversationState.DONE))
    upstream = ScriptedUpstream()
    upstream.kept = {item.id: item for item in made}
    parts, _ = parts_of(upstream, database=database)
    turn = replace(TURN, sent_at=100.0, input="ADA, for 3", values={"extras": "nuts"})
    look = asyncio.create_task(turns.look_up(parts, turn, ABOUT))
    while not look.done():
        await asyncio.sleep(0.001)
        await parts.clock.advance(1.0)
    assert await look == expected
    await database.close()


async def test_others_claim_theirs_while_we_look(tmp_path):
    """Somebody else's submission is unclaimed for a moment: it is looked at again."""
    database = await opened(tmp_path / "a.db")
    upstream = ScriptedUpstream()
    upstream.kept = {"s1": kept("s1", {"size": "small"})}
    parts, _ = parts_of(upstream, database=database)
    turn = replace(TURN, sent_at=100.0, values=None)
    look = asyncio.create_task(turns.look_up(parts, turn, ABOUT))
    await asyncio.sleep(0.05)
    claimed = replace(CONVERSATION, submission="s1", state=ConversationState.DONE)
    await begin(database, conversation=claimed)
    while not look.done():
        await asyncio.sleep(0.001)
        await parts.clock.advance(1.0)
    assert await look == LookedUp("u1", Found.NONE)
    await database.close()


async def test_the_look_reaches_back_to_the_first_lost_answer(tmp_path):
    """`unknown_since` counts where there is one, not this turn's own time."""
    database = await opened(tmp_path / "a.db")
    upstream = ScriptedUpstream()
    upstream.kept = {"s1": kept("s1", ALL)}
    parts, _ = parts_of(upstream, database=database)
    turn = replace(TURN, sent_at=900.0, input="with nuts", values=None)
    assert await turns.look_up(parts, turn, ABOUT) == LookedUp("u1", Found.NONE)
    since = replace(ABOUT, unknown_since=100.0)
    assert await turns.look_up(parts, turn, since) == LookedUp("u1", Found.OURS, "s1", "")
    await database.close()


class Deaf(ScriptedUpstream):
    """One whose submissions and checkouts can't be read."""

    def __init__(self, error):
        super().__init__()
        self._error = error

    async def submissions(self, form_id, since):
        raise self._error

    async def checkout_url(self, checkout):
        raise self._error

    async def orders(self, checkout):
        raise self._error


async def test_what_can_not_be_read_is_unsure():
    """Neither an upstream that refuses nor a form that is not known says "none"."""
    parts, _ = parts_of(Deaf(errors.NotAllowed("x")))
    assert await turns.look_up(parts, TURN, ABOUT) == LookedUp("u1", Found.UNSURE)
    parts, _ = parts_of(ScriptedUpstream(), entry=replace(CAKE, slug="other"))
    assert await turns.look_up(parts, TURN, ABOUT) == LookedUp("u1", Found.UNSURE)


async def test_a_dry_run_submits_nothing():
    """There is nothing to look for."""
    parts, _ = parts_of(Deaf(errors.NotAllowed("x")), entry=replace(CAKE, dry_run=True))
    assert await turns.look_up(parts, TURN, ABOUT) == LookedUp("u1", Found.NONE)


VALUES = st.none() | st.text(max_size=3) | st.integers() | st.lists(st.text(max_size=3), max_size=2)
ANSWERS = st.dictionaries(st.sampled_from("abcd"), VALUES)


@given(ANSWERS, ANSWERS)
def test_a_submission_holds_all_answers_or_is_not_ours(answers, more):
    """Each answer that says something stands there as it is; without any nothing is ours."""
    telling = {name: value for name, value in answers.items() if value not in (None, "", [])}
    assert turns.holds_all({**more, **answers}, answers) is bool(telling)
    for name in telling:
        assert not turns.holds_all({**answers, name: "other than that"}, answers)
        assert not turns.holds_all({k: v for k, v in answers.items() if k != name}, answers)


# The link and the payment.


async def test_the_link_is_fetched():
    """As the upstream gives it: the rules say whether it is shown."""
    upstream = ScriptedUpstream()
    upstream.checkouts["checkout-1"] = "https://pay.example/1"
    parts, _ = parts_of(upstream)
    expected = LinkCame(CONVERSATION, "https://pay.example/1", 3)
    assert await turns.fetch_link(parts, CONVERSATION, 3) == expected


@pytest.mark.parametrize(
    ("error", "ready"), [(errors.NotReady("x"), False), (errors.AnswerLost("x"), True)]
)
async def test_a_link_that_does_not_come_is_said(error, ready):
    """A site that is not ready is told apart from a fault."""
    parts, _ = parts_of(Deaf(error))
    assert await turns.fetch_link(parts, CONVERSATION, 0) == LinkCame(
        CONVERSATION, "", 0, ready=ready
    )


def order(payment="NOT_PAID", status="APPROVED"):
    """Return the order of the checkout."""
    return Order(id="o1", checkout="checkout-1", status=status, payment_status=payment)


@pytest.mark.parametrize(
    ("submission", "orders", "expected"),
    [
        ("PENDING", [], Payment.WAITING),
        ("PAYMENT_WAITING", [order()], Payment.WAITING),
        ("CONFIRMED", [], Payment.PAID),
        ("CONFIRMED", [order()], Payment.OFFLINE),
        ("CONFIRMED", [order("UNSPECIFIED")], Payment.PAID),
        ("PAYMENT_CANCELED", [], Payment.CANCELLED),
        ("CONFIRMED", [order(status="CANCELED")], Payment.CANCELLED),
        ("PAYMENT_WAITING", [order("PAID")], Payment.PAID),
        ("PAYMENT_WAITING", [order("DECLINED")], Payment.DECLINED),
        ("CONFIRMED", [order("FULLY_REFUNDED")], Payment.REFUNDED),
        ("CONFIRMED", [order("PARTIALLY_REFUNDED")], Payment.REFUNDED),
        ("CONFIRMED", [order("PENDING_MERCHANT")], Payment.OFFLINE),
        ("PAYMENT_WAITING", [order("CANCELED")], Payment.CANCELLED),
    ],
)
async def test_submission_and_order_tell_what_became_of_the_payment(submission, orders, expected):
    """Both are read; the order tells more where there is one."""
    upstream = ScriptedUpstream()
    upstream.kept = {"sub-1": replace(kept("sub-1", {}), status=submission)}
    upstream.bought = {one.id: one for one in orders}
    parts, _ = parts_of(upstream)
    message = await turns.fetch_payment(parts, CONVERSATION, 4)
    assert message == PaymentSeen(CONVERSATION, expected, 4)


async def test_without_orders_the_submission_says_enough():
    """Reading orders is a permission of its own; what can't be read at all changes nothing."""
    upstream = Deaf(errors.NotAllowed("x"))
    parts, _ = parts_of(upstream)
    waiting = PaymentSeen(CONVERSATION, Payment.WAITING, 0)
    assert await turns.fetch_payment(parts, CONVERSATION, 0) == waiting
    upstream.kept = {"sub-1": replace(kept("sub-1", {}), status="CONFIRMED")}
    paid = PaymentSeen(CONVERSATION, Payment.PAID, 0)
    assert await turns.fetch_payment(parts, CONVERSATION, 0) == paid


def test_more_than_was_said_is_not_ours():
    """What nobody said to us was said by somebody else; consents and lists are not in words."""
    answers = {"size": "large"}
    assert turns.holds_no_more({"size": "large", "note": "", "tags": []}, answers, "")
    assert turns.holds_no_more({"size": "large", "mail": "A@x.test"}, answers, "it is a@x.test")
    assert turns.holds_no_more({"pieces": 2}, answers, "make it 2")
    for more in ("Eve", 3, True, ["nuts"], {"city": "London"}):
        assert not turns.holds_no_more({"size": "large", "more": more}, answers, "Ada, yes")

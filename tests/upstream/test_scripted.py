"""The scripted upstream is one: the same members, the same values, no network."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from bridge.upstream.chunks import Answer, EndChunk, SubmissionChunk, TextChunk
from bridge.upstream.client import UpstreamClient
from bridge.upstream.errors import NotThere, SessionGone
from bridge.upstream.port import ClientTime, FormListing, Order, Submission, Upstream
from bridge.upstream.scripted import Created, ScriptedUpstream, Sent, says, submits
from tests.upstream.manual_clock import ManualClock, settle

TIME = ClientTime(at=1.0, zone="UTC")


def members(kind):
    """Return what a class has, with what each takes and gives."""
    functions = inspect.getmembers(kind, inspect.isfunction)
    return {
        name: str(inspect.signature(member))
        for name, member in functions
        if not name.startswith("_")
    }


@pytest.mark.parametrize("kind", [ScriptedUpstream, UpstreamClient])
def test_both_have_the_port_s_members(kind):
    """The real client and the scripted one take and give what the port says, and no more."""
    assert members(Upstream) == members(kind)


async def begin(upstream):
    """Begin a session."""
    return await upstream.create("f", values={"a": 1}, dry_run=True, client_time=TIME)


async def test_replies_in_turn():
    """Answers come from the left, exceptions are raised, and calls are written down."""
    upstream = ScriptedUpstream([says("one", "two"), SessionGone("gone"), submits("sub", "c")])
    texts = (TextChunk(text="one"), TextChunk(text="two"), EndChunk(success=True))
    assert Answer(session="session-1", chunks=texts) == await upstream.send(
        "s", text="1", values=None
    )
    with pytest.raises(SessionGone):
        await upstream.send("s", text="2", values=None)
    last = await upstream.send("s", text=None, values={"b": 2})
    assert SubmissionChunk(submission="sub", checkout="c") == last.chunks[0]
    assert [
        Sent(session="s", text="1"),
        Sent(session="s", text="2"),
        Sent(session="s", values={"b": 2}),
    ] == upstream.sent


async def test_a_script_that_is_used_up_says_so():
    """One call too many is an error of the test."""
    with pytest.raises(AssertionError, match="Sent"):
        await ScriptedUpstream().send("s", text="1", values=None)


async def test_replies_by_function():
    """A function answers for what was asked."""
    upstream = ScriptedUpstream(
        lambda asked: says(f"you said {asked.text}", session=asked.session),
        creates=lambda asked: says("hi", session=asked.form_id),
    )
    answer = await upstream.send("s", text="1", values=None)
    assert ("s", TextChunk(text="you said 1")) == (answer.session, answer.chunks[0])
    assert "f" == (await begin(upstream)).session


async def test_sessions_without_a_script():
    """Every create greets with a session of its own."""
    upstream = ScriptedUpstream()
    sessions = [(await begin(upstream)).session for _ in range(2)]
    assert ["session-1", "session-2"] == sessions
    expected = Created(form_id="f", values={"a": 1}, dry_run=True, client_time=TIME)
    assert [expected, expected] == upstream.created == upstream.calls


async def test_creates_in_turn():
    """Creates may have a list of their own."""
    upstream = ScriptedUpstream(creates=[NotThere("no such form")])
    with pytest.raises(NotThere):
        await begin(upstream)


async def test_latency_goes_by_the_clock():
    """An answer takes the script's time, and thousands may be waiting for theirs."""
    clock = ManualClock()
    upstream = ScriptedUpstream(lambda _: says("x"), clock=clock, latency=2.0, record=False)
    tasks = [asyncio.create_task(upstream.send("s", text="1", values=None)) for _ in range(5000)]
    await settle()
    await clock.advance(1.9)
    assert not any(task.done() for task in tasks)
    await clock.advance(0.2)
    assert 5000 == len(await asyncio.gather(*tasks))
    assert [] == upstream.calls


async def test_what_is_looked_up():
    """Forms, submissions, orders and checkouts come from plain dictionaries."""
    upstream = ScriptedUpstream()
    raw = {"id": "f", "formFields": []}
    late = Submission(id="late", form_id="f", status="CONFIRMED", created_at=5.0)
    soon = Submission(id="soon", form_id="f", status="CONFIRMED", created_at=3.0)
    other = Submission(id="other", form_id="g", status="CONFIRMED", created_at=4.0)
    order = Order(id="o", checkout="c", status="APPROVED", payment_status="PAID")
    upstream.raw_forms["f"] = raw
    upstream.listings.append(FormListing(id="f", name="F"))
    upstream.kept |= {each.id: each for each in (late, soon, other)}
    upstream.bought["o"] = order
    upstream.checkouts["c"] = "https://pay.example"
    assert raw == await upstream.raw_form("f")
    assert "f" == (await upstream.form("f")).id
    assert (FormListing(id="f", name="F"),) == await upstream.forms()
    assert late == await upstream.submission("late")
    assert (soon, late) == await upstream.submissions("f", 3.0)
    assert (late,) == await upstream.submissions("f", 3.5)
    assert (order,) == await upstream.orders("c")
    assert order == await upstream.order("o")
    assert "https://pay.example" == await upstream.checkout_url("c")
    await upstream.check()
    await upstream.aclose()
    assert upstream.closed


async def test_what_is_not_there():
    """Anything else is told as the real one would."""
    upstream = ScriptedUpstream()
    for ask in (upstream.raw_form, upstream.form, upstream.submission, upstream.order):
        with pytest.raises(NotThere):
            await ask("x")
    with pytest.raises(NotThere):
        await upstream.checkout_url("x")
    assert () == await upstream.orders("x")

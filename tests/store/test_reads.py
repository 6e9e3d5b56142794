"""What was written is what is read, through a real file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import TimerKind
from bridge.conversation.state import (
    GIVEN_UP,
    GivenUp,
    PromptState,
    State,
    Thread,
    ThreadState,
    TurnState,
)
from bridge.protocol.calls import Call
from bridge.protocol.replies import plain
from bridge.protocol.threads import PersonKey, ThreadKey
from bridge.store import reads
from bridge.store import statements as sql
from bridge.store.codec import encode
from bridge.store.errors import StoreConflict
from bridge.store.units import Op, Unit
from tests.store.world import (
    ANNA,
    CLAIMED,
    CONVERSATION,
    ENTRY,
    OPEN,
    THREAD,
    TURN,
    add_event,
    add_thread,
    begin,
    closed,
    opened,
    write,
)

PRESENT = replace(THREAD, conversation="c1")
CALL = Call(method="send", body={"text": "hi"}, prompt="p1")
NEW, QUEUED, TAKEN = InboxState.NEW, InboxState.QUEUED, InboxState.TAKEN


@pytest.fixture
async def database(tmp_path):
    """An open database."""
    made = await opened(tmp_path / "a.db")
    yield made
    await made.close()


async def state_of(database):
    """Return what a starting process finds."""
    return (await reads.load(database, "t1")).state


def add_call(seq, state="READY", **changes):
    """Return the op that adds a call to the outbox."""
    row = {
        "thread": "t1",
        "seq": seq,
        "cause": "plain",
        "call": encode(CALL),
        "edits": 0,
        "prompt": "p1",
        "state": state,
        "receipt": "",
        "attempt": 1,
        "not_before": 2.5,
        "expires_at": 3.5,
        "error": "",
        "at": 1.0,
        **changes,
    }
    return Op(sql.ADD_CALL, row, 1)


async def test_every_record_comes_back(database):
    """Thread, conversation, turn, prompts and queue are read as they were written."""
    await begin(database)
    events = [add_event(1), add_event(2), add_event(3)]
    await database.commit(Unit("t1", events))
    await write(
        database,
        fx.PutPrompt(OPEN, new=True),
        fx.PutPrompt(CLAIMED, new=True),
        fx.Mark(2, NEW, QUEUED, entry=ENTRY),
        fx.Mark(3, NEW, TAKEN, turn="u1"),
        shown_by={"p1": 7},
    )
    loaded = await reads.load(database, "t1")
    assert loaded.state == State(
        thread=PRESENT,
        conversation=CONVERSATION,
        turn=TURN,
        prompts=(OPEN, CLAIMED),
        queue=(ENTRY,),
    )
    assert loaded.shown_by == {"p1": 7, "p2": 0}
    assert [(seq, event.text) for seq, event in loaded.unjudged] == [(1, "hello")]
    assert (loaded.last_in, loaded.last_out) == (3, 0)


async def test_an_empty_thread_is_read_empty(database):
    """A thread without a conversation."""
    await database.commit(Unit("t1", [add_thread()]))
    loaded = await reads.load(database, "t1")
    assert loaded.state == State(thread=THREAD)
    assert (loaded.last_in, loaded.last_out, loaded.calls) == (0, 0, ())


async def test_changes_come_back(database):
    """Each record is changed where it stands."""
    await begin(database)
    await write(database, fx.PutPrompt(OPEN, new=True))
    thread = replace(PRESENT, state=ThreadState.OPTED_OUT, key=ThreadKey("test:2"))
    conversation = replace(CONVERSATION, session="session-2", answers={})
    turn = replace(TURN, state=TurnState.SENT, values=None, input=None)
    shown = replace(OPEN, state=PromptState.ANSWERED, claim="x")
    assert await write(
        database,
        fx.PutThread(thread),
        fx.PutConversation(conversation, CONVERSATION.state),
        fx.PutTurn(turn, TurnState.OPEN),
        fx.PutPrompt(shown, new=False),
    )
    assert await state_of(database) == State(
        thread=thread,
        conversation=conversation,
        turn=turn,
        prompts=(shown,),
        fields={"p1": "size"},
    )
    await write(database, fx.PutPrompt(replace(shown, state=PromptState.SUPERSEDED), new=False))
    assert (await state_of(database)).prompts == ()


@pytest.mark.parametrize(
    "effect",
    [
        fx.PutTurn(replace(TURN, state=TurnState.ANSWERED), TurnState.SENT),
        fx.PutConversation(closed(), closed().state),
        fx.Mark(1, QUEUED, TAKEN),
        fx.Mark(9, NEW, InboxState.DONE),
    ],
    ids=["turn", "conversation", "event", "no event"],
)
async def test_a_record_moves_only_from_the_state_it_is_in(database, effect):
    """Nothing of the unit is written where somebody else was faster."""
    await begin(database)
    await database.commit(Unit("t1", [add_event(1)]))
    before = await state_of(database)
    assert not await write(database, effect, fx.PutThread(replace(PRESENT, key=ThreadKey("x"))))
    assert await state_of(database) == before


@pytest.mark.parametrize(
    "effect",
    [
        fx.PutConversation(replace(CONVERSATION, id="c2"), None),
        fx.PutTurn(replace(TURN, id="u2", n=4), None),
        fx.PutTurn(replace(TURN, id="u2", state=TurnState.ANSWERED), None),
    ],
    ids=["live conversations", "turns in flight", "numbers of turns"],
)
async def test_the_unique_indexes_hold(database, effect):
    """At most one live conversation, one turn in flight, one turn of a number (law 3)."""
    await begin(database)
    with pytest.raises(StoreConflict):
        await write(database, effect)


async def test_the_last_turn_is_the_present_one(database):
    """Of a conversation's turns the one with the highest number counts."""
    await begin(database, turn=replace(TURN, state=TurnState.ANSWERED))
    later = replace(TURN, id="u0", n=4)
    await write(database, fx.PutTurn(later, None))
    assert (await state_of(database)).turn == later


async def test_turns_of_closed_conversations_are_still_waited_for(database):
    """SENT, and UNKNOWN that nobody looked up; not what was given up or is over."""
    await begin(database, conversation=closed(), turn=replace(TURN, state=TurnState.SENT))
    other = replace(closed(), id="c2")
    states = [
        (TurnState.UNKNOWN, "lost"),
        (TurnState.UNKNOWN, GIVEN_UP),
        (TurnState.FAILED, "E"),
    ]
    turns = [
        replace(TURN, id=f"v{n}", conversation="c2", n=n, state=state, error=error)
        for n, (state, error) in enumerate(states)
    ]
    await write(
        database, fx.PutConversation(other, None), *(fx.PutTurn(turn, None) for turn in turns)
    )
    found = (await state_of(database)).given_up
    sent = replace(TURN, state=TurnState.SENT)
    assert found == (
        GivenUp(turn=sent, conversation=closed()),
        GivenUp(turn=turns[0], conversation=other),
    )


async def test_the_live_conversations_turn_is_not_given_up(database):
    """It is the present one; a turn whose conversation was erased is nobody's."""
    await begin(database, turn=replace(TURN, state=TurnState.SENT))
    lost = replace(TURN, id="u9", conversation="erased", state=TurnState.SENT)
    await write(database, fx.PutTurn(lost, None))
    assert (await state_of(database)).given_up == ()


async def test_events_of_a_turn_end_with_it(database):
    """Only what this turn took is done."""
    await begin(database)
    await database.commit(Unit("t1", [add_event(n) for n in (1, 2, 3)]))
    await write(
        database,
        fx.Mark(1, NEW, TAKEN, turn="u1"),
        fx.Mark(2, NEW, TAKEN, turn="other"),
        fx.Mark(3, NEW, QUEUED, entry=replace(ENTRY, seq=3)),
        fx.EndTaken("u1"),
    )
    rows = await database.rows(sql.tables.inbox.select().order_by(sql.tables.inbox.c.seq))
    assert [row.state for row in rows] == ["DONE", "TAKEN", "QUEUED"]


async def test_calls_that_wait_are_read_in_order(database):
    """READY and SENDING; what was delivered has a receipt."""
    await database.commit(Unit("t1", [add_thread()]))
    calls = [
        add_call(2, "SENDING"),
        add_call(1),
        add_call(3, "DELIVERED", receipt="m3"),
        add_call(4, "REJECTED"),
    ]
    await database.commit(Unit("t1", calls))
    loaded = await reads.load(database, "t1")
    assert [(call.seq, call.state, call.call) for call in loaded.calls] == [
        (1, "READY", CALL),
        (2, "SENDING", CALL),
    ]
    first = loaded.calls[0]
    assert (first.cause, first.prompt, first.attempt) == ("plain", "p1", 1)
    assert (first.not_before, first.expires_at, first.edits) == (2.5, 3.5, 0)
    assert loaded.last_out == 4
    assert await reads.receipt(database, "t1", 3) == "m3"
    assert await reads.receipt(database, "t1", 1) is None


async def test_dropped_calls_expire(database):
    """What waits is not sent; what is under way goes on."""
    await database.commit(Unit("t1", [add_thread(), add_call(1), add_call(2, "SENDING")]))
    await write(database, fx.DropCalls())
    rows = await database.rows(sql.tables.outbox.select().order_by(sql.tables.outbox.c.seq))
    assert [row.state for row in rows] == ["EXPIRED", "SENDING"]


async def test_what_a_starting_process_must_take_up(database):
    """Threads with unjudged events, turns that are not at their end, or calls that wait."""

    async def add(name, *ops):
        thread = Thread(id=name, channel="test", key=ThreadKey(f"test:{name}"))
        await database.commit(Unit(name, [add_thread(thread), *ops]))

    def turn(name, state, error=""):
        return replace(TURN, id=name, thread=name, conversation=name, state=state, error=error)

    for state in ("NEW", "QUEUED", "TAKEN", "DONE", "REFUSED"):
        await add(f"inbox-{state}", add_event(1, thread=f"inbox-{state}", state=state))
    for state in TurnState:
        await add(f"turn-{state.value}")
        await write(database, fx.PutTurn(turn(f"turn-{state.value}", state), None))
    await add("given-up")
    await write(database, fx.PutTurn(turn("given-up", TurnState.UNKNOWN, GIVEN_UP), None))
    for state in ("READY", "SENDING", "DELIVERED", "UNCERTAIN", "EXPIRED"):
        await add(f"outbox-{state}", add_call(1, state, thread=f"outbox-{state}"))
    assert set(await reads.unfinished(database)) == {
        "inbox-NEW",
        "inbox-QUEUED",
        "inbox-TAKEN",
        "turn-OPEN",
        "turn-SENT",
        "turn-UNKNOWN",
        "outbox-READY",
        "outbox-SENDING",
    }


async def test_timers_come_back_next_one_first(database):
    """One of a kind for each conversation; what ended does not ring."""
    await write(
        database,
        fx.SetTimer("c1", TimerKind.CHECKOUT, 9.0, 2),
        fx.SetTimer("c1", TimerKind.EXPIRY, 5.0),
        fx.SetTimer("c2", TimerKind.CHECKOUT, 7.0),
        fx.SetTimer("c1", TimerKind.CHECKOUT, 8.0, 3),
        fx.SetTimer("c3", TimerKind.PAYMENT, 1.0),
        fx.EndTimer("c3", TimerKind.PAYMENT),
        fx.EndTimer("nobody", TimerKind.PAYMENT),
    )
    assert [
        (t.conversation, t.kind, t.due_at, t.attempt) for t in await reads.timers(database)
    ] == [
        ("c1", TimerKind.EXPIRY, 5.0, 0),
        ("c2", TimerKind.CHECKOUT, 7.0, 0),
        ("c1", TimerKind.CHECKOUT, 8.0, 3),
    ]


async def test_what_goes_out_to_the_world_writes_nothing(database):
    """Saying, asking and telling the operator are not rows of their own."""
    effects = (
        fx.Speak((plain("hi"),)),
        fx.Request(TURN),
        fx.Perform(TURN, CONVERSATION),
        fx.LookUp(TURN, CONVERSATION),
        fx.Alert("x"),
    )
    assert await write(database, *effects)
    assert await reads.unfinished(database) == ()


async def test_claimed_submissions_are_known(database):
    """What a conversation has claimed is nobody else's (law 5)."""
    await begin(database)
    assert await reads.claimed(database, ["sub-1", "sub-2"]) == {"sub-1"}
    assert await reads.claimed(database, []) == frozenset()


async def test_a_persons_live_conversations_and_a_threads_transcript(database):
    """For the adapter's lists: the latest first; what was said, oldest first."""
    await begin(database)
    await database.commit(Unit("t1", [add_call(1), add_call(2)]))
    rows = await reads.of_person(database, ANNA)
    assert [(row["id"], row["thread_key"], row["channel"]) for row in rows] == [
        ("c1", THREAD.key, "test")
    ]
    assert await reads.of_person(database, PersonKey("test:ben")) == []
    said = await reads.transcript(database, "test", THREAD.key, 1)
    assert [(row["seq"], reads.call_of(row["call"])) for row in said] == [(2, CALL)]


@pytest.mark.parametrize(("expires_at", "found"), [(0.0, '"x"'), (10.0, '"x"'), (5.0, None)])
async def test_notes_are_read_until_they_expire(database, expires_at, found):
    """0 is for good; what is absent is None."""
    row = {"channel": "test", "key": "offset", "value": '"x"', "expires_at": expires_at}
    await database.commit(Unit("", [Op(sql.SET_NOTE, row, 1)]))
    assert await reads.read_note(database, "test", "offset", 5.0) == found
    assert await reads.read_note(database, "other", "offset", 5.0) is None

"""Real SQLite files, and records to put into them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bridge.clock import SystemClock
from bridge.conversation import effects as fx
from bridge.conversation.state import (
    Conversation,
    ConversationState,
    Entry,
    OpenPrompt,
    Payment,
    PromptState,
    Step,
    Thread,
    Turn,
    TurnState,
)
from bridge.protocol.events import Text
from bridge.protocol.prompts import (
    NumberInput,
    Option,
    Prompt,
    PromptOwner,
    PromptView,
    SingleSelect,
)
from bridge.protocol.threads import PersonKey, PromptId, ThreadKey
from bridge.store import records
from bridge.store import statements as sql
from bridge.store.codec import encode
from bridge.store.database import Database
from bridge.store.units import Op, Unit
from bridge.store.writing import ops_of

ANNA = PersonKey("test:anna")
THREAD = Thread(id="t1", channel="test", key=ThreadKey("test:1"))
CONVERSATION = Conversation(
    id="c1",
    thread="t1",
    person=ANNA,
    form="cake",
    created_at=1.5,
    changed_at=2.5,
    expires_at=3.5,
    session="session-1",
    generation=1,
    payment=Payment.WAITING,
    answers={"size": "large", "extras": ["nuts"], "n": 2, "f": 0.5, "no": None},
    shown={"size": "Groß “L”"},
    submission="sub-1",
    checkout="checkout-1",
    checkout_url="https://pay.example/1",
    unknown_since=4.5,
    noticed_at=5.5,
)
TURN = Turn(
    id="u1",
    thread="t1",
    conversation="c1",
    n=3,
    step=Step.SEND,
    state=TurnState.OPEN,
    input="two layers\n\U0001f370",
    values={"size": "large"},
    listed=True,
    renewed=True,
    epoch=1,
    attempt=2,
    not_before=6.5,
    sent_at=7.5,
    answer="[]",
    error="E 500",
)
SELECT = Prompt(
    id=PromptId("p1"),
    owner=PromptOwner.UPSTREAM,
    question="Which size?",
    widget=SingleSelect(options=(Option(label="Large", value="large"),), custom="any"),
    field="size",
    first=4,
    view=PromptView(rev=2, page=1, filter="la", selected=(0,), typing_custom=True),
)
NUMBER = replace(
    SELECT,
    id=PromptId("p2"),
    owner=PromptOwner.BRIDGE,
    widget=NumberInput(minimum=Decimal("0.10"), below=Decimal(9), step=Decimal("0.1")),
    view=PromptView(number=Decimal("1.20")),
)
OPEN = OpenPrompt(prompt=SELECT, conversation="c1", at=1.0)
CLAIMED = OpenPrompt(
    prompt=NUMBER, conversation="c1", at=2.0, state=PromptState.ANSWERED, claim="()|None|1.2"
)
ENTRY = Entry(seq=2, text="x", values={"a": [1]}, prompt="p1", listed=True, barrier=True)


async def opened(path):
    """Open a database for writing."""
    return await Database.open(path, SystemClock(), wait=0.0)


def add_thread(thread=THREAD):
    """Return the op that adds a thread."""
    return Op(sql.ADD_THREAD, records.thread_values(thread), 1)


def add_event(seq, words="hello", thread="t1", state="NEW", **changes):
    """Return the op that adds an event to the inbox."""
    event = Text(key=f"k{seq}", thread=THREAD.key, person=ANNA, at=1.0, text=words)
    row = {
        "thread": thread,
        "seq": seq,
        "person": ANNA,
        "kind": "Text",
        "body": encode(event),
        "state": state,
        "turn": "",
        "entry": "",
        "at": 1.0,
        **changes,
    }
    return Op(sql.ADD_EVENT, row, 1)


def keep_key(key, at=1.0):
    """Return the op that keeps an event's key, once."""
    return Op(sql.KEEP_EVENT_KEY, {"channel": "test", "key": key, "at": at}, 1)


async def write(database, *effects, thread="t1", shown_by=None):
    """Write a decision's effects as the mailbox does."""
    ops = [op for effect in effects for op in ops_of(effect, thread, shown_by or {})]
    return await database.commit(Unit(thread, ops))


async def begin(database, *, conversation=CONVERSATION, turn=TURN):
    """Write one thread with a conversation and a turn."""
    await database.commit(Unit("t1", [add_thread()]))
    present = replace(THREAD, conversation=conversation.id)
    await write(
        database,
        fx.PutThread(present),
        fx.PutConversation(conversation, None),
        fx.PutTurn(turn, None),
    )


def closed(conversation=CONVERSATION):
    """Return the conversation, cancelled."""
    return replace(conversation, state=ConversationState.CANCELLED)

"""What is read back: one thread's state, and what a starting process has to take up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, bindparam, func, or_, select, text, union

from bridge.conversation.messages import TimerKind
from bridge.conversation.state import GIVEN_UP, Conversation, GivenUp, State, Thread, Turn
from bridge.protocol.calls import Call
from bridge.protocol.events import Event
from bridge.store import records
from bridge.store.codec import decode
from bridge.store.tables import (
    INBOX_WORK,
    OUTBOX_WORK,
    PROMPT_ANSWERED,
    PROMPT_SHOWN,
    TIMER_WAITING,
    TURN_OUT,
    conversation,
    inbox,
    note,
    outbox,
    prompt,
    thread,
    timer,
)
from bridge.store.tables import turn as turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.protocol.events import AnyEvent
    from bridge.store.database import Database

_THE = bindparam("the", type_=String)
_THREAD = select(thread).where(thread.c.channel == bindparam("channel"), thread.c.key == _THE)
_THREAD_BY_ID = select(thread).where(thread.c.id == _THE)
_CONVERSATION = select(conversation).where(conversation.c.id == _THE)
_LAST_TURN = select(turns).where(turns.c.conversation == _THE).order_by(turns.c.n.desc()).limit(1)
_UNSURE = and_(turns.c.state == "UNKNOWN", turns.c.error != GIVEN_UP)
_GIVEN_UP = (
    select(turns)
    .where(turns.c.thread == _THE, text(TURN_OUT), or_(turns.c.state == "SENT", _UNSURE))
    .order_by(turns.c.id)
)
_PROMPTS = (
    select(prompt)
    .where(prompt.c.thread == _THE, text(PROMPT_SHOWN))
    .order_by(prompt.c.at, prompt.c.id)
)
_FIELDS = select(prompt.c.id, prompt.c.field).where(
    prompt.c.conversation == _THE, prompt.c.owner == "UPSTREAM", text(PROMPT_ANSWERED)
)
_WAITING = select(inbox).where(inbox.c.thread == _THE, text(INBOX_WORK)).order_by(inbox.c.seq)
_CALLS = select(outbox).where(outbox.c.thread == _THE, text(OUTBOX_WORK)).order_by(outbox.c.seq)
_LAST_IN = select(func.coalesce(func.max(inbox.c.seq), 0)).where(inbox.c.thread == _THE)
_LAST_OUT = select(func.coalesce(func.max(outbox.c.seq), 0)).where(outbox.c.thread == _THE)
_RECEIPT = select(outbox.c.receipt).where(
    outbox.c.thread == _THE, outbox.c.seq == bindparam("seq"), outbox.c.state == "DELIVERED"
)
_UNFINISHED = union(
    select(inbox.c.thread).where(text(INBOX_WORK)),
    select(turns.c.thread).where(text(TURN_OUT), or_(turns.c.state != "UNKNOWN", _UNSURE)),
    select(outbox.c.thread).where(text(OUTBOX_WORK)),
)
_TIMERS = select(timer).where(text(TIMER_WAITING)).order_by(timer.c.due_at)
_CLAIMED = select(conversation.c.submission).where(
    conversation.c.submission.in_(bindparam("the", expanding=True))
)
_NOTE = select(note).where(note.c.channel == bindparam("channel"), note.c.key == _THE)
_OF_PERSON = (
    select(conversation, thread.c.key.label("thread_key"), thread.c.channel)
    .join(thread, thread.c.id == conversation.c.thread)
    .where(conversation.c.person == _THE, conversation.c.state == "ACTIVE")
    .order_by(conversation.c.changed_at.desc())
    .limit(50)
)

_TRANSCRIPT = (
    select(outbox.c.seq, outbox.c.call, outbox.c.at)
    .join(thread, thread.c.id == outbox.c.thread)
    .where(
        thread.c.channel == bindparam("channel"),
        thread.c.key == _THE,
        outbox.c.seq > bindparam("after"),
    )
    .order_by(outbox.c.seq)
    .limit(500)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCall:
    """A row of the outbox that waits, or was under way."""

    seq: int
    call: Call
    edits: int
    prompt: str
    state: str
    attempt: int
    not_before: float
    expires_at: float
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTimer:
    """A timer that waits."""

    thread: str
    conversation: str
    kind: TimerKind
    due_at: float
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One thread as it was left: its state, its unjudged events, its waiting calls.

    `shown_by`: prompt id -> outbox row. `last_in`, `last_out`: the highest numbers given so far.
    """

    state: State
    unjudged: tuple[tuple[int, AnyEvent], ...]
    calls: tuple[StoredCall, ...]
    shown_by: dict[str, int]
    last_in: int
    last_out: int


async def thread_by_key(database: Database, channel: str, key: str) -> Thread | None:
    """Return the thread with this key, if there is one."""
    rows = await database.rows(_THREAD, {"channel": channel, "the": key})
    return records.thread_of(rows[0]._mapping) if rows else None  # noqa: SLF001 - public name


async def load(database: Database, thread_id: str) -> Loaded:
    """Read one thread whole."""
    found = records.thread_of(await _one(database, _THREAD_BY_ID, thread_id))
    present = await conversation_by_id(database, found.conversation)
    waiting = await _many(database, _WAITING, thread_id)
    prompts = await _many(database, _PROMPTS, thread_id)
    answered = await _many(database, _FIELDS, found.conversation)
    return Loaded(
        state=State(
            thread=found,
            conversation=present,
            turn=await _last_turn(database, present),
            prompts=tuple(records.prompt_of(row) for row in prompts),
            fields={row["id"]: row["field"] for row in answered},
            queue=tuple(
                records.entry_of(row["seq"], row["entry"])
                for row in waiting
                if row["state"] == "QUEUED"
            ),
            given_up=await _given_up(database, thread_id, present),
        ),
        unjudged=tuple(
            (row["seq"], event_of(row["body"])) for row in waiting if row["state"] == "NEW"
        ),
        calls=tuple(_call(row) for row in await _many(database, _CALLS, thread_id)),
        shown_by={row["id"]: row["outbox"] for row in prompts},
        last_in=(await database.rows(_LAST_IN, {"the": thread_id}))[0][0],
        last_out=(await database.rows(_LAST_OUT, {"the": thread_id}))[0][0],
    )


def event_of(body: str) -> AnyEvent:
    """Return the event of an inbox row."""
    event: AnyEvent = decode(body, Event)  # type: ignore[assignment] # the union's base
    return event


async def conversation_by_id(database: Database, conversation_id: str) -> Conversation | None:
    """Return a conversation, if there is one."""
    rows = await _many(database, _CONVERSATION, conversation_id)
    return records.conversation_of(rows[0]) if rows else None


async def _last_turn(database: Database, present: Conversation | None) -> Turn | None:
    if present is None:
        return None
    rows = await _many(database, _LAST_TURN, present.id)
    return records.turn_of(rows[0]) if rows else None


async def _given_up(
    database: Database, thread_id: str, present: Conversation | None
) -> tuple[GivenUp, ...]:
    """Return the turns of closed conversations whose answers were still out."""
    out: list[GivenUp] = []
    for row in await _many(database, _GIVEN_UP, thread_id):
        if present is not None and present.live and row["conversation"] == present.id:
            continue
        past = await conversation_by_id(database, row["conversation"])
        if past is not None:
            out.append(GivenUp(turn=records.turn_of(row), conversation=past))
    return tuple(out)


def _call(row: Any) -> StoredCall:
    return StoredCall(
        seq=row["seq"],
        call=call_of(row["call"]),
        edits=row["edits"],
        prompt=row["prompt"],
        state=row["state"],
        attempt=row["attempt"],
        not_before=row["not_before"],
        expires_at=row["expires_at"],
        cause=row["cause"],
    )


async def receipt(database: Database, thread_id: str, seq: int) -> str | None:
    """Return what the platform gave back for a delivered row; None where it was not delivered."""
    rows = await database.rows(_RECEIPT, {"the": thread_id, "seq": seq})
    return str(rows[0][0]) if rows else None


async def unfinished(database: Database) -> tuple[str, ...]:
    """Return the threads that a starting process must take up."""
    return tuple(row[0] for row in await database.rows(_UNFINISHED))


async def timers(database: Database) -> tuple[StoredTimer, ...]:
    """Return every timer that waits, the next one first."""
    return tuple(
        StoredTimer(
            thread=row.thread,
            conversation=row.conversation,
            kind=TimerKind(row.kind),
            due_at=row.due_at,
            attempt=row.attempt,
        )
        for row in await database.rows(_TIMERS)
    )


async def claimed(database: Database, submissions: Sequence[str]) -> frozenset[str]:
    """Return which of these submissions a conversation has claimed already."""
    rows = await database.rows(_CLAIMED, {"the": list(submissions)})
    return frozenset(row[0] for row in rows)


async def read_note(database: Database, channel: str, key: str, now: float) -> str | None:
    """Return a note's JSON text, unless it is absent or has expired."""
    rows = await _many(database, _NOTE, key, channel=channel)
    if not rows or 0 < rows[0]["expires_at"] <= now:
        return None
    return str(rows[0]["value"])


async def of_person(database: Database, person: str) -> Sequence[Any]:
    """Return the rows of a person's live conversations, latest first."""
    return await _many(database, _OF_PERSON, person)


async def transcript(database: Database, channel: str, key: str, after: int) -> Sequence[Any]:
    """Return the outbox rows of a thread after number `after`, oldest first, at most 500."""
    return await _many(database, _TRANSCRIPT, key, channel=channel, after=after)


def call_of(text: str) -> Call:
    """Return the call of an outbox row."""
    return decode(text, Call)


async def _many(database: Database, statement: Any, the: str, **values: Any) -> list[Any]:
    rows = await database.rows(statement, {"the": the, **values})
    return [row._mapping for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def _one(database: Database, statement: Any, the: str) -> Any:
    return (await _many(database, statement, the))[0]

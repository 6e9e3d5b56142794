"""What is kept of conversations, for people who run the bridge. Reads only.

Knows: the tables. Must not know: whether a process writes at the same time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, func, select

from bridge.store.tables import conversation, outbox, prompt, thread, turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.store.database import Database

_THE = bindparam("the", type_=String)
_LISTED = (
    select(conversation, thread.c.channel)
    .join(thread, thread.c.id == conversation.c.thread)
    .order_by(conversation.c.changed_at.desc(), conversation.c.id)
)
_LIVE = _LISTED.where(conversation.c.state.in_(("ACTIVE", "AWAITING_PAYMENT")))
_ONE = _LISTED.where(conversation.c.id == _THE)
_TURNS = (
    select(turn.c.n, turn.c.state, turn.c.step, turn.c.attempt, turn.c.error)
    .where(turn.c.conversation == _THE)
    .order_by(turn.c.n)
)
_OPEN = select(prompt.c.kind, prompt.c.field).where(
    prompt.c.conversation == _THE, prompt.c.state == "OPEN"
)
_CALLS = (
    select(outbox.c.state, func.count())
    .where(outbox.c.thread == _THE)
    .group_by(outbox.c.state)
    .order_by(outbox.c.state)
)

HEADINGS = ("id", "channel", "person", "form", "state", "payment", "answers", "changed (UTC)")


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in a list, as texts in the order of `HEADINGS`."""

    texts: tuple[str, ...]


async def listed(database: Database, *, everything: bool = False) -> list[Row]:
    """Return the conversations that go on, or all, the latest change first."""
    rows = await database.rows(_LISTED if everything else _LIVE)
    return [_row(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def _row(row: Any) -> Row:
    names = ("id", "channel", "person", "form", "state", "payment")
    answered = str(len(json.loads(row["shown"])))
    return Row((*(str(row[name]) for name in names), answered, time(row["changed_at"])))


def time(at: float) -> str:
    """Return a time as people read it, in UTC; "-" for none."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}" if at else "-"


async def told(database: Database, conversation_id: str) -> tuple[str, ...]:
    """Return everything about one conversation, line by line; nothing where there is none."""
    rows = await database.rows(_ONE, {"the": conversation_id})
    if not rows:
        return ()
    row = rows[0]._mapping  # noqa: SLF001 - SQLAlchemy's public name
    turns = await database.rows(_TURNS, {"the": conversation_id})
    questions = await database.rows(_OPEN, {"the": conversation_id})
    calls = await database.rows(_CALLS, {"the": row["thread"]})
    return (*_facts(row), *_answers(row), *_turns(turns), *_questions(questions), *_calls(calls))


def _facts(row: Any) -> list[str]:
    names = (
        *("id", "channel", "thread", "person", "form", "state", "payment", "session"),
        *("submission", "checkout", "checkout_url"),
    )
    facts = [f"{name}: {row[name]}" for name in names if row[name]]
    times = (f"{name[:-3]}: {time(row[name])} UTC" for name in ("created_at", "changed_at"))
    return [*facts, *times]


def _answers(row: Any) -> list[str]:
    shown: dict[str, str] = json.loads(row["shown"])
    return ["answers:", *(f"  {field}: {text}" for field, text in shown.items())] if shown else []


def _turns(rows: Sequence[Any]) -> list[str]:
    lines = [
        f"  {row.n}. {row.step} {row.state}"
        + (f", attempt {row.attempt}" if row.attempt else "")
        + (f", {row.error}" if row.error else "")
        for row in rows
    ]
    return ["turns:", *lines] if lines else []


def _questions(rows: Sequence[Any]) -> list[str]:
    return [f"open question: {row.kind} for {row.field or 'the bridge'}" for row in rows]


def _calls(rows: Sequence[Any]) -> list[str]:
    return [f"messages of the thread: {', '.join(f'{row[1]} {row[0]}' for row in rows)}"] * bool(
        rows
    )

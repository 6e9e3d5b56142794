"""What has been kept long enough goes: conversations that are over, and all that belongs to them.

Live conversations, orders that are still followed, and whatever still waits stay. The hashes of
event keys outlive bodies: 30 days at least (law 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Float, bindparam, delete, select

from bridge.store import statements as sql
from bridge.store.tables import conversation, inbox, outbox, prompt, timer, turn
from bridge.store.units import Op, Unit

if TYPE_CHECKING:
    from bridge.store.database import Database

_DAY = 86_400.0
_KEYS_KEPT = 30.0
"""Days."""

_BEFORE = bindparam("the_before", type_=Float)
_FOLLOWED = select(timer.c.conversation).where(timer.c.state == "WAITING")
_OLD = select(conversation.c.id).where(
    conversation.c.changed_at < _BEFORE,
    conversation.c.state != "ACTIVE",
    conversation.c.id.not_in(_FOLLOWED),
)
_OF_OLD = tuple(
    delete(table).where(table.c.conversation.in_(_OLD)) for table in (turn, prompt, timer)
)
_EVENTS = delete(inbox).where(
    inbox.c.at < _BEFORE,
    inbox.c.state != "NEW",
    inbox.c.state != "QUEUED",
    inbox.c.state != "TAKEN",
)
_SHOWING = select(prompt.c.outbox).where(
    prompt.c.thread == outbox.c.thread, prompt.c.state == "OPEN"
)
_CALLS = delete(outbox).where(
    outbox.c.at < _BEFORE,
    outbox.c.state != "READY",
    outbox.c.state != "SENDING",
    outbox.c.seq.not_in(_SHOWING),
)
_CONVERSATIONS = delete(conversation).where(conversation.c.id.in_(_OLD))


async def purge(database: Database, now: float, retention_days: float) -> None:
    """Forget what is older. Raises StoreError."""
    before = {"the_before": now - retention_days * _DAY}
    keys = {"before": now - max(retention_days, _KEYS_KEPT) * _DAY}
    ops = [Op(statement, before) for statement in (*_OF_OLD, _EVENTS, _CALLS, _CONVERSATIONS)]
    await database.commit(Unit("purge", [*ops, Op(sql.FORGET_EVENT_KEYS, keys)]))

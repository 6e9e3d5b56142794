"""Erasing a person: every row that says something about them, in one transaction.

Kept are the hashes of event keys (law 2: what came before must not be taken again) and, in a
thread where others act too, what belongs to those. There, of our own messages only those stay that
are still to be delivered or that show a question of somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, delete, select, union, update

from bridge.store.tables import conversation, inbox, outbox, prompt, thread, timer, turn
from bridge.store.units import Op, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.store.database import Database

_PERSON = bindparam("the_person", type_=String)
_THREAD = bindparam("the_thread", type_=String)

_THREADS = union(
    select(inbox.c.thread).where(inbox.c.person == _PERSON),
    select(conversation.c.thread).where(conversation.c.person == _PERSON),
)
_OTHERS = union(
    select(inbox.c.thread).where(inbox.c.thread == _THREAD, inbox.c.person != _PERSON),
    select(conversation.c.thread).where(
        conversation.c.thread == _THREAD, conversation.c.person != _PERSON
    ),
)
_THEIRS = select(conversation.c.id).where(
    conversation.c.thread == _THREAD, conversation.c.person == _PERSON
)

_GUARD_OWN = update(thread).where(thread.c.id == _THREAD).values(conversation="")
_GUARD_SHARED = update(thread).where(thread.c.id == _THREAD).values(epoch=thread.c.epoch)
_RELEASE = (
    update(thread)
    .where(thread.c.id == _THREAD, thread.c.conversation.in_(_THEIRS))
    .values(conversation="")
)
_SPOKEN = tuple(
    delete(table).where(table.c.thread == _THREAD, table.c.conversation.in_(_THEIRS))
    for table in (turn, prompt, timer)
)
_INBOX = delete(inbox).where(inbox.c.thread == _THREAD, inbox.c.person == _PERSON)
_CONVERSATIONS = delete(conversation).where(
    conversation.c.thread == _THREAD, conversation.c.person == _PERSON
)
_OUTBOX = delete(outbox).where(outbox.c.thread == _THREAD)
_OUTBOX_SHARED = delete(outbox).where(
    outbox.c.thread == _THREAD,
    outbox.c.state != "READY",
    outbox.c.state != "SENDING",
    outbox.c.seq.not_in(select(prompt.c.outbox).where(prompt.c.thread == _THREAD)),
)
_TIMERS = delete(timer).where(timer.c.thread == _THREAD)
_PLACE = delete(thread).where(thread.c.id == _THREAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """The threads on which a person acted: `own`, where nobody else did, and `shared` ones."""

    person: str
    own: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def threads(self) -> tuple[str, ...]:
        """All of them."""
        return self.own + self.shared


async def traces(database: Database, person: str) -> Traces:
    """Return where the person has left anything."""
    rows = await database.rows(_THREADS, {"the_person": person})
    own: list[str] = []
    shared: list[str] = []
    for row in rows:
        others = await database.rows(_OTHERS, {"the_person": person, "the_thread": row[0]})
        (shared if others else own).append(row[0])
    return Traces(person=person, own=tuple(own), shared=tuple(shared))


async def forget(database: Database, found: Traces) -> bool:
    """Erase them in one transaction; False where a thread went away in between. Raises StoreError.

    No mailbox may hold one of the threads meanwhile.
    """
    if not found.threads:
        return True
    ops = [op for place in found.own for op in _ops(found.person, place, _OWN)]
    ops += [op for place in found.shared for op in _ops(found.person, place, _SHARED)]
    guards = [op for op in ops if op.expect is not None]
    rest = [op for op in ops if op.expect is None]
    return await database.commit(Unit(found.threads[0], [*guards, *rest]))


_OWN = (_GUARD_OWN, *_SPOKEN, _TIMERS, _OUTBOX, _INBOX, _CONVERSATIONS, _PLACE)
_SHARED = (_GUARD_SHARED, _RELEASE, *_SPOKEN, _OUTBOX_SHARED, _INBOX, _CONVERSATIONS)
"""In this order: the guard first; what names a conversation before the conversation."""


def _ops(person: str, place: str, statements: Sequence[Any]) -> list[Op]:
    values = {"the_person": person, "the_thread": place}
    guard, *others = statements
    return [Op(guard, values, 1), *(Op(one, values) for one in others)]

"""Every writing statement, once. What is special to a dialect stands in `dialect` alone."""

from __future__ import annotations

from sqlalchemy import Executable, Table, bindparam, delete, insert, text, update

from bridge.store import dialect, tables


def _insert(table: Table) -> Executable:
    return insert(table).execution_options(preserve_rowcount=True)


def _change(table: Table, keys: tuple[str, ...]) -> Executable:
    """Return UPDATE all other columns WHERE keys, and the state that it must have been in."""
    names = tuple(column.name for column in table.c if column.name not in keys)
    return _set(table, keys, names, was=True)


def _set(table: Table, keys: tuple[str, ...], names: tuple[str, ...], *, was: bool) -> Executable:
    """Return UPDATE these columns WHERE keys; with `was`, only from that state."""
    statement = update(table)
    for key in keys:
        statement = statement.where(table.c[key] == bindparam(f"the_{key}"))
    if was:
        statement = statement.where(table.c.state == bindparam("was"))
    return statement.values({name: bindparam(name) for name in names})


KEEP_EVENT_KEY = dialect.insert_ignoring(tables.event_key)
FORGET_EVENT_KEYS = delete(tables.event_key).where(tables.event_key.c.at < bindparam("before"))

ADD_THREAD = _insert(tables.thread)
RETIRE_THREAD = _set(tables.thread, ("id",), ("key",), was=False)
SET_THREAD = _set(tables.thread, ("id",), ("key", "state", "conversation"), was=False)

ADD_EVENT = _insert(tables.inbox)
JUDGE_EVENT = _set(tables.inbox, ("thread", "seq"), ("state", "turn", "entry"), was=True)
END_EVENTS_OF_TURN = (
    update(tables.inbox)
    .where(tables.inbox.c.thread == bindparam("the_thread"))
    .where(text(tables.INBOX_WORK), tables.inbox.c.state == "TAKEN")
    .where(tables.inbox.c.turn == bindparam("the_turn"))
    .values(state="DONE")
)

ADD_CONVERSATION = _insert(tables.conversation)
SET_CONVERSATION = _change(tables.conversation, ("id",))

ADD_TURN = _insert(tables.turn)
SET_TURN = _change(tables.turn, ("id",))

ADD_PROMPT = _insert(tables.prompt)
SET_PROMPT = _set(tables.prompt, ("id",), ("view", "rev", "state", "answer", "outbox"), was=False)

ADD_CALL = _insert(tables.outbox)
SET_CALL = _set(
    tables.outbox,
    ("thread", "seq"),
    ("state", "receipt", "attempt", "not_before", "error"),
    was=True,
)
EXPIRE_CALLS = (
    update(tables.outbox)
    .where(tables.outbox.c.thread == bindparam("the_thread"))
    .where(text(tables.OUTBOX_WORK), tables.outbox.c.state == "READY")
    .values(state="EXPIRED")
)

SET_TIMER = dialect.upsert(tables.timer, ("key",))
END_TIMER = _set(tables.timer, ("key",), ("state",), was=False)

SET_NOTE = dialect.upsert(tables.note, ("channel", "key"))
FORGET_NOTE = (
    delete(tables.note)
    .where(tables.note.c.channel == bindparam("the_channel"))
    .where(tables.note.c.key == bindparam("the_key"))
)

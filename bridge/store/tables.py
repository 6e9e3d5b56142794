"""The tables. Ids are made by the application; states are words; times are epoch seconds.

Partial indexes are written for SQLite alone: naming PostgreSQL here would load its dialect at
every start. They are written for it with its migrations.

Each state names who moves it on:

* inbox    NEW (the mailbox judges) QUEUED (the next turn takes) TAKEN (its turn ends) DONE REFUSED
* turn     OPEN (the limiter's permit) SENT (the answer) ANSWERED | UNKNOWN (a person) | FAILED
* prompt   OPEN (a person) ANSWERED (claimed) SUPERSEDED
* outbox   READY (delivery) SENDING (the platform) DELIVERED UNCERTAIN REJECTED EXPIRED REPLACED
* timer    WAITING (the clock) DONE
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# Conditions of partial indexes. A statement that is to use one must hold the same text: with
# parameters in its place SQLite can't know that it fits, and reads the whole table.
INBOX_WORK = "state IN ('NEW', 'QUEUED', 'TAKEN')"
TURN_OUT = "state IN ('OPEN', 'SENT', 'UNKNOWN')"
PROMPT_SHOWN = "state IN ('OPEN', 'ANSWERED')"
PROMPT_ANSWERED = "answer != ''"
OUTBOX_WORK = "state IN ('READY', 'SENDING')"
TIMER_WAITING = "state = 'WAITING'"

thread = Table(
    "thread",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("key", String, nullable=False),
    Column("state", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    UniqueConstraint("channel", "key"),
)

event_key = Table(
    "event_key",
    metadata,
    Column("channel", String, nullable=False),
    Column("key", String, nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("channel", "key"),
    sqlite_with_rowid=False,
)

inbox = Table(
    "inbox",
    metadata,
    Column("thread", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("person", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("turn", String, nullable=False),
    Column("entry", Text, nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("thread", "seq"),
    Index(
        "inbox_work",
        "thread",
        sqlite_where=text(INBOX_WORK),
    ),
    sqlite_with_rowid=False,
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", String, primary_key=True),
    Column("thread", String, nullable=False, index=True),
    Column("person", String, nullable=False, index=True),
    Column("form", String, nullable=False),
    Column("session", String, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("payment", String, nullable=False),
    Column("answers", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("submission", String, nullable=False, index=True),
    Column("checkout", String, nullable=False),
    Column("checkout_url", String, nullable=False),
    Column("unknown_since", Float, nullable=False),
    Column("noticed_at", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("changed_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Index(
        "conversation_live",
        "thread",
        unique=True,
        sqlite_where=text("state = 'ACTIVE'"),
    ),
)

turn = Table(
    "turn",
    metadata,
    Column("id", String, primary_key=True),
    Column("thread", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("n", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("step", String, nullable=False),
    Column("input", Text, nullable=True),
    Column("current_values", Text, nullable=True),
    Column("listed", Integer, nullable=False),
    Column("renewed", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("not_before", Float, nullable=False),
    Column("sent_at", Float, nullable=False),
    Column("answer", Text, nullable=False),
    Column("error", String, nullable=False),
    Index(
        "turn_out",
        "thread",
        sqlite_where=text(TURN_OUT),
    ),
    Index(
        "turn_in_flight",
        "conversation",
        unique=True,
        sqlite_where=text("state IN ('OPEN', 'SENT')"),
    ),
    UniqueConstraint("conversation", "n"),
)

prompt = Table(
    "prompt",
    metadata,
    Column("id", String, primary_key=True),
    Column("thread", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("field", String, nullable=False),
    Column("spec", Text, nullable=False),
    Column("view", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("answer", Text, nullable=False),
    Column("outbox", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Index("prompt_answered", "conversation", sqlite_where=text(PROMPT_ANSWERED)),
    Index(
        "prompt_open",
        "thread",
        sqlite_where=text(PROMPT_SHOWN),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("thread", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("cause", String, nullable=False),
    Column("call", Text, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("prompt", String, nullable=False),
    Column("state", String, nullable=False),
    Column("receipt", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("not_before", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("error", String, nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("thread", "seq"),
    Index(
        "outbox_work",
        "thread",
        sqlite_where=text(OUTBOX_WORK),
    ),
    sqlite_with_rowid=False,
)

timer = Table(
    "timer",
    metadata,
    Column("key", String, primary_key=True),
    Column("thread", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", String, nullable=False),
    Index(
        "timer_due",
        "due_at",
        sqlite_where=text(TIMER_WAITING),
    ),
)

note = Table(
    "note",
    metadata,
    Column("channel", String, nullable=False),
    Column("key", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("expires_at", Float, nullable=False),
    PrimaryKeyConstraint("channel", "key"),
)

worker = Table(
    "worker",
    metadata,
    Column("id", String, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("beat_at", Float, nullable=False),
)

"""What has been kept long enough goes; what still matters stays."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bridge.clock import SystemClock
from bridge.store.database import Database
from bridge.store.purging import purge

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400.0
NOW = 1000 * DAY


def _add(raw: sqlite3.Connection, table: str, **values: object) -> None:
    """Insert a row; what is not named is empty."""
    columns = raw.execute(f"PRAGMA table_info({table})").fetchall()
    row = {
        name: values.get(name, 0 if kind in ("INTEGER", "FLOAT") else "")
        for _, name, kind, *_ in columns
    }
    marks = ", ".join("?" for _ in row)
    raw.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def _conversation(raw: sqlite3.Connection, name: str, state: str, days: float) -> None:
    at = NOW - days * DAY
    _add(raw, "thread", id=f"t-{name}", channel="test", key=name)
    _add(
        raw,
        "conversation",
        id=name,
        thread=f"t-{name}",
        state=state,
        changed_at=at,
        answers="{}",
        shown="{}",
    )
    _add(raw, "turn", id=f"turn-{name}", conversation=name, n=1, state="ANSWERED", answer="[]")
    _add(raw, "prompt", id=f"p-{name}", conversation=name, thread=f"t-{name}", state="SUPERSEDED")
    _add(raw, "inbox", thread=f"t-{name}", seq=1, state="DONE", body="{}", at=at)
    _add(raw, "outbox", thread=f"t-{name}", seq=1, state="DELIVERED", call="{}", at=at)
    _add(raw, "event_key", channel="test", key=name, at=at)


@pytest.fixture
async def database(tmp_path: Path):
    """One conversation of each kind, and calls and events that still wait."""
    database = await Database.open(tmp_path / "purge.db", SystemClock())
    with sqlite3.connect(database.path) as raw:
        _conversation(raw, "old", "DONE", 40)
        _conversation(raw, "fresh", "DONE", 5)
        _conversation(raw, "live", "ACTIVE", 40)
        _conversation(raw, "owed", "AWAITING_PAYMENT", 40)
        _add(raw, "timer", key="owed:PAYMENT", conversation="owed", state="WAITING")
        _add(raw, "inbox", thread="t-old", seq=2, state="NEW", body="{}", at=NOW - 40 * DAY)
        _add(raw, "outbox", thread="t-old", seq=2, state="READY", call="{}", at=NOW - 40 * DAY)
    yield database
    await database.close()


def _names(database: Database, query: str) -> list[str]:
    with sqlite3.connect(database.path) as raw:
        return [row[0] for row in raw.execute(query)]


async def test_only_what_is_over_and_old_goes(database: Database) -> None:
    """Live conversations and orders that are followed stay, with all that belongs to them."""
    await purge(database, NOW, 30)
    kept = ["fresh", "live", "owed"]
    assert _names(database, "SELECT id FROM conversation ORDER BY id") == kept
    assert _names(database, "SELECT conversation FROM turn ORDER BY 1") == kept
    assert _names(database, "SELECT conversation FROM prompt ORDER BY 1") == kept


async def test_what_waits_stays_and_bodies_go(database: Database) -> None:
    """Whatever still has no outcome is kept, however old it is."""
    await purge(database, NOW, 30)
    events = "SELECT thread || seq FROM inbox ORDER BY 1"
    assert _names(database, events) == ["t-fresh1", "t-old2"]
    calls = "SELECT thread || seq FROM outbox ORDER BY 1"
    assert _names(database, calls) == ["t-fresh1", "t-old2"]


async def test_keys_outlive_bodies(database: Database) -> None:
    """With a short retention the hashes of event keys are kept for 30 days all the same."""
    await purge(database, NOW, 1)
    assert _names(database, "SELECT key FROM event_key") == ["fresh"]
    assert _names(database, "SELECT id FROM conversation ORDER BY id") == ["live", "owed"]

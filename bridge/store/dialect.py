"""All that differs between SQLite and PostgreSQL. SQLite is what is built now."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Executable, Table
    from sqlalchemy.engine import Dialect
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine
    from sqlalchemy.pool import ConnectionPoolEntry

BEGIN = "BEGIN IMMEDIATE"
"""The writer takes the write lock at once, so that a guard never fails for a lock taken later."""

DIALECT: Dialect = sqlite.dialect()
"""How statements are written for the driver of `connect`."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # A commit is on disk before it returns, also when the power fails (law 1).
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    # Text of people is overwritten when it is deleted.
    "PRAGMA secure_delete=ON",
)


def insert_ignoring(table: Table) -> Executable:
    """Return an INSERT that leaves a row with the same key as it is."""
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def upsert(table: Table, keys: tuple[str, ...]) -> Executable:
    """Return an INSERT that overwrites a row with the same key."""
    statement = insert(table)
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.c
        if column.name not in keys
    }
    return statement.on_conflict_do_update(
        index_elements=list(keys), set_=changed
    ).execution_options(preserve_rowcount=True)


def address(path: Path) -> str:
    """Return a file's name as SQLite takes it where options may follow."""
    return "file:" + quote(str(path))


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection of the driver itself, for the thread that calls this."""
    connection = sqlite3.connect(f"{address(path)}?mode=rwc", uri=True, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


def prepare(engine: AsyncEngine) -> None:
    """Set up every connection that the engine opens."""
    event.listen(engine.sync_engine, "connect", _set_pragmas)


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # We begin transactions ourselves: the driver's own BEGIN would come without IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()

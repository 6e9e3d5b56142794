"""The connection that writes: a whole transaction is one visit to one thread of its own.

Law: the event loop never waits for the disk. Going to the thread and back costs a turn of the loop,
and a busy loop's turn takes milliseconds; so nothing of a transaction comes back before its end.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bridge.store import dialect
from bridge.store.compiled import Plans

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.store.units import Op


class GuardError(Exception):
    """A guard did not hold."""


class Pen:
    """Opened by the first transaction; only its thread touches the connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._plans = Plans(dialect.DIALECT)
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-pen")

    async def write(self, runs: Sequence[Sequence[Op]]) -> None:
        """Write all of it or nothing; each run is one statement with many rows.

        Returns once it is durable. Raises `GuardError` and the driver's exceptions.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._write, runs)

    async def close(self) -> None:
        """Let go of the file; again does nothing."""
        if self._closed:
            return
        self._closed = True
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    # In the thread.

    def _write(self, runs: Sequence[Sequence[Op]]) -> None:
        connection = self._opened()
        connection.execute(dialect.BEGIN)
        try:
            for ops in runs:
                self._execute(connection, ops)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk may have ended it already
                connection.execute("ROLLBACK")
            raise

    def _execute(self, connection: sqlite3.Connection, ops: Sequence[Op]) -> None:
        plan = self._plans.plan(ops[0].statement)
        cursor = connection.executemany(plan.text, [plan.row(op.values) for op in ops])
        expected = [op.expect for op in ops if op.expect is not None]
        if expected and cursor.rowcount != sum(expected):
            raise GuardError

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = dialect.connect(self._path)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()

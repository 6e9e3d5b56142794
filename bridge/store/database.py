"""The database of one process: engine, lock, schema, writer."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bridge.store import dialect, schema
from bridge.store.errors import StoreClosed, StoreError, StoreUnfit
from bridge.store.lock import Lock
from bridge.store.writer import Writer

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from sqlalchemy import Executable
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bridge.protocol.host import Clock
    from bridge.store.units import Unit, Values

_CORRUPT = "the database file can't be read as one; restore a backup, or move it away to begin anew"
_REFUSED = "the database file can't be opened or written; see its permissions and the disk's space"


class Database:
    """Open between `open` and `close`; writes by units, reads by statements."""

    def __init__(self, path: Path, engine: AsyncEngine, lock: Lock | None) -> None:
        self.path = path
        self._engine = engine
        self._lock = lock
        self._closed = False
        self.writer = Writer(path)

    @classmethod
    async def open(cls, path: Path, clock: Clock, *, wait: float = 30.0) -> Database:
        """Open for writing: lock, create or migrate, begin to write.

        Raises StoreBusy, StoreUnfit.
        """
        lock = Lock(path)
        await lock.acquire(clock, wait)
        engine = _engine(path)
        try:
            _make_private(path)
            await schema.bring_up(engine)
        except BaseException as error:  # noqa: BLE001 - raised again, whatever it was
            await engine.dispose()
            lock.release()
            raise _why_unfit(error) from None
        database = cls(path, engine, lock)
        database.writer.start()
        return database

    @classmethod
    def read_only(cls, path: Path) -> Database:
        """Open for reading, beside a process that writes. Raises StoreUnfit where none is."""
        if not path.exists():
            raise StoreUnfit(f"there is no database at {path.name}; `threadform run` makes one")
        return cls(path, _engine(path, mode="ro"), None)

    def commit(self, unit: Unit) -> asyncio.Future[bool]:
        """Write one unit; see `Writer.commit`."""
        return self.writer.commit(unit)

    async def rows(self, statement: Executable, values: Values | None = None) -> Sequence[Any]:
        """Return what a reading statement finds. Raises StoreError."""
        if self._closed:
            raise StoreClosed("the store is closed")
        try:
            async with self._engine.connect() as connection:
                result = await connection.execute(statement, dict(values or {}))
                return result.all()
        except SQLAlchemyError as error:
            # Its text may quote values, so only its kind is passed on.
            raise StoreError(f"not read: {type(error).__name__}") from None

    async def close(self) -> None:
        """Write what waits, close the file, give the lock back."""
        self._closed = True
        if self._lock is not None:
            await self.writer.stop()
        await self._engine.dispose()
        if self._lock is not None:
            self._lock.release()


def _make_private(path: Path) -> None:
    """Create the file, readable by its owner alone; SQLite gives its companions the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _why_unfit(error: BaseException) -> BaseException:
    """Return what to raise where a database can't be opened."""
    name = type(error).__name__
    if isinstance(error, OSError | OperationalError | sqlite3.OperationalError):
        return StoreUnfit(f"{_REFUSED} ({name})")
    if isinstance(error, DatabaseError | sqlite3.DatabaseError):
        return StoreUnfit(f"{_CORRUPT} ({name})")
    return error


def _engine(path: Path, mode: str = "rwc") -> AsyncEngine:
    address = URL.create(
        "sqlite+aiosqlite",
        database=dialect.address(path),
        query={"mode": mode, "uri": "true"},
    )
    engine = create_async_engine(
        address,
        hide_parameters=True,
        pool_size=3,
    )
    if mode != "ro":
        dialect.prepare(engine)
    return engine


def path_of(url: str) -> Path:
    """Return the file of a `sqlite:///` address."""
    return Path(url.removeprefix("sqlite:///"))

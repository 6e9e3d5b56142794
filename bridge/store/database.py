"""The database of one process: engine, lock, schema, writer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import create_async_engine

from bridge.store import dialect, schema
from bridge.store.errors import StoreUnfit
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


class Database:
    """Open between `open` and `close`; writes by units, reads by statements."""

    def __init__(self, path: Path, engine: AsyncEngine, lock: Lock | None) -> None:
        self.path = path
        self._engine = engine
        self._lock = lock
        self.writer = Writer(engine)

    @classmethod
    async def open(cls, path: Path, clock: Clock, *, wait: float = 30.0) -> Database:
        """Open for writing: lock, create or migrate, begin to write.

        Raises StoreBusy, StoreUnfit.
        """
        lock = Lock(path)
        await lock.acquire(clock, wait)
        engine = _engine(path)
        try:
            await schema.bring_up(engine)
        except DatabaseError as error:
            lock.release()
            raise StoreUnfit(f"{_CORRUPT} ({type(error).__name__})") from None
        except BaseException:
            lock.release()
            raise
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
        """Return what a reading statement finds."""
        async with self._engine.connect() as connection:
            result = await connection.execute(statement, dict(values or {}))
            return result.all()

    async def close(self) -> None:
        """Write what waits, close the file, give the lock back."""
        if self._lock is not None:
            await self.writer.stop()
        await self._engine.dispose()
        if self._lock is not None:
            self._lock.release()


def _engine(path: Path, mode: str = "rwc") -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///file:{path}?mode={mode}&uri=true",
        hide_parameters=True,
        pool_size=3,
    )
    if mode != "ro":
        dialect.prepare(engine)
    return engine


def path_of(url: str) -> Path:
    """Return the file of a `sqlite:///` address."""
    return Path(url.removeprefix("sqlite:///"))

"""One process per database: a lock file beside it."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING

from bridge.logs import logger
from bridge.store.errors import StoreBusy, StoreUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.protocol.host import Clock

WAIT = 30.0
"""Seconds for which a starting process waits for a stopping one."""

QUIET = 1.0
"""Of these, the seconds after which it says that it waits; most wait for less."""

_log = logger(__name__)


class Lock:
    """Held from `acquire` to `release`; the system frees it when the process dies."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file: int | None = None

    async def acquire(self, clock: Clock, wait: float = WAIT) -> None:
        """Take the lock. Raises StoreBusy after `wait` seconds, StoreUnfit where none can be."""
        self._file = self.opened()
        try:
            await _wait_for(self._file, clock, wait)
        except BaseException:
            self.release()
            raise

    def opened(self) -> int:
        """Return the lock file, open. Raises StoreUnfit where it can't be."""
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnfit(
                f"can't write beside the database ({errno.errorcode.get(error.errno or 0, '?')});"
                " make its folder exist and be writable, or change DATABASE_URL"
            ) from None

    def release(self) -> None:
        """Give it back; the file stays, since removing it would let two hold it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


async def _wait_for(file: int, clock: Clock, wait: float) -> None:
    begun, told = clock.monotonic(), False
    while not _try(file):
        waited = clock.monotonic() - begun
        if waited >= wait:
            raise StoreBusy(
                "another process uses this database; stop it, or give this one its own DATABASE_URL"
            )
        if waited >= QUIET and not told:
            told = True
            _log.info(f"Waiting for the other threadform to stop ({wait:.0f} s at most)")
        await clock.sleep(0.2)


def held(database: Path) -> bool:
    """Return whether some process holds the lock now."""
    lock = Lock(database)
    if not database.with_name(database.name + ".lock").exists():
        return False
    file = lock.opened()
    try:
        return not _try(file)
    finally:
        os.close(file)


def _try(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

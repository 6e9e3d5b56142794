"""The one writer: many small units, one commit.

Units that wait are written together in one transaction. Within it, units of different threads
with the same statements run side by side as one executemany; units of one thread stay in order.
Where a guard fails, the whole group is rolled back and its units are written one by one, so that
only those are refused whose guard does not hold.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from sqlite3 import IntegrityError, OperationalError
from typing import TYPE_CHECKING, Any

from bridge.store.errors import StoreClosed, StoreConflict, StoreError
from bridge.store.pen import GuardError, Pen
from bridge.store.units import Op, Unit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from bridge.store.units import Values

_GROUP_LIMIT = 1000
"""Units of one commit: enough for the disk's sake, few enough for a short wait."""


_CROWD, _REST = 16, 0.005
"""After a commit of so many units the next one is so many seconds away: under load more of them
travel together, which costs less than it delays. Who is alone is written at once."""


class Writer:
    """Takes units from everywhere, writes them in order. `rest` waits for so many seconds."""

    def __init__(
        self, path: Path, rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._pen = Pen(path)
        self._rest = rest
        self._waiting: list[tuple[Unit, asyncio.Future[bool]]] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name="store-writer")

    async def stop(self) -> None:
        """Write what waits, then end."""
        self._closed = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await self._pen.close()

    def commit(self, unit: Unit) -> asyncio.Future[bool]:
        """Return what tells, after the commit, whether the unit's guards held.

        The future raises `StoreError` where nothing was written for another reason.
        """
        if self._closed:
            raise StoreClosed("the store is closed")
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((unit, future))
        self._wake.set()
        return future

    async def _run(self) -> None:
        while self._waiting or not self._closed:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            group, self._waiting = self._waiting[:_GROUP_LIMIT], self._waiting[_GROUP_LIMIT:]
            await self._write_group(group)
            if len(group) >= _CROWD and not self._closed:
                await self._rest(_REST)

    async def _write_group(self, group: list[tuple[Unit, asyncio.Future[bool]]]) -> None:
        try:
            await self._transact([unit for unit, _ in group])
        except (OperationalError, OSError) as error:
            # The disk: none of them could be written.
            _fail(group, error)
        except Exception:  # noqa: BLE001 - one bad unit must neither end the writer nor fail others
            await self._write_singly(group)
        else:
            for unit, future in group:
                _tell(unit, future, written=True)

    async def _write_singly(self, group: list[tuple[Unit, asyncio.Future[bool]]]) -> None:
        for unit, future in group:
            try:
                await self._transact([_encodable(unit)])
            except GuardError:
                _tell(unit, future, written=False)
            except Exception as error:  # noqa: BLE001 - told to the one whose unit it is
                _fail([(unit, future)], error)
            else:
                _tell(unit, future, written=True)

    async def _transact(self, units: Sequence[Unit]) -> None:
        await self._pen.write(_arranged(units))


def _arranged(units: Sequence[Unit]) -> list[list[Op]]:
    """Return runs of ops that share a statement, so ordered that each thread's order holds."""
    rounds: dict[int, dict[tuple[int, ...], list[Unit]]] = defaultdict(lambda: defaultdict(list))
    seen: dict[str, int] = defaultdict(int)
    for unit in units:
        rounds[seen[unit.thread]][unit.shape()].append(unit)
        seen[unit.thread] += 1
    return [
        list(ops) for shapes in rounds.values() for alike in shapes.values() for ops in _runs(alike)
    ]


def _runs(alike: list[Unit]) -> list[list[Op]]:
    """Return the ops of units of one shape, statement by statement."""
    runs: list[list[Op]] = []
    for column in zip(*(unit.ops for unit in alike), strict=True):
        if runs and runs[-1][0].kind == column[0].kind:
            runs[-1].extend(column)
        else:
            runs.append(list(column))
    return runs


def _tell(unit: Unit, future: asyncio.Future[bool], *, written: bool) -> None:
    if unit.done is not None:
        unit.done(written)
    if not future.done():
        future.set_result(written)


def _fail(group: list[tuple[Unit, asyncio.Future[bool]]], error: Exception) -> None:
    # The text of a database error may quote values, so only its kind is passed on.
    kind = StoreConflict if isinstance(error, IntegrityError) else StoreError
    for _, future in group:
        if not future.done():
            future.set_exception(kind(f"not written: {type(error).__name__}"))


def _encodable(unit: Unit) -> Unit:
    """Return the unit with half characters replaced: no database can keep them."""
    ops = [Op(op.statement, _whole(op.values), op.expect) for op in unit.ops]
    return Unit(unit.thread, ops, unit.done)


def _whole(values: Values) -> dict[str, Any]:
    return {
        name: value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }

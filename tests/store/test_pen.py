"""The pen: all of a transaction or nothing, off the loop, and never stuck in one that failed."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

from bridge.store import statements as sql
from bridge.store.pen import GuardError, Pen
from bridge.store.units import Op
from tests.store.world import add_event, add_thread, keep_key, opened


@pytest.fixture
async def pen(tmp_path):
    """Open a pen on a database that has its tables."""
    database = await opened(tmp_path / "a.db")
    await database.close()
    made = Pen(tmp_path / "a.db")
    yield made
    await made.close()


def rows(pen, table):
    """Return how many rows the file holds, as others see it."""
    with sqlite3.connect(pen._path) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()
    return found


async def test_what_is_written_is_durable_when_it_returns(pen):
    """Others see all rows of all runs; the file is synced at every commit."""
    await pen.write([[add_thread()], [add_event(1), add_event(2)]])
    assert (rows(pen, "thread"), rows(pen, "inbox")) == (1, 2)
    ask = [
        lambda: pen._connection.execute("PRAGMA synchronous").fetchone()[0],
        lambda: pen._connection.execute("PRAGMA journal_mode").fetchone()[0],
    ]
    assert [pen._thread.submit(one).result() for one in ask] == [2, "wal"]


@pytest.mark.parametrize(
    ("bad", "raised"),
    [
        ([keep_key("k1"), keep_key("k1")], GuardError),
        ([Op(sql.ADD_THREAD, {"id": "x"}, 1)], KeyError),
        ([add_thread(), add_thread()], sqlite3.IntegrityError),
        ([add_event(1, body="\ud800")], UnicodeEncodeError),
    ],
)
async def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(pen, bad, raised):
    """It is rolled back whole, whatever was wrong with it."""
    with pytest.raises(raised):
        await pen.write([[add_event(9)], bad])
    assert rows(pen, "inbox") == 0
    await pen.write([[add_event(9)]])
    assert rows(pen, "inbox") == 1


async def test_a_full_disk_ends_one_transaction(pen):
    """SQLite may have rolled it back by itself; with room again it goes on."""
    await pen.write([[add_thread()]])

    def limit(pages):
        pen._connection.execute(f"PRAGMA max_page_count={pages}")

    pen._thread.submit(limit, 1).result()
    long = [add_event(n, body="x" * 5_000) for n in range(1, 200)]
    with pytest.raises(sqlite3.OperationalError, match="full"):
        await pen.write([long])
    pen._thread.submit(limit, 1_000_000).result()
    await pen.write([long])
    assert rows(pen, "inbox") == 199


async def test_the_loop_goes_on_while_the_file_is_locked(pen):
    """Somebody else's lock is waited for elsewhere, and nothing is lost."""
    other = sqlite3.connect(pen._path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(pen.write([[add_thread()]]))
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert not writing.done()
    other.execute("ROLLBACK")
    other.close()
    await writing
    assert rows(pen, "thread") == 1


async def test_its_thread_ends_with_it(tmp_path):
    """Nothing is left behind, whether or not it was used, however often it is closed."""
    pen = Pen(tmp_path / "none.db")
    await pen.close()
    await pen.close()
    assert not (tmp_path / "none.db").exists()
    assert not [one for one in threading.enumerate() if one.name.startswith("store-pen")]

"""The file: private, locked, migrated, safe on disk, and refused where it is not ours."""

from __future__ import annotations

import asyncio
import io
import os
import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bridge.clock import SystemClock
from bridge.logs import set_up
from bridge.store import reads, schema
from bridge.store.database import Database, path_of
from bridge.store.errors import StoreBusy, StoreError, StoreUnfit
from bridge.store.lock import Lock, held
from bridge.store.tables import metadata, thread
from bridge.store.units import Unit
from tests.store.world import THREAD, add_thread, opened
from tests.upstream.manual_clock import ManualClock

MIGRATIONS = Path(schema.__file__).parent / "migrations"

HOLD = """
import asyncio, sys
from pathlib import Path
from bridge.clock import SystemClock
from bridge.store.lock import Lock

async def main():
    lock = Lock(Path(sys.argv[1]))
    await lock.acquire(SystemClock(), 0.0)
    print("held", flush=True)
    sys.stdin.read()

asyncio.run(main())
"""


@pytest.mark.parametrize("name", ["a b.db", "what?.db", "a#b.db", "100%25.db", "ü'&=.db"])
async def test_a_path_may_hold_anything(tmp_path, name):
    """Spaces, question marks, hashes, percent signs: the file has exactly that name."""
    path = tmp_path / name
    database = await opened(path)
    await database.commit(Unit("t1", [add_thread()]))
    reader = Database.read_only(path)
    assert await reads.thread_by_key(reader, "test", THREAD.key) == THREAD
    await reader.close()
    await database.close()
    assert path.exists()
    assert all(each.name.startswith(name) for each in tmp_path.iterdir())


def test_the_address_names_the_path():
    """`sqlite:///` and a path, relative or not."""
    assert path_of("sqlite:///threadform.db") == Path("threadform.db")
    assert path_of("sqlite:////srv/a b.db") == Path("/srv/a b.db")


async def test_a_new_database_is_private(tmp_path):
    """Only the owner may read what people wrote, whatever the process's umask."""
    before = os.umask(0o000)
    try:
        database = await opened(tmp_path / "a.db")
        await database.commit(Unit("t1", [add_thread()]))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        await database.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("a.db", "a.db-wal", "a.db-shm", "a.db.lock"), 0o600)


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
async def test_a_commit_is_on_disk_before_it_returns(tmp_path, pragma, expected):
    """WAL with synchronous=FULL (law 1); deleted text is overwritten."""
    database = await opened(tmp_path / "a.db")
    async with database._engine.connect() as connection:
        found = (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar()
    await database.close()
    assert found == expected


# The schema.


def made(path):
    """Return every table and index as SQLite wrote it down, without its white space and quotes."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql != ''").fetchall()
    connection.close()
    return {name: sorted(re.findall(r"[^\s,()\"]+", sql)) for name, sql in rows}


def test_a_new_schema_is_what_the_migrations_make(tmp_path):
    """Created at once or migrated step by step: the same tables, columns and indexes."""
    for name, make in (("fresh.db", schema._create), ("moved.db", schema._migrate)):
        engine = create_engine(f"sqlite:///{tmp_path / name}")
        with engine.connect() as connection:
            make(connection)
        engine.dispose()
    moved, fresh = made(tmp_path / "moved.db"), made(tmp_path / "fresh.db")
    assert moved.pop("alembic_version")
    assert fresh.pop("alembic_version")
    assert moved == fresh
    assert set(fresh) >= set(metadata.tables)


def test_the_head_is_the_newest_migration():
    """A migration that nobody names would never run."""
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("0*.py"))
    assert names[-1].startswith(f"{schema.HEAD}_")


async def test_a_database_that_is_ours_is_opened_as_it_is(tmp_path):
    """Opened again, nothing is created or migrated."""
    first = await opened(tmp_path / "a.db")
    await first.commit(Unit("t1", [add_thread()]))
    await first.close()
    again = await opened(tmp_path / "a.db")
    assert await schema.bring_up(again._engine) == schema.HEAD
    assert len(await again.rows(thread.select())) == 1
    await again.close()


async def test_a_schema_that_is_behind_is_migrated(tmp_path, monkeypatch):
    """An older version is moved to the newest one."""
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    connection.commit()
    connection.close()
    monkeypatch.setattr(schema, "_MIGRATIONS", older(tmp_path))
    database = await opened(path)
    assert await database.rows(thread.select()) == []
    assert await schema.bring_up(database._engine) == schema.HEAD
    await database.close()


def older(tmp_path):
    """A folder of migrations with one before the first."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text((MIGRATIONS / "env.py").read_text())
    first = (MIGRATIONS / "versions" / "0001_first.py").read_text()
    first = first.replace("down_revision = None", 'down_revision = "0000"')
    (folder / "versions" / "0001_first.py").write_text(first)
    none = 'revision = "0000"\ndown_revision = None\n\ndef upgrade():\n    pass\n'
    (folder / "versions" / "0000_none.py").write_text(none)
    return folder


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("INSERT INTO alembic_version VALUES ('9999')", "newer threadform"),
        ("DROP TABLE alembic_version; CREATE TABLE songs (name)", "not ours"),
    ],
)
async def test_a_database_of_others_is_refused(tmp_path, statement, advice):
    """A newer version or somebody else's tables: told, untouched, the lock given back."""
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.executescript(statement)
    connection.close()
    with pytest.raises(StoreUnfit, match=advice):
        await opened(path)
    assert not held(path)


async def test_a_corrupt_file_is_refused_with_advice(tmp_path):
    """What is no database is not overwritten."""
    path = tmp_path / "a.db"
    path.write_bytes(b"these are not the pages you are looking for" * 200)
    with pytest.raises(StoreUnfit, match="restore a backup"):
        await opened(path)
    assert path.read_bytes().startswith(b"these are not")
    assert not held(path)


async def test_a_file_that_can_not_be_opened_is_refused_with_advice(tmp_path):
    """A folder where the file should be, or no folder at all."""
    (tmp_path / "a.db").mkdir()
    with pytest.raises(StoreUnfit, match="permissions"):
        await opened(tmp_path / "a.db")
    with pytest.raises(StoreUnfit, match="folder"):
        await opened(tmp_path / "missing" / "a.db")


async def test_other_errors_come_as_they_are(tmp_path, monkeypatch):
    """What is no trouble with the file is not called one; the lock is given back."""

    async def broken(engine):
        raise ZeroDivisionError

    monkeypatch.setattr(schema, "bring_up", broken)
    with pytest.raises(ZeroDivisionError):
        await opened(tmp_path / "a.db")
    assert not held(tmp_path / "a.db")


# Reading beside a writer.


async def test_a_reader_sees_what_was_committed_and_can_not_write(tmp_path):
    """Reading commands open the file read-only beside the process that writes."""
    path = tmp_path / "a.db"
    database = await opened(path)
    reader = Database.read_only(path)
    assert await reads.thread_by_key(reader, "test", THREAD.key) is None
    await database.commit(Unit("t1", [add_thread()]))
    assert await reads.thread_by_key(reader, "test", THREAD.key) == THREAD
    with pytest.raises(StoreError, match="not read: "):
        await reader.rows(thread.delete())
    await database.close()
    assert await reads.thread_by_key(reader, "test", THREAD.key) == THREAD
    await reader.close()


def test_there_must_be_something_to_read(tmp_path):
    """Reading makes no file."""
    with pytest.raises(StoreUnfit, match="threadform run"):
        Database.read_only(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


# The lock.


async def test_two_processes_never_hold_one_database(tmp_path):
    """The second is told; when the first has died, it may."""
    path = tmp_path / "a.db"
    assert not held(path)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert await other.stdout.readline() == b"held\n"
    assert held(path)
    with pytest.raises(StoreBusy, match="DATABASE_URL"):
        await opened(path)
    other.kill()
    await other.communicate()
    assert not held(path)
    await (await opened(path)).close()


async def test_a_starting_process_waits_for_a_stopping_one(tmp_path):
    """For up to its patience, by the clock that it was given."""
    clock, path = ManualClock(), tmp_path / "a.db"
    first, second = Lock(path), Lock(path)
    await first.acquire(clock)
    waiting = asyncio.create_task(second.acquire(clock, 30.0))
    await clock.advance(29.0)
    assert not waiting.done()
    first.release()
    await clock.advance(1.0)
    await waiting
    third = asyncio.create_task(first.acquire(clock, 1.0))
    await clock.advance(2.0)
    with pytest.raises(StoreBusy):
        await third
    second.release()
    second.release()


@pytest.mark.usefixtures("own_logs")
async def test_whoever_waits_long_says_so_once(tmp_path):
    """After a second of silence, with how long it may take; a shorter wait is not told."""
    lines = io.StringIO()
    set_up(form="json", stream=lines)
    clock, path = ManualClock(), tmp_path / "a.db"
    first, second = Lock(path), Lock(path)
    await first.acquire(clock)
    waiting = asyncio.create_task(second.acquire(clock, 30.0))
    await clock.advance(0.9)
    assert lines.getvalue() == ""
    await clock.advance(10.0)
    assert lines.getvalue().count("Waiting for the other threadform to stop (30 s at most)") == 1
    first.release()
    await clock.advance(0.3)
    await waiting
    second.release()
    assert lines.getvalue().count("\n") == 1


async def test_whoever_stops_waiting_lets_go(tmp_path):
    """A start that is cancelled keeps nothing open."""
    clock, path = ManualClock(), tmp_path / "a.db"
    first, second = Lock(path), Lock(path)
    await first.acquire(clock)
    waiting = asyncio.create_task(second.acquire(clock, 30.0))
    await clock.advance(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert second._file is None
    first.release()
    await second.acquire(SystemClock(), 0.0)
    second.release()

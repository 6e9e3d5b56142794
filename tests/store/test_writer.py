"""One writer: many small units, one commit; a guard that fails refuses its unit alone."""

from __future__ import annotations

import asyncio

import pytest

from bridge.conversation.state import Thread
from bridge.protocol.threads import ThreadKey
from bridge.store import statements as sql
from bridge.store.errors import StoreClosed, StoreConflict, StoreError
from bridge.store.tables import event_key, inbox
from bridge.store.units import Op, Unit
from bridge.store.writer import Writer
from tests.store.world import THREAD, add_event, add_thread, keep_key, opened


@pytest.fixture
async def database(tmp_path):
    """Open a database."""
    made = await opened(tmp_path / "a.db")
    yield made
    await made.close()


async def seqs(database, thread="t1"):
    """Return the numbers of the thread's events."""
    return [row.seq for row in await database.rows(inbox.select()) if row.thread == thread]


def thread(name):
    """Return another thread."""
    return Thread(id=name, channel="test", key=ThreadKey(f"test:{name}"))


async def test_units_that_wait_are_one_commit(database):
    """What comes while the writer is busy is written together, and told in order."""
    groups = []
    write = database.writer._write_group

    async def noted(group):
        groups.append(len(group))
        await write(group)

    database.writer._write_group = noted
    told = []
    units = [
        Unit(f"t{n}", [add_thread(thread(f"t{n}"))], lambda ok, n=n: told.append((n, ok)))
        for n in range(20)
    ]
    assert await asyncio.gather(*map(database.commit, units)) == [True] * 20
    assert groups == [20]
    assert told == [(n, True) for n in range(20)]


async def test_the_order_of_a_thread_holds_among_units_of_many_shapes(database):
    """Each thread's units are written in their order, whatever stands between them."""
    await database.commit(Unit("t1", [add_thread()]))
    units = []
    for seq in range(1, 6):
        units.append(Unit("t1", [keep_key(f"a{seq}"), add_event(seq)]))
        moved = {"the_thread": "t1", "the_seq": seq, "turn": "", "entry": ""}
        units.append(
            Unit("t1", [Op(sql.JUDGE_EVENT, {**moved, "was": "NEW", "state": "QUEUED"}, 1)])
        )
        units.append(
            Unit("t1", [Op(sql.JUDGE_EVENT, {**moved, "was": "QUEUED", "state": "DONE"}, 1)])
        )
        units.append(Unit("t2", [keep_key(f"b{seq}"), add_event(seq, thread="t2")]))
    assert all(await asyncio.gather(*map(database.commit, units)))
    states = {row.state for row in await database.rows(inbox.select()) if row.thread == "t1"}
    assert states == {"DONE"}


async def test_a_guard_that_fails_refuses_its_unit_alone(database):
    """An event that came before is dropped whole; its neighbours are written."""
    told = []
    units = [
        Unit("t1", [keep_key("k1"), add_event(1)], lambda ok: told.append(("first", ok))),
        Unit("t1", [keep_key("k1"), add_event(2)], lambda ok: told.append(("again", ok))),
        Unit("t1", [keep_key("k3"), add_event(3)], lambda ok: told.append(("other", ok))),
    ]
    assert await asyncio.gather(*map(database.commit, units)) == [True, False, True]
    assert told == [("first", True), ("again", False), ("other", True)]
    assert await seqs(database) == [1, 3]


async def test_a_guard_beside_the_same_statement_without_one_is_counted_alone(database):
    """Statements that may touch nothing don't count for those that must."""
    await database.commit(Unit("t1", [add_event(1)]))
    moved = {"the_thread": "t1", "was": "NEW", "state": "DONE", "turn": "", "entry": ""}
    lax = Op(sql.JUDGE_EVENT, {**moved, "the_seq": 9})
    strict = Op(sql.JUDGE_EVENT, {**moved, "the_seq": 1}, 1)
    assert await database.commit(Unit("t1", [lax, strict, lax]))
    assert await database.commit(Unit("t1", [lax]))
    assert not await database.commit(Unit("t1", [lax, strict]))


async def test_a_row_that_stands_there_is_a_conflict(database):
    """Nothing of the unit is written, and trying again is known not to help."""
    await database.commit(Unit("t1", [add_thread()]))
    good = Unit("t2", [add_thread(thread("t2"))])
    bad = Unit("t1", [keep_key("k1"), add_thread()])
    results = await asyncio.gather(
        database.commit(bad), database.commit(good), return_exceptions=True
    )
    assert isinstance(results[0], StoreConflict)
    assert results[1] is True
    assert await database.rows(event_key.select()) == []


async def test_the_error_of_a_bad_unit_quotes_no_values(database):
    """The text of a database's error may hold personal data (law 13)."""
    with pytest.raises(StoreError) as caught:
        await database.commit(Unit("t1", [Op(sql.ADD_THREAD, {"id": "secret"}, 1)]))
    assert "secret" not in repr(caught.value)
    assert await database.commit(Unit("t1", [add_thread()]))


async def test_half_characters_are_replaced_and_the_writer_lives(database):
    """A lone half of a surrogate pair can't be kept; the unit is written all the same."""
    good = Unit("t2", [add_thread(thread("t2"))])
    bad = Unit("t1", [add_event(1, body='{"text":"a\ud800b"}')])
    assert await asyncio.gather(database.commit(bad), database.commit(good)) == [True, True]
    assert [row.body for row in await database.rows(inbox.select())] == ['{"text":"a\ufffdb"}']


async def test_a_disk_that_refuses_fails_the_group_and_nothing_more(database):
    """StoreError for each unit; afterwards it goes on."""
    transact = database.writer._transact

    async def refused(units):
        raise OSError(28, "no space left on a device called secret")

    database.writer._transact = refused
    units = [Unit("t1", [add_thread()]), Unit("t2", [add_thread(thread("t2"))])]
    results = await asyncio.gather(*map(database.commit, units), return_exceptions=True)
    assert [type(result) for result in results] == [StoreError, StoreError]
    assert "secret" not in str(results)
    database.writer._transact = transact
    assert await database.commit(units[0])


async def test_a_caller_that_went_away_does_not_stop_the_writer(database):
    """Cancelled or not, what was given is written."""
    database.commit(Unit("t1", [add_thread()])).cancel()
    bad = database.commit(Unit("t1", [Op(sql.ADD_THREAD, {"id": "x"}, 1)]))
    bad.cancel()
    assert await database.commit(Unit("t2", [add_thread(thread("t2"))]))
    assert await database.rows(sql.tables.thread.select().where(sql.tables.thread.c.id == "t1"))


async def test_closing_writes_what_waits_and_takes_no_more(tmp_path):
    """Before the end nothing is lost; after it StoreClosed."""
    database = await opened(tmp_path / "a.db")
    waiting = database.commit(Unit("t1", [add_thread()]))
    await database.close()
    assert await waiting
    with pytest.raises(StoreClosed):
        database.commit(Unit("t1", [add_thread()]))
    again = await opened(tmp_path / "a.db")
    assert [row.id for row in await again.rows(sql.tables.thread.select())] == [THREAD.id]
    await again.close()


async def test_the_writer_rests_after_a_crowd_and_never_after_few(database):
    """Under load more travels together; a single unit delays nobody."""
    rests = []

    async def rest(seconds):
        rests.append(seconds)

    database.writer._rest = rest
    await database.commit(Unit("t1", [add_thread()]))
    assert rests == []
    crowd = [Unit(f"c{n}", [add_thread(thread(f"c{n}"))]) for n in range(20)]
    await asyncio.gather(*map(database.commit, crowd))
    await database.commit(Unit("t2", [add_thread(thread("t2"))]))
    assert len(rests) == 1


async def test_a_writer_that_never_began_just_stops(tmp_path):
    """Stopping needs no start, and leaves no file behind."""
    await Writer(tmp_path / "b.db").stop()
    assert not (tmp_path / "b.db").exists()

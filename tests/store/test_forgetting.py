"""Erasing a person leaves nothing of them, and everything of others."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from bridge.clock import SystemClock
from bridge.commands_api import command_routes, forgotten, nobody
from bridge.looking import listed, told
from bridge.protocol.errors import Malformed
from bridge.protocol.web import Request
from bridge.store.database import Database
from bridge.store.forgetting import Traces, forget, traces


@pytest.fixture
async def database(tmp_path):
    """Open a database with two people: each with a thread alone, and one together."""
    opened = await Database.open(tmp_path / "a.db", SystemClock())
    with closing(sqlite3.connect(tmp_path / "a.db")) as raw:
        _fill(raw)
        raw.commit()
    yield opened
    await opened.close()


def _fill(raw: sqlite3.Connection) -> None:
    for thread, talked in (("t1", "c1"), ("t2", "c2"), ("t3", "c3")):
        _add(
            raw,
            "thread",
            id=thread,
            channel="x",
            key=f"x:{thread}",
            state="OK",
            conversation=talked,
        )
        for seq in (1, 2):
            _add(raw, "outbox", thread=thread, seq=seq, state="DELIVERED", receipt="r")
        _add(raw, "outbox", thread=thread, seq=3, state="READY")
    for number, (thread, person) in enumerate((("t1", "ada"), ("t2", "bob"), ("t3", "ada"))):
        talked = f"c{number + 1}"
        _add(raw, "conversation", id=talked, thread=thread, person=person, state="ACTIVE", **_TALK)
        _add(raw, "turn", id=f"u{number}", thread=thread, conversation=talked, n=1, state="SENT")
        _add(
            raw,
            "prompt",
            id=f"p{number}",
            thread=thread,
            conversation=talked,
            state="OPEN",
            outbox=1,
        )
        _add(
            raw,
            "timer",
            key=f"{talked}:EXPIRY",
            thread=thread,
            conversation=talked,
            state="WAITING",
        )
        _add(raw, "inbox", thread=thread, seq=1, person=person, state="DONE")
    _add(raw, "inbox", thread="t3", seq=2, person="bob", state="DONE")
    _add(raw, "conversation", id="c4", thread="t3", person="bob", state="DONE", **_TALK)
    _add(raw, "prompt", id="p4", thread="t3", conversation="c4", state="OPEN", outbox=2)


_TALK = {"form": "cake", "answers": "{}", "shown": '{"flavor": "Lemon"}', "payment": "NONE"}


def _add(raw: sqlite3.Connection, table: str, **values: object) -> None:
    """Add a row; what is not named is empty or zero."""
    known = raw.execute(f"PRAGMA table_info({table})").fetchall()
    empty = {"TEXT": "", "VARCHAR": ""}
    row = [values.get(name, empty.get(kind, 0)) for _, name, kind, *_ in known]
    raw.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def rows(database: Database, query: str) -> list[object]:
    """Return the first column of what a query finds."""
    with closing(sqlite3.connect(database.path)) as raw:
        return [row[0] for row in raw.execute(query)]


def of_ada(database: Database) -> int:
    """Return how many rows say something of Ada or of her own thread."""
    counts = [
        rows(database, f"SELECT count(*) FROM {table} WHERE person = 'ada'")[0]
        for table in ("inbox", "conversation")
    ]
    for table in ("turn", "prompt", "timer"):
        query = f"SELECT count(*) FROM {table} WHERE conversation IN ('c1', 'c3')"
        counts += rows(database, query)
    counts += rows(database, "SELECT count(*) FROM outbox WHERE thread = 't1'")
    counts += rows(database, "SELECT count(*) FROM thread WHERE id = 't1'")
    return sum(int(str(count)) for count in counts)


async def test_traces_tell_shared_threads_from_their_own(database):
    """Where somebody else acted too, the thread is shared."""
    assert await traces(database, "ada") == Traces(person="ada", own=("t1",), shared=("t3",))
    assert (await traces(database, "eve")).threads == ()


async def test_everything_of_one_person_is_erased(database):
    """And nothing else: a thread of others stays, with what it still has to say and to ask."""
    assert of_ada(database) > 0
    assert await forget(database, await traces(database, "ada"))
    assert of_ada(database) == 0
    assert rows(database, "SELECT id FROM thread ORDER BY id") == ["t2", "t3"]
    assert rows(database, "SELECT conversation FROM thread WHERE id = 't3'") == [""]
    assert rows(database, "SELECT id FROM conversation ORDER BY id") == ["c2", "c4"]
    assert rows(database, "SELECT count(*) FROM outbox WHERE thread = 't2'") == [3]
    # 2 shows a question of Bob's, 3 is still to be delivered.
    assert rows(database, "SELECT seq FROM outbox WHERE thread = 't3' ORDER BY seq") == [2, 3]
    assert rows(database, "SELECT person FROM inbox ORDER BY thread") == ["bob", "bob"]


async def test_nobody_is_forgotten_where_the_guard_does_not_hold(database):
    """A thread that went away in between: nothing of the unit is written."""
    found = Traces(person="ada", own=("t1", "gone"))
    before = of_ada(database)
    assert not await forget(database, found)
    assert of_ada(database) == before
    assert await forget(database, Traces(person="eve"))


async def test_mailboxes_let_go_first(database):
    """A mailbox would write what it holds in memory; one that was read again goes, too."""
    evicted: list[tuple[str, int]] = []

    async def evict(thread: str) -> None:
        evicted.append((thread, of_ada(database)))

    assert await forgotten(database, "ada", evict) == 2
    assert [thread for thread, _ in evicted] == ["t1", "t3", "t1", "t3"]
    assert [rows_left > 0 for _, rows_left in evicted] == [True, True, False, False]
    assert await forgotten(database, "ada", nobody) == 0


async def test_the_command_comes_over_http(database):
    """The answer says on how many threads something was found."""
    [route] = command_routes(database, nobody)
    body = json.dumps({"command": "forget", "person": "ada"}).encode()
    answer = await route.answer(Request(method="POST", path=route.path, body=body))
    assert (answer.status, json.loads(answer.body)) == (200, {"threads": 2})
    assert of_ada(database) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"[1]", b'{"command": "dance"}', b'{"command": "forget", "person": ""}', b"[" * 9999],
)
async def test_a_command_that_is_none_changes_nothing(database, body):
    """It is refused as malformed."""
    [route] = command_routes(database, nobody)
    before = of_ada(database)
    with pytest.raises(Malformed):
        await route.answer(Request(method="POST", path=route.path, body=body))
    assert of_ada(database) == before


async def test_conversations_are_looked_at_while_they_go_on(database):
    """A reader beside the writer sees them; those that are over only on request."""
    reading = Database.read_only(database.path)
    assert [row.texts[0] for row in await listed(reading)] == ["c1", "c2", "c3"]
    assert len(await listed(reading, everything=True)) == 4
    lines = await told(reading, "c1")
    assert "  flavor: Lemon" in lines
    assert "open question:  for the bridge" in lines
    assert lines[-1] == "messages of the thread: 2 DELIVERED, 1 READY"
    assert await told(reading, "c9") == ()
    await reading.close()

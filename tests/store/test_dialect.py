"""What is special to SQLite, and statements as its driver takes them."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.dialects import mysql, sqlite

from bridge.store import dialect, records
from bridge.store import statements as sql
from bridge.store.compiled import Plans
from tests.store.world import THREAD


def test_every_connection_is_set_up_alike(tmp_path):
    """Durable, patient, and with transactions that we begin ourselves."""
    connection = sqlite3.connect(tmp_path / "a.db")
    dialect._set_pragmas(connection, None)
    found = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete")
    }
    assert connection.isolation_level is None
    connection.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_a_statement_is_compiled_once():
    """Its text and the order of its parameters never change."""
    plans = Plans(sqlite.dialect(paramstyle="qmark"))
    plan = plans.plan(sql.ADD_THREAD)
    assert plans.plan(sql.ADD_THREAD) is plan
    row = plan.row(records.thread_values(THREAD))
    assert row == ("t1", "test", "test:1", "OK", "", "", 0)
    with pytest.raises(KeyError):
        plan.row({"id": "t1"})


def test_constants_of_a_statement_are_filled_in():
    """What a statement says by itself needs no value, and may not be forgotten."""
    plan = Plans(sqlite.dialect(paramstyle="qmark")).plan(sql.END_EVENTS_OF_TURN)
    row = plan.row({"the_thread": "t1", "the_turn": "u1"})
    assert sorted(row) == ["DONE", "TAKEN", "t1", "u1"]


def test_a_dialect_without_numbered_parameters_is_refused():
    """Rows are given by position."""
    with pytest.raises(TypeError, match="number its parameters"):
        Plans(mysql.dialect(paramstyle="pyformat")).plan(sql.ADD_THREAD)

"""A typed line becomes one event."""

from __future__ import annotations

import pytest

from adapters.console.parse import THREAD, parse
from bridge.protocol.errors import Malformed
from bridge.protocol.events import Command, CommandName, Text, Unsupported

HEAD = {"key": "console:run:1", "thread": THREAD, "person": "console:ada", "at": 2.0}


def raw(line):
    """Return the payload of a line."""
    return {"id": "run:1", "line": line, "at": 2, "user": "ada"}


@pytest.mark.parametrize(
    ("line", "name", "argument"),
    [
        ("/forms", CommandName.FORMS, ""),
        (" /START  cake ", CommandName.START, "cake"),
        ("/start", CommandName.START, ""),
        ("/change 2", CommandName.CHANGE, "2"),
        ("/pay", CommandName.PAY, ""),
        ("/restart\nnow", CommandName.RESTART, "now"),
    ],
)
def test_commands(line, name, argument):
    """A slash and a known word are a command, in any case, with what follows."""
    assert parse(raw(line)) == (Command(**HEAD, name=name, argument=argument),)


def test_unknown_commands_are_not_sent_on():
    """A slash and an unknown word are for us, and not understood."""
    assert parse(raw("/dance now")) == (Unsupported(**HEAD, kind="command"),)


@pytest.mark.parametrize("line", ["a cake", "/", "/2 cakes", "1/2", "//start", "/usr/bin", " x "])
def test_texts(line):
    """Everything else is text, unchanged."""
    assert parse(raw(line)) == (Text(**HEAD, text=line),)


def test_broken_input_becomes_text_that_can_be_kept():
    """Lone surrogates, a terminal's way to hand on broken bytes, are replaced."""
    assert parse(raw("caf\udce9")) == (Text(**HEAD, text="caf?"),)


@pytest.mark.parametrize("line", ["", " ", "\t\n"])
def test_empty_lines_are_nothing(line):
    """A line without anything to read makes no event."""
    assert parse(raw(line)) == ()


@pytest.mark.parametrize(
    "damage",
    [{"id": 1}, {"id": ""}, {"user": ""}, {"line": None}, {"user": []}, {"at": "1"}, {"at": True}],
)
def test_foreign_payloads_are_malformed(damage):
    """What no console made can't be read."""
    with pytest.raises(Malformed, match="console line needs"):
        parse(raw("x") | damage)

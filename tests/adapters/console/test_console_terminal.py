"""The console at a terminal: painting, the input line, the sign."""

from __future__ import annotations

import asyncio
import io
import sys
from contextlib import contextmanager

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.cells import cell_len

from adapters.console.draw import Line, Run, Style, draw, note
from adapters.console.face import Typed
from adapters.console.limits import LINE_BYTES
from adapters.console.render import render
from adapters.console.settings import ConsoleSettings
from adapters.console.terminal import Terminal, _typed, paint
from adapters.console.transport import open_face
from bridge.conformance.strategies import NASTY, for_all, texts
from bridge.protocol.replies import LinkButton, plain


@pytest.fixture(autouse=True)
def colours(monkeypatch):
    """Paint as for a terminal that has colours."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)


@contextmanager
def terminal():
    """Open a terminal that is typed at through a pipe."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        paper = io.StringIO()
        yield Terminal(paper.write), keys, paper


async def typed(keys, face, *pieces):
    """Type each piece once a line is being read; return the lines."""
    lines = []

    async def read():
        lines.extend([line async for line in face.lines()])

    reading = asyncio.create_task(read())
    for piece in pieces:
        await asyncio.sleep(0.01)
        keys.send_text(piece)
    await asyncio.wait_for(reading, 10)
    return lines


async def test_lines_until_the_end():
    """Lines come as typed; Ctrl-D ends."""
    with terminal() as (face, keys, _):
        lines = await typed(keys, face, "hello\r", "wörld 🎂\r", "\x04")
    assert lines == [Typed(text="hello"), Typed(text="wörld 🎂")]
    assert not face.scripted


async def test_ctrl_c_clears_and_then_ends():
    """Ctrl-C forgets what is being typed; only a second one in a row ends."""
    with terminal() as (face, keys, _):
        lines = await typed(keys, face, "forget\x03", "keep\r", "\x03", "\x03")
    assert lines == [Typed(text="keep")]


def test_long_lines_are_told():
    """A line that is too long comes without its text; one of just the limit is whole."""
    assert _typed("x" * (LINE_BYTES + 3)) == Typed(excess=3)
    assert _typed("x" * LINE_BYTES) == Typed(text="x" * LINE_BYTES)


async def test_messages_are_printed_and_end_the_sign():
    """What is said is written out; the sign that an answer is being prepared goes away."""
    with terminal() as (face, _, paper):
        face.busy()
        face.busy()
        assert face._sign()[0][1] == "writing…"
        await face.show(note("Hello."))
        assert list(face._sign()) == []
        face.close()
    assert "Hello." in paper.getvalue()


async def test_standard_output_is_written_to(capfd):
    """Without a writer of its own, it writes to the real standard output."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        await Terminal().show(note("Hello there."))
    assert "Hello there." in capfd.readouterr().out or sys.__stdout__ is None


async def test_a_terminal_is_chosen_when_both_ends_are_one(monkeypatch):
    """Both standard streams a terminal, and one that is not dumb: then it is a Terminal."""
    monkeypatch.setattr("sys.stdin", Tty())
    monkeypatch.setattr("sys.stdout", Tty())
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        assert isinstance(await open_face(ConsoleSettings()), Terminal)
        monkeypatch.setenv("TERM", "dumb")
        assert (await open_face(ConsoleSettings())).scripted


class Tty(io.StringIO):
    """Says that it is a terminal."""

    def isatty(self):
        """Say so."""
        return True


def test_markup_is_text():
    """Nothing that looks like markup changes anything."""
    line = Line((Run("[red]x[/red] :smile: [link=https://e.example]y[/link]"),))
    assert paint([line], width=200) == "[red]x[/red] :smile: [link=https://e.example]y[/link]\n"


def test_links_can_be_clicked():
    """A web address is a link and is not broken; any other address is text."""
    url = "https://example.com/" + "x" * 100
    (call,) = render((LinkButton("", "Pay", url),))
    painted = paint(draw(call.body), width=40)
    assert f";{url}\x1b\\" in painted
    assert painted.count("\n") == 1
    odd = Line((Run("file:///etc", Style.LINK),))
    assert "\x1b]8" not in paint([odd], width=40)


@pytest.mark.parametrize("width", [0, 20, 33, 80])
def test_lines_are_wrapped_to_the_width(width):
    """No painted line is wider than the terminal, or than the narrowest that is served."""
    for text in NASTY:
        (call,) = render((plain(text),))
        rows = paint(draw(call.body), width=width).split("\n")
        assert max(cell_len(row.rstrip()) for row in rows) <= max(width, 20)


def test_anything_can_be_painted():
    """No text makes painting fail."""

    def check(text):
        (call,) = render((plain(text),))
        assert paint(draw(call.body), width=40).endswith("\n")

    for_all(texts(), check, examples=40)

"""The phone at a terminal: typed at through a pipe, drawn on nothing."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bridge.handset import facing, window
from bridge.handset.hand import GONE
from tests.handset.room import Room, button, mine, ours, phone_in

ASKED = ours("Which?", "Oak", button("Ash", "gone"))


class Glass(DummyOutput):
    """A terminal of a certain size, that keeps what is written on it."""

    def __init__(self, columns: int = 60, rows: int = 12) -> None:
        self.size = Size(rows=rows, columns=columns)
        self.written = ""

    def get_size(self) -> Size:
        return self.size

    def write(self, data: str) -> None:
        self.written += data


@contextmanager
def terminal(columns: int = 60, rows: int = 12):
    """Open a terminal; yield its keys and its glass."""
    glass = Glass(columns, rows)
    with create_pipe_input() as keys, create_app_session(input=keys, output=glass):
        yield keys, glass


async def until(holds) -> None:
    """Return as soon as this holds."""
    while not holds():  # noqa: ASYNC110 - what the window draws has no event
        await asyncio.sleep(0.001)


def text(pieces) -> list[str]:
    """Return what is drawn, row by row."""
    return "".join(piece[1] for piece in pieces).split("\n")


async def test_lines_are_sent_and_buttons_tapped():
    """By their keys; the chat is left behind on the terminal."""
    room = Room(**{"/start": (ASKED,), "id of Oak": (mine("/start"), ours("✓ Oak"))})
    with terminal() as (keys, glass):
        chatting = asyncio.create_task(window.converse(phone_in(room)))
        await until(lambda: len(room.screen().messages) == 2)
        keys.send_text("1\r")
        await until(lambda: "tapped id of Oak" in room.done)
        keys.send_text("grün 🎂\r\r  \r")
        await until(lambda: "typed grün 🎂" in room.done)
        keys.send_text("\x04")
        assert await asyncio.wait_for(chatting, 10) == 2
    left = glass.written.replace("\r", "")
    assert left.endswith("▌ ✓ Oak\n\n" + " " * 50 + "▌ grün 🎂\n\n\n")


async def test_nothing_is_left_behind_of_nothing():
    """Where the chat never began."""
    with terminal() as (_, glass):
        room = Room()
        window._Chat(phone_in(room)).leave_behind()
        assert glass.written == ""


async def test_ctrl_c_clears_and_then_leaves():
    """It forgets what is being typed; on an empty line it asks, and a second one leaves."""
    room = Room()
    with terminal() as (keys, _):
        chat = window._Chat(phone_in(room))
        running = asyncio.create_task(chat.run())
        await until(lambda: room.done)
        keys.send_text("forget\x03")
        keys.send_text("keep it\r")
        await until(lambda: "typed keep it" in room.done)
        keys.send_text("\x03")
        await until(lambda: chat._note)
        assert text(chat._status()) == ["· Once more, or Ctrl-D, to leave."]
        keys.send_text("no\r")
        await until(lambda: "typed no" in room.done)
        assert chat._note == ""
        keys.send_text("\x03\x03")
        await asyncio.wait_for(running, 10)
    assert room.done == ["typed /start", "typed keep it", "typed no"]


async def test_ctrl_d_deletes_where_there_is_something():
    """Only on an empty line it leaves."""
    room = Room()
    with terminal() as (keys, _):
        chatting = asyncio.create_task(window.converse(phone_in(room)))
        await until(lambda: room.done)
        keys.send_text("ab\x1b[D\x04\r")
        await until(lambda: "typed a" in room.done)
        keys.send_text("\x04")
        assert await asyncio.wait_for(chatting, 10) == 1


async def test_earlier_lines_come_back():
    """With the arrow up."""
    room = Room()
    with terminal() as (keys, _):
        chat = window._Chat(phone_in(room))
        running = asyncio.create_task(chat.run())
        await until(lambda: room.done)
        keys.send_text("again\r")
        await until(lambda: len(chat._buffer._working_lines) == 2)
        keys.send_text("\x1b[A\r")
        await until(lambda: room.done.count("typed again") == 2)
        keys.send_text("\x04")
        await asyncio.wait_for(running, 10)


async def test_what_is_told_stands_above_the_input():
    """Notes until the next line; toasts when they are new, also the same one after a tap."""
    room = Room(**{"/start": (ASKED,)})
    room.toasts["id of Oak"] = "Not now."
    with terminal() as (keys, _):
        chat = window._Chat(phone_in(room))
        assert " ".join(text(chat._status())) == window._BEGIN
        running = asyncio.create_task(chat.run())
        await until(lambda: len(room.screen().messages) == 2)
        keys.send_text("2\r")
        await until(lambda: chat._note)
        assert " ".join(row[2:] for row in text(chat._status())) == GONE
        keys.send_text("1\r")
        await until(lambda: room.screen().toast)
        assert text(chat._status()) == [" Not now. "]
        room.answers["hm"] = ()
        keys.send_text("!pay\r")
        await until(lambda: chat._note)
        assert text(chat._status()) == ["· Paid."]
        keys.send_text("\x04")
        await asyncio.wait_for(running, 10)


async def test_a_failure_ends_it():
    """And the terminal is given back."""
    with terminal() as (keys, _):
        chatting = asyncio.create_task(window.converse(phone_in(Room())))
        keys.send_text("burn\r")
        with pytest.raises(RuntimeError, match="burnt"):
            await asyncio.wait_for(chatting, 10)


async def test_being_stopped_ends_it():
    """A signal cancels it."""
    room = Room()
    with terminal():
        chatting = asyncio.create_task(window.converse(phone_in(room)))
        await until(lambda: room.done)
        chatting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await chatting


# Drawing.


def test_the_newest_messages_are_shown_and_others_scrolled_to():
    """By pages, no further than there is something."""
    with terminal(rows=10):
        room = Room()
        room.show(*(ours(f"number {n}") for n in range(9)))
        chat = window._Chat(phone_in(room))
        chat.count = 1
        assert text(chat._chat())[-2:] == ["▌ number 8", ""]
        assert len(text(chat._chat())) == 7
        chat._scroll(-1)
        assert text(chat._chat())[-2:] == ["▌ number 8", ""]
        for _ in range(9):
            chat._scroll(+1)
        assert text(chat._chat())[:3] == ["Welcome to the room.", "", "▌ number 0"]


async def test_the_keys_scroll():
    """By pages; a line that is entered goes back to the newest."""
    room = Room()
    room.show(*(ours(f"number {n}") for n in range(9)))
    with terminal(rows=10) as (keys, _):
        chat = window._Chat(phone_in(room))
        running = asyncio.create_task(chat.run())
        keys.send_text("\x1b[5~\x1b[5~\x1b[6~")
        await until(lambda: chat._up == chat._height() - 2)
        keys.send_text("hi\r")
        await until(lambda: "typed hi" in room.done)
        assert chat._up == 0
        keys.send_text("\x04")
        await asyncio.wait_for(running, 10)


def test_a_short_chat_stands_above_the_input():
    """What is missing is empty above."""
    with terminal(rows=8):
        room = Room()
        room.show(mine("hi"))
        chat = window._Chat(phone_in(room))
        chat.count = 1
        assert text(chat._chat())[0] == ""
        assert text(chat._chat())[-4:] == ["Welcome to the room.", "", " " * 55 + "▌ hi", ""]


@pytest.mark.parametrize(
    ("columns", "bar"),
    [
        (60, " Room" + " " * 22 + "PgUp/PgDn scroll · Ctrl-D leaves"),
        (30, " Room" + " " * 11 + "Ctrl-D leaves"),
        (12, " Room" + " " * 6),
    ],
)
def test_the_bar_says_as_much_as_fits(columns, bar):
    """The name of the platform, and how to scroll and leave."""
    with terminal(columns=columns):
        assert text(window._Chat(phone_in(Room()))._bar()) == [bar]


def test_waiting_is_seen():
    """And before the first line, how it goes."""
    with terminal(columns=80):
        assert text(window._Chat(phone_in(Room(), busy=True))._status()) == ["writing…"]
        chat = window._Chat(phone_in(Room()))
        assert text(chat._status()) == [window._BEGIN]
        chat.count = 1
        assert text(chat._status()) == [""]


# Which face.


@pytest.mark.parametrize(
    ("at_terminal", "term", "face"),
    [(True, "xterm", "window"), (True, "dumb", "pipe"), (False, "xterm", "pipe")],
)
async def test_the_face_fits(monkeypatch, at_terminal, term, face):
    """The whole screen where there is one that can be drawn on, else lines."""
    chosen: list[str] = []

    async def window_(phone) -> int:
        chosen.append("window")
        return 1

    async def pipe_(phone, lines, say) -> int:
        chosen.append("pipe")
        return 1

    class Standard:
        def fileno(self) -> int:
            return 0

        def isatty(self) -> bool:
            return at_terminal

    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(window, "converse", window_)
    monkeypatch.setattr(facing.pipe, "converse", pipe_)
    monkeypatch.setattr(facing.sys, "stdin", Standard())
    monkeypatch.setattr(facing.sys, "stdout", Standard())
    assert await facing.converse(phone_in(Room()), print) == 1
    assert chosen == [face]

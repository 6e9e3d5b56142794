"""The phone in a pipe: lines in, plain text out."""

from __future__ import annotations

import asyncio
import os
import tempfile

import pytest

from bridge.handset import pipe
from bridge.handset.hand import GONE
from bridge.handset.lines import lines
from tests.handset.room import Room, button, mine, ours, phone_in

WELCOME = "Welcome to the room.\n\n"
ASKED = ours("Which?", "Oak", button("Ash", "gone"), button("Elm", "dull"))


async def each(*typed: str):
    """Yield the lines, one a turn."""
    for line in typed:
        await asyncio.sleep(0)
        yield line


async def conversed(room: Room, *typed: str) -> tuple[int, str]:
    """Return how many lines counted, and what was printed."""
    said: list[str] = []
    count = await pipe.converse(phone_in(room), each(*typed), said.append)
    return count, "".join(f"{text}\n" for text in said)


async def test_the_chat_begins_by_itself_and_goes_on():
    """Messages, taps by key, words, and what comes of each, in their order."""
    room = Room(**{"/start": (ASKED,), "id of Oak": (ours("✓ Oak"), ours("Fine."))})
    count, said = await conversed(room, "hello", "", "  ", "!pay", "!tap oak")
    assert room.done == ["typed /start", "typed hello", "tapped id of Oak"]
    assert count == 3
    assert said.startswith(
        f"{WELCOME}> /start\n\nWhich?\n[1] Oak   [2] Ash   [3] Elm\n\n> hello\n\n"
    )
    assert "> !pay\n\n· Paid.\n\n> !tap oak [ Oak ]\n\n(edited)\n" in said


async def test_what_can_not_be_done_is_told(monkeypatch):
    """A button that has gone, a link; a tap that changes nothing is waited for a moment only."""
    monkeypatch.setattr(pipe, "ANSWER_WAIT", 0.01)
    link = button("Pay", url="https://pay.example/1")
    room = Room(**{"/start": (ours("Pay", link), ASKED)})
    count, said = await conversed(room, "2", "3", "!tap pay")
    assert count == 3
    assert f"> 2 [ Ash ]\n\n· {GONE}\n\n" in said
    assert "> 3 [ Elm ]\n\n> !tap pay\n\n· Open this in a browser: https://pay.example/1\n" in said
    assert room.done == ["typed /start", "tapped dull"]


async def test_a_toast_is_told():
    """It comes beside what is settled."""
    room = Room(**{"/start": (ASKED,)})
    room.toasts["dull"] = "Not now."
    assert "> 3 [ Elm ]\n\n· Not now.\n\n" in (await conversed(room, "3"))[1]


async def test_what_comes_by_itself_is_shown():
    """While no line comes."""
    room = Room()
    said: list[str] = []

    async def slow():
        room.show(mine("/start"), ours("Your payment has arrived."))
        while "arrived" not in "".join(said):  # noqa: ASYNC110 - a line that comes later
            await asyncio.sleep(0)
        yield "bye"

    assert await pipe.converse(phone_in(room), slow(), said.append) == 1
    assert said[1:] == ["> /start\n", "Your payment has arrived.\n", "> bye\n"]


async def test_a_failure_is_not_hidden():
    """It ends the chat."""
    with pytest.raises(RuntimeError, match="burnt"):
        await conversed(Room(), "burn")


# Lines.


async def read_all(descriptor: int) -> list[str]:
    """Return every line."""
    return [line async for line in lines(descriptor)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"a\nb", ["a", "b"]),
        (b"a\r\n\nb\n", ["a", "", "b"]),
        ("grün".encode() + b"\xff\n\xc3", ["grün\ufffd", "\ufffd"]),
    ],
)  # fmt: skip
async def test_lines_come_whole(data, expected):
    """From a pipe in pieces of a byte, and from a file, which can't be watched."""
    source, sink = os.pipe()
    reading = asyncio.create_task(read_all(source))
    for at in range(len(data)):
        os.write(sink, data[at : at + 1])
        await asyncio.sleep(0)
    os.close(sink)
    assert await reading == expected
    os.close(source)
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        assert await read_all(file.fileno()) == expected


async def test_reading_can_be_cancelled():
    """Nothing waits inside a system call."""
    source, sink = os.pipe()
    reading = asyncio.create_task(read_all(source))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    os.close(source)
    os.close(sink)

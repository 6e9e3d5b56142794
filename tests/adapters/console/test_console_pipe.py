"""The console through a pipe: one line is one message, and nothing blocks."""

from __future__ import annotations

import asyncio
import os

import pytest

from adapters.console import descriptor
from adapters.console.adapter import ConsoleAdapter
from adapters.console.face import Typed
from adapters.console.limits import LINE_BYTES
from adapters.console.parse import THREAD
from adapters.console.settings import ConsoleSettings
from adapters.console.transport import Pipe, open_face, write
from bridge.conformance.host import RecordingHost
from bridge.protocol.calls import Call, Delivered, Refusal, Rejected, Target
from bridge.protocol.errors import Misconfigured
from bridge.protocol.events import Command, CommandName, Text
from bridge.protocol.replies import plain

HERE = Target(thread=THREAD)


class EchoingHost(RecordingHost):
    """Answers every text through the adapter, when asked to settle."""

    adapter = None

    async def settled(self, thread):
        """Say what was taken last."""
        await super().settled(thread)
        (call,) = self.adapter.render((plain(f"Heard {self.settles}."),), thread)
        await self.adapter.deliver(call, HERE)


async def lines_of(data):
    """Return what is typed when these bytes come in."""
    source, sink = os.pipe()
    face = Pipe(source=source, sink=sink, owned=[source])

    async def feed():
        await write(sink, data)
        os.close(sink)

    feeding = asyncio.create_task(feed())
    typed = [line async for line in face.lines()]
    await feeding
    face.close()
    face.close()
    return typed


def _counts(line):
    return line.strip() and len(line) <= LINE_BYTES


async def played(tmp_path, data, host=None, **more):
    """Let the console read these bytes from a file; return its host and its transcript."""
    keys, paper = tmp_path / "keys", tmp_path / "paper"
    keys.write_bytes(data)
    settings = descriptor.settings(CONSOLE_INPUT=str(keys), CONSOLE_OUTPUT=str(paper), **more)
    host = host or EchoingHost()
    adapter = descriptor.build(settings, host)
    host.adapter = adapter
    adapter.hook("!pay", lambda: asyncio.sleep(0, "Paid."))
    adapter.hook("!quiet", lambda: asyncio.sleep(0, ""))
    await adapter.start()
    await adapter.listen()
    await adapter.stop()
    assert adapter.typed_lines == len([line for line in data.split(b"\n") if _counts(line)])
    return host, paper.read_text(encoding="utf-8")


async def test_lines_end_as_they_may():
    """LF and CRLF end a line; the last one needs neither."""
    assert await lines_of(b"one\r\ntwo\n\nfour") == [
        Typed(text="one"),
        Typed(text="two"),
        Typed(),
        Typed(text="four"),
    ]
    assert await lines_of(b"") == []


async def test_broken_bytes_are_replaced():
    """Bytes that are no UTF-8 are replaced, and the line says so."""
    assert await lines_of(b"caf\xe9\n\xc3\xa9\n") == [
        Typed(text="caf\N{REPLACEMENT CHARACTER}", broken=True),
        Typed(text="é"),
    ]


async def test_long_lines_are_bounded():
    """A line may have exactly the limit; of a longer one only its length is kept."""
    most = b"x" * LINE_BYTES
    lines = await lines_of(
        most + b"\r\n" + most + b"y\n" + most * 5 + b"\r\nshort\n" + most + b"yz"
    )
    assert lines[0] == Typed(text=most.decode())
    assert lines[1:] == [
        Typed(excess=1),
        Typed(excess=4 * LINE_BYTES + 1),
        Typed(text="short"),
        Typed(excess=2),
    ]


async def test_reading_can_be_cancelled():
    """Waiting for a line ends when it is cancelled, and the descriptor can be watched again."""
    source, sink = os.pipe()
    face = Pipe(source=source, sink=sink, owned=(source, sink))
    for _ in range(2):
        reading = asyncio.ensure_future(anext(face.lines()))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    face.close()


async def test_each_line_waits_for_the_answer_before(tmp_path):
    """The transcript shows each line, then its answer, then the next line."""
    host, transcript = await played(tmp_path, b"a cake\n\n  2  \n", CONSOLE_FIRST="/start cake")
    first, second, third = host.accepted
    assert (first.name, first.argument) == (CommandName.START, "cake")
    assert isinstance(first, Command)
    assert [(type(event), event.text) for event in (second, third)] == [
        (Text, "a cake"),
        (Text, "2"),
    ]
    assert len({event.key for event in host.accepted}) == 3
    assert transcript == "Heard 1.\n\n> a cake\n\nHeard 2.\n\n> 2\n\nHeard 3.\n\n"


async def test_hooks_make_no_events(tmp_path):
    """A hooked word is acted on, and what comes back is shown; an empty text shows nothing."""
    host, transcript = await played(tmp_path, b"!pay\n!quiet\n!other\n")
    assert [event.text for event in host.accepted] == ["!other"]
    assert transcript == "> !pay\n\n· Paid.\n\n> !quiet\n\n> !other\n\nHeard 1.\n\n"


async def test_broken_bytes_are_told_once(tmp_path):
    """The person is told of broken bytes the first time, and the lines still count."""
    host, transcript = await played(tmp_path, b"\xff a\n\xff b\n")
    assert len(host.accepted) == 2
    assert transcript.count("not UTF-8") == 1


async def test_too_long_is_told(tmp_path):
    """A line that is too long is not sent; the message says by how much."""
    host, transcript = await played(tmp_path, b"x" * (LINE_BYTES + 7) + b"\n")
    assert host.accepted == []
    assert "Shorten it by 7 bytes" in transcript


async def test_what_could_not_be_kept_is_told(tmp_path):
    """When the core keeps nothing, the person is asked to type it again."""
    host, transcript = await played(tmp_path, b"hello\n", RecordingHost(full=True))
    assert host.settles == 0
    assert "Type it again" in transcript


async def test_deliveries_have_receipts(tmp_path):
    """Each print has a receipt of its own; a foreign call is bad."""
    settings = ConsoleSettings(CONSOLE_OUTPUT=str(tmp_path / "paper"))
    adapter = ConsoleAdapter(settings, RecordingHost())
    (call,) = adapter.render((plain("Hello."),), THREAD)
    outcomes = [await adapter.deliver(call, HERE) for _ in range(2)]
    assert outcomes == [Delivered(receipt="1"), Delivered(receipt="2")]
    bad = await adapter.deliver(Call(method="print", body={"blocks": [{}]}), HERE)
    assert bad == Rejected(refusal=Refusal.CALL_BAD, reason="unreadable call")
    await adapter.deliver_fleeting(adapter.typing(THREAD), HERE)
    await adapter.stop()


async def test_nobody_reads_any_more():
    """When the reader has gone, lines still count, and deliveries say so."""
    source, sink = os.pipe()
    reader, paper = os.pipe()
    os.close(reader)
    host = RecordingHost()
    adapter = ConsoleAdapter(ConsoleSettings(), host, Pipe(source=source, sink=paper))
    adapter.hook("!pay", lambda: asyncio.sleep(0, "Paid."))
    os.write(sink, b"hello\n!pay\n")
    os.close(sink)
    await adapter.listen()
    assert [event.text for event in host.accepted] == ["hello"]
    (call,) = adapter.render((plain("Hello."),), THREAD)
    gone = Rejected(refusal=Refusal.THREAD_GONE, reason="output closed")
    assert await adapter.deliver(call, HERE) == gone
    os.close(source)
    os.close(paper)


async def test_much_is_written_to_a_slow_reader():
    """A message that no pipe holds at once is written as the reader takes it."""
    source, sink = os.pipe()
    writing = asyncio.create_task(write(sink, b"x" * 500_000))
    got = 0
    while got < 500_000:
        got += len(await asyncio.to_thread(os.read, source, 65_536))
    await writing
    os.close(source)
    os.close(sink)


@pytest.mark.parametrize("variable", ["CONSOLE_INPUT", "CONSOLE_OUTPUT"])
async def test_files_that_are_not_there(tmp_path, variable):
    """A path that can't be opened is named by its variable."""
    paths = {"CONSOLE_INPUT": "/dev/null", variable: str(tmp_path / "no" / "such")}
    with pytest.raises(Misconfigured, match=variable):
        await open_face(ConsoleSettings(**paths))


async def test_standard_streams_that_are_no_terminal():
    """Without settings and without a terminal, standard input and output are a pipe."""
    face = await open_face(ConsoleSettings())
    assert face.scripted
    face.close()


async def test_stopping_before_starting():
    """An adapter that was never started can be stopped."""
    await ConsoleAdapter(ConsoleSettings(), RecordingHost()).stop()

"""The console's I/O: file descriptors, read and written without ever blocking the loop.

A descriptor that the event loop can't watch (a regular file, /dev/null) is always ready, so it is
read and written directly. Reading is cancellable: nothing waits inside a system call. The
descriptors' own flags are left alone, because a terminal shares them with other programs.
"""

from __future__ import annotations

import asyncio
import os
import select
import sys
from typing import TYPE_CHECKING

from adapters.console.draw import plain
from adapters.console.face import Typed
from adapters.console.limits import LINE_BYTES, READ_BYTES
from bridge.protocol.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from adapters.console.draw import Line
    from adapters.console.face import Face
    from adapters.console.settings import ConsoleSettings


class Pipe:
    """Reads lines from one descriptor and writes plain text to another, as UTF-8."""

    scripted = True

    def __init__(self, *, source: int, sink: int, owned: Sequence[int] = ()) -> None:
        self._source = source
        self._sink = sink
        self._owned = tuple(owned)
        self._writing = asyncio.Lock()

    async def lines(self) -> AsyncIterator[Typed]:
        """Yield every line, the last one also without a line end."""
        splitter = _Splitter()
        while data := await _read(self._source):
            for typed in splitter.feed(data):
                yield typed
        for typed in splitter.end():
            yield typed

    async def show(self, lines: Sequence[Line]) -> None:
        """Print the lines and an empty one."""
        async with self._writing:
            await write(self._sink, (plain(lines) + "\n").encode())

    def busy(self) -> None:
        """Show nothing: a transcript holds what was said."""

    def close(self) -> None:
        """Close the descriptors that were opened for this."""
        for descriptor in self._owned:
            os.close(descriptor)
        self._owned = ()


class _Splitter:
    """Bytes to lines; holds at most one line, and of a line that is too long only its length."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._length = 0

    def feed(self, data: bytes) -> list[Typed]:
        """Return the lines that ended within `data`."""
        *ended, rest = data.split(b"\n")
        lines: list[Typed] = []
        for piece in ended:
            self._add(piece)
            lines.append(self._take())
        self._add(rest)
        return lines

    def end(self) -> list[Typed]:
        """Return what came after the last line end."""
        return [self._take()] if self._length else []

    def _add(self, piece: bytes) -> None:
        self._length += len(piece)
        room = LINE_BYTES + 1 - len(self._kept)  # one more, for the CR of a line end
        self._kept += piece[: max(0, room)]

    def _take(self) -> Typed:
        data, length = bytes(self._kept), self._length
        self._kept.clear()
        self._length = 0
        if length <= len(data) and data.endswith(b"\r"):
            data, length = data[:-1], length - 1
        if length > LINE_BYTES:
            return Typed(excess=length - LINE_BYTES)
        return _decode(data)


def _decode(data: bytes) -> Typed:
    try:
        return Typed(text=data.decode())
    except UnicodeDecodeError:
        return Typed(text=data.decode(errors="replace"), broken=True)


async def open_face(settings: ConsoleSettings) -> Face:
    """Return the face that fits: a terminal where both ends are one, else a pipe."""
    if not settings.input and not settings.output and _at_terminal():
        from adapters.console.terminal import Terminal  # noqa: PLC0415 - a pipe needs no Rich

        return Terminal()
    owned: list[int] = []
    try:
        source = await _open("CONSOLE_INPUT", settings.input, os.O_RDONLY, owned, 0)
        sink = await _open("CONSOLE_OUTPUT", settings.output, _WRITING, owned, 1)
    except Misconfigured:
        for descriptor in owned:
            os.close(descriptor)
        raise
    return Pipe(source=source, sink=sink, owned=owned)


_WRITING = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def _at_terminal() -> bool:
    capable = os.environ.get("TERM", "dumb" if os.name == "posix" else "") != "dumb"
    return sys.stdin.isatty() and sys.stdout.isatty() and capable


async def _open(variable: str, path: str, flags: int, owned: list[int], standard: int) -> int:
    """Open in a thread: a named pipe makes one wait for its other end."""
    if not path:
        return standard
    try:
        descriptor = await asyncio.to_thread(os.open, path, flags | os.O_CLOEXEC, 0o600)
    except OSError as error:
        advice = "can't be opened. Name a file or pipe that exists and that you may use."
        raise Misconfigured(variable, advice) from error
    owned.append(descriptor)
    return descriptor


async def _read(descriptor: int) -> bytes:
    """Return some bytes, or none at the end of the input."""
    loop = asyncio.get_running_loop()
    await ready(descriptor, loop.add_reader, loop.remove_reader)
    return os.read(descriptor, READ_BYTES)


async def write(descriptor: int, data: bytes) -> None:
    """Write all of `data`, in pieces that a pipe takes without blocking. Raises `OSError`."""
    loop = asyncio.get_running_loop()
    rest = memoryview(data)
    while rest:
        await ready(descriptor, loop.add_writer, loop.remove_writer)
        rest = rest[os.write(descriptor, rest[: select.PIPE_BUF]) :]


async def ready(
    descriptor: int,
    watch: Callable[[int, Callable[[], None]], object],
    unwatch: Callable[[int], object],
) -> None:
    """Return when the descriptor can be used at once."""
    event = asyncio.Event()
    try:
        watch(descriptor, event.set)
    except (OSError, ValueError, NotImplementedError):
        return  # not to be watched, so always ready
    try:
        await event.wait()
    finally:
        unwatch(descriptor)

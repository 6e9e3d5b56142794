"""Processes of a benchmark's own, with a line of JSON for each order and each answer.

A child is a module run by `python -m`: it reads orders from its standard input and writes answers
to its standard output. Law: it ends when its input ends, so none is left when we are killed.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias, cast

from bridge.server import loop_factory

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
    from typing import Any

    from bridge.protocol.threads import JsonObject

Act: TypeAlias = "Callable[[JsonObject], Awaitable[JsonObject]]"

START_SECONDS = 30.0
"""How long a child may take to say that it is there."""

_END_SECONDS = 10.0
_LONGEST_LINE = 1_000_000
"""Bytes."""


class ChildGone(Exception):
    """A child ended, or did not answer in time; what it has to say of that stands above."""


# Our side.


class Child:
    """A process that takes orders."""

    def __init__(self, module: str, process: Process) -> None:
        self._module = module
        self._process = process

    async def ask(self, order: JsonObject, within: float) -> JsonObject:
        """Give an order; return the answer. Raises `ChildGone`."""
        assert self._process.stdin is not None
        self._process.stdin.write(_line(order))
        return await self.told(within)

    async def told(self, within: float) -> JsonObject:
        """Return what it says next. Raises `ChildGone`."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(within):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise ChildGone(f"{self._module} said nothing for {within:g} s") from None
        if not line:
            raise ChildGone(f"{self._module} ended")
        return cast("JsonObject", json.loads(line))


@asynccontextmanager
async def child(module: str, *arguments: str) -> AsyncGenerator[Child]:
    """Run a module with this interpreter; its errors go where ours go."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=pipe, stdout=pipe, limit=_LONGEST_LINE
    )
    try:
        yield Child(module, process)
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """End its input, which ends it; one that does not listen is killed."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


# The child's side.


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a child; who types Ctrl-C means its parent, which then ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(work)


def say(answer: JsonObject) -> None:
    """Write one line to our parent."""
    sys.stdout.buffer.write(_line(answer))
    sys.stdout.buffer.flush()


async def obey(act: Act) -> None:
    """Do what is ordered, one after the other, until no more orders can come."""
    orders: asyncio.Queue[JsonObject] = asyncio.Queue()
    reading = asyncio.create_task(_read(orders), name="read-orders")
    working = asyncio.create_task(_work(orders, act), name="obey-orders")
    ended, left = await asyncio.wait({reading, working}, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    for task in ended:
        task.result()


async def _read(orders: asyncio.Queue[JsonObject]) -> None:
    reader = asyncio.StreamReader(limit=_LONGEST_LINE)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        orders.put_nowait(cast("JsonObject", json.loads(line)))


async def _work(orders: asyncio.Queue[JsonObject], act: Act) -> None:
    while True:
        say(await act(await orders.get()))


def _line(value: JsonObject) -> bytes:
    return json.dumps(value).encode() + b"\n"

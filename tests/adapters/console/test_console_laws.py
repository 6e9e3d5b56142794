"""The console passes the laws of every adapter."""

from __future__ import annotations

import os
import unicodedata
from contextlib import asynccontextmanager

import pytest

from adapters.console import descriptor
from adapters.console.adapter import ConsoleAdapter
from adapters.console.draw import Style, draw, plain
from adapters.console.parse import THREAD
from adapters.console.settings import ConsoleSettings
from adapters.console.transport import Pipe
from bridge.conformance.harness import Fault, Harness, Samples
from bridge.conformance.host import RecordingHost
from bridge.conformance.laws import AdapterLaws
from bridge.protocol.calls import Target


def typed(text, number=1):
    """Return the payload of a typed line."""
    return {"id": f"run:{number}", "line": text, "at": 1.5, "user": "ada"}


class ConsoleDrawing:
    """Reads what a pipe would print."""

    def measure(self, call):
        text = self.visible([call])
        wild = {c for c in text if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
        return [f"control character {ord(c)}" for c in wild]

    def visible(self, calls):
        return "".join(plain(draw(call.body)) for call in calls)

    def active(self, calls):
        runs = [run for call in calls for line in draw(call.body) for run in line.body]
        return [run.text for run in runs if run.style is Style.LINK]

    def taps(self, calls):
        return ()

    def typed(self, text):
        return typed(text)

    def fold(self, text):
        return text


class ConsolePlatform:
    """A pipe whose reader may go away."""

    faults = frozenset({Fault.GONE})
    target = Target(thread=THREAD)

    def __init__(self):
        self._reader, self._writer = os.pipe()
        face = Pipe(source=self._reader, sink=self._writer)
        self.adapter = ConsoleAdapter(ConsoleSettings(), RecordingHost(), face)

    async def fail(self, fault):
        os.close(self._reader)
        self._reader = -1

    def close(self):
        for end in (self._reader, self._writer):
            if end >= 0:
                os.close(end)


@asynccontextmanager
async def platform():
    """Open a platform, with an adapter that was started against it."""
    opened = ConsolePlatform()
    try:
        yield opened
    finally:
        opened.close()


class TestConsoleLaws(AdapterLaws):
    """All laws, on the console."""

    @pytest.fixture
    def harness(self):
        return Harness(
            module="adapters.console",
            descriptor=descriptor,
            heavy=("rich", "prompt_toolkit", "bridge.app"),
            adapter=ConsoleAdapter(ConsoleSettings(), RecordingHost()),
            thread=THREAD,
            samples=Samples(
                understood=(typed("a cake", 1), typed("/start cake", 2), typed("/2 of them", 3)),
                unsupported=(typed("/nothing"),),
                foreign=(typed("  \t "),),
                repeated=((typed("a cake"), typed("a cake")),),
            ),
            drawing=ConsoleDrawing(),
            addresses=("console:local",),
            platform=platform,
        )

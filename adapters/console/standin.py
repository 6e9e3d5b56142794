"""A terminal in miniature: a pair of named pipes, and the screen drawn from what was printed.

Named pipes, so that the bridge may also run in another process. There is one terminal, so there
is one person: the name of the person is not used. The screen shows what the transcript holds:
messages are parted by empty lines, what was typed begins with `> `.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.console.limits import READ_BYTES
from adapters.console.transport import ready, write
from bridge.protocol.standin import Choosable, Screen, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINK = re.compile(r"^→ (.*): (https?://\S+)$", re.MULTILINE)
_OPTION = re.compile(r"^ {0,2}(#*\d+|[a-z]{1,2})\. (?:✓ )?(.*)$", re.MULTILINE)


class ConsoleStandIn:
    """Types into the bridge's standard input and reads its standard output."""

    def __init__(self) -> None:
        self._folder = ""
        self._keys = self._paper = -1
        self._printed = bytearray()
        self._version = 0
        self._news = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None

    async def start(self, bridge_url: str) -> Mapping[str, str]:
        """Make the pipes; return the environment that names them."""
        del bridge_url  # a terminal knows no addresses
        self._folder = tempfile.mkdtemp(prefix="console-")
        keys, paper = (str(Path(self._folder) / name) for name in ("keys", "paper"))
        # Held open for reading and writing, so that neither end waits for the other, and a bridge
        # may go and come back.
        self._keys, self._paper = _pipe(keys), _pipe(paper)
        self._reader = asyncio.create_task(self._read())
        return {"CONSOLE_INPUT": keys, "CONSOLE_OUTPUT": paper}

    async def stop(self) -> None:
        """Close the pipes and remove them: the bridge's input ends."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None
        for descriptor in (self._keys, self._paper):
            if descriptor >= 0:
                os.close(descriptor)
        self._keys = self._paper = -1
        shutil.rmtree(self._folder, ignore_errors=True)

    async def type(self, text: str, *, person: str = "ada") -> None:
        """Send a line; line ends within it become spaces."""
        del person
        await write(self._keys, (" ".join(text.splitlines()) + "\n").encode())

    async def tap(self, choice: str, *, person: str = "ada") -> None:
        """Type the choice's number."""
        await self.type(choice, person=person)

    def screen(self, *, person: str = "ada") -> Screen:
        """Return the transcript."""
        del person
        text = self._printed.decode(errors="replace")
        messages = tuple(_shown(part) for part in text.split("\n\n") if part.strip())
        links = tuple(choice.url for shown in messages for choice in shown.choices if choice.url)
        return Screen(version=self._version, messages=messages, links=links)

    async def changed(self, after: int, *, person: str = "ada") -> Screen:
        """Wait until something was printed since version `after`."""
        async with self._news:
            await self._news.wait_for(lambda: self._version > after)
        return self.screen(person=person)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await ready(self._paper, loop.add_reader, loop.remove_reader)
            self._printed += os.read(self._paper, READ_BYTES)
            async with self._news:
                self._version += 1
                self._news.notify_all()


def _pipe(path: str) -> int:
    os.mkfifo(path, 0o600)
    return os.open(path, os.O_RDWR | os.O_CLOEXEC)


def _shown(part: str) -> Shown:
    text = part.strip("\n")
    if text.startswith("> "):
        return Shown(ours=False, text=text.removeprefix("> "))
    options = tuple(Choosable(id=mark, label=label) for mark, label in _OPTION.findall(text))
    links = tuple(Choosable(id=url, label=label, url=url) for label, url in _LINK.findall(text))
    return Shown(ours=True, text=text, choices=options + links)

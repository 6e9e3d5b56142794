"""The phone without a terminal: a line at a time, and what came of it as plain text.

The next line is taken when everything before it has been answered. What comes by itself while no
line comes is shown as soon as it has settled.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from bridge.handset.buttons import Note, Send, Tap, Word, one_line, read
from bridge.handset.drawing import wrap
from bridge.handset.plain import Transcript, note, typed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bridge.handset.hand import Phone

ANSWER_WAIT = 1.0
"""Seconds for the platform to answer a tap that changes nothing else."""

_COLUMNS = 96
"""Of what is said before the chat."""


async def converse(phone: Phone, lines: AsyncIterator[str], say: Callable[[str], None]) -> int:
    """Chat until the input ends; return how many lines were typed, empty ones left out."""
    chat = _Chat(phone, say)
    await chat.begin()
    count = 0
    watching = asyncio.create_task(chat.watch())
    try:
        async for line in lines:
            if line.strip():
                count += 1
                await chat.take(line.strip())
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    return count


class _Chat:
    """One person's chat, printed."""

    def __init__(self, phone: Phone, say: Callable[[str], None]) -> None:
        self._phone = phone
        self._say: Callable[[str], None] = lambda text: say(text.removesuffix("\n"))
        self._transcript = Transcript(keys=True)
        self._turn = asyncio.Lock()
        self._told = -1

    async def begin(self) -> None:
        """Show what stands there once the first line has been answered."""
        self._say("\n".join(wrap(self._phone.intro, _COLUMNS, len)) + "\n")
        await self._phone.do(Send(self._phone.first))
        await self._tell()

    async def take(self, line: str) -> None:
        """Do what the line says; return when it has been answered and that was printed."""
        async with self._turn:
            act = read(line, self._phone.screen(), self._phone.words)
            before = self._phone.screen().version
            match act:
                case Tap(choice):
                    label = one_line(choice.label)
                    self._say(self._transcript.tapped(label, "" if line == label else line))
                case Send():
                    pass  # the platform shows it
                case Word() | Note():
                    self._say(typed(line))
            said = await self._phone.do(act)
            if isinstance(act, Tap) and not said:
                await self._answered(before)
            await self._tell(said)

    async def watch(self) -> None:
        """Print what comes by itself, until cancelled."""
        while True:
            await self._phone.changed(self._told)
            async with self._turn:
                await self._tell()

    async def _answered(self, before: int) -> None:
        """Wait for the platform's answer to a tap: a toast comes beside what is settled."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_WAIT):
                await self._phone.changed(before)

    async def _tell(self, said: str = "") -> None:
        """Print a notice, and what is new once everything has been answered."""
        if said:
            self._say(note(said))
        await self._phone.settled()
        screen = self._phone.screen()
        self._told = screen.version
        if news := self._transcript.news(screen):
            self._say(news)

"""A person who chats by a script: reads what a stand-in shows, and answers that.

Knows: the contract's stand-in. Must not know: any channel, or the bridge behind it.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.protocol.standin import Choosable, Screen, Shown, StandIn

_T = TypeVar("_T")

WAIT = 15.0
"""Seconds for a step to come."""

_QUOTED = 300
"""Characters of the last message that stand in an error."""


_DONE = re.compile(r"done(?: \(\d+\))?", re.IGNORECASE)


class NotShown(Exception):
    """What the script waits for did not come; the text says what was there instead."""


class Chat:
    """One person at one stand-in. What counts as answer is what came after their last message."""

    def __init__(self, standin: StandIn, *, person: str = "ada", wait: float = WAIT) -> None:
        self._standin = standin
        self._person = person
        self._wait = wait
        self._mark = 0

    async def say(self, text: str) -> None:
        """Type a message."""
        self._mark = len(self.screen().messages)
        await self._standin.type(text, person=self._person)

    async def hear(self, words: str) -> Shown:
        """Return the message that holds these words, in whatever case, once it is there."""
        return await self._until(lambda screen: _with_words(self._new(screen), words), words)

    async def take(self, label: str) -> None:
        """Choose the option whose label begins so; confirm where several may be chosen."""
        choice, message = await self._choice(label)
        several = _done(message) is not None
        self._mark = len(self.screen().messages)
        await self._standin.tap(choice.id, person=self._person)
        if several:
            await self._confirm(label)

    async def link(self) -> str:
        """Return the last address that was shown since the last message, once there is one."""

        def found(screen: Screen) -> str | None:
            shown = [choice.url for one in self._new(screen) for choice in one.choices]
            return next((url for url in reversed(shown) if url), None)

        return await self._until(found, "a link")

    def screen(self) -> Screen:
        """Return what the person sees."""
        return self._standin.screen(person=self._person)

    def _new(self, screen: Screen) -> tuple[Shown, ...]:
        return tuple(one for one in screen.messages[self._mark :] if one.ours)

    async def _choice(self, label: str) -> tuple[Choosable, Shown]:
        def found(screen: Screen) -> tuple[Choosable, Shown] | None:
            return _option(self._new(screen), label)

        return await self._until(found, f"the choice “{label}”")

    async def _confirm(self, label: str) -> None:
        """Press the widget's own button, where taps only tick options off."""

        def found(screen: Screen) -> Choosable | None:
            ticked = _option(screen.messages, label)
            return _done(ticked[1]) if ticked else None

        done = await self._until(found, "the button that confirms")
        await self._standin.tap(done.id, person=self._person)

    async def _until(self, find: Callable[[Screen], _T | None], wanted: str) -> _T:
        """Return what is found on the screen as soon as it is. Raises `NotShown`."""
        try:
            async with asyncio.timeout(self._wait):
                screen = self.screen()
                while (found := find(screen)) is None:
                    screen = await self._standin.changed(screen.version, person=self._person)
                return found
        except TimeoutError:
            raise NotShown(self._told(wanted)) from None

    def _told(self, wanted: str) -> str:
        last = self.screen().messages[-1:]
        there = f"The last message is:\n{last[0].text[:_QUOTED]}" if last else "Nothing is shown."
        return f"Waited {self._wait:g} s for {wanted}. {there}"


def _with_words(messages: tuple[Shown, ...], words: str) -> Shown | None:
    wanted = words.casefold()
    return next((one for one in messages if wanted in one.text.casefold()), None)


def _option(messages: tuple[Shown, ...], label: str) -> tuple[Choosable, Shown] | None:
    """Return the latest choice of this name, and the message that it stands in."""
    found = ((named(one, label), one) for one in reversed(messages))
    return next(((choice, one) for choice, one in found if choice is not None), None)


def named(message: Shown, label: str) -> Choosable | None:
    """Return the choice whose label begins so, or that stands for the line which does.

    Where labels are long, a channel lists them ("2. Box of brownies") and its buttons carry the
    marks ("2", or "2 · Box of…").
    """
    wanted = label.casefold()
    choices = [choice for choice in message.choices if not choice.url]
    by_label = (c for c in choices if bare(c.label).casefold().startswith(wanted))
    return next(by_label, None) or _listed(message, choices, wanted)


def _listed(message: Shown, choices: list[Choosable], wanted: str) -> Choosable | None:
    lines = (line.partition(". ") for line in message.text.splitlines())
    marks = [mark for mark, dot, text in lines if dot and bare(text).casefold().startswith(wanted)]
    return next((c for mark in marks for c in choices if _mark(c.label) == mark), None)


def bare(label: str) -> str:
    """Return a label without the sign that it is ticked."""
    return label.lstrip("✓✔☑☐✅⬜✏️ ")


def _mark(label: str) -> str:
    return bare(label).partition(" · ")[0]


def _done(message: Shown) -> Choosable | None:
    """Return the button that confirms a choice of several, where the widget has one."""
    return next((c for c in message.choices if _DONE.fullmatch(bare(c.label))), None)

"""A platform with one chat, that the tests fill by hand."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bridge.handset.hand import Phone
from bridge.protocol.standin import Choosable, Screen, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping


def button(label: str, ident: str = "", url: str = "") -> Choosable:
    """Return a button."""
    return Choosable(id=ident or url or f"id of {label}", label=label, url=url)


def ours(text: str, *labels: str | Choosable) -> Shown:
    """Return a message of the platform's."""
    choices = tuple(button(one) if isinstance(one, str) else one for one in labels)
    return Shown(ours=True, text=text, choices=choices)


def mine(text: str) -> Shown:
    """Return a message of the person's."""
    return Shown(ours=False, text=text)


class Room:
    """A stand-in; `answers` holds what comes after each deed, by what was typed or tapped."""

    def __init__(self, **answers: tuple[Shown, ...]) -> None:
        self.answers = answers
        self.toasts: dict[str, str] = {}
        self.done: list[str] = []
        self._screen = Screen()
        self._news = asyncio.Event()

    async def start(self, bridge_url: str) -> Mapping[str, str]:
        return {}

    async def stop(self) -> None:
        self.done.append("stopped")

    async def type(self, text: str, *, person: str = "ada") -> None:
        if text == "burn":
            raise RuntimeError("burnt")
        self.done.append(f"typed {text}")
        self.show(*self._screen.messages, mine(text), *self.answers.get(text, ()))

    async def tap(self, choice: str, *, person: str = "ada") -> None:
        if choice == "gone":
            raise LookupError(choice)
        self.done.append(f"tapped {choice}")
        if choice in self.toasts:
            self.show(*self._screen.messages, toast=self.toasts[choice])
        if choice in self.answers:
            self.show(*self.answers[choice])

    def show(self, *messages: Shown, toast: str = "") -> None:
        """Change the screen."""
        version = self._screen.version + 1
        self._screen = Screen(version=version, messages=messages, toast=toast)
        self._news.set()

    def screen(self, *, person: str = "ada") -> Screen:
        return self._screen

    async def changed(self, after: int, *, person: str = "ada") -> Screen:
        while self._screen.version <= after:
            self._news.clear()
            await self._news.wait()
        return self._screen


def phone_in(room: Room, *, busy: bool = False) -> Phone:
    """Return a phone at the room; "!pay" is its only word."""

    async def settled() -> None:
        await asyncio.sleep(0)

    async def pay() -> str:
        return "Paid."

    return Phone(
        standin=room,
        title="Room",
        intro="Welcome to the room.\n",
        first="/start",
        settled=settled,
        busy=lambda: busy,
        words={"!pay": pay},
    )

"""What the people of the platform of buttons see, and what the platform refuses. No I/O.

Threads are `<person>` (alone with us), `group:<name>` and `group:<name>/<topic>`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from bridge.conformance.buttons.limits import (
    BUTTON_LIMIT,
    LABEL_LIMIT,
    TAP_BYTES,
    TEXT_LIMIT,
    TOAST_LIMIT,
)
from bridge.protocol.standin import Choosable, Screen, Shown

Body: TypeAlias = Mapping[str, object]


class Bad(Exception):
    """The platform refuses the call; the text is its code."""


@dataclass(slots=True)
class Message:
    """One message as it stands now; `only` sees a whisper."""

    id: str
    ours: bool
    text: str
    choices: tuple[Choosable, ...] = ()
    only: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modal:
    """A window that is open for a typed answer."""

    data: str
    text: str


@dataclass(slots=True)
class _Room:
    version: int = 0
    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    toasts: dict[str, str] = field(default_factory=dict[str, str])
    modals: dict[str, Modal] = field(default_factory=dict[str, Modal])


class Screens:
    """All threads of the platform."""

    def __init__(self) -> None:
        self._rooms: defaultdict[str, _Room] = defaultdict(_Room)
        self._last = 0
        self.taps: dict[str, tuple[str, str]] = {}
        """Taps that wait for their answer: handle to thread and person."""

    def screen(self, thread: str, person: str) -> Screen:
        """Return what the person sees in the thread."""
        room = self._rooms[thread]
        seen = [m for m in room.messages.values() if m.only in {None, person}]
        links = tuple(choice.url for m in seen for choice in m.choices if choice.url)
        return Screen(
            version=room.version,
            messages=tuple(Shown(ours=m.ours, text=m.text, choices=m.choices) for m in seen),
            toast=room.toasts.get(person, ""),
            links=links,
        )

    def version(self, thread: str) -> int:
        """Return how often the thread has changed."""
        return self._rooms[thread].version

    def modal(self, thread: str, person: str) -> Modal | None:
        """Return the window that is open."""
        return self._rooms[thread].modals.get(person)

    def close_modal(self, thread: str, person: str) -> None:
        """Close it."""
        self._rooms[thread].modals.pop(person, None)

    def type(self, thread: str, text: str) -> None:
        """Show what a person typed."""
        self._add(thread, Message(id=self._next(), ours=False, text=text))

    def call(self, method: str, body: Body) -> str:
        """Do what the call says; return the message's id. Raises `Bad`, then nothing is changed."""
        broken = measure(method, body)
        if broken:
            raise Bad(broken[0])
        deeds = {
            "send": self._send,
            "whisper": self._send,
            "edit": self._edit,
            "answer": self._answer,
            "notice": self._notice,
            "modal": self._modal,
            "typing": self._typing,
        }
        return deeds[method](body)

    def _send(self, body: Body) -> str:
        message = Message(
            id=self._next(),
            ours=True,
            text=text_of(body),
            choices=choices_of(body),
            only=_word(body, "to") or None,
        )
        self._add(_word(body, "thread"), message)
        return message.id

    def _edit(self, body: Body) -> str:
        room = self._rooms[_word(body, "thread")]
        message = room.messages.get(_word(body, "id"))
        if message is None or not message.ours:
            raise Bad("no such message")
        message.text, message.choices = text_of(body), choices_of(body)
        room.version += 1
        return message.id

    def _answer(self, body: Body) -> str:
        self._toast(*self._tapped(body), _word(body, "text"))
        return ""

    def _notice(self, body: Body) -> str:
        self._toast(_word(body, "thread"), _word(body, "to"), _word(body, "text"))
        return ""

    def _modal(self, body: Body) -> str:
        thread, person = self._tapped(body)
        room = self._rooms[thread]
        room.modals[person] = Modal(data=_word(body, "data"), text=_word(body, "text"))
        room.version += 1
        return ""

    def _typing(self, body: Body) -> str:
        del body  # nothing that a test could wait for
        return ""

    def _tapped(self, body: Body) -> tuple[str, str]:
        waiting = self.taps.pop(_word(body, "tap"), None)
        if waiting is None:
            raise Bad("tap is not waiting")
        return waiting

    def _toast(self, thread: str, person: str, text: str) -> None:
        room = self._rooms[thread]
        room.toasts[person] = text
        room.version += 1

    def _add(self, thread: str, message: Message) -> None:
        room = self._rooms[thread]
        room.messages[message.id] = message
        room.version += 1

    def _next(self) -> str:
        self._last += 1
        return str(self._last)


def measure(method: str, body: Body) -> list[str]:
    """Return what the platform refuses about a call."""
    match method:
        case "send" | "edit" | "whisper":
            return _measure_text(text_of(body)) + _measure_buttons(body)
        case "answer" | "notice" | "modal":
            long = len(_word(body, "text")) > TOAST_LIMIT
            return ["toast is too long"] if long else []
        case "typing":
            return []
        case _:
            return ["no such method"]


def text_of(body: Body) -> str:
    """Return the text of a message."""
    return "".join(_word(span, "text") for span in _objects(body.get("spans")))


def choices_of(body: Body) -> tuple[Choosable, ...]:
    """Return the buttons of a message."""
    rows = body.get("keyboard")
    buttons = [button for row in _list(rows) for button in _objects(row)]
    return tuple(
        Choosable(
            id=_word(button, "id") or _word(button, "url"),
            label=_word(button, "label"),
            url=_word(button, "url"),
        )
        for button in buttons
    )


def _measure_text(text: str) -> list[str]:
    wild = any(unicodedata.category(c) == "Cc" for c in text if c not in "\n\t")
    checks = {
        "text is too long": len(text) > TEXT_LIMIT,
        "text is blank": not text.strip(),
        "text has control characters": wild,
    }
    return [name for name, broken in checks.items() if broken]


def _measure_buttons(body: Body) -> list[str]:
    choices = choices_of(body)
    checks = {
        "too many buttons": len(choices) > BUTTON_LIMIT,
        "label is blank": any(not c.label.strip() for c in choices),
        "label is too long": any(len(c.label) > LABEL_LIMIT for c in choices),
        "label has several lines": any("\n" in c.label for c in choices),
        "id is missing": any(not c.id for c in choices),
        "id is too long": any(not c.url and len(c.id.encode()) > TAP_BYTES for c in choices),
        "address is no web address": any(c.url and not _is_web(c.url) for c in choices),
    }
    return [name for name, broken in checks.items() if broken]


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://127.0.0.1", "http://localhost"))


def _word(body: Body, name: str) -> str:
    value = body.get(name, "")
    return value if isinstance(value, str) else ""


def _objects(value: object) -> list[Body]:
    return [cast("Body", item) for item in _list(value) if isinstance(item, Mapping)]


def _list(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()

"""A typed line as an event. Pure.

A raw payload is `{"id": str, "line": str, "at": float, "user": str}`, made by the adapter: `id` is
`<run>:<n>`, so that no line of another run is taken for a repetition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.console.limits import SPELLINGS
from bridge.protocol.errors import Malformed
from bridge.protocol.events import Command, Text, Unsupported
from bridge.protocol.threads import PersonKey, ThreadKey

if TYPE_CHECKING:
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.threads import JsonObject

THREAD = ThreadKey("console:local")
"""There is one terminal, so there is one thread."""

_COMMAND = re.compile(r"\s*/([a-z]+)(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_NAMES = {spelling[1:]: name for name, spelling in SPELLINGS.items()}


def parse(raw: JsonObject) -> tuple[AnyEvent, ...]:
    """Return the line as one event; nothing for an empty one. Raises `Malformed`."""
    key, line, person = (_text(raw, name) for name in ("id", "line", "user"))
    at = raw.get("at")
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise Malformed("A console line needs the time at which it was typed, in seconds.")
    if not key or not person:
        raise Malformed("A console line needs an id and a user that are not empty.")
    if not line.strip():
        return ()
    return (_event(f"console:{key}", PersonKey(f"console:{person}"), float(at), line),)


def _event(key: str, person: PersonKey, at: float, line: str) -> AnyEvent:
    found = _COMMAND.fullmatch(line)
    if found is None:
        return Text(key=key, thread=THREAD, person=person, at=at, text=line)
    name = _NAMES.get(found[1].lower())
    if name is None:
        return Unsupported(key=key, thread=THREAD, person=person, at=at, kind="command")
    argument = (found[2] or "").strip()
    return Command(key=key, thread=THREAD, person=person, at=at, name=name, argument=argument)


def _text(raw: JsonObject, name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str):
        raise Malformed(f"A console line needs {name!r} as a text.")
    # A terminal hands on broken bytes as lone surrogates, which no database takes.
    return value.encode("utf-8", "replace").decode()

"""What a call prints, as lines of styled runs. Pure.

One layout for both faces: a terminal paints the runs, a pipe takes their text. Everything that
people or the upstream said passes `clean`: no control character reaches a terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject


class Style(Enum):
    """Why a run stands out."""

    PLAIN = "PLAIN"
    BOLD = "BOLD"
    DIM = "DIM"
    MARK = "MARK"
    GOOD = "GOOD"
    IMPORTANT = "IMPORTANT"
    ERROR = "ERROR"
    NOTICE = "NOTICE"
    LINK = "LINK"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one style."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; what `head` does not take up hangs beside it. `whole` lines are not wrapped."""

    body: tuple[Run, ...]
    head: Run = Run("")
    whole: bool = False


_TONES = {
    "IMPORTANT": (Run("! ", Style.IMPORTANT), Style.IMPORTANT),
    "ERROR": (Run("✗ ", Style.ERROR), Style.ERROR),
    "NOTICE": (Run("· ", Style.NOTICE), Style.NOTICE),
}
_RULE = Line((Run("─" * 24, Style.DIM),))


def draw(body: JsonObject) -> tuple[Line, ...]:
    """Return the lines of a `print` call's body. Raises `ValueError` for what is none of ours."""
    return tuple(line for block in _items(body, "blocks") for line in _block(block))


def echo(text: str) -> tuple[Line, ...]:
    """Return a typed line as the transcript shows it."""
    return (Line((Run(clean(text)),), Run("> ", Style.DIM)),)


def note(text: str) -> tuple[Line, ...]:
    """Return a notice of the console's own."""
    return (Line((Run(clean(text), Style.NOTICE),), _TONES["NOTICE"][0]),)


def plain(lines: Sequence[Line]) -> str:
    """Return the lines as text without any styles, each with its line end."""
    return "".join(_plain(line) + "\n" for line in lines)


def clean(text: str) -> str:
    """Return the text without control characters; lone surrogates become U+FFFD."""
    whole = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc")


def _plain(line: Line) -> str:
    text = "".join(run.text for run in line.body)
    return line.head.text + text.replace("\n", "\n" + " " * len(line.head.text))


def _block(block: JsonObject) -> tuple[Line, ...]:
    match block.get("kind"):
        case "say":
            return (_say(block),)
        case "understood":
            return tuple(map(_understood, _items(block, "items")))
        case "callout":
            head, style = _TONES[_text(block, "tone")]
            return (Line((Run(_text(block, "text"), style),), head),)
        case "separator":
            return (_RULE,)
        case "menu":
            return _menu(block)
        case "link":
            return _link(block)
        case _:
            raise ValueError("A block of a kind that the console does not print.")


def _say(block: JsonObject) -> Line:
    spans = _items(block, "spans")
    return Line(
        tuple(
            Run(_text(span, "text"), Style.BOLD if span.get("bold") else Style.PLAIN)
            for span in spans
        )
    )


def _understood(item: JsonObject) -> Line:
    label = Run(_text(item, "label") + ": ", Style.DIM)
    return Line((label, Run(_text(item, "shown"))), Run("✓ ", Style.GOOD))


def _menu(block: JsonObject) -> tuple[Line, ...]:
    question, hint = _text(block, "question"), _text(block, "hint")
    heading = (Line((Run(question),)),) if question else ()
    footing = (Line((Run(hint, Style.DIM),)),) if hint else ()
    return (*heading, *map(_option, _items(block, "lines")), *footing)


def _option(item: JsonObject) -> Line:
    tick = (Run("✓ ", Style.GOOD),) if item.get("selected") else ()
    mark = Run(f"{_text(item, 'mark'):>3}. ", Style.MARK)
    return Line((*tick, Run(_text(item, "label"))), mark)


def _link(block: JsonObject) -> tuple[Line, ...]:
    text = _text(block, "text")
    above = (Line((Run(text),)),) if text else ()
    label = Run(_text(block, "label") + ": ", Style.BOLD)
    address = Run(_text(block, "url"), Style.LINK)
    return (*above, Line((label, address), Run("→ ", Style.MARK), whole=True))


def _items(block: JsonObject, name: str) -> list[JsonObject]:
    value: Json = block.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError(f"A block's {name!r} must be a list.")  # noqa: TRY004 - bad data, not type
    items = [item for item in value if isinstance(item, Mapping)]
    if len(items) != len(value):
        raise ValueError(f"A block's {name!r} must hold objects.")
    return items


def _text(block: JsonObject, name: str) -> str:
    value = block.get(name)
    if not isinstance(value, str):
        raise ValueError(f"A block's {name!r} must be a text.")  # noqa: TRY004 - bad data, not type
    return clean(value)

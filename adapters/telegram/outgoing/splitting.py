"""A text of any length becomes messages that Telegram takes. Pure.

Laws: nothing is lost but white space at the ends of a message and control characters; every part
keeps the limits of length and of entities; no cut falls inside a surrogate pair, nor inside a word
or an address unless it is longer than half a message. A style that goes over a cut ends with the
one part and begins again in the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import MessageEntity

from adapters.telegram.limits import ENTITY_LIMIT, TEXT_LIMIT
from adapters.telegram.outgoing.quieting import joined_to, lively, outside, quieted
from adapters.telegram.outgoing.texts import (
    BLANK,
    RULE,
    Style,
    clean,
    readable,
    units,
    whole,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.telegram.outgoing.quieting import Range
    from adapters.telegram.outgoing.texts import Paragraph
    from bridge.protocol.threads import Json

_ROOM = TEXT_LIMIT - len(BLANK)
"""A part of invisible characters alone gets a dot that can be seen."""

_BREAKS = ("\n\n", "\n", " ")


@dataclass(frozen=True, slots=True)
class Written:
    """The text of one message; `quiet` is what to send where it must go without entities."""

    text: str
    entities: tuple[MessageEntity, ...]
    quiet: str

    def entity_objects(self) -> list[Json]:
        """Return the entities as plain JSON."""
        return [
            {"type": str(entity.type), "offset": entity.offset, "length": entity.length}
            for entity in self.entities
        ]


@dataclass(frozen=True, slots=True)
class _Styled:
    style: Style
    range: Range


def write(paragraphs: Sequence[Paragraph]) -> tuple[Written, ...]:
    """Return the paragraphs as the texts of messages: none where nothing is to be read."""
    text, styled = _laid_out(paragraphs)
    quiet = lively(text)
    parts = (_trimmed(text, part) for part in cuts(text, quiet))
    return tuple(_written(text, part, styled, quiet) for part in parts if part[0] < part[1])


def _laid_out(paragraphs: Sequence[Paragraph]) -> tuple[str, list[_Styled]]:
    """Return all as one text, and where its styles are."""
    pieces: list[str] = []
    styled: list[_Styled] = []
    at = 0
    before: Paragraph = ()
    for paragraph in paragraphs:
        cleaned = [(clean(run.text), run.style) for run in paragraph]
        if at and any(text for text, _ in cleaned):
            gap = "\n" if RULE in (before, paragraph) else "\n\n"
            cleaned = [(gap, Style.PLAIN), *cleaned]
        before = paragraph
        for text, style in cleaned:
            styled += [_Styled(style, (at, at + len(text)))] if style is not Style.PLAIN else []
            pieces.append(text)
            at += len(text)
    return "".join(pieces), styled


def cuts(text: str, kept: Sequence[Range], room: int = _ROOM) -> Iterator[Range]:
    """Return pieces of at most `room` UTF-16 units that follow each other; `kept` stay whole."""
    start = 0
    while start < len(text):
        end = within(text, start, room)
        if end < len(text):
            end = _better(text, (start, end), kept)
        yield start, end
        start = end


def _better(text: str, piece: Range, kept: Sequence[Range]) -> int:
    """Return the best place to cut in the later half of the piece, else its end."""
    start, end = piece
    half = start + (end - start + 1) // 2
    for mark in _BREAKS:
        found = text.rfind(mark, half, end + len(mark))
        if found > start:
            return found
    inside = (first for first, last in kept if half <= first < end < last)
    return next(inside, end)


def tail(text: str, room: int) -> int:
    """Return where the last piece of `room` UTF-16 units begins: after a break if one is near.

    Rather than a part of a character it may have a few units more.
    """
    if units(text) <= room:
        return 0
    fitting = text.encode("utf-16-le")[-2 * room :].decode("utf-16-le", "ignore")
    first = whole(text, 0, len(text) - len(fitting))
    half = first + len(fitting) // 2
    for mark in _BREAKS:
        found = text.find(mark, first, half)
        if found >= 0:
            return found + len(mark)
    return first


def _trimmed(text: str, piece: Range) -> Range:
    """Return the piece without white space at its ends."""
    start, end = piece
    shown = text[start:end]
    first = start + len(shown) - len(shown.lstrip())
    return first, first + len(shown.strip())


def _written(text: str, part: Range, styled: Sequence[_Styled], quiet: Sequence[Range]) -> Written:
    start, end = part
    shown = text[start:end]
    codes = joined_to(list(_moved(quiet, part)), ENTITY_LIMIT)
    entities = [_entity(MessageEntity.CODE, code) for code in codes]
    # Styles only adorn, so they take what room is left.
    entities += list(_style_entities(shown, part, styled, codes))[: ENTITY_LIMIT - len(codes)]
    entities.sort(key=lambda entity: entity.offset)
    shown_quiet = quieted(shown, codes)
    dot = "" if readable(shown) else BLANK
    return Written(shown + dot, _in_units(shown, entities), shown_quiet + dot)


def _moved(ranges: Sequence[Range], part: Range) -> Iterator[Range]:
    """Return what of the ranges lies in the part, counted from the part's beginning."""
    start, end = part
    for first, last in ranges:
        if first < end and last > start:
            yield max(first, start) - start, min(last, end) - start


def _style_entities(
    shown: str, part: Range, styled: Sequence[_Styled], codes: Sequence[Range]
) -> Iterator[MessageEntity]:
    """Return the styles of the part, left out where an entity `code` is: it takes no other."""
    for run in styled:
        for moved in _moved((run.range,), part):
            for piece in outside(codes, moved):
                start, end = _trimmed(shown, piece)
                if start < end:
                    yield _entity(run.style.value, (start, end))


def _entity(kind: str, where: Range) -> MessageEntity:
    return MessageEntity(kind, where[0], where[1] - where[0])


def _in_units(text: str, entities: list[MessageEntity]) -> tuple[MessageEntity, ...]:
    """Return the entities with offsets and lengths in UTF-16 units, as Telegram counts."""
    if len(text) == units(text):
        return tuple(entities)
    return tuple(MessageEntity.adjust_message_entities_to_utf_16(text, entities))

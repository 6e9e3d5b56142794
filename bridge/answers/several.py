"""More than one choice in a reply: "1, 3", "2-4", "nuts and candles", "all", "none"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.answers import desk as desks
from bridge.answers.checking import checked
from bridge.answers.desk import Spot
from bridge.answers.labels import begins, exact, named
from bridge.answers.numerals import Cardinal, position
from bridge.answers.picking import by_mark, given
from bridge.answers.readings import Free, Refused, Several, Why
from bridge.answers.spelling import fold, light
from bridge.answers.vocabulary import COURTESY, EVERYTHING, NOTHING
from bridge.protocol.prompts import MultiSelect, NumberInput, SingleSelect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.answers.desk import Desk, Said
    from bridge.answers.labels import Spots
    from bridge.answers.readings import Chosen, Reading
    from bridge.answers.sheets import Name
    from bridge.protocol.prompts import Prompt

MOST_PARTS = 120
"""More parts than this are a text, not a choice; our own bound, above 100 options."""

LONGEST_LABEL = 6
"""Of how many parts a label with commas may be, to be found among others; our own bound."""

PAIR = 2
"""As many as "both" means."""

_PARTED = re.compile(r"\s*(?:[,;/&+|、،؛\n]|\b(?:and|plus)\b)\s*")
_RANGE = re.compile(r"(#*\w{1,6}) ?(?:-|–|—|\.\.\.?|…|to|until|through) ?(#*\w{1,6})")  # noqa: RUF001
_BLANK = re.compile(r"(?:[#\d][\w-]* )+[#\d][\w-]*")
_OF_THEM = frozenset(("of", "them", "these", "those", "the"))


@dataclass(frozen=True, slots=True)
class Part:
    """One of several: what it names; nothing where it is a number that is no mark."""

    text: str
    spots: Spots


def several(desk: Desk, said: Said) -> Reading | None:
    """Return the choices that the text lists; None where it isn't a list of choices."""
    if not desk.lists:
        return None
    return _in_a_word(desk, said) or _listed(desk, said)


def _in_a_word(desk: Desk, said: Said) -> Reading | None:
    """Read "all" and "none", for the one multi select that is open."""
    words = [word for word in said.bare.split() if word not in COURTESY | _OF_THEM]
    multis = [each for each in desk.lists if isinstance(each.prompt.widget, MultiSelect)]
    if len(words) != 1 or len(multis) != 1 or words[0] not in EVERYTHING | NOTHING:
        return None
    doubt = any(words[0] in each.sheet.words for each in desk.lists)
    if words[0] in NOTHING:
        return None if doubt else checked(multis[0].prompt, ())
    count = len(multis[0].sheet.marks)
    if doubt or (words[0] == "both" and count != PAIR):
        return Free(text=said.text)
    return checked(multis[0].prompt, tuple(range(count)))


def _listed(desk: Desk, said: Said) -> Reading | None:
    parts = _parts(desk, light(said.text.replace("\n", " , ")))
    if not parts:
        return None
    if any(given(desk, desks.said(part.text)) for part in parts):
        return Refused(prompt=desk.numbers[-1][0], reason=Why.MIXED)
    missing = [part.text for part in parts if not part.spots]
    if missing:
        return no_such_option(desk, missing[0])
    return _answers(desk, [spot for part in parts for spot in part.spots])


def no_such_option(desk: Desk, mark: str) -> Refused | None:
    """Refuse a number that is no mark; None where it might be an answer of one's own."""
    if any(may_be_custom(each.prompt) for each in desk.lists):
        return None
    return Refused(prompt=desk.lists[-1].prompt, reason=Why.NO_SUCH_OPTION, mark=mark)


def may_be_custom(prompt: Prompt) -> bool:
    """Tell whether a select takes an answer of one's own."""
    return not isinstance(prompt.widget, NumberInput) and prompt.widget.custom is not None


def _answers(desk: Desk, spots: list[Spot]) -> Reading | None:
    """Return the choices by prompt; the first that can't be taken refuses the whole."""
    chosen: list[Chosen] = []
    for at, each in enumerate(desk.lists):
        places = {spot.option for spot in spots if spot.at == at}
        if not places:
            continue
        if len(places) > 1 and isinstance(each.prompt.widget, SingleSelect):
            return _only_one(each.prompt)
        answer = checked(each.prompt, tuple(places))
        if isinstance(answer, Refused):
            return answer
        chosen.append(answer)
    return chosen[0] if len(chosen) == 1 else Several(readings=tuple(chosen))


def _only_one(prompt: Prompt) -> Refused | None:
    """Refuse a second choice; where one's own answer is welcome, it may be a mixture."""
    return None if may_be_custom(prompt) else Refused(prompt=prompt, reason=Why.TOO_MANY)


def _parts(desk: Desk, text: str) -> list[Part]:
    """Return what the text lists; nothing where a part of it names no option."""
    spans = list(_spans(text))
    if len(spans) == 1:
        return _run(desk, text[slice(*spans[0])])
    parts: list[Part] = []
    rest = spans if len(spans) <= MOST_PARTS else []
    while rest:
        taken, found = _next(desk, text, rest)
        if not found:
            return []
        parts.extend(found)
        rest = rest[taken:]
    return parts


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _PARTED.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _next(desk: Desk, text: str, rest: list[tuple[int, int]]) -> tuple[int, list[Part]]:
    """Return the next part and of how many pieces it is: a label may hold commas itself."""
    for count in range(min(LONGEST_LABEL, len(rest)), 1, -1):
        piece = text[rest[0][0] : rest[count - 1][1]]
        spots = exact(desk, desks.said(piece))
        if spots:
            return count, [Part(piece, spots)] if len(spots) == 1 else []
    piece = text[slice(*rest[0])]
    return 1, _one(desk, desks.said(piece)) or _run(desk, piece)


def _one(desk: Desk, said: Said) -> list[Part]:
    """Return the piece as one option, or as a number that is none."""
    place = position(said.fold)
    marked, labels = by_mark(desk, said, place), exact(desk, said)
    found = tuple(dict.fromkeys((*marked, *labels)))
    if not found and isinstance(place, Cardinal):
        return [Part(said.light, ())]
    found = found or named(desk, said)
    return [Part(said.light, found)] if len(found) == 1 else []


def _run(desk: Desk, piece: str) -> list[Part]:
    """Return the piece as a range ("2-4") or as marks with blanks between them ("1 3")."""
    if _BLANK.fullmatch(piece):
        each = [_one(desk, desks.said(word)) or _run(desk, word) for word in piece.split()]
        return [part for parts in each for part in parts] if all(each) else []
    match = _RANGE.fullmatch(piece)
    if match is None or any(begins(name.line, fold(piece)) for name in _names(desk)):
        return []
    first, last = (_one(desk, desks.said(end)) for end in match.groups())
    return [*_between(piece, first[0], last[0])] if first and last else []


def _between(piece: str, first: Part, last: Part) -> Iterator[Part]:
    """Yield everything from one mark to another of the same list, or the end that is none."""
    missing = next((part for part in (first, last) if not part.spots), None)
    if missing:
        yield missing
        return
    (at, low), (other, high) = first.spots[0], last.spots[0]
    if at == other and low < high:
        yield Part(piece, tuple(Spot(at, option) for option in range(low, high + 1)))


def _names(desk: Desk) -> Iterator[Name]:
    return (name for each in desk.lists for name in each.sheet.names)

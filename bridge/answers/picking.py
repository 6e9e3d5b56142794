"""One option or number, meant by a text as a whole: by mark, by label, by value of a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.answers.desk import Spot
from bridge.answers.labels import exact
from bridge.answers.marks import letter_said, number_said
from bridge.answers.numerals import (
    Cardinal,
    Ordinal,
    Position,
    decimals,
    in_words,
    position,
)
from bridge.answers.pages import page_count
from bridge.answers.ranges import meant
from bridge.answers.readings import Free, NumberGiven, Refused, Why
from bridge.answers.vocabulary import ORDINALS

if TYPE_CHECKING:
    from bridge.answers.desk import Desk, OpenList, Said
    from bridge.answers.labels import Spots
    from bridge.answers.readings import Reading


def picked(desk: Desk, said: Said) -> Reading | None:
    """Return the one thing that the text is; None where it is nothing, no answer where two.

    What is shown counts first: marks of numbered lists, labels, numbers asked for. Then positions
    in widgets, and labels called by a number ("20" for "20 people").
    """
    place = position(said.fold)
    found = by_mark(desk, said, place)
    marks = tuple(spot for spot in found if desk.lists[spot.at].numbered)
    labels = exact(desk, said)
    numbers = given(desk, said)
    if len(marks) == 1 and ({*labels, *numbers} - {*marks}):
        return _doubtful(desk, said, marks[0], place)
    shown: list[Spot | NumberGiven] = [*dict.fromkeys((*marks, *labels)), *numbers]
    if shown:
        return _only(desk, said, shown)
    called = () if found else _called(desk, place)
    return _only(desk, said, [*found, *called])


def _only(desk: Desk, said: Said, found: list[Spot | NumberGiven]) -> Reading | None:
    if len(found) > 1:
        return Free(text=said.text)
    for one in found:
        return one if isinstance(one, NumberGiven) else desk.answer(one)
    return None


def _doubtful(desk: Desk, said: Said, mark: Spot, place: Position | None) -> Reading:
    """A mark that is also something else: with "#" before it, it is the mark."""
    if said.fold.startswith("#") or (isinstance(place, Cardinal) and place.marked):
        return desk.answer(mark)
    prompt, sheet = desk.lists[mark.at].prompt, desk.lists[mark.at].sheet
    return Refused(prompt=prompt, reason=Why.TWO_MEANINGS, mark=sheet.marks[mark.option])


def by_mark(desk: Desk, said: Said, place: Position | None) -> Spots:
    """Return the options whose mark the text is."""
    return tuple(
        Spot(at, each.sheet.by_mark[mark])
        for at, each in enumerate(desk.lists)
        if (mark := _mark(desk, each, said, place)) in each.sheet.by_mark
    )


def _mark(desk: Desk, each: OpenList, said: Said, place: Position | None) -> str:
    """Return the text as a mark of this list's scheme."""
    scheme = each.sheet.scheme
    if scheme.hashes or said.light in each.sheet.by_mark:
        return said.light
    if scheme.letters:
        return letter_said(said.fold)
    if isinstance(place, Ordinal) and not _alone(desk, each):
        return ""
    mark = number_said(place, each.sheet.marks)
    return "" if _names_another(each, said, mark) else mark


def _names_another(each: OpenList, said: Said, mark: str) -> bool:
    """Tell whether a number in words is also a word of another label ("two", "Two-tier cake")."""
    counting = {
        word for word in said.fold.split() if word in ORDINALS or in_words(word) is not None
    }
    return any(
        counting & name.words
        for name, other in zip(each.sheet.names, each.sheet.marks, strict=True)
        if other != mark
    )


def _alone(desk: Desk, each: OpenList) -> bool:
    """Tell whether places ("the last") are plain: one list, all of it shown."""
    pages = page_count(each.prompt, desk.words.page_size) if each.numbered else 1
    return len(desk.lists) == 1 and pages == 1 and not each.prompt.view.filter


def given(desk: Desk, said: Said) -> tuple[NumberGiven, ...]:
    """Return the number prompts that the text answers."""
    readings = decimals(said.text) if desk.numbers else ()
    return tuple(
        NumberGiven(prompt=prompt, value=value)
        for prompt, widget in desk.numbers
        if (value := meant(widget, readings)) is not None
    )


def _called(desk: Desk, place: Position | None) -> Spots:
    if not isinstance(place, Cardinal) or place.marked:
        return ()
    return tuple(
        Spot(at, option)
        for at, each in enumerate(desk.lists)
        for option in each.sheet.by_number.get(place.n, ())
    )

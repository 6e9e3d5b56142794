"""All that is open when a reply is read, and what the reply says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bridge.answers.checking import checked
from bridge.answers.pages import as_list, may_be_listed
from bridge.answers.sheets import Sheet, sheet_of
from bridge.answers.spelling import bare, fold, light
from bridge.protocol.prompts import NumberInput, Prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.answers.readings import Chosen, Refused, Words


class Spot(NamedTuple):
    """One option: of which open list, and its position there."""

    at: int
    option: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenList:
    """An open select; `numbered` where the channel shows its marks."""

    prompt: Prompt
    sheet: Sheet
    numbered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The open prompts, selects and numbers apart, in the order in which they were asked."""

    lists: tuple[OpenList, ...]
    numbers: tuple[tuple[Prompt, NumberInput], ...]
    words: Words

    def answer(self, spot: Spot) -> Chosen | Refused:
        """Return this one option as the answer to its prompt."""
        return checked(self.lists[spot.at].prompt, (spot.option,))


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, as it came and made comparable."""

    text: str
    light: str
    fold: str
    bare: str


def said(text: str) -> Said:
    """Return a text with its comparable forms."""
    lit = light(text)
    folded = fold(lit)
    return Said(text, lit, folded, bare(folded))


def desk(prompts: Sequence[Prompt], words: Words) -> Desk:
    """Return the open prompts, prepared."""
    lists: list[OpenList] = []
    numbers = [(p, p.widget) for p in prompts if isinstance(p.widget, NumberInput)]
    for prompt in prompts:
        if not isinstance(prompt.widget, NumberInput):
            # Beside a number that is asked for, a mark that may be shown has two meanings.
            shown = bool(numbers) and words.lists_in_widgets and may_be_listed(prompt)
            numbered = shown or as_list(prompt, words)
            lists.append(OpenList(prompt=prompt, sheet=sheet_of(prompt, words), numbered=numbered))
    return Desk(lists=tuple(lists), numbers=tuple(numbers), words=words)

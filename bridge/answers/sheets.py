"""One list, prepared once for looking options up by what people type."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from bridge.answers.marks import Scheme, labels_of, marking, taken
from bridge.answers.numerals import named
from bridge.answers.spelling import KEPT, bare, fold, light
from bridge.answers.vocabulary import TURNS_ROUND

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from bridge.answers.readings import Words
    from bridge.protocol.prompts import Prompt

Key = TypeVar("Key", bound="Hashable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One label: its words, the line in which beginnings are looked for, its turning words."""

    line: str
    words: frozenset[str]
    turns: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Options of one list by everything that may name them; values are positions, ascending."""

    scheme: Scheme
    marks: tuple[str, ...]
    by_mark: Mapping[str, int]
    exact: tuple[Mapping[str, tuple[int, ...]], ...]
    by_number: Mapping[int, tuple[int, ...]]
    by_squeezed: Mapping[str, tuple[int, ...]]
    names: tuple[Name, ...]
    words: frozenset[str]


def sheet_of(prompt: Prompt, words: Words) -> Sheet:
    """Return a select's sheet."""
    return _sheet(labels_of(prompt), prompt.first, taken(words))


@lru_cache(maxsize=64)
def _sheet(labels: tuple[str, ...], first: int, words: frozenset[str]) -> Sheet:
    made = marking(labels, first, words)
    lights = [light(label) for label in labels]
    folds = [fold(lit) for lit in lights]
    bares = [bare(folded) for folded in folds]
    names = tuple(map(_name, bares))
    return Sheet(
        scheme=made.scheme,
        marks=made.marks,
        by_mark={mark: index for index, mark in enumerate(made.marks)},
        exact=tuple(_index((text,) for text in texts) for texts in (lights, folds, bares)),
        by_number=_index(map(named, lights)),
        by_squeezed=_index((squeezed(text),) for text in bares),
        names=names,
        words=frozenset[str]().union(*(name.words for name in names)),
    )


def _name(text: str) -> Name:
    words = frozenset(text[:KEPT].split())
    return Name(line=f" {text[:KEPT]}", words=words, turns=words & TURNS_ROUND)


def _index(keys: Iterable[Iterable[Key]]) -> dict[Key, tuple[int, ...]]:
    found: dict[Key, tuple[int, ...]] = {}
    for index, each in enumerate(keys):
        for name in each:
            found[name] = (*found.get(name, ()), index)
    return found


def squeezed(text: str) -> str:
    """Return a text without blanks, or "" where that could join two numbers."""
    return "" if any(char.isdigit() for char in text) else text.replace(" ", "")

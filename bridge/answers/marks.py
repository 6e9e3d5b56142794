"""What to type for an option of a numbered list.

Law: a mark depends on the prompt and on the channel's words alone, so it stays while the prompt is
open; it is no word of the channel, and nobody takes it for another option's label. So numbers,
counted from `prompt.first`; letters where a label is called by a number that is shown beside
another option ("2 tiers" at 1); "#1" where letters clash too, and further "#" where even that does.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.answers.numerals import Cardinal, Ordinal, named, position
from bridge.answers.spelling import bare, fold, key, light
from bridge.answers.vocabulary import COURTESY, DESIGNATORS
from bridge.protocol.prompts import options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.answers.numerals import Position
    from bridge.answers.readings import Words
    from bridge.protocol.prompts import Prompt

ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How the marks of one list are spelled: numbers, letters, or numbers after `hashes` "#"."""

    letters: bool = False
    hashes: int = 0

    def mark(self, n: int) -> str:
        """Return the mark that stands for the number `n`, from 1."""
        return lettered(n) if self.letters else "#" * self.hashes + str(n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """The marks of one list, in the order of its options."""

    scheme: Scheme
    marks: tuple[str, ...]


def marks(prompt: Prompt, words: Words) -> tuple[str, ...]:
    """Return the mark of each option, in order; nothing for a number prompt."""
    return marking(labels_of(prompt), prompt.first, taken(words)).marks


def scheme_of(prompt: Prompt, words: Words) -> Scheme:
    """Return how the prompt's marks are spelled, for the sentence that tells how to answer."""
    return marking(labels_of(prompt), prompt.first, taken(words)).scheme


def labels_of(prompt: Prompt) -> tuple[str, ...]:
    """Return the labels of a prompt's options."""
    return tuple(option.label for option in options_of(prompt.widget))


@lru_cache(maxsize=64)
def taken(words: Words) -> frozenset[str]:
    """Return what the channel's words are compared by."""
    return frozenset(map(key, (words.more, words.back, words.done, *words.reserved)))


@lru_cache(maxsize=64)
def reserved(words: Words) -> frozenset[str]:
    """Return what is never an answer."""
    return frozenset(map(key, words.reserved))


@lru_cache(maxsize=64)
def marking(labels: tuple[str, ...], first: int, words: frozenset[str]) -> Marking:
    """Return the first marking under which no mark means anything else."""
    lights = tuple(map(light, labels))
    return next(made for made in _markings(len(labels), first) if _sound(made, lights, words))


def _markings(count: int, first: int) -> Iterator[Marking]:
    deeper = (Scheme(hashes=depth) for depth in itertools.count(1))
    # There always are deeper ones.
    for scheme in itertools.chain((Scheme(), Scheme(letters=True)), deeper):  # pragma: no branch
        yield Marking(
            scheme=scheme, marks=tuple(scheme.mark(first + index) for index in range(count))
        )


def _sound(made: Marking, lights: tuple[str, ...], words: frozenset[str]) -> bool:
    at = {mark: index for index, mark in enumerate(made.marks)}
    if any(key(mark) in words for mark in made.marks):
        return False
    return all(
        at.get(alias, index) == index
        for index, lit in enumerate(lights)
        for alias in _aliases(lit, made)
    )


def _aliases(lit: str, made: Marking) -> set[str]:
    """Return the marks for which people might take a label, or the label for them."""
    folded = fold(lit)
    spelled = {lit, folded, bare(folded)}
    if made.scheme.hashes:
        return spelled
    if made.scheme.letters:
        said = folded.split() or [""]
        return spelled | {said[0], said[-1], letter_said(folded)}
    return spelled | {number_said(position(folded), made.marks), *map(str, named(lit))}


def lettered(n: int) -> str:
    """Return a, b, ..., z, aa, ab, ... for 1, 2, ..."""
    letters = ""
    while n > 0:
        n, digit = divmod(n - 1, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return letters


def letter_said(folded: str) -> str:
    """Return the word for which a whole text stands ("option b, please" is "b"), or ""."""
    said = folded.replace("#", " ").split()
    left = [word for word in said if word not in DESIGNATORS and word not in COURTESY]
    return left[0] if len(left) == 1 else ""


def number_said(place: Position | None, numbers: tuple[str, ...]) -> str:
    """Return the numeral for which a place stands ("the second" of 5-9 is "6"), or ""."""
    match place:
        case None:
            return ""
        case Cardinal(n=n):
            return str(n)
        case Ordinal(n=n):
            index = n if n < 0 else n - 1
            return numbers[index] if index < len(numbers) else ""

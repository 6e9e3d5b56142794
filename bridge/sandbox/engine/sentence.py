"""What a person wrote, as text of which parts are used up, and as words.

A part is used once: `without` blanks it, offsets stay. So no word can answer two fields.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

USED = "\x00"
"""Stands in for used characters; neither a word nor a space, so nothing matches across it."""
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_PLURAL = 4
_SHORTEST_OUR = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word: `stem` for comparing, and where it stands."""

    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The text that is left; used parts are `USED`."""

    text: str

    def without(self, start: int, end: int) -> Sentence:
        """Return the sentence with that part used."""
        return Sentence(text=f"{self.text[:start]}{USED * (end - start)}{self.text[end:]}")

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that are left, in order."""
        return words(self.text)

    @property
    def pieces(self) -> tuple[str, ...]:
        """What is left, cut where something was used or a clause ends."""
        cut = re.split(r"[\x00,;\n]+|[.!?](?=\s|\x00|$)", self.text)
        return tuple(filter(None, (each.strip(" \t.:;!?-") for each in cut)))


@lru_cache(maxsize=64)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text."""
    return tuple(
        Word(stem=stem(each[0]), start=each.start(), end=each.end())
        for each in _WORD.finditer(text)
    )


@lru_cache(maxsize=4096)
def stems(text: str) -> tuple[str, ...]:
    """Return the words of a label, for comparing."""
    return tuple(each.stem for each in words(text))


def fold(text: str) -> str:
    """Return a text without case, accents and doubled blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(kept.split())


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return a word without case, accents, plural and British spelling."""
    plain = fold(word)
    if len(plain) < _SHORTEST_PLURAL or not plain.isascii():
        return plain
    if plain.endswith("ies"):
        plain = f"{plain[:-3]}y"
    elif plain.endswith(("ches", "shes", "xes", "sses")):
        plain = plain[:-2]
    elif plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        plain = plain[:-1]
    if len(plain) >= _SHORTEST_OUR and plain.endswith("our"):
        plain = f"{plain[:-3]}or"
    return plain

"""Which options a text names by their labels.

Each rule is asked only where the stricter ones found nothing; a rule that finds two has the last
word, since the next one would only guess between them.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bridge.answers.desk import Spot
from bridge.answers.sheets import squeezed
from bridge.answers.spelling import light
from bridge.answers.vocabulary import COURTESY, FILLERS, NO_CONTENT, TURNS_ROUND
from bridge.protocol.prompts import options_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from bridge.answers.desk import Desk, Said
    from bridge.answers.sheets import Name

Spots = tuple[Spot, ...]

SHORTEST_PART = 3
"""A part of a label shorter than this names nothing; our own bound."""

SHORTEST_TYPO = 4
"""A shorter word is taken as it is; our own bound."""

ALIKE = 88.0
"""Of 100: how alike a word must be to the one that is meant ("blak", "black": 88.9)."""

AHEAD = 10.0
"""Of 100: how far the second best must lie behind."""


def exact(desk: Desk, said: Said) -> Spots:
    """Return the options whose whole label the text is, by the strictest spelling that finds."""
    for step, text in enumerate((said.light, said.fold, said.bare)):
        found = tuple(
            Spot(at, option)
            for at, each in enumerate(desk.lists)
            for option in each.sheet.exact[step].get(text, ())
        )
        if found:
            return found
    return ()


def named(desk: Desk, said: Said) -> Spots:
    """Return the options that the text names; one is an answer, several are a doubt."""
    known = frozenset[str]().union(*(each.sheet.words for each in desk.lists))
    spoken = said.bare.split()
    return (
        _by_words(desk, spoken)
        or _by_beginning(desk, spoken)
        or _by_value(desk, said)
        or _by_squeezed(desk, spoken)
        or _by_words(desk, _corrected(spoken, known))
    )


def _by_words(desk: Desk, spoken: list[str]) -> Spots:
    """Return what holds all words that matter, and what is called by one that seemed not to."""
    matter = [word for word in spoken if word not in FILLERS]
    if not matter:
        return _whole(desk, [word for word in spoken if word not in COURTESY])
    found = _holding(desk, matter)
    rivals = [_whole(desk, [word]) for word in spoken if found and word in FILLERS - COURTESY]
    return tuple(dict.fromkeys(itertools.chain(found, *rivals)))


def _holding(desk: Desk, words: list[str]) -> Spots:
    if whole := _whole(desk, words):
        return whole
    if not any(_has_content(word) for word in words):
        return ()
    wanted = frozenset(words)
    turns = wanted & TURNS_ROUND
    return _names(desk, lambda name: wanted <= name.words and turns == name.turns)


def _has_content(word: str) -> bool:
    return len(word) >= SHORTEST_PART and word not in NO_CONTENT


def _whole(desk: Desk, words: list[str]) -> Spots:
    text = " ".join(words)
    return _spots(each.sheet.exact[2].get(text, ()) for each in desk.lists)


def _by_beginning(desk: Desk, spoken: list[str]) -> Spots:
    """Return what holds the text where a word begins; half a number begins nothing."""
    words = [word for word in spoken if word not in FILLERS]
    part = " ".join(words)
    if len(part) < SHORTEST_PART or (len(words) == 1 and words[0] in NO_CONTENT - {"none"}):
        return ()
    turns = frozenset(words) & TURNS_ROUND
    return _names(desk, lambda name: turns == name.turns and begins(name.line, part))


def begins(line: str, part: str) -> bool:
    """Tell whether a word of the line begins with the part; "1" does not begin "12"."""
    found = line.find(f" {part}")
    after = line[found + len(part) + 1 :][:1] if found >= 0 else ""
    return found >= 0 and not (part[-1].isdigit() and after.isdigit())


def _by_value(desk: Desk, said: Said) -> Spots:
    return tuple(
        Spot(at, place)
        for at, each in enumerate(desk.lists)
        for place, option in enumerate(options_of(each.prompt.widget))
        if isinstance(option.value, str) and light(option.value) == said.light
    )


def _by_squeezed(desk: Desk, spoken: list[str]) -> Spots:
    text = squeezed("".join(spoken))
    if len(text) < SHORTEST_TYPO:
        return ()
    return _spots(each.sheet.by_squeezed.get(text, ()) for each in desk.lists)


def _corrected(spoken: list[str], known: Collection[str]) -> list[str]:
    """Return the words with typing errors put right, by the words of the labels."""
    return [
        word if word in known or word in NO_CONTENT else _nearest(word, known) for word in spoken
    ]


def _nearest(word: str, known: Collection[str]) -> str:
    """Return the one known word that was surely meant, or the word itself.

    Numbers are never put right; nor are scripts without capitals, where one sign is a word.
    """
    if len(word) < SHORTEST_TYPO or not word.isalpha() or word.upper() == word:
        return word
    best = process.extract(word, known, scorer=fuzz.ratio, limit=2, score_cutoff=ALIKE - AHEAD)
    if not best or best[0][1] < ALIKE or best[0][0][0] != word[0]:
        return word
    second = best[1][1] if len(best) > 1 else 0.0
    return best[0][0] if best[0][1] - second >= AHEAD else word


def _names(desk: Desk, fits: Callable[[Name], bool]) -> Spots:
    return tuple(
        Spot(at, option)
        for at, each in enumerate(desk.lists)
        for option, name in enumerate(each.sheet.names)
        if fits(name)
    )


def _spots(found: Iterable[Iterable[int]]) -> Spots:
    return tuple(Spot(at, option) for at, options in enumerate(found) for option in options)

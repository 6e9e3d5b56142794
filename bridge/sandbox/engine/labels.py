"""Labels of options in a text: exact, by a part of their own, or with small typos.

Longest label first, so that "Nuts and berries" is not taken for "Nuts". A label that is close to
two options is taken for neither. Undirected, labels that are common words or mere digits don't
count: they answer only the question that is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.sandbox.engine.schema import Field, Kind
from bridge.sandbox.engine.sentence import Word, fold, stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MARGIN = 4
"""By how much the best fuzzy hit must lead the next option's."""
_FUZZY_WORDS = 60
"""Typos are looked for in the first words alone; longer texts name options exactly."""
_LONGEST_FUZZY = 5
_COMMON = frozenset(
    stems(
        "a add all also an and any are as at be by change date day do email evening "
        "for from good great have hello i in is it just less like make may maybe me "
        "more morning my name need new next no none normal not number of ok on one "
        "only or other our phone please red regular some standard sure thank that the "
        "this three time to today tomorrow two us want we week with would yes you "
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One option of one field: all the ways to say it, the fullest first."""

    target: str
    index: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An option that the text names, and where."""

    target: str
    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One way to say an option, as stems; a part of a label is weaker than all of it."""

    label: Label
    stems: tuple[str, ...]
    whole: bool


def common(text: str) -> bool:
    """Say whether a text holds common words, which tell nothing without a question."""
    return any(word in _COMMON for word in stems(text))


def labels_of(field: Field) -> tuple[Label, ...]:
    """Return what a field's options are called."""
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        return tuple(
            Label(target=field.target, index=n, forms=_forms(each.label, str(each.value)))
            for n, each in enumerate(field.options)
        )
    if field.kind is Kind.PRODUCTS:
        return tuple(
            Label(
                target=field.target,
                index=n,
                forms=_forms(priced(each.label, each.price), each.label),
            )
            for n, each in enumerate(field.products)
        )
    if field.kind is Kind.BOOLEAN:
        return (Label(target=field.target, index=0, forms=(field.label,)),)
    return ()


def priced(label: str, price: str) -> str:
    """Return a product's label as the list shows it."""
    return f"{label} - {price}" if price else label


@lru_cache(maxsize=4096)
def _forms(label: str, other: str) -> tuple[str, ...]:
    bare = re.sub(r"\([^)]*\)", " ", label).strip()
    return tuple(dict.fromkeys(each for each in (label, other, bare) if each.strip()))


def exact(labels: Iterable[Label], text: str) -> tuple[Hit, ...]:
    """Return the options that stand in the text letter by letter, the longest first."""
    low = text.lower()
    if len(low) != len(text):
        low = text
    found: list[Hit] = []
    forms = [(form.lower().strip(), each) for each in labels for form in each.forms]
    for form, label in sorted(forms, key=lambda pair: -len(pair[0])):
        for start in _places(low, form):
            hit = Hit(target=label.target, index=label.index, start=start, end=start + len(form))
            if not any(_crosses(hit, other) for other in found):
                found.append(hit)
                break
    return tuple(_once(sorted(found, key=lambda each: each.start)))


def whole(labels: Iterable[Label], text: str) -> Hit | None:
    """Return the option that the whole text is, or None."""
    wanted = fold(text)
    for each in labels:
        if any(fold(form) == wanted for form in each.forms):
            return Hit(target=each.target, index=each.index, start=0, end=len(text))
    return None


def within(labels: Iterable[Label], text: str) -> tuple[Hit, ...]:
    """Return the one option of which the text is a part: "the first statement" of a long label."""
    wanted = tuple(word for word in stems(text) if word not in _COMMON)
    if not wanted or sum(map(len, wanted)) <= _LONGEST_FUZZY:
        return ()
    found = [each for each in labels if any(_holds(stems(form), wanted) for form in each.forms)]
    if len(found) != 1:
        return ()
    return (Hit(target=found[0].target, index=found[0].index, start=0, end=len(text)),)


def _holds(label: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    kept = tuple(word for word in label if word not in _COMMON)
    size = len(wanted)
    return any(kept[n : n + size] == wanted for n in range(len(kept) - size + 1))


def spot(labels: Iterable[Label], text: str, *, asked: str = "") -> tuple[Hit, ...]:
    """Return the options that a text names; `asked`: the field whose short labels count too."""
    forms = [each for each in _all_forms(tuple(labels)) if _tells(each, asked)]
    said = words(text)
    found: list[Hit] = []
    for whole_ones in (True, False):
        some = [each for each in forms if each.whole is whole_ones]
        found += _exact_words(some, said, asked, found)
        found += _fuzzy_words(some, said, found)
    return tuple(_once(sorted(found, key=lambda each: each.start)))


def _places(text: str, form: str) -> Iterator[int]:
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (form[0].isalnum() and before.isalnum()) and not (
            form[-1].isalnum() and after.isalnum()
        ):
            yield start
        start = text.find(form, start + 1)


def _crosses(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _once(found: Iterable[Hit]) -> Iterator[Hit]:
    seen: set[tuple[str, int]] = set()
    for each in found:
        if (each.target, each.index) not in seen:
            seen.add((each.target, each.index))
            yield each


def _all_forms(labels: tuple[Label, ...]) -> list[_Form]:
    """Return every way to say every option; a part counts if no other option has that word."""
    owners: dict[str, set[tuple[str, int]]] = defaultdict(set)
    known = [(each, [stems(form) for form in each.forms]) for each in labels]
    for label, ways in known:
        for word in {word for way in ways for word in way}:
            owners[word].add((label.target, label.index))
    found: list[_Form] = []
    for label, ways in known:
        found += [_Form(label=label, stems=way, whole=True) for way in ways if way]
        found += [
            _Form(label=label, stems=(word,), whole=False)
            for word in _own_words(ways)
            if len(owners[word]) == 1
        ]
    return found


def _own_words(ways: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words that may stand for a whole label: of short labels, and no common ones."""
    first = ways[0] if ways else ()
    if not 1 < len(first) <= 2 * _LONGEST_FUZZY:
        return ()
    telling = (word for word in first if word.isalpha() and word not in _COMMON)
    return tuple(word for word in telling if len(word) > 2)  # noqa: PLR2004  "of", "is"


def _tells(form: _Form, asked: str) -> bool:
    if form.label.target == asked:
        return True
    joined = "".join(form.stems)
    weak = len(form.stems) == 1 and (joined in _COMMON or len(joined) < 3)  # noqa: PLR2004
    return not weak and not joined.isdigit()


def _exact_words(
    forms: list[_Form], said: tuple[Word, ...], asked: str, taken: list[Hit]
) -> list[Hit]:
    by_first: dict[str, list[_Form]] = defaultdict(list)
    for form in forms:
        by_first[form.stems[0]].append(form)
    matches: list[tuple[int, int, Hit]] = []
    for place, word in enumerate(said):
        for form in by_first.get(word.stem, ()):
            size = len(form.stems)
            window = said[place : place + size]
            if tuple(each.stem for each in window) == form.stems:
                rank = 0 if form.label.target == asked else 1
                matches.append((-size, rank, _hit(form, window)))
    return _best([hit for *_, hit in sorted(matches, key=lambda each: each[:2])], taken)


def _hit(form: _Form, window: tuple[Word, ...]) -> Hit:
    return Hit(
        target=form.label.target,
        index=form.label.index,
        start=window[0].start,
        end=window[-1].end,
    )


def _best(ranked: list[Hit], taken: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in ranked:
        if not any(_crosses(hit, other) for other in (*taken, *kept)):
            kept.append(hit)
    return kept


def _fuzzy_words(forms: list[_Form], said: tuple[Word, ...], taken: list[Hit]) -> list[Hit]:
    """Compare what is left, window by window, with the labels of about that length."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  slow to load

    free = [each for each in said[:_FUZZY_WORDS] if not any(_inside(each, hit) for hit in taken)]
    choices = {n: "".join(form.stems) for n, form in enumerate(forms)}
    choices = {n: text for n, text in choices.items() if _can_be_mistyped(forms[n], text)}
    if not choices:
        return []
    matches: list[tuple[float, Hit]] = []
    for window in _windows(free, max(len(forms[n].stems) for n in choices)):
        joined = "".join(each.stem for each in window)
        if len(joined) < 4 or (len(window) == 1 and joined in _COMMON):  # noqa: PLR2004
            continue
        near = process.extract(
            joined, choices, scorer=fuzz.ratio, limit=4, score_cutoff=_cutoff(joined)
        )
        best = _leader([(score, forms[n]) for _, score, n in near])
        if best is not None:
            matches.append((best[0], _hit(best[1], window)))
    return _best([hit for _, hit in sorted(matches, key=lambda each: -each[0])], taken)


def _inside(word: Word, hit: Hit) -> bool:
    return word.start < hit.end and hit.start < word.end


def _can_be_mistyped(form: _Form, joined: str) -> bool:
    return len(form.stems) <= _LONGEST_FUZZY and len(joined) > 3  # noqa: PLR2004


def _cutoff(joined: str) -> float:
    return 88.0 if len(joined) < 6 else 83.0  # noqa: PLR2004  short words differ by little


def _windows(said: list[Word], longest: int) -> Iterator[tuple[Word, ...]]:
    for size in range(min(longest + 1, _LONGEST_FUZZY), 0, -1):
        for place in range(len(said) - size + 1):
            yield tuple(said[place : place + size])


def _leader(near: list[tuple[float, _Form]]) -> tuple[float, _Form] | None:
    if not near:
        return None
    score, form = near[0]
    mine = (form.label.target, form.label.index)
    rivals = [s for s, other in near[1:] if (other.label.target, other.label.index) != mine]
    return None if rivals and score - rivals[0] < _MARGIN else (score, form)

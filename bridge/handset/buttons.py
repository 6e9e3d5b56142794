"""What is typed to tap a button, and what a typed line means. Pure.

The last message of ours, or the open question above it, has buttons that are tapped by a key;
numbers that are typed under another question are its answer. Buttons are numbered 1..n as they
stand. Where labels are numbers themselves (values, marks of a list, the steps of a stepper), these
are their keys, so that a number never means two things, and the buttons beside them have letters.
So has a button that stands alone, unless it is a link: the question above it may be one for a
number.
"""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass
from itertools import chain, count, product
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bridge.protocol.standin import Choosable, Screen, Shown

TAP = "!tap"
"""The word that taps a button of any message by its label."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that can be tapped by its key; `label` is without what the key says already."""

    key: str
    label: str
    choice: Choosable


@dataclass(frozen=True, slots=True)
class Send:
    """The line is a message."""

    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """The line taps this."""

    choice: Choosable


@dataclass(frozen=True, slots=True)
class Word:
    """The line is a word of the demo's own."""

    word: str


@dataclass(frozen=True, slots=True)
class Note:
    """The line can't be done by itself; the text says what to do."""

    text: str


Act: TypeAlias = Send | Tap | Word | Note


def clean(text: str) -> str:
    """Return the text without control characters; lone surrogates become a question mark."""
    whole = text.replace("\r\n", "\n").replace("\t", "    ").encode("utf-8", "replace").decode()
    return "".join(c for c in whole if c == "\n" or unicodedata.category(c) != "Cc")


def one_line(label: str) -> str:
    """Return a label as it stands on a button."""
    return " ".join(clean(label).split())


def tappable(screen: Screen) -> int | None:
    """Return the position of the message whose buttons have keys, if there is one.

    It is the last one of ours; below an open question also that question: a notice under it (a
    number that was too large) has no buttons, and the question waits on.
    """
    ours = [number for number, shown in enumerate(screen.messages) if shown.ours]
    if ours and screen.messages[ours[-1]].choices:
        return ours[-1]
    return next((n for n in reversed(ours) if _asks(screen.messages[n])), None)


def _asks(shown: Shown) -> bool:
    """Say whether there is a choice: one that was made leaves a single button, or links."""
    return sum(not choice.url for choice in shown.choices) > 1


def keyed(shown: Shown) -> tuple[Button, ...]:
    """Return the message's buttons with their keys, which differ from each other."""
    own = [own_key(choice, shown.text) for choice in shown.choices]
    theirs = [key for key, _ in own if key]
    if len({*theirs}) < len(theirs):
        own = [("", one_line(choice.label)) for choice in shown.choices]
    numbered = not any(key for key, _ in own) and not _stands_alone(shown)
    free = map(str, count(1)) if numbered else _letters()
    return tuple(
        Button(key or next(free), label, choice)
        for (key, label), choice in zip(own, shown.choices, strict=True)
    )


def _stands_alone(shown: Shown) -> bool:
    return len(shown.choices) == 1 and not shown.choices[0].url


_TICKS = "☑☐✅⬜✓✔▢▣\N{VARIATION SELECTOR-16} "
_MINUS = "\N{MINUS SIGN}"
_NUMBER = re.compile(rf"([-+{_MINUS}]?\d+(?:[.,]\d+)?)\s*([✓✔✅]?)")
_LISTED = re.compile(r"^\W*(\d+)[.)]\s(.*)$", re.MULTILINE)
_MARKED = re.compile(r"(\d+)(?:\s*[.):·]|(?=\s|$))\s*(.*)")


def list_of(text: str) -> dict[str, str]:
    """Return the lines of a numbered list, by their marks."""
    return {found[1]: found[2].strip() for found in _LISTED.finditer(text)}


def own_key(choice: Choosable, text: str) -> tuple[str, str]:
    """Return the number that a label itself shows ("" for none), and the rest of the label.

    A number that begins a label counts where the message's text has a line of that mark.
    """
    label = one_line(choice.label)
    bare = label.lstrip(_TICKS)
    ticks = label[: len(label) - len(bare)].strip()
    if whole := _NUMBER.fullmatch(bare):
        return whole[1].replace(_MINUS, "-"), f"{ticks}{whole[2]}"
    marked = _MARKED.fullmatch(bare)
    if marked and marked[1] in list_of(text):
        return marked[1], f"{ticks} {marked[2]}".strip()
    return "", label


def _letters() -> Iterator[str]:
    """Return a, b, ..., z, aa, ab, ..., without an end."""
    lengths = (product(string.ascii_lowercase, repeat=length) for length in count(1))
    return map("".join, chain.from_iterable(lengths))


def read(line: str, screen: Screen, words: Collection[str]) -> Act:
    """Return what a line means under this screen; `words` are the demo's own."""
    if line in words:
        return Word(line)
    if line.partition(" ")[0] == TAP:
        return _by_label(line[len(TAP) :].strip(), screen)
    at = tappable(screen)
    keys = {} if at is None else {one.key: one for one in keyed(screen.messages[at])}
    literal = _unquoted(line)
    if literal.casefold() in keys and literal != line:
        return Send(literal)
    button = keys.get(line.casefold().replace(_MINUS, "-"))
    return _tap(button.choice) if button else Send(line)


def _unquoted(line: str) -> str:
    """Return a line without the sign, or the quotes, that make it a message."""
    if line.startswith("="):
        return line[1:].strip()
    quoted = re.fullmatch(r"""(["'“])(.*)(["'”])""", line)
    return quoted[2].strip() if quoted else line


def _by_label(wanted: str, screen: Screen) -> Act:
    """Return the tap on the newest button whose label begins so, or holds it."""
    newest = [choice for shown in reversed(screen.messages) for choice in shown.choices]
    labels = [(one_line(choice.label), choice) for choice in newest]
    whole = " ".join(wanted.casefold().split())
    found = [choice for label, choice in labels if whole and whole in label.casefold()]
    begins = [choice for label, choice in labels if _bare(label).startswith(whole)] if whole else []
    if found:
        return _tap((begins or found)[0])
    if not labels:
        return Note("There is nothing to tap now.")
    there = ", ".join(dict.fromkeys(label for label, _ in labels))
    return Note(f"Type {TAP} and the label of a button: {there}.")


def _bare(label: str) -> str:
    return label.casefold().lstrip(_TICKS)


def _tap(choice: Choosable) -> Act:
    return Note(f"Open this in a browser: {clean(choice.url)}") if choice.url else Tap(choice)

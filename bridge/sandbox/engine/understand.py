"""One message against one question: what it says, or what it wants of the conversation.

The order of the rules: lines "question: answer"; a whole answer to the question; small talk;
"change X to Y"; a long text to a question that wants one; everything that the sentence says about
any field. The earlier rule wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bridge.sandbox.engine.answer import answer
from bridge.sandbox.engine.findings import Declined, Finding, Said
from bridge.sandbox.engine.labels import exact, labels_of, whole
from bridge.sandbox.engine.numbers import whole_number
from bridge.sandbox.engine.people import EMAIL, introduced, part_of_name, phones
from bridge.sandbox.engine.phrases import (
    CHANGE,
    CORRECTING,
    EVERYTHING,
    OPENS_CORRECTION,
    Intent,
    means,
    skips,
    small_talk,
)
from bridge.sandbox.engine.scan import scan
from bridge.sandbox.engine.scene import Scene, called, names
from bridge.sandbox.engine.schema import SHORT, Field, Kind
from bridge.sandbox.engine.sentence import fold

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = frozenset({Kind.NUMBER, Kind.RATING, Kind.AMOUNT})
_SAYINGS = 3
"""A text that also gives so many other answers is no text for the asked field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """`about`: the person wants to be asked that field again."""

    findings: tuple[Finding, ...] = ()
    intent: Intent | None = None
    about: str = ""


def understand(
    scene: Scene, text: str, question: Callable[[Field], str], *, deaf: bool = False
) -> Understood:
    """Return what a message says; `question` gives the words in which a field is asked.

    `deaf`: the question is no field's ("shall I send it?"), so nothing answers it whole.
    """
    directed, rest = _directed(scene, text, question)
    if not rest.strip():
        return Understood(findings=directed)
    left = _undirected(scene, rest, deaf=deaf)
    taken = {each.target for each in directed}
    more = tuple(each for each in left.findings if each.target not in taken)
    return replace(left, findings=(*directed, *more))


def _undirected(scene: Scene, text: str, *, deaf: bool) -> Understood:
    whole_one = None if deaf else _whole(scene, text)
    if whole_one is not None:
        return Understood(findings=whole_one)
    talk = Intent.SKIP if skips(text) else small_talk(text)
    if talk is not None:
        return Understood(intent=talk)
    return _changed(scene, text) or _long_text(scene, text) or _scanned(scene, text)


def _directed(
    scene: Scene, text: str, question: Callable[[Field], str]
) -> tuple[tuple[Finding, ...], str]:
    """Take lines "question: answer"; return the other lines as they are."""
    findings: list[Finding] = []
    rest: list[str] = []
    for line in text.split("\n"):
        finding = _line(scene, line, question) if ":" in line else None
        if finding is None:
            rest.append(line)
        else:
            findings.append(finding)
    return tuple(findings), "\n".join(rest)


def _line(scene: Scene, line: str, question: Callable[[Field], str]) -> Finding | None:
    low = line.strip().casefold()
    for field in sorted(scene.fields, key=lambda each: -len(each.label)):
        for name in (field.label.strip(), question(field), *names(field)):
            opening = name.casefold().strip()
            if opening and low.startswith(opening):
                said = re.fullmatch(r"\s*:\s*(.+)", line.strip()[len(opening) :], re.DOTALL)
                if said is not None:
                    return answer(
                        field, said[1].strip(), scene.now, known=scene.values.get(field.target)
                    )
    return None


def _whole(scene: Scene, text: str) -> tuple[Finding, ...] | None:
    """Return the findings if the whole text answers the asked field, beyond doubt."""
    asked = scene.asked
    if asked is None:
        return None
    known = asked.target in scene.values and skips(text)
    if not asked.required and not known and _declines(asked, text):
        return (Declined(target=asked.target),)
    finding = _beyond_doubt(scene, asked, text)
    return None if finding is None else (finding,)


def _beyond_doubt(scene: Scene, asked: Field, text: str) -> Finding | None:
    if asked.kind is Kind.BOOLEAN:
        certain = means(text, Intent.YES) or means(text, Intent.NO)
    elif asked.kind is Kind.URL:
        certain = " " not in text.strip()
    elif asked.kind in _NUMBERS:
        certain = whole_number(text) is not None
    else:
        certain = whole(labels_of(asked), text) is not None or _only_labels(asked, text)
        certain = certain or (asked.kind is Kind.CHOICES and EVERYTHING.fullmatch(text) is not None)
    return answer(asked, text, scene.now) if certain else None


def _declines(asked: Field, text: str) -> bool:
    return asked.kind is not Kind.BOOLEAN and (means(text, Intent.SKIP) or skips(text))


def _only_labels(asked: Field, text: str) -> bool:
    """Say whether the text is nothing but labels of the asked field, joined."""
    rest = text
    for hit in reversed(exact(labels_of(asked), text)):
        rest = rest[: hit.start] + rest[hit.end :]
    return asked.kind is Kind.CHOICES and rest != text and not re.sub(r"[,;&\s]|\band\b", "", rest)


def _changed(scene: Scene, text: str) -> Understood | None:
    """Take "change the flavour to lemon"; "change the flavour" asks again."""
    found = CHANGE.fullmatch(text.strip())
    if found is None:
        return None
    field = called(scene.fields, found["what"])
    if field is None:
        return None
    if found["to"]:
        finding = answer(field, found["to"], scene.now, known=scene.values.get(field.target))
        return Understood(findings=(finding,)) if finding is not None else None
    return Understood(about=field.target)


def _long_text(scene: Scene, text: str) -> Understood | None:
    """Give the whole text to a question that wants one, unless it plainly is about other things."""
    asked = scene.asked
    if asked is None or OPENS_CORRECTION.match(text):
        return None
    if asked.kind is Kind.LONG_TEXT:
        return _as_answer(scene, asked, text)
    if asked.kind not in {Kind.TEXT, Kind.ADDRESS} or (part_of_name(asked) and not _bare(text)):
        return None
    if part_of_name(asked):
        return None
    plain = not EMAIL.search(text) and not phones(text) and not introduced(text)
    others = list(scan(replace(scene, asked=None), text)) if plain else []
    if plain and not _names_a_text(others, text, scene) and len(others) < _SAYINGS:
        return _as_answer(scene, asked, text)
    return None


def _bare(text: str) -> bool:
    return not re.search(r"[@\d,;\n]", text)


def _names_a_text(others: list[Finding], text: str, scene: Scene) -> bool:
    """Say whether a text field was named in so many words ("my job title is ...")."""
    texts = {each.target for each in scene.of(Kind.TEXT, Kind.LONG_TEXT, Kind.ADDRESS)}
    return any(each.target in texts and isinstance(each, Said) for each in others) and ":" in text


def _as_answer(scene: Scene, asked: Field, text: str) -> Understood | None:
    finding = answer(asked, text, scene.now)
    return None if finding is None else Understood(findings=(finding,))


def _scanned(scene: Scene, text: str) -> Understood:
    """Read the sentence for everything; if that finds nothing, as an answer to the question."""
    correcting = scene.correcting or CORRECTING.search(text) is not None
    findings = scan(replace(scene, correcting=correcting), text)
    asked = scene.asked
    if findings or asked is None:
        return Understood(findings=findings)
    about = called(scene.fields, text) if len(text) <= SHORT else None
    if about is not None and fold(text) in {fold(name) for name in names(about)}:
        return Understood(about=about.target)
    if part_of_name(asked) and OPENS_CORRECTION.match(text):
        return Understood()
    finding = answer(asked, text, scene.now, known=scene.values.get(asked.target))
    return Understood(findings=(finding,)) if finding is not None else Understood()

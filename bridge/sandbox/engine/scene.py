"""What a message is read against: the fields that can be answered, and what was asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.sandbox.engine.schema import Field, Kind
from bridge.sandbox.engine.sentence import Sentence, stems

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bridge.protocol.threads import JsonObject
    from bridge.sandbox.engine.findings import Finding

_FILLERS = frozenset(
    stems(
        "how many much what which would you like the a an your my our is are do does "
        "of for to want please select choose and or on in be should we i us it this "
        "that with any enter tell give have need when where who at by from will can "
        "add optional required pick order "
    )
)
_SYNONYMS = {
    "guest": ("people", "person", "attendee", "pax", "adult", "kid", "child", "children", "folk"),
    "people": ("guest", "person", "attendee", "pax", "participant"),
    "attendee": ("people", "person", "guest", "participant", "ticket", "seat"),
    "seat": ("people", "person", "guest", "ticket"),
    "rating": ("star",),
    "quantity": ("piece", "unit", "pc"),
    "phone": ("mobile", "telephone", "cell", "call"),
    "email": ("mail",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`fields`: those that can be answered, in order. `recent`: answered, the last one last."""

    fields: tuple[Field, ...]
    values: JsonObject
    recent: tuple[str, ...]
    asked: Field | None
    now: datetime
    correcting: bool = False

    def of(self, *kinds: Kind) -> tuple[Field, ...]:
        """Return the fields of these kinds."""
        return tuple(each for each in self.fields if each.kind in kinds)

    def preferred(self, candidates: Iterable[Field]) -> tuple[Field, ...]:
        """Return candidates, likeliest first.

        Asked, then the last answered if this is a correction, then the empty ones in order, then
        the last answered.
        """
        return tuple(sorted(candidates, key=self._rank))

    def _rank(self, each: Field) -> tuple[int, int]:
        known = each.target in self.values
        last = -self.recent.index(each.target) if each.target in self.recent else 1
        if self.asked is not None and each.target == self.asked.target:
            return (0, 0)
        if known and self.correcting:
            return (1, last)
        return (3, last) if known else (2, 0)


@dataclass(slots=True, kw_only=True)
class Draft:
    """The reading of one message while it is made: what is left of the text, what was found."""

    sentence: Sentence
    findings: list[Finding] = field(default_factory=list["Finding"])

    @property
    def text(self) -> str:
        """What is left of the text."""
        return self.sentence.text

    def use(self, start: int, end: int) -> None:
        """Mark a part of the text as used."""
        self.sentence = self.sentence.without(start, end)

    def take(self, finding: Finding, start: int, end: int) -> None:
        """Keep a finding and use up its words."""
        self.findings.append(finding)
        self.use(start, end)

    def has(self, target: str) -> bool:
        """Say whether the message answered that field already."""
        return any(each.target == target for each in self.findings)

    def missing(self, fields: Iterable[Field]) -> tuple[Field, ...]:
        """Return the fields that this message has not answered yet."""
        return tuple(each for each in fields if not self.has(each.target))


def keywords(each: Field) -> frozenset[str]:
    """Return the words by which a person names a field, with a few synonyms."""
    said = {*stems(each.label), *stems(each.target)} - _FILLERS
    own = {word for word in said if len(word) > 2}  # noqa: PLR2004  "of", "is"
    more = {other for word in own for other in _SYNONYMS.get(word, ())}
    return frozenset(own | {each_stem for word in more for each_stem in stems(word)})


def names(each: Field) -> tuple[str, ...]:
    """Return what a field may be called in a sentence, the fullest first."""
    target = re.sub(r"[_\s]+", " ", each.target)
    return tuple(dict.fromkeys((each.label.strip().rstrip("?:.! "), target)))


def naming(name: str) -> str:
    """Return a pattern of "my <name> is", "the <name> should be", "<name>:"."""
    words = r"[\s_-]+".join(map(re.escape, name[:200].split()))
    return (
        rf"\b(?:(?:my|the|our)\s+)?{words}"
        r"\s*(?:\s(?:is|should be|should say|will be|reads|says|=)|:|=)\s*"
    )


def unnamed(each: Field, text: str) -> str:
    """Return an answer without its "the message should be"."""
    for name in names(each):
        found = re.match(naming(name), text, re.IGNORECASE) if name else None
        if found is not None and found.end() < len(text):
            return text[found.end() :]
    return text


def called(fields: Iterable[Field], what: str) -> Field | None:
    """Return the field that words like "the flavour" or "date" name, if only one fits best."""
    wanted = frozenset(stems(what)) - _FILLERS
    if not wanted:
        return None
    ranked = sorted(((_closeness(each, wanted), n) for n, each in enumerate(fields)), reverse=True)
    found = list(fields)
    if not ranked or ranked[0][0] == 0:
        return None
    tie = len(ranked) > 1 and ranked[1][0] == ranked[0][0]
    return None if tie else found[ranked[0][1]]


def _closeness(each: Field, wanted: frozenset[str]) -> float:
    """Count shared words, typos allowed; the fuller the label is named, the closer."""
    from rapidfuzz import fuzz  # noqa: PLC0415  slow to load

    own = keywords(each) | _by_kind(each)
    shared = sum(
        1
        for word in wanted
        if any(fuzz.ratio(word, other) >= 83 for other in own)  # noqa: PLR2004
    )
    if shared < len(wanted):
        return 0
    return shared + shared / (1 + len(keywords(each)))


_KIND_WORDS = {
    Kind.DATE: frozenset({"date", "day"}),
    Kind.TIME: frozenset({"time"}),
    Kind.DATE_TIME: frozenset({"date", "time", "day"}),
    Kind.EMAIL: frozenset({"email", "mail"}),
    Kind.PHONE: frozenset({"phone", "telephone", "mobile"}),
    Kind.PRODUCTS: frozenset({"order", "product", "item"}),
    Kind.AMOUNT: frozenset({"amount"}),
    Kind.ADDRESS: frozenset({"address"}),
}


def _by_kind(each: Field) -> frozenset[str]:
    return _KIND_WORDS.get(each.kind, frozenset())

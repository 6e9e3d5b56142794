"""Everything that a sentence says about any field; each word is used for one field at most.

Order matters: what can't be mistaken comes first (addresses of e-mail), then what is named by its
label, options, phone numbers, dates, and last the numbers, which fit nearly everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bridge.sandbox.engine.answer import answer, join_moment, web_address
from bridge.sandbox.engine.days import Clock, Day, spot_clocks, spot_days
from bridge.sandbox.engine.findings import Chose, Declined, Finding, Ordered, Pick, Said
from bridge.sandbox.engine.labels import common
from bridge.sandbox.engine.members import items, text_of
from bridge.sandbox.engine.numbers import Number, spot_numbers
from bridge.sandbox.engine.options import take_options
from bridge.sandbox.engine.people import (
    EMAIL,
    URL,
    introduced,
    like_a_name,
    part_of_name,
    phones,
    signed,
)
from bridge.sandbox.engine.phrases import NEGATED
from bridge.sandbox.engine.scene import Draft, Scene, keywords, names, naming
from bridge.sandbox.engine.schema import Field, Kind
from bridge.sandbox.engine.sentence import Sentence, stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.protocol.threads import Json

_NEAR_BEFORE = 3
_NEAR_AFTER = 2
_MOST_NUMBERS = 40
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.ADDRESS)
_NUMBERS = (Kind.NUMBER, Kind.RATING, Kind.AMOUNT)
_CLAUSE_ENDS = r"\s*(?:[,;\n\x00]|[.!?](?:\s|$)|$|\s+and\s+(?:my|the|our|i)\b)"
_COUNTING = frozenset({"piece", "quantity", "unit", "copy", "number"})
_LONGEST_OWN = 100
"""Characters of an option of one's own, named beside others."""
_JOINTS = re.compile(
    r"(?i)^(?:(?:and|with|also|plus|or|no|not|i|want|would|like|the|please)\b\s*)+"
    r"|(?:\s*\b(?:and|with|please|thanks|too))+$"
)
_QUOTED = re.compile('["\u201c\u201e]([^"\u201c\u201d\u201e]{1,1000})["\u201d\u201c]')


def scan(scene: Scene, text: str) -> tuple[Finding, ...]:
    """Return what a free text says, in the order of its certainty."""
    draft = Draft(sentence=Sentence(text=text))
    for take in (
        _take_emails,
        _take_urls,
        _take_named,
        _take_quoted,
        take_options,
        _take_declined,
        _take_phones,
        _take_moments,
        _take_numbers,
        _take_names,
        _take_rest,
    ):
        take(scene, draft)
    return tuple(draft.findings)


def _take_emails(scene: Scene, draft: Draft) -> None:
    for found in EMAIL.finditer(draft.text):
        for field in scene.preferred(draft.missing(scene.of(Kind.EMAIL)))[:1]:
            value = found[0].rstrip(".")
            draft.take(Said(target=field.target, value=value), found.start(), found.end())


def _take_urls(scene: Scene, draft: Draft) -> None:
    for found in URL.finditer(draft.text):
        for field in scene.preferred(draft.missing(scene.of(Kind.URL)))[:1]:
            value = web_address(found[0])
            draft.take(Said(target=field.target, value=value), found.start(), found.end())


def _take_named(scene: Scene, draft: Draft) -> None:
    """Take "my job title is baker", "message: happy birthday"."""
    for field in draft.missing(scene.of(*_TEXTS)):
        for name in names(field):
            found = _opening(field, name, draft.text) or _named(name).search(draft.text)
            if found is not None and not draft.has(field.target):
                value = found["value"]
                bare = re.split(r"\s+and\b", value)[0] if part_of_name(field) else value
                finding = answer(field, bare, scene.now)
                if finding is not None:
                    draft.take(finding, found.start(), found.end())


def _opening(field: Field, name: str, text: str) -> re.Match[str] | None:
    """Take "the message is Happy birthday, Bob!" whole, as far as it goes on about that field."""
    if part_of_name(field):
        return None
    return _named(name, ends=r"\s*,?\s+(?:and\s+)?(?:my|the|our|i)\b|\s*[\n\x00]|\s*$").match(text)


def _named(name: str, *, ends: str = _CLAUSE_ENDS) -> re.Pattern[str]:
    pattern = rf"{naming(name)}(?P<value>[^\n\x00]{{1,1000}}?)(?={ends})"
    return re.compile(pattern, re.IGNORECASE)


def _take_quoted(scene: Scene, draft: Draft) -> None:
    """Take a quotation for the text field that is asked or whose label stands nearby."""
    for found in _QUOTED.finditer(draft.text):
        said = {each.stem for each in words(draft.text[max(0, found.start() - 60) : found.start()])}
        for field in scene.preferred(draft.missing(scene.of(Kind.TEXT, Kind.LONG_TEXT))):
            asked = scene.asked is not None and scene.asked.target == field.target
            if asked or said & keywords(field):
                draft.take(Said(target=field.target, value=found[1]), found.start(), found.end())
                break


def _take_declined(scene: Scene, draft: Draft) -> None:
    """Take "no toppings", "without a message" for what may stay empty."""
    for field in draft.missing(scene.fields):
        if field.required or field.kind is Kind.BOOLEAN:
            continue
        own = keywords(field)
        for word in draft.sentence.words:
            before = draft.text[max(0, word.start - 40) : word.start]
            if word.stem in own and NEGATED.search(before):
                draft.take(Declined(target=field.target), word.start, word.end)
                break


def _take_phones(scene: Scene, draft: Draft) -> None:
    for number, start, end in phones(draft.text):
        for field in scene.preferred(draft.missing(scene.of(Kind.PHONE)))[:1]:
            draft.take(Said(target=field.target, value=number), start, end)


def _take_moments(scene: Scene, draft: Draft) -> None:
    """Take days and times of day; a field with both gets both."""
    fields = scene.of(Kind.DATE, Kind.TIME, Kind.DATE_TIME)
    if not draft.missing(fields):
        return
    asked = scene.asked is not None and scene.asked in fields
    days = list(spot_days(draft.text, scene.now, eager=asked))
    for day in days:
        draft.use(day.start, day.end)
    clocks = list(spot_clocks(draft.text, eager=asked or bool(days)))
    for clock in clocks:
        draft.use(clock.start, clock.end)
    for day in days:
        _give_day(scene, draft, day, clocks)
    for clock in clocks:
        _give_clock(scene, draft, clock)


def _near(draft: Draft, start: int, fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields whose label stands shortly before that place, else all of them."""
    said = [each.stem for each in words(draft.text[max(0, start - 60) : start])][-6:]
    listed = tuple(fields)
    shared = {each.target: len(keywords(each) & set(said)) for each in listed}
    most = max(shared.values(), default=0)
    return tuple(each for each in listed if shared[each.target] == most)


def _give_day(scene: Scene, draft: Draft, day: Day, clocks: list[Clock]) -> None:
    wanted = scene.preferred(draft.missing(scene.of(Kind.DATE, Kind.DATE_TIME)))
    for field in _near(draft, day.start, wanted)[:1]:
        value: str | None = day.value.isoformat()
        if field.kind is Kind.DATE_TIME:
            clock = clocks.pop(0).value.isoformat("seconds") if clocks else None
            value = join_moment(value, clock, scene.values.get(field.target), scene.now)
        draft.findings.append(Said(target=field.target, value=value))


def _give_clock(scene: Scene, draft: Draft, clock: Clock) -> None:
    known = [f for f in scene.of(Kind.DATE_TIME) if f.target in scene.values]
    wanted = scene.preferred(draft.missing((*scene.of(Kind.TIME), *known)))
    for field in _near(draft, clock.start, wanted)[:1]:
        value: str | None = clock.value.isoformat("seconds")
        if field.kind is Kind.DATE_TIME:
            value = join_moment(None, value, scene.values.get(field.target), scene.now)
        draft.findings.append(Said(target=field.target, value=value))


def _take_numbers(scene: Scene, draft: Draft) -> None:
    """Take numbers beside a label's word; one that is left answers the question."""
    for number in spot_numbers(draft.text)[:_MOST_NUMBERS]:
        for field in draft.missing(scene.of(*_NUMBERS)):
            if _beside(draft, number, keywords(field)):
                said = Said(target=field.target, value=str(number.value))
                draft.take(said, number.start, number.end)
                break
    _count_options(scene, draft)
    left = spot_numbers(draft.text)[:_MOST_NUMBERS]
    if len(left) == 1:
        _give_number(scene, draft, left[0])


def _count_options(scene: Scene, draft: Draft) -> None:
    """Give the 2 of "2 laptops" to the field that counts pieces, if there is one."""
    counting = [f for f in draft.missing(scene.of(Kind.NUMBER)) if keywords(f) & _COUNTING]
    if len(counting) != 1:
        return
    for number in spot_numbers(draft.text)[:_MOST_NUMBERS]:
        if re.match(r"\s*(?:[a-z]+\s+)?\x00", draft.text[number.end :]):
            said = Said(target=counting[0].target, value=str(number.value))
            draft.take(said, number.start, number.end)
            return


def _beside(draft: Draft, number: Number, own: frozenset[str]) -> bool:
    before = re.split(r"[\n,;.!?]", draft.text[max(0, number.start - 60) : number.start])[-1]
    after = re.split(r"[\n,;.!?]", draft.text[number.end : number.end + 60])[0]
    said = [each.stem for each in words(before)][-_NEAR_BEFORE:]
    said += [each.stem for each in words(after)][:_NEAR_AFTER]
    return bool(own & set(said))


def _give_number(scene: Scene, draft: Draft, number: Number) -> None:
    asked = scene.asked
    if asked is not None and asked.kind in _NUMBERS and not draft.has(asked.target):
        said = Said(target=asked.target, value=str(number.value))
        draft.take(said, number.start, number.end)
    elif scene.correcting and not draft.findings:
        _correct_number(scene, draft, number)


def _correct_number(scene: Scene, draft: Draft, number: Number) -> None:
    """Give the number to what was answered last: a number, or the one product of an order."""
    for target in reversed(scene.recent):
        field = next((each for each in scene.fields if each.target == target), None)
        if field is not None and field.kind in _NUMBERS:
            draft.take(Said(target=target, value=str(number.value)), number.start, number.end)
            return
        ordered = items(scene.values.get(target))
        if field is not None and field.kind is Kind.PRODUCTS and len(ordered) == 1:
            pick = Pick(product=_product(ordered[0]), quantity=number.value)
            draft.take(Ordered(target=target, picks=(pick,)), number.start, number.end)
            return


def _product(item: Json) -> str:
    return text_of(item, "productId") if isinstance(item, Mapping) else ""


def _take_names(scene: Scene, draft: Draft) -> None:
    """Take "I'm Ada", "my name is Ada Lovelace"."""
    found = introduced(draft.text)
    if found is not None and (said := _names(scene, draft, found[0])):
        draft.findings += said
        draft.use(found[1], found[2])
    elif found is None and (scene.asked is None or scene.asked.kind not in _TEXTS):
        _take_signed(scene, draft)


def _take_signed(scene: Scene, draft: Draft) -> None:
    """Take the name of "Ada, ada@example.com" whatever is asked, if none is known yet."""
    name = signed(draft.text)
    wanted = [each for each in draft.missing(scene.fields) if part_of_name(each)]
    known = {word for each in scene.fields for word in keywords(each)}
    mailed = any(draft.has(each.target) for each in scene.of(Kind.EMAIL))
    telling = name and not common(name) and not known & set(stems(name))
    if telling and mailed and not any(each.target in scene.values for each in wanted):
        said = _names(scene, draft, name)
        draft.findings += said
        draft.use(0, draft.text.index(name) + len(name) if said else 0)


def _names(scene: Scene, draft: Draft, name: str) -> list[Said]:
    """Split a name where the form has fields for both parts."""
    parts = {part_of_name(each): each for each in draft.missing(scene.fields) if part_of_name(each)}
    first, _, last = name.partition(" ")
    if {"first", "last"} <= set(parts) and last:
        return [
            Said(target=parts["first"].target, value=first),
            Said(target=parts["last"].target, value=last),
        ]
    asked = part_of_name(scene.asked) if scene.asked else ""
    for part in (asked, "full", "first"):
        if part in parts:
            return [Said(target=parts[part].target, value=name)]
    return []


def _take_rest(scene: Scene, draft: Draft) -> None:
    """Give what is left to the asked field, if it takes words of one's own."""
    asked = scene.asked
    if asked is None:
        return
    if asked.kind is Kind.CHOICES and asked.custom is not None:
        _add_own_options(asked, draft)
    elif asked.kind in {Kind.TEXT, Kind.ADDRESS} and not draft.has(asked.target):
        _give_piece(scene, draft, asked)


def _give_piece(scene: Scene, draft: Draft, asked: Field) -> None:
    others = [keywords(each) for each in scene.fields if each.target != asked.target]
    for piece in draft.sentence.pieces:
        named = any(own & set(stems(piece)) for own in others)
        if asked.kind is Kind.TEXT and (named or not like_a_name(piece)):
            continue
        if part_of_name(asked) and (said := _names(scene, draft, piece)):
            draft.findings += said
            return
        finding = answer(asked, piece, scene.now)
        if finding is not None and len(piece) > 1:
            draft.findings.append(finding)
            return


def _add_own_options(asked: Field, draft: Draft) -> None:
    """Add "and gold dust" to the options that were named with it."""
    if not all(each.target == asked.target for each in draft.findings):
        return
    own = _own_options(draft)
    for place, each in enumerate(draft.findings):
        if isinstance(each, Chose) and own:
            draft.findings[place] = Chose(
                target=each.target,
                chosen=(*each.chosen, *own),
                removed=each.removed,
                replace=each.replace,
            )
            return


def _own_options(draft: Draft) -> list[str]:
    bare = (_JOINTS.sub("", piece).strip() for piece in draft.sentence.pieces)
    return [each for each in bare if each and len(each) <= _LONGEST_OWN]

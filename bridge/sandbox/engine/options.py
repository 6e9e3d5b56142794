"""Options and products that a text names: chosen, refused, with quantities and amounts."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.sandbox.engine.findings import Chose, Finding, Ordered, Pick, Said
from bridge.sandbox.engine.labels import Hit, exact, labels_of, spot, whole, within
from bridge.sandbox.engine.numbers import spot_numbers
from bridge.sandbox.engine.phrases import CORRECTING, EVERYTHING, NEGATED, REPLACING
from bridge.sandbox.engine.scene import Draft, Scene
from bridge.sandbox.engine.schema import Field, Kind, Product
from bridge.sandbox.engine.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

_BEFORE = re.compile(
    r"\s*(?:(?:[x\u00d7*]|times|of|pieces? of|pcs\.?|more)\s*)?"
    r"(?:(?:the|your|big|small|large|nice)\s+)*"
)
_AFTER = re.compile(r"\s*(?:[x\u00d7*(]|times|of|:|=|-|is|quantity)?\s*[x\u00d7(]?\s*")
_APART = re.compile(r"\s*,\s*")
_CLAUSE_END = re.compile(r"\s*(?:[,;\n]|[.!](?:\s|$)|$)")
_MULTIPLIED = re.compile(r"\s*(?:[x\u00d7*(:=]|times|quantity).*")
_ARTICLE = re.compile(r"(?i)\b(?:an?|another)\s+(?:(?:nice|big|small|large)\s+)*$")
_PASSED = re.compile(r"(?i)\b(?:instead of|rather than)\s+(?:the\s+)?$")
_FROM = re.compile(r"(?i)\bfrom\s+(?:the\s+)?$")
_CHAIN = re.compile(r"(?i)\s*(?:,\s*)?(?:or|nor|and)\s+(?:the\s+)?|\s*,\s*")


def read_options(field: Field, text: str) -> Finding | None:
    """Return which options of one asked field a text chooses."""
    one = whole(labels_of(field), text)
    if one is None and field.kind is Kind.CHOICES and field.options and EVERYTHING.fullmatch(text):
        every = tuple(each.value for each in field.options)
        return Chose(target=field.target, chosen=every, replace=True)
    if one is not None:
        hits: tuple[Hit, ...] = (one,)
    else:
        hits = exact(labels_of(field), text) or ()
        rest = Sentence(text=text)
        for hit in hits:
            rest = rest.without(hit.start, hit.end)
        hits = _in_order((*hits, *spot(labels_of(field), rest.text, asked=field.target)))
        hits = hits or within(labels_of(field), text)
    return _chosen(field, hits, text, asked=True) if hits else None


def read_products(field: Field, text: str) -> Finding | None:
    """Return which products of one asked field a text orders."""
    draft = Draft(sentence=Sentence(text=text))
    take_options(_alone(field), draft)
    return draft.findings[0] if draft.findings else None


def _alone(field: Field) -> Scene:
    from datetime import UTC, datetime  # noqa: PLC0415  a mere placeholder

    return Scene(
        fields=(field,), values={}, recent=(), asked=field, now=datetime.min.replace(tzinfo=UTC)
    )


def take_options(scene: Scene, draft: Draft) -> None:
    """Take every option, product and statement that the text names."""
    text = draft.text
    by_target: dict[str, list[Hit]] = defaultdict(list)
    for hit in _hits(scene, draft):
        by_target[hit.target].append(hit)
    for hits in by_target.values():
        for hit in hits:
            draft.use(hit.start, hit.end)
    for field in scene.fields:
        hits = by_target.get(field.target, [])
        if hits:
            finding = _finding(scene, field, tuple(hits), draft, text)
            if finding is not None:
                draft.findings.append(finding)


def _hits(scene: Scene, draft: Draft) -> tuple[Hit, ...]:
    """Return the hits; those of the asked field are found letter by letter first."""
    taken: tuple[Hit, ...] = ()
    rest = draft.sentence
    asked = scene.asked
    if asked is not None and asked.kind is not Kind.BOOLEAN:
        taken = exact(labels_of(asked), rest.text)
        for hit in taken:
            rest = rest.without(hit.start, hit.end)
    wanted = scene.preferred(draft.missing(scene.fields))
    labels = [label for field in wanted for label in labels_of(field)]
    return _in_order((*taken, *spot(labels, rest.text, asked=asked.target if asked else "")))


def _in_order(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda each: each.start))


def _finding(
    scene: Scene, field: Field, hits: tuple[Hit, ...], draft: Draft, text: str
) -> Finding | None:
    asked = scene.asked is not None and scene.asked.target == field.target
    if field.kind is Kind.PRODUCTS:
        anew = asked and not scene.correcting
        return _ordered(field, hits, draft, text, asked=anew, apart=not _wants_number(scene))
    if field.kind is Kind.BOOLEAN:
        return Said(target=field.target, value=not _refused(text, hits, 0))
    return _chosen(field, hits, text, asked=asked)


def _wants_number(scene: Scene) -> bool:
    """Say whether a bare number would answer the question."""
    return scene.asked is not None and scene.asked.kind in {Kind.NUMBER, Kind.RATING, Kind.AMOUNT}


def _chosen(field: Field, hits: tuple[Hit, ...], text: str, *, asked: bool) -> Finding | None:
    wanted = [hit for n, hit in enumerate(hits) if not _refused(text, hits, n)]
    removed = [hit for n, hit in enumerate(hits) if _refused(text, hits, n)]
    if field.kind is Kind.CHOICE:
        return _one(field, wanted, text)
    additive = re.search(r"(?i)\b(?:add|also|plus|too|as well|more|extra)\b", text) is not None
    return Chose(
        target=field.target,
        chosen=tuple(field.options[hit.index].value for hit in wanted),
        removed=tuple(field.options[hit.index].value for hit in removed),
        replace=bool(wanted) and not additive and (asked or REPLACING.search(text) is not None),
    )


def _one(field: Field, wanted: list[Hit], text: str) -> Finding | None:
    """Take the one option that is named; of several only a correction's last."""
    if not wanted or (len(wanted) > 1 and not CORRECTING.search(text)):
        return None
    if len(wanted) > 1 and re.search(r"(?i)\bor\b", text[wanted[0].end : wanted[-1].start]):
        return None
    return Said(target=field.target, value=field.options[wanted[-1].index].value)


def _refused(text: str, hits: tuple[Hit, ...], place: int) -> bool:
    """Say whether "no", "without" or "instead of" stands before the hit or its neighbour."""
    before = text[max(0, hits[place].start - 40) : hits[place].start]
    if NEGATED.search(before) or _PASSED.search(before):
        return True
    if _FROM.search(before) and re.match(r"(?i)\s+to\b", text[hits[place].end :]):
        return True
    if place == 0:
        return False
    between = text[hits[place - 1].end : hits[place].start]
    joined = _CHAIN.fullmatch(between) is not None and "," not in between
    return joined and _refused(text, hits, place - 1)


def _ordered(
    field: Field, hits: tuple[Hit, ...], draft: Draft, text: str, *, asked: bool, apart: bool
) -> Ordered:
    picks: list[Pick] = []
    removed: list[str] = []
    for place, hit in enumerate(hits):
        product = field.products[hit.index]
        if _refused(text, hits, place):
            removed.append(product.id)
        else:
            pick = _pick(product, hit, draft)
            picks.append(_counted_apart(product, pick, hit, draft) if apart else pick)
    anew = bool(picks) and (asked or REPLACING.search(text) is not None)
    return Ordered(target=field.target, picks=tuple(picks), removed=tuple(removed), replace=anew)


def _pick(product: Product, hit: Hit, draft: Draft) -> Pick:
    """Return the product with the number beside it: a quantity, or the amount of a chosen price."""
    number = _beside(hit, draft)
    if product.price or product.most:
        return Pick(product=product.id, quantity=number)
    return Pick(product=product.id, price=None if _single(number, draft, hit) else number)


def _counted_apart(product: Product, pick: Pick, hit: Hit, draft: Draft) -> Pick:
    """Take the 2 of "two-tier cake, 2, on Friday" for the quantity, if it can be one."""
    if pick.quantity is not None or product.most is None:
        return pick
    for each in spot_numbers(draft.text):
        alone = each.start >= hit.end and _APART.fullmatch(draft.text[hit.end : each.start])
        fits = product.least <= each.value <= product.most
        if alone and fits and _CLAUSE_END.match(draft.text[each.end :]):
            draft.use(each.start, each.end)
            return replace(pick, quantity=each.value)
    return pick


def _single(number: Decimal | None, draft: Draft, hit: Hit) -> bool:
    """Say whether the number is the 1 of an article: "a tip" names no amount."""
    return number == 1 and _ARTICLE.search(draft.text[: hit.start]) is not None


def _beside(hit: Hit, draft: Draft) -> Decimal | None:
    from decimal import Decimal as Number  # noqa: PLC0415  only here at run time

    numbers = spot_numbers(draft.text)
    for each in numbers:
        if each.end <= hit.start and _BEFORE.fullmatch(draft.text[each.end : hit.start]):
            draft.use(each.start, each.end)
            return each.value
    for each in numbers:
        between = draft.text[hit.end : each.start]
        if each.start < hit.end or not _AFTER.fullmatch(between):
            continue
        if _MULTIPLIED.match(between) or not _counts_next(draft, each.end):
            draft.use(each.start, each.end)
            return each.value
    return Number(1) if _ARTICLE.search(draft.text[: hit.start]) else None


def _counts_next(draft: Draft, end: int) -> bool:
    """Say whether the number belongs to what follows it: "brownie, 2 cakes", "cake 20 guests"."""
    return (
        re.match(
            r"\s*(?:[x\u00d7]\s*)?(?!and\b|please\b|with\b|for\b|on\b|to\b|in\b)[\w\x00]",
            draft.text[end:],
        )
        is not None
    )

"""Findings put into the session's values: checked, merged, acknowledged or refused.

A refused value changes nothing: the earlier one stays. What is understood is told by TEXT_DATA,
what is refused by IMPORTANT_TEXT.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bridge.sandbox.engine import chunks
from bridge.sandbox.engine.basket import merge_picks, needs, picks_of, settle
from bridge.sandbox.engine.display import data
from bridge.sandbox.engine.findings import Chose, Declined, Finding, Ordered, Pick, Said
from bridge.sandbox.engine.members import decimal, items
from bridge.sandbox.engine.schema import Field, Kind
from bridge.sandbox.engine.validate import check
from bridge.sandbox.engine.verdict import Bad, Good

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bridge.protocol.threads import Json, JsonObject
    from bridge.sandbox.engine.state import SessionState


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The values of one session while a message is put into them."""

    fields: Mapping[str, Field]
    values: dict[str, Json]
    baskets: dict[str, tuple[Pick, ...]]
    offered: set[str]
    recent: list[str]
    now: datetime
    chunks: list[JsonObject] = field(default_factory=list["JsonObject"])
    understood: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])

    def into(self, state: SessionState) -> SessionState:
        """Return the state with these values."""
        return replace(
            state,
            values=dict(self.values),
            baskets=dict(self.baskets),
            offered=frozenset(self.offered),
            recent=tuple(self.recent),
        )


def open_ledger(state: SessionState, fields: tuple[Field, ...], now: datetime) -> Ledger:
    """Return a ledger of a session; `fields`: those that may be answered."""
    return Ledger(
        fields={each.target: each for each in fields},
        values=dict(state.values),
        baskets=dict(state.baskets),
        offered=set(state.offered),
        recent=list(state.recent),
        now=now,
    )


def put_values(ledger: Ledger, values: JsonObject) -> None:
    """Merge given values: unknown targets are ignored, null clears."""
    for target, value in values.items():
        each = ledger.fields.get(target)
        if each is None:
            continue
        if value is None or value in ("", ()) or (value == [] and not each.required):
            _decline(ledger, each, quietly=True)
        else:
            _put(ledger, each, value)


def put_findings(ledger: Ledger, findings: tuple[Finding, ...]) -> None:
    """Put what a message said into the values."""
    order = {target: place for place, target in enumerate(ledger.fields)}
    for finding in sorted(findings, key=lambda one: order.get(one.target, len(order))):
        each = ledger.fields.get(finding.target)
        if each is None:
            continue
        match finding:
            case Said(value=value):
                _put(ledger, each, value)
            case Chose():
                _choose(ledger, each, finding)
            case Ordered():
                _order(ledger, each, finding)
            case Declined():
                _decline(ledger, each, quietly=False)


def _put(ledger: Ledger, each: Field, value: Json) -> None:
    ordered = _as_order(each, value, ledger) if each.kind is Kind.PRODUCTS else None
    if ordered is not None:
        _order(ledger, each, ordered)
        return
    verdict = check(each, value, ledger.now)
    match verdict:
        case Bad(text=words):
            _refuse(ledger, each, words)
        case Good(value=good):
            ledger.baskets.pop(each.target, None)
            _store(ledger, each, good)


def _as_order(each: Field, value: Json, ledger: Ledger) -> Ordered | None:
    """Take product ids, or a number while a quantity or an amount is open, as an order."""
    number = decimal(value)
    open_ones = ledger.baskets.get(each.target, ())
    if number is not None and not isinstance(value, str) and open_ones:
        return fill_next(each, open_ones, str(number))
    ids = {product.id for product in each.products}
    given = (value,) if isinstance(value, str) else items(value)
    if given and all(isinstance(one, str) and one in ids for one in given):
        picks = tuple(Pick(product=str(one)) for one in dict.fromkeys(given))
        return Ordered(target=each.target, picks=picks, replace=True)
    return None


def fill_next(each: Field, picks: tuple[Pick, ...], number: str) -> Ordered | None:
    """Return the order in which a number answers the first thing that is open, or None."""
    found = needs(each, picks)
    value = decimal(number)
    if found is None or value is None:
        return None
    pick, what = found
    filled = replace(pick, quantity=value) if what == "quantity" else replace(pick, price=value)
    return Ordered(target=each.target, picks=(filled,))


def _choose(ledger: Ledger, each: Field, finding: Chose) -> None:
    earlier = () if finding.replace else items(ledger.values.get(each.target))
    wanted = [one for one in (*earlier, *finding.chosen) if one not in finding.removed]
    merged = [one for n, one in enumerate(wanted) if one not in wanted[:n]]
    if merged:
        _put(ledger, each, merged)
    elif each.target in ledger.values or not each.required:
        _decline(ledger, each, quietly=False)


def _order(ledger: Ledger, each: Field, finding: Ordered) -> None:
    known = ledger.baskets.get(each.target) or picks_of(each, ledger.values.get(each.target))
    merged = merge_picks(known, finding)
    settled = settle(each, merged)
    for words in settled.problems:
        _refuse(ledger, each, words)
    if not settled.picks:
        ledger.baskets.pop(each.target, None)
        if not settled.problems:
            _decline(ledger, each, quietly=False)
    elif needs(each, settled.picks) is not None:
        ledger.baskets[each.target] = settled.picks
        ledger.values.pop(each.target, None)
        ledger.understood.append(each.target)
    else:
        _put_items(ledger, each, settled.items)


def _put_items(ledger: Ledger, each: Field, ordered: list[Json]) -> None:
    verdict = check(each, ordered, ledger.now)
    ledger.baskets.pop(each.target, None)
    match verdict:
        case Bad(text=words):
            _refuse(ledger, each, words)
        case Good(value=good):
            _store(ledger, each, good)


def _store(ledger: Ledger, each: Field, value: Json) -> None:
    ledger.understood.append(each.target)
    ledger.offered.add(each.target)
    if ledger.values.get(each.target) == value and each.target in ledger.values:
        return
    ledger.values[each.target] = value
    ledger.recent = [*(t for t in ledger.recent if t != each.target), each.target]
    ledger.chunks.append(data(each, value))


def _refuse(ledger: Ledger, each: Field, words: str) -> None:
    ledger.refused.append(each.target)
    ledger.chunks.append(chunks.important(each.target, words))


def _decline(ledger: Ledger, each: Field, *, quietly: bool) -> None:
    """Empty a field; a required one is asked again."""
    had = ledger.values.pop(each.target, None)
    ledger.baskets.pop(each.target, None)
    ledger.understood.append(each.target)
    if not each.required:
        ledger.offered.add(each.target)
    if each.required and not quietly:
        ledger.chunks.append(chunks.important(each.target, f"{each.name}: this one is needed."))
    elif had is not None:
        ledger.chunks.append(chunks.data(each.target, f"{each.name}: none", None, "none"))

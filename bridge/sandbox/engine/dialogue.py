"""The conversation: what is said first, what a message leads to, what is asked next.

Pure: time is an argument. One submission per session: `Turned.submit` is set once, when the person
agrees to the summary; after that every message gets the same short answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.sandbox.engine import chunks
from bridge.sandbox.engine.basket import needs, product_of
from bridge.sandbox.engine.display import data, money, total
from bridge.sandbox.engine.ledger import (
    Ledger,
    fill_next,
    open_ledger,
    put_findings,
    put_values,
)
from bridge.sandbox.engine.numbers import whole_number
from bridge.sandbox.engine.phrases import Intent, means
from bridge.sandbox.engine.questions import ask, ask_amount, ask_quantity, cannot, question
from bridge.sandbox.engine.rules import standing
from bridge.sandbox.engine.scene import Scene, called
from bridge.sandbox.engine.state import SessionState, Stage, Turned
from bridge.sandbox.engine.summary import (
    change_target,
    confirm,
    confirmation_target,
    summary,
    what_to_change,
)
from bridge.sandbox.engine.understand import Understood, understand

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.protocol.threads import Json, JsonObject
    from bridge.sandbox.engine.schema import Field, Form

MAX_INPUT = 10_000
"""Characters of one message. Source: the SDK's types."""
_CLOSED = "This form is closed at the moment."
_SENT = "This has been sent already. For another one, please start over in a new conversation."
_LOST = "I did not get that."


def begin(
    form: Form, *, values: JsonObject, now: datetime, dry_run: bool
) -> tuple[SessionState, tuple[JsonObject, ...]]:
    """Return a new session and what is said first; `values` are known from elsewhere."""
    state = SessionState(dry_run=dry_run)
    if not form.enabled:
        return state, (chunks.error(form.closed_text or _CLOSED),)
    ledger = open_ledger(state, _writable(form, values, now), now)
    put_values(ledger, values)
    state = ledger.into(state)
    known = [*ledger.chunks]
    if known and (missing := _missing(form, state, now)):
        known.append(_still_needed(missing))
    state, asked = _ask_next(form, state, ledger.refused, now)
    return state, (*_greeting(form), *known, chunks.separator(), *asked)


def reply(
    form: Form, state: SessionState, *, text: str | None, values: JsonObject | None, now: datetime
) -> Turned:
    """Return what a message leads to."""
    if not form.enabled:
        return Turned(state=state, chunks=(chunks.error(form.closed_text or _CLOSED),))
    if state.stage is Stage.SUBMITTED:
        return Turned(state=state, chunks=(chunks.text(_SENT),))
    words = (text or "").replace("\x00", " ").replace("\r\n", "\n").strip()
    if len(words) > MAX_INPUT:
        over = len(words) - MAX_INPUT
        advice = f"That is too long. Please shorten it by {over} characters."
        return Turned(state=state, chunks=(chunks.error(advice),))
    return _answered(form, state, words, dict(values or {}), now)


def _answered(
    form: Form, state: SessionState, words: str, values: dict[str, Json], now: datetime
) -> Turned:
    agreed = _agreement(form, state, words, values)
    if agreed is not None:
        return _submit(form, state, now) if agreed else _what_to_change(form, state, now)
    about = _chosen_change(form, state, values)
    ledger = open_ledger(state, _writable(form, {**state.values, **values}, now), now)
    put_values(ledger, values)
    given = frozenset(values) - {confirmation_target(form), change_target(form)}
    understood = _read(form, state, ledger, words, given=given)
    put_findings(ledger, tuple(f for f in understood.findings if f.target not in given))
    about = about or understood.about
    if understood.intent is not None and not ledger.understood and not ledger.refused:
        return _small_talk(form, state, understood.intent, now)
    state = ledger.into(state)
    if about:
        return _ask_again(form, state, about, ledger, now)
    if not ledger.understood and not ledger.refused:
        return _nothing_new(form, state, words, now)
    state, asked = _ask_next(form, replace(state, stage=Stage.ASKING), ledger.refused, now)
    debug = (chunks.debug(ledger.understood),) if form.debug else ()
    return Turned(state=state, chunks=(*debug, *ledger.chunks, *_spaced(ledger, asked)))


def _spaced(ledger: Ledger, asked: tuple[JsonObject, ...]) -> tuple[JsonObject, ...]:
    return (chunks.separator(), *asked) if ledger.chunks else asked


# --- fields -----------------------------------------------------------------------------------


def _visible(form: Form, values: JsonObject, now: datetime) -> tuple[Field, ...]:
    return tuple(each for each in standing(form, values, now) if not each.hidden)


def _writable(form: Form, values: JsonObject, now: datetime) -> tuple[Field, ...]:
    return tuple(each for each in _visible(form, values, now) if each.chattable)


def _askable(form: Form, values: JsonObject, now: datetime) -> tuple[Field, ...]:
    return tuple(each for each in _writable(form, values, now) if not each.read_only)


def _missing(form: Form, state: SessionState, now: datetime) -> tuple[Field, ...]:
    fields = _askable(form, state.values, now)
    return tuple(each for each in fields if each.required and each.target not in state.values)


# --- reading ----------------------------------------------------------------------------------


def _agreement(form: Form, state: SessionState, words: str, values: dict[str, Json]) -> bool | None:
    """Return what the person says to the summary; None if it is something else."""
    if state.stage is not Stage.CONFIRMING:
        return None
    given = values.get(confirmation_target(form))
    if given is not None:
        return str(given).strip().casefold() in {"yes", "true"}
    if values:
        return None
    if means(words, Intent.YES):
        return True
    return False if means(words, Intent.NO) else None


def _chosen_change(form: Form, state: SessionState, values: dict[str, Json]) -> str:
    if state.stage is not Stage.CHANGING:
        return ""
    target = str(values.get(change_target(form), ""))
    return target if form.field(target) else ""


def _read(
    form: Form,
    state: SessionState,
    ledger: Ledger,
    words: str,
    *,
    given: frozenset[str],
) -> Understood:
    """Return what the words say; a number answers an open quantity or amount first."""
    if not words:
        return Understood()
    fields = _askable(form, {**state.values, **ledger.values}, ledger.now)
    asked = next((each for each in fields if each.target == state.asked), None)
    basket = state.baskets.get(state.asked, ())
    number = whole_number(words)
    if asked is not None and basket and number is not None and asked.target not in given:
        order = fill_next(asked, basket, str(number))
        return Understood(findings=(order,)) if order else Understood()
    if state.stage is not Stage.ASKING and (named := _named(fields, words)):
        return Understood(about=named)
    scene = Scene(
        fields=fields,
        values=state.values,
        recent=state.recent,
        asked=None if basket else asked,
        now=ledger.now,
        correcting=state.stage is not Stage.ASKING,
    )
    return understand(scene, words, question)


def _named(fields: tuple[Field, ...], words: str) -> str:
    """Return the field of which the words are nothing but the name."""
    wanted = words.casefold().strip()
    for each in fields:
        if wanted in (each.label.strip().casefold(), each.name.casefold()):
            return each.target
    short = len(words.split()) <= 4 and not any(map(str.isdigit, words))  # noqa: PLR2004
    found = called(fields, words) if short else None
    return found.target if found else ""


# --- asking -----------------------------------------------------------------------------------


def _greeting(form: Form) -> tuple[JsonObject, ...]:
    errand = "take your order" if form.sells else "fill this in with you"
    words = f"Hello! I'll {errand}. Answer one by one, or several things in one sentence."
    return chunks.paragraphs(chunks.text(form.name, bold=True), chunks.text(words))


def _still_needed(missing: tuple[Field, ...]) -> JsonObject:
    listed = ", ".join(each.name for each in missing)
    return chunks.important(missing[0].target, f"Still needed: {listed}.")


def _ask_next(
    form: Form, state: SessionState, refused: list[str], now: datetime
) -> tuple[SessionState, tuple[JsonObject, ...]]:
    """Return the next question, or the summary when there is none left."""
    fields = _visible(form, state.values, now)
    for each in fields:
        if each.target in state.baskets and needs(each, state.baskets[each.target]):
            return replace(state, asked=each.target), _ask_open(each, state)
    said: list[JsonObject] = []
    offered = set(state.offered)
    wanted = None
    for each in sorted(fields, key=lambda one: one.target not in refused):
        if not each.chattable and each.target not in offered:
            offered.add(each.target)
            said += cannot(each)
        elif _is_due(each, state, offered) or _is_open(each, refused):
            wanted = each
            break
    state = replace(state, offered=frozenset(offered))
    if wanted is None:
        done = replace(state, stage=Stage.CONFIRMING, asked="")
        return done, (*said, *summary(form, fields, state.values))
    return _asking(state, wanted), (*said, *ask(wanted))


def _is_due(each: Field, state: SessionState, offered: set[str]) -> bool:
    if not each.chattable or each.read_only or each.target in state.values:
        return False
    return each.required or each.target not in offered


def _is_open(each: Field, refused: list[str]) -> bool:
    """Say whether the field was answered wrongly just now: then it is asked again."""
    return each.target in refused and each.chattable and not each.read_only


def _asking(state: SessionState, field: Field) -> SessionState:
    """An optional field that was passed over once is asked a second time, and no more."""
    again = not field.required and state.asked == field.target
    offered = state.offered | {field.target} if again else state.offered
    return replace(state, stage=Stage.ASKING, asked=field.target, offered=offered)


def _ask_open(each: Field, state: SessionState) -> tuple[JsonObject, ...]:
    found = needs(each, state.baskets[each.target])
    if found is None:
        return ask(each)
    pick, what = found
    product = product_of(each, pick)
    return ask_quantity(each, product) if what == "quantity" else ask_amount(each, product)


def _ask_again(
    form: Form, state: SessionState, target: str, ledger: Ledger, now: datetime
) -> Turned:
    fields = {each.target: each for each in _askable(form, state.values, now)}
    field = fields.get(target)
    if field is None:
        return _lost(form, state, now)
    asked = ask(field)
    return Turned(state=_asking(state, field), chunks=(*ledger.chunks, *_spaced(ledger, asked)))


def _open_question(form: Form, state: SessionState, now: datetime) -> tuple[JsonObject, ...]:
    """Return the question that is open, once more."""
    match state.stage:
        case Stage.CONFIRMING:
            return confirm(form)
        case Stage.CHANGING:
            return what_to_change(form, _askable(form, state.values, now), state.values)
        case Stage.ASKING | Stage.SUBMITTED:
            fields = _askable(form, state.values, now)
            field = next((each for each in fields if each.target == state.asked), None)
            if field is None:
                return ()
            return _ask_open(field, state) if field.target in state.baskets else ask(field)


# --- answers without a value ------------------------------------------------------------------


def _nothing_new(form: Form, state: SessionState, words: str, now: datetime) -> Turned:
    """Answer a message without any value: "skip" goes on where that is possible."""
    fields = _askable(form, state.values, now)
    field = next((each for each in fields if each.target == state.asked), None)
    if field is None or not means(words, Intent.SKIP):
        return _lost(form, state, now)
    if field.target in state.values:
        state, asked = _ask_next(form, state, [], now)
        return Turned(state=state, chunks=asked)
    needed = chunks.important(field.target, f"{field.name}: this one is needed.")
    return Turned(state=state, chunks=(needed, *_open_question(form, state, now)))


def _lost(form: Form, state: SessionState, now: datetime) -> Turned:
    asked = _open_question(form, state, now)
    if not asked:
        state, asked = _ask_next(form, state, [], now)
    return Turned(state=state, chunks=(chunks.text(_LOST), chunks.separator(), *asked))


def _small_talk(form: Form, state: SessionState, intent: Intent, now: datetime) -> Turned:
    if intent is Intent.SKIP:
        return _nothing_new(form, state, "skip", now)
    if intent is Intent.RESTART:
        fresh, said = begin(form, values={}, now=now, dry_run=state.dry_run)
        return Turned(state=fresh, chunks=said)
    told = _told(form, state, intent, now)
    asked = _open_question(form, state, now)
    return Turned(state=state, chunks=(*told, chunks.separator(), *asked))


def _told(form: Form, state: SessionState, intent: Intent, now: datetime) -> tuple[JsonObject, ...]:
    if intent is Intent.STATUS:
        fields = _visible(form, state.values, now)
        known = [data(e, state.values[e.target]) for e in fields if e.target in state.values]
        amount = total(fields, state.values)
        cost = [] if amount is None else [chunks.text(f"Total: {money(amount)}")]
        return (*known, *cost) or (chunks.text("Nothing yet."),)
    if intent is Intent.HELP:
        missing = ", ".join(each.name for each in _missing(form, state, now))
        need = f"I still need: {missing}." if missing else "I have all that is needed."
        return (chunks.text(f"{need} Correct anything in your own words."),)
    return (chunks.text("You're welcome." if intent is Intent.THANKS else "Hello!"),)


def _what_to_change(form: Form, state: SessionState, now: datetime) -> Turned:
    fields = _askable(form, state.values, now)
    return Turned(
        state=replace(state, stage=Stage.CHANGING, asked=""),
        chunks=what_to_change(form, fields, state.values),
    )


def _submit(form: Form, state: SessionState, now: datetime) -> Turned:
    """Return the final values; those of hidden fields and empty ones stay out."""
    fields = _visible(form, state.values, now)
    final = {
        each.target: state.values[each.target]
        for each in fields
        if state.values.get(each.target) not in (None, "", [])
    }
    words = "Thank you! Your order is on its way." if form.sells else "Thank you! It has been sent."
    return Turned(
        state=replace(state, stage=Stage.SUBMITTED, asked=""),
        chunks=(chunks.text(words),),
        submit=final,
    )

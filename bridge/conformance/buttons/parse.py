"""A webhook's payload as events. Pure.

Every payload has `id`, `kind`, `thread`, `person` and `at`; `phone` says what else.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypedDict

from bridge.conformance.buttons.limits import SPELLINGS
from bridge.conformance.buttons.taps import Deed, Tap, read_tap
from bridge.protocol.errors import Malformed
from bridge.protocol.events import (
    AskCustom,
    Choice,
    Command,
    CommandName,
    DeliveryReport,
    DeliveryState,
    Link,
    Nudge,
    Number,
    OptIn,
    OptOut,
    Page,
    Text,
    ThreadBack,
    ThreadGone,
    ThreadMoved,
    Toggle,
    Unsupported,
    WidgetStep,
)
from bridge.protocol.threads import PersonKey, ThreadKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.protocol.events import AnyEvent, Step
    from bridge.protocol.threads import JsonObject

CHANNEL = "buttons:"
BOT = "bot"
"""Who we are on the platform; it echoes what we send."""

_COMMAND = re.compile(r"\s*/([a-z]+)(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_NAMES = {spelling[1:]: name for name, spelling in SPELLINGS.items()}


class _Head(TypedDict):
    """The members that every event has."""

    key: str
    thread: ThreadKey
    person: PersonKey
    at: float
    tap: str | None


def parse(raw: JsonObject) -> tuple[AnyEvent, ...]:
    """Return what happened; nothing for our own echo. Raises `Malformed`."""
    if raw.get("person") == BOT:
        return ()
    head = _head(raw)
    kind = _text(raw, "kind")
    read = _KINDS.get(kind)
    return (_unknown(head, "kind") if read is None else read(head, raw),)


def _head(raw: JsonObject) -> _Head:
    at = raw.get("at")
    if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at):
        raise Malformed("A payload needs the time `at`, in seconds.")
    tap = _text(raw, "tap") if "tap" in raw else None
    return _Head(
        key=CHANNEL + _text(raw, "id"),
        thread=ThreadKey(CHANNEL + _text(raw, "thread")),
        person=PersonKey(CHANNEL + _text(raw, "person")),
        at=float(at),
        tap=tap,
    )


def _text(raw: JsonObject, name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(f"A payload needs {name!r} as a text.")
    return value.encode("utf-8", "replace").decode()


def _said(head: _Head, raw: JsonObject) -> AnyEvent:
    text = _text(raw, "text")
    found = _COMMAND.fullmatch(text)
    if found is None:
        return _as_text(head, text)
    name = _NAMES.get(found[1].lower())
    if name is None:
        return _unknown(head, "command")
    return Command(
        **head,
        name=name,
        argument=(found[2] or "").strip(),
    )


def _as_text(head: _Head, text: str) -> Text:
    return Text(**head, text=text)


def _unknown(head: _Head, kind: str) -> Unsupported:
    return Unsupported(**head, kind=kind)


def _tapped(head: _Head, raw: JsonObject) -> AnyEvent:
    tap = read_tap(_text(raw, "data"))
    return _unknown(head, "tap") if tap is None else _meant(head, tap)


def _meant(head: _Head, tap: Tap) -> AnyEvent:
    match tap.deed:
        case Deed.CHOOSE:
            return _chosen(head, tap, chosen=(int(tap.argument),))
        case Deed.CONFIRM:
            return _chosen(head, tap)
        case Deed.ACCEPT:
            return _number(head, tap, None)
        case Deed.CHANGE:
            return Command(
                **head,
                name=CommandName.CHANGE,
                prompt=tap.prompt,
            )
        case Deed.TOGGLE | Deed.PAGE | Deed.NUDGE | Deed.OTHER:
            return _step(head, tap, _steps(tap))


def _steps(tap: Tap) -> Step:
    match tap.deed:
        case Deed.TOGGLE:
            return Toggle(index=int(tap.argument))
        case Deed.PAGE:
            return Page(number=int(tap.argument))
        case Deed.NUDGE:
            return Nudge(delta=Decimal(tap.argument))
        case Deed.OTHER | Deed.CHOOSE | Deed.CONFIRM | Deed.ACCEPT | Deed.CHANGE:
            return AskCustom()


def _step(head: _Head, tap: Tap, step: Step) -> WidgetStep:
    return WidgetStep(
        **head,
        prompt=tap.prompt,
        rev=tap.rev,
        step=step,
    )


def _chosen(
    head: _Head, tap: Tap, chosen: tuple[int, ...] | None = None, custom: str | None = None
) -> Choice:
    return Choice(
        **head,
        prompt=tap.prompt,
        rev=tap.rev,
        chosen=chosen,
        custom=custom,
    )


def _number(head: _Head, tap: Tap, value: Decimal | None) -> Number:
    return Number(
        **head,
        prompt=tap.prompt,
        rev=tap.rev,
        value=value,
    )


def _submitted(head: _Head, raw: JsonObject) -> AnyEvent:
    """Read a modal: an answer of one's own, or a number; what is no number is judged as a text."""
    tap, text = read_tap(_text(raw, "data")), _text(raw, "text")
    if tap is None:
        return _unknown(head, "modal")
    if tap.deed is not Deed.ACCEPT:
        return _chosen(head, tap, custom=text)
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return _as_text(head, text)
    return _number(head, tap, value) if value.is_finite() else _as_text(head, text)


def _linked(head: _Head, raw: JsonObject) -> Link:
    return Link(
        **head,
        token=_text(raw, "token"),
    )


def _moved(head: _Head, raw: JsonObject) -> ThreadMoved:
    to = ThreadKey(CHANNEL + _text(raw, "to"))
    return ThreadMoved(**head, to=to)


def _reported(head: _Head, raw: JsonObject) -> AnyEvent:
    name = _text(raw, "state")
    state = next((state for state in DeliveryState if state.value == name), None)
    if state is None:
        return _unknown(head, "report")
    return DeliveryReport(
        **head,
        receipt=_text(raw, "receipt"),
        state=state,
    )


def _gone(head: _Head, _raw: JsonObject) -> ThreadGone:
    return ThreadGone(**head)


def _back(head: _Head, _raw: JsonObject) -> ThreadBack:
    return ThreadBack(**head)


def _opted_out(head: _Head, _raw: JsonObject) -> OptOut:
    return OptOut(**head)


def _opted_in(head: _Head, _raw: JsonObject) -> OptIn:
    return OptIn(**head)


_KINDS: dict[str, Callable[[_Head, JsonObject], AnyEvent]] = {
    "text": _said,
    "tap": _tapped,
    "modal": _submitted,
    "link": _linked,
    "moved": _moved,
    "report": _reported,
    "gone": _gone,
    "back": _back,
    "opt-out": _opted_out,
    "opt-in": _opted_in,
}

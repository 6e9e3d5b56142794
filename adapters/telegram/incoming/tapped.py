"""A tap as an event. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from adapters.telegram.taps import Deed, read_tap
from bridge.protocol.events import (
    AskCustom,
    Choice,
    Command,
    CommandName,
    Nudge,
    Number,
    Page,
    Reveal,
    Toggle,
    Unsupported,
    WidgetStep,
)

if TYPE_CHECKING:
    from adapters.telegram.incoming.reading import Head
    from adapters.telegram.taps import Tap
    from bridge.protocol.events import AnyEvent, Step

_Changes: TypeAlias = Literal[Deed.TOGGLE, Deed.PAGE, Deed.REVEAL, Deed.NUDGE, Deed.OTHER]
"""What changes the widget and is no answer yet."""


def tapped(head: Head, data: str) -> AnyEvent:
    """Return what a button with this data means; what we never wrote is `Unsupported`."""
    tap = read_tap(data)
    return Unsupported(**head, kind="this button") if tap is None else _meant(head, tap)


def _meant(head: Head, tap: Tap) -> AnyEvent:
    match tap.deed:
        case Deed.CHOOSE | Deed.CONFIRM:
            chosen = (int(tap.argument),) if tap.argument else None
            return Choice(**head, prompt=tap.prompt, rev=tap.rev, chosen=chosen)
        case Deed.NUMBER | Deed.ACCEPT:
            value = Decimal(tap.argument) if tap.argument else None
            return Number(**head, prompt=tap.prompt, rev=tap.rev, value=value)
        case Deed.CHANGE:
            return Command(**head, name=CommandName.CHANGE, prompt=tap.prompt)
        case Deed.TOGGLE | Deed.PAGE | Deed.REVEAL | Deed.NUDGE | Deed.OTHER as deed:
            step = _step(deed, tap.argument)
            return WidgetStep(**head, prompt=tap.prompt, rev=tap.rev, step=step)


def _step(deed: _Changes, argument: str) -> Step:
    match deed:
        case Deed.TOGGLE:
            return Toggle(index=int(argument))
        case Deed.PAGE:
            return Page(number=int(argument))
        case Deed.REVEAL:
            return Reveal(index=int(argument))
        case Deed.NUDGE:
            return Nudge(delta=Decimal(argument))
        case Deed.OTHER:
            return AskCustom()

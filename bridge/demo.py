"""The demo: one chat with the sandbox, in this terminal or through a pipe.

A channel that is turned on by hand holds the terminal itself. Any other is shown by its stand-in:
the platform in miniature runs on loopback, and the terminal is a phone there.

Knows: playground and stage, and what to say before and after. Must not know: any channel by more
than its descriptor.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from sqlalchemy import func, select

from bridge.conversation.state import Payment
from bridge.handset import facing
from bridge.handset.hand import Phone
from bridge.playground import catalogue_of, playground
from bridge.protocol.adapter import LineHooks
from bridge.protocol.errors import Misconfigured
from bridge.protocol.events import CommandName
from bridge.sandbox.forms import FILES
from bridge.sandbox.ledger import Act
from bridge.stage import staged
from bridge.store.tables import conversation, inbox
from bridge.till import TillError, press

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
    from pathlib import Path
    from typing import Any

    from bridge.app import App
    from bridge.protocol.adapter import Adapter, Descriptor
    from bridge.protocol.threads import Json, JsonObject
    from bridge.store.database import Database

WORDS = {"!pay": Act.PAY, "!decline": Act.DECLINE, "!cancel-order": Act.CANCEL}
"""What may be typed instead of pressing the button on the checkout page."""

LINK_WAIT, PAYMENT_WAIT = 5.0, 10.0
"""Seconds for the link to come, and for the chat to see the payment, before the demo gives up."""

_PAUSE = 0.05
_BECOMES = {
    Act.PAY: Payment.PAID,
    Act.DECLINE: Payment.DECLINED,
    Act.CANCEL: Payment.CANCELLED,
}
_FINAL = {Payment.PAID, Payment.CANCELLED}
_LAST_ORDER = (
    select(conversation.c.id, conversation.c.checkout_url, conversation.c.payment)
    .where(conversation.c.checkout != "")
    .order_by(conversation.c.created_at.desc())
    .limit(1)
)
_EVENTS = select(func.count()).select_from(inbox)

INTRO = """\
This is threadform's demo: a form is filled in by chatting. The shop is a sandbox on this machine;
nothing leaves it, no money moves, and nothing is kept.

  Answer in your own words, or with the number of a choice; several answers at once are fine.
  When the payment link comes, open it in a browser, or type !pay (or !decline, !cancel-order).
  /help lists what else you can type. Leave with Ctrl-D.
"""

ON_A_PHONE = """\
This is threadform's demo: {title} in miniature, and this terminal is the phone. A form is filled \
in by chatting. Platform and shop are sandboxes on this machine; nothing leaves it, no money \
moves, and nothing is kept.

- Answer in your own words; several answers at once are fine.
- Or tap: type what stands before a button. Then =2 sends the number 2 as a message. Buttons of \
older messages: !tap and the label.
- When the payment link comes, open it in a browser, or type !pay (or !decline, !cancel-order).
- {help}Leave with Ctrl-D.
"""
"""A line for each paragraph: it is wrapped where it is shown."""


class ValuesError(ValueError):
    """A file of values that can't be used; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What to show: a form of the sandbox, on a channel, with values known from elsewhere.

    `environ`: the channel's own variables.
    """

    descriptor: Descriptor
    form: str = "cake"
    values: JsonObject = field(default_factory=dict[str, "Json"])
    environ: Mapping[str, str] = field(default_factory=dict[str, str])


def read_values(path: Path) -> JsonObject:
    """Return the file's values by the form's targets. Raises `ValuesError`."""
    try:
        read: object = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ValuesError(f"{path.name} is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        raise ValuesError(f"{path.name} can't be read: {error.strerror}.") from None
    except json.JSONDecodeError as error:
        raise ValuesError(
            f"{path.name}, line {error.lineno}, column {error.colno}: not written as JSON wants it."
        ) from None
    except RecursionError:
        raise ValuesError(f"{path.name} is nested too deep.") from None
    if not isinstance(read, dict):
        raise ValuesError(
            f'{path.name} must hold one object, such as {{"first_name": "Ada", "guests": 20}}.'
        )
    return cast("JsonObject", read)


def forms() -> tuple[str, ...]:
    """Return the slugs of the forms that can be shown."""
    return tuple(FILES)


def by_hand(descriptors: Iterable[Descriptor]) -> Descriptor | None:
    """Return the first channel that needs no platform: it holds the terminal or the pipe itself."""
    return next((one for one in descriptors if not one.credentials), None)


async def play(demo: Demo, say: Callable[[str], None]) -> bool:
    """Chat until the input ends; return whether a single line was typed. Raises `Unplayable`."""
    return await (_on_a_phone if demo.descriptor.credentials else _by_itself)(demo, say)


async def _by_itself(demo: Demo, say: Callable[[str], None]) -> bool:
    name = demo.descriptor.name
    say(INTRO)
    catalogue = catalogue_of(name, demo.form, demo.values)
    async with playground(demo.descriptor, catalogue, {**_first(demo), **demo.environ}) as ground:
        till = _Till(ground.app.parts.database)
        adapter = ground.app.adapters.get(name)
        if isinstance(adapter, LineHooks):
            for word, act in WORDS.items():
                adapter.hook(word, till.acting(act))
        await ground.app.listened(name)
        await till.seen()
        if name in ground.app.failed:
            raise Misconfigured(name, ground.app.failed[name])
        events: int = (await ground.app.parts.database.rows(_EVENTS))[0][0]
        return till.asked or events > 1  # the first one is ours


async def _on_a_phone(demo: Demo, say: Callable[[str], None]) -> bool:
    descriptor = demo.descriptor
    catalogue = catalogue_of(descriptor.name, demo.form, demo.values)
    async with staged(descriptor, catalogue) as stage:
        app = stage.ground.app
        adapter, till = app.adapters[descriptor.name], _Till(app.parts.database)

        async def settled() -> None:
            await app.settled()
            await till.seen()
            await app.settled()

        phone = Phone(
            standin=stage.standin,
            title=f"{descriptor.title} · threadform's demo",
            intro=_intro(descriptor, adapter),
            first=adapter.capabilities.commands.get(CommandName.START, demo.form),
            settled=settled,
            busy=lambda: app.busy,
            words={word: till.acting(act) for word, act in WORDS.items()},
        )
        return await _while_on(app, descriptor.name, facing.converse(phone, say)) > 0


def _intro(descriptor: Descriptor, adapter: Adapter) -> str:
    spelled = adapter.capabilities.commands.get(CommandName.HELP)
    lists = f"{spelled} lists what else you can type. " if spelled else ""
    return ON_A_PHONE.format(title=descriptor.title, help=lists)


async def _while_on(app: App, name: str, work: Coroutine[Any, Any, int]) -> int:
    """Return what the work returns, unless the channel fails first. Raises `Misconfigured`."""

    async def fails() -> None:
        await app.listened(name)
        if name not in app.failed:
            await asyncio.Event().wait()

    failing, working = asyncio.ensure_future(fails()), asyncio.ensure_future(work)
    try:
        await asyncio.wait({failing, working}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Misconfigured(name, app.failed[name])
        return working.result()
    finally:
        for task in (failing, working):
            task.cancel()
        await asyncio.gather(failing, working, return_exceptions=True)


def _first(demo: Demo) -> dict[str, str]:
    """Return what makes a channel without credentials begin the form by itself, by its keyword."""
    return {f"{prefix}FIRST": demo.form for prefix in demo.descriptor.prefixes[:1]}


@dataclass(frozen=True, slots=True)
class _Order:
    """The latest order: its conversation, where to pay ("" until known), what became of it."""

    conversation: str
    checkout_url: str
    payment: Payment


class _Till:
    """The checkout page, for those who have no browser at hand."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._awaited: Payment | None = None
        self.asked = False

    def acting(self, act: Act) -> Callable[[], Awaitable[str]]:
        """Return what a typed word does."""

        async def acted() -> str:
            return await self._act(act)

        return acted

    async def _act(self, act: Act) -> str:
        self.asked = True
        order = await self._until(lambda found: bool(found.checkout_url), LINK_WAIT)
        if order is None or not order.checkout_url:
            return "There is nothing to pay yet: finish the order first."
        if order.payment in _FINAL:
            return "This order is settled already. /start begins another one."
        try:
            await press(order.checkout_url, act)
        except TillError as error:
            return str(error)
        self._awaited = _BECOMES[act]
        return f"On the checkout page, {act.value!r} was pressed."

    async def seen(self) -> None:
        """Return when the chat has told what became of the payment, or after a while."""
        if self._awaited is not None:
            await self._until(lambda found: found.payment is self._awaited, PAYMENT_WAIT)
            self._awaited = None

    async def _until(self, holds: Callable[[_Order], bool], seconds: float) -> _Order | None:
        """Return the latest order once this holds, or as it is after so many seconds."""
        for _ in range(int(seconds / _PAUSE)):
            order = await self._order()
            if order is None or holds(order):
                return order
            await asyncio.sleep(_PAUSE)
        return await self._order()

    async def _order(self) -> _Order | None:
        rows = await self._database.rows(_LAST_ORDER)
        return _Order(rows[0][0], rows[0][1], Payment(rows[0][2])) if rows else None

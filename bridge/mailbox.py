"""One mailbox per thread: takes every decision in turn, never waiting for the network (law 3).

A message is decided, its effects are committed in one transaction, then the world is told: calls go
to the delivery, requests to the upstream become tasks whose ends come back as messages.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from bridge import turns
from bridge.conversation import effects as fx
from bridge.conversation import messages
from bridge.conversation.coalesce import coalesced
from bridge.conversation.decide import decide
from bridge.conversation.instead import decide_instead
from bridge.conversation.state import TurnState
from bridge.drawing import Decision, Drawn, draw
from bridge.logs import logger
from bridge.protocol.adapter import Modals, TapAnswers, Typing
from bridge.store.errors import StoreClosed, StoreConflict
from bridge.store.reads import StoredTimer, load
from bridge.store.units import Op, Unit
from bridge.store.writing import ops_of

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from typing import Any

    from bridge.conversation.messages import Message
    from bridge.conversation.state import State, Thread, Turn
    from bridge.delivery import Delivery
    from bridge.parts import Parts
    from bridge.protocol.threads import PersonKey
    from bridge.store.reads import Loaded
    from bridge.timers import Timers

_TYPING_AFTER, _TYPING_EVERY = 1.0, 4.0
"""Seconds of waiting before and between signs of typing (`protocol.adapter.Typing`)."""

_STORE_PAUSE = 2.0
"""Seconds before a decision is written again after the disk refused it."""

_log = logger(__name__)


class Mailbox:
    """One thread at work: one decision after the other."""

    def __init__(self, loaded: Loaded, parts: Parts, delivery: Delivery, timers: Timers) -> None:
        self.state: State = loaded.state
        self.last_in = loaded.last_in
        self.last_out = loaded.last_out
        self._shown_by = loaded.shown_by
        self._parts = parts
        self._delivery = delivery
        self._timers = timers
        self._messages: deque[Message] = deque()
        self._scheduled = False
        self._writing = False
        self._expected = 0
        self._children: set[asyncio.Task[None]] = set()
        self._typing: asyncio.Task[None] | None = None
        self._quiet: asyncio.Event | None = None
        self._closing = False
        adapter = parts.adapters[self.thread.channel]
        self._types = adapter if isinstance(adapter, Typing) else None

    @property
    def thread(self) -> Thread:
        """The thread as it is now."""
        return self.state.thread

    @property
    def idle(self) -> bool:
        """Whether nothing is under way here: no message, no request."""
        return not (self._messages or self._writing or self._children or self._expected)

    @property
    def sending(self) -> bool:
        """Whether a message waits, or a request is out."""
        turn = self.state.turn
        out = turn is not None and turn.state is TurnState.SENT
        return bool(self._messages) or self._writing or out or bool(self.state.given_up)

    @property
    def settled(self) -> bool:
        """Whether also nothing waits to be delivered, and no link is being fetched."""
        thread = self.thread.id
        return self.idle and not self._delivery.busy(thread) and not self._timers.owes(thread)

    def next_seq(self) -> int:
        """Return the number of the next event."""
        self.last_in += 1
        return self.last_in

    def expect(self, commit: asyncio.Future[bool]) -> asyncio.Future[bool]:
        """An event for this mailbox is being committed: it must not be forgotten meanwhile."""
        self._expected += 1
        commit.add_done_callback(self._arrived)
        return commit

    def _arrived(self, _commit: asyncio.Future[bool]) -> None:
        self._expected -= 1
        self.rested()

    def post(self, message: Message) -> None:
        """Take this after what came before."""
        self._messages.append(message)
        if not (self._scheduled or self._writing or self._closing):
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._go_on)

    async def wait_settled(self) -> None:
        """Return when everything here has come to rest."""
        while not self.settled:
            if self._quiet is None:
                self._quiet = asyncio.Event()
            self._quiet.clear()
            await self._quiet.wait()

    def rested(self) -> None:
        """Something has ended: who waits for rest may look again."""
        if self._quiet is not None:
            self._quiet.set()

    async def stop(self) -> None:
        """Decide nothing more. What was not decided stays in the inbox."""
        self._closing = True
        self._messages.clear()
        self._end_typing()
        for task in self._children:
            task.cancel()
        await asyncio.gather(*self._children, return_exceptions=True)

    def _go_on(self) -> None:
        """Decide the next message, if nothing is being written; a commit goes on from there.

        Callbacks, no task: there are thousands of mailboxes, and each decides for microseconds.
        """
        self._scheduled = False
        while self._messages and not self._writing and not self._closing:
            self._take(self._messages.popleft())
        if not self._writing:
            self.rested()

    def _take(self, message: Message) -> None:
        try:
            state, effects = self._decided(message)
        except Exception as error:  # noqa: BLE001 - one bad message must not stop the thread
            _log.error("not decided", cause=error, message=type(message).__name__)
            state, effects = self._instead(message)
        self._put_down(message, state, effects)

    def _put_down(self, message: Message, state: State, effects: Sequence[fx.Effect]) -> None:
        drawn = draw(effects, self)
        decision = Decision(message, state, effects, drawn, self._ops(effects, drawn))
        if decision.ops:
            self._write(decision)
        else:
            self._take_effect(decision)

    def _take_effect(self, decision: Decision) -> None:
        """What was decided is true now; the world is told."""
        self.state = decision.state
        drawn = decision.drawn
        if drawn.shown_by:
            self._shown_by = {**self._shown_by, **drawn.shown_by}
        if drawn.rows:
            self._delivery.enqueue(self.thread, drawn.rows, self.owner)
        for effect in self._without_needless_answers(decision.effects):
            self._act(effect)
        self._end_typing()

    # Deciding.

    def _decided(self, message: Message) -> tuple[State, tuple[fx.Effect, ...]]:
        world = self._parts.world(self.thread.channel)
        state, effects = decide(self.state, message, world)
        request = next((e for e in effects if isinstance(e, fx.Request)), None)
        if request and self._permitted(request.turn, world.now):
            state, more = decide(state, messages.Permitted(request.turn.id), world)
            effects = (*(e for e in effects if e is not request), *more)
        return state, coalesced(effects)

    def _instead(self, message: Message) -> tuple[State, tuple[fx.Effect, ...]]:
        """Do for a message that can't be decided what can be done for it."""
        world = self._parts.world(self.thread.channel)
        try:
            return decide_instead(self.state, message, world)
        except Exception as error:  # noqa: BLE001 - nothing more can be done
            _log.error("not told", cause=error, message=type(message).__name__)
            return self.state, ()

    def _permitted(self, turn: Turn, now: float) -> bool:
        """Take a permit at once where there is one, which saves a transaction."""
        return turn.not_before <= now and self._parts.limiter.try_acquire(turn.conversation)

    # Writing.

    def _ops(self, effects: Sequence[fx.Effect], drawn: Drawn) -> list[Op]:
        shown_by = {**self._shown_by, **drawn.shown_by}
        thread = self.thread.id
        return [
            *[op for effect in effects for op in ops_of(effect, thread, shown_by)],
            *drawn.ops,
        ]

    def _write(self, decision: Decision) -> None:
        """Write a decision; nothing is decided meanwhile."""
        self._writing = True
        try:
            future = self._parts.database.commit(Unit(self.thread.id, decision.ops))
        except StoreClosed:
            return
        future.add_done_callback(partial(self._written, decision))

    def _written(self, decision: Decision, future: asyncio.Future[bool]) -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, StoreConflict):
            _log.error("a decision contradicts the rows", cause=error)
            self._aside(self._read_again(decision.message))
        elif future.cancelled() or error is not None:
            _log.error("decision not written", cause=error, thread=self.thread.id)
            self._aside(self._write_again(decision))
        elif future.result():
            self._writing = False
            self._take_effect(decision)
            self._go_on()
        else:
            _log.error("a guard failed", message=type(decision.message).__name__)
            self._aside(self._read_again())

    async def _write_again(self, decision: Decision) -> None:
        """A disk that refused is asked again, for as long as it takes."""
        await self._parts.clock.sleep(_STORE_PAUSE)
        self._write(decision)

    async def _read_again(self, refused: Message | None = None) -> None:
        """Somebody else has changed the rows: what they say is the truth.

        `refused`: what would contradict them for ever (a move to a place that is known already).
        """
        self.state = (await load(self._parts.database, self.thread.id)).state
        self._writing = False
        if refused is not None:
            self._put_down(refused, *self._instead(refused))
        self._go_on()

    # What drawing needs.

    @property
    def parts(self) -> Parts:
        """The core's parts."""
        return self._parts

    @property
    def delivery(self) -> Delivery:
        """Where calls go."""
        return self._delivery

    @property
    def shown_by(self) -> dict[str, int]:
        """Prompt id -> number of the outbox row that shows it."""
        return self._shown_by

    def next_out(self) -> int:
        """Return the number of the next call."""
        self.last_out += 1
        return self.last_out

    # Acting.

    def _act(self, effect: fx.Effect) -> None:
        match effect:
            case fx.AnswerTap() | fx.OpenModal():
                self._flash(effect)
            case fx.Request():
                self._child(turns.permit(self._parts, effect.turn))
            case fx.Perform():
                self._child(turns.perform(self._parts, effect.turn, effect.conversation))
                self._begin_typing()
            case fx.LookUp():
                self._child(turns.look_up(self._parts, effect.turn, effect.conversation))
            case fx.FetchLink():
                self._child(turns.fetch_link(self._parts, effect.conversation, effect.attempt))
            case fx.FetchPayment():
                self._child(turns.fetch_payment(self._parts, effect.conversation, effect.attempt))
            case _:
                self._note(effect)

    def _note(self, effect: fx.Effect) -> None:
        match effect:
            case fx.SetTimer():
                timer = StoredTimer(
                    thread=self.thread.id,
                    conversation=effect.conversation,
                    kind=effect.kind,
                    due_at=effect.due_at,
                    attempt=effect.attempt,
                )
                self._timers.put((timer,))
            case fx.PutThread():
                self._delivery.readdress(effect.thread)
            case fx.EndTimer():
                self._timers.end(effect.conversation, effect.kind)
            case fx.DropCalls():
                self._delivery.drop(self.thread)
            case fx.Alert():
                _log.warning(effect.cause, detail=effect.detail, thread=self.thread.id)
            case _:
                """Written already."""

    def _child(self, work: Coroutine[Any, Any, Message]) -> None:
        """Do it beside the mailbox; its end comes back as a message."""
        task = self._aside(self._finish(work))
        # A task that is cancelled before it began leaves its work unbegun, which must be said.
        task.add_done_callback(lambda _: work.close())

    def _aside(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._children.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._children.discard(task)
        self.rested()

    async def _finish(self, work: Coroutine[Any, Any, Message]) -> None:
        try:
            message = await work
        except Exception as error:  # noqa: BLE001 - recovery takes it up, the thread goes on
            _log.error("request ended badly", cause=error, thread=self.thread.id)
            return
        self.post(message)

    # Fleeting.

    def _without_needless_answers(self, effects: Sequence[fx.Effect]) -> list[fx.Effect]:
        """A window that opens is its tap's answer: many platforms take one answer to a tap."""
        opened = {effect.event for effect in effects if isinstance(effect, fx.OpenModal)}
        if not opened or not isinstance(self._parts.adapters[self.thread.channel], Modals):
            return list(effects)
        return [
            effect
            for effect in effects
            if not (isinstance(effect, fx.AnswerTap) and effect.event in opened)
        ]

    def _flash(self, effect: fx.AnswerTap | fx.OpenModal) -> None:
        adapter = self._parts.adapters[self.thread.channel]
        call = None
        match effect:
            case fx.AnswerTap() if isinstance(adapter, TapAnswers) and effect.event.tap:
                call = adapter.answer_tap(effect.event, effect.notice)
            case fx.OpenModal() if isinstance(adapter, Modals) and effect.event.tap:
                call = adapter.modal(effect.event, effect.prompt)
            case _:
                """The channel has nothing for it."""
        if call is not None:
            self._delivery.flash(self.thread, call, self.owner)

    @property
    def owner(self) -> PersonKey | None:
        """Who owns the thread's conversation."""
        return self.state.conversation.person if self.state.conversation else None

    def _begin_typing(self) -> None:
        """Give signs of typing as long as a turn is in flight; they are nothing to wait for."""
        if self._types and self._typing is None:
            self._typing = asyncio.create_task(self._type(self._types), name="typing")

    def _end_typing(self) -> None:
        turn = self.state.turn if self.state.live else None
        if self._typing and (self._closing or turn is None or not turn.in_flight):
            self._typing.cancel()
            self._typing = None

    async def _type(self, adapter: Typing) -> None:
        pause = _TYPING_AFTER
        while True:
            await self._parts.clock.sleep(pause)
            if call := adapter.typing(self.thread.key):
                self._delivery.flash(self.thread, call, self.owner)
            pause = _TYPING_EVERY

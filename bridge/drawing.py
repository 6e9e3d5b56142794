"""Replies become calls, and calls become rows of the outbox, before they are stored (law 7)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from bridge.conversation import effects as fx
from bridge.degrade import degrade, displayed
from bridge.delivery import WORTH
from bridge.logs import logger
from bridge.protocol.adapter import Redraws
from bridge.protocol.calls import OnUncertain
from bridge.protocol.capabilities import Level
from bridge.protocol.prompts import Answered
from bridge.protocol.replies import Ask, Expect, Format, Menu
from bridge.store import statements as sql
from bridge.store.codec import encode
from bridge.store.reads import StoredCall
from bridge.store.units import Op
from bridge.store.writing import call_moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conversation.messages import Message
    from bridge.conversation.state import State, Thread
    from bridge.delivery import Delivery
    from bridge.parts import Parts
    from bridge.phrases import Phrases
    from bridge.protocol.adapter import Adapter
    from bridge.protocol.calls import Call
    from bridge.protocol.prompts import Prompt
    from bridge.protocol.replies import Reply

_DRAWN = (fx.Speak, fx.Redraw, fx.Close)

_log = logger(__name__)


class Board(Protocol):
    """What drawing needs of a mailbox."""

    @property
    def thread(self) -> Thread:
        """The thread."""
        ...

    @property
    def parts(self) -> Parts:
        """The core's parts."""
        ...

    @property
    def delivery(self) -> Delivery:
        """Where calls go."""
        ...

    @property
    def shown_by(self) -> dict[str, int]:
        """Prompt id -> number of the outbox row that shows it."""
        ...

    def next_out(self) -> int:
        """Return the number of the next call."""
        ...


@dataclass(slots=True)
class Drawn:
    """The rows of one decision, and which prompt each of them shows."""

    rows: list[StoredCall] = field(default_factory=list[StoredCall])
    ops: list[Op] = field(default_factory=list[Op])
    shown_by: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Decision:
    """What a message led to; it takes effect when its statements are committed."""

    message: Message
    state: State
    effects: Sequence[fx.Effect]
    drawn: Drawn
    ops: list[Op]


def draw(effects: Sequence[fx.Effect], board: Board) -> Drawn:
    """Render what a decision says."""
    drawn = Drawn()
    for effect in effects:
        if not isinstance(effect, _DRAWN):
            continue
        for call in _calls(effect, board):
            _add(drawn, board, call, plain=isinstance(effect, fx.Speak) and effect.plain)
    return drawn


def _calls(effect: fx.Effect, board: Board) -> Sequence[Call]:
    adapter = board.parts.adapters[board.thread.channel]
    try:
        match effect:
            case fx.Speak():
                said = _awaiting(effect, _fitting(effect, board, adapter))
                calls = adapter.render(said, board.thread.key)
                shown = _with_the_last_repeated(calls) if effect.asks else calls
                return (*_put_away(said, board, adapter), *shown)
            case fx.Redraw() | fx.Close() if isinstance(adapter, Redraws):
                return _edit(effect, board, adapter)
            case _:
                return ()
    except Exception as error:  # noqa: BLE001 - what an adapter can't draw must not stop the thread
        _log.error("not rendered", cause=error, channel=board.thread.channel)
        return ()


def _put_away(said: Sequence[Reply], board: Board, adapter: Adapter) -> list[Call]:
    """Return the edits that take the widgets off older messages of questions that come again.

    One question has one widget: a tap on a forgotten copy would be stale once it is answered.
    """
    if adapter.capabilities.edits is not Level.NATIVE or not isinstance(adapter, Redraws):
        return []
    again = [reply.prompt for reply in said if isinstance(reply, Ask)]
    edits = [
        adapter.close(Answered(prompt=prompt), board.thread.key)
        for prompt in again
        if prompt.id in board.shown_by
    ]
    return [replace(edit, fallback=None) for edit in edits if edit is not None]


def _awaiting(effect: fx.Speak, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """Say that the answer is to be typed, where the upstream waits and no widget asks."""
    if not effect.awaits or any(isinstance(reply, Ask | Menu | Expect) for reply in replies):
        return replies
    return (*replies, Expect("", Format.TEXT))


def _with_the_last_repeated(calls: Sequence[Call]) -> Sequence[Call]:
    """The end of an upstream's answer holds what is asked: twice is better than never (law 8)."""
    if not calls or calls[-1].on_uncertain is OnUncertain.REPEAT:
        return calls
    return (*calls[:-1], replace(calls[-1], on_uncertain=OnUncertain.REPEAT))


def _fitting(effect: fx.Speak, board: Board, adapter: Adapter) -> tuple[Reply, ...]:
    capabilities = adapter.capabilities
    if effect.plain:
        capabilities = replace(
            capabilities,
            single_select=Level.DEGRADED,
            multi_select=Level.DEGRADED,
            number=Level.DEGRADED,
        )
    phrases: Phrases = board.parts.catalogue.phrases
    return degrade(effect.replies, capabilities, phrases)


def _displayed(prompt: Prompt, board: Board) -> Prompt:
    capabilities = board.parts.adapters[board.thread.channel].capabilities
    return displayed(prompt, capabilities, board.parts.catalogue.phrases)


def _edit(effect: fx.Redraw | fx.Close, board: Board, adapter: Redraws) -> Sequence[Call]:
    match effect:
        case fx.Redraw():
            call = adapter.redraw(_displayed(effect.prompt, board), board.thread.key)
        case fx.Close():
            call = adapter.close(effect.answered, board.thread.key)
    return (call,) if call is not None else ()


def _add(drawn: Drawn, board: Board, call: Call, *, plain: bool) -> None:
    edits = 0
    if call.edits is not None:
        edits = drawn.shown_by.get(call.edits) or board.shown_by.get(call.edits, 0)
        if not edits and call.fallback is None:
            return
        call = call if edits else call.fallback or call
        _replace_older(drawn, board, edits)
    seq = board.next_out()
    if call.prompt is not None:
        drawn.shown_by[call.prompt] = seq
    first = not drawn.rows and not edits
    at_once = first and board.delivery.starts_at_once(board.thread, call.buckets)
    row = StoredCall(
        seq=seq,
        call=call,
        edits=edits,
        prompt=call.prompt or "",
        state="SENDING" if at_once else "READY",
        attempt=0,
        not_before=0.0,
        expires_at=board.parts.clock.now() + WORTH,
        cause="plain" if plain else "",
    )
    drawn.rows.append(row)
    drawn.ops.append(Op(sql.ADD_CALL, _values(row, board), 1))


def _replace_older(drawn: Drawn, board: Board, edits: int) -> None:
    """A newer pending edit of the same message replaces the older (law 7)."""
    for seq in board.delivery.replaced(board.thread, edits):
        drawn.ops.append(call_moved(board.thread.id, seq, "READY", "REPLACED"))


def _values(row: StoredCall, board: Board) -> dict[str, object]:
    return {
        "thread": board.thread.id,
        "seq": row.seq,
        "cause": row.cause,
        "call": encode(row.call),
        "edits": row.edits,
        "prompt": row.prompt,
        "state": row.state,
        "receipt": "",
        "attempt": 0,
        "not_before": 0.0,
        "expires_at": row.expires_at,
        "error": "",
        "at": board.parts.clock.now(),
    }

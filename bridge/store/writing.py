"""What an effect writes: the only place where effects become statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.conversation import effects as fx
from bridge.store import records
from bridge.store import statements as sql
from bridge.store.units import Op

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.conversation.effects import Effect


def ops_of(effect: Effect, thread: str, shown_by: Mapping[str, int]) -> list[Op]:
    """Return the statements of one effect; nothing for what goes out to the world.

    `shown_by`: prompt id -> number of the outbox row that shows it.
    """
    match effect:
        case fx.Mark() | fx.EndTaken():
            return [_inbox(effect, thread)]
        case fx.PutThread():
            row = records.thread_values(effect.thread)
            names = ("key", "state", "conversation")
            return [Op(sql.SET_THREAD, {"the_id": thread, **{n: row[n] for n in names}}, 1)]
        case fx.PutConversation() | fx.PutTurn():
            return [_record(effect)]
        case fx.PutPrompt():
            return [_prompt(effect, thread, shown_by)]
        case fx.DropCalls() | fx.SetTimer() | fx.EndTimer():
            return [_waiting(effect, thread)]
        case _:
            return []


def _inbox(effect: fx.Mark | fx.EndTaken, thread: str) -> Op:
    if isinstance(effect, fx.EndTaken):
        return Op(sql.END_EVENTS_OF_TURN, {"the_thread": thread, "the_turn": effect.turn})
    values = {
        "the_thread": thread,
        "the_seq": effect.seq,
        "was": effect.was.value,
        "state": effect.state.value,
        "turn": effect.turn,
        "entry": records.entry_text(effect.entry),
    }
    return Op(sql.JUDGE_EVENT, values, 1)


def _record(effect: fx.PutConversation | fx.PutTurn) -> Op:
    match effect:
        case fx.PutConversation():
            row = records.conversation_values(effect.conversation)
            add, change = sql.ADD_CONVERSATION, sql.SET_CONVERSATION
        case fx.PutTurn():
            row = records.turn_values(effect.turn)
            add, change = sql.ADD_TURN, sql.SET_TURN
    if effect.was is None:
        return Op(add, row, 1)
    row["the_id"] = row.pop("id")
    return Op(change, {**row, "was": effect.was.value}, 1)


def _prompt(effect: fx.PutPrompt, thread: str, shown_by: Mapping[str, int]) -> Op:
    outbox = shown_by.get(effect.shown.prompt.id, 0)
    row = records.prompt_values(effect.shown, thread, outbox)
    if effect.new:
        return Op(sql.ADD_PROMPT, row, 1)
    names = ("view", "rev", "state", "answer", "outbox")
    return Op(sql.SET_PROMPT, {"the_id": row["id"], **{name: row[name] for name in names}}, 1)


def _waiting(effect: fx.DropCalls | fx.SetTimer | fx.EndTimer, thread: str) -> Op:
    if isinstance(effect, fx.DropCalls):
        return Op(sql.EXPIRE_CALLS, {"the_thread": thread})
    key = f"{effect.conversation}:{effect.kind.value}"
    if isinstance(effect, fx.EndTimer):
        return Op(sql.END_TIMER, {"the_key": key, "state": "DONE"})
    values = {
        "key": key,
        "thread": thread,
        "conversation": effect.conversation,
        "kind": effect.kind.value,
        "due_at": effect.due_at,
        "attempt": effect.attempt,
        "state": "WAITING",
    }
    return Op(sql.SET_TIMER, values, 1)


def call_moved(
    thread: str,
    seq: int,
    was: str,
    state: str,
    *,
    receipt: str = "",
    attempt: int = 0,
    not_before: float = 0.0,
    error: str = "",
) -> Op:
    """Return the statement that moves a row of the outbox on, only from the state `was`."""
    values = {
        "the_thread": thread,
        "the_seq": seq,
        "was": was,
        "state": state,
        "receipt": receipt,
        "attempt": attempt,
        "not_before": not_before,
        "error": error,
    }
    return Op(sql.SET_CALL, values)

"""Turns: when one begins, what it carries, what its answer changes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.compose import ComposeContext, Composed, compose
from bridge.conversation import effects as fx
from bridge.conversation import ending
from bridge.conversation.effects import InboxState
from bridge.conversation.state import (
    Conversation,
    ConversationState,
    Entry,
    OpenPrompt,
    PromptState,
    Step,
    Turn,
    TurnState,
)
from bridge.conversation.world import INPUT_LIMIT
from bridge.phrases import Phrase
from bridge.protocol.prompts import PromptOwner
from bridge.upstream.chunks import read_chunk

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft
    from bridge.conversation.messages import Came
    from bridge.protocol.threads import Json
    from bridge.upstream.chunks import Answer, Chunk

RESEND = "resend"
"""Purpose of the bridge's prompt after a lost answer."""


def advance(draft: Draft) -> None:
    """Begin the next turn, unless one is in flight or waits for a person's word (law 3)."""
    present, last = draft.state.live, draft.state.turn
    if present is None or not draft.state.queue or (last and _holds_back(last)):
        return
    taken = _together(draft.state.queue, merging=draft.world.rules.merging)
    draft.state = replace(draft.state, queue=draft.state.queue[len(taken) :])
    values = _merged(taken)
    turn = Turn(
        id=draft.world.new_id(),
        thread=present.thread,
        conversation=present.id,
        n=last.n + 1 if last else 1,
        step=Step.SEND if present.session else Step.CREATE,
        input=_joined(taken),
        values=values or None,
        listed=any(entry.listed for entry in taken),
    )
    for entry in taken:
        draft.add(fx.Mark(entry.seq, InboxState.QUEUED, InboxState.TAKEN, turn=turn.id))
    draft.put_turn(turn, None)
    draft.add(fx.Request(turn))


def _holds_back(last: Turn) -> bool:
    if last.in_flight:
        return True
    return last.state is TurnState.UNKNOWN and not last.error.startswith("given up")


def _together(queue: tuple[Entry, ...], *, merging: bool) -> tuple[Entry, ...]:
    """Return how many of the waiting entries travel together (law 6)."""
    length, taken = 0, 0
    for entry in queue if merging else queue[:1]:
        length += len(entry.text or "") + 1
        if taken and (length > INPUT_LIMIT or entry.barrier):
            break
        taken += 1
    return queue[:taken]


def _joined(taken: tuple[Entry, ...]) -> str | None:
    return "\n".join(entry.text for entry in taken if entry.text) or None


def _merged(taken: tuple[Entry, ...]) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for entry in taken:
        values.update(entry.values)
    return values


def permitted(draft: Draft, turn_id: str) -> None:
    """The permit came: SENT is committed before the request (law 4)."""
    turn, present = draft.state.turn, draft.state.live
    if turn is None or present is None or turn.id != turn_id or turn.state is not TurnState.OPEN:
        return
    sent = replace(turn, state=TurnState.SENT, sent_at=draft.world.now, not_before=0.0)
    draft.put_turn(sent, turn)
    draft.add(fx.Perform(sent, present))


def waited(draft: Draft, turn_id: str) -> None:
    """The upstream's limit makes this turn wait: the person is told once."""
    turn = draft.state.turn
    if turn and turn.id == turn_id and turn.state is TurnState.OPEN:
        draft.warn(Phrase.BUSY)


def came(draft: Draft, message: Came) -> None:
    """An answer came: for the present turn, or for one that was given up."""
    turn, present = draft.state.turn, draft.state.live
    if (
        turn is None
        or turn.id != message.turn
        or turn.state is not TurnState.SENT
        or present is None
    ):
        _late(draft, message)
    elif turn.step is Step.CREATE:
        _created(draft, turn, present, message.answer)
    else:
        _answered(draft, turn, present, message.answer)


def _created(draft: Draft, turn: Turn, present: Conversation, answer: Answer) -> None:
    draft.put(replace(present, session=answer.session), present)
    if turn.input is None and turn.values is None:
        _end(draft, turn, answer)
        _show(draft, answer, hide=turn.renewed)
        advance(draft)
        return
    kept = turn.answer
    if draft.world.capabilities.one_message_per_turn and not turn.renewed:
        kept = json.dumps(answer.raw, ensure_ascii=False)
    else:
        _show(draft, answer, hide=turn.renewed)
    if draft.state.live is None:
        _end(draft, turn, answer)
        return
    following = replace(
        turn, step=Step.SEND, state=TurnState.OPEN, attempt=0, sent_at=0.0, answer=kept
    )
    draft.put_turn(following, turn)
    draft.add(fx.Request(following))


def _answered(draft: Draft, turn: Turn, present: Conversation, answer: Answer) -> None:
    greeting = _kept_greeting(turn)
    if present.unknown_since:
        draft.put(replace(present, unknown_since=0.0), present)
    _end(draft, turn, answer)
    _show(draft, replace(answer, chunks=(*greeting, *answer.chunks)))
    advance(draft)


def _kept_greeting(turn: Turn) -> tuple[Chunk, ...]:
    raw = json.loads(turn.answer) if turn.answer else []
    return tuple(read_chunk(chunk) for chunk in raw)


def _end(draft: Draft, turn: Turn, answer: Answer) -> None:
    kept = json.dumps(answer.raw, ensure_ascii=False, separators=(",", ":"))
    draft.put_turn(replace(turn, state=TurnState.ANSWERED, answer=kept), turn)
    draft.add(fx.EndTaken(turn.id))


def _composed(draft: Draft, answer: Answer) -> Composed:
    entry = draft.world.entry(draft.state)
    return compose(
        answer,
        ComposeContext(
            schema=draft.world.schema(draft.state),
            phrases=draft.world.phrases(draft.state),
            form_url=entry.form_url if entry else "",
            new_id=draft.new_prompt_id,
        ),
    )


def _show(draft: Draft, answer: Answer, *, hide: bool = False) -> None:
    """Take over what was understood, show the answer, open its prompts."""
    composed = _composed(draft, answer)
    _take_over(draft, composed)
    for shown in draft.state.prompts:
        if _is_over(draft, shown):
            draft.supersede(shown)
    if hide:
        return
    for prompt in composed.prompts:
        draft.open_prompt(prompt)
    draft.show(*composed.replies)
    if not composed.success or (not composed.replies and composed.submission is None):
        draft.warn(Phrase.SAY_AGAIN)
    if composed.submission:
        ending.submitted(draft, composed.submission, told=bool(composed.replies))
    if composed.other_submissions:
        draft.warn(Phrase.ANOTHER_SUBMISSION)
        draft.add(fx.Alert("another submission"))


def _take_over(draft: Draft, composed: Composed) -> None:
    present = draft.state.live
    if present is None or not composed.values:
        return
    known = {**present.answers, **composed.values}
    shown = {**present.shown, **composed.shown}
    gone = {field for field, value in known.items() if value is None}
    after = replace(
        present,
        answers={field: value for field, value in known.items() if field not in gone},
        shown={field: text for field, text in shown.items() if field not in gone},
    )
    draft.put(after, present)


def _is_over(draft: Draft, shown: OpenPrompt) -> bool:
    """The next answer supersedes what is open; claimed answers that still wait stay claimed."""
    if shown.state is PromptState.OPEN:
        return shown.prompt.owner is PromptOwner.UPSTREAM or shown.prompt.field == RESEND
    return not any(entry.prompt == shown.prompt.id for entry in draft.state.queue)


def _late(draft: Draft, message: Came) -> None:
    """An answer of a turn that was given up: recorded; only a submission is told."""
    out = ending.taken_back(draft, message.turn)
    if out is None:
        return
    kept = json.dumps(message.answer.raw, ensure_ascii=False, separators=(",", ":"))
    draft.add(fx.PutTurn(replace(out.turn, state=TurnState.ANSWERED, answer=kept), out.turn.state))
    draft.add(fx.EndTaken(out.turn.id))
    composed = _composed(draft, message.answer)
    if composed.submission:
        ending.submitted_late(draft, out.conversation, composed.submission)


def go_on(draft: Draft) -> None:
    """A new text after a lost answer means: go on without it."""
    turn = draft.state.turn
    asked = next((shown for shown in draft.state.open if shown.prompt.field == RESEND), None)
    if turn is None or turn.state is not TurnState.UNKNOWN or asked is None:
        return
    draft.supersede(asked)
    give_up(draft, turn)


def give_up(draft: Draft, turn: Turn) -> None:
    """The lost text is not sent again; the queue goes on."""
    draft.put_turn(replace(turn, error="given up"), turn)
    draft.add(fx.EndTaken(turn.id))


def send_again(draft: Draft, turn: Turn) -> None:
    """The person asked for it: the same input once more, as a turn of its own."""
    give_up(draft, turn)
    present = draft.state.live
    if present is None or present.state is not ConversationState.ACTIVE:
        return
    again = replace(
        turn,
        id=draft.world.new_id(),
        n=turn.n + 1,
        state=TurnState.OPEN,
        step=Step.SEND if present.session else Step.CREATE,
        attempt=0,
        sent_at=0.0,
        error="",
        answer="",
    )
    draft.put_turn(again, None)
    draft.add(fx.Request(again))

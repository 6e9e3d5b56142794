"""Turns: when one begins, what it carries, what its answer changes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.compose import ComposeContext, Composed, compose
from bridge.conversation import effects as fx
from bridge.conversation import ending
from bridge.conversation.claims import shows
from bridge.conversation.effects import InboxState
from bridge.conversation.state import (
    GIVEN_UP,
    Conversation,
    Entry,
    OpenPrompt,
    PromptState,
    Step,
    Turn,
    TurnState,
)
from bridge.conversation.world import INPUT_LIMIT
from bridge.phrases import Phrase
from bridge.protocol.replies import Say
from bridge.upstream.chunks import Answer, SubmissionChunk, read_chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conversation.draft import Draft
    from bridge.conversation.messages import Came
    from bridge.protocol.threads import Json, JsonObject
    from bridge.upstream.chunks import Chunk

_HOUR = 3_600.0

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

RESEND = "resend"
"""Purpose of the bridge's prompt after a lost answer."""


def advance(draft: Draft) -> None:
    """Begin the next turn, unless one is in flight or waits for a person's word (law 3)."""
    present, last = draft.state.live, draft.state.turn
    if present is None or not draft.state.queue or (last and (last.in_flight or last.unsure)):
        return
    taken = _together(draft.state.queue, merging=draft.world.rules.merging)
    draft.state.queue = draft.state.queue[len(taken) :]
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
        renewed=_replaces(present),
    )
    for entry in taken:
        draft.add(fx.Mark(entry.seq, InboxState.QUEUED, InboxState.TAKEN, turn=turn.id))
    draft.put_turn(turn, None)
    draft.add(fx.Request(turn))


def _replaces(present: Conversation) -> bool:
    """Say whether the session that is made next takes the place of one that was gone."""
    return not present.session and present.generation > 0


def _together(queue: tuple[Entry, ...], *, merging: bool) -> tuple[Entry, ...]:
    """Return how many of the waiting entries travel together (law 6)."""
    length, taken = -1, 0
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


def too_long(draft: Draft, seq: int, text: str) -> None:
    """The upstream would not take it: say by how much it must be shortened (law 6)."""
    draft.refuse(seq)
    over = len(text) - INPUT_LIMIT
    draft.warn(Phrase.TOO_LONG, length=len(text), limit=INPUT_LIMIT, over=over)


def permitted(draft: Draft, turn_id: str) -> None:
    """The permit came: SENT is committed before the request (law 4)."""
    turn, present = draft.state.turn, draft.state.live
    if turn is None or present is None or turn.id != turn_id or turn.state is not TurnState.OPEN:
        return
    _count(draft, turn)
    sent = replace(turn, state=TurnState.SENT, sent_at=draft.world.now, not_before=0.0)
    draft.put_turn(sent, turn)
    draft.add(fx.Perform(sent, present))


def _count(draft: Draft, turn: Turn) -> None:
    """Note that a turn is sent; making its session and repeating it are not counted again."""
    first = turn.attempt == 0 and (turn.step is Step.SEND or turn.input is None)
    if first and draft.world.rules.turns_per_hour:
        draft.state.sent = (*_lately(draft), draft.world.now)
        draft.state.told_limit = False


def _lately(draft: Draft) -> tuple[float, ...]:
    return tuple(at for at in draft.state.sent if at > draft.world.now - _HOUR)


def over_limit(draft: Draft, seq: int) -> bool:
    """Refuse what would be one turn too many in an hour: one polite notice, then silence."""
    most = draft.world.rules.turns_per_hour
    if not most or len(_lately(draft)) < most:
        return False
    draft.refuse(seq)
    if not draft.state.told_limit:
        draft.state.told_limit = True
        draft.warn(Phrase.LIMIT_TURNS)
    return True


def waited(draft: Draft, turn_id: str) -> None:
    """The upstream's limit makes this turn wait: the person is told once."""
    turn = draft.state.turn
    if turn and turn.id == turn_id and turn.state is TurnState.OPEN:
        tell_busy(draft, turn)


def tell_busy(draft: Draft, turn: Turn, phrase: Phrase = Phrase.BUSY) -> None:
    """Say, once for each turn, that it takes longer."""
    if draft.state.told_busy != turn.id:
        draft.state.told_busy = turn.id
        draft.warn(phrase)


def came(draft: Draft, message: Came) -> None:
    """An answer came: for the present turn, or for one that was given up."""
    turn, present = draft.state.turn, draft.state.live
    if turn is None or turn.id != message.turn or present is None:
        _late(draft, message)
    elif turn.state is not TurnState.SENT and not turn.unsure:
        return
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
    if _waits_for_answer(draft, turn, answer):
        kept = _recorded(answer)
    else:
        _show(draft, answer, hide=turn.renewed)
    if draft.state.live is None:
        _end(draft, turn, answer)
        ending.tell_unsent(draft, Phrase.NOT_SENT_AFTER_SUBMISSION, [turn.input or ""])
        return
    following = replace(
        turn, step=Step.SEND, state=TurnState.OPEN, attempt=0, sent_at=0.0, answer=kept
    )
    draft.put_turn(following, turn)
    draft.add(fx.Request(following))


def _waits_for_answer(draft: Draft, turn: Turn, answer: Answer) -> bool:
    """Say whether the greeting is shown together with the first answer."""
    submits = any(isinstance(chunk, SubmissionChunk) for chunk in answer.chunks)
    together = draft.world.capabilities.one_message_per_turn
    return together and not turn.renewed and not submits


def _answered(draft: Draft, turn: Turn, present: Conversation, answer: Answer) -> None:
    greeting = _kept_greeting(turn)
    if present.unknown_since:
        draft.put(replace(present, unknown_since=0.0), present)
    _end(draft, turn, answer)
    _show(draft, replace(answer, chunks=(*greeting, *answer.chunks)))
    advance(draft)


def _kept_greeting(turn: Turn) -> tuple[Chunk, ...]:
    raw: list[JsonObject] = json.loads(turn.answer) if turn.answer else []
    return tuple(read_chunk(chunk) for chunk in raw)


def show_kept_greeting(draft: Draft, turn: Turn) -> None:
    """Show what was to be shown with an answer that did not come."""
    greeting = _kept_greeting(turn)
    if greeting:
        _show(draft, Answer(session="", chunks=greeting))


def _end(draft: Draft, turn: Turn, answer: Answer) -> None:
    draft.put_turn(replace(turn, state=TurnState.ANSWERED, answer=_recorded(answer)), turn)
    draft.add(fx.EndTaken(turn.id))


def _recorded(answer: Answer) -> str:
    return _write(answer.raw)


def _composed(draft: Draft, answer: Answer, told: Sequence[OpenPrompt] = ()) -> Composed:
    """Return what to show; `told`: prompts whose closed widgets show their answers."""
    entry = draft.world.entry(draft.state)
    closed = {shown.prompt.field: shown for shown in told if shown.prompt.field}

    def seen(field: str, words: str) -> bool:
        return field in closed and shows(closed[field], words)

    return compose(
        answer,
        ComposeContext(
            schema=draft.world.schema(draft.state),
            phrases=draft.world.phrases(draft.state),
            form_url=entry.form_url if entry else "",
            new_id=draft.new_prompt_id,
            seen=seen,
        ),
    )


def _show(draft: Draft, answer: Answer, *, hide: bool = False) -> None:
    """Take over what was understood, show the answer, open its prompts.

    `hide`: it is the greeting of a session that replaces another; only a submission is told.
    """
    over = [shown for shown in draft.state.prompts if _is_over(draft, shown)]
    for shown in over:
        draft.supersede(shown)
    composed = _composed(draft, answer, over if draft.world.edits else ())
    _take_over(draft, composed)
    if not hide:
        _say(draft, composed)
    present = draft.state.live
    if composed.submission and present:
        told = bool(composed.replies) and not hide
        ending.submitted(draft, present, composed.submission, told=told)
    for kind in composed.unknown:
        draft.add(fx.Alert("unknown chunk", kind))
    if composed.other_submissions:
        draft.warn(Phrase.ANOTHER_SUBMISSION)
        draft.add(fx.Alert("another submission"))


def _last_said(composed: Composed) -> str:
    """Return the question of an answer that has no widget: what was said last."""
    said = [reply for reply in composed.replies if isinstance(reply, Say)]
    if composed.prompts or not said:
        return ""
    return "".join(span.text for span in said[-1].spans).strip()


def _say(draft: Draft, composed: Composed) -> None:
    for prompt in composed.prompts:
        draft.open_prompt(prompt)
    draft.answer(*composed.replies, awaits=composed.submission is None)
    draft.state.question = _last_said(composed)
    understood = composed.success and composed.replies
    if not understood and composed.submission is None:
        draft.warn(Phrase.SAY_AGAIN)


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
    waits = any(entry.prompt == shown.prompt.id for entry in draft.state.queue)
    return shown.state is PromptState.OPEN or not waits


def _late(draft: Draft, message: Came) -> None:
    """An answer of a turn that was given up: recorded; only a submission is told."""
    out = ending.given_up(draft, message.turn)
    if out is None:
        return
    kept = _recorded(message.answer)
    ending.settle(draft, out, replace(out.turn, state=TurnState.ANSWERED, answer=kept))
    composed = _composed(draft, message.answer)
    if composed.submission:
        ending.submitted_late(draft, out.conversation, composed.submission)


def asked(draft: Draft) -> OpenPrompt | None:
    """Return the open prompt "Send again / Go on"."""
    return next((shown for shown in draft.state.open if shown.prompt.field == RESEND), None)


def go_on(draft: Draft) -> None:
    """A new text after a lost answer means: go on without it."""
    turn, prompt = draft.state.turn, asked(draft)
    if turn is not None and turn.unsure and prompt is not None:
        draft.supersede(prompt)
        give_up(draft, turn)


def give_up(draft: Draft, turn: Turn) -> None:
    """The lost text is not sent again; the queue goes on."""
    draft.put_turn(replace(turn, error=GIVEN_UP), turn)
    draft.add(fx.EndTaken(turn.id))


def send_again(draft: Draft, turn: Turn, present: Conversation) -> None:
    """The person asked for it: the same input once more, as a turn of its own."""
    give_up(draft, turn)
    again = replace(
        turn,
        id=draft.world.new_id(),
        n=turn.n + 1,
        state=TurnState.OPEN,
        step=Step.SEND if present.session else Step.CREATE,
        renewed=_replaces(present),
        attempt=0,
        sent_at=0.0,
        error="",
    )
    draft.put_turn(again, None)
    draft.add(fx.Request(again))

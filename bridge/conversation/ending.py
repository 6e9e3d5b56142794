"""How a conversation ends: submitted, cancelled, expired, silenced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.conversation import effects as fx
from bridge.conversation.messages import TimerKind
from bridge.conversation.state import (
    Conversation,
    ConversationState,
    GivenUp,
    Payment,
    Step,
    ThreadState,
    Turn,
    TurnState,
)
from bridge.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conversation.draft import Draft
    from bridge.upstream.chunks import SubmissionChunk

_TOLD_TEXT_LIMIT = 200
"""Characters of a text that is quoted back to the person who wrote it."""


def submitted(
    draft: Draft, present: Conversation, submission: SubmissionChunk, *, told: bool
) -> None:
    """The form was sent. `told`: the upstream has said something about it itself."""
    if _only_tested(draft, present):
        _finish(draft, replace(present, state=ConversationState.DONE), present)
        draft.say(Phrase.TEST_END)
        return
    if not told:
        draft.say(Phrase.SUBMITTED_ORDER if submission.checkout else Phrase.SUBMITTED)
    _finish(draft, _with_submission(present, submission), present)
    _await_payment(draft, present, submission)


def _only_tested(draft: Draft, about: Conversation) -> bool:
    entry = draft.world.catalogue.entry(about.form)
    return entry is not None and entry.dry_run


def submitted_late(draft: Draft, about: Conversation, submission: SubmissionChunk) -> None:
    """A turn that was given up had submitted the form after all: always told."""
    past = draft.latest(about)
    if _only_tested(draft, past):
        return
    draft.say(Phrase.LATE_SUBMISSION)
    draft.put(_with_submission(past, submission), past)
    _await_payment(draft, past, submission)


def _with_submission(present: Conversation, submission: SubmissionChunk) -> Conversation:
    done = replace(present, submission=submission.submission, unknown_since=0.0)
    if submission.checkout is None:
        return replace(done, state=ConversationState.DONE)
    return replace(
        done,
        state=ConversationState.AWAITING_PAYMENT,
        payment=Payment.WAITING,
        checkout=submission.checkout,
    )


def _await_payment(draft: Draft, present: Conversation, submission: SubmissionChunk) -> None:
    """The link is owed from now on, whatever happens to this process."""
    if submission.checkout is not None:
        draft.add(fx.SetTimer(present.id, TimerKind.CHECKOUT, draft.world.now))


def _finish(draft: Draft, after: Conversation, before: Conversation) -> None:
    draft.supersede_all()
    unsent = draft.drop_queue()
    draft.put(after, before)
    draft.add(fx.EndTimer(before.id, TimerKind.EXPIRY))
    tell_unsent(draft, Phrase.NOT_SENT_AFTER_SUBMISSION, unsent)


def tell_unsent(draft: Draft, phrase: Phrase, texts: Sequence[str]) -> None:
    """Say which texts were not passed on, if there are any."""
    shown = [text[:_TOLD_TEXT_LIMIT] for text in texts if text]
    if shown:
        draft.warn(phrase, texts="; ".join(shown))


def close(draft: Draft, state: ConversationState) -> tuple[str, ...]:
    """End the live conversation without a submission; return the texts that were not sent."""
    present = draft.state.live
    if present is None:
        return ()
    draft.supersede_all()
    unsent = (*_unsent(draft), *draft.drop_queue())
    draft.put(replace(present, state=state), present)
    _leave_turn(draft, draft.latest(present))
    draft.add(fx.EndTimer(present.id, TimerKind.EXPIRY))
    return unsent


def _unsent(draft: Draft) -> tuple[str, ...]:
    """Return the text of a turn that has not been sent yet, and now never will be."""
    turn = draft.state.turn
    if turn is None or not turn.in_flight or not turn.input:
        return ()
    certain = turn.state is TurnState.OPEN or turn.step is Step.CREATE
    return (turn.input,) if certain else ()


def _leave_turn(draft: Draft, past: Conversation) -> None:
    """A turn that was sent may still submit the form; one that was not never will be."""
    turn = draft.state.turn
    if turn and (turn.state is TurnState.SENT or turn.unsure):
        out = GivenUp(turn=turn, conversation=past)
        draft.state.given_up = (*draft.state.given_up, out)
    if turn and turn.unsure:
        draft.add(fx.LookUp(turn, past))
    if turn and turn.state is TurnState.OPEN:
        draft.put_turn(replace(turn, state=TurnState.FAILED, error="cancelled"), turn)
        draft.add(fx.EndTaken(turn.id))


def given_up(draft: Draft, turn_id: str) -> GivenUp | None:
    """Return a turn of a closed conversation that is still waited for."""
    return next((out for out in draft.state.given_up if out.turn.id == turn_id), None)


def settle(draft: Draft, out: GivenUp, turn: Turn) -> None:
    """Nothing more is to come of a given-up turn; this is how it ended."""
    rest = tuple(other for other in draft.state.given_up if other.turn.id != turn.id)
    draft.state.given_up = rest
    draft.put_turn(turn, out.turn)
    draft.add(fx.EndTaken(turn.id))


def lose(draft: Draft, out: GivenUp, error: str) -> None:
    """The answer of a given-up turn was lost: see whether it submitted all the same."""
    turn = replace(out.turn, state=TurnState.UNKNOWN, error=error)
    kept = replace(out, turn=turn)
    draft.state.given_up = tuple(kept if other == out else other for other in draft.state.given_up)
    draft.put_turn(turn, out.turn)
    draft.add(fx.LookUp(turn, out.conversation))


def gone(draft: Draft) -> None:
    """The thread can't be written to; an opt-out outlives that."""
    if draft.state.thread.state is ThreadState.OK:
        silence(draft, ThreadState.GONE)


def come_back(draft: Draft) -> None:
    """A thread that was gone can be written to again; it must opt in again if it opted out."""
    if draft.state.thread.state is ThreadState.GONE:
        draft.put_thread(replace(draft.state.thread, state=ThreadState.OK))


def silence(draft: Draft, state: ThreadState) -> None:
    """Nothing may be said any more: the conversation ends, what waits is not sent."""
    draft.put_thread(replace(draft.state.thread, state=state))
    draft.add(fx.DropCalls())
    close(draft, ConversationState.CANCELLED)

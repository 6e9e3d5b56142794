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
    ThreadState,
    TurnState,
)
from bridge.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conversation.draft import Draft
    from bridge.upstream.chunks import SubmissionChunk

_TOLD_TEXT_LIMIT = 200
"""Characters of a text that is quoted back to the person who wrote it."""


def submitted(draft: Draft, submission: SubmissionChunk, *, told: bool) -> None:
    """The form was sent. `told`: the upstream has said something about it itself."""
    present = draft.state.live
    if present is None:
        return
    entry = draft.world.entry(draft.state)
    if entry is not None and entry.dry_run:
        _finish(draft, replace(present, state=ConversationState.DONE), present)
        draft.say(Phrase.TEST_END)
        return
    if not told:
        draft.say(Phrase.SUBMITTED_ORDER if submission.checkout else Phrase.SUBMITTED)
    _finish(draft, _with_submission(present, submission), present)
    _await_payment(draft, present, submission)


def submitted_late(draft: Draft, past: Conversation, submission: SubmissionChunk) -> None:
    """A turn that was given up had submitted the form after all: always told."""
    if past.submission == submission.submission:
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
    unsent = draft.drop_queue()
    after = replace(present, state=state)
    draft.put(after, present)
    _leave_turn(draft, after)
    draft.add(fx.EndTimer(present.id, TimerKind.EXPIRY))
    return unsent


def _leave_turn(draft: Draft, past: Conversation) -> None:
    """A turn in flight goes on by itself; one that was not sent yet never will be."""
    turn = draft.state.turn
    if turn is None or not turn.in_flight:
        return
    if turn.state is TurnState.SENT:
        out = GivenUp(turn=turn, conversation=past)
        draft.state = replace(draft.state, given_up=(*draft.state.given_up, out))
        return
    draft.put_turn(replace(turn, state=TurnState.FAILED, error="cancelled"), turn)
    draft.add(fx.EndTaken(turn.id))


def taken_back(draft: Draft, turn_id: str) -> GivenUp | None:
    """Return a given-up turn whose answer has come now, and stop waiting for it."""
    out = next((out for out in draft.state.given_up if out.turn.id == turn_id), None)
    draft.state = replace(
        draft.state,
        given_up=tuple(other for other in draft.state.given_up if other.turn.id != turn_id),
    )
    return out


def silence(draft: Draft, state: ThreadState) -> None:
    """Nothing may be said any more: the conversation ends, what waits is not sent."""
    close(draft, ConversationState.CANCELLED)
    draft.put_thread(replace(draft.state.thread, state=state))
    draft.add(fx.DropCalls())

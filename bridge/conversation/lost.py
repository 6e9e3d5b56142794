"""Answers that did not come: what is certain and what is asked (laws 4, 5, 12)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.conversation import effects as fx
from bridge.conversation import ending, turning
from bridge.conversation.backoff import turn_pause
from bridge.conversation.messages import Found, LookedUp, Missed, Why
from bridge.conversation.state import (
    GIVEN_UP,
    Conversation,
    ConversationState,
    Step,
    Turn,
    TurnState,
)
from bridge.phrases import Phrase
from bridge.protocol.prompts import Option
from bridge.upstream.chunks import SubmissionChunk

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft

AGAIN, GO_ON = ":again", ":on"
"""Values of the options of "Send again / Go on"."""

_TELL_AFTER = 4
"""Attempts after which the person is told that it takes longer: about 10 s."""


def missed(draft: Draft, message: Missed) -> None:
    """A request brought no answer."""
    turn, present = draft.state.turn, draft.state.live
    if present is None or turn is None or turn.id != message.turn:
        _missed_late(draft, message)
    elif turn.state is TurnState.SENT:
        _missed_now(draft, message, turn, present)


def _missed_now(draft: Draft, message: Missed, turn: Turn, present: Conversation) -> None:
    match message.why:
        case Why.NOT_TAKEN:
            _try_later(draft, turn, message)
        case Why.LOST if turn.step is Step.CREATE:
            # Creating carries no input, so it may be repeated.
            _try_later(draft, turn, message)
        case Why.LOST:
            be_unsure(draft, turn, present, message.error)
        case Why.SESSION_GONE if turn.step is Step.SEND:
            _session_gone(draft, turn, present, message.error)
        case Why.FORM_GONE | Why.SESSION_GONE:
            _form_gone(draft, turn, present, message.error)
        case Why.FAILED:
            _fail(draft, turn, message.error)
            draft.warn(Phrase.UPSTREAM_FAILED)
            turning.advance(draft)


def _form_gone(draft: Draft, turn: Turn, present: Conversation, error: str) -> None:
    """There is no such form: no loop, the conversation has failed (law 12)."""
    _fail(draft, turn, error)
    unsent = ending.close(draft, ConversationState.FAILED)
    entry = draft.world.entry(draft.state)
    draft.warn(Phrase.FORM_UNAVAILABLE, title=entry.title if entry else present.form)
    ending.tell_unsent(draft, Phrase.NOT_SENT_AFTER_CANCEL, unsent)


def _try_later(draft: Draft, turn: Turn, message: Missed) -> None:
    pause = message.after if message.after is not None else turn_pause(turn.attempt)
    again = replace(
        turn,
        state=TurnState.OPEN,
        attempt=turn.attempt + 1,
        not_before=draft.world.now + pause,
        sent_at=0.0,
        error=message.error,
    )
    draft.put_turn(again, turn)
    draft.add(fx.Request(again))
    if again.attempt == _TELL_AFTER:
        turning.tell_busy(draft, again, Phrase.NOT_REACHED)
        draft.add(fx.Alert("upstream does not take requests", message.error))


def _fail(draft: Draft, turn: Turn, error: str) -> None:
    """The input is kept in the turn's row; the operator is told."""
    turning.show_kept_greeting(draft, turn)
    draft.put_turn(replace(turn, state=TurnState.FAILED, error=error, answer=""), turn)
    draft.add(fx.EndTaken(turn.id))
    draft.add(fx.Alert("turn failed", error))


def be_unsure(draft: Draft, turn: Turn, present: Conversation, error: str) -> None:
    """Nobody knows whether it was processed: nothing more is sent until that is cleared up."""
    unsure = replace(turn, state=TurnState.UNKNOWN, error=error, answer="")
    draft.put_turn(unsure, turn)
    after = replace(present, unknown_since=present.unknown_since or turn.sent_at)
    draft.put(after, present)
    turning.show_kept_greeting(draft, turn)
    draft.add(fx.LookUp(unsure, draft.latest(after)))


def _session_gone(draft: Draft, turn: Turn, present: Conversation, error: str) -> None:
    if turn.renewed:
        # Once is enough: a session that is gone right after it was made is a fault of theirs.
        _fail(draft, turn, error)
        draft.warn(Phrase.UPSTREAM_FAILED)
        return
    waiting = replace(
        turn, state=TurnState.OPEN, step=Step.CREATE, renewed=True, attempt=0, error=error
    )
    draft.put_turn(waiting, turn)
    after = replace(present, unknown_since=present.unknown_since or turn.sent_at)
    draft.put(after, present)
    draft.add(fx.LookUp(waiting, draft.latest(after)))


def awaits_look(turn: Turn, present: Conversation) -> bool:
    """Say whether the session is gone, and the submissions were not looked at yet (law 12)."""
    waiting = turn.state is TurnState.OPEN and turn.step is Step.CREATE
    return waiting and bool(present.session)


def looked_up(draft: Draft, message: LookedUp) -> None:
    """The submissions since SENT are known."""
    turn, present = draft.state.turn, draft.state.live
    if present is None or turn is None or turn.id != message.turn:
        _looked_up_late(draft, message)
    elif turn.unsure or awaits_look(turn, present):
        _go_by(draft, turn, present, message)


def _go_by(draft: Draft, turn: Turn, present: Conversation, message: LookedUp) -> None:
    """Do what law 5 says about what was found."""
    if message.found is Found.OURS:
        _was_submitted(draft, turn, present, message)
    elif turn.unsure:
        _ask_what_to_do(draft, sure=message.found is Found.NONE)
    else:
        _renew(draft, turn, present, message.found)


def _was_submitted(draft: Draft, turn: Turn, present: Conversation, message: LookedUp) -> None:
    draft.put_turn(replace(turn, state=TurnState.ANSWERED), turn)
    draft.add(fx.EndTaken(turn.id))
    draft.say(Phrase.SUBMISSION_FOUND)
    chunk = SubmissionChunk(submission=message.submission, checkout=message.checkout or None)
    ending.submitted(draft, present, chunk, told=True)
    if not turn.unsure:
        # The session was gone, so this text certainly was not taken.
        ending.tell_unsent(draft, Phrase.NOT_SENT_AFTER_SUBMISSION, [turn.input or ""])


def _ask_what_to_do(draft: Draft, *, sure: bool) -> None:
    options = [
        Option(label=draft.phrase(Phrase.SEND_AGAIN), value=AGAIN),
        Option(label=draft.phrase(Phrase.GO_ON), value=GO_ON),
    ]
    question = draft.phrase(Phrase.ANSWER_LOST if sure else Phrase.SUBMISSION_UNSURE)
    draft.ask_one(turning.RESEND, question, options)
    if not sure:
        draft.add(fx.Alert("a submission may be lost"))


def _renew(draft: Draft, turn: Turn, present: Conversation, found: Found) -> None:
    """The session is gone and nothing was submitted: a new one takes the answers over."""
    if found is Found.UNSURE:
        unsure = replace(turn, state=TurnState.UNKNOWN)
        draft.put_turn(unsure, turn)
        draft.put(replace(present, session="", generation=present.generation + 1), present)
        _ask_what_to_do(draft, sure=False)
        return
    after = replace(present, session="", generation=present.generation + 1, unknown_since=0.0)
    draft.put(after, present)
    draft.add(fx.Request(turn))


def _missed_late(draft: Draft, message: Missed) -> None:
    """A turn of a closed conversation brought no answer."""
    out = ending.given_up(draft, message.turn)
    if out is None:
        return
    if message.why is Why.LOST and out.turn.step is Step.SEND:
        ending.lose(draft, out, message.error)
    else:
        ending.settle(draft, out, replace(out.turn, state=TurnState.FAILED, error=message.error))


def _looked_up_late(draft: Draft, message: LookedUp) -> None:
    out = ending.given_up(draft, message.turn)
    if out is None:
        return
    if message.found is not Found.OURS:
        ending.settle(draft, out, replace(out.turn, error=GIVEN_UP))
        if message.found is Found.UNSURE:
            draft.add(fx.Alert("a submission may be lost"))
        return
    ending.settle(draft, out, replace(out.turn, state=TurnState.ANSWERED))
    chunk = SubmissionChunk(submission=message.submission, checkout=message.checkout or None)
    ending.submitted_late(draft, out.conversation, chunk)

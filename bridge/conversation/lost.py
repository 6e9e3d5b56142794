"""Answers that did not come: what is certain and what is asked (laws 4, 5, 12)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.conversation import effects as fx
from bridge.conversation import ending, turning
from bridge.conversation.backoff import turn_pause
from bridge.conversation.messages import Found, LookedUp, Missed, Why
from bridge.conversation.state import Conversation, ConversationState, Step, Turn, TurnState
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
        case Why.SESSION_GONE:
            _session_gone(draft, turn, present, message.error)
        case Why.FORM_GONE:
            _fail(draft, turn, message.error)
            ending.close(draft, ConversationState.FAILED)
            entry = draft.world.entry(draft.state)
            draft.warn(Phrase.FORM_UNAVAILABLE, title=entry.title if entry else present.form)
        case Why.FAILED:
            _fail(draft, turn, message.error)
            draft.warn(Phrase.UPSTREAM_FAILED)
            turning.advance(draft)


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
        draft.warn(Phrase.BUSY)
        draft.add(fx.Alert("upstream does not take requests", message.error))


def _fail(draft: Draft, turn: Turn, error: str) -> None:
    """The input is kept in the turn's row; the operator is told."""
    draft.put_turn(replace(turn, state=TurnState.FAILED, error=error), turn)
    draft.add(fx.EndTaken(turn.id))
    draft.add(fx.Alert("turn failed", error))


def be_unsure(draft: Draft, turn: Turn, present: Conversation, error: str) -> None:
    """Nobody knows whether it was processed: nothing more is sent until that is cleared up."""
    unsure = replace(turn, state=TurnState.UNKNOWN, error=error)
    draft.put_turn(unsure, turn)
    since = present.unknown_since or turn.sent_at or draft.world.now
    after = replace(present, unknown_since=since)
    draft.put(after, present)
    draft.add(fx.LookUp(unsure, after))


def _session_gone(draft: Draft, turn: Turn, present: Conversation, error: str) -> None:
    if turn.renewed:
        # Once is enough: a session that is gone right after it was made is a fault of theirs.
        _fail(draft, turn, error)
        draft.warn(Phrase.UPSTREAM_FAILED)
        return
    waiting = replace(turn, state=TurnState.OPEN, renewed=True, error=error)
    draft.put_turn(waiting, turn)
    after = replace(present, unknown_since=present.unknown_since or turn.sent_at)
    draft.put(after, present)
    draft.add(fx.LookUp(waiting, after))


def looked_up(draft: Draft, message: LookedUp) -> None:
    """The submissions since SENT are known."""
    turn, present = draft.state.turn, draft.state.live
    if present is None or turn is None or turn.id != message.turn:
        _looked_up_late(draft, message)
    elif message.found is Found.OURS:
        _was_submitted(draft, turn, message)
    elif turn.state is TurnState.UNKNOWN:
        _ask_what_to_do(draft, sure=message.found is Found.NONE)
    elif turn.state is TurnState.OPEN and turn.renewed:
        _renew(draft, turn, present, message.found)


def _was_submitted(draft: Draft, turn: Turn, message: LookedUp) -> None:
    draft.put_turn(replace(turn, state=TurnState.ANSWERED), turn)
    draft.add(fx.EndTaken(turn.id))
    draft.say(Phrase.SUBMISSION_FOUND)
    chunk = SubmissionChunk(submission=message.submission, checkout=message.checkout or None)
    ending.submitted(draft, chunk, told=True)


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
    anew = replace(turn, step=Step.CREATE, attempt=0)
    draft.put_turn(anew, turn)
    draft.add(fx.Request(anew))


def _missed_late(draft: Draft, message: Missed) -> None:
    """A turn of a closed conversation brought no answer: see whether it submitted all the same."""
    out = ending.taken_back(draft, message.turn)
    if out is None:
        return
    lost = message.why is Why.LOST and out.turn.step is Step.SEND
    after = replace(
        out.turn, state=TurnState.UNKNOWN if lost else TurnState.FAILED, error=message.error
    )
    draft.add(fx.PutTurn(after, out.turn.state))
    draft.add(fx.EndTaken(after.id))
    if lost:
        kept = replace(out, turn=after)
        draft.state = replace(draft.state, given_up=(*draft.state.given_up, kept))
        draft.add(fx.LookUp(after, out.conversation))


def _looked_up_late(draft: Draft, message: LookedUp) -> None:
    out = ending.taken_back(draft, message.turn)
    if out is not None and message.found is Found.OURS:
        chunk = SubmissionChunk(submission=message.submission, checkout=message.checkout or None)
        ending.submitted_late(draft, out.conversation, chunk)

"""A restart, and messages that a platform refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.conversation import effects as fx
from bridge.conversation import ending, lost, turning
from bridge.conversation.state import Step, TurnState
from bridge.phrases import Phrase
from bridge.protocol.calls import Refusal
from bridge.protocol.replies import Ask

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft
    from bridge.conversation.messages import Undelivered
    from bridge.conversation.state import Conversation, GivenUp, Turn

_STOPPED = "stopped before the answer"


def recovered(draft: Draft) -> None:
    """Take up what an earlier process left: SENT is nobody's any more."""
    present, turn = draft.state.live, draft.state.turn
    for out in draft.state.given_up:
        _recover_given_up(draft, out)
    if present is not None and turn is not None:
        _recover_turn(draft, present, turn)
    turning.advance(draft)


def _recover_turn(draft: Draft, present: Conversation, turn: Turn) -> None:
    if turn.state is TurnState.SENT and turn.step is Step.CREATE:
        again = replace(turn, state=TurnState.OPEN, sent_at=0.0)
        draft.put_turn(again, turn)
        draft.add(fx.Request(again))
    elif turn.state is TurnState.SENT:
        lost.be_unsure(draft, turn, present, _STOPPED)
    elif lost.awaits_look(turn, present) or (turn.unsure and not turning.asked(draft)):
        draft.add(fx.LookUp(turn, present))
    elif turn.state is TurnState.OPEN:
        draft.add(fx.Request(turn))


def _recover_given_up(draft: Draft, out: GivenUp) -> None:
    if out.turn.step is Step.CREATE:
        # Creating carries no input, so it can't have submitted anything.
        ending.settle(draft, out, replace(out.turn, state=TurnState.FAILED, error=_STOPPED))
    else:
        ending.lose(draft, out, _STOPPED)


def undelivered(draft: Draft, message: Undelivered) -> None:
    """The platform refused a message and its fallback for good (law 8)."""
    if message.refusal is Refusal.THREAD_GONE:
        ending.gone(draft)
        return
    shown = next((s for s in draft.state.open if s.prompt.id == message.prompt), None)
    if shown is not None and not message.plain:
        draft.add(fx.Speak((Ask(shown.prompt),), plain=True))
        return
    draft.add(fx.Alert("a message was refused"))
    if not message.plain or message.prompt:
        draft.add(fx.Speak((draft.notice(Phrase.DELIVERY_TROUBLE),), plain=True))

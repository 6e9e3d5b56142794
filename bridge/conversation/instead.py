"""What can't be decided gets an outcome all the same, and the person is told (law 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.conversation import ending, messages
from bridge.conversation.decide import decide
from bridge.conversation.draft import Draft
from bridge.phrases import Phrase
from bridge.protocol.events import ThreadMoved

if TYPE_CHECKING:
    from bridge.conversation import effects as fx
    from bridge.conversation.messages import Message
    from bridge.conversation.state import State
    from bridge.conversation.world import World


def decide_instead(
    state: State, message: Message, world: World
) -> tuple[State, tuple[fx.Effect, ...]]:
    """Return the least that can be done for a message whose decision failed or was refused."""
    match message:
        case messages.Came():
            failed = messages.Missed(message.turn, messages.Why.FAILED, error="not decided")
            return decide(state, failed, world)
        case messages.Happened():
            draft = Draft(state, world, message.event.person)
            draft.refuse(message.seq)
            if isinstance(message.event, ThreadMoved):
                # Something was begun at its new address already: people have gone on there.
                ending.gone(draft)
            else:
                draft.warn(Phrase.UPSTREAM_FAILED)
            return draft.result()
        case _:
            return state, ()

"""The one way in: a state, a message, a world; out come a state and effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.conversation import judging, lost, messages, paying, trouble, turning
from bridge.conversation.draft import Draft

if TYPE_CHECKING:
    from bridge.conversation.effects import Effect
    from bridge.conversation.state import State
    from bridge.conversation.world import World


def decide(
    state: State, message: messages.Message, world: World
) -> tuple[State, tuple[Effect, ...]]:
    """Return what becomes of the state, and what is to be done."""
    person = message.event.person if isinstance(message, messages.Happened) else None
    draft = Draft(state, world, person)
    _apply(draft, message)
    return draft.result()


def _apply(draft: Draft, message: messages.Message) -> None:
    match message:
        case messages.Happened():
            judging.judge(draft, message.seq, message.event)
        case messages.Permitted() | messages.Waited() | messages.Came():
            _progress(draft, message)
        case messages.Missed():
            lost.missed(draft, message)
        case messages.LookedUp():
            lost.looked_up(draft, message)
        case messages.Due() | messages.LinkCame() | messages.PaymentSeen():
            _follow(draft, message)
        case messages.Undelivered():
            trouble.undelivered(draft, message)
        case messages.Recovered():
            trouble.recovered(draft)


def _progress(draft: Draft, message: messages.Permitted | messages.Waited | messages.Came) -> None:
    match message:
        case messages.Permitted():
            turning.permitted(draft, message.turn)
        case messages.Waited():
            turning.waited(draft, message.turn)
        case messages.Came():
            turning.came(draft, message)


def _follow(draft: Draft, message: messages.Due | messages.LinkCame | messages.PaymentSeen) -> None:
    match message:
        case messages.Due():
            paying.due(draft, message)
        case messages.LinkCame():
            paying.link_came(draft, message)
        case messages.PaymentSeen():
            paying.payment_seen(draft, message)

"""What the bridge does when one of its own prompts is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.conversation import beginning, commanding, lost, turning
from bridge.conversation.state import ConversationState, Entry, TurnState
from bridge.phrases import Phrase
from bridge.protocol.prompts import options_of

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft
    from bridge.inputs import Given
    from bridge.protocol.prompts import Prompt


def act(draft: Draft, seq: int, prompt: Prompt, given: Given) -> None:
    """Do what was chosen; the event has its outcome with it."""
    options = options_of(prompt.widget)
    value = str(options[given.chosen[0]].value) if given.chosen else ""
    match prompt.field:
        case commanding.CHANGE_VALUE:
            _correct(draft, seq, prompt, given.custom)
        case turning.RESEND:
            draft.done(seq)
            _clear_up(draft, again=value == lost.AGAIN)
        case commanding.CHANGE:
            draft.done(seq)
            commanding.ask_new_value(draft, value)
        case _:
            draft.done(seq)
            _begin(draft, value)


def _begin(draft: Draft, value: str) -> None:
    """A form was picked, or something about the last order."""
    last = draft.state.conversation
    entry = draft.world.catalogue.entry(value)
    person = draft.asking
    if value == beginning.STAY:
        commanding.show_open_again(draft)
    elif value == beginning.PAY and last is not None:
        commanding.show_link(draft, last)
    elif value == beginning.CONTACT:
        _say_contact(draft)
    elif entry is not None and draft.state.live and draft.state.live.form == entry.slug:
        commanding.show_open_again(draft)
    elif entry is not None:
        beginning.start(draft, entry, person)
    else:
        beginning.offer_forms(draft)


def _say_contact(draft: Draft) -> None:
    entry = draft.world.entry(draft.state)
    if entry is not None and entry.contact:
        draft.say(Phrase.CONTACT, contact=entry.contact)
    else:
        draft.say(Phrase.CONTACT_NONE)


def _clear_up(draft: Draft, *, again: bool) -> None:
    """The person chose "Send again" or "Go on" after a lost answer."""
    turn = draft.state.turn
    if turn is None or turn.state is not TurnState.UNKNOWN:
        return
    if again:
        draft.say(Phrase.SENDING_AGAIN)
        turning.send_again(draft, turn)
        return
    draft.say(Phrase.GOING_ON)
    turning.give_up(draft, turn)
    turning.advance(draft)
    if draft.state.turn and not draft.state.turn.in_flight:
        commanding.show_open_again(draft)


def _correct(draft: Draft, seq: int, prompt: Prompt, custom: str | None) -> None:
    """Send a clear correction; void after the submission."""
    present = draft.state.live
    if present is None or present.state is not ConversationState.ACTIVE:
        draft.done(seq)
        draft.warn(Phrase.CHANGE_VOID)
        return
    if custom is None:
        draft.done(seq)
        draft.say(Phrase.CHANGE_KEPT)
        commanding.show_open_again(draft)
        return
    field = str(options_of(prompt.widget)[0].value)
    schema = draft.world.schema(draft.state)
    label = schema.label(field) if schema else field.replace("_", " ")
    text = draft.phrase(Phrase.CORRECTION, label=label, value=custom)
    draft.enqueue(Entry(seq=seq, text=text))
    turning.go_on(draft)
    turning.advance(draft)

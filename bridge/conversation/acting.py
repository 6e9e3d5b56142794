"""What the bridge does when one of its own prompts is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.conversation import beginning, commanding, lost, turning
from bridge.conversation.state import Entry
from bridge.conversation.world import INPUT_LIMIT
from bridge.phrases import Phrase
from bridge.protocol.prompts import options_of

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft
    from bridge.forms import FormEntry
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
            _begin(draft, prompt.field, value)


def _begin(draft: Draft, purpose: str, value: str) -> None:
    """A form was picked, or something about the last order."""
    last = draft.state.conversation
    entry = draft.world.catalogue.entry(value)
    if value == beginning.STAY:
        commanding.show_open_again(draft)
    elif value == beginning.PAY and last is not None:
        commanding.show_link(draft, last)
    elif value == beginning.CONTACT:
        _say_contact(draft)
    elif entry is None:
        beginning.offer_forms(draft)
    elif purpose == beginning.PICK:
        _picked(draft, entry)
    else:
        beginning.start(draft, entry, draft.asking)


def _picked(draft: Draft, entry: FormEntry) -> None:
    present = draft.state.live
    if present is not None and present.form == entry.slug:
        commanding.show_open_again(draft)
    else:
        beginning.wish(draft, entry, draft.asking)


def _say_contact(draft: Draft) -> None:
    entry = draft.world.entry(draft.state)
    if entry is not None and entry.contact:
        draft.say(Phrase.CONTACT, contact=entry.contact)
    else:
        draft.say(Phrase.CONTACT_NONE)


def _clear_up(draft: Draft, *, again: bool) -> None:
    """The person chose "Send again" or "Go on" after a lost answer."""
    turn, present = draft.state.turn, draft.state.live
    if turn is None or present is None or not turn.unsure:
        return
    if again:
        draft.say(Phrase.SENDING_AGAIN)
        turning.send_again(draft, turn, present)
        return
    draft.say(Phrase.GOING_ON)
    turning.give_up(draft, turn)
    turning.advance(draft)
    if draft.state.turn and not draft.state.turn.in_flight:
        commanding.show_open_again(draft)


def _correct(draft: Draft, seq: int, prompt: Prompt, custom: str | None) -> None:
    """Send a clear correction, or leave it; after a submission the prompt is no longer there."""
    if custom is None:
        draft.done(seq)
        draft.say(Phrase.CHANGE_KEPT)
        commanding.show_open_again(draft)
    else:
        _send_correction(draft, seq, str(options_of(prompt.widget)[0].value), custom)


def _send_correction(draft: Draft, seq: int, field: str, custom: str) -> None:
    text = draft.phrase(Phrase.CORRECTION, label=draft.name_of(field), value=custom)
    if len(text) > INPUT_LIMIT:
        turning.too_long(draft, seq, text)
        commanding.ask_new_value(draft, field)
        return
    draft.enqueue(Entry(seq=seq, text=text))
    turning.go_on(draft)
    turning.advance(draft)

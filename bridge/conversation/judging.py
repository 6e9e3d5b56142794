"""What an event means, by the prompts that are shown when the mailbox takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.conversation import answering, beginning, commanding, ending, turning
from bridge.conversation import effects as fx
from bridge.conversation.state import Conversation, Entry, ThreadState
from bridge.conversation.world import INPUT_LIMIT
from bridge.phrases import Phrase
from bridge.protocol import events

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft


def judge(draft: Draft, seq: int, event: events.AnyEvent) -> None:
    """Give one event of the inbox its outcome, or queue it for the upstream."""
    if draft.state.thread.state is ThreadState.GONE and _from_a_person(event):
        draft.put_thread(replace(draft.state.thread, state=ThreadState.OK))
    match event:
        case events.Text():
            _text(draft, seq, event)
        case events.Choice() | events.Number() | events.WidgetStep():
            _tap(draft, seq, event)
        case events.Command():
            commanding.obey(draft, seq, event)
        case events.Link():
            draft.done(seq)
            draft.warn(Phrase.UNKNOWN_LINK)
            commanding.show_forms(draft)
        case events.Unsupported():
            draft.refuse(seq)
            draft.warn(Phrase.UNSUPPORTED, kind=event.kind)
        case _:
            _about_the_thread(draft, seq, event)


def _from_a_person(event: events.AnyEvent) -> bool:
    return isinstance(
        event, events.Text | events.Choice | events.Number | events.WidgetStep | events.Command
    )


def _about_the_thread(draft: Draft, seq: int, event: events.AnyEvent) -> None:
    draft.done(seq)
    thread = draft.state.thread
    match event:
        case events.OptOut():
            ending.silence(draft, ThreadState.OPTED_OUT)
        case events.ThreadGone():
            ending.silence(draft, ThreadState.GONE)
        case events.OptIn() | events.ThreadBack():
            draft.put_thread(replace(thread, state=ThreadState.OK))
        case events.ThreadMoved():
            draft.put_thread(replace(thread, key=event.to))
        case _:
            """Delivery reports are counted by the one who keeps them."""


def _text(draft: Draft, seq: int, event: events.Text) -> None:
    present = draft.state.live
    if draft.state.thread.state is ThreadState.OPTED_OUT:
        draft.done(seq)
    elif present and not _may_answer(draft, present, event):
        # Somebody else talks in a shared place: that is not for us.
        draft.done(seq)
    elif len(event.text) > INPUT_LIMIT:
        draft.refuse(seq)
        over = len(event.text) - INPUT_LIMIT
        draft.warn(Phrase.TOO_LONG, length=len(event.text), limit=INPUT_LIMIT, over=over)
    elif not answering.by_words(draft, seq, event):
        _free_text(draft, seq, event)


def _free_text(draft: Draft, seq: int, event: events.Text) -> None:
    if draft.state.live is None:
        beginning.by_text(draft, seq, event)
    elif len(draft.state.queue) >= draft.world.rules.waiting_texts:
        draft.refuse(seq)
        draft.warn(Phrase.WAITING_FULL, limit=draft.world.rules.waiting_texts)
    else:
        turning.go_on(draft)
        draft.enqueue(Entry(seq=seq, text=event.text))
        turning.advance(draft)


def _may_answer(draft: Draft, present: Conversation, event: events.AnyEvent) -> bool:
    if present.person == event.person:
        return True
    entry = draft.world.entry(draft.state)
    return entry is not None and entry.shared


def _tap(draft: Draft, seq: int, event: answering.Tap) -> None:
    present = draft.state.live
    if present and not _may_answer(draft, present, event):
        draft.refuse(seq)
        draft.add(fx.AnswerTap(event, draft.phrase(Phrase.FOREIGN_TAP)))
    else:
        answering.by_tap(draft, seq, event)

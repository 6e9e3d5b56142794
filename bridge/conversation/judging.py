"""What an event means, by the prompts that are shown when the mailbox takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from bridge.conversation import answering, beginning, commanding, ending, turning
from bridge.conversation import effects as fx
from bridge.conversation.state import Entry, ThreadState
from bridge.conversation.wording import whole
from bridge.conversation.world import INPUT_LIMIT
from bridge.phrases import Phrase
from bridge.protocol import events

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft


Said: TypeAlias = (
    events.Text
    | events.Choice
    | events.Number
    | events.WidgetStep
    | events.Command
    | events.Link
    | events.Unsupported
)
"""What a person does."""

Told: TypeAlias = (
    events.OptOut
    | events.OptIn
    | events.ThreadMoved
    | events.ThreadGone
    | events.ThreadBack
    | events.DeliveryReport
)
"""What is told about the thread."""


def judge(draft: Draft, seq: int, event: events.AnyEvent) -> None:
    """Give one event of the inbox its outcome, or queue it for the upstream."""
    if isinstance(event, Told):
        draft.done(seq)
        _about_the_thread(draft, event)
    elif draft.state.thread.state is ThreadState.OPTED_OUT:
        # Whoever opted out hears nothing until they opt in.
        draft.done(seq)
    else:
        ending.come_back(draft)
        _said(draft, seq, event)


def _about_the_thread(draft: Draft, event: Told) -> None:
    thread = draft.state.thread
    match event:
        case events.OptOut():
            ending.silence(draft, ThreadState.OPTED_OUT)
        case events.OptIn():
            draft.put_thread(replace(thread, state=ThreadState.OK))
        case events.ThreadMoved():
            draft.put_thread(replace(thread, key=event.to))
        case events.ThreadGone():
            ending.gone(draft)
        case events.ThreadBack():
            ending.come_back(draft)
        case events.DeliveryReport():
            """Counted by the one who keeps them."""


def _said(draft: Draft, seq: int, event: Said) -> None:
    match event:
        case events.Text():
            _text(draft, seq, replace(event, text=whole(event.text)))
        case events.Choice() | events.Number() | events.WidgetStep():
            answering.by_tap(draft, seq, event)
        case events.Command():
            commanding.obey(draft, seq, event)
        case events.Link():
            draft.done(seq)
            draft.warn(Phrase.UNKNOWN_LINK)
            commanding.show_forms(draft)
        case events.Unsupported():
            _unsupported(draft, seq, event)


def _unsupported(draft: Draft, seq: int, event: events.Unsupported) -> None:
    if event.tap is not None and draft.world.taps:
        # A button of another day, or forged: whoever tapped hears of it, and nobody else.
        draft.refuse(seq)
        draft.add(fx.AnswerTap(event, draft.phrase(Phrase.STALE_TAP)))
    elif _overheard(draft, event):
        draft.done(seq)
    else:
        draft.refuse(seq)
        draft.warn(Phrase.UNSUPPORTED, kind=event.kind)


def _overheard(draft: Draft, event: Said) -> bool:
    """Say whether somebody else talks in a shared place: that is not for us."""
    return draft.state.live is not None and not draft.may_answer(event.person)


def _text(draft: Draft, seq: int, event: events.Text) -> None:
    if _overheard(draft, event):
        draft.done(seq)
    elif not event.text.strip():
        draft.refuse(seq)
        draft.warn(Phrase.UNSUPPORTED, kind="an empty message")
    elif len(event.text) > INPUT_LIMIT:
        turning.too_long(draft, seq, event.text)
    elif not answering.by_words(draft, seq, event):
        _free_text(draft, seq, event)


def _free_text(draft: Draft, seq: int, event: events.Text) -> None:
    if turning.over_limit(draft, seq):
        return
    if draft.state.live is None:
        beginning.by_text(draft, seq, event)
        return
    most = draft.world.rules.waiting_texts
    turning.go_on(draft)
    if len(draft.state.queue) >= most:
        turning.advance(draft)
    if len(draft.state.queue) >= most:
        draft.refuse(seq)
        draft.warn(Phrase.WAITING_FULL, limit=most)
    else:
        draft.enqueue(Entry(seq=seq, text=event.text))
        turning.advance(draft)

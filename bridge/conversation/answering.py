"""Answers to prompts: by a tap, or by words. A prompt is answered once (law 10)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from bridge import answers
from bridge.conversation import acting, turning, viewing
from bridge.conversation import effects as fx
from bridge.conversation.state import Entry, OpenPrompt, PromptState, TurnState
from bridge.inputs import Given, given_text, input_for
from bridge.phrases import Phrase
from bridge.protocol import events
from bridge.protocol.prompts import NumberInput, Prompt, PromptOwner, options_of
from bridge.protocol.replies import Ask, plain

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft

Tap: TypeAlias = events.Choice | events.Number | events.WidgetStep

_BARE_NUMBER = re.compile(r"\s*\d{1,3}\s*[.)]?\s*")


def by_tap(draft: Draft, seq: int, event: Tap) -> None:
    """Judge a tap by the prompt that it names: open, claimed, or over."""
    shown = next((s for s in draft.state.prompts if s.prompt.id == event.prompt), None)
    if shown is None:
        _stale(draft, seq, event)
        return
    if isinstance(event, events.WidgetStep):
        if shown.state is PromptState.OPEN:
            draft.done(seq)
            viewing.step(draft, shown, event)
        else:
            _stale(draft, seq, event)
        return
    given = _given(shown.prompt, event)
    if shown.state is PromptState.ANSWERED and shown.claim == _claim(given):
        # The same option again: the first tap is on its way.
        draft.done(seq)
        draft.add(fx.AnswerTap(event))
    elif shown.state is PromptState.ANSWERED:
        _stale(draft, seq, event)
    elif wrong := answers.check(shown.prompt, given.chosen, given.custom, given.number):
        draft.done(seq)
        _explain(draft, event, wrong)
    else:
        draft.add(fx.AnswerTap(event))
        _take(draft, seq, shown, given)


def _given(prompt: Prompt, event: events.Choice | events.Number) -> Given:
    if isinstance(event, events.Number):
        return Given(number=event.value if event.value is not None else prompt.view.number)
    if event.custom is not None:
        return Given(custom=event.custom)
    chosen = prompt.view.selected if event.chosen is None else event.chosen
    count = len(options_of(prompt.widget))
    return Given(chosen=tuple(sorted({index for index in chosen if 0 <= index < count})))


def _claim(given: Given) -> str:
    return f"{given.chosen}|{given.custom}|{given.number}"


def _explain(draft: Draft, event: Tap, wrong: answers.Refused) -> None:
    text = answers.explain(wrong, draft.world.phrases(draft.state))
    if draft.world.taps:
        draft.add(fx.AnswerTap(event, text))
    else:
        draft.show(plain(text))


def _stale(draft: Draft, seq: int, event: Tap) -> None:
    """A short notice, nothing changed, and the open question once more."""
    draft.refuse(seq)
    if draft.world.taps:
        draft.add(fx.AnswerTap(event, draft.phrase(Phrase.STALE_TAP)))
    else:
        draft.warn(Phrase.STALE_TAP)
    _show_open_again(draft)


def _show_open_again(draft: Draft) -> None:
    latest = draft.state.open[-1] if draft.state.open else None
    if latest is None or draft.state.reshown == latest.prompt.id:
        return
    draft.state = replace(draft.state, reshown=latest.prompt.id)
    draft.show(plain(latest.prompt.question), Ask(latest.prompt))


def by_words(draft: Draft, seq: int, event: events.Text) -> bool:
    """Judge a text by the open prompts; False where it is no answer to any of them."""
    prompts = [shown.prompt for shown in draft.state.open]
    if _repeats_a_number(draft, event.text, prompts):
        draft.refuse(seq)
        draft.warn(Phrase.STALE_TAP)
        return True
    words = answers.Words.of(draft.world.capabilities)
    reading = answers.read(event.text, prompts, words)
    match reading:
        case answers.Free():
            return False
        case answers.Turned() | answers.Filtered():
            draft.done(seq)
            viewing.by_words(draft, _shown(draft, reading.prompt), reading)
        case answers.Refused():
            draft.done(seq)
            draft.show(plain(answers.explain(reading, draft.world.phrases(draft.state))))
        case answers.Chosen() | answers.NumberGiven() | answers.Several():
            _take_words(draft, seq, reading)
    return True


def _take_words(
    draft: Draft, seq: int, reading: answers.Chosen | answers.NumberGiven | answers.Several
) -> None:
    match reading:
        case answers.Chosen():
            given = Given(chosen=reading.chosen, custom=reading.custom)
            _take(draft, seq, _shown(draft, reading.prompt), given)
        case answers.NumberGiven():
            _take(draft, seq, _shown(draft, reading.prompt), Given(number=reading.value))
        case answers.Several():
            _take_several(draft, seq, reading)


def _repeats_a_number(draft: Draft, text: str, prompts: list[Prompt]) -> bool:
    """A bare number right after a list was answered is that answer again, not a new one."""
    turn = draft.state.turn
    if turn is None or not turn.listed or prompts or not _BARE_NUMBER.fullmatch(text):
        return False
    return turn.in_flight or turn.state is TurnState.UNKNOWN


def _shown(draft: Draft, prompt: Prompt) -> OpenPrompt:
    return next(shown for shown in draft.state.open if shown.prompt.id == prompt.id)


def _take(draft: Draft, seq: int, shown: OpenPrompt, given: Given) -> None:
    """Claim the prompt; its answer joins the next turn, or the bridge acts on it."""
    prompt = shown.prompt
    words = given_text(prompt, given, draft.world.phrases(draft.state))
    several = _upstream_open(draft) > 1
    draft.claim(shown, _claim(given), words)
    if prompt.owner is PromptOwner.BRIDGE:
        acting.act(draft, seq, prompt, given)
        return
    draft.enqueue(_entry(draft, seq, prompt, given, several=several))
    turning.go_on(draft)
    turning.advance(draft)


def _upstream_open(draft: Draft) -> int:
    return sum(shown.prompt.owner is PromptOwner.UPSTREAM for shown in draft.state.open)


def _entry(draft: Draft, seq: int, prompt: Prompt, given: Given, *, several: bool) -> Entry:
    meant = input_for(
        prompt,
        given,
        several=several,
        mode=draft.world.rules.choice,
        schema=draft.world.schema(draft.state),
        phrases=draft.world.phrases(draft.state),
    )
    return Entry(
        seq=seq,
        text=meant.text,
        values=meant.values,
        prompt=prompt.id,
        listed=not isinstance(prompt.widget, NumberInput),
    )


def _take_several(draft: Draft, seq: int, several: answers.Several) -> None:
    """One message that answers several lists: one entry of the inbox, joined."""
    entries: list[Entry] = []
    for reading in several.readings:
        shown = _shown(draft, reading.prompt)
        if shown.prompt.owner is PromptOwner.BRIDGE:
            continue
        given = Given(chosen=reading.chosen, custom=reading.custom)
        words = given_text(shown.prompt, given, draft.world.phrases(draft.state))
        draft.claim(shown, _claim(given), words)
        entries.append(_entry(draft, seq, shown.prompt, given, several=True))
    joined = Entry(
        seq=seq,
        text="\n".join(entry.text for entry in entries if entry.text) or None,
        values={field: value for entry in entries for field, value in entry.values.items()},
        prompt=entries[-1].prompt if entries else "",
        listed=True,
    )
    draft.enqueue(joined)
    turning.advance(draft)

"""Answers to prompts: by a tap, or by words. A prompt is answered once (law 10)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from bridge import answers
from bridge.conversation import acting, beginning, turning, viewing
from bridge.conversation import effects as fx
from bridge.conversation.claims import claim_of
from bridge.conversation.state import Entry, OpenPrompt, PromptState
from bridge.conversation.wording import whole
from bridge.conversation.world import INPUT_LIMIT
from bridge.inputs import Given, given_text, input_for, within
from bridge.phrases import Phrase
from bridge.protocol import events
from bridge.protocol.prompts import NumberInput, Prompt, PromptOwner, options_of
from bridge.protocol.replies import Ask, plain

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft
    from bridge.inputs import Input
    from bridge.protocol.threads import PersonKey

Tap: TypeAlias = events.Choice | events.Number | events.WidgetStep

_BARE_NUMBER = re.compile(r"\s*\d{1,3}\s*[.)]?\s*")


def by_tap(draft: Draft, seq: int, event: Tap) -> None:
    """Judge a tap by the prompt that it names: open, claimed, or over."""
    shown = next((s for s in draft.state.prompts if s.prompt.id == event.prompt), None)
    if not _is_for(draft, shown, event.person):
        _refuse(draft, seq, event, Phrase.FOREIGN_TAP)
    elif shown is None or not _fits(shown.prompt, event):
        _refuse(draft, seq, event, Phrase.STALE_TAP)
    elif isinstance(event, events.WidgetStep):
        _step(draft, seq, shown, event)
    else:
        _answer(draft, seq, shown, event)


def _is_for(draft: Draft, shown: OpenPrompt | None, person: PersonKey) -> bool:
    """Say whether this person may answer; once it is all over, anybody may pick a form."""
    if draft.may_answer(person):
        return True
    over = draft.state.live is None
    return over and (shown is None or shown.prompt.field == beginning.PICK)


def _fits(prompt: Prompt, event: Tap) -> bool:
    """Say whether the widget could have sent this: nothing is bent into another answer (law 9)."""
    widget, count = prompt.widget, len(options_of(prompt.widget))
    match event:
        case events.Number():
            return isinstance(widget, NumberInput)
        case events.Choice():
            custom_allowed = not isinstance(widget, NumberInput) and widget.custom is not None
            shown = all(0 <= index < count for index in event.chosen or ())
            return count > 0 and shown and (event.custom is None or custom_allowed)
        case events.WidgetStep():
            return True


def _step(draft: Draft, seq: int, shown: OpenPrompt, event: events.WidgetStep) -> None:
    if shown.state is PromptState.OPEN:
        draft.done(seq)
        viewing.step(draft, shown, event)
    else:
        _refuse(draft, seq, event, Phrase.STALE_TAP)


def _answer(
    draft: Draft, seq: int, shown: OpenPrompt, event: events.Choice | events.Number
) -> None:
    given = _given(shown.prompt, event)
    if shown.state is PromptState.ANSWERED and shown.claim == claim_of(given):
        # The same option again: the first tap is on its way.
        draft.done(seq)
        draft.add(fx.AnswerTap(event))
    elif shown.state is PromptState.ANSWERED:
        _refuse(draft, seq, event, Phrase.STALE_TAP)
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
        return Given(custom=whole(event.custom).strip() or None)
    chosen = prompt.view.selected if event.chosen is None else event.chosen
    return Given(chosen=tuple(sorted(set(chosen))))


def _explain(draft: Draft, event: Tap, wrong: answers.Refused) -> None:
    text = answers.explain(wrong, draft.world.phrases(draft.state))
    if draft.world.taps:
        draft.add(fx.AnswerTap(event, text))
    else:
        draft.show(plain(text))


def _refuse(draft: Draft, seq: int, event: Tap, why: Phrase) -> None:
    """A short notice, nothing changed, and the open question once more (law 10)."""
    draft.refuse(seq)
    if draft.world.taps:
        draft.add(fx.AnswerTap(event, draft.phrase(why)))
    else:
        draft.warn(why)
    _show_open_again(draft)


def _show_open_again(draft: Draft) -> None:
    latest = draft.state.open[-1] if draft.state.open else None
    if latest is None or draft.state.reshown == latest.prompt.id:
        return
    draft.state.reshown = latest.prompt.id
    draft.show(plain(latest.prompt.question), Ask(latest.prompt))


def by_words(draft: Draft, seq: int, event: events.Text) -> bool:
    """Judge a text by the open prompts; False where it is no answer to any of them."""
    prompts = [shown.prompt for shown in draft.state.open if _is_for(draft, shown, event.person)]
    words = answers.Words.of(draft.world.capabilities)
    reading = answers.read(event.text, prompts, words)
    match reading:
        case answers.Free():
            return _repeats_a_number(draft, seq, event.text)
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


def _repeats_a_number(draft: Draft, seq: int, text: str) -> bool:
    """A bare number right after a list was answered is that answer again, not a new one."""
    lists_open = any(
        shown.prompt.owner is PromptOwner.UPSTREAM and options_of(shown.prompt.widget)
        for shown in draft.state.open
    )
    if lists_open or not _list_under_way(draft) or not _BARE_NUMBER.fullmatch(text):
        return False
    draft.refuse(seq)
    draft.warn(Phrase.STALE_TAP)
    return True


def _list_under_way(draft: Draft) -> bool:
    """Say whether the answer to a list waits, is in flight, or was lost."""
    turn = draft.state.turn
    sent = turn is not None and turn.listed and (turn.in_flight or turn.unsure)
    return draft.state.live is not None and (sent or any(e.listed for e in draft.state.queue))


def _shown(draft: Draft, prompt: Prompt) -> OpenPrompt:
    return next(shown for shown in draft.state.open if shown.prompt.id == prompt.id)


def _take(draft: Draft, seq: int, shown: OpenPrompt, given: Given) -> None:
    """Claim the prompt; its answer joins the next turn, or the bridge acts on it."""
    prompt = shown.prompt
    if prompt.owner is PromptOwner.BRIDGE:
        _claim_it(draft, shown, given)
        acting.act(draft, seq, prompt, given)
        return
    if turning.over_limit(draft, seq):
        return
    entry = _entry(draft, seq, prompt, given)
    if len(entry.text or "") > INPUT_LIMIT:
        turning.too_long(draft, seq, entry.text or "")
        return
    _claim_it(draft, shown, given)
    _pass_on(draft, entry)


def _claim_it(draft: Draft, shown: OpenPrompt, given: Given) -> None:
    words = given_text(shown.prompt, given, draft.world.phrases(draft.state))
    draft.claim(shown, claim_of(given), words)


def _pass_on(draft: Draft, entry: Entry) -> None:
    turning.go_on(draft)
    draft.enqueue(entry)
    turning.advance(draft)


def _one_of_several(draft: Draft) -> bool:
    """Say whether questions stand side by side, so that an answer must say which it is for."""
    asked = [s for s in draft.state.prompts if s.prompt.owner is PromptOwner.UPSTREAM]
    return len(asked) > 1


def _entry(draft: Draft, seq: int, prompt: Prompt, given: Given) -> Entry:
    """Return what goes upstream; words that are too long are left out where the value says all."""
    meant = _meant(draft, prompt, given, several=_one_of_several(draft))
    if len(meant.text or "") > INPUT_LIMIT:
        bare = _meant(draft, prompt, given, several=False)
        meant = replace(bare, text=None) if bare.values else bare
    if len(meant.text or "") > INPUT_LIMIT:
        meant = replace(meant, text=within(prompt, given, INPUT_LIMIT) or meant.text)
    return Entry(
        seq=seq,
        text=meant.text,
        values=meant.values,
        prompt=prompt.id,
        listed=not isinstance(prompt.widget, NumberInput),
    )


def _meant(draft: Draft, prompt: Prompt, given: Given, *, several: bool) -> Input:
    return input_for(
        prompt,
        given,
        several=several,
        mode=draft.world.rules.choice,
        schema=draft.world.schema(draft.state),
        phrases=draft.world.phrases(draft.state),
    )


def _take_several(draft: Draft, seq: int, several: answers.Several) -> None:
    """One message that answers several lists: one entry of the inbox, joined."""
    if any(each.prompt.owner is PromptOwner.BRIDGE for each in several.readings):
        # The bridge acts, the upstream listens: one message can't be for both.
        draft.refuse(seq)
        draft.warn(Phrase.MIXED)
        return
    if turning.over_limit(draft, seq):
        return
    entries: list[Entry] = []
    for each in several.readings:
        given = Given(chosen=each.chosen, custom=each.custom)
        entries.append(_entry(draft, seq, each.prompt, given))
    joined = Entry(
        seq=seq,
        text="\n".join(entry.text for entry in entries if entry.text) or None,
        values={field: value for entry in entries for field, value in entry.values.items()},
        prompt=entries[-1].prompt,
        listed=True,
    )
    if len(joined.text or "") > INPUT_LIMIT:
        turning.too_long(draft, seq, joined.text or "")
        return
    for each in several.readings:
        _claim_it(draft, _shown(draft, each.prompt), Given(chosen=each.chosen, custom=each.custom))
    _pass_on(draft, joined)

"""What a widget shows: pages, filters, selections, steppers. No answer yet, nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from bridge import answers
from bridge.conversation import effects as fx
from bridge.phrases import Phrase
from bridge.protocol import events
from bridge.protocol.prompts import MultiSelect, NumberInput, Prompt, PromptView, options_of
from bridge.protocol.replies import Ask, plain

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft
    from bridge.conversation.state import OpenPrompt


def step(draft: Draft, shown: OpenPrompt, event: events.WidgetStep) -> None:
    """Change the view by a tap; a step that a limit forbids gets a notice and changes nothing."""
    before = shown.prompt.view
    after, notice = _stepped(draft, shown.prompt, event.step)
    draft.add(fx.AnswerTap(event, notice))
    if notice and not draft.world.taps:
        draft.show(plain(notice))
    if after != before:
        _changed(draft, shown, after)
    match event.step:
        case events.AskCustom():
            _ask_custom(draft, shown.prompt, event)
        case events.Reveal(index=index):
            _reveal(draft, shown.prompt, index)
        case events.Toggle() | events.Page() | events.Filter() | events.Nudge():
            """Seen in the view."""


def _ask_custom(draft: Draft, prompt: Prompt, event: events.WidgetStep) -> None:
    if isinstance(prompt.widget, NumberInput):
        draft.add(fx.OpenModal(event, prompt))
        numbers = answers.range_of(prompt.widget, draft.world.phrases(draft.state))
        draft.show(plain(draft.phrase(Phrase.NUMBER_ASK, range=numbers)))
        return
    hint = _custom(prompt)
    if hint is not None:
        draft.add(fx.OpenModal(event, prompt))
        draft.show(plain(_custom_hint(draft, hint)))


def _reveal(draft: Draft, prompt: Prompt, index: int) -> None:
    options = options_of(prompt.widget)
    if 0 <= index < len(options):
        draft.show(plain(options[index].label))


def _custom(prompt: Prompt) -> str | None:
    """Return the hint for an answer of one's own; None where only the options may be chosen."""
    return None if isinstance(prompt.widget, NumberInput) else prompt.widget.custom


def _custom_hint(draft: Draft, hint: str) -> str:
    if hint:
        return draft.phrase(Phrase.TYPE_CUSTOM_HINT, hint=hint)
    return draft.phrase(Phrase.TYPE_CUSTOM)


def _stepped(draft: Draft, prompt: Prompt, step: events.Step) -> tuple[PromptView, str]:
    view = prompt.view
    match step:
        case events.Toggle():
            return _toggled(draft, prompt, step.index)
        case events.Page():
            return replace(view, page=max(0, step.number)), ""
        case events.Filter():
            return replace(view, filter=step.text.strip()[:100], page=0), ""
        case events.Nudge():
            return replace(view, number=nudged(prompt, step.delta)), ""
        case events.AskCustom():
            return replace(view, typing_custom=_custom(prompt) is not None), ""
        case events.Reveal():
            return view, ""


def _toggled(draft: Draft, prompt: Prompt, index: int) -> tuple[PromptView, str]:
    view = prompt.view
    if not isinstance(prompt.widget, MultiSelect) or not 0 <= index < len(prompt.widget.options):
        return view, ""
    if index in view.selected:
        return replace(view, selected=tuple(i for i in view.selected if i != index)), ""
    most = prompt.widget.maximum
    if most is not None and len(view.selected) >= most:
        return view, draft.phrase(Phrase.TOO_MANY_CHOSEN, count=most)
    return replace(view, selected=tuple(sorted((*view.selected, index)))), ""


def nudged(prompt: Prompt, delta: Decimal) -> Decimal | None:
    """Return a stepper's next number, within range and on the step."""
    widget = prompt.widget
    if not isinstance(widget, NumberInput):
        return None
    lowest = widget.minimum
    present = prompt.view.number if prompt.view.number is not None else lowest or Decimal(0)
    number = _on_step(present + delta, widget.step, ROUND_FLOOR if delta > 0 else ROUND_CEILING)
    highest = _highest(widget)
    if highest is not None and number > highest:
        number = _on_step(highest, widget.step, ROUND_FLOOR)
    if lowest is not None and number < lowest:
        number = _on_step(lowest, widget.step, ROUND_CEILING)
    return number


def _highest(widget: NumberInput) -> Decimal | None:
    """Return the highest number; below an open end it is a whole step away from it."""
    if widget.below is None:
        return widget.maximum
    step = widget.step or Decimal(1)
    return _on_step(widget.below, step, ROUND_CEILING) - step


def _on_step(number: Decimal, step: Decimal | None, rounding: str) -> Decimal:
    """Return the multiple of the step that is next to a number, in the direction of `rounding`."""
    return (number / step).to_integral_value(rounding) * step if step else number


def by_words(draft: Draft, shown: OpenPrompt, reading: answers.Turned | answers.Filtered) -> None:
    """Change the view by words."""
    view = shown.prompt.view
    match reading:
        case answers.Turned():
            _changed(draft, shown, replace(view, page=reading.page))
        case answers.Filtered():
            _changed(draft, shown, replace(view, filter=reading.text, page=0))


def _changed(draft: Draft, shown: OpenPrompt, view: PromptView) -> None:
    """Keep the view and show it: in place where the channel can, else once more."""
    prompt = replace(shown.prompt, view=replace(view, rev=shown.prompt.view.rev + 1))
    draft.change(replace(shown, prompt=prompt))
    if draft.world.edits:
        draft.add(fx.Redraw(prompt))
    elif options_of(prompt.widget) and not view.typing_custom:
        draft.show(Ask(prompt))

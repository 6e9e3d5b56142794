"""Whether an answer is complete, by whatever way it was given, and what to say where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.answers.ranges import misfit
from bridge.answers.readings import Chosen, Refused, Why
from bridge.phrases import Phrase
from bridge.protocol.prompts import MultiSelect, NumberInput, Prompt, SingleSelect

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.phrases import Phrases


def check(
    prompt: Prompt,
    chosen: tuple[int, ...] = (),
    custom: str | None = None,
    number: Decimal | None = None,
) -> Refused | None:
    """Return why an answer can't be taken, or None. A text of one's own counts as one choice."""
    count = len(set(chosen)) + (custom is not None)
    match prompt.widget:
        case SingleSelect():
            reason = _how_many(count, 1, 1)
        case MultiSelect(minimum=minimum, maximum=maximum):
            reason = _how_many(count, minimum, maximum)
        case NumberInput():
            reason = Why.TOO_FEW if number is None else misfit(prompt.widget, number)
    return reason and Refused(prompt=prompt, reason=reason)


def _how_many(count: int, least: int, most: int | None) -> Why | None:
    if count < least:
        return Why.TOO_FEW
    return Why.TOO_MANY if most is not None and count > most else None


def checked(prompt: Prompt, chosen: tuple[int, ...]) -> Chosen | Refused:
    """Return a select's answer, or why it is none."""
    return check(prompt, chosen) or Chosen(prompt=prompt, chosen=tuple(sorted(set(chosen))))


def explain(refused: Refused, phrases: Phrases) -> str:
    """Return what to tell the person."""
    match refused.reason:
        case Why.NO_SUCH_OPTION:
            return phrases.say(Phrase.NO_SUCH_OPTION, number=refused.mark)
        case Why.TWO_MEANINGS:
            return phrases.say(Phrase.TWO_MEANINGS, mark=refused.mark)
        case Why.MIXED:
            return phrases.say(Phrase.MIXED)
        case Why.TOO_FEW | Why.TOO_MANY | Why.TOO_SMALL | Why.TOO_LARGE | Why.OFF_STEP:
            return asked_for(refused.prompt, refused.reason, phrases)


def asked_for(prompt: Prompt, reason: Why, phrases: Phrases) -> str:
    """Return what the prompt asks for, as against an answer that was not it."""
    match prompt.widget:
        case SingleSelect():
            return phrases.say(Phrase.ONLY_ONE)
        case MultiSelect(minimum=minimum, maximum=maximum):
            few = reason is Why.TOO_FEW
            key = Phrase.HINT_AT_LEAST if few else Phrase.TOO_MANY_CHOSEN
            return phrases.say(key, count=minimum if few else maximum)
        case NumberInput():
            return phrases.say(Phrase.NUMBER_REFUSED, range=range_of(prompt.widget, phrases))


def range_of(widget: NumberInput, phrases: Phrases) -> str:
    """Return which numbers fit: "a number from 2 to 10, in steps of 2"."""
    between = _between(widget, phrases)
    if not widget.step or widget.step < 0:
        return between
    if widget.step == 1:
        return phrases.say(Phrase.NUMBER_WHOLE, range=between)
    return phrases.say(Phrase.NUMBER_STEP, range=between, step=written(widget.step))


def _between(widget: NumberInput, phrases: Phrases) -> str:
    keys = {
        (False, False, False): Phrase.NUMBER_ANY,
        (True, False, False): Phrase.NUMBER_FROM,
        (False, True, False): Phrase.NUMBER_TO,
        (True, True, False): Phrase.NUMBER_BETWEEN,
        (False, False, True): Phrase.NUMBER_BELOW,
        (True, False, True): Phrase.NUMBER_FROM_BELOW,
    }
    low, high = widget.minimum, widget.maximum
    # The contract gives at most one of the upper ends; with both, the closed one is told.
    limit = widget.below if high is None else None
    key = keys[low is not None, high is not None, limit is not None]
    return phrases.say(key, least=written(low), most=written(high), limit=written(limit))


def written(number: Decimal | None) -> str:
    """Return a number as people write it, without exponent; "" for none."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

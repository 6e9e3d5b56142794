"""Which options a numbered list shows now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.answers.spelling import bare, fold, light
from bridge.protocol.prompts import MultiSelect, NumberInput, SingleSelect, options_of

if TYPE_CHECKING:
    from bridge.answers.readings import Words
    from bridge.protocol.prompts import Prompt

LONG_LIST = 20
"""More options than this and a typed part of a label narrows the list; our own bound."""


SHORT_LABEL = 20
"""Characters that fit on a button of every channel with buttons; our own bound."""


def as_list(prompt: Prompt, words: Words) -> bool:
    """Tell whether a channel shows the prompt as a numbered list."""
    match prompt.widget:
        case SingleSelect(options=options):
            return len(options) > words.single
        case MultiSelect(options=options):
            return len(options) > words.multi
        case NumberInput():
            return False


def may_be_listed(prompt: Prompt) -> bool:
    """Tell whether a widget may have to list these labels: long, wide or alike ones."""
    labels = [option.label for option in options_of(prompt.widget)]
    alike = len({label.casefold() for label in labels}) < len(labels)
    return alike or any(len(label) > SHORT_LABEL or not label.isascii() for label in labels)


def matching(prompt: Prompt) -> tuple[int, ...]:
    """Return the positions of the options whose label holds the view's filter, in order."""
    options = options_of(prompt.widget)
    if not prompt.view.filter:
        return tuple(range(len(options)))
    wanted = bare(fold(light(prompt.view.filter)))
    return tuple(
        index for index, option in enumerate(options) if wanted in bare(fold(light(option.label)))
    )


def page_count(prompt: Prompt, size: int) -> int:
    """Return how many pages there are, at least one."""
    return max(1, -(-len(matching(prompt)) // max(1, size)))


def present_page(prompt: Prompt, size: int) -> int:
    """Return the view's page, clamped to what there is."""
    return min(max(0, prompt.view.page), page_count(prompt, size) - 1)


def shown(prompt: Prompt, size: int) -> tuple[int, ...]:
    """Return the positions of the options on the present page, in order."""
    size = max(1, size)
    start = present_page(prompt, size) * size
    return matching(prompt)[start : start + size]

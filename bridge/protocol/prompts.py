"""A question with a widget, and what the widget shows now.

Knows: what may be asked and answered. Must not know: how a channel draws it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.protocol.threads import Json, PromptId


class PromptOwner(Enum):
    """Whose question it is: the answer goes to the upstream, or the bridge acts on it."""

    UPSTREAM = "UPSTREAM"
    BRIDGE = "BRIDGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose: the whole label as it came (1..10,000 characters) and its value."""

    label: str
    value: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleSelect:
    """Choose one of 1..100 options; `custom` is the hint for an answer of one's own, or None."""

    options: tuple[Option, ...]
    custom: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiSelect:
    """Choose `minimum`..`maximum` of 1..100 options; `maximum` None is no limit."""

    options: tuple[Option, ...]
    custom: str | None = None
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberInput:
    """A number in a range; of `maximum` and `below` (exclusive) at most one is given.

    `step`: the number is a multiple of it; None takes any.
    """

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    below: Decimal | None = None
    step: Decimal | None = None


Widget: TypeAlias = SingleSelect | MultiSelect | NumberInput


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptView:
    """What the widget shows now; kept by the core, drawn by the adapter, never changed in place.

    `rev` counts the changes; a tap that carries another revision is stale where it matters.
    """

    rev: int = 0
    page: int = 0
    filter: str = ""
    selected: tuple[int, ...] = ()
    number: Decimal | None = None
    typing_custom: bool = False


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One option that is shown now: what to type for it, and the option's whole label.

    `index` is the option's position in the prompt's spec; `selected` where a multi select has it.
    """

    mark: str
    label: str
    index: int
    selected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """What the core works out whenever a prompt is drawn; never stored.

    * `lines`: the options of the present page, filtered, `Capabilities.page_size` at most; nothing
      for a number. Typed, a line's mark means exactly its option: where labels stand in a list,
      show the marks beside them.
    * `page` of `pages`, counted from 0.
    * `hint`: how to answer beyond tapping (a number's range, how many may be chosen, that a part of
      a name can be typed), in whole sentences, or "".
    """

    lines: tuple[MenuLine, ...] = ()
    page: int = 0
    pages: int = 1
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """An open question.

    `question` is its text; `first` is the number of its first option in a numbered list (lists
    that are open side by side number through: 1-4, 5-9). `field` is the form's target or "".
    `display` is filled in for `render` and `redraw`, and empty elsewhere.
    """

    id: PromptId
    owner: PromptOwner
    question: str
    widget: Widget
    field: str = ""
    first: int = 1
    view: PromptView = dataclasses.field(default_factory=PromptView)
    display: Display = dataclasses.field(default_factory=Display)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How a prompt ended, drawn in the place of its widget.

    `chosen` is what to show ("Chocolate", "2, 3"), or "" where it was superseded unanswered.
    `change`: whether the widget may offer "Change" (a `Command` CHANGE with the prompt's field).
    """

    prompt: Prompt
    chosen: str = ""
    change: bool = False


def options_of(widget: Widget) -> tuple[Option, ...]:
    """Return what can be chosen; nothing for a number."""
    match widget:
        case SingleSelect() | MultiSelect():
            return widget.options
        case NumberInput():
            return ()

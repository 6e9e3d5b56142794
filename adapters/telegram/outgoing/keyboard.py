"""The buttons of a prompt, and those that open an address or share a number. Pure.

From above: the options (or numbers), "Read 3" for each label that the list had to cut, the pager,
"Other…", and Done for a multi select. A button whose data would be too long is left out: what it
does can be typed. What is stored is the library's `to_dict()`.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.constants import KeyboardButtonStyle as ButtonStyle

from adapters.telegram.limits import COPY_LIMIT, LABEL_COLUMNS
from adapters.telegram.outgoing.listing import TICKED, UNTICKED, sheet
from adapters.telegram.outgoing.texts import BLANK, columns, narrowed, one_line, readable, units
from adapters.telegram.taps import Deed, Tap, write_tap
from bridge.protocol.prompts import MultiSelect, NumberInput, SingleSelect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.telegram.outgoing.listing import Line, Sheet
    from bridge.protocol.labels import Labels
    from bridge.protocol.prompts import Prompt

Row: TypeAlias = list[InlineKeyboardButton]

_MARKS_PER_ROW = 4
_WORDS_PER_ROW = 2
_READS_PER_ROW = 3
_FIRST_COLUMNS = 10
"""Columns of an option's first words beside its mark (ours)."""

_NUMBERS_PER_ROW = 5
_QUICK = 10
"""A range of more numbers gets no button for each (ours)."""

_BIG = 10
"""A stepper's big step, in steps; it is there where the range has more than twice as many."""

_NARROW_NUMBER = 5
"""Columns of a number that fits a stepper's middle (ours)."""

_WORD_COLUMNS = 30
"""Columns of a button whose words are the operator's (ours)."""


def keyboard(prompt: Prompt, labels: Labels) -> InlineKeyboardMarkup | None:
    """Return what can be tapped to answer the prompt; None where it can only be typed."""
    widget = prompt.widget
    match widget:
        case SingleSelect():
            rows = _choosing(prompt, Deed.CHOOSE, custom=widget.custom, labels=labels)
        case MultiSelect():
            rows = _choosing(prompt, Deed.TOGGLE, custom=widget.custom, labels=labels)
            rows.append(_done(prompt, labels))
        case NumberInput():  # pragma: no branch - all are named
            rows = _quick(prompt, widget) or _stepper(prompt, widget)
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(kept) if kept else None


def changing(prompt: Prompt, labels: Labels) -> InlineKeyboardMarkup | None:
    """Return the button of an answered question that opens it again."""
    row = _row(_button(prompt, Deed.CHANGE, "✏️ " + _words(labels.change)))
    return InlineKeyboardMarkup([row]) if row else None


def opening(label: str, url: str, labels: Labels) -> InlineKeyboardMarkup:
    """Return a button that opens the address, and one that copies it where it is short enough."""
    rows = [[InlineKeyboardButton(_words(label), url=url, style=ButtonStyle.PRIMARY.value)]]
    if units(url) <= COPY_LIMIT:
        copy = CopyTextButton(url)
        rows.append([InlineKeyboardButton("📋 " + _words(labels.copy_link), copy_text=copy)])
    return InlineKeyboardMarkup(rows)


def sharing(labels: Labels) -> ReplyKeyboardMarkup:
    """Return the button, below the input field, that sends the person's own phone number."""
    share = KeyboardButton("📱 " + _words(labels.share_phone), request_contact=True)
    return ReplyKeyboardMarkup([[share]], one_time_keyboard=True, resize_keyboard=True)


def _words(text: str) -> str:
    """Return words for a button: on one line, cut, and something to see."""
    shown = narrowed(one_line(text)[: _WORD_COLUMNS * 2], _WORD_COLUMNS)
    return shown if readable(shown) else BLANK


def _button(
    prompt: Prompt, deed: Deed, text: str, argument: str = "", style: str | None = None
) -> InlineKeyboardButton | None:
    tap = Tap(prompt=prompt.id, rev=prompt.view.rev, deed=deed, argument=argument)
    data = write_tap(tap)
    return InlineKeyboardButton(text, callback_data=data, style=style) if data else None


def _row(*buttons: InlineKeyboardButton | None) -> Row:
    return [button for button in buttons if button is not None]


def _in_rows(buttons: Sequence[InlineKeyboardButton | None], width: int) -> list[Row]:
    return [_row(*buttons[n : n + width]) for n in range(0, len(buttons), width)]


def _choosing(prompt: Prompt, deed: Deed, *, custom: str | None, labels: Labels) -> list[Row]:
    page = sheet(prompt)
    other = _button(prompt, Deed.OTHER, "✏️ " + _words(labels.other))
    return [
        *_options(prompt, deed, page),
        *_reads(prompt, page, labels),
        _pager(prompt),
        _row(other) if custom is not None else [],
    ]


def _options(prompt: Prompt, deed: Deed, page: Sheet) -> list[Row]:
    texts, width = _shown_on_buttons(page)
    buttons = [
        _button(prompt, deed, _tick(prompt, line) + text, str(line.index))
        for line, text in zip(page.lines, texts, strict=True)
    ]
    return _in_rows(buttons, width)


def _shown_on_buttons(page: Sheet) -> tuple[list[str], int]:
    """Return the options' texts, and how many stand in a row.

    Beside its mark a listed option shows its first words, where they tell the options apart.
    """
    if not page.listed:
        return [line.text for line in page.lines], 2 if page.narrow else 1
    words = [narrowed(line.text[:_WORD_COLUMNS], _FIRST_COLUMNS) for line in page.lines]
    if len(set(words)) < len(words) or not all(map(_telling, words)):
        return [line.mark for line in page.lines], _MARKS_PER_ROW
    return [f"{n.mark} · {word}" for n, word in zip(page.lines, words, strict=True)], _WORDS_PER_ROW


def _telling(words: str) -> bool:
    return readable(words.rstrip("…")) and words.isprintable()


def _tick(prompt: Prompt, line: Line) -> str:
    if not isinstance(prompt.widget, MultiSelect):
        return ""
    return TICKED if line.selected else UNTICKED


def _reads(prompt: Prompt, page: Sheet, labels: Labels) -> list[Row]:
    cut = [line for line in page.lines if line.cut]
    buttons = [
        _button(prompt, Deed.REVEAL, "ℹ️ " + _read(line, labels), str(line.index))  # noqa: RUF001 - a sign for information
        for line in cut
    ]
    return _in_rows(buttons, _READS_PER_ROW)


def _read(line: Line, labels: Labels) -> str:
    return _words(labels.read.replace("{mark}", line.mark))


def _pager(prompt: Prompt) -> Row:
    """Return where the page stands among its pages, and the ways to its neighbours."""
    page, pages = prompt.display.page, prompt.display.pages
    if pages <= 1:
        return []
    back = _button(prompt, Deed.PAGE, "‹", str(page - 1)) if page > 0 else None  # noqa: RUF001 - a sign
    here = _button(prompt, Deed.PAGE, f"{page + 1}/{pages}", str(page))
    on = _button(prompt, Deed.PAGE, "›", str(page + 1)) if page + 1 < pages else None  # noqa: RUF001 - a sign
    return _row(back, here, on)


def _done(prompt: Prompt, labels: Labels) -> Row:
    text = f"✅ {_words(labels.done)} ({len(prompt.view.selected)})"
    return _row(_button(prompt, Deed.CONFIRM, text, style=ButtonStyle.SUCCESS.value))


def _quick(prompt: Prompt, widget: NumberInput) -> list[Row]:
    """Return a button for each number of a small range, in rows of about the same length."""
    values = list(_values(widget))
    if not 0 < len(values) <= _QUICK:
        return []
    rows = math.ceil(len(values) / _NUMBERS_PER_ROW)
    shown = [_shown(value) for value in values]
    buttons = [_button(prompt, Deed.NUMBER, text, text) for text in shown]
    return [] if None in buttons else _in_rows(buttons, math.ceil(len(values) / rows))


def _values(widget: NumberInput) -> Iterator[Decimal]:
    """Return the numbers of the range, one more than is of use at most.

    Without a step any number fits, and whole ones are the likely ones.
    """
    if widget.minimum is None:
        return
    step = widget.step or Decimal(1)
    first = (widget.minimum / step).to_integral_value(rounding="ROUND_CEILING") * step
    for number in range(_QUICK + 1):
        value = first + number * step
        if widget.maximum is not None and value > widget.maximum:
            return
        if widget.below is not None and value >= widget.below:
            return
        yield value


def _stepper(prompt: Prompt, widget: NumberInput) -> list[Row]:
    """Return buttons that move the number, and one that answers with it."""
    number = prompt.view.number
    if number is None:
        return []
    step = widget.step or Decimal(1)
    ways = (step, step * _BIG) if _wide(widget, step) else (step,)
    nudges = [_nudge(prompt, delta) for delta in (*(-way for way in reversed(ways)), *ways)]
    kept = [] if None in nudges else _row(*nudges)
    value = narrowed(_shown(number), LABEL_COLUMNS)
    accept = _row(_button(prompt, Deed.ACCEPT, f"✓ {value}", style=ButtonStyle.SUCCESS.value))
    if columns(value) > _NARROW_NUMBER:
        return [accept, kept]
    middle = len(kept) // 2
    return [[*kept[:middle], *accept, *kept[middle:]]]


def _wide(widget: NumberInput, step: Decimal) -> bool:
    highest = widget.maximum if widget.maximum is not None else widget.below
    if widget.minimum is None or highest is None:
        return True
    return highest - widget.minimum > 2 * _BIG * step


def _nudge(prompt: Prompt, delta: Decimal) -> InlineKeyboardButton | None:
    sign = "+" if delta > 0 else "−"  # noqa: RUF001 - a minus
    text = sign + narrowed(_shown(abs(delta)), LABEL_COLUMNS)
    return _button(prompt, Deed.NUDGE, text, _shown(delta))


def _shown(value: Decimal) -> str:
    """Return the number in plain digits, without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

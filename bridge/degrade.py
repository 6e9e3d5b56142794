"""PURE: a reply x a channel's capabilities -> what the channel can show.

Knows: numbered lists and the sentences that tell how to answer them. Must not know: channels.

Law: every option can be chosen on every channel. All pages of a list together show each option
once, and what stands before an option is what `answers.read` takes for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.answers import (
    LONG_LIST,
    Words,
    as_list,
    confirms_nothing,
    explain,
    marks,
    matching,
    page_count,
    present_page,
    range_of,
    scheme_of,
    shown,
)
from bridge.phrases import Phrase
from bridge.protocol.capabilities import Level
from bridge.protocol.prompts import (
    Display,
    MenuLine,
    MultiSelect,
    NumberInput,
    SingleSelect,
    options_of,
)
from bridge.protocol.replies import Ask, Menu

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bridge.phrases import Phrases
    from bridge.protocol.capabilities import Capabilities
    from bridge.protocol.prompts import Prompt
    from bridge.protocol.replies import Reply

__all__ = ["degrade", "displayed", "explain", "menu"]


def degrade(
    replies: Sequence[Reply], capabilities: Capabilities, phrases: Phrases
) -> tuple[Reply, ...]:
    """Return the replies with a numbered list for each prompt that has no widget here."""
    return tuple(
        _fitting(reply.prompt, capabilities, phrases) if isinstance(reply, Ask) else reply
        for reply in replies
    )


def _fitting(prompt: Prompt, capabilities: Capabilities, phrases: Phrases) -> Ask | Menu:
    if _native(prompt, capabilities):
        return Ask(displayed(prompt, capabilities, phrases))
    return menu(prompt, capabilities, phrases)


def displayed(prompt: Prompt, capabilities: Capabilities, phrases: Phrases) -> Prompt:
    """Return the prompt with what a widget shows of it now."""
    words = Words.of(capabilities)
    select = not isinstance(prompt.widget, NumberInput)
    display = Display(
        lines=_lines(prompt, words) if select else (),
        page=present_page(prompt, words.page_size),
        pages=page_count(prompt, words.page_size),
        hint=" ".join(_widget_hints(prompt, words, phrases)),
    )
    return replace(prompt, display=display)


def _widget_hints(prompt: Prompt, words: Words, phrases: Phrases) -> Iterator[str]:
    """Say what a widget does not show by itself."""
    widget = prompt.widget
    if isinstance(widget, NumberInput):
        yield phrases.say(Phrase.NUMBER_ASK, range=range_of(widget, phrases))
        return
    if isinstance(widget, MultiSelect):
        yield from _how_many(widget, phrases)
    if prompt.view.filter and not matching(prompt):
        yield phrases.say(Phrase.NOTHING_FOUND, filter=prompt.view.filter)
    if prompt.view.filter:
        yield phrases.say(Phrase.HINT_FILTERED, back=words.back.upper())
    elif len(widget.options) > LONG_LIST:
        yield phrases.say(Phrase.HINT_FILTER)


def _native(prompt: Prompt, capabilities: Capabilities) -> bool:
    if isinstance(prompt.widget, NumberInput):
        return capabilities.number is Level.NATIVE
    return not as_list(prompt, Words.of(capabilities))


def menu(prompt: Prompt, capabilities: Capabilities, phrases: Phrases) -> Menu:
    """Return the prompt's present view as a numbered list, also of one that has a widget."""
    words = Words.of(capabilities)
    hints = " ".join(_hints(prompt, words, phrases))
    return Menu(prompt=prompt, lines=() if _own(prompt) else _lines(prompt, words), hint=hints)


def _own(prompt: Prompt) -> bool:
    """Tell whether an answer of the person's own is awaited: then a mark would be taken for it."""
    return prompt.view.typing_custom and _custom(prompt) is not None


def _custom(prompt: Prompt) -> str | None:
    return None if isinstance(prompt.widget, NumberInput) else prompt.widget.custom


def _lines(prompt: Prompt, words: Words) -> tuple[MenuLine, ...]:
    options, each = options_of(prompt.widget), marks(prompt, words)
    return tuple(
        MenuLine(
            mark=each[index],
            label=options[index].label,
            index=index,
            selected=index in prompt.view.selected,
        )
        for index in shown(prompt, words.page_size)
    )


def _hints(prompt: Prompt, words: Words, phrases: Phrases) -> Iterator[str]:
    if isinstance(prompt.widget, NumberInput):
        yield phrases.say(Phrase.NUMBER_ASK, range=range_of(prompt.widget, phrases))
    elif _own(prompt):
        hint = _custom(prompt)
        key = Phrase.TYPE_CUSTOM_HINT if hint else Phrase.TYPE_CUSTOM
        yield phrases.say(key, hint=hint)
    else:
        yield from _choosing(prompt, prompt.widget, words, phrases)
        yield from _turning(prompt, words, phrases)


def _choosing(
    prompt: Prompt, widget: SingleSelect | MultiSelect, words: Words, phrases: Phrases
) -> Iterator[str]:
    several = isinstance(widget, MultiSelect) and widget.maximum != 1
    example = _example(prompt, words, several=several)
    yield phrases.say(_how(prompt, words, several=several), example=example)
    if isinstance(widget, MultiSelect):
        yield from _how_many(widget, phrases)
        yield from _done(prompt, widget, words, phrases)
    if widget.custom is not None:
        key = Phrase.HINT_CUSTOM_ABOUT if widget.custom else Phrase.HINT_CUSTOM
        yield phrases.say(key, hint=widget.custom)


def _how(prompt: Prompt, words: Words, *, several: bool) -> Phrase:
    scheme = scheme_of(prompt, words)
    if scheme.hashes:
        return Phrase.HINT_SEVERAL_MARKS if several else Phrase.HINT_ONE_MARK
    if scheme.letters:
        return Phrase.HINT_SEVERAL_LETTERS if several else Phrase.HINT_ONE_LETTER
    return Phrase.HINT_SEVERAL if several else Phrase.HINT_ONE


def _example(prompt: Prompt, words: Words, *, several: bool) -> str:
    """Return marks that are shown now: the first, or the first and the third."""
    each = marks(prompt, words)
    now = [each[index] for index in shown(prompt, words.page_size)] or list(each)
    return ", ".join(dict.fromkeys((now[0], now[:3][-1]))) if several else now[0]


def _how_many(widget: MultiSelect, phrases: Phrases) -> Iterator[str]:
    least, most = widget.minimum, widget.maximum
    if most is not None and least == most:
        yield phrases.say(Phrase.HINT_EXACTLY, count=most)
    elif most is not None and least:
        yield phrases.say(Phrase.HINT_BETWEEN, least=least, most=most)
    elif most is not None:
        yield phrases.say(Phrase.HINT_AT_MOST, count=most)
    elif least > 1:
        yield phrases.say(Phrase.HINT_AT_LEAST, count=least)


def _done(prompt: Prompt, widget: MultiSelect, words: Words, phrases: Phrases) -> Iterator[str]:
    done = words.done.upper()
    if prompt.view.selected:
        yield phrases.say(Phrase.HINT_CONFIRM, done=done)
    elif not widget.minimum and confirms_nothing(prompt, words):
        yield phrases.say(Phrase.HINT_SEVERAL_OPTIONAL, done=done)


def _turning(prompt: Prompt, words: Words, phrases: Phrases) -> Iterator[str]:
    more, back = words.more.upper(), words.back.upper()
    last, page = page_count(prompt, words.page_size) - 1, present_page(prompt, words.page_size)
    if not matching(prompt):
        yield phrases.say(Phrase.NOTHING_FOUND, filter=prompt.view.filter)
    if 0 < page < last:
        yield phrases.say(Phrase.HINT_PAGES, more=more, back=back)
    elif page < last:
        yield phrases.say(Phrase.HINT_MORE, more=more)
    elif page > 0:
        yield phrases.say(Phrase.HINT_BACK, back=back)
    if prompt.view.filter:
        yield phrases.say(Phrase.HINT_FILTERED, back=back)
    elif len(options_of(prompt.widget)) > LONG_LIST:
        yield phrases.say(Phrase.HINT_FILTER)

"""The rules by which a typed reply is read, in order; the first that finds something decides.

1. A word of a carrier, or a command: no answer. 2. A text of one's own was asked for: it is that.
3. MORE, BACK, OK, where there is something to turn or to confirm. 4. A question: no answer, unless
it is a label. 5. One option by mark or label, one number. 6. Several choices. 7. An option named
in other words. 8. Part of a label narrows a long list. 9. A number that nothing takes: told.

A bare number may be a mark and a number asked for: where only one of them fits, it is that one;
where both do, the person is told how to say which. Beside a widget that shows no marks, it is the
number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.answers.checking import checked
from bridge.answers.desk import desk, said
from bridge.answers.labels import exact, named
from bridge.answers.marks import reserved
from bridge.answers.numerals import Cardinal, decimals, position
from bridge.answers.pages import LONG_LIST, as_list, page_count, present_page
from bridge.answers.picking import picked
from bridge.answers.ranges import misfit
from bridge.answers.readings import Chosen, Filtered, Free, Refused, Turned
from bridge.answers.several import may_be_custom, no_such_option, several
from bridge.answers.sheets import sheet_of
from bridge.answers.spelling import KEPT, QUESTION_MARKS, key
from bridge.answers.vocabulary import NO_CONTENT
from bridge.protocol.prompts import MultiSelect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.answers.desk import Desk, OpenList, Said
    from bridge.answers.readings import Reading, Words
    from bridge.protocol.prompts import Prompt

SHORTEST_FILTER = 2
"""A shorter part of a label narrows nothing; our own bound."""


def read(text: str, prompts: Sequence[Prompt], words: Words) -> Reading:
    """Return what the text means for the open prompts, given in the order they were asked."""
    reply = said(text)
    if not prompts or not reply.light or reply.fold in reserved(words):
        return Free(text=text)
    own = [prompt for prompt in prompts if prompt.view.typing_custom and may_be_custom(prompt)]
    if own:
        return Chosen(prompt=own[-1], chosen=(), custom=text.strip())
    return _judged(desk(prompts, words), reply)


def _judged(open_now: Desk, reply: Said) -> Reading:
    rules = (_control, _question, picked, several, _named, _narrowed, _refused)
    found = (rule(open_now, reply) for rule in rules)
    return next((reading for reading in found if reading is not None), Free(text=reply.text))


def _control(open_now: Desk, reply: Said) -> Reading | None:
    words = open_now.words
    if reply.fold == key(words.more):
        return _turned(open_now, 1)
    if reply.fold == key(words.back):
        return _turned(open_now, -1)
    return _done(open_now) if reply.fold == key(words.done) else None


def _turned(open_now: Desk, by: int) -> Turned | Filtered | None:
    """Turn the pages of the list that was asked last; BACK on the first page ends a filter."""
    size = open_now.words.page_size
    paged = [each.prompt for each in open_now.lists if each.numbered and _turns(each, size)]
    if not paged:
        return None
    prompt, last = paged[-1], page_count(paged[-1], size) - 1
    page = present_page(prompt, size) + by
    if page < 0 and prompt.view.filter:
        return Filtered(prompt=prompt, text="")
    return Turned(prompt=prompt, page=min(max(0, page), last))


def _turns(each: OpenList, size: int) -> bool:
    return page_count(each.prompt, size) > 1 or bool(each.prompt.view.filter)


def _done(open_now: Desk) -> Reading | None:
    """Confirm what is selected; nothing, where the numbered list offers that."""
    multis = [
        each.prompt
        for each in open_now.lists
        if each.prompt.view.selected or confirms_nothing(each.prompt, open_now.words)
    ]
    begun = [prompt for prompt in multis if prompt.view.selected] or multis
    return checked(begun[0], begun[0].view.selected) if len(begun) == 1 else None


def confirms_nothing(prompt: Prompt, words: Words) -> bool:
    """Tell whether the word for "done" answers a multi select of which nothing is selected.

    Not beside a widget, where a mere "ok" is small talk, nor where an option has that name.
    """
    if not isinstance(prompt.widget, MultiSelect) or not as_list(prompt, words):
        return False
    return not any(key(words.done) in names for names in sheet_of(prompt, words).exact)


def _question(open_now: Desk, reply: Said) -> Reading | None:
    """Pass a question on, and a long text; only a label to the letter is an answer then."""
    if not reply.light.endswith(QUESTION_MARKS) and len(reply.light) <= KEPT:
        return None
    if any(reply.light in each.sheet.exact[0] for each in open_now.lists):
        spots = exact(open_now, reply)
        return open_now.answer(spots[0]) if len(spots) == 1 else None
    return Free(text=reply.text)


def _named(open_now: Desk, reply: Said) -> Reading | None:
    spots = named(open_now, reply)
    return open_now.answer(spots[0]) if len(spots) == 1 else None


def _narrowed(open_now: Desk, reply: Said) -> Filtered | None:
    """Narrow the long list that was asked last, by one word that begins several of its names."""
    part = reply.bare
    if len(part) < SHORTEST_FILTER or " " in part or part in NO_CONTENT or part.isdigit():
        return None
    for each in reversed(open_now.lists):
        names = each.sheet.names
        if len(names) > LONG_LIST and sum(f" {part}" in name.line for name in names) > 1:
            return Filtered(prompt=each.prompt, text=part)
    return None


def _refused(open_now: Desk, reply: Said) -> Refused | None:
    """Tell of a number that nothing takes, where it is plain for which prompt it was meant."""
    if open_now.numbers:
        return _off_range(open_now, reply)
    place = position(reply.fold)
    if isinstance(place, Cardinal):
        return no_such_option(open_now, str(place.n))
    return None


def _off_range(open_now: Desk, reply: Said) -> Refused | None:
    readings = decimals(reply.text)
    if len(open_now.numbers) != 1 or not readings:
        return None
    prompt, widget = open_now.numbers[0]
    reason = misfit(widget, readings[0])
    return reason and Refused(prompt=prompt, reason=reason, mark=reply.text.strip())

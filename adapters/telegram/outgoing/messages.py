"""What stands in which message: replies become messages, not yet cut to Telegram's limits. Pure.

Later edits replace a whole message, and know the prompt alone. So a widget has a message of its
own, made of nothing but its prompt: the question (the end of a long one), the numbered list, the
hint. `asking` and `answered` begin with the same words, whatever was said around it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telegram import ReplyKeyboardRemove

from adapters.telegram.outgoing.keyboard import changing, keyboard, opening, sharing
from adapters.telegram.outgoing.listing import entry, listing, sheet
from adapters.telegram.outgoing.splitting import tail
from adapters.telegram.outgoing.texts import (
    RULE,
    Run,
    Style,
    clean,
    one_line,
    paragraph,
    shortened,
    text_of,
)
from bridge.protocol.replies import (
    Ask,
    Callout,
    Confirmation,
    Expect,
    Format,
    LinkButton,
    Menu,
    Say,
    Separator,
    Tone,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

    from adapters.telegram.outgoing.texts import Paragraph
    from bridge.protocol.labels import Labels
    from bridge.protocol.prompts import Answered, Prompt
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import PromptId

QUESTION_ROOM = 1500
"""UTF-16 units of a question in the message of its widget; what is before goes ahead. Ours."""

_HINT_ROOM = 200
"""UTF-16 units of a sentence of ours below a widget (ours)."""

_CHOSEN_ROOM = 2300
"""UTF-16 units of what was chosen, in the place of a list (ours)."""

_PRIVATE_ROOM = 3000
"""UTF-16 units above a link that is sent to its owner alone: it is one message (ours)."""

_SYMBOLS = {Tone.IMPORTANT: "❗ ", Tone.ERROR: "⚠️ ", Tone.NOTICE: "ℹ️ "}  # noqa: RUF001 - a sign for information


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of any length.

    * `prompt`: whose widget it shows. `private`: for the owner's eyes only. `url`: what its button
      opens, or "".
    * `vital`: told again where it is unknown whether it arrived.
    """

    paragraphs: tuple[Paragraph, ...]
    markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None
    prompt: PromptId | None = None
    private: bool = False
    url: str = ""
    vital: bool = False


def messages(replies: Sequence[Reply], labels: Labels, *, shared: bool) -> tuple[Message, ...]:
    """Return the messages of one answer; `shared` is whether others read along."""
    made: list[Message] = []
    said: list[Reply] = []
    for reply in replies:
        match reply:
            case Ask(prompt):
                made += [*_before(said, prompt), asking(prompt, labels, shared=shared)]
                said = []
            case LinkButton():
                made += _linked(reply, said, labels, shared=shared)
                said = []
            case (  # pragma: no branch - all are named
                Say() | Confirmation() | Callout() | Separator() | Menu() | Expect()
            ):
                said.append(reply)
    return _ended((*made, *_saying(_told(said), said)), replies, labels, shared=shared)


def asking(prompt: Prompt, labels: Labels, *, shared: bool) -> Message:
    """Return the message that shows the prompt's present view."""
    markup = keyboard(prompt, labels)
    below = [_reply_here(labels)] if shared and markup is None else []
    paragraphs = (_head(prompt), *_body(prompt), *below)
    return Message(paragraphs=paragraphs, markup=markup, prompt=prompt.id, vital=True)


def answered(ended: Answered, labels: Labels) -> Message:
    """Return the message that shows how the prompt ended."""
    chosen = shortened(clean(ended.chosen).strip(), _CHOSEN_ROOM)
    shown = (Run("\n✓ "), Run(chosen, Style.BOLD)) if chosen else ()
    return Message(
        paragraphs=((*_head(ended.prompt), *shown),),
        markup=changing(ended.prompt, labels) if ended.change else None,
        vital=True,
    )


def _head(prompt: Prompt) -> Paragraph:
    _, last = _question(prompt)
    return (Run(last),)


def _question(prompt: Prompt) -> tuple[str, str]:
    """Return the question as what goes ahead of its widget, and what stands with it."""
    question = clean(prompt.question).strip()
    place = tail(question, QUESTION_ROOM)
    return question[:place], question[place:]


def _body(prompt: Prompt) -> list[Paragraph]:
    listed = listing(sheet(prompt))
    hint = shortened(one_line(prompt.display.hint), _HINT_ROOM)
    shown = [(Run(listed),)] if listed else []
    return [*shown, (Run(hint, Style.ITALIC),)] if hint else [*shown]


def _reply_here(labels: Labels) -> Paragraph:
    return (Run(shortened(one_line(labels.reply_here), _HINT_ROOM), Style.ITALIC),)


def _before(said: Sequence[Reply], prompt: Prompt) -> list[Message]:
    """Return what was said before a widget, without the question that its message shows."""
    told = _without(_told(said), prompt.question)
    ahead, _ = _question(prompt)
    return _saying([*told, (Run(ahead),)] if ahead else told, said)


def _saying(told: Sequence[Paragraph], said: Sequence[Reply]) -> list[Message]:
    """Return what was said as a message; a break at its ends says nothing more."""
    vital = any(isinstance(reply, Menu | Callout) for reply in said)
    seen = [place for place, shown in enumerate(told) if shown is not RULE]
    kept = tuple(told[seen[0] : seen[-1] + 1]) if seen else ()
    return [Message(paragraphs=kept, vital=vital)] if kept else []


def _linked(
    link: LinkButton, said: Sequence[Reply], labels: Labels, *, shared: bool
) -> list[Message]:
    """Return the message with the button; what was said stands above it, unless others see it."""
    told = _told(said)
    button = Message(
        paragraphs=((Run(link.text),),),
        markup=opening(link.label, link.url, labels),
        url=link.url,
        vital=True,
    )
    if not (link.private and shared):
        return [replace(button, paragraphs=(*told, *button.paragraphs))]
    text = shortened(clean(link.text), _PRIVATE_ROOM)
    return [*_saying(told, said), replace(button, paragraphs=((Run(text),),), private=True)]


def _ended(
    made: tuple[Message, ...], replies: Sequence[Reply], labels: Labels, *, shared: bool
) -> tuple[Message, ...]:
    """Return the messages with what helps to answer below the last one."""
    expected = {reply.format for reply in replies if isinstance(reply, Expect)}
    if not shared and Format.PHONE not in expected:
        made = _without_keys(made)
    if not made or made[-1].markup is not None or made[-1].prompt is not None:
        return made
    last = made[-1]
    if shared and (expected or any(isinstance(reply, Menu) for reply in replies)):
        last = replace(last, paragraphs=(*last.paragraphs, _reply_here(labels)))
    elif not shared and Format.PHONE in expected:
        last = replace(last, markup=sharing(labels))
    return (*made[:-1], last)


def _without_keys(made: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the messages, the first plain one with what takes away keys below the input field.

    A person may have typed the number that they were offered to share; nothing else takes the key
    away then, and where there is none it does nothing.
    """
    plain = (n for n, one in enumerate(made) if one.markup is None and one.prompt is None)
    first = next(plain, None)
    if first is None:
        return made
    bare = replace(made[first], markup=ReplyKeyboardRemove())
    return (*made[:first], bare, *made[first + 1 :])


def _told(said: Sequence[Reply]) -> list[Paragraph]:
    told: list[Paragraph] = []
    for reply in said:
        told += _paragraphs(reply, told)
    return told


def _paragraphs(reply: Reply, told: Sequence[Paragraph]) -> list[Paragraph]:
    match reply:
        case Say(spans):
            return [paragraph(spans)]
        case Confirmation():
            return [_confirmed(reply)]
        case Callout(tone, text):
            style = Style.PLAIN if tone is Tone.NOTICE else Style.BOLD
            return [(Run(_SYMBOLS[tone]), Run(text, style))]
        case Separator():
            return [RULE]
        case Menu():
            return _listed(reply, told)
        case Ask() | Expect() | LinkButton():  # pragma: no branch - all are named
            return []


def _confirmed(reply: Confirmation) -> Paragraph:
    """Return a line for each answer that was understood."""
    runs: list[Run] = []
    for item in reply.items:
        line_end = "\n" if runs else ""
        runs += [Run(f"{line_end}✓ {item.label}: "), Run(item.shown, Style.BOLD)]
    return tuple(runs)


def _listed(menu: Menu, told: Sequence[Paragraph]) -> list[Paragraph]:
    asked = told and _same(text_of(told[-1]), menu.prompt.question)
    question: list[Paragraph] = [] if asked else [(Run(menu.prompt.question),)]
    lines = "\n".join(entry(n.mark, n.label, selected=n.selected) for n in menu.lines)
    return [*question, *([(Run(lines),)] if lines else []), (Run(menu.hint, Style.ITALIC),)]


def _without(told: Sequence[Paragraph], question: str) -> list[Paragraph]:
    """Return what was told without the question, where that was the last paragraph of it."""
    if not told:
        return []
    *before, last = told
    place = _place_of(question.strip(), text_of(last).rstrip())
    if place is None:
        return [*told]
    rest = _first(last, place)
    return [*before, rest] if rest and text_of(rest) not in _SYMBOLS.values() else before


def _place_of(question: str, text: str) -> int | None:
    """Return where the question begins that ends the text as a paragraph of its own."""
    place = len(text) - len(question)
    if not question or not text.endswith(question):
        return None
    before = text[:place]
    return place if not before or before[-1] == "\n" or before in _SYMBOLS.values() else None


def _first(shown: Paragraph, length: int) -> Paragraph:
    """Return the first `length` code points of the paragraph."""
    kept: list[Run] = []
    for run in shown:
        kept += [Run(run.text[:length], run.style)] if length > 0 else []
        length -= len(run.text)
    return tuple(kept)


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()

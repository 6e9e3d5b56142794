"""Replies as messages of this platform. Pure.

`send` and `edit` have the body `{"spans": [{"text", "bold"}], "keyboard": [[button]]}`, a button
being `{"label", "id"}` or `{"label", "url"}`; `whisper` is a `send` that one person alone sees.
Text needs no escaping here: the platform knows no markup. A question heads the message that holds
its widget, because a later edit replaces the whole message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bridge.conformance.buttons.keyboard import clean, keyboard, listing
from bridge.conformance.buttons.limits import LABEL_LIMIT, TEXT_LIMIT
from bridge.conformance.buttons.parse import CHANNEL
from bridge.conformance.buttons.taps import Deed, Tap, write_tap
from bridge.protocol.calls import Call, OnUncertain, Urgency
from bridge.protocol.replies import (
    Ask,
    Callout,
    Confirmation,
    Expect,
    LinkButton,
    Menu,
    Say,
    Separator,
    Span,
    Tone,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bridge.conformance.buttons.keyboard import Button
    from bridge.protocol.prompts import Answered, Prompt
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import Json, PromptId, ThreadKey

Paragraph: TypeAlias = tuple[Span, ...]

_SYMBOLS = {Tone.IMPORTANT: "❗ ", Tone.ERROR: "⚠ ", Tone.NOTICE: "· "}
_BLANK = "·"
"""Stands where a message has buttons and nothing to read: the platform takes no blank text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message before it is cut to the platform's limits."""

    paragraphs: tuple[Paragraph, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    prompt: PromptId | None = None
    private: bool = False
    vital: bool = False


def render(replies: Sequence[Reply], thread: ThreadKey) -> tuple[Call, ...]:
    """Return the calls that show these replies, in order."""
    calls: list[Call] = []
    for message in _messages(replies, shared=thread.startswith(CHANNEL + "group:")):
        calls.extend(_sends(message, _buckets(thread)))
    return tuple(calls)


def redraw(prompt: Prompt, thread: ThreadKey) -> Call:
    """Return the edit that shows the prompt's present view."""
    return _edit(prompt.id, _asking(prompt, _question(prompt)), thread, widget=True)


def close(answered: Answered, thread: ThreadKey) -> Call:
    """Return the edit that shows what was chosen, with "Change" where that is possible."""
    prompt = answered.prompt
    chosen: tuple[Paragraph, ...] = (
        ((Span("✓ "), Span(answered.chosen, bold=True)),) if answered.chosen else ()
    )
    change = write_tap(Tap(prompt=prompt.id, rev=prompt.view.rev, deed=Deed.CHANGE))
    buttons = (({"label": "Change", "id": change},),) if answered.change and change else ()
    message = Message(paragraphs=(_question(prompt), *chosen), buttons=buttons)
    return _edit(prompt.id, message, thread, widget=False)


def _buckets(thread: ThreadKey) -> tuple[str, ...]:
    return ("all", "chat", "group") if thread.startswith(CHANNEL + "group:") else ("all", "chat")


def _messages(replies: Sequence[Reply], *, shared: bool) -> list[Message]:
    """Join what can stand in one message; a widget and a private link have one of their own."""
    messages: list[Message] = []
    said: list[Paragraph] = []
    for reply in replies:
        match reply:
            case Ask(prompt):
                heading = _heading(prompt, said)
                messages += [*_flushed(said), _asking(prompt, heading)]
                said = []
            case LinkButton():
                private = reply.private and shared
                above = [] if private else said
                messages += _flushed(said) if private else []
                messages.append(_linking(reply, above, private=private))
                said = []
            case Say() | Confirmation() | Callout() | Separator() | Menu() | Expect():
                said += _paragraphs(reply)
    vital = any(isinstance(reply, Menu | Callout) for reply in replies)
    return [*messages, *_flushed(said, vital=vital)]


def _flushed(said: Sequence[Paragraph], *, vital: bool = True) -> list[Message]:
    return [Message(paragraphs=tuple(said), vital=vital)] if said else []


def _heading(prompt: Prompt, said: list[Paragraph]) -> Paragraph:
    """Return the question; it is taken from `said` where it was the last thing said."""
    if said and "".join(span.text for span in said[-1]) == prompt.question:
        return said.pop()
    return _question(prompt)


def _question(prompt: Prompt) -> Paragraph:
    return (Span(prompt.question),)


def _asking(prompt: Prompt, heading: Paragraph) -> Message:
    listed = listing(prompt)
    paragraphs = (heading, (Span(listed),)) if listed else (heading,)
    return Message(paragraphs=paragraphs, buttons=keyboard(prompt), prompt=prompt.id, vital=True)


def _linking(link: LinkButton, above: Sequence[Paragraph], *, private: bool) -> Message:
    label = " ".join(clean(link.label).split())[:LABEL_LIMIT] or "Open"
    return Message(
        paragraphs=(*above, (Span(link.text),)),
        buttons=(({"label": label, "url": link.url},),),
        private=private,
        vital=True,
    )


def _paragraphs(reply: Say | Confirmation | Callout | Separator | Menu | Expect) -> list[Paragraph]:
    match reply:
        case Say(spans):
            return [spans]
        case Confirmation(items):
            return [(Span("✓ " + i.label + ": "), Span(i.shown, bold=True)) for i in items]
        case Callout(tone, text):
            return [(Span(_SYMBOLS[tone] + text, bold=tone is not Tone.NOTICE),)]
        case Separator():
            return [(Span("—" * 8),)]
        case Menu(prompt, lines, hint):
            shown = "\n".join(
                f"{line.mark}. {'☑ ' if line.selected else ''}{line.label}" for line in lines
            )
            return [_question(prompt), (Span(shown),), (Span(hint),)]
        case Expect():
            return []


def _sends(message: Message, buckets: tuple[str, ...]) -> list[Call]:
    """Return the message in parts that fit; the last one holds the buttons."""
    parts = _cut(message.paragraphs)
    if message.buttons and not parts:
        parts = [[Span(_BLANK)]]
    method = "whisper" if message.private else "send"
    return [
        _send(method, part, message, buckets=buckets, last=number == len(parts))
        for number, part in enumerate(parts, start=1)
    ]


def _send(
    method: str, part: Sequence[Span], message: Message, *, buckets: tuple[str, ...], last: bool
) -> Call:
    bold = any(span.bold for span in part)
    unstyled = [Span(span.text) for span in part]
    buttons = message.buttons if last else ()
    fallback = Call(method=method, body=_body(unstyled, buttons), buckets=buckets)
    return Call(
        method=method,
        body=_body(part, buttons),
        prompt=message.prompt if last else None,
        fallback=fallback if bold and not message.prompt else None,
        on_uncertain=OnUncertain.REPEAT if message.vital else OnUncertain.SKIP,
        buckets=buckets,
    )


def _edit(prompt: PromptId, message: Message, thread: ThreadKey, *, widget: bool) -> Call:
    """Return an edit; where the message never arrived or can't be changed, a new one is sent."""
    buckets = _buckets(thread)
    parts = _cut(message.paragraphs) or [[Span(_BLANK)]]
    body = _body(parts[-1], message.buttons)
    fallback = Call(
        method="send",
        body=body,
        prompt=prompt if widget else None,
        on_uncertain=OnUncertain.REPEAT,
        buckets=buckets,
    )
    return Call(
        method="edit",
        body=body,
        edits=prompt,
        fallback=fallback,
        on_uncertain=OnUncertain.REPEAT,
        buckets=buckets,
        urgency=Urgency.EDIT,
    )


def _cut(paragraphs: Sequence[Paragraph]) -> list[list[Span]]:
    """Return the paragraphs as runs of spans, each run within the limit and not blank."""
    runs: list[list[Span]] = [[]]
    room = TEXT_LIMIT
    for span in _joined(paragraphs):
        text = span.text
        while text:
            if not room:
                runs.append([])
                room = TEXT_LIMIT
            runs[-1].append(Span(text[:room], span.bold))
            text, room = text[room:], max(0, room - len(text))
    return [run for run in runs if any(span.text.strip() for span in run)]


def _joined(paragraphs: Sequence[Paragraph]) -> list[Span]:
    spans: list[Span] = []
    for number, paragraph in enumerate(paragraphs):
        spans += [Span("\n\n")] if number else []
        spans += [Span(clean(span.text), span.bold) for span in paragraph]
    return [span for span in spans if span.text]


def _body(part: Sequence[Span], buttons: Sequence[Sequence[Button]]) -> Mapping[str, Json]:
    return {
        "spans": [{"text": span.text, "bold": span.bold} for span in part],
        "keyboard": [list(row) for row in buttons],
    }

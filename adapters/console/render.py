"""Replies as calls. Pure.

There is one method, `print`; its body is `{"blocks": [...]}`, each block a JSON object that says
what it is (`say`, `understood`, `callout`, `separator`, `menu`, `link`), never how it looks: that
is `draw`'s and the terminal's. All replies of one answer make one call; only an `Ask` ends its
call, since a call shows one prompt at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.protocol.calls import Call, OnUncertain
from bridge.protocol.prompts import MenuLine, MultiSelect, NumberInput, SingleSelect, options_of
from bridge.protocol.replies import (
    Ask,
    Callout,
    Confirmation,
    Expect,
    LinkButton,
    Menu,
    Say,
    Separator,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.protocol.prompts import Prompt, PromptView, Widget
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import JsonObject


def render(replies: Sequence[Reply]) -> tuple[Call, ...]:
    """Return the calls that print these replies: none where nothing is to be seen."""
    said = ""
    calls: list[Call] = []
    for part in _parts(replies):
        blocks: list[JsonObject] = []
        for reply in part:
            blocks.extend(_blocks(reply, said))
            said += _spoken(reply)
        if blocks:
            calls.append(_call(part, blocks))
    return tuple(calls)


def _parts(replies: Sequence[Reply]) -> list[list[Reply]]:
    parts: list[list[Reply]] = [[]]
    for reply in replies:
        parts[-1].append(reply)
        if isinstance(reply, Ask):
            parts.append([])
    return parts


def _call(part: Sequence[Reply], blocks: Sequence[JsonObject]) -> Call:
    last = part[-1]
    # What the person must see is printed again after a crash; a twice told text only confuses.
    vital = any(isinstance(reply, Ask | Menu | LinkButton | Callout) for reply in part)
    return Call(
        method="print",
        body={"blocks": blocks},
        prompt=last.prompt.id if isinstance(last, Ask) else None,
        on_uncertain=OnUncertain.REPEAT if vital else OnUncertain.SKIP,
    )


def _blocks(reply: Reply, said: str) -> tuple[JsonObject, ...]:
    match reply:
        case Ask(prompt):
            return (_menu(prompt, _lines(prompt), _custom(prompt.widget), said),)
        case Menu(prompt, lines, hint):
            return (_menu(prompt, lines, hint, said),)
        case Expect():
            return ()
        case Say() | Confirmation() | Callout() | Separator() | LinkButton():
            return (_block(reply),)


def _block(reply: Say | Confirmation | Callout | Separator | LinkButton) -> JsonObject:
    match reply:
        case Say(spans):
            shown: list[JsonObject] = [{"text": s.text, "bold": s.bold} for s in spans]
            return {"kind": "say", "spans": shown}
        case Confirmation(items):
            known: list[JsonObject] = [{"label": i.label, "shown": i.shown} for i in items]
            return {"kind": "understood", "items": known}
        case Callout(tone, text):
            return {"kind": "callout", "tone": tone.value, "text": text}
        case Separator():
            return {"kind": "separator"}
        case LinkButton(text, label, url):
            return {"kind": "link", "text": text, "label": label, "url": url}


def _menu(prompt: Prompt, lines: Sequence[MenuLine], hint: str, said: str) -> JsonObject:
    return {
        "kind": "menu",
        "question": "" if prompt.question in said else prompt.question,
        "lines": [
            {"mark": line.mark, "label": line.label, "selected": line.selected} for line in lines
        ],
        "hint": hint,
    }


def _lines(prompt: Prompt) -> tuple[MenuLine, ...]:
    """Return every option, numbered: a pipe can't turn pages of a list that it drew itself."""
    view: PromptView = prompt.view
    return tuple(
        MenuLine(
            mark=str(prompt.first + index),
            label=option.label,
            index=index,
            selected=index in view.selected,
        )
        for index, option in enumerate(options_of(prompt.widget))
    )


def _custom(widget: Widget) -> str:
    match widget:
        case SingleSelect() | MultiSelect():
            return widget.custom or ""
        case NumberInput():
            return ""


def _spoken(reply: Reply) -> str:
    """Return the running text of a reply, so that a question just asked is not asked twice."""
    match reply:
        case Say(spans):
            return "".join(span.text for span in spans) + "\n"
        case Callout(_, text):
            return text + "\n"
        case Confirmation() | Separator() | Ask() | Menu() | Expect() | LinkButton():
            return ""

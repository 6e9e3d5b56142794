"""Messages as calls. Pure.

| method | body | what it does |
|---|---|---|
| `send` | text, entities, markup?, topic? | says something in the thread |
| `edit` | text, entities, markup? | changes the message of a widget |
| `private` | text, entities, markup | says it in the owner's private chat |
| `invite` | text, label | says it in the thread, with a button that leads to the private chat |

`text` and `entities` are Telegram's; `markup` is an InlineKeyboardMarkup, or, where it has
`keyboard` or `remove_keyboard`, one of the keys below the input field. `"topic": false` says that
the message goes to the chat itself, though the thread is a topic. The address behind an invitation
names the chat, so it is filled in when it is delivered. Link previews are never wanted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import ReplyKeyboardRemove

from adapters.telegram.addresses import address_of
from adapters.telegram.limits import TEXT_LIMIT
from adapters.telegram.outgoing.messages import answered, asking, messages
from adapters.telegram.outgoing.splitting import Written, write
from adapters.telegram.outgoing.texts import BLANK, one_line, readable, shortened, units
from bridge.protocol.calls import Call, OnUncertain, Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.telegram.addresses import Address
    from adapters.telegram.outgoing.messages import Message
    from bridge.protocol.labels import Labels
    from bridge.protocol.prompts import Answered, Prompt
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import Json, JsonObject, ThreadKey

_NOTHING = Written(BLANK, (), BLANK)
"""The text of a message that has buttons and nothing to read."""

_INVITATION_ROOM = 1000
"""UTF-16 units of the text above an invitation (ours)."""

_INVITING_ROOM = 60
"""UTF-16 units on the button of an invitation (ours)."""


def render(replies: Sequence[Reply], thread: ThreadKey, labels: Labels) -> tuple[Call, ...]:
    """Return the calls that show these replies, in order.

    The last one is made again where its arrival is unknown: it says what is expected now.
    """
    address = address_of(thread)
    made = messages(replies, labels, shared=address.shared)
    calls = [call for message in made for call in _calls(message, address, labels)]
    if not calls:
        return ()
    return (*calls[:-1], replace(calls[-1], on_uncertain=OnUncertain.REPEAT))


def redraw(prompt: Prompt, thread: ThreadKey, labels: Labels) -> Call:
    """Return the edit that shows the prompt's present view."""
    address = address_of(thread)
    return _edit(asking(prompt, labels, shared=address.shared), prompt, address)


def close(ended: Answered, thread: ThreadKey, labels: Labels) -> Call:
    """Return the edit that shows what was chosen in the place of the widget."""
    return _edit(answered(ended, labels), ended.prompt, address_of(thread))


def _calls(message: Message, address: Address, labels: Labels) -> list[Call]:
    """Return the message in parts that fit; the last one has the buttons and is the prompt's."""
    parts = write(message.paragraphs)
    if not parts:
        buttons = message.markup is not None and not isinstance(message.markup, ReplyKeyboardRemove)
        needed = buttons or message.prompt is not None
        parts = (_NOTHING,) if needed else ()
    if message.private:
        return [_private(message, part, address, labels) for part in parts]
    bare = replace(message, markup=None, prompt=None, url="")
    last = len(parts) - 1
    return [_send(x, message if n == last else bare, address) for n, x in enumerate(parts)]


def _send(part: Written, message: Message, address: Address) -> Call:
    call = Call(
        method="send",
        body=_body(part, message),
        prompt=message.prompt,
        on_uncertain=OnUncertain.REPEAT if message.vital else OnUncertain.SKIP,
        buckets=_buckets(address),
    )
    if not (part.entities or message.url or address.topic is not None):
        return call
    return replace(call, fallback=replace(call, body=_plain(part, message, address)))


def _plain(part: Written, message: Message, address: Address) -> JsonObject:
    """Return the message as it is sent after a refusal: without entities, and to no topic.

    Where it has a button that opens an address, the address stands in the text instead: it may be
    what was refused, and clients make a link of it.
    """
    text = part.quiet
    if message.url:
        room = TEXT_LIMIT - units(message.url) - 2
        text = f"{shortened(text, room)}\n\n{message.url}"
        message = replace(message, markup=None)
    body = _body(Written(text, (), text), message)
    return body if address.topic is None else {**body, "topic": False}


def _private(message: Message, part: Written, address: Address, labels: Labels) -> Call:
    """Return a call for the owner's private chat; it may be closed to us, so there is a way in."""
    invitation: dict[str, Json] = {
        "text": _seen(labels.in_private, _INVITATION_ROOM),
        "label": _seen(labels.open_private, _INVITING_ROOM),
    }
    invite = Call(
        method="invite",
        body=invitation,
        on_uncertain=OnUncertain.REPEAT,
        buckets=_buckets(address),
    )
    return Call(
        method="private",
        body=_body(part, message),
        fallback=invite,
        on_uncertain=OnUncertain.REPEAT,
        buckets=("all",),
    )


def _seen(text: str, room: int) -> str:
    """Return words of the operator's on one line, cut, and something to see."""
    shown = shortened(one_line(text), room)
    return shown if readable(shown) else BLANK


def _edit(message: Message, prompt: Prompt, address: Address) -> Call:
    """Return an edit; where there is nothing to edit any more, the same is sent anew.

    The message fits by its making: question, list and hint have rooms that add up to less.
    """
    part = next(iter(write(message.paragraphs)), _NOTHING)
    body = _body(part, message)
    again = Call(
        method="send",
        body=body,
        prompt=message.prompt,
        on_uncertain=OnUncertain.REPEAT,
        buckets=_buckets(address),
    )
    return Call(
        method="edit",
        body=body,
        edits=prompt.id,
        fallback=again,
        on_uncertain=OnUncertain.REPEAT,
        buckets=_buckets(address),
        urgency=Urgency.EDIT,
    )


def _body(part: Written, message: Message) -> JsonObject:
    body: dict[str, Json] = {"text": part.text, "entities": part.entity_objects()}
    return body if message.markup is None else {**body, "markup": message.markup.to_dict()}


def _buckets(address: Address) -> tuple[str, ...]:
    return ("all", "group") if address.shared else ("all", "chat")

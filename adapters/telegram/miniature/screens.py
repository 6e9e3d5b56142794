"""What a person sees of a chat: their app, drawn from the messages. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.telegram.miniature.chats import buttons, keys, links
from adapters.telegram.miniature.reading import Body, child, number, words
from bridge.protocol.standin import Choosable, Screen, Shown

if TYPE_CHECKING:
    from adapters.telegram.miniature.chats import Chat, Message

COPY = "copy:"
"""Begins the id of a button that copies; the rest is what it copies."""


def screen(chat: Chat, person: str, topic: int) -> Screen:
    """Return what the person sees in a topic of the chat; 0 is the chat itself."""
    messages = [m for m in chat.messages.values() if m.topic == topic]
    drawn = [(message, shown(chat, message)) for message in messages]
    return Screen(
        version=chat.version,
        messages=(*chat.before, *(look for _, look in drawn)),
        toast=chat.toasts.get(person, ""),
        links=tuple(url for one, look in drawn if one.ours for url in _addresses(one, look)),
    )


def shown(chat: Chat, message: Message) -> Shown:
    """Return how a message looks; it is drawn once for each change."""
    if message.shown is None:
        message.shown = _draw(chat, message)
    return message.shown


def _draw(chat: Chat, message: Message) -> Shown:
    choices = [_choice(button) for button in buttons(child(message.body, "reply_markup"))]
    if chat.keyboard == message.id:
        labels = [words(key, "text") for key in keys(message.keyboard)]
        choices += [Choosable(id=label, label=label) for label in labels]
    return Shown(ours=message.ours, text=_said(message.body), choices=tuple(choices))


def _said(body: Body) -> str:
    """Return the text of a message, or what it is instead of a text."""
    text = words(body, "text") or words(body, "caption")
    return text or next((f"({name})" for name in body if name in KINDS), "")


KINDS = frozenset(
    [
        "photo",
        "voice",
        "sticker",
        "contact",
        "location",
        "document",
        "video",
        "video_note",
        "audio",
        "animation",
        "poll",
        "venue",
        "dice",
        "story",
    ]
)
"""What a message may hold instead of a text; the member's name."""


def _choice(button: Body) -> Choosable:
    label = words(button, "text")
    if "url" in button:
        return Choosable(id=words(button, "url"), label=label, url=words(button, "url"))
    if "copy_text" in button:
        return Choosable(id=COPY + words(child(button, "copy_text"), "text"), label=label)
    return Choosable(id=words(button, "callback_data"), label=label)


def _addresses(message: Message, look: Shown) -> list[str]:
    texts = [_address(message.body, entity) for entity in links(message.body)]
    return texts + [choice.url for choice in look.choices if choice.url]


def _address(body: Body, entity: Body) -> str:
    if "url" in entity:
        return words(entity, "url")
    begin, length = number(entity, "offset"), number(entity, "length")
    raw = words(body, "text").encode("utf-16-le", "surrogatepass")
    return raw[2 * begin : 2 * (begin + length)].decode("utf-16-le", "replace")

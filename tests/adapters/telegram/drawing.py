"""What a person sees of our calls on Telegram, made from the library's objects and numbers.

Nothing here knows the renderer: a call is read as the Bot API server would read it, and what a
client makes clickable by itself is found by rules of this module's own.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import urlsplit

from telegram import Chat, InlineKeyboardMarkup, Message, MessageEntity
from telegram.constants import (
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    MessageLimit,
)

from bridge.conformance.harness import Tap

BOT = 1000000001
USER = 5550001
GROUP = -1005550002
TOPIC = 5550003
NOW = 1_770_000_000

_MARKUP_BYTES = 10_000
_TEXT_BYTES = 1 << 15
_OUR_DATA_BYTES = 40
_CLICKABLE = (
    re.compile(r"(?:https?|ftp|tg|ton)://[^\s]+", re.IGNORECASE),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE),
    re.compile(r"(?<![\w])@[A-Za-z0-9_]{2,32}"),
    re.compile(r"(?<![\w.-])(?:[A-Za-z0-9-]+\.)+(?:[a-z]{2,24}|[A-Z]{2,24})(?![\w-])(?:/[^\s]*)?"),
    re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"),
)


def clickable(text):
    """Return what clients find in a text by themselves: addresses, e-mail addresses, mentions."""
    return [found[0] for kind in _CLICKABLE for found in kind.finditer(text)]


def message_of(call):
    """Return the call's text and entities as the library's message."""
    entities = MessageEntity.de_list(call.body.get("entities", []), None)
    return Message(
        message_id=1,
        date=datetime.fromtimestamp(NOW, UTC),
        chat=Chat(id=USER, type=Chat.PRIVATE),
        text=call.body["text"],
        entities=entities,
    )


def rows_of(call):
    """Return the rows of the call's inline keyboard, as the library's buttons."""
    stored = call.body.get("markup", {})
    if "inline_keyboard" not in stored:
        return ()
    return InlineKeyboardMarkup.de_json(dict(stored), None).inline_keyboard


def buttons_of(call):
    """Return the buttons of the call's inline keyboard."""
    return [button for row in rows_of(call) for button in row]


def labels_of(call):
    """Return all that can be read on buttons, those below the input field too."""
    keys = [key["text"] for row in call.body.get("markup", {}).get("keyboard", ()) for key in row]
    invited = [call.body["label"]] if "label" in call.body else []
    return [*(button.text for button in buttons_of(call)), *keys, *invited]


class TelegramDrawing:
    """Reads calls as Telegram and its clients do; `chat`, `topic`: where things are typed."""

    def __init__(self, chat=USER, topic=None):
        self.chat = chat
        self.topic = topic

    def measure(self, call):
        text = call.body["text"]
        broken = [*_bad_text(text), *_bad_entities(call)]
        broken += [problem for label in labels_of(call) for problem in _bad_label(label)]
        broken += [problem for button in buttons_of(call) for problem in _bad_button(button)]
        return [*broken, *_bad_markup(call)]

    def visible(self, calls):
        parts = []
        for call in calls:
            parts += [call.body["text"], *labels_of(call)]
        return "\n".join(parts)

    def active(self, calls):
        found = []
        for call in calls:
            found += clickable(_bare(call))
            found += [button.url for button in buttons_of(call) if button.url]
        return found

    def taps(self, calls):
        shown = [button for call in calls for button in buttons_of(call) if button.callback_data]
        return [Tap(label=b.text, raw=tap_update(b.callback_data, self)) for b in shown]

    def typed(self, text):
        return text_update(text, self)

    def fold(self, text):
        return text


def units(text):
    """Return the length in UTF-16 units; fails for half a character."""
    return len(text.encode("utf-16-le")) // 2


def _bad_text(text):
    if not text.strip() or not any(map(_draws, text)):
        yield "Bad Request: message text is empty"
    if units(text) > MessageLimit.MAX_TEXT_LENGTH:
        yield "Bad Request: message is too long"
    if len(text.encode()) > _TEXT_BYTES:
        yield "Bad Request: text is too long"
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        yield "a control character"


def _draws(char):
    return not char.isspace() and unicodedata.category(char)[0] not in "CZM" and char != "\u2800"


def _bad_entities(call):
    """Return what is wrong with the entities: each lies in the text, on whole characters."""
    text, entities = call.body["text"], message_of(call).entities
    if len(entities) > MessageLimit.MESSAGE_ENTITIES:
        yield "more entities than are shown"
    raw = text.encode("utf-16-le")
    end = 0
    for entity in entities:
        if (
            entity.length <= 0
            or entity.offset < end
            or 2 * (entity.offset + entity.length) > len(raw)
        ):
            yield "an entity that overlaps, is empty or leaves the text"
        end = entity.offset + entity.length
        piece = raw[2 * entity.offset : 2 * end]
        try:
            if not piece.decode("utf-16-le").strip():
                yield "an entity over nothing"
        except UnicodeDecodeError:
            yield "an entity that cuts a surrogate pair"


def _bad_label(label):
    if not label.strip() or not any(map(_draws, label)):
        yield "Bad Request: text buttons can't be empty"
    if "\n" in label:
        yield "a button of two lines"


def _bad_button(button):
    kinds = [button.url, button.callback_data, button.copy_text]
    if sum(kind is not None for kind in kinds) != 1:
        yield "Bad Request: a button must do exactly one thing"
    if button.callback_data is not None:
        size, least = (
            len(button.callback_data.encode()),
            InlineKeyboardButtonLimit.MIN_CALLBACK_DATA,
        )
        most = min(_OUR_DATA_BYTES, InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
        if not least <= size <= most:
            yield "Bad Request: BUTTON_DATA_INVALID"
    if button.url is not None and urlsplit(button.url).scheme not in {"https", "http"}:
        yield "Bad Request: BUTTON_URL_INVALID"
    copied = units(button.copy_text.text) if button.copy_text is not None else 1
    if not 1 <= copied <= InlineKeyboardButtonLimit.MAX_COPY_TEXT:
        yield "Bad Request: a text to copy must have 1-256 characters"


def _bad_markup(call):
    rows = rows_of(call)
    if sum(map(len, rows)) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        yield "too many buttons"
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows):
        yield "too many buttons in a row"
    if any(not row for row in rows):
        yield "an empty row"
    if len(json.dumps(call.body.get("markup", {})).encode()) >= _MARKUP_BYTES:
        yield "Bad Request: reply markup is too long"


def _bare(call):
    """Return the text with blanks where an entity keeps clients from looking."""
    message = message_of(call)
    raw = bytearray(call.body["text"].encode("utf-16-le"))
    for entity in message.entities:
        if entity.type in {MessageEntity.CODE, MessageEntity.PRE}:
            begin, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            raw[begin:end] = " ".encode("utf-16-le") * entity.length
    return raw.decode("utf-16-le")


def chat_object(drawing):
    """Return the chat as Telegram tells of it."""
    if drawing.chat > 0:
        return {"id": drawing.chat, "type": "private", "first_name": "Ada"}
    forum = {"is_forum": True} if drawing.topic else {}
    return {"id": drawing.chat, "type": "supergroup", "title": "Team", **forum}


def person(number=USER):
    """Return a person as Telegram tells of them."""
    return {"id": number, "is_bot": False, "first_name": "Ada", "language_code": "en"}


def ourselves():
    """Return the bot as Telegram tells of it."""
    return {"id": BOT, "is_bot": True, "first_name": "Orders", "username": "orders_bot"}


def message_update(drawing, number=1, **members):
    """Return the update of a message with these members."""
    topic = {"message_thread_id": drawing.topic, "is_topic_message": True} if drawing.topic else {}
    message = {
        "message_id": number,
        "date": NOW,
        "chat": chat_object(drawing),
        "from": person(),
        **topic,
        **members,
    }
    return {"update_id": 1000 + number, "message": message}


def text_update(text, drawing, number=1):
    """Return the update of a typed text; in a group it replies to us."""
    found = re.match(r"/[A-Za-z0-9_]+(?:@\w+)?", text)
    command = {"type": "bot_command", "offset": 0, "length": len(found[0])} if found else None
    more = {"entities": [command]} if command else {}
    if drawing.chat < 0:
        ours = {"message_id": 7, "date": NOW, "chat": chat_object(drawing), "from": ourselves()}
        more["reply_to_message"] = {**ours, "text": "What would you like?"}
    return message_update(drawing, number, text=text, **more)


def tap_update(data, drawing, number=1):
    """Return the update of a tap on a button that carries this data."""
    message = {**message_update(drawing)["message"], "from": ourselves(), "text": "Which?"}
    query = {
        "id": f"77000000000000000{number}",
        "from": person(),
        "chat_instance": "-4242",
        "message": message,
        "data": data,
    }
    return {"update_id": 2000 + number, "callback_query": query}

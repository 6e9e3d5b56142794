"""What the Bot API documents beside types, as a table, and which of it a request breaks.

API is https://core.telegram.org/bots/api; td is https://github.com/tdlib/td, the library inside of
the Bot API server. Nothing here is taken from the adapter.
"""

from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import urlsplit

from aiogram import methods
from aiogram.enums import MessageEntityType
from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

TEXT_UNITS = 4096  # API, sendMessage: "1-4096 characters after entities parsing"
TEXT_BYTES = 32_768  # telegram-bot-api, Client.cpp: "Text is too long" over 1 << 15
ENTITIES = 100  # undocumented: further ones are dropped
DATA_BYTES = 64  # API, InlineKeyboardButton: callback_data "1-64 bytes"
OUR_DATA_BYTES = 40  # the project's own, so that a full keyboard stays small
MARKUP_BYTES = 10_000  # undocumented: "reply markup is too long"
BUTTONS, ROW = 100, 8  # undocumented: buttons of a message, buttons of a row
COPY = 256  # API, CopyTextButton: "1-256 characters"
TOAST = 200  # API, answerCallbackQuery: text "0-200 characters"
COMMANDS = 100  # API, setMyCommands: "At most 100 commands"
COMMAND = re.compile(r"[a-z0-9_]{1,32}")  # API, BotCommand
COMMAND_TEXT = 256  # API, BotCommand: description "1-256 characters"
DESCRIPTION, SHORT_DESCRIPTION = 512, 120  # API, setMyDescription, setMyShortDescription
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # API, setWebhook: secret_token
WEBHOOK_PORTS = {None, 443, 80, 88, 8443}  # API, setWebhook, note 3
CONNECTIONS = range(1, 101)  # API, setWebhook: max_connections "1-100"
BATCH = range(1, 101)  # API, getUpdates: limit "1-100"
LONGEST_POLL = 50  # telegram-bot-api, Client.h: the server waits no longer
STYLES = {None, "danger", "success", "primary"}  # API, InlineKeyboardButton: style
UPDATES = {"message", "edited_message", "callback_query", "my_chat_member"}  # API, Update
OUR_DATA = re.compile(r"v1\.[0-9a-z]{1,20}\.[0-9]{1,7}\.[a-z](-?[0-9]+(\.[0-9]+)?)?")
NESTING = {"bold", "italic"}  # API, MessageEntity: `code` takes no other entity inside

_DRAWS_NOTHING = set("\u115f\u1160\u2800\u3164\uffa0\ufffc")  # td: is replaced by a space


def broken(request):
    """Return, in words, which limits a request (as aiogram's model) breaks."""
    match request:
        case methods.SendMessage() | methods.EditMessageText():
            return _message(request)
        case methods.AnswerCallbackQuery() | methods.SendChatAction():
            return _fleeting(request)
        case methods.SetWebhook() | methods.DeleteWebhook() | methods.GetUpdates():
            return _ways_in(request)
        case methods.SetMyCommands():
            return _commands(request)
        case _:
            return _descriptions(request)


def units(text):
    """Return the length in UTF-16 units; fails for half a character."""
    return len(text.encode("utf-16-le")) // 2


def seen(text):
    """Tell whether there is anything to see."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _DRAWS_NOTHING for c in text)


def markup_of(request):
    """Return the rows of the inline keyboard."""
    markup = request.reply_markup
    return markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else []


def _unless(what, fine):
    if not fine:
        yield what


def _message(request):
    text = request.text
    yield from _unless("a text's length", 1 <= units(text) <= TEXT_UNITS)
    yield from _unless("a text's bytes", len(text.encode()) <= TEXT_BYTES)
    yield from _unless("nothing to read", seen(text))
    yield from _unless("a parse mode", "parse_mode" not in request.model_fields_set)
    preview = request.link_preview_options
    alone = preview is not None and preview.model_fields_set == {"is_disabled"}
    yield from _unless("a link preview", alone and preview.is_disabled is True)
    yield from _entities(text, request.entities or [])
    yield from _markup(request.reply_markup)


def _entities(text, entities):
    raw, ends = text.encode("utf-16-le"), 0
    yield from _unless("too many entities", len(entities) <= ENTITIES)
    order = [entity.offset for entity in entities]
    yield from _unless("entities out of order", order == sorted(order))
    for entity in entities:
        begin, end = entity.offset, entity.offset + entity.length
        fine = 0 <= begin < end <= len(raw) // 2
        yield from _unless("an entity out of bounds", fine)
        cut = fine and (_low(raw, begin) or _low(raw, end))
        yield from _unless("an entity that cuts a character", not cut)
        known = entity.type in NESTING | {"code"} and entity.type in set(MessageEntityType)
        yield from _unless("an entity of another kind", known)
        yield from _unless("an entity that says more", set(entity.model_fields_set) <= _PLACE)
        yield from _unless("entities that overlap", begin >= ends)
        ends = end


_PLACE = {"type", "offset", "length"}


def _low(raw, place):
    """Tell whether the unit at `place` is the second half of a pair."""
    return 0xDC00 <= int.from_bytes(raw[2 * place : 2 * place + 2], "little") <= 0xDFFF


def _markup(markup):
    match markup:
        case None | ReplyKeyboardRemove(remove_keyboard=True, selective=None):
            return
        case InlineKeyboardMarkup(inline_keyboard=rows):
            for button in (button for row in rows for button in row):
                yield from _button(button)
        case ReplyKeyboardMarkup(keyboard=rows):
            for key in (key for row in rows for key in row):
                yield from _unless("a key that does nothing", key.request_contact is True)
                yield from _unless("a blank key", seen(key.text))
        case _:
            yield "another keyboard"
            return
    yield from _unless("a row's length", rows and all(1 <= len(row) <= ROW for row in rows))
    yield from _unless("too many buttons", sum(map(len, rows)) <= BUTTONS)
    size = len(json.dumps(markup.model_dump(exclude_unset=True)).encode())
    yield from _unless("a keyboard too long", size < MARKUP_BYTES)


def _button(button):
    does = {"url", "callback_data", "copy_text"} & button.model_fields_set
    yield from _unless("a button that does not one thing", len(does) == 1)
    others = button.model_fields_set - does - {"text", "style"}
    yield from _unless("a button that does something else", not others)
    yield from _unless("a blank button", seen(button.text) and "\n" not in button.text)
    yield from _unless("a button's style", button.style in STYLES)
    match button.model_copy():
        case _ if "callback_data" in does:
            data = button.callback_data
            yield from _unless("data too long", 1 <= len(data.encode()) <= DATA_BYTES)
            ours = len(data) <= OUR_DATA_BYTES and OUR_DATA.fullmatch(data)
            yield from _unless("data that says too much", ours)
        case _ if "url" in does:
            url = urlsplit(button.url)
            yield from _unless("an address", url.scheme in {"http", "https"} and url.hostname)
        case _:
            copied = button.copy_text.text if button.copy_text else ""
            yield from _unless("a text to copy", 1 <= units(copied) <= COPY)


def _fleeting(request):
    match request:
        case methods.AnswerCallbackQuery():
            yield from _unless("a toast is too long", units(request.text or "") <= TOAST)
            yield from _unless("no tap is named", request.callback_query_id)
        case _:
            yield from _unless("no such action", request.action == "typing")


def _ways_in(request):
    match request:
        case methods.SetWebhook():
            yield from _webhook(request)
        case methods.DeleteWebhook():
            yield from _unless("drops updates", not request.drop_pending_updates)
        case _:
            yield from _unless("batch", request.limit in BATCH)
            yield from _unless("a poll is too long", 0 < request.timeout <= LONGEST_POLL)
            yield from _unless("updates", set(request.allowed_updates) == UPDATES)


def _descriptions(request):
    match request:
        case methods.SetMyDescription():
            yield from _unless("description", units(request.description) <= DESCRIPTION)
        case methods.SetMyShortDescription():
            length = units(request.short_description)
            yield from _unless("short description", length <= SHORT_DESCRIPTION)
        case _:
            yield from _unless("parameters of a question", not request.model_fields_set)


def _webhook(request):
    url = urlsplit(request.url)
    yield from _unless("a webhook's address", url.scheme == "https" and url.port in WEBHOOK_PORTS)
    secret = WEBHOOK_SECRET.fullmatch(request.secret_token or "")
    yield from _unless("a webhook's secret", secret)
    yield from _unless("connections", request.max_connections in CONNECTIONS)
    yield from _unless("updates", set(request.allowed_updates) == UPDATES)
    yield from _unless("drops updates", not request.drop_pending_updates)


def _commands(request):
    yield from _unless("too many commands", len(request.commands) <= COMMANDS)
    for command in request.commands:
        yield from _unless("a command's name", COMMAND.fullmatch(command.command))
        fine = 1 <= units(command.description) <= COMMAND_TEXT and seen(command.description)
        yield from _unless("a command's description", fine)

"""What Telegram refuses about texts, entities and keyboards. No I/O.

The numbers are this module's own, so that a wrong number in the adapter's `limits` is found.
Where the wording of a refusal is known it is the server's own
(github.com/tdlib/telegram-bot-api, Client.cpp; github.com/tdlib/td, MessageEntity.cpp and
ReplyMarkup.cpp).
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from urllib.parse import urlsplit

from adapters.telegram.miniature.reading import (
    Body,
    bad,
    child,
    listed,
    number,
    objects,
    units,
    words,
)

TEXT_UNITS = 4096
"""core.telegram.org/bots/api#sendmessage: 1-4096 characters; counted as entities are."""
TEXT_BYTES = 32 * 1024
"""Undocumented: the server's limit before entities are read (Client.cpp)."""
TOAST_UNITS = 200
"""core.telegram.org/bots/api#answercallbackquery."""
MARKUP_BYTES = 10_000
"""Undocumented: about 10 kB of JSON (github.com/tginfo/Telegram-Limits, issue 187)."""
BUTTONS, BUTTONS_IN_ROW = 100, 8
"""Undocumented (telegram.constants.InlineKeyboardMarkupLimit)."""
DATA_BYTES = 64
"""core.telegram.org/bots/api#inlinekeyboardbutton: 1-64 bytes."""
COPY_UNITS = 256
"""core.telegram.org/bots/api#copytextbutton: 1-256 characters."""
PLACEHOLDER_UNITS = 64
"""core.telegram.org/bots/api#replykeyboardmarkup: 1-64 characters."""

_TYPES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
_DEEDS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
_ASKS = {
    "request_contact": "phone number",
    "request_location": "location",
    "request_poll": "poll",
}
_HOST = re.compile(r"([\w-]+\.)+[\w-]+\Z")
_CLEAN: dict[int, str | None] = {
    **{c: " " for c in range(32) if c != ord("\n")},
    ord("\r"): None,
    **dict.fromkeys(range(0x2028, 0x202F)),
}
"""Control characters become spaces; carriage returns and direction marks go (MessageEntity.cpp)."""
_INVISIBLE = " \n\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def text_of(body: Body) -> str:
    """Return the text of a message as it will be shown; raises `Refused`."""
    raw = words(body, "text")
    if not raw:
        raise bad("message text is empty")
    if len(raw.encode(errors="surrogatepass")) > TEXT_BYTES:
        raise bad("text is too long")
    text = raw.translate(_CLEAN).rstrip(" \n")
    if not text.strip(_INVISIBLE):
        raise bad("text must be non-empty")
    if units(text) > TEXT_UNITS:
        raise bad("message is too long")
    mode = words(body, "parse_mode").lower()
    if mode in {"html", "markdown", "markdownv2"}:
        raise bad("can't parse entities: parse modes are not part of this miniature")
    if mode:
        raise bad("unsupported parse_mode")
    return text


def entities_of(body: Body) -> list[Body]:
    """Return the entities that are asked for; raises `Refused`."""
    entities = body.get("entities")
    if not entities:
        return []
    found = objects(entities)
    if found != entities:
        raise bad("can't parse entities: expected an array of MessageEntity")
    text = words(body, "text")
    # Where UTF-16 code points begin; an entity may begin and end nowhere else.
    starts = None if text.isascii() else {0, *accumulate(units(c) for c in text)}
    length = units(text)
    for one in sorted(found, key=lambda one: number(one, "offset")):
        _check_entity(one, length, starts)
    return found


def _check_entity(one: Body, length: int, starts: set[int] | None) -> None:
    if words(one, "type") not in _TYPES:
        raise bad("can't parse MessageEntity: Unsupported type specified")
    begin, long = number(one, "offset", -1), number(one, "length", -1)
    if begin < 0:
        raise bad(f"receive an entity with incorrect offset {begin}")
    if long < 0:
        raise bad(f"receive an entity with incorrect length {long}")
    end = begin + long
    if begin > length:
        raise bad(f"entity begins after the end of the text at UTF-16 offset {begin}")
    if end > length:
        raise bad(
            f"entity beginning at UTF-16 offset {begin} ends after the end of the text"
            f" at UTF-16 offset {end}"
        )
    if starts is not None and not {begin, end} <= starts:
        raise bad(f"entity at UTF-16 offset {begin} begins or ends in a middle of a UTF-16 symbol")
    if one["type"] == "text_link":
        _check_url(words(one, "url"), "entity URL")


def markup_of(body: Body, *, private: bool) -> Body:
    """Return the reply markup; an empty one where there is none. Raises `Refused`."""
    markup = body.get("reply_markup")
    if markup in (None, ""):
        return {}
    found = child(body, "reply_markup")
    if not found and markup != {}:
        raise bad("object expected as reply markup")
    if len(_COMPACT.encode(found).encode(errors="surrogatepass")) > MARKUP_BYTES:
        raise bad("reply markup is too long")
    for name, check in (("inline_keyboard", _check_button), ("keyboard", _check_key)):
        if name in found:
            for button in _grid(found, name):
                check(button, private=private)
    if units(words(found, "input_field_placeholder")) > PLACEHOLDER_UNITS:
        raise bad("input field placeholder is too long")  # wording unknown
    return found


def inline_of(body: Body) -> Body:
    """Return the inline keyboard of an edit; raises `Refused`."""
    markup = markup_of(body, private=False)
    if markup and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    return markup if listed(markup, "inline_keyboard") else {}


def toast_of(body: Body) -> str:
    """Return the text of a tap's answer; raises `Refused`."""
    text = words(body, "text")
    if units(text) > TOAST_UNITS:
        raise bad("MESSAGE_TOO_LONG")
    return text


def web_address(url: str) -> bool:
    """Return whether it is an address that a button may open."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "tg":
        return bool(host)
    return parts.scheme in {"http", "https"} and (host in _LOOPBACK or bool(_HOST.match(host)))


def _grid(markup: Body, name: str) -> list[Body]:
    rows = markup[name]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in listed(markup, name)):
        raise bad(f'field "{name}" must be of type Array')
    grid = [objects(row) for row in listed(markup, name)]
    wide = max((len(row) for row in grid), default=0)
    if wide > BUTTONS_IN_ROW or sum(map(len, grid)) > BUTTONS:
        raise bad("reply markup is too long")  # wording unknown
    return [button for row in grid for button in row]


def _check_button(button: Body, *, private: bool) -> None:
    _check_label(button, "inline keyboard button")
    deeds = _DEEDS & button.keys()
    if not deeds or button.get("callback_data") == "" or button.get("url") == "":
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(deeds) > 1:
        raise bad("can't parse inline keyboard button: more than one deed")  # wording unknown
    if not 0 < len(words(button, "callback_data").encode()) <= DATA_BYTES and (
        "callback_data" in deeds
    ):
        raise bad("BUTTON_DATA_INVALID")
    if "url" in deeds:
        _check_url(words(button, "url"), "inline keyboard button URL")
    if "copy_text" in deeds and not (
        0 < units(words(child(button, "copy_text"), "text")) <= COPY_UNITS
    ):
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if deeds & {"pay", "callback_game"} or ("web_app" in deeds and not private):
        raise bad("BUTTON_TYPE_INVALID")


def _check_key(key: Body, *, private: bool) -> None:
    _check_label(key, "keyboard button")
    for name, what in _ASKS.items():
        if key.get(name) and not private:
            raise bad(f"{what} can be requested in private chats only")


def _check_label(button: Body, kind: str) -> None:
    if not isinstance(button.get("text"), str):
        raise bad(f'can\'t parse {kind}: Field "text" must be of type String')
    if not words(button, "text").strip():
        raise bad(f"{kind} text must be non-empty")


def _check_url(url: str, what: str) -> None:
    if web_address(url):
        return
    if re.match(r"https?://[\w-]+(:\d+)?(/|\Z)", url):
        raise bad("BUTTON_URL_INVALID")
    scheme = re.match(r"[a-z]\w*:", url)
    known = scheme is None or scheme[0] in {"http:", "https:", "tg:"}
    reason = "Wrong HTTP URL" if known else "Unsupported URL protocol"
    raise bad(f"{what} '{url}' is invalid: {reason}")

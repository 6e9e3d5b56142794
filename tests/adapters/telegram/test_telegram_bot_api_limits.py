"""The check of outgoing requests sees what is wrong with one."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.adapters.telegram.bot_api_limits import broken
from tests.adapters.telegram.wire import Sent, understood

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "v1.abc.0.c1"}]]}
SOUND = {
    "chat_id": 5,
    "text": "Yes 🎂",
    "entities": [{"type": "bold", "offset": 4, "length": 2}],
    "reply_markup": KEYBOARD,
    "link_preview_options": {"is_disabled": True},
}


def button(**members):
    """Return the keyboard of one button."""
    return {"inline_keyboard": [[{"text": "Yes", **members}]]}


def entity(offset, length, kind="bold", **members):
    """Return one entity."""
    return [{"type": kind, "offset": offset, "length": length, **members}]


UNSOUND = {
    "unknown parameter": {"topic": 5},
    "outdated parameter": {"disable_web_page_preview": True},
    "parse mode": {"parse_mode": "HTML"},
    "words for a number": {"message_thread_id": "five"},
    "nothing to read": {"text": " \u2800\u0301"},
    "long text": {"text": "🎂" * 2049},
    "preview": {"link_preview_options": {"is_disabled": False}},
    "half a character": {"entities": entity(4, 1)},
    "out of bounds": {"entities": entity(5, 2)},
    "empty entity": {"entities": entity(4, 0)},
    "two in one place": {"entities": entity(0, 3) + entity(2, 1, "italic")},
    "out of order": {"entities": entity(2, 1) + entity(0, 1)},
    "too many entities": {"entities": entity(0, 1) * 101},
    "mention": {"entities": entity(0, 3, "text_mention", user={"id": 5})},
    "link in the text": {"entities": entity(0, 3, "text_link", url="https://evil.example")},
    "long data": {"reply_markup": button(callback_data="v1.abc.0.c" + "1" * 40)},
    "talkative data": {"reply_markup": button(callback_data="v1.abc.0.cChocolate")},
    "two deeds": {"reply_markup": button(callback_data="v1.abc.0.c1", url="https://x.example")},
    "no deed": {"reply_markup": button()},
    "unknown deed": {"reply_markup": button(callback="v1.abc.0.c1")},
    "blank button": {"reply_markup": button(text="\u200b", callback_data="v1.abc.0.c1")},
    "address": {"reply_markup": button(url="tg://resolve?domain=x")},
    "copy": {"reply_markup": button(copy_text={"text": "x" * 257})},
    "long keyboard": {"reply_markup": button(text="日" * 1700, callback_data="v1.abc.0.c1")},
    "empty row": {"reply_markup": {"inline_keyboard": [[]]}},
    "long row": {"reply_markup": {"inline_keyboard": [KEYBOARD["inline_keyboard"][0] * 9]}},
}
OTHERS = {
    "long toast": ("answerCallbackQuery", {"callback_query_id": "q", "text": "x" * 201}),
    "another action": ("sendChatAction", {"chat_id": 5, "action": "upload_photo"}),
    "dropped updates": ("deleteWebhook", {"drop_pending_updates": True}),
    "half a parameter": ("sendMessage", {"chat_id": 5}),
    "command in capitals": (
        "setMyCommands",
        {"commands": [{"command": "Start", "description": "begin"}]},
    ),
    "blank command": ("setMyCommands", {"commands": [{"command": "start", "description": "\x07"}]}),
    "long description": ("setMyDescription", {"description": "x" * 513}),
    "long short description": ("setMyShortDescription", {"short_description": "x" * 121}),
    "plain webhook": (
        "setWebhook",
        {
            "url": "http://bridge.example/telegram/webhook",
            "secret_token": "x",
            "max_connections": 40,
            "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        },
    ),
    "slow poll": (
        "getUpdates",
        {
            "limit": 100,
            "timeout": 51,
            "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        },
    ),
}


def request(method, given):
    """Return a request as it comes over the wire."""
    written = {n: v if isinstance(v, str) else json.dumps(v) for n, v in given.items()}
    return Sent(method=method, headers={}, body=urlencode(written).encode())


def refused(sent):
    """Tell whether the check sees anything wrong."""
    try:
        return list(broken(understood(sent))) != []
    except (AssertionError, ValueError):
        return True


def test_a_sound_request_passes():
    """What Telegram documents is let through."""
    assert not refused(request("sendMessage", SOUND))


@pytest.mark.parametrize("change", UNSOUND.values(), ids=UNSOUND)
def test_an_unsound_message_is_seen(change):
    """One wrong member is enough."""
    assert refused(request("sendMessage", {**SOUND, **change}))


@pytest.mark.parametrize(("method", "given"), OTHERS.values(), ids=OTHERS)
def test_an_unsound_request_is_seen(method, given):
    """Other methods have limits too."""
    assert refused(request(method, given))

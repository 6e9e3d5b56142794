"""Telegram's numbers, each with where it stands.

* API: https://core.telegram.org/bots/api, under the method or type named.
* FAQ: https://core.telegram.org/bots/faq, "My bot is hitting limits".
* server: https://github.com/tdlib/telegram-bot-api, the program behind the API.
* undocumented: seen by those who ran into it; python-telegram-bot's `constants` names most.
* ours: chosen by us.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.protocol.capabilities import Bucket, Capabilities, Level, Scope, TextUnit
from bridge.protocol.events import CommandName

if TYPE_CHECKING:
    from adapters.telegram.settings import TelegramSettings

# --- texts ---

TEXT_LIMIT = 4096
"""UTF-16 units of one message. API, sendMessage: "1-4096 characters after entities parsing";
entities are counted in UTF-16 units, and so do we, which is the strictest reading."""

TEXT_BYTES = 32_768
"""Bytes of a message's text in UTF-8. Server, Client.cpp: "Text is too long" over 1 << 15."""

ENTITY_LIMIT = 100
"""Entities that a message shows; later ones are left out silently. Undocumented."""

TOAST_LIMIT = 200
"""Characters of the answer to a tap. API, answerCallbackQuery."""

# --- keyboards ---

CALLBACK_BYTES = 64
"""Bytes that a button may carry. API, InlineKeyboardButton.callback_data."""

TAP_BYTES = 40
"""Bytes that ours carry. Ours: below CALLBACK_BYTES, so that a full keyboard stays small."""

BUTTON_LIMIT = 100
"""Buttons of one message. Undocumented (InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)."""

ROW_LIMIT = 8
"""Buttons of one row. Undocumented (InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)."""

MARKUP_BYTES = 10_000
"""Bytes of a keyboard as JSON; over it "reply markup is too long". Undocumented
(https://github.com/python-telegram-bot/python-telegram-bot/issues/5104)."""

COPY_LIMIT = 256
"""Characters that a button can copy. API, CopyTextButton."""

LABEL_COLUMNS = 28
"""Columns of a button over the whole width that a telephone shows uncut. Undocumented."""

SHORT_COLUMNS = 12
"""Columns of a button over half of the width. Ours."""

PAGE_SIZE = 8
"""Options shown at once. Ours: with pager and Done they fill a telephone's screen."""

NATIVE_OPTIONS = 100
"""Options that a widget takes. Ours: pages have no limit, and the core knows no more."""

# --- updates ---

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we ask for. API, Update; `edited_message` is asked for to say that we can't read it."""

BATCH_LIMIT = 100
"""Updates that one getUpdates returns. API, getUpdates."""

POLL_SECONDS = 30
"""How long getUpdates waits for one. Ours; the server waits for 50 at most (Client.h)."""

WEBHOOK_CONNECTIONS = 40
"""Simultaneous deliveries to a webhook. API, setWebhook: 1-100, this is the default."""

WEBHOOK_BYTES = 1_000_000
"""Bytes of one update. Ours: the largest known are some ten thousand."""

SECRET_LIMIT = 256
"""Characters of a webhook's secret, of A-Z, a-z, 0-9, _ and -. API, setWebhook."""

PAYLOAD_LIMIT = 64
"""Characters that a link to a bot carries, of A-Z, a-z, 0-9, _ and -.
https://core.telegram.org/bots/features#deep-linking"""

# --- what the bot says of itself ---

COMMAND_LIMIT = 256
"""Characters of a command's description. API, BotCommand."""

SHORT_DESCRIPTION_LIMIT = 120
"""Characters on the bot's profile page. API, setMyShortDescription."""

DESCRIPTION_LIMIT = 512
"""Characters in an empty chat with the bot. API, setMyDescription."""

# --- rates ---

MESSAGES_PER_SECOND = 30.0
"""FAQ: "30 messages per second" in all. Edits count as messages (undocumented)."""

CHAT_MESSAGES_PER_SECOND = 1.0
"""FAQ: "no more than one message per second" in a chat; "short bursts" are allowed."""

GROUP_MESSAGES_PER_MINUTE = 20.0
"""FAQ: "not be able to send more than 20 messages per minute" to a group."""

CHAT_BURST = 3.0
"""What is a short burst. Ours."""

_ALL_AT_ONCE = 1 / 6
_GROUP_AT_ONCE = 2 / 5
"""Which part of a limit may be used up at once. Ours: a group falls silent for long and then gets
several messages; for all chats together evenness brings more through."""

SPELLINGS = {name: f"/{name.value.lower()}" for name in CommandName}
"""How each command is typed."""


def capabilities(settings: TelegramSettings) -> Capabilities:
    """Return what the channel can show; its rates are settings."""
    return Capabilities(
        channel="telegram",
        single_select=Level.NATIVE,
        multi_select=Level.NATIVE,
        number=Level.NATIVE,
        link_button=Level.NATIVE,
        bold=Level.NATIVE,
        edits=Level.NATIVE,
        toasts=Level.NATIVE,
        native_options=NATIVE_OPTIONS,
        lists_in_widgets=True,
        page_size=PAGE_SIZE,
        text_limit=TEXT_LIMIT,
        text_unit=TextUnit.UTF16,
        commands=SPELLINGS,
        buckets={
            "all": _bucket(settings.rate, 1.0, _ALL_AT_ONCE, Scope.CHANNEL),
            "chat": Bucket(rate=settings.chat_rate, burst=CHAT_BURST, scope=Scope.PLACE),
            "group": _bucket(settings.group_rate, 60.0, _GROUP_AT_ONCE, Scope.PLACE),
        },
    )


def _bucket(limit: float, period: float, at_once: float, scope: Scope) -> Bucket:
    """Return a bucket that lets at most `limit` calls through in any `period` seconds.

    A bucket gives its burst and its refill within one period, so both together make the limit. A
    burst of one is mere pacing, and paced calls keep the limit by themselves.
    """
    burst = float(max(1, int(limit * at_once)))
    refilled = limit - burst if burst > 1 else limit
    return Bucket(rate=refilled / period, burst=burst, scope=scope)

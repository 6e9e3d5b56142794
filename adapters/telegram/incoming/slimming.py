"""An update without what we don't read, for where the library stumbles over that. Pure.

The library insists on whatever its version of the Bot API promises. Another version's server may
send other shapes deep inside (a forwarded poll, the message that is replied to), and what the
person wrote is good nevertheless.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject

_MESSAGES = frozenset(("message", "edited_message", "reply_to_message"))
_OF_MESSAGES = _MESSAGES | frozenset(
    (
        "message_id",
        "from",
        "chat",
        "date",
        "sender_chat",
        "via_bot",
        "is_topic_message",
        "message_thread_id",
        "forum_topic_created",
        "migrate_to_chat_id",
        "media_group_id",
        "text",
        "entities",
        "caption",
        "caption_entities",
        "contact",
    )
)


def slimmed(raw: JsonObject) -> dict[str, Json]:
    """Return the update with its messages, also those inside of them, cut to what we read."""
    return {name: _slimmed(name, value) for name, value in raw.items()}


def _slimmed(name: str, value: Json) -> Json:
    if not isinstance(value, Mapping):
        return value
    if name == "callback_query":
        return slimmed(value)
    if name not in _MESSAGES:
        return value
    return slimmed({member: value[member] for member in value if member in _OF_MESSAGES})

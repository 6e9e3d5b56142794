"""Whether a group's message is for us, and what is left of it without the mention. Pure.

A group talks among itself. For us are commands, replies to what we wrote, and mentions of us; a
bot with Telegram's privacy mode gets little else, one without it (or an administrator) gets all.
In a private chat everything is for us.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.telegram.incoming.reading import signed, words
from adapters.telegram.incoming.typed import read_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message, MessageEntity

    from adapters.telegram.identity import Me
    from bridge.protocol.threads import Json, JsonObject

_AFTER_A_NAME = re.compile(r"[,:;](?=\s|$)")


def for_us(message: Message, me: Me) -> str | None:
    """Return the text (or caption) as it is meant for us, or None where it is for others."""
    text = words(message.text or message.caption or "")
    if not in_group(message):
        return text
    ordered = _ordered(text, me)
    if ordered is not None:
        return text if ordered else None
    rest = _without_mentions(text, message.entities or message.caption_entities, me)
    if rest is not None:
        return rest
    return text if _answers_us(message, me) else None


def in_group(message: Message) -> bool:
    """Say whether others read along."""
    return signed(message.chat.id) < 0


def needs_name(raw: JsonObject) -> bool:
    """Say whether only our username tells if the update is for us.

    So it is with every group message that holds an @. Without the username it would be taken for a
    message to somebody else, and lost.
    """
    return any(_names_somebody(raw.get(kind)) for kind in ("message", "edited_message"))


def _names_somebody(message: Json) -> bool:
    match message:
        case {"chat": {"id": int(chat)}, "text": str(text)} if chat < 0:
            return "@" in text
        case {"chat": {"id": int(chat)}, "caption": str(text)} if chat < 0:
            return "@" in text
        case _:
            return False


def _ordered(text: str, me: Me) -> bool | None:
    """Say whether the text is a command for us; None where that does not decide it.

    A bare one that we don't know may be another bot's, and then a reply or a mention decides.
    """
    order = read_order(text)
    if order is None or not (order.bot or order.name):
        return None
    return not order.bot or order.bot == me.username.lower()


def _answers_us(message: Message, me: Me) -> bool:
    """Say whether it replies to us. Every message in a topic "replies" to the topic's beginning."""
    first = message.reply_to_message
    if first is None or first.from_user is None or first.forum_topic_created is not None:
        return False
    return first.from_user.id == me.bot


def _without_mentions(text: str, entities: Sequence[MessageEntity], me: Me) -> str | None:
    """Return the text without the mentions of us, or None where there is none.

    Entities count in UTF-16 units, so the text is cut as such.
    """
    units = text.encode("utf-16-le")
    pieces: list[str] = []
    end = 0
    for entity in entities:
        begin, after = 2 * entity.offset, 2 * (entity.offset + entity.length)
        if _is_ours(entity, _decoded(units[begin:after]), me):
            pieces.append(_decoded(units[end:begin]))
            end = after
    return _joined([*pieces, _decoded(units[end:])]) if pieces else None


def _is_ours(entity: MessageEntity, shown: str, me: Me) -> bool:
    if entity.type == entity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.bot
    return entity.type == entity.MENTION and shown.lower() == f"@{me.username.lower()}"


def _decoded(units: bytes) -> str:
    return units.decode("utf-16-le", "replace")


def _joined(pieces: list[str]) -> str:
    """Return what stood around the mentions; the comma after a name goes with the name."""
    first, *others = pieces
    kept = [first, *(_AFTER_A_NAME.sub("", piece, count=1) for piece in others)]
    return " ".join(piece.strip() for piece in kept if piece.strip())

"""What Telegram tells us, as events. Pure.

Telegram sends *updates*; each holds one of many kinds. Four concern us (`limits.ALLOWED_UPDATES`);
any other makes nothing, and so does what people in a group say to each other.

Keys (law 2) are made of the update's number, which a repetition keeps. Three things are told of
more than once, in updates of different numbers, and have a key of their own, so that they are
answered once: an album (a message for each picture), an edited message (a shared location is
edited for hours), and a group that moved (see `addresses.moved`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from telegram import ChatMember, Update

from adapters.telegram.addresses import CHANNEL, Address, moved, person_key, thread_key
from adapters.telegram.identity import Me
from adapters.telegram.incoming.addressed import for_us, in_group, needs_name
from adapters.telegram.incoming.contents import kind_of
from adapters.telegram.incoming.reading import Head, signed, whole, words
from adapters.telegram.incoming.slimming import slimmed
from adapters.telegram.incoming.tapped import tapped
from adapters.telegram.incoming.typed import said
from bridge.protocol.errors import Malformed
from bridge.protocol.events import Text, ThreadBack, ThreadGone, Unsupported

if TYPE_CHECKING:
    from telegram import (
        CallbackQuery,
        Contact,
        MaybeInaccessibleMessage,
        Message,
        User,
    )

    from bridge.protocol.events import AnyEvent
    from bridge.protocol.threads import Json, JsonObject

__all__ = ["Me", "needs_name", "parse"]

_OUT = (ChatMember.LEFT, ChatMember.BANNED)
_IN = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)


def parse(raw: JsonObject, me: Me) -> tuple[AnyEvent, ...]:
    """Return what happened; nothing where it is not for us. Raises `Malformed`."""
    change = raw.get("my_chat_member")
    if change is not None:
        return _membership(whole(raw.get("update_id")), change, me)
    try:
        return _events(_read(raw), raw, me)
    except Malformed:
        raise
    except Exception:  # noqa: BLE001 - the library checks no types, so any operation may break
        raise Malformed("An update has another shape than the Bot API describes.") from None


def _read(raw: JsonObject) -> Update:
    try:
        return Update.de_json(dict(raw), None)
    except Exception:  # noqa: BLE001 - see `slimming`; what is wrong elsewhere breaks again
        return Update.de_json(slimmed(raw), None)


def _events(update: Update, raw: JsonObject, me: Me) -> tuple[AnyEvent, ...]:
    number = whole(update.update_id)
    if update.message is not None:
        kind = kind_of(cast("JsonObject", raw["message"]))  # the library has read it as an object
        return _sent(number, update.message, kind, me)
    if update.edited_message is not None:
        return _edited(update.edited_message, me)
    if update.callback_query is not None:
        return _pressed(number, update.callback_query, me)
    return ()


def _sent(number: int, message: Message, kind: str | None, me: Me) -> tuple[AnyEvent, ...]:
    chat = signed(message.chat.id)
    if message.migrate_to_chat_id is not None:
        new = signed(message.migrate_to_chat_id)
        return (moved(me.bot, chat, new, message.date.timestamp()),)
    text, sender = _heard(message, me), message.from_user
    if kind is None or text is None or sender is None:
        return ()
    key = f"{CHANNEL}:{me.bot}:{number}:{whole(message.message_id)}"
    head = _head(key, message, sender, me)
    if message.text is not None:
        return (said(head, text, me, private=not in_group(message)),)
    return (_shown(head, message, kind, me),)


def _heard(message: Message, me: Me) -> str | None:
    """Return a person's text for us, or None: bots, channels and anonymous people own nothing."""
    sender = message.from_user
    if sender is None or sender.is_bot or message.via_bot or message.sender_chat:
        return None
    return for_us(message, me)


def _shown(head: Head, message: Message, kind: str, me: Me) -> AnyEvent:
    """Return what a message without text means: the sender's own number, or nothing to read."""
    contact = message.contact
    if contact is not None and _own(contact, message):
        return Text(**head, text=_phone(contact))
    if message.media_group_id is not None:
        album = f"{CHANNEL}:{me.bot}:album:{message.chat.id}:{words(message.media_group_id)}"
        head = {**head, "key": album}
    return Unsupported(**head, kind=kind)


def _own(contact: Contact, message: Message) -> bool:
    """Say whether it is the sender's: somebody else's can be sent too."""
    sender = message.from_user
    return sender is not None and contact.user_id == sender.id and not in_group(message)


def _phone(contact: Contact) -> str:
    """Return the number; some clients leave the + of its country out."""
    phone = words(contact.phone_number).strip()
    if not phone:
        raise Malformed("A contact lacks its number.")
    return f"+{phone}" if phone.isdecimal() else phone


def _edited(message: Message, me: Me) -> tuple[AnyEvent, ...]:
    sender = message.from_user
    if sender is None or _heard(message, me) is None:
        return ()
    key = f"{CHANNEL}:{me.bot}:edited:{message.chat.id}:{whole(message.message_id)}"
    return (Unsupported(**_head(key, message, sender, me), kind="edited messages"),)


def _pressed(number: int, query: CallbackQuery, me: Me) -> tuple[AnyEvent, ...]:
    """Return what a tap means. Its message may be gone for us; the chat is known even then.

    Without any message it comes from a button in a chat that we are not in.
    """
    message = query.message
    if message is None or query.from_user.is_bot:
        return ()
    tap = words(query.id)
    head = _head(f"{CHANNEL}:{me.bot}:{number}:{tap}", message, query.from_user, me)
    return (tapped({**head, "tap": tap}, words(query.data or "")),)


def _membership(number: int, change: Json, me: Me) -> tuple[AnyEvent, ...]:
    """Return that we were blocked or put out, or may write again.

    Read without the library: it wants every right of an administrator, also one that the server
    does not know, and only the standing counts.
    """
    match change:
        case {"chat": {"type": "channel"}}:
            return ()
        case {
            "chat": {"id": chat},
            "from": {"id": user},
            "date": date,
            "old_chat_member": {"status": before},
            "new_chat_member": {"status": now},
        }:
            key = f"{CHANNEL}:{me.bot}:{number}:member"
            thread = thread_key(Address(me.bot, signed(chat)))
            person = person_key(me.bot, whole(user))
            head = Head(key=key, thread=thread, person=person, at=float(whole(date)), tap=None)
            return _changed(head, words(before), words(now))
        case _:
            raise Malformed("A change of our standing in a chat lacks who, where or what.")


def _changed(head: Head, before: str, now: str) -> tuple[AnyEvent, ...]:
    if now in _OUT:
        return (ThreadGone(**head),)
    return (ThreadBack(**head),) if before in _OUT and now in _IN else ()


def _head(key: str, message: MaybeInaccessibleMessage, sender: User, me: Me) -> Head:
    return Head(
        key=key,
        thread=thread_key(Address(me.bot, signed(message.chat.id), _topic(message))),
        person=person_key(me.bot, whole(sender.id)),
        at=message.date.timestamp(),
        tap=None,
    )


def _topic(message: MaybeInaccessibleMessage) -> int | None:
    """Return the topic. Replies outside of topics carry a thread's number too, without the flag."""
    inside = getattr(message, "is_topic_message", None)
    return whole(getattr(message, "message_thread_id", None)) if inside else None

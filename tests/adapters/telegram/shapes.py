"""Who and where the samples are about, and what their messages and taps are made of.

`typed` and `tapped` make updates of one's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.telegram.addresses import Address
from adapters.telegram.identity import Me
from adapters.telegram.tickets import write_ticket

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject

BOT = 7000000001
USERNAME = "Cake_Form_Bot"
TOKEN = f"{BOT}:sample-token-sample-token-sample-tok"
ME = Me(bot=BOT, username=USERNAME, slugs=frozenset({"cake", "visit-us"}), secret=b"sample key")

ADA_ID = 5001
GROUP_ID = -4002
SUPERGROUP_ID = -1001234567890
TOPIC_ID = 77
AT = 1_790_000_000

PROMPT = "0abcdefghijklmnopqr9"

ADA: JsonObject = {
    "id": ADA_ID,
    "is_bot": False,
    "first_name": "Ada",
    "username": "ada",
    "language_code": "en",
}
BOB: JsonObject = {"id": 5002, "is_bot": False, "first_name": "Bob", "is_premium": True}
US: JsonObject = {"id": BOT, "is_bot": True, "first_name": "Cakes", "username": USERNAME}
OTHER_BOT: JsonObject = {"id": 9009, "is_bot": True, "first_name": "Ban", "username": "ban_bot"}
ANONYMOUS: JsonObject = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}

PRIVATE: JsonObject = {"id": ADA_ID, "first_name": "Ada", "username": "ada", "type": "private"}
GROUP: JsonObject = {
    "id": GROUP_ID,
    "title": "Party",
    "type": "group",
    "all_members_are_administrators": False,
}
FORUM: JsonObject = {
    "id": SUPERGROUP_ID,
    "title": "Office",
    "type": "supergroup",
    "is_forum": True,
}
CHANNEL: JsonObject = {"id": -1009876543210, "title": "News", "type": "channel"}

GROUP_TICKET = write_ticket(Address(BOT, GROUP_ID), ME.secret)
TOPIC_TICKET = write_ticket(Address(BOT, SUPERGROUP_ID, TOPIC_ID), ME.secret)


def message(**members: Json) -> dict[str, Json]:
    """Return a message of Ada's, by default in her private chat."""
    sent: dict[str, Json] = {"message_id": 42, "from": ADA, "chat": PRIVATE, "date": AT}
    sent.update({name.removesuffix("_"): value for name, value in members.items()})
    return {name: value for name, value in sent.items() if value is not None}


def in_group(**members: Json) -> dict[str, Json]:
    """Return a message of Ada's in the group."""
    return message(**{"chat": GROUP, **members})


def in_topic(**members: Json) -> dict[str, Json]:
    """Return a message of Ada's in a topic of the forum; it replies to the topic's beginning."""
    topic = {"message_thread_id": TOPIC_ID, "is_topic_message": True}
    return message(**{"chat": FORUM, "reply_to_message": BEGINNING, **topic, **members})


def entity(kind: str, offset: int, length: int, **members: Json) -> dict[str, Json]:
    """Return what marks a part of a text, in UTF-16 units."""
    return {"offset": offset, "length": length, "type": kind, **members}


def command(text: str) -> dict[str, Json]:
    """Return the members of a message that begins with a command."""
    return {"text": text, "entities": [entity("bot_command", 0, len(text.split(maxsplit=1)[0]))]}


def mention(text: str) -> dict[str, Json]:
    """Return the members of a message that names us once."""
    units = len(text[: text.index("@")].encode("utf-16-le")) // 2
    return {"text": text, "entities": [entity("mention", units, len(USERNAME) + 1)]}


def query(**members: Json) -> dict[str, Json]:
    """Return a tap of Ada's on a question in her private chat."""
    pressed: dict[str, Json] = {
        "id": "4382bfdwdsb323b2d9",
        "from": ADA,
        "chat_instance": "-3849238492",
        "data": f"v1.{PROMPT}.0.c1",
        "message": QUESTION,
    }
    pressed.update({name.removesuffix("_"): value for name, value in members.items()})
    return {name: value for name, value in pressed.items() if value is not None}


def membership(before: str, now: str, **members: Json) -> dict[str, Json]:
    """Return that our standing in a chat changed."""
    return {
        "chat": PRIVATE,
        "from": ADA,
        "date": AT,
        "old_chat_member": _standing(before),
        "new_chat_member": _standing(now),
        **members,
    }


def _standing(status: str) -> JsonObject:
    more: dict[str, JsonObject] = {
        "kicked": {"until_date": 0},
        "administrator": {
            "can_be_edited": False,
            "is_anonymous": False,
            "can_manage_chat": True,
            "can_delete_messages": True,
        },
    }
    return {"user": US, "status": status, **more.get(status, {})}


def typed(text: str, number: int = 1) -> JsonObject:
    """Return the update of a text typed in the private chat."""
    return {"update_id": number, "message": message(text=text)}


def tapped(data: str, number: int = 1) -> JsonObject:
    """Return the update of a tap in the private chat."""
    return {"update_id": number, "callback_query": query(data=data)}


QUESTION: JsonObject = {
    "message_id": 41,
    "from": US,
    "chat": PRIVATE,
    "date": AT - 60,
    "text": "Which cake?",
    "reply_markup": {
        "inline_keyboard": [[{"text": "Chocolate", "callback_data": f"v1.{PROMPT}.0.c0"}]]
    },
}
OURS_IN_GROUP: JsonObject = {**QUESTION, "chat": GROUP}
OURS_IN_TOPIC: JsonObject = {
    **QUESTION,
    "chat": FORUM,
    "message_thread_id": TOPIC_ID,
    "is_topic_message": True,
}
BEGINNING: JsonObject = {
    "message_id": TOPIC_ID,
    "from": US,
    "chat": FORUM,
    "date": AT - 600,
    "message_thread_id": TOPIC_ID,
    "is_topic_message": True,
    "forum_topic_created": {"name": "Lunch", "icon_color": 7322096},
}
BOBS: JsonObject = {**OURS_IN_GROUP, "from": BOB, "text": "hello", "reply_markup": None}

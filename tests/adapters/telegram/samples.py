"""Updates as the Bot API sends them, of every kind that we know of.

The four lists are those of `bridge.conformance.harness.Samples`; `MENTIONS` (in `UNDERSTOOD`) are
the only ones that need our username to be known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.adapters.telegram.shapes import (
    ADA,
    ADA_ID,
    ANONYMOUS,
    AT,
    BOB,
    BOBS,
    CHANNEL,
    FORUM,
    GROUP,
    GROUP_ID,
    GROUP_TICKET,
    OTHER_BOT,
    OURS_IN_GROUP,
    OURS_IN_TOPIC,
    PRIVATE,
    PROMPT,
    QUESTION,
    SUPERGROUP_ID,
    TOPIC_TICKET,
    US,
    USERNAME,
    command,
    entity,
    in_group,
    in_topic,
    membership,
    mention,
    message,
    query,
    tapped,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.protocol.threads import Json, JsonObject

ALBUM = "13579246801357924"

_FILE: JsonObject = {"file_id": "AgACAgIAAxk", "file_unique_id": "AQADAgAT", "file_size": 1234}
_PICTURE: JsonObject = {**_FILE, "width": 90, "height": 51}
_PLACE: JsonObject = {"latitude": 52.5, "longitude": 13.4}
_OWN_CONTACT: JsonObject = {
    "phone_number": "491701234567",
    "first_name": "Ada",
    "user_id": ADA_ID,
}
_SHARED_BY_BUTTON: Json = {**_OWN_CONTACT, "phone_number": "+491701234567"}


def _numbered(first: int, kind: str, contents: Sequence[Json]) -> list[JsonObject]:
    return [{"update_id": first + n, kind: content} for n, content in enumerate(contents)]


_PRIVATE_MESSAGES = [
    message(text="two chocolate cakes, please"),
    message(text="👩‍👩‍👧 שלום\nnext line", entities=[entity("bold", 0, 3)]),
    message(text="a link: https://example.com", link_preview_options={"is_disabled": True}),
    message(text="/usr/bin/cake"),
    message(text="an answer", reply_to_message=QUESTION),
    message(text="forwarded", forward_origin={"type": "user", "sender_user": BOB, "date": AT}),
    message(text="in a private topic", message_thread_id=9, is_topic_message=True),
    message(text="in a thread of replies", message_thread_id=9),
    message(text="to a poll", reply_to_message={**QUESTION, "poll": {"newer": "than the library"}}),
    message(text="with an effect", effect_id="5104841245755180586"),
    message(**command("/start")),
    message(**command("/start cake")),
    message(**command("/start unknown_Token-1")),
    message(**command(f"/start {GROUP_TICKET}")),
    message(**command(f"/start {TOPIC_TICKET}")),
    message(**command("/start I want a cake")),
    message(**command("/Forms")),
    message(**command("/status@cake_form_bot")),
    message(**command("/change 2")),
    message(**command("/restart")),
    message(**command("/cancel")),
    message(**command("/help")),
    message(**command("/pay")),
    message(contact=_OWN_CONTACT),
    message(contact=_SHARED_BY_BUTTON, reply_to_message=QUESTION),
]
_GROUP_MESSAGES = [
    in_group(**command("/start cake")),
    in_group(**command(f"/cancel@{USERNAME}")),
    in_group(text="chocolate", reply_to_message=OURS_IN_GROUP),
    in_group(text="in a thread", message_thread_id=41, reply_to_message=OURS_IN_GROUP),
    in_group(text="Cakes, hi", entities=[entity("text_mention", 0, 5, user=US)]),
    in_topic(**command("/status")),
    in_topic(text="chocolate", reply_to_message=OURS_IN_TOPIC),
    in_group(migrate_to_chat_id=SUPERGROUP_ID),
]
_MENTIONS = [
    in_group(**mention(f"@{USERNAME} two cakes")),
    in_group(**mention(f"🎂 hey @{USERNAME.lower()}, two cakes")),
    in_group(**mention(f"@{USERNAME}")),
    in_group(**mention(f"@{USERNAME} /help")),
    in_topic(**mention(f"two cakes, @{USERNAME}")),
]
MENTIONS: list[JsonObject] = _numbered(300, "message", _MENTIONS)

_TAPS = [
    *(query(data=f"v1.{PROMPT}.3.{deed}") for deed in ("c0", "t12", "p1", "r7")),
    *(query(data=f"v1.{PROMPT}.3.{deed}") for deed in ("n-0.5", "v250", "d", "a", "o", "x")),
    query(message={"chat": PRIVATE, "message_id": 40, "date": 0}),
    query(message=OURS_IN_GROUP, from_=BOB),
    query(message=OURS_IN_TOPIC),
]
_STANDINGS = [
    membership("member", "kicked"),
    membership("kicked", "member"),
    membership("member", "left", chat=GROUP),
    membership("left", "member", chat=GROUP),
    membership("left", "administrator", chat=FORUM),
]
UNDERSTOOD: list[JsonObject] = [
    *_numbered(100, "message", _PRIVATE_MESSAGES),
    *_numbered(200, "message", _GROUP_MESSAGES),
    *MENTIONS,
    *_numbered(400, "callback_query", _TAPS),
    *_numbered(500, "my_chat_member", _STANDINGS),
]

_MEDIA: list[dict[str, Json]] = [
    {"voice": {**_FILE, "duration": 3, "mime_type": "audio/ogg"}},
    {"video_note": {**_FILE, "length": 240, "duration": 3}},
    {"photo": [_PICTURE, _PICTURE], "caption": "this one"},
    {
        "sticker": {
            **_PICTURE,
            "type": "regular",
            "is_animated": False,
            "is_video": False,
            "emoji": "🎂",
        }
    },
    {"animation": {**_PICTURE, "duration": 3}, "document": {**_FILE, "mime_type": "video/mp4"}},
    {"video": {**_PICTURE, "duration": 3}},
    {"audio": {**_FILE, "duration": 3, "title": "Song"}},
    {"document": {**_FILE, "file_name": "list.pdf"}},
    {"location": _PLACE},
    {"venue": {"location": _PLACE, "title": "Café", "address": "Here 1"}, "location": _PLACE},
    {"contact": {"phone_number": "491709999999", "first_name": "Bob", "user_id": 5002}},
    {"contact": {"phone_number": "491709999999", "first_name": "Shop"}},
    {
        "poll": {
            "id": "7",
            "question": "Cake?",
            "options": [{"text": "yes", "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
    },
    {"dice": {"emoji": "🎲", "value": 4}},
    {"game": {"title": "Chess", "description": "A game", "photo": [_PICTURE]}},
    {"story": {"chat": PRIVATE, "id": 3}},
    {"rich_message": {"blocks": [{"type": "paragraph", "text": "newer than the library"}]}},
]
_UNREAD = [
    *(message(**content) for content in _MEDIA),
    message(photo=[_PICTURE], media_group_id=ALBUM),
    message(**command("/dance now")),
    in_group(**command(f"/dance@{USERNAME}")),
    in_group(voice={**_FILE, "duration": 3}, reply_to_message=OURS_IN_GROUP),
    in_group(contact=_OWN_CONTACT, reply_to_message=OURS_IN_GROUP),
    in_group(**command("/dance"), reply_to_message=OURS_IN_GROUP),
    in_group(
        photo=[_PICTURE],
        caption=f"@{USERNAME} like this",
        caption_entities=[entity("mention", 0, len(USERNAME) + 1)],
    ),
]
_EDITED = [
    message(message_id=50, text="three cakes", edit_date=AT + 9),
    message(message_id=51, location={**_PLACE, "live_period": 900}, edit_date=AT + 9),
    in_group(message_id=52, text="three", reply_to_message=OURS_IN_GROUP, edit_date=AT + 9),
]
_BAD_TAPS = [
    query(data="something of another program"),
    query(data=f"v1.{PROMPT}.0.z1"),
    query(data=None, game_short_name="chess"),
]
UNSUPPORTED: list[JsonObject] = [
    *_numbered(600, "message", _UNREAD),
    *_numbered(700, "edited_message", _EDITED),
    *_numbered(800, "callback_query", _BAD_TAPS),
]

_SERVICE: list[dict[str, Json]] = [
    {"new_chat_members": [BOB], "new_chat_member": BOB, "new_chat_participant": BOB},
    {"left_chat_member": BOB, "left_chat_participant": BOB},
    {"new_chat_title": "Party!"},
    {"new_chat_photo": [_PICTURE]},
    {"delete_chat_photo": True},
    {"group_chat_created": True},
    {"supergroup_chat_created": True},
    {"migrate_from_chat_id": GROUP_ID},
    {"pinned_message": OURS_IN_GROUP, "reply_to_message": OURS_IN_GROUP},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    {"forum_topic_created": {"name": "Lunch", "icon_color": 7322096}},
    {"forum_topic_closed": {}},
    {"video_chat_started": {}},
    {"boost_added": {"boost_count": 1}},
]
_PRIVATE_SERVICE: list[dict[str, Json]] = [
    {"pinned_message": QUESTION},
    {"write_access_allowed": {"from_request": True}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    {
        "successful_payment": {
            "currency": "XTR",
            "total_amount": 1,
            "invoice_payload": "x",
            "telegram_payment_charge_id": "1",
            "provider_payment_charge_id": "",
        }
    },
]
_OVERHEARD = [
    *(in_group(**content) for content in _SERVICE),
    *(message(**content) for content in _PRIVATE_SERVICE),
    in_group(text="shall we have cake?"),
    in_group(text="cake!", reply_to_message=BOBS),
    in_group(**mention(f"@{'x' * len(USERNAME)} two cakes")),
    in_group(text="Bob, hi", entities=[entity("text_mention", 0, 3, user=BOB)]),
    in_group(text="Who? hi", entities=[entity("text_mention", 0, 3)]),
    in_group(text="see /help", entities=[entity("bot_command", 4, 5)]),
    in_group(photo=[_PICTURE]),
    in_group(**command("/help@ban_bot")),
    in_group(**command("/help@ban_bot"), reply_to_message=OURS_IN_GROUP),
    in_group(**command("/ban Bob")),
    in_group(text="cake!", reply_to_message={**BOBS, "from": None, "sender_chat": CHANNEL}),
    in_topic(text="a topic's message replies to the beginning, which we made"),
    in_group(**command("/start"), from_=ANONYMOUS, sender_chat=GROUP),
    in_group(**command("/start"), from_=BOB, sender_chat=CHANNEL),
    in_group(**command("/start"), from_=OTHER_BOT),
    in_group(**command("/start"), from_=None),
    in_group(**command("/start"), via_bot=OTHER_BOT),
    message(text="our own echo", from_=US),
]
_POSTS = [{"message_id": 7, "chat": CHANNEL, "sender_chat": CHANNEL, "date": AT, "text": "News"}]
_OTHER_KINDS: list[tuple[str, Json]] = [
    ("channel_post", _POSTS[0]),
    ("edited_channel_post", {**_POSTS[0], "edit_date": AT + 9}),
    ("edited_message", in_group(text="cake?", edit_date=AT + 9)),
    ("edited_message", in_group(text="cake?", edit_date=AT + 9, from_=None, sender_chat=CHANNEL)),
    ("business_message", message(text="to my business", business_connection_id="b1")),
    ("inline_query", {"id": "8", "from": ADA, "query": "cake", "offset": ""}),
    ("chosen_inline_result", {"result_id": "1", "from": ADA, "query": "cake"}),
    ("callback_query", query(message=None, inline_message_id="AAAAAAAA")),
    ("callback_query", query(from_=OTHER_BOT)),
    ("my_chat_member", membership("member", "administrator", chat=GROUP)),
    ("my_chat_member", membership("administrator", "member", chat=GROUP)),
    ("my_chat_member", membership("left", "administrator", chat=CHANNEL)),
    ("chat_member", membership("left", "member", chat=GROUP)),
    (
        "message_reaction",
        {
            "chat": PRIVATE,
            "message_id": 41,
            "user": ADA,
            "date": AT,
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        },
    ),
    ("poll_answer", {"poll_id": "7", "user": ADA, "option_ids": [0], "option_persistent_ids": []}),
    ("newer_than_the_library", {"id": 1, "from": ADA}),
]
FOREIGN: list[JsonObject] = [
    *_numbered(1000, "message", _OVERHEARD),
    *({"update_id": 1100 + n, kind: content} for n, (kind, content) in enumerate(_OTHER_KINDS)),
    {"update_id": 1200},
]

REPEATED: list[tuple[JsonObject, JsonObject]] = [
    (typed("once", 900), typed("once", 900)),
    (tapped(f"v1.{PROMPT}.0.c1", 901), tapped(f"v1.{PROMPT}.0.c1", 901)),
    (
        {"update_id": 902, "message": message(photo=[_PICTURE], media_group_id=ALBUM)},
        {
            "update_id": 903,
            "message": message(message_id=43, photo=[_PICTURE], media_group_id=ALBUM),
        },
    ),
    (
        {"update_id": 904, "edited_message": message(text="one cake", edit_date=AT + 9)},
        {"update_id": 905, "edited_message": message(text="two cakes", edit_date=AT + 19)},
    ),
    (
        {"update_id": 906, "message": in_group(migrate_to_chat_id=SUPERGROUP_ID)},
        {"update_id": 907, "message": in_group(migrate_to_chat_id=SUPERGROUP_ID, message_id=43)},
    ),
]

"""What a message holds beside text, in words that fit "I can't read ..., sorry." Pure.

The names of its members tell; their shapes, of which some are newer than the library, don't count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.protocol.threads import JsonObject

UNKNOWN = "this kind of message"

_KINDS = {
    "voice": "voice messages",
    "video_note": "video messages",
    "live_photo": "pictures",
    "photo": "pictures",
    "sticker": "stickers",
    "animation": "animations",
    "video": "videos",
    "audio": "audio files",
    "document": "files",
    "venue": "places",
    "location": "places",
    "contact": "contacts",
    "poll": "polls",
    "dice": "dice",
    "game": "games",
    "story": "stories",
    "checklist": "checklists",
    "paid_media": "paid media",
    "invoice": "invoices",
    "giveaway": "giveaways",
    "giveaway_winners": "giveaways",
    "passport_data": "passport data",
    "web_app_data": "data of web apps",
}
"""By the member of a message. The order counts: an animation comes as a document too."""

_SERVICE = frozenset(
    (
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
        "successful_payment",
        "refunded_payment",
        "users_shared",
        "chat_shared",
        "gift",
        "unique_gift",
        "gift_upgrade_sent",
        "connected_website",
        "write_access_allowed",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "chat_owner_changed",
        "chat_owner_left",
        "checklist_tasks_done",
        "checklist_tasks_added",
        "direct_message_price_changed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "giveaway_created",
        "giveaway_completed",
        "managed_bot_created",
        "paid_message_price_changed",
        "poll_option_added",
        "poll_option_deleted",
        "suggested_post_approved",
        "suggested_post_approval_failed",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_participants_invited",
    )
)
"""Members of messages that Telegram itself writes into the chat. Nobody says anything by them."""


def kind_of(message: JsonObject) -> str | None:
    """Return what a message holds; None where it only tells of something that happened.

    UNKNOWN is text too: only a message without text is asked what it holds.
    """
    if not _SERVICE.isdisjoint(message):
        return None
    return next((kind for name, kind in _KINDS.items() if name in message), UNKNOWN)

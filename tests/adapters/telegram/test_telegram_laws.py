"""Telegram passes the laws of every adapter, in a private chat, a group and a topic."""

from __future__ import annotations

import pytest

from adapters.telegram import descriptor
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.addresses import Address, thread_key
from adapters.telegram.settings import TelegramSettings
from bridge.conformance.harness import Harness, Samples
from bridge.conformance.host import RecordingHost
from bridge.conformance.incoming import IncomingLaws
from bridge.conformance.laws import AdapterLaws
from bridge.conformance.outgoing import OutgoingLaws
from bridge.protocol.web import Request
from tests.adapters.telegram.drawing import (
    BOT,
    GROUP,
    NOW,
    TOPIC,
    USER,
    TelegramDrawing,
    chat_object,
    message_update,
    person,
    tap_update,
    text_update,
)

TOKEN = f"{BOT}:not-a-real-token_0123456789"
SECRET = "a-webhook-secret"
HEADER = "x-telegram-bot-api-secret-token"
DATA = ("c1", "t1", "p2", "r1", "n-0.5", "v12.5", "d", "a", "o", "x")


def settings():
    """Return settings for a bot that does not exist."""
    return TelegramSettings(
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_MODE="webhook",
        TELEGRAM_WEBHOOK_SECRET=SECRET,
    )


def membership(drawing, number, before, now):
    """Return the update that tells that we were put out of a chat, or let in again."""
    us = {"id": BOT, "is_bot": True, "first_name": "Orders"}
    change = {
        "chat": chat_object(drawing),
        "from": person(),
        "date": NOW,
        "old_chat_member": {"user": us, "status": before, "until_date": 0},
        "new_chat_member": {"user": us, "status": now, "until_date": 0},
    }
    return {"update_id": 3000 + number, "my_chat_member": change}


def samples(drawing):
    """Return updates of all kinds, as this chat gives them."""
    texts = ("a cake", "/start cake", "/start some-token_1", "/help", "/status")
    voice = {"file_id": "f", "file_unique_id": "u", "duration": 3}
    moved = message_update(drawing, 30, migrate_to_chat_id=-1005550009)
    understood = (
        *(text_update(text, drawing, number) for number, text in enumerate(texts, 1)),
        *(tap_update(f"v1.abc.0.{data}", drawing, n) for n, data in enumerate(DATA)),
        membership(drawing, 1, "member", "kicked"),
        membership(drawing, 2, "kicked", "member"),
        moved,
    )
    reply = text_update("x", drawing)["message"].get("reply_to_message")
    replying = {"reply_to_message": reply} if reply else {}
    bot = {**person(5550099), "is_bot": True}
    return Samples(
        understood=understood,
        unsupported=(
            message_update(drawing, 40, voice=voice, **replying),
            text_update("/nothing", drawing, 41),
            tap_update("v2.abc.0.c1", drawing, 9),
            tap_update("", drawing, 8),
        ),
        foreign=(
            message_update(drawing, 50, text="I am a bot", **{"from": bot}),
            message_update(drawing, 51, pinned_message=moved["message"]),
            {"update_id": 52, "channel_post": message_update(drawing)["message"]},
        ),
        repeated=(
            *((raw, raw) for raw in understood[:8]),
            (moved, {**moved, "update_id": 99_999}),
        ),
    )


class TelegramLaws(IncomingLaws, OutgoingLaws):
    """The laws of what comes in and goes out, in one kind of place."""

    address = Address(BOT, USER)

    @pytest.fixture
    def harness(self):
        drawing = TelegramDrawing(self.address.chat, self.address.topic)
        return Harness(
            module="adapters.telegram",
            descriptor=descriptor,
            heavy=("telegram", "aiohttp", "httpx", "bridge.app"),
            adapter=TelegramAdapter(settings(), RecordingHost()),
            thread=thread_key(self.address),
            samples=samples(drawing),
            drawing=drawing,
            addresses=(str(USER), str(-GROUP), str(TOPIC)),
            signed=Request(
                method="POST",
                path="/telegram/webhook",
                headers={HEADER: SECRET},
                body=b'{"update_id": 1}',
            ),
            proofs=(HEADER,),
            signs_body=False,
            platform=None,
            secrets=(TOKEN, SECRET, TOKEN.partition(":")[2]),
        )


class TestTelegramLaws(TelegramLaws, AdapterLaws):
    """All laws in a private chat."""


class TestTelegramGroupLaws(TelegramLaws):
    """In a group, where others read along."""

    address = Address(BOT, GROUP)


class TestTelegramTopicLaws(TelegramLaws):
    """In a topic of a group."""

    address = Address(BOT, GROUP, TOPIC)

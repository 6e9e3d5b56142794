"""What the doctor says of Telegram."""

from __future__ import annotations

import pytest

from adapters.telegram import descriptor
from tests.adapters.telegram.loopback import (
    DEFAULTS,
    ME,
    PERSONAL,
    TOKEN,
    nowhere,
    ok,
    refused,
    serving,
    settings,
)


def webhook(**more):
    """Answer with this state of the webhook."""
    return ok({**DEFAULTS["getWebhookInfo"], **more})


async def checks(url, **more):
    """Return the findings as (ok, detail, advice)."""
    found = await descriptor.checks(settings(url, **more))
    return [(check.ok, check.detail, check.advice) for check in found]


async def test_a_bot_that_answers_is_well():
    """Its name and how its updates come are told; nothing is changed."""
    async with serving() as api:
        api.reply("getMe", ok({**ME, "can_read_all_group_messages": True}))
        found = await checks(api.url)
    assert found == [(True, "@cake_bot answers", ""), (True, "polling, 0 updates waiting", "")]
    assert api.methods == ["getMe", "getWebhookInfo"]


async def test_privacy_mode_is_a_note():
    """Whoever wonders why the bot hears little in groups reads it here."""
    async with serving() as api:
        ((well, _, advice), _) = await checks(api.url)
    assert well
    assert "/setprivacy" in advice


@pytest.mark.parametrize(
    ("mode", "state", "detail", "advice"),
    [
        ("polling", {"url": "https://x.example/"}, "a webhook is set", "removes it"),
        ("webhook", {}, "no webhook is set", "sets it"),
        (
            "webhook",
            {"url": "https://x.example/", "last_error_date": 1_700_000_000},
            "the last delivery failed",
            "webhook info",
        ),
        ("webhook", {"url": "https://x.example/"}, "webhook, 3 updates waiting", ""),
    ],
)
async def test_the_way_in_is_compared_with_the_settings(mode, state, detail, advice):
    """What the next start will change, and what has gone wrong, is told."""
    async with serving() as api:
        api.reply("getWebhookInfo", webhook(**{"pending_update_count": 3, **state}))
        (_, (well, told, advised)) = await checks(api.url, TELEGRAM_MODE=mode)
    assert well
    assert detail in told
    assert "3 updates waiting" in told
    assert advice in advised


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (refused(401, "Unauthorized"), "@BotFather"),
        (refused(500, PERSONAL), "NetworkError"),
        (refused(400, PERSONAL), ""),
        (ok(5), "can't be reached"),
    ],
    ids=str,
)
async def test_a_bot_that_does_not_answer_is_told(reply, advice):
    """With what to do about it, and without any foreign text."""
    async with serving() as api:
        api.reply("getMe", reply)
        ((well, _, advised),) = await checks(api.url)
    assert not well
    assert advice in advised
    assert PERSONAL not in advised
    assert TOKEN not in advised


async def test_nobody_listening_is_told():
    """The kind of failure and the settings to look at."""
    ((well, _, advised),) = await checks(await nowhere())
    assert not well
    assert "ClientConnectorError" in advised
    assert "TELEGRAM_API_URL" in advised

"""Setting Telegram up: as the settings say, without losing or overwriting anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.telegram.network.setting_up import REFUSED_ADDRESS, register, set_up, webhook_url
from adapters.telegram.transport import Client
from bridge.conformance.host import RecordingHost
from bridge.protocol.errors import Misconfigured
from bridge.protocol.events import CommandName
from tests.adapters.telegram.loopback import (
    MESSAGE,
    PERSONAL,
    TOKEN,
    Reply,
    nowhere,
    ok,
    refused,
    serving,
    settings,
)

LABELS = replace(
    RecordingHost().labels,
    about="Cakes. " * 100,
    commands={CommandName.HELP: "What you can do here", CommandName.START: "Begin " * 100},
)


@pytest.fixture
async def api():
    """A server that answers by a script."""
    async with serving() as api:
        yield api


async def setting_up(api, mode, *, public_url="https://cakes.example", **more):
    """Set up once; return the client and the host."""
    host = RecordingHost(public_url=public_url)
    chosen = settings(api.url, TELEGRAM_MODE=mode, **more)
    client = Client(chosen, host)
    try:
        await set_up(client, chosen, host)
    finally:
        await client.close()
    return client, host


async def test_polling_removes_the_webhook_and_drops_nothing(api):
    """A webhook that is set would keep us from polling; what waits stays."""
    client, host = await setting_up(api, "polling")
    assert client.username == "cake_bot"
    assert api.methods == ["getMe", "deleteWebhook"]
    assert api.of("deleteWebhook") == [{"drop_pending_updates": False}]
    assert host.troubles == []


async def test_webhook_mode_sets_it_and_drops_nothing(api):
    """Address, secret, kinds and connections are told; what waits stays."""
    await setting_up(api, "webhook", TELEGRAM_WEBHOOK_SECRET="a-secret")
    assert api.methods == ["getMe", "setWebhook"]
    assert api.of("setWebhook") == [
        {
            "url": "https://cakes.example/telegram/webhook",
            "secret_token": "a-secret",
            "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
            "max_connections": 40,
            "drop_pending_updates": False,
        }
    ]


async def test_a_webhook_without_a_secret_of_its_own_gets_one(api):
    """It is made from the token, and is not the token."""
    await setting_up(api, "webhook")
    (given,) = api.of("setWebhook")
    assert len(given["secret_token"]) == 64
    assert TOKEN not in given["secret_token"]


async def test_a_refused_token_ends_it(api):
    """Nothing works without it, and a person must put it right."""
    api.reply("getMe", refused(401, "Unauthorized"))
    with pytest.raises(Misconfigured, match=r"TELEGRAM_BOT_TOKEN: .*@BotFather") as caught:
        await setting_up(api, "polling")
    assert caught.value.variable == "TELEGRAM_BOT_TOKEN"
    assert TOKEN not in repr(caught.value)


async def test_a_webhook_needs_an_address(api):
    """Telegram must know where we are."""
    with pytest.raises(Misconfigured, match="PUBLIC_URL: set it"):
        await setting_up(api, "webhook", public_url="")
    assert webhook_url("https://cakes.example/") == "https://cakes.example/telegram/webhook"


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
@pytest.mark.parametrize(
    "reply",
    [refused(502, "Bad Gateway"), refused(429, "Too Many", retry_after=9), Reply(200, b"<html>")],
    ids=["5xx", "flood", "garbage"],
)
async def test_each_step_is_tried_until_it_works(api, method, reply):
    """Telegram may be down when we start; that it is, and that it is over, is said."""
    api.reply(method, reply, reply, ok({"id": 700, "is_bot": True, "first_name": "x"}))
    _, host = await setting_up(api, "polling")
    assert len(api.of(method)) == 3
    assert [bool(what) for what in host.troubles] == [True, False]


async def test_an_address_that_telegram_refuses_is_tried_again(api):
    """It may not be found everywhere yet; the operator is told meanwhile."""
    api.reply("setWebhook", refused(400, "Bad Request: bad webhook: failed to resolve host"), ok())
    _, host = await setting_up(api, "webhook")
    assert host.troubles == [REFUSED_ADDRESS, ""]
    assert host.clock.now() == RecordingHost().clock.now() + 60.0


async def test_a_server_without_webhooks_is_polled(api, caplog):
    """A server that does not know the method has no webhook to be removed."""
    api.reply("deleteWebhook", refused(404, "Not Found"))
    _, host = await setting_up(api, "polling")
    assert host.troubles == []
    assert "webhook not deleted" in caplog.text


async def registering(api, labels=LABELS):
    """Register once."""
    client = Client(settings(api.url), RecordingHost())
    try:
        await register(client.bot, labels)
    finally:
        await client.close()


async def test_commands_and_descriptions_are_registered(api):
    """Each command as it is typed and what it does; texts are cut to what Telegram takes."""
    await registering(api)
    ((given,), (short,), (long,)) = (
        api.of(f"setMy{what}") for what in ("Commands", "ShortDescription", "Description")
    )
    assert [command["command"] for command in given["commands"]] == ["help", "start"]
    assert given["commands"][0]["description"] == "What you can do here"
    assert len(given["commands"][1]["description"]) <= 256
    assert len(short["short_description"]) <= 120
    assert len(long["description"]) <= 512
    assert long["description"].startswith("Cakes. Cakes.")


async def test_what_is_there_is_not_written_again(api):
    """An operator's description stays; a list of commands that is right is left alone."""
    labels = replace(LABELS, commands={CommandName.HELP: "Help"})
    api.reply("getMyCommands", ok([{"command": "help", "description": "Help"}]))
    api.reply("getMyDescription", ok({"description": "Mine"}))
    api.reply("getMyShortDescription", ok({"short_description": "Mine"}))
    await registering(api, labels)
    assert not [method for method in api.methods if method.startswith("set")]


@pytest.mark.parametrize(
    "reply",
    [refused(404, "Not Found"), refused(500, PERSONAL), Reply(200, b"x"), ok(MESSAGE), ok(5)],
    ids=str,
)
async def test_registering_that_fails_harms_nothing(api, reply, caplog):
    """The bot works without; the log says what kind of failure it was."""
    api.reply("getMyCommands", reply)
    await registering(api)
    assert "commands or descriptions not registered" in caplog.text
    assert PERSONAL not in caplog.text
    assert TOKEN not in caplog.text


async def test_a_server_that_can_not_be_reached_is_waited_for():
    """Nothing ends because Telegram is down."""
    host = RecordingHost()
    chosen = settings(await nowhere())
    client = Client(chosen, host)

    class Ending(Exception):
        """Ends the test."""

    async def sleep(seconds):
        host.clock.time += seconds
        if host.clock.time > RecordingHost().clock.time + 300:
            raise Ending

    host.clock.sleep = sleep
    with pytest.raises(Ending):
        await set_up(client, chosen, host)
    await client.close()
    assert len(host.troubles) == 1

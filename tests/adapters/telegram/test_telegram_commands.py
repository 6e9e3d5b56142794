"""`threadform telegram webhook set|delete|info`."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from adapters.telegram import descriptor
from tests.adapters.telegram.loopback import DEFAULTS, PERSONAL, TOKEN, ok, refused, serving


@contextmanager
def served():
    """Serve in a thread of its own: the command runs a loop of its own."""
    ready, holder = threading.Event(), {}

    async def serve():
        async with serving() as api:
            holder.update(api=api, loop=asyncio.get_running_loop(), end=asyncio.Event())
            ready.set()
            await holder["end"].wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield holder["api"]
    finally:
        holder["loop"].call_soon_threadsafe(holder["end"].set)
        thread.join()


@pytest.fixture
def api(monkeypatch, tmp_path):
    """A server, and an empty folder whose environment points at it."""
    with served() as api:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("TELEGRAM_API_URL", api.url)
        monkeypatch.delenv("PUBLIC_URL", raising=False)
        yield api


def run(*words):
    """Return exit code and all that was printed."""
    result = CliRunner().invoke(descriptor.commands(), ["webhook", *words])
    return result.exit_code, result.output


def test_set_tells_telegram_where_we_are(api, monkeypatch):
    """The address is PUBLIC_URL's, and nothing that waits is dropped."""
    monkeypatch.setenv("PUBLIC_URL", "https://cakes.example/")
    code, said = run("set")
    assert (code, said) == (
        0,
        "Telegram sends updates to https://cakes.example/telegram/webhook\n",
    )
    (given,) = api.of("setWebhook")
    assert given["url"] == "https://cakes.example/telegram/webhook"
    assert given["drop_pending_updates"] is False


def test_set_reads_the_env_file(api, monkeypatch, tmp_path):
    """`.env` counts as for `threadform run`: unexpanded, and below the environment."""
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN")
    lines = [f"TELEGRAM_BOT_TOKEN={TOKEN}", "PUBLIC_URL=https://a.example", "TELEGRAM_API_URL=x"]
    (tmp_path / ".env").write_text("\n".join(lines))
    assert run("set")[0] == 0
    assert api.of("setWebhook")[0]["url"] == "https://a.example/telegram/webhook"


def test_set_needs_an_address(api):
    """Without PUBLIC_URL nothing is asked of Telegram."""
    code, said = run("set")
    assert code == 1
    assert "PUBLIC_URL: set it" in said
    assert api.asked == []


def test_delete_drops_nothing(api):
    """Updates wait until they are polled."""
    assert run("delete") == (0, "No webhook is set; updates wait to be polled.\n")
    assert api.of("deleteWebhook") == [{"drop_pending_updates": False}]


def test_info_without_a_webhook(api):
    """Says so, and how many wait."""
    assert run("info") == (0, "address   none: updates wait to be polled\nwaiting   0\n")


@pytest.mark.parametrize(
    ("message", "told"), [({"last_error_message": "Timeout"}, "Timeout"), ({}, "no reason given")]
)
def test_info_shows_the_last_failure(api, message, told):
    """The operator sees when and why Telegram could not deliver."""
    more = {"url": "https://a.example/x", "max_connections": 40, "last_error_date": 1_700_000_000}
    api.reply("getWebhookInfo", ok({**DEFAULTS["getWebhookInfo"], **more, **message}))
    code, said = run("info")
    assert code == 0
    assert said.splitlines() == [
        "address   https://a.example/x",
        "waiting   0",
        "at once   40",
        f"failed    2023-11-14 22:13:20 UTC: {told}",
    ]


@pytest.mark.parametrize(
    ("reply", "advice"),
    [(refused(401, "Unauthorized"), "@BotFather"), (refused(400, PERSONAL), "PUBLIC_URL")],
    ids=["token", "address"],
)
def test_a_failure_is_told_in_a_sentence(api, reply, advice):
    """What to do, without any foreign text."""
    api.reply("deleteWebhook", reply)
    code, said = run("delete")
    assert code == 1
    assert advice in said
    assert PERSONAL not in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    ("name", "value"), [("TELEGRAM_BOT_TOKEN", ""), ("TELEGRAM_MODE", "carrier pigeon")]
)
def test_wrong_settings_are_named(api, monkeypatch, name, value):
    """By the variable's name, without its value."""
    monkeypatch.setenv(name, value)
    code, said = run("info")
    assert code == 1
    assert name in said
    assert "pigeon" not in said

"""The adapter as a whole: what it is made of, and that it starts, listens and stops."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from adapters.telegram import descriptor
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.addresses import Address, thread_key
from bridge.conformance.host import RecordingHost
from bridge.protocol.calls import Delivered, FleetingCall, Target
from bridge.protocol.errors import AdapterError, Misconfigured, Refused
from bridge.protocol.events import CommandName, Text, Unsupported
from bridge.protocol.host import FormSummary
from bridge.protocol.prompts import Answered, Option, Prompt, PromptOwner, SingleSelect
from bridge.protocol.replies import plain
from bridge.protocol.threads import PromptId
from bridge.protocol.web import Request
from tests.adapters.telegram.loopback import (
    TOKEN,
    breaking,
    hang,
    nowhere,
    ok,
    refused,
    serving,
    settings,
)

PRIVATE = thread_key(Address(700, 5))
TOPIC = thread_key(Address(700, -100, 3))
PROMPT = Prompt(
    id=PromptId("p1"),
    owner=PromptOwner.UPSTREAM,
    question="Which?",
    widget=SingleSelect(options=(Option(label="Plain"),)),
)


def typed(number, text, chat=5):
    """Return the update of a message."""
    kind = "private" if chat > 0 else "supergroup"
    sender = {"id": 5, "is_bot": False, "first_name": "Ada"}
    message = {
        "message_id": 10 + number,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": kind},
        "from": sender,
        "text": text,
    }
    return {"update_id": number, "message": message}


def made(url="http://127.0.0.1:1", host=None, **more):
    """Return an adapter for the server at `url`."""
    return TelegramAdapter(settings(url, **more), host or RecordingHost())


@pytest.fixture
async def api():
    """A server that answers by a script."""
    async with serving() as api:
        yield api


@contextlib.asynccontextmanager
async def running(adapter):
    """Start and listen while inside."""
    await adapter.start()
    task = asyncio.create_task(adapter.listen())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await adapter.stop()


async def test_it_polls_and_answers(api):
    """By polling: set up, registered, updates accepted, messages delivered."""
    host = RecordingHost(forms=[FormSummary(slug="cake", title="Cakes")])
    adapter = made(api.url, host)
    api.reply("getUpdates", ok([typed(1, "hello"), typed(2, "/start cake")]))
    async with running(adapter):
        await api.until("getUpdates", 2)
        await api.until("setMyDescription", 1)
        (call,) = adapter.render((plain("Hi"),), PRIVATE)
        assert await adapter.deliver(call, Target(thread=PRIVATE)) == Delivered(receipt="17")
    text, start = host.accepted
    assert isinstance(text, Text)
    assert (start.name, start.argument) == (CommandName.START, "cake")
    assert adapter.routes() == ()


async def test_a_mention_is_understood_once_the_name_is_known(api):
    """Who we are comes from Telegram, and reading makes use of it."""
    update = typed(1, "@cake_bot a cake", chat=-100)
    update["message"]["entities"] = [{"type": "mention", "offset": 0, "length": 9}]
    adapter = made(api.url)
    assert adapter.parse(update) == ()
    async with running(adapter):
        await api.until("getUpdates", 1)
        (event,) = adapter.parse(update)
    assert event.text == "a cake"


async def test_a_webhook_is_set_and_answered(api):
    """In webhook mode listening ends when all is set up, and the route keeps what comes."""
    host = RecordingHost(public_url="https://cakes.example")
    adapter = made(api.url, host, TELEGRAM_MODE="webhook", TELEGRAM_WEBHOOK_SECRET="s")
    async with running(adapter) as task:
        await task
        (route,) = adapter.routes()
        assert (route.method, route.path, route.body_limit) == ("POST", "/webhook", 1_000_000)
        header = {"x-telegram-bot-api-secret-token": "s"}
        request = Request(method="POST", path="/telegram/webhook", headers=header, body=b"{}")
        adapter.verify(request)
        assert (await route.answer(request)).status == 200
        with pytest.raises(Refused):
            adapter.verify(Request(method="POST", path="/telegram/webhook"))
    assert "getUpdates" not in api.methods
    assert api.of("setWebhook")[0]["url"] == "https://cakes.example/telegram/webhook"


async def test_a_webhook_without_an_address_does_not_start():
    """It is told at once, before anything is asked of Telegram."""
    with pytest.raises(Misconfigured, match="PUBLIC_URL"):
        await made(TELEGRAM_MODE="webhook").start()


async def test_starting_waits_for_nobody():
    """Telegram may be down when we start."""
    adapter = made(await nowhere())
    await adapter.start()
    await adapter.stop()
    await adapter.stop()


async def test_a_refused_token_ends_listening(api):
    """The core is told which setting is wrong."""
    api.reply("getMe", refused(401, "Unauthorized"))
    adapter = made(api.url)
    async with running(adapter) as task:
        with pytest.raises(Misconfigured, match="TELEGRAM_BOT_TOKEN"):
            await task


def test_a_tap_is_answered_with_a_short_text():
    """A notice is one line of 200 characters at most; a long one waits to be dismissed."""
    adapter = made()
    head = {"key": "k", "thread": PRIVATE, "person": "telegram:700:user:5", "at": 0.0}
    tapped = Unsupported(**head, kind="x", tap="q1")
    short = adapter.answer_tap(tapped, "Already\nanswered")
    assert short.body == {"id": "q1", "text": "Already answered", "alert": False}
    assert adapter.answer_tap(tapped, "").body == {"id": "q1", "text": "", "alert": False}
    long = adapter.answer_tap(tapped, "word " * 100)
    assert len(long.body["text"]) <= 200
    assert long.body["alert"] is True
    assert adapter.answer_tap(Unsupported(**head, kind="x"), "x") is None


def test_typing_never_costs_an_answer():
    """It draws on what all share, and in a group on its few messages, where half are left."""
    adapter = made()
    assert adapter.typing(PRIVATE).buckets == ("all",)
    assert adapter.typing(TOPIC).buckets == ("all", "group")
    assert set(adapter.typing(TOPIC).buckets) <= set(adapter.capabilities.buckets)


async def test_a_fleeting_call_ends_with_its_deadline():
    """A platform that never answers holds nothing."""
    async with breaking(hang) as url:
        adapter = made(url)
        call = FleetingCall(method="typing", body={}, deadline=0.02)
        await adapter.deliver_fleeting(call, Target(thread=PRIVATE))
        await adapter.stop()


def test_topics_share_the_rate_of_their_group():
    """A group's limit counts all of its topics."""
    adapter = made()
    assert adapter.place(TOPIC) == adapter.place(thread_key(Address(700, -100)))
    assert adapter.place(TOPIC) != adapter.place(PRIVATE)


async def test_a_link_opens_a_private_chat(api):
    """It needs our name; before it is known there is a reason to read."""
    adapter = made(api.url)
    with pytest.raises(AdapterError, match="try again"):
        adapter.link("abc")
    async with running(adapter):
        await api.until("getUpdates", 1)
        assert adapter.link("abc") == "https://t.me/cake_bot?start=abc"
        with pytest.raises(ValueError, match="Only the following"):
            adapter.link("no token")


def test_a_widget_is_redrawn_and_closed():
    """Both are edits of the message that shows it."""
    adapter = made()
    assert adapter.redraw(PROMPT, PRIVATE).edits == PROMPT.id
    closed = adapter.close(Answered(prompt=PROMPT, chosen="Plain"), PRIVATE)
    assert closed.edits == PROMPT.id
    assert "Plain" in closed.body["text"]


def test_the_descriptor_builds_it():
    """The descriptor loads each part only when it is asked for."""
    adapter = descriptor.build(settings("http://127.0.0.1:1"), RecordingHost())
    assert isinstance(adapter, TelegramAdapter)
    assert descriptor.credentials == ("TELEGRAM_BOT_TOKEN",)
    assert descriptor.commands().name == "telegram"
    assert type(descriptor.standin()).__name__ == "TelegramStandIn"
    assert TOKEN not in f"{adapter!r} {vars(adapter)!r}"

"""How a bot gets its updates from the miniature: by polling, or by a webhook with retries."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict
from telegram.request import HTTPXRequest

from adapters.telegram.miniature.updates import Updates
from adapters.telegram.miniature.webhook import Hook, Postman
from adapters.telegram.standin import TOKEN, Failure, Fault, TelegramStandIn

BOUND = 5.0


class Clock:
    """Stands still until it is moved; `rest` moves it."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now
        self.rests: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def rest(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.rests.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Bridge:
    """A webhook that answers what it is told to, then 200; it keeps what it was sent."""

    answers: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    secrets: list = field(default_factory=list)
    hold: asyncio.Event | None = None
    url: str = ""

    async def take(self, request):
        """Take one update."""
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.seen.append(Update.de_json(await request.json(), None))
        if self.hold is not None:
            await self.hold.wait()
        answer = self.answers.pop(0) if self.answers else 200
        if answer == "drop":
            request.transport.abort()
            return web.Response()
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        return web.Response(status=status, headers=headers)

    @property
    def texts(self):
        """What was written."""
        return [update.message.text for update in self.seen if update.message]


@asynccontextmanager
async def listening(*answers):
    """Listen as a bridge does."""
    bridge = Bridge(list(answers))
    runner = web.ServerRunner(web.Server(bridge.take), shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    bridge.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/webhook"
    try:
        async with asyncio.timeout(BOUND):
            yield bridge
    finally:
        await runner.cleanup()


@asynccontextmanager
async def posting(bridge, *, secret="", connections=40):
    """Give a queue of updates whose webhook is the bridge, its postman, and their clock."""
    clock = Clock()
    updates = Updates(clock)
    postman = Postman(updates, clock, clock.rest)
    await postman.set(Hook(url=bridge.url, secret=secret, connections=connections))
    try:
        yield updates, postman, clock
    finally:
        await postman.close()


@asynccontextmanager
async def talking(**options):
    """Start a stand-in; give it and a library's bot."""
    standin = TelegramStandIn(**options)
    environ = await standin.start("http://127.0.0.1:1")
    url = environ["TELEGRAM_API_URL"] + "/bot"
    bot = Bot(TOKEN, base_url=url, request=HTTPXRequest(), get_updates_request=HTTPXRequest(8))
    await bot.initialize()
    try:
        async with asyncio.timeout(BOUND):
            yield standin, bot
    finally:
        await bot.shutdown()
        await standin.stop()


def message(text, chat=1001):
    """Return a message as it stands in an update."""
    about = {"id": chat, "type": "private", "first_name": "Ada"}
    person = {"id": chat, "is_bot": False, "first_name": "Ada"}
    return {"message_id": 1, "date": 1, "chat": about, "from": person, "text": text}


def tap(data="x"):
    """Return a tap as it stands in an update."""
    person = {"id": 1001, "is_bot": False, "first_name": "Ada"}
    return {"id": data, "from": person, "chat_instance": "1", "data": data}


async def ids(updates, offset=0, limit=100, seconds=0):
    """Poll; return the ids that came, counted from the first."""
    found = json.loads(await updates.poll(offset, limit, seconds))
    return [update["update_id"] - 800_000 for update in found]


async def passed(condition):
    """Wait until it is so."""
    while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0.001)


async def test_a_poll_returns_what_waits_until_it_is_passed():
    """The same updates come again until a later offset takes them."""
    updates = Updates(Clock())
    made = [updates.add("message", message(str(n)), "chat 1") for n in range(3)]
    assert await ids(updates) == [1, 2, 3]
    assert await ids(updates, limit=2) == [1, 2]
    assert not made[0].settled.is_set()
    assert await ids(updates, offset=800_003) == [3]
    assert [update.settled.is_set() for update in made] == [True, True, False]
    assert await ids(updates, offset=800_004) == []


async def test_a_negative_offset_forgets_all_but_the_last():
    """-1 leaves the last update; with nothing there it changes nothing."""
    updates = Updates(Clock())
    assert await ids(updates, offset=-1) == []
    for n in range(3):
        updates.add("message", message(str(n)), "chat 1")
    assert await ids(updates, offset=-1) == [3]
    assert await ids(updates) == [3]


async def test_a_long_poll_ends_with_the_first_update():
    """It waits until there is something, or until its time is over."""
    updates = Updates(Clock())
    waiting = asyncio.create_task(ids(updates, seconds=30))
    await asyncio.sleep(0)
    updates.add("message", message("a"), "chat 1")
    updates.add("message", message("b"), "chat 1")
    assert await waiting == [1, 2]
    assert await ids(updates, offset=800_003, seconds=0.001) == []


async def test_old_updates_are_dropped():
    """A tap after 150 seconds, a message after a day; whoever waits for them waits no longer."""
    clock = Clock()
    updates = Updates(clock)
    old = updates.add("callback_query", tap(), "tap 1", 150.0)
    text = updates.add("message", message("a"), "chat 1")
    clock.now += 150.0
    assert await ids(updates) == [2]
    assert (updates.dropped, old.settled.is_set()) == ([old], True)
    clock.now += 86_400.0 - 150.0
    assert await ids(updates) == []
    assert updates.dropped == [old, text]


async def test_only_what_was_asked_for_is_kept():
    """Kinds that are not allowed never wait; an empty list means the usual ones again."""
    updates = Updates(Clock())
    updates.allow(["callback_query"])
    assert updates.add("message", message("a"), "chat 1") is None
    updates.allow(None)
    assert updates.add("message", message("a"), "chat 1") is None
    updates.allow([])
    assert updates.add("message", message("a"), "chat 1") is not None
    assert updates.add("chat_member", {}, "chat 1") is None


async def test_a_second_poller_ends_the_first():
    """The one that came first is told so by 409; the second one goes on."""
    async with talking() as (standin, bot):
        first = asyncio.create_task(bot.get_updates(timeout=10))
        await passed(lambda: standin.updates._poll is not None)
        second = asyncio.create_task(bot.get_updates(timeout=10))
        with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure"):
            await first
        writing = asyncio.create_task(standin.type("hello"))
        (update,) = await second
        assert update.message.text == "hello"
        assert not writing.done()
        await bot.get_updates(offset=update.update_id + 1)
        await writing


async def test_polls_and_webhooks_exclude_each_other():
    """With a webhook a poll is refused; setting one ends the poll that waits."""
    async with talking() as (standin, bot), listening() as bridge:
        waiting = asyncio.create_task(bot.get_updates(timeout=10))
        await passed(lambda: standin.updates._poll is not None)
        await bot.set_webhook(bridge.url)
        with pytest.raises(Conflict, match="terminated by setWebhook request"):
            await waiting
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        assert await bot.get_updates() == ()


async def test_a_webhook_gets_what_waited_and_what_comes():
    """With its secret, in order, and each once; who writes waits for the 2xx."""
    async with talking() as (standin, bot), listening() as bridge:
        early = asyncio.create_task(standin.type("one"))
        await asyncio.sleep(0)
        assert await bot.set_webhook(
            bridge.url, secret_token="s3-cret", max_connections=7, allowed_updates=["message"]
        )
        await early
        await standin.type("two")
        info = await bot.get_webhook_info()
        assert bridge.texts == ["one", "two"]
        assert set(bridge.secrets) == {"s3-cret"}
        assert (info.url, info.max_connections) == (bridge.url, 7)
        assert info.allowed_updates == ("message",)
        assert (info.pending_update_count, info.last_error_message) == (0, None)


async def test_what_waits_may_be_dropped():
    """When a webhook is set or deleted; otherwise it is kept."""
    async with talking() as (standin, bot), listening() as bridge:
        for keep in (False, True):
            writing = asyncio.create_task(standin.type("hello"))
            await asyncio.sleep(0)
            await bot.delete_webhook(drop_pending_updates=not keep)
            assert writing.done() is not keep
        await bot.set_webhook(bridge.url, drop_pending_updates=True)
        await writing
        assert bridge.seen == []
        assert len(standin.updates.dropped) == 2


async def test_webhooks_are_checked():
    """No http but on loopback, no other signs in the secret; the answers say what was there."""
    async with talking() as (standin, bot), listening() as bridge:
        with pytest.raises(BadRequest, match="an https url must be provided for webhook"):
            await bot.set_webhook("http://example.com/x")
        with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
            await bot.set_webhook(bridge.url, secret_token="a b")
        said = []
        for url in ("", bridge.url, bridge.url, ""):
            method = standin.server._receiving.methods["setwebhook"]
            said.append((await method({"url": url})).split('"')[-2])
        info = await bot.get_webhook_info()
    assert said == [
        "Webhook is already deleted",
        "Webhook was set",
        "Webhook is already set",
        "Webhook was deleted",
    ]
    assert info.url == ""


async def test_retries_come_at_once_then_ever_later():
    """0, 2, 4, 8 ... seconds, at most 60; the error is told by getWebhookInfo meanwhile."""
    async with (
        listening(503, "drop", *[500] * 6) as bridge,
        posting(bridge) as (updates, postman, clock),
    ):
        update = updates.add("message", message("a"), "chat 1")
        await update.settled.wait()
        assert clock.rests == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
        assert postman.tries == 9
        assert postman.info()["last_error_message"] == (
            "Wrong response from the webhook: 500 Internal Server Error"
        )


async def test_a_wish_to_wait_is_honoured():
    """Retry-After in seconds, an hour at most."""
    async with (
        listening((429, {"Retry-After": "17"}), (503, {"Retry-After": "9999"})) as bridge,
        posting(bridge) as (updates, _, clock),
    ):
        await updates.add("message", message("a"), "chat 1").settled.wait()
        assert clock.rests == [17.0, 3600.0]


async def test_a_tap_that_nobody_takes_is_dropped():
    """After 150 seconds of trying; the texts of the same person go on being tried."""
    async with listening(*[503] * 20) as bridge, posting(bridge) as (updates, _, clock):
        late = updates.add("callback_query", tap(), "tap 1001", 150.0)
        await late.settled.wait()
        assert updates.dropped == [late]
        assert sum(clock.rests) <= 150.0
        bridge.answers.clear()
        await updates.add("message", message("a"), "chat 1001").settled.wait()


async def test_queues_do_not_wait_for_each_other():
    """One update is under way per queue; a tap overtakes the texts of its chat."""
    async with listening() as bridge, posting(bridge) as (updates, _, _):
        bridge.hold = asyncio.Event()
        waiting = [
            updates.add("message", message("a"), "chat 1001"),
            updates.add("message", message("b"), "chat 1001"),
            updates.add("message", message("c", 1002), "chat 1002"),
            updates.add("callback_query", tap(), "tap 1001", 150.0),
        ]
        await passed(lambda: len(bridge.seen) == 3)
        await asyncio.sleep(0.005)
        assert sorted(bridge.texts) == ["a", "c"]
        assert [u.callback_query.data for u in bridge.seen if u.callback_query] == ["x"]
        bridge.hold.set()
        for update in waiting:
            await update.settled.wait()
        assert [text for text in bridge.texts if text != "c"] == ["a", "b"]


async def test_connections_are_limited():
    """No more updates are under way than the bot wants connections."""
    async with listening() as bridge, posting(bridge, connections=1) as (updates, _, _):
        bridge.hold = asyncio.Event()
        made = [updates.add("message", message("a", n), f"chat {n}") for n in range(3)]
        await passed(lambda: bridge.seen)
        await asyncio.sleep(0.005)
        assert len(bridge.seen) == 1
        bridge.hold.set()
        for update in made:
            await update.settled.wait()


async def test_a_hook_that_goes_takes_nothing_more():
    """An update that is under way when its webhook is deleted waits for polls."""
    async with listening() as bridge, posting(bridge) as (updates, postman, _):
        bridge.hold = asyncio.Event()
        update = updates.add("message", message("a"), "chat 1")
        await passed(lambda: bridge.seen)
        await postman.set(None)
        bridge.hold.set()
        assert not update.settled.is_set()
        assert await ids(updates) == [1]


async def test_a_bridge_that_is_away_gets_it_later():
    """Refused connections are tried again; nothing is lost, and deleting the hook keeps it."""
    async with talking(pace=0.0001) as (standin, bot):
        await bot.set_webhook("http://127.0.0.1:1/telegram/webhook")
        writing = asyncio.create_task(standin.type("hello"))
        await passed(lambda: standin.postman.tries >= 5)
        info = await bot.get_webhook_info()
        assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
        await bot.delete_webhook()
        (update,) = await bot.get_updates()
        assert update.message.text == "hello"
        await bot.set_webhook("http://127.0.0.1:1/telegram/webhook")
        async with listening() as bridge:
            await bot.set_webhook(bridge.url)
            await writing
            assert bridge.texts == ["hello"]


async def test_polling_can_fail_too():
    """A fault must name getUpdates to meet it."""
    async with talking() as (standin, bot):
        standin.faults.append(Failure(fault=Fault.BAD))
        assert await bot.get_updates() == ()
        standin.faults.append(Failure(fault=Fault.CONFLICT, method="getUpdates"))
        with pytest.raises(Conflict):
            await bot.get_updates()

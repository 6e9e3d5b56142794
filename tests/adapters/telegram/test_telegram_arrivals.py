"""What comes from Telegram: outages, repetitions, junk, restarts, and what is no text."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import aiohttp
import pytest

from adapters.telegram.miniature.reading import Refused
from adapters.telegram.standin import USERNAME, Failure, Fault
from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.hurry import Hurrying
from tests.flow.scripts import order

if TYPE_CHECKING:
    from tests.flow.house import House, Person

MODES = pytest.mark.parametrize("mode", ["polling", "webhook"])
HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
EVERY = 5
"""Requests between two restarts."""


async def _ready(house: House, words: str, *, there: bool = True) -> None:
    """Wait until /readyz says these words, or says them no more."""
    async with asyncio.timeout(10):
        while (words in (await house.get("/readyz"))[1]) is not there:  # noqa: ASYNC110 - HTTP
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.DROPPED, Fault.GARBAGE, Fault.THROTTLED])
async def test_polling_outage(build, fault: Fault) -> None:
    """While polling fails nothing is lost; it is said what is wrong, and taken back afterwards."""
    house = await build(clock=Hurrying())
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    house.phone.faults.append(Failure(fault=fault, method="getUpdates", times=4, after=1))
    house.phone.updates.close(Refused(502, "Bad Gateway"))
    writing = asyncio.create_task(grace.say("Grace Hopper"))
    await _ready(house, "can't be reached")
    await writing
    await grace.hear("work email")
    await _ready(house, "can't be reached", there=False)
    assert sum("work email" in text for text in grace.texts) == 1


@pytest.mark.parametrize(
    ("description", "advice"),
    [("", "Another program polls"), (HOOKED, "webhook has been set for this bot")],
)
async def test_somebody_else_gets_the_updates(build, description: str, advice: str) -> None:
    """A 409 is named with what to do about it, and what waits is taken when it is over."""
    house = await build(clock=Hurrying())
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    busy = Failure(fault=Fault.CONFLICT, method="getUpdates", times=4, description=description)
    house.phone.faults.append(busy)
    writing = asyncio.create_task(grace.say("Grace Hopper"))
    await _ready(house, advice)
    await writing
    await grace.hear("work email")
    await _ready(house, advice, there=False)


async def _post(house: House, body: bytes, secret: str | None = None) -> int:
    hook = house.phone.postman.hook
    assert hook is not None
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret if secret is None else secret}
    async with (
        aiohttp.ClientSession() as telegram,
        telegram.post(hook.url, data=body, headers=headers) as answer,
    ):
        return answer.status


def _update(text: str, number: int = 42, **members: object) -> bytes:
    chat = {"id": 1001, "type": "private", "first_name": "Grace"}
    message = {
        "message_id": number,
        "date": 1_780_000_000,
        "chat": chat,
        "from": {"id": 1001, "is_bot": False, "first_name": "Grace"},
        "text": text,
    }
    return json.dumps({"update_id": number, "message": message | members}).encode()


async def test_an_update_that_comes_again(build) -> None:
    """Telegram may post an update twice: it is answered 200 and taken once, also side by side."""
    house = await build("webhook")
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    body = _update("Grace Hopper")
    assert [200] * 3 == await asyncio.gather(*(_post(house, body) for _ in range(3)))
    assert 200 == await _post(house, body)
    await grace.hear("work email")
    await house.settled(grace)
    assert ["Grace Hopper"] == [sent["input"] for sent in house.road.sent]


async def test_an_update_of_somebody_else(build) -> None:
    """Without the secret nothing is taken, whatever it says."""
    house = await build("webhook")
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    assert house.phone.postman.hook is not None
    for secret in ("", "guessed", house.phone.postman.hook.secret[:-1]):
        assert 403 == await _post(house, _update("Grace Hopper"), secret)
    assert house.rows("select count(*) from inbox") == [(1,)]


JUNK = (
    b"",
    b"{",
    b"[1]",
    b"\xff\xfe",
    b'{"update_id":1}',
    b'{"update_id":2,"message":{"message_id":"x"}}',
    b'{"update_id":3,"callback_query":{"id":5}}',
    b'{"update_id":4,"my_chat_member":{}}',
    b'{"update_id":5,"poll_answer":{"poll_id":"5"}}',
    b"[" * 50_000,
)


async def test_junk_at_the_webhook(build) -> None:
    """What can't be read is answered 200, or Telegram would send it for a day; nothing breaks."""
    house = await build("webhook")
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    for junk in JUNK:
        assert 200 == await _post(house, junk)
    await grace.say("Grace Hopper")
    await grace.hear("work email")


BROKEN = (
    ("message", {"message_id": "x", "chat": None}),
    ("message", {"message_id": 5, "date": "yesterday", "chat": {"id": 1001, "type": "private"}}),
    ("callback_query", {"id": 7, "from": 9, "data": ["v1"]}),
    ("my_chat_member", {"chat": {}}),
    ("edited_message", []),
    ("message", {}),
)


@MODES
async def test_junk_between_good_updates(build, mode: str) -> None:
    """An update that can't be read drops none of those around it."""
    house = await build(mode)
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    for n, (kind, body) in enumerate(BROKEN):
        house.phone.updates.add(kind, body, f"junk {n}")
    await grace.say("Grace Hopper")
    for n, (kind, body) in enumerate(BROKEN):
        house.phone.updates.add(kind, body, f"junk {n}")
    await grace.say("grace@example.com")
    await grace.hear("Which department")
    await house.settled(grace)
    assert "Grace Hopper\ngrace@example.com" == "\n".join(s["input"] for s in house.road.sent)


class Restarts:
    """Counts every request, in and out, and restarts the bridge after each fifth."""

    def __init__(self, house: House, first: int) -> None:
        self._house = house
        self._left = first
        self._wanted = asyncio.Event()
        self._over = False
        self.made = 0
        house.road.watch = self._count
        house.phone.server.weather.chance = self._call

    def _call(self, method: str, chat: int) -> None:
        """Spoil nothing; what is asked at every start does not count."""
        if chat or method == "answerCallbackQuery":
            self._count(method)

    def _count(self, name: str) -> None:
        if name in {"submission", "orders", "form"}:
            return  # the bridge looks for payments as long as it runs
        self._left -= 1
        if self._left <= 0:
            self._wanted.set()

    async def run(self) -> None:
        """Restart whenever it is time."""
        while not self._over:
            await self._wanted.wait()
            if self._over:
                return
            await self._house.restart()
            self._left = EVERY
            self._wanted.clear()
            self.made += 1

    def end(self) -> None:
        """Begin no further one."""
        self._over = True
        self._wanted.set()


@MODES
@pytest.mark.parametrize("first", [2, 5])
async def test_order_over_restarts(build, mode: str, first: int) -> None:
    """Stopped and started again between any two requests: nothing is lost, nothing comes twice."""
    house = await build(mode, default="cake")
    restarts = Restarts(house, first)
    running = asyncio.create_task(restarts.run())
    ada = house.person()
    ada.bound = 30.0
    try:
        await press(await order(ada), Act.PAY)
        await ada.hear("payment has arrived")
    finally:
        restarts.end()
        await running
    await house.settled()
    assert restarts.made > 0
    assert not house.phone.duplicates()
    assert 1 == len(await house.submissions("cake"))
    assert not any("did not get" in text for text in ada.texts)
    assert [("DONE",)] == house.rows("select distinct state from inbox")


KINDS = (
    ("voice", "voice messages"),
    ("photo", "pictures"),
    ("sticker", "stickers"),
    ("location", "places"),
    ("document", "files"),
    ("video_note", "video messages"),
    ("poll", "polls"),
)


@MODES
async def test_what_is_no_text(build, mode: str) -> None:
    """Each kind gets one kind sentence, a picture with its words too; the question stays open."""
    house = await build(mode)
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    for kind, words in KINDS:
        await house.phone.send(kind, person="grace")
        await grace.hear(f"I can't read {words}, sorry")
    await house.phone.send("photo", person="grace", caption="Grace Hopper")
    await grace.until(lambda _: _kindly(grace) == len(KINDS) + 1, "one sentence each")
    await grace.say("Grace Hopper")
    await grace.hear("work email")
    assert _kindly(grace) == len(KINDS) + 1
    assert ["Grace Hopper"] == [sent["input"] for sent in house.road.sent]


def _kindly(grace: Person) -> int:
    return sum("I can't read" in text for text in grace.texts)


async def test_albums_and_edits_are_answered_once(build) -> None:
    """Ten pictures sent together get one sentence, and so does a message edited again and again."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    for _ in range(10):
        await house.phone.send("photo", person="grace", media_group_id="1357")
    await grace.hear("I can't read pictures")
    await house.phone.edit("Hello!", person="grace")
    await grace.hear("I can't read edited messages")
    for text in ("Hello?", "Hello."):
        await house.phone.edit(text, person="grace")
    await house.settled(grace)
    assert _kindly(grace) == 2
    assert house.road.sent == []


async def test_pictures_in_a_group(build) -> None:
    """In a group only those that are sent to the bot get the sentence."""
    house = await build()
    house.phone.acting.privacy = False
    ada = house.person("ada", group="team")
    await house.phone.send("photo", person="ada", group="team")
    await house.phone.send("sticker", person="ada", group="team")
    await house.settled(ada)
    assert ada.texts == []
    await ada.say(f"@{USERNAME} hello")
    await ada.hear("your name")
    await house.phone.send("photo", person="ada", group="team", reply_to_bot=True)
    await ada.hear("I can't read pictures")


async def test_what_bots_say(build) -> None:
    """What comes by or from another bot is nobody's: it starts nothing and answers nothing."""
    house = await build()
    grace = house.person("grace")
    bot = {"id": 9, "is_bot": True, "first_name": "Other", "username": "other_bot"}
    await house.phone.post({"text": "Hello", "via_bot": bot}, person="grace")
    await house.phone.post({"text": "Hello", "from": bot}, person="grace")
    await house.settled(grace)
    assert grace.texts == []
    assert house.rows("select count(*) from inbox") == [(0,)]

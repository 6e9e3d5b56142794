"""Telegram busy, picky, away, or losing its answers: what was said still comes (law 8)."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from adapters.telegram.standin import Failure, Fault
from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.hurry import Hurrying
from tests.flow.road import SEND
from tests.flow.scripts import ORDER, order

if TYPE_CHECKING:
    from adapters.telegram.standin import Request
    from tests.flow.house import House, Person

MODES = pytest.mark.parametrize("mode", ["polling", "webhook"])
LOST = Failure(fault=Fault.DROPPED, method="sendMessage", applied=True)


class Nth:
    """Spoils the nth request of a method from now on."""

    def __init__(self, n: int, failure: Failure) -> None:
        self._left = n
        self._failure = failure

    def __call__(self, method: str, chat: int) -> Failure | None:
        """Return what goes wrong with this request."""
        del chat
        self._left -= method == self._failure.method
        spoilt = method == self._failure.method and self._left == 0
        return self._failure if spoilt else None


def _calls(house: House, method: str, one: Person | None = None) -> list[Request]:
    chat = house.phone.place(one.name, **one.where).chat.id if one else None
    return [x for x in house.phone.log if x.method == method and chat in {None, x.chat}]


async def _to_department(grace: Person) -> None:
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")


async def _counted(house: House, done: str) -> float:
    _, text = await house.get("/metrics")
    name = f'threadform_uncertain_total{{channel="telegram",done="{done}"}}'
    line = next((line for line in text.splitlines() if line.startswith(name)), "0 0")
    return float(line.split()[-1])


async def test_a_flood_holds_back_its_chat_alone(build) -> None:
    """After a 429 one chat waits as long as was asked for; others don't, and nothing overtakes."""
    clock = Hurrying()
    house = await build(clock=clock)
    grace, ada = house.person("grace"), house.person("ada")
    await grace.say("/help")
    await grace.hear("/start")
    await house.settled(grace)
    flood = Failure(fault=Fault.THROTTLED, chat=house.phone.place("grace").chat.id, after=30)
    house.phone.faults.append(flood)
    began = clock.monotonic()
    for command in ("/status", "/pay", "/cancel"):
        await grace.say(command)
    await _to_department(ada)
    assert clock.monotonic() - began < 30
    assert not grace.heard("nothing")
    await grace.until(lambda _: len(grace.texts) == 4, "three answers")
    assert clock.monotonic() - began >= 30
    assert [200, 429, 200, 200, 200] == [one.status for one in _calls(house, "sendMessage", grace)]
    assert [
        "Nothing is under way at the moment.",
        "There is nothing to pay at the moment.",
        "There is nothing to cancel.",
    ] == grace.texts[1:]


@MODES
async def test_whole_orders_without_a_flood(build, mode: str) -> None:
    """With its rates on, the bridge keeps Telegram's limits by itself through whole orders."""
    house = await build(mode, strict=True, clock=Hurrying(40.0), default="cake")
    people = [house.person(name) for name in ("ada", "bob", "cleo")]
    links = await asyncio.gather(*map(order, people))
    await asyncio.gather(*(press(link, Act.PAY) for link in links))
    await asyncio.gather(*(one.hear("payment has arrived") for one in people))
    assert house.phone.api.flood.penalties == 0
    assert 3 == len(await house.submissions("cake"))


async def test_a_whole_order_in_a_group_without_a_flood(build) -> None:
    """In a group less may be said a minute; it is kept to, and the order ends all the same."""
    house = await build(strict=True, clock=Hurrying(60.0), default="cake")
    ada, alone = house.person("ada", group="team"), house.person("ada")
    await alone.say("/help")
    ada.manner = {"reply_to_bot": True}
    ada.bound = alone.bound = 30.0
    await ada.say("/start")
    for step in ORDER[1:]:
        await step(ada)
    await alone.link()
    assert house.phone.api.flood.penalties == 0


@pytest.mark.parametrize("told", [True, False])
async def test_blocked_and_back(build, told: bool) -> None:  # noqa: FBT001 - a case
    """Who blocks the bot is written to no more, told of it or not; who comes back begins anew."""
    house = await build()
    grace = house.person("grace")
    await _to_department(grace)
    if told:
        await house.phone.block(person="grace")
    else:
        house.phone.faults.append(Failure(fault=Fault.GONE, method="sendMessage"))
        await grace.tap("Design")
    await house.settled(grace)
    assert house.rows("select state from conversation") == [("CANCELLED",)]
    calls = len(_calls(house, "sendMessage"))
    if told:
        await house.phone.unblock(person="grace")
        await house.settled(grace)
    assert calls == len(_calls(house, "sendMessage"))
    await grace.say("Hello")
    await grace.hear("your name")


async def test_a_deleted_account(build) -> None:
    """Nothing is sent twice to an account that is gone, and nobody else notices."""
    house = await build()
    grace, ada = house.person("grace"), house.person("ada")
    await _to_department(grace)
    with house.road.held(SEND):
        await grace.tap("Design")
        await house.road.holds(SEND)
        house.phone.delete_account(person="grace")
    await house.settled(grace)
    assert house.rows("select state from conversation") == [("CANCELLED",)]
    await _to_department(ada)


async def test_refused_styles(build) -> None:
    """A message whose entities are refused is sent once more without them, and says the same."""
    house = await build()
    grace = house.person("grace")
    house.phone.faults.append(Failure(fault=Fault.BAD, method="sendMessage"))
    await grace.say("Hello")
    await grace.hear("Equipment request")
    first, second = _calls(house, "sendMessage")
    assert (400, 200) == (first.status, second.status)
    assert first.body["entities"]
    assert "entities" not in second.body
    assert first.body["text"] == second.body["text"]


async def test_a_topic_that_is_gone(build) -> None:
    """What was meant for a deleted topic is said in the group itself."""
    house = await build()
    ada = house.person("ada", group="forum", topic=3)
    ada.manner = {"reply_to_bot": True}
    await ada.say("/start")
    await ada.hear("your name")
    with house.road.held(SEND):
        await ada.say("Ada Lovelace, ada@example.com")
        await house.road.holds(SEND)
        house.phone.delete_topic(3, group="forum")
    main = house.person("ada", group="forum")
    await main.hear("Which department")
    assert house.rows("select state from conversation") == [("ACTIVE",)]


async def test_an_edit_that_is_refused(build) -> None:
    """A widget that can't be edited any more is shown anew, and can be used there."""
    house = await build(default="cake")
    ada = house.person()
    await ada.say("Hello")
    await ada.hear("What would you like to order")
    words = "Bad Request: message to edit not found"
    house.phone.faults.append(Failure(fault=Fault.BAD, method="editMessageText", description=words))
    await ada.tap("Two-tier")
    await ada.until(
        lambda _: sum("What would you like to order" in text for text in ada.texts) == 2, "it anew"
    )
    await ada.tap("Done (1)")
    await ada.hear("How many of these: Two-tier")


async def test_an_edit_that_changes_nothing(build) -> None:
    """What shows already what it shall show is left alone: nothing is said twice."""
    house = await build(default="cake")
    ada = house.person()
    await ada.say("Hello")
    await ada.hear("What would you like to order")
    words = "Bad Request: message is not modified: specified new message content is the same"
    same = Failure(fault=Fault.BAD, method="editMessageText", description=words, applied=True)
    house.phone.faults.append(same)
    await ada.tick("Two-tier")
    await ada.tap("Done (1)")
    await ada.hear("How many of these: Two-tier")
    await house.settled()
    assert sum("What would you like to order" in text for text in ada.texts) == 1


async def test_a_lost_answer_for_a_widget(build) -> None:
    """What asks and may have arrived is sent again: at worst it stands twice; that is counted."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled(grace)
    house.phone.server.weather.chance = Nth(2, LOST)
    await grace.say("Grace Hopper, grace@example.com")
    await grace.until(lambda _: sum("Which dep" in text for text in grace.texts) == 2, "it twice")
    await house.settled(grace)
    assert [1] == list(house.phone.duplicates().values())
    assert (1.0, 0.0) == (await _counted(house, "repeated"), await _counted(house, "skipped"))
    await grace.tap("Design")
    await grace.hear("What do you need")


async def test_a_lost_answer_for_a_text(build) -> None:
    """What only tells and may have arrived is left alone, and counted."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled(grace)
    house.phone.server.weather.chance = Nth(1, LOST)
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")
    await house.settled(grace)
    assert not house.phone.duplicates()
    assert (0.0, 1.0) == (await _counted(house, "repeated"), await _counted(house, "skipped"))


@pytest.mark.parametrize("fault", [Fault.HALF, Fault.GARBAGE, Fault.BROKEN])
async def test_unreadable_answers(build, fault: Fault) -> None:
    """A widget whose answer can't be read is sent again, and can be tapped."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled(grace)
    house.phone.server.weather.chance = Nth(2, Failure(fault=fault, method="sendMessage"))
    await grace.say("Grace Hopper, grace@example.com")
    await grace.take("Which department", "Design")
    await grace.hear("What do you need")


@MODES
async def test_telegram_away(build, mode: str) -> None:
    """What could not be delivered because Telegram was away comes when it is back, once."""
    house = await build(mode, clock=Hurrying())
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    with house.road.held(SEND):
        await grace.say("Grace Hopper, grace@example.com")
        await house.road.holds(SEND)
        await house.phone.server.close()
    await house.road.passes(SEND)
    await house.phone.server.open()
    await grace.hear("Which department")
    await grace.tap("Design")
    await grace.hear("What do you need")
    assert not house.phone.duplicates()


class Storm:
    """Spoils every eighth request or so, in every way there is."""

    FAULTS = (
        Failure(fault=Fault.THROTTLED, after=3),
        Failure(fault=Fault.BROKEN),
        Failure(fault=Fault.DROPPED, applied=True),
        Failure(fault=Fault.DROPPED),
        Failure(fault=Fault.HALF, applied=True),
        Failure(fault=Fault.GARBAGE),
    )

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.spoilt = 0

    def __call__(self, method: str, chat: int) -> Failure | None:
        """Return what goes wrong with this request."""
        del method, chat
        if self._chance.random() > 0.12:
            return None
        self.spoilt += 1
        return self._chance.choice(self.FAULTS)


@MODES
async def test_orders_in_a_storm(build, mode: str) -> None:
    """Whatever fails now and then, each order ends with one submission and its link."""
    house = await build(mode, clock=Hurrying(), default="cake")
    people = [house.person(name) for name in ("ada", "bob", "cleo")]
    house.phone.server.weather.chance = storm = Storm(7)
    await asyncio.gather(*map(_patient_order, people))
    assert storm.spoilt > 10
    assert 3 == len(await house.submissions("cake"))
    assert [("DONE",)] == house.rows("select distinct state from inbox")


async def _patient_order(one: Person) -> None:
    one.bound = 30.0
    await order(one)

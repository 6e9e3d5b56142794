"""Stopping in the middle: of a turn, of a pause, of a call; and links that are owed."""

from __future__ import annotations

import asyncio

from bridge.conformance.harness import Fault
from bridge.conformance.switchboard import Failure
from bridge.sandbox.config import SandboxConfig
from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.hurry import Hurrying
from tests.flow.road import SEND, Trouble
from tests.flow.scripts import ORDER, order

ASKED = "did not get an answer"


async def _began(grace) -> None:
    await grace.say("Hello")
    await grace.hear("your name")


async def test_answer_within_the_grace(build) -> None:
    """A stopping bridge waits for the answer that is under way; nobody is asked anything."""
    house = await build()
    grace = house.person("grace")
    await _began(grace)
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        stopping = asyncio.create_task(house.close())
        await asyncio.sleep(0.1)
        assert not stopping.done()
    await stopping
    await house.open()
    await grace.hear("work email")
    await house.settled("grace")
    assert not any(ASKED in text for text in grace.texts)
    assert 1 == house.road.passed.count(SEND)


async def test_answer_after_the_grace(build) -> None:
    """What is still out when the grace ends is unknown: the person is asked, once."""
    house = await build(environ={"STOP_GRACE": "1"})
    grace = house.person("grace")
    await _began(grace)
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        await grace.say("grace@example.com")
        await house.close()
    await house.open()
    await grace.hear(ASKED)
    await house.restart()
    await grace.tap("Send again")
    await grace.hear("Which department")
    await house.settled("grace")
    assert sum(ASKED in text for text in grace.texts) == 1
    assert ["Grace Hopper", "Grace Hopper", "grace@example.com"] == [
        body["input"] for body in house.road.sent
    ]


async def test_calls_that_wait(build) -> None:
    """What waits for a busy platform is delivered by the next process, in order, once."""
    clock = Hurrying()
    house = await build(options={"clock": clock})
    grace = house.person("grace")
    house.phone.faults.append(Failure(fault=Fault.THROTTLED, method="send", after=10, bucket="all"))
    for command in ("/status", "/pay", "/cancel"):
        await grace.say(command)
    await house.restart()
    await grace.until(lambda _: len(grace.texts) == 3, "three answers")
    await house.settled("grace")
    assert ["Nothing", "There", "There"] == [text.split()[0] for text in grace.texts]
    assert not house.phone.duplicates()


async def test_call_in_the_middle(build) -> None:
    """A widget whose call nobody saw the end of is sent again by the next process."""
    house = await build(environ={"STOP_GRACE": "1", "BUTTONS_TIMEOUT": "30"})
    grace = house.person("grace")
    house.phone.faults.append(Failure(fault=Fault.SILENT, method="send", applied=True))
    await grace.say("/forms")
    await grace.hear("What would you like to do")
    await house.restart()
    await grace.until(lambda _: len(grace.texts) == 2, "it again")
    await house.settled("grace")
    assert [1] == list(house.phone.duplicates().values())
    await grace.tap("2. Equipment")
    await grace.hear("your name")


async def test_link_that_does_not_come(build) -> None:
    """A paying customer is never left without the link: told once of a delay, then given."""
    clock = Hurrying()
    house = await build(default="cake", options={"clock": clock}, sandbox={"clock": clock})
    ada = house.person()
    house.road.troubles += [Trouble(name="link", status=500), Trouble(name="link"), *_gone(2)]
    for step in ORDER:
        await step(ada)
    await ada.hear("takes a moment longer")
    await house.restart()
    link = await ada.link()
    assert sum("takes a moment longer" in text for text in ada.texts) == 1
    assert sum("Here you can check it and pay" in text for text in ada.texts) == 1
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")


def _gone(times: int) -> list[Trouble]:
    return [Trouble(name="link", status=503)] * times


async def test_link_of_a_site_without_payments(build) -> None:
    """A shop that can't take payments yet is told as such; the link is still owed."""
    config = SandboxConfig(site_published=False, v1_checkout_gone=True)
    house = await build(default="cake", config=config)
    ada = house.person()
    for step in ORDER:
        await step(ada)
    await ada.hear("the shop can't take payments at the moment")
    await house.settled()
    assert [("CHECKOUT",)] == house.rows("select kind from timer where state != 'DONE'")
    status, text = await house.get("/readyz")
    del text
    assert 200 == status


async def test_link_by_the_newer_way(build) -> None:
    """Where the older checkout is gone, the link comes from the newer one."""
    house = await build(default="cake", config=SandboxConfig(v1_checkout_gone=True))
    ada = house.person()
    await press(await order(ada), Act.PAY)
    await ada.hear("payment has arrived")

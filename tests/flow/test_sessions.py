"""Sessions that the upstream has forgotten (law 12)."""

from __future__ import annotations

from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.hurry import Settable
from tests.flow.road import CREATE, SEND, Trouble
from tests.flow.scripts import ORDER

LONG = 25 * 3600.0
"""Seconds after which the sandbox has forgotten a session."""

FULLY_ANSWERED = range(5, 11)
"""Steps of the order by which the upstream has understood the products and their quantities."""

GREETING = "I'll take your order"


async def test_every_answer_is_kept(build) -> None:
    """Sessions run out between any two answers; the person loses nothing and is greeted once."""
    clock = Settable()
    house = await build(default="cake", sandbox={"clock": clock})
    ada = house.person()
    for n, step in enumerate(ORDER):
        if n in FULLY_ANSWERED:
            clock.ahead += LONG
        await step(ada)
    link = await ada.link()
    (made,) = await house.submissions("cake")
    values = made.values
    assert ("chocolate", ["berries"], 20, "pickup", "Ada") == (
        values["flavor"],
        values["toppings"],
        values["guests"],
        values["delivery"],
        values["first_name"],
    )
    assert sum(GREETING in text for text in ada.texts) == 1
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")


async def test_forgotten_twice(build) -> None:
    """A session that is gone right after it was made is a fault of theirs: told, no loop."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    gone = Trouble(name=SEND, status=404, body=_not_found())
    house.road.troubles += [gone, gone]
    await grace.say("Grace Hopper")
    await grace.hear("wrong on our side")
    await house.settled("grace")
    assert (2, 2) == (house.road.passed.count(CREATE), house.road.passed.count(SEND))
    await grace.say("Grace Hopper")
    await grace.hear("work email")


async def test_form_gone(build) -> None:
    """NOT_FOUND on create is a wrong form id: told, no loop, and a later try is possible."""
    house = await build(changes={"form_id": "5f1d0a3e-0000-4000-8000-0000000fffff"})
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("can't be filled in at the moment")
    await house.settled("grace")
    assert 1 == house.road.passed.count(CREATE)


def _not_found() -> dict:
    error = {"code": "NOT_FOUND", "description": "Session not found"}
    return {"message": "not found", "details": {"applicationError": error}}

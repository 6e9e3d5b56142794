"""Whole orders and forms on Telegram: by taps, by typing, by both; by polling and by webhook."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from adapters.telegram.standin import USERNAME
from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.house import a_monday
from tests.flow.road import SEND
from tests.flow.scripts import (
    REQUESTED,
    order,
    order_by_words,
    request_by_taps,
    request_by_words,
)

if TYPE_CHECKING:
    from tests.flow.house import House, Person

MODES = pytest.mark.parametrize("mode", ["polling", "webhook"])
ORDERED = {
    "flavor": "chocolate",
    "toppings": ["berries"],
    "message": "Happy birthday, Grace!",
    "guests": 20,
    "first_name": "Ada",
}


@MODES
async def test_orders(build, mode: str) -> None:
    """By taps, by typing and by both side by side: three orders of the same, and all are paid."""
    house = await build(mode, default="cake")
    people = [house.person(name) for name in ("ada", "bob", "cleo")]
    await asyncio.gather(*map(_orders_and_pays, people, (order, order_by_words, _order_by_both)))
    made = await house.submissions("cake")
    assert ["CONFIRMED"] * 3 == [one.status for one in made]
    for one in made:
        assert {name: one.values[name] for name in ORDERED} == ORDERED
        assert [item["quantity"] for item in one.values["products"]] == [1, 2]
    await asyncio.gather(*map(house.settled, people))
    assert not house.phone.duplicates()
    for one in people:
        assert set(one.labels()) <= {"✏️ Change", "Pay", "📋 Copy the link"}


async def _orders_and_pays(one: Person, ordering) -> None:
    link = await ordering(one)
    assert {"Pay", "📋 Copy the link"} <= set(one.labels())
    await press(link, Act.PAY)
    await one.hear("payment has arrived")


async def _order_by_both(cleo: Person) -> str:
    """Order the same, by taps and words mixed also within one answer."""
    await cleo.say("Hello")
    await cleo.hear("What would you like to order")
    await cleo.tick("Box of brownies")
    await cleo.say("two-tier and the box of brownies")
    await cleo.hear("How many of these: Two-tier")
    await cleo.say("1")
    await cleo.hear("How many of these: Box")
    await cleo.say("2")
    await cleo.take("Which flavor", "Chocolate")
    await cleo.hear("Any toppings")
    await cleo.say("berries")
    await cleo.hear("written on the cake")
    await cleo.say("Happy birthday, Grace!")
    await cleo.hear("How many guests")
    await cleo.say("20")
    await cleo.hear("event date")
    await cleo.say(a_monday())
    await cleo.take("Pickup or delivery", "Pickup")
    await cleo.hear("phone")
    await cleo.say("skip")
    await cleo.hear("first name")
    await cleo.say("Ada, ada@example.com")
    await cleo.take("Shall I place this order", "Yes")
    return await cleo.link()


@MODES
async def test_requests(build, mode: str) -> None:
    """A form without payment, by taps and by typing, ends in the same submissions."""
    house = await build(mode)
    grace, hedy = house.person("grace"), house.person("hedy")
    await asyncio.gather(request_by_taps(grace), request_by_words(hedy))
    made = await house.submissions("equipment")
    wanted = {**REQUESTED, "needed_by": a_monday()}
    assert [wanted, wanted] == [one.values for one in made]
    await asyncio.gather(house.settled(grace), house.settled(hedy))
    assert set(grace.labels()) | set(hedy.labels()) <= {"✏️ Change"}
    assert not house.phone.duplicates()


@MODES
async def test_begun_elsewhere(build, mode: str) -> None:
    """What is invalid in a form begun elsewhere is pointed out; the rest is not asked again."""
    prefill = {
        "full_name": "Grace Hopper",
        "work_email": "grace at example",
        "department": "support",
        "item": "headset",
        "pieces": 2,
        "urgency": "low",
        "needed_by": a_monday(),
    }
    house = await build(mode, prefill=prefill)
    grace = house.person("grace")
    await grace.say("Hello")
    assert "❗" in (await grace.hear("no e-mail address")).text
    await grace.say("grace@example.com")
    await grace.hear("accessories")
    await grace.tick("Mouse")
    await grace.tap("Done")
    await grace.hear("Cost centre")
    await grace.say("EN-1042")
    await grace.hear("Why do you need it")
    await grace.say("skip")
    await grace.take("My manager has agreed", "Yes")
    await grace.take("Shall I send this", "Yes")
    await grace.hear("It has been sent")
    (made,) = await house.submissions("equipment")
    corrected = {"work_email": "grace@example.com", "accessories": ["mouse"]}
    answered = {"cost_centre": "EN-1042", "manager_agrees": True}
    assert prefill | corrected | answered == made.values


async def test_tap_and_text_at_the_same_moment(build) -> None:
    """The same answer tapped and typed at once is taken once; nobody is asked twice."""
    house = await build("webhook")
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")
    with house.road.held(SEND):
        await asyncio.gather(grace.tap("Design"), grace.say("Design"))
        await house.road.holds(SEND)
    await grace.hear("What do you need")
    await house.settled(grace)
    assert {"department": "design"} == house.road.sent[1]["currentValues"]
    assert sum("✓ Design" in text for text in grace.texts) == 1


@MODES
async def test_deep_links(build, mode: str) -> None:
    """An address with a form's slug begins the form; one with a token that nobody knows says so."""
    house = await build(mode, default="cake")
    grace, hedy = house.person("grace"), house.person("hedy")
    await grace.say("/start equipment")
    await grace.hear("your name")
    await hedy.say("/start Zm9v-YmFy_123")
    await hedy.hear("That link doesn't work any more")
    await hedy.say("/start")
    await hedy.hear("What would you like to order")
    assert house.app is not None
    assert not any("cake" in text.casefold() for text in grace.texts)


async def test_forms(build) -> None:
    """/forms lists the forms, each to be tapped."""
    house = await build(default="cake")
    ada = house.person()
    await ada.say("/forms")
    await ada.take("What would you like to do", "Equipment request")
    await ada.hear("your name")


async def test_status_and_change(build) -> None:
    """/status shows the answers so far, each with Change; the button beside a choice changes it."""
    house = await build()
    grace = house.person("grace")
    await grace.say("/status")
    await grace.hear("Nothing is under way")
    await _to_item(grace)
    await grace.say("/status")
    assert "Work email: grace@example.com" in (await grace.hear("Department: Design")).text
    await grace.take("Which answer would you like to change", "Department")
    await grace.hear("What should “Department” be instead")
    await grace.say("Sales")
    await grace.hear("Department: Sales")
    await grace.hear("What do you need")
    await grace.say("/change")
    await grace.take("Which answer would you like to change", "Work email")
    await grace.hear("What should “Work email” be instead")
    await grace.say("g.hopper@example.com")
    await grace.hear("g.hopper@example.com")


async def test_change_by_the_button_of_an_answer(build) -> None:
    """Change stands beside what was chosen, keeps it when told so, and corrects it once."""
    house = await build()
    grace = house.person("grace")
    await _to_item(grace)
    sent = house.road.passed.count(SEND)
    await grace.tap("Change")
    await grace.take("What should “Department” be instead", "Leave it as it is")
    await grace.hear("stays as it is")
    await house.settled(grace)
    assert sent == house.road.passed.count(SEND)
    await grace.tap("Change")
    await grace.hear("What should “Department” be instead")
    await grace.say("Sales")
    await grace.hear("Department: Sales")


async def _to_item(grace: Person) -> None:
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.take("Which department", "Design")
    await grace.hear("What do you need")


async def test_other_commands(build) -> None:
    """/help names what there is, /restart begins anew, /cancel stops; spelled in any case."""
    house = await build()
    grace = house.person("grace")
    await _to_item(grace)
    await grace.say("/HELP")
    shown = await grace.hear("/cancel")
    assert all(word in shown.text for word in ("/start", "/forms", "/status", "/restart", "/pay"))
    await grace.say("/restart")
    await grace.hear("begin anew")
    await grace.hear("your name")
    await grace.say(f"/cancel@{USERNAME}")
    await grace.hear("I have stopped")
    await grace.say("/nonsense")
    await grace.hear("I can't read that command (/help lists")


@MODES
async def test_pay(build, mode: str) -> None:
    """/pay shows the link again until it is paid; copying gives the same address."""
    house = await build(mode, default="cake")
    ada = house.person()
    await ada.say("/pay")
    await ada.hear("nothing to pay")
    link = await order(ada)
    await ada.say("/pay")
    assert link == await ada.link()
    await ada.tap("📋")
    assert [link] == house.phone.acting.copied
    await ada.say("is it ready?")
    await ada.take("waits for its payment", "Pay")
    assert link == await ada.link()
    await press(link, Act.DECLINE)
    await ada.hear("declined")
    assert link == await ada.link()
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")
    await ada.say("/pay")
    await ada.hear("nothing to pay")


@MODES
async def test_restarts(build, mode: str) -> None:
    """A bridge that comes back goes on where it was: half a list is still ticked."""
    house = await build(mode, default="cake")
    ada = house.person()
    await ada.say("Hello")
    await ada.hear("What would you like to order")
    await ada.tick("Two-tier")
    await house.restart()
    await ada.tick("Box of brownies")
    await ada.tap("Done (2)")
    await ada.hear("How many of these: Two-tier")
    await _away(house, ada, "1")
    await ada.hear("How many of these: Box")
    assert not house.phone.duplicates()


async def _away(house: House, ada: Person, text: str) -> None:
    """Let somebody write while the bridge is away; Telegram keeps it."""
    await house.close()
    writing = asyncio.create_task(ada.say(text))
    await asyncio.sleep(0)
    await house.open()
    await writing

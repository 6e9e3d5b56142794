"""The three flows, from the first word to the last, with everything real but the platform."""

from __future__ import annotations

from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.house import a_monday
from tests.flow.scripts import REQUESTED, order, request_by_taps, request_by_words


async def test_request_by_taps(build) -> None:
    """Flow A by taps ends in one submission of what was tapped, with every prompt closed."""
    house = await build()
    grace = house.person("grace")
    await request_by_taps(grace)
    (made,) = await house.submissions("equipment")
    assert {**REQUESTED, "needed_by": a_monday()} == made.values
    await house.settled("grace")
    assert set(grace.labels()) <= {"Change"}
    assert not house.phone.duplicates()


async def test_request_by_words(build) -> None:
    """Flow A by typing alone ends in the same submission: typed answers count beside taps."""
    house = await build()
    await request_by_words(house.person("grace"))
    (made,) = await house.submissions("equipment")
    assert {**REQUESTED, "needed_by": a_monday()} == made.values


async def test_begun_elsewhere(build) -> None:
    """Flow B: what is invalid in a form begun elsewhere is pointed out; the form is finished."""
    prefill = {
        "full_name": "Grace Hopper",
        "work_email": "grace at example",
        "department": "support",
        "item": "headset",
        "pieces": 2,
        "urgency": "low",
        "needed_by": a_monday(),
    }
    house = await build(prefill=prefill)
    grace = house.person("grace")
    await grace.say("Hello")
    shown = await grace.hear("no e-mail address")
    assert "❗" in shown.text
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
    wanted = {
        **prefill,
        "work_email": "grace@example.com",
        "accessories": ["mouse"],
        "cost_centre": "EN-1042",
        "manager_agrees": True,
    }
    assert wanted == made.values


async def test_order_paid(build) -> None:
    """Flow C: the checkout link is a button, and the payment is told in the chat."""
    house = await build(default="cake")
    ada = house.person()
    link = await order(ada)
    (made,) = await house.submissions("cake")
    assert link.endswith(made.checkout)
    assert "Pay" in ada.labels()
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")
    (paid,) = await house.submissions("cake")
    assert paid.status == "CONFIRMED"
    quantities = [item["quantity"] for item in paid.values["products"]]
    assert quantities == [1, 2]
    await house.settled()
    assert house.rows("select state, payment from conversation") == [("DONE", "PAID")]
    assert house.rows("select count(*) from timer where state != 'DONE'")[0][0] == 0


async def test_order_declined_then_paid(build) -> None:
    """A declined payment is told once, with the same link again; a later payment is told too."""
    house = await build(default="cake")
    ada = house.person()
    link = await order(ada)
    await press(link, Act.DECLINE)
    await ada.hear("declined")
    assert link == await ada.link()
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")
    assert sum("declined" in text for text in ada.texts) == 1


async def test_order_cancelled(build) -> None:
    """An order that was cancelled at the checkout is told as such, and nothing is owed."""
    house = await build(default="cake")
    ada = house.person()
    await press(await order(ada), Act.CANCEL)
    await ada.hear("Nothing is to be paid")
    await ada.say("/pay")
    await ada.hear("nothing to pay")


async def test_paid_after_restart(build) -> None:
    """An order is followed also by the process that comes after."""
    house = await build(default="cake")
    ada = house.person()
    link = await order(ada)
    await house.close()
    await press(link, Act.PAY)
    await house.open()
    await ada.hear("payment has arrived")
    assert sum("payment has arrived" in text for text in ada.texts) == 1


async def test_text_while_the_payment_waits(build) -> None:
    """Plain text never opens a new form while an order waits; it gets the order and its ways on."""
    house = await build(default="cake", changes={"contact": "Ring 01632 960001."})
    ada = house.person()
    link = await order(ada)
    await ada.say("is it ready?")
    shown = await ada.hear("waits for its payment")
    assert [choice.label for choice in shown.choices] == ["Pay", "Order again", "Contact"]
    await ada.take("waits for its payment", "Contact")
    await ada.hear("01632 960001")
    await ada.say("and now?")
    await ada.take("waits for its payment", "Pay")
    assert link == await ada.link()
    await ada.say("so?")
    await ada.take("waits for its payment", "Order again")
    await ada.hear("What would you like to order")
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")


async def test_text_after_the_end(build) -> None:
    """After a finished form, text within a day gets one "That's done", with a button."""
    house = await build()
    grace = house.person("grace")
    await request_by_taps(grace)
    await grace.say("thanks!")
    await grace.hear("That's done")
    await grace.say("really")
    await grace.say("great")
    await house.settled("grace")
    assert sum("That's done" in text for text in grace.texts) == 1
    await grace.tap("Start again")
    await grace.hear("your name")


async def test_in_a_shared_place_the_link_is_the_owners_alone(build) -> None:
    """The checkout link is shown to who ordered, also after a restart; nobody else sees it."""
    house = await build(default="cake")
    ada = house.person("ada", thread="group:party")
    bob = house.person("bob", thread="group:party")
    link = await order(ada)
    assert "/checkout/" in link
    shown = [c.url for message in bob.screen.messages for c in message.choices if c.url]
    assert shown == []
    await house.restart()
    await ada.say("/pay")
    assert await ada.link() == link

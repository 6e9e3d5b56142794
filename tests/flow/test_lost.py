"""Answers of the upstream that are lost on the way (laws 4 and 5)."""

from __future__ import annotations

import pytest

from bridge.sandbox.config import SandboxConfig
from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.house import a_monday
from tests.flow.road import SEND, Trouble
from tests.flow.scripts import ORDER, request_by_taps

LOST = Trouble(name=SEND, done=True)
ASKED = "did not get an answer"


async def _named(house, grace, trouble: Trouble = LOST) -> None:
    """Give a name, and lose the answer."""
    await grace.say("Hello")
    await grace.hear("your name")
    house.road.troubles.append(trouble)
    await grace.say("Grace Hopper")
    await grace.hear(ASKED)


def _inputs(house) -> list[str]:
    return [body["input"] for body in house.road.sent]


@pytest.mark.parametrize("done", [True, False])
async def test_send_again(build, *, done: bool) -> None:
    """After a look at the submissions "Send again" is offered; it sends the same once."""
    house = await build()
    grace = house.person("grace")
    await _named(house, grace, Trouble(name=SEND, done=done))
    assert "submissions" in house.road.passed
    assert ["Grace Hopper"] == _inputs(house)
    again = await grace.take(ASKED, "Send again")
    await grace.press(again)
    await grace.hear("work email")
    await grace.say("grace@example.com")
    await grace.hear("Which department")
    await house.settled("grace")
    assert ["Grace Hopper", "Grace Hopper", "grace@example.com"] == _inputs(house)


async def test_go_on(build) -> None:
    """The lost text is dropped by "Go on"; what waited meanwhile goes in order."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    house.road.troubles.append(LOST)
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        await grace.say("grace@example.com")
        await grace.say("design")
    await grace.tap("Go on")
    await grace.hear("What do you need")
    await house.settled("grace")
    assert ["Grace Hopper", "grace@example.com\ndesign"] == _inputs(house)


async def test_another_text_means_go_on(build) -> None:
    """A new text that is no answer to "Send again / Go on" means: go on."""
    house = await build()
    grace = house.person("grace")
    await _named(house, grace)
    await grace.say("grace@example.com")
    await grace.hear("Which department")
    await house.settled("grace")
    assert ["Grace Hopper", "grace@example.com"] == _inputs(house)
    assert not {"Send again", "Go on"} & set(grace.labels())


async def test_typed_send_again(build) -> None:
    """The question is answered by words too."""
    house = await build()
    grace = house.person("grace")
    await _named(house, grace)
    await grace.say("send again")
    await grace.hear("work email")
    await house.settled("grace")
    assert ["Grace Hopper", "Grace Hopper"] == _inputs(house)


async def test_asked_once_over_restarts(build) -> None:
    """The open question outlives the process; it is not asked again, and nothing is sent alone."""
    house = await build()
    grace = house.person("grace")
    await _named(house, grace)
    await house.restart()
    await house.restart()
    await house.settled("grace")
    assert sum(ASKED in text for text in grace.texts) == 1
    assert ["Grace Hopper"] == _inputs(house)
    await grace.tap("Send again")
    await grace.hear("work email")


async def test_lost_submission_of_a_form(build) -> None:
    """Where the lost answer had submitted, the person is told so; nothing is sent again."""
    house = await build(config=SandboxConfig(lose_submission=1.0))
    grace = house.person("grace")
    with pytest.raises(AssertionError, match="It has been sent"):
        await _bounded(grace)
    await grace.hear("the form has been sent")
    assert 1 == len(await house.submissions("equipment"))
    assert "Send again" not in grace.labels()


async def _bounded(grace) -> None:
    grace.bound = 1.0
    await request_by_taps(grace)


async def test_lost_submission_of_an_order(build) -> None:
    """A lost answer that had submitted an order: told, one submission, and the link follows."""
    house = await build(default="cake", config=SandboxConfig(lose_submission=1.0))
    ada = house.person()
    for step in ORDER:
        await step(ada)
    await ada.hear("has been sent")
    link = await ada.link()
    assert 1 == len(await house.submissions("cake"))
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")


async def test_a_submission_that_may_be_ours(build) -> None:
    """A submission that does not hold all our answers: the person is told, never resent alone."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")
    house.road.troubles.append(LOST)
    with house.road.held(SEND):
        await grace.tap("Design")
        await house.road.holds(SEND)
        await _submit_elsewhere(house)
    await grace.hear("can't tell whether the form was sent")
    await house.settled("grace")
    assert 1 == len([body for body in house.road.sent if body.get("input") == "Design"])
    await grace.say("laptop")
    await grace.hear("How many pieces")


async def _submit_elsewhere(house) -> None:
    """Fill in the same form past the bridge."""
    values = {
        "full_name": "Alan Turing",
        "work_email": "alan@example.com",
        "department": "sales",
        "item": "laptop",
        "pieces": 1,
        "accessories": ["mouse"],
        "urgency": "low",
        "needed_by": a_monday(),
        "cost_centre": "EN-1042",
        "reason": "none",
        "manager_agrees": True,
    }
    upstream = house.past_the_road()
    form = house.app.parts.catalogue.entry("equipment").form_id
    begun = await upstream.create(form, values=values, dry_run=False, client_time=None)
    await upstream.send(begun.session, text="yes", values=None)
    assert 1 == len(await upstream.submissions(form, 0.0))
    await upstream.aclose()

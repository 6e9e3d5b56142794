"""Commands, at rest and while a turn is in flight."""

from __future__ import annotations

from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.road import CREATE, SEND
from tests.flow.scripts import ORDER, order, request_by_words


async def test_cancel_in_flight(build) -> None:
    """CANCEL stops at once: what waited is told, the late answer is not shown."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        await grace.say("grace@example.com")
        await grace.say("/cancel")
        await grace.hear("If your last answer completed it, I will tell you")
        await grace.hear("Not passed on, because we stopped: grace@example.com")
    await house.settled("grace")
    assert not any("work email" in text for text in grace.texts)
    assert house.rows("select state from conversation") == [("CANCELLED",)]
    await grace.say("/cancel")
    await grace.hear("nothing to cancel")


async def test_cancel_too_late(build) -> None:
    """A submission that was under way when the person cancelled is always told, with its link."""
    house = await build(default="cake")
    ada = house.person()
    for step in ORDER[:-1]:
        await step(ada)
    await ada.hear("Shall I place this order")
    with house.road.held(SEND):
        await ada.tap("Yes, order it")
        await house.road.holds(SEND)
        await ada.say("/cancel")
        await ada.hear("If your last answer completed it")
    await ada.hear("had already been sent")
    await press(await ada.link(), Act.PAY)
    await ada.hear("payment has arrived")
    assert 1 == len(await house.submissions("cake"))


async def test_restart_in_flight(build) -> None:
    """RESTART begins anew at once; the answer of the old conversation is not shown."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        await grace.say("/restart")
        await grace.hear("begin anew")
        await grace.hear("your name")
    await house.settled("grace")
    assert not any("work email" in text for text in grace.texts)
    await grace.say("Grace Hopper")
    await grace.hear("work email")
    assert 2 == house.road.passed.count(CREATE)


async def test_status_and_change(build) -> None:
    """STATUS shows what was understood and offers to change it, by a clear correction."""
    house = await build()
    grace = house.person("grace")
    await grace.say("/status")
    await grace.hear("Nothing is under way")
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("/status")
    await grace.hear("nothing has been filled in yet")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.take("Which department", "Design")
    await grace.hear("What do you need")
    await grace.say("/status")
    await grace.hear("Department: Design")
    await grace.take("Which answer would you like to change", "Department")
    await grace.hear("What should “Department” be instead")
    await grace.say("Sales")
    await grace.hear("Department: Sales")
    await grace.say("/status")
    await grace.hear("Department: Sales")


async def test_change_by_button(build) -> None:
    """The button beside a chosen answer changes it; "Leave it as it is" changes nothing."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.take("Which department", "Design")
    await grace.hear("What do you need")
    sent = house.road.passed.count(SEND)
    await _change_department(grace)
    await grace.take("What should “Department” be instead", "Leave it")
    await grace.hear("stays as it is")
    await house.settled("grace")
    assert sent == house.road.passed.count(SEND)
    await _change_department(grace)
    await grace.hear("What should “Department” be instead")
    await grace.say("Sales")
    await grace.hear("Department: Sales")


async def _change_department(grace) -> None:
    """Tap "Change"; where it is not known any more what it stands beside, say which answer."""
    questions = len(grace.texts)
    await grace.tap("Change")
    await grace.until(lambda _: len(grace.texts) > questions, "a question")
    if "Which answer" in grace.last.text:
        await grace.tap("Department")


async def test_change_after_the_end(build) -> None:
    """Changing is void after the submission."""
    house = await build()
    grace = house.person("grace")
    await request_by_words(grace)
    await grace.say("/change")
    await grace.hear("already been sent")


async def test_help_and_forms(build) -> None:
    """HELP spells every command as the channel does; FORMS offers what can be begun."""
    house = await build()
    grace = house.person("grace")
    await grace.say("/help")
    shown = await grace.hear("in your own words")
    assert all(f"/{name}" in shown.text for name in ("start", "forms", "status", "pay", "change"))
    await grace.say("/forms")
    await grace.take("What would you like to do", "3. Autumn meetup")
    await grace.hear("first name")


async def test_start(build) -> None:
    """START begins the form that was named; in the middle of another one it asks first."""
    house = await build()
    grace = house.person("grace")
    await grace.say("/start nonsense")
    await grace.hear("don't know a form called “nonsense”")
    await grace.say("/start event")
    await grace.hear("first name")
    await grace.say("/start cake")
    await grace.take("in the middle of", "Go on with")
    await grace.until(lambda _: "✓ Go on with" in grace.transcript(), "the answered question")
    await grace.say("/start cake")
    await grace.take("in the middle of", "Stop it")
    await grace.hear("What would you like to order")
    await house.settled("grace")
    assert house.rows("select form, state from conversation order by created_at") == [
        ("event", "CANCELLED"),
        ("cake", "ACTIVE"),
    ]


async def test_first_words(build) -> None:
    """A plain first message is the first input; a greeting, a keyword or START alone is not."""
    house = await build()
    for name, first in (("ann", "Good morning!"), ("ben", "equipment"), ("cleo", "/start")):
        await house.person(name).say(first)
        person = house.person(name)
        await person.hear("your name")
        await house.settled(name)
    assert [] == house.road.sent
    dora = house.person("dora")
    await dora.say("I am Dora Marsden and need a laptop")
    await dora.hear("work email")
    assert ["I am Dora Marsden and need a laptop"] == [body["input"] for body in house.road.sent]


async def test_pay(build) -> None:
    """PAY shows the link again as long as something is to be paid."""
    house = await build(default="cake")
    ada = house.person()
    await ada.say("/pay")
    await ada.hear("nothing to pay")
    link = await order(ada)
    await ada.say("/pay")
    assert link == await ada.link()
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")
    await ada.say("/pay")
    await ada.hear("nothing to pay")


async def test_dry_run(build) -> None:
    """A trial run says so at its start and at its end, and submits nothing."""
    house = await build(changes={"dry_run": True})
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("TEST")
    await grace.hear("your name")
    assert house.road.created[0]["dryRun"] is True


async def test_what_cannot_be_read(build) -> None:
    """What can't be taken gets a clear answer and changes nothing."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.phone.post("sticker", person="grace", thread="grace")
    await grace.hear("I can't read")
    await grace.say("Grace Hopper")
    await grace.hear("work email")

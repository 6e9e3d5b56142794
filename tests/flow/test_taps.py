"""Taps and texts while a turn is in flight, and in places that people share."""

from __future__ import annotations

from tests.flow.house import button
from tests.flow.road import SEND


async def _to_department(house, grace):
    """Come as far as the first list; return the message that holds it."""
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    return await grace.hear("Which department")


def _toasts(house) -> list[str]:
    return [request.body["text"] for request in house.phone.log if request.method == "answer"]


async def test_same_option_again_and_another(build) -> None:
    """While a turn is in flight the same option again is silent, another one is stale."""
    house = await build()
    grace = house.person("grace")
    shown = await _to_department(house, grace)
    design, sales = button(shown, "Design").id, button(shown, "Sales").id
    with house.road.held(SEND):
        await grace.press(design)
        await house.road.holds(SEND)
        await grace.press(design)
        await grace.press(sales)
        await grace.sees_toast("already answered")
        assert ["", "", "That question was already answered."] == _toasts(house)
    await grace.hear("What do you need")
    await house.settled("grace")
    assert ["Design"] == [body["input"] for body in house.road.sent[1:]]
    assert [{"department": "design"}] == [body["currentValues"] for body in house.road.sent[1:]]


async def test_tap_joins_the_next_turn(build) -> None:
    """An open prompt is claimed at once, and its answer travels with what was typed meanwhile."""
    house = await build()
    grace = house.person("grace")
    shown = await _to_department(house, grace)
    with house.road.held(SEND):
        await grace.say("may I ask something first?")
        await house.road.holds(SEND)
        await grace.press(button(shown, "Design").id)
        await grace.until(lambda _: "✓ Design" in grace.transcript(), "the claimed prompt")
        await grace.say("the headset")
    await grace.hear("How many pieces")
    await house.settled("grace")
    assert ["may I ask something first?", "Design\nthe headset"] == [
        body.get("input") for body in house.road.sent[1:]
    ]
    assert {"department": "design"} == house.road.sent[-1]["currentValues"]


async def test_stale_tap_shows_the_open_question_once(build) -> None:
    """A tap at a question that is over changes nothing, and shows the open one once more, once."""
    house = await build()
    grace = house.person("grace")
    shown = await _to_department(house, grace)
    design, sales = button(shown, "Design").id, button(shown, "Sales").id
    await grace.press(design)
    await grace.hear("What do you need")
    await house.settled("grace")
    for old in (sales, design, sales):
        await grace.press(old)
        await grace.sees_toast("already answered")
    await house.settled("grace")
    assert sum("What do you need" in text for text in grace.texts) == 2
    assert house.road.passed.count(SEND) == 2
    await grace.tap("Headset")
    await grace.hear("How many pieces")


async def test_typed_answers_beside_buttons(build) -> None:
    """A number, a label and a label with a slip all mean the option; other words go upstream."""
    house = await build()
    grace = house.person("grace")
    shown = await _to_department(house, grace)
    assert button(shown, "Sales") == shown.choices[2]
    await grace.say("3")
    await grace.hear("What do you need")
    await grace.say("the headset, 3 pieces")
    await grace.hear("accessories")
    await house.settled("grace")
    assert {"department": "sales"} == house.road.sent[1]["currentValues"]
    assert "currentValues" not in house.road.sent[2]
    assert not [choice for choice in grace.labels() if choice in ("Headset", "Sales")]


async def test_number_repeated_after_a_list(build) -> None:
    """A bare number is a repeated answer only while the list's turn is in flight."""
    house = await build()
    grace = house.person("grace")
    await _to_department(house, grace)
    with house.road.held(SEND):
        await grace.say("2")
        await house.road.holds(SEND)
        await grace.say("2")
        await grace.hear("already answered")
    await grace.hear("What do you need")
    await grace.say("headset")
    await grace.hear("How many pieces")
    await grace.say("2")
    await grace.hear("accessories")
    await house.settled("grace")
    assert ["Design", "Headset", "2"] == [body["input"] for body in house.road.sent[1:]]


async def test_quick_texts_travel_together(build) -> None:
    """Texts that arrive while a turn is in flight form the next turn, in order."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        for text in ("grace@example.com", "design", "headset, two pieces"):
            await grace.say(text)
    await grace.hear("accessories")
    await house.settled("grace")
    assert ["Grace Hopper", "grace@example.com\ndesign\nheadset, two pieces"] == [
        body["input"] for body in house.road.sent
    ]


async def test_command_is_a_barrier(build) -> None:
    """Texts around a command don't travel together."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        await grace.say("grace@example.com")
        await grace.say("/help")
        await grace.hear("/cancel")
        await grace.say("design")
    await grace.hear("What do you need")
    await house.settled("grace")
    assert ["Grace Hopper", "grace@example.com", "design"] == [
        body["input"] for body in house.road.sent
    ]


async def test_waiting_texts_are_bounded(build) -> None:
    """What waits is bounded, and at the bound the person is told that this one was not taken."""
    house = await build(environ={"WAITING_TEXTS": "2"})
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        for text in ("grace@example.com", "design", "headset"):
            await grace.say(text)
        await grace.hear("not taken")
    await grace.hear("What do you need")
    await house.settled("grace")
    assert "grace@example.com\ndesign" == house.road.sent[-1]["input"]


async def test_long_texts(build) -> None:
    """A text over the limit is refused with how much to shorten; a merge over it is two turns."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("x" * 10_005)
    await grace.hear("shorten it by 5 ")
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await house.road.holds(SEND)
        await grace.say("a" * 6_000)
        await grace.say("b" * 6_000)
    await house.road.passes(SEND, 3)
    await house.settled("grace")
    assert [12, 6_000, 6_000] == [len(body["input"]) for body in house.road.sent]


async def test_shared_thread(build) -> None:
    """In a shared thread only the owner answers: others' taps, texts and starts change nothing."""
    house = await build()
    ada = house.person("ada", thread="group:team")
    bob = house.person("bob", thread="group:team")
    await ada.say("Hello")
    await ada.hear("your name")
    await ada.say("Ada Lovelace, ada@example.com")
    shown = await ada.hear("Which department")
    await bob.press(button(shown, "Sales").id)
    await bob.sees_toast("somebody else")
    assert not ada.screen.toast
    await bob.say("sales, please")
    await bob.say("/start event")
    await bob.hear("Somebody else is filling in")
    await ada.press(button(shown, "Design").id)
    await ada.hear("What do you need")
    await house.settled("group:team")
    assert ["Design"] == [body["input"] for body in house.road.sent[1:]]


async def test_form_for_everybody(build) -> None:
    """A form that says `shared` is answered by everybody in the place."""
    house = await build(changes={"shared": True})
    ada = house.person("ada", thread="group:team")
    bob = house.person("bob", thread="group:team")
    await ada.say("Hello")
    await ada.hear("your name")
    await bob.say("Ada Lovelace, ada@example.com")
    await bob.take("Which department", "Design")
    await ada.hear("What do you need")


async def test_two_conversations_side_by_side(build) -> None:
    """Each thread has a conversation of its own, also of the same person."""
    house = await build()
    alone, team = house.person("ada"), house.person("ada", thread="group:team")
    await alone.say("Hello")
    await team.say("/start event")
    await alone.hear("What's your name")
    await team.hear("first name")
    await alone.say("Ada Lovelace")
    await team.say("Ada Lovelace")
    await alone.hear("Your name: Ada Lovelace")
    await team.hear("Last name: Lovelace")


async def test_a_question_that_comes_again_has_one_widget(build) -> None:
    """Where it is shown once more, the older message keeps the words and loses the buttons."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")
    await grace.say("/status")
    await grace.hear("Which department")
    await grace.until(lambda screen: 1 == _with_design(screen), "one widget")
    await grace.tap("Design")
    await grace.hear("What do you need")
    await grace.until(lambda screen: 0 == _with_design(screen), "no widget")


def _with_design(screen) -> int:
    return sum(any(c.label == "Design" for c in shown.choices) for shown in screen.messages)

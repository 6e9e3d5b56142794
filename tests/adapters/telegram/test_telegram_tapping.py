"""Taps that come twice, late, forged, or in another order than the texts beside them (law 10)."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from tests.flow.house import button
from tests.flow.quiz import number, several, single, text
from tests.flow.road import SEND

if TYPE_CHECKING:
    from bridge.protocol.standin import Shown
    from tests.flow.house import House, Person

MODES = pytest.mark.parametrize("mode", ["polling", "webhook"])
NEXT = "\u203a"


async def _to_department(grace: Person) -> Shown:
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    return await grace.hear("Which department")


def _id(shown: Shown, label: str) -> str:
    found = button(shown, label)
    assert found is not None
    return found.id


def _toasts(house: House) -> list[str]:
    answers = [one for one in house.phone.log if one.method == "answerCallbackQuery"]
    assert all(one.status == 200 for one in answers)
    return [str(one.body.get("text", "")) for one in answers]


@MODES
async def test_a_double_tap_and_another(build, mode: str) -> None:
    """While a turn is in flight the same option again is silent, another one is stale."""
    house = await build(mode)
    grace = house.person("grace")
    shown = await _to_department(grace)
    design, sales = _id(shown, "Design"), _id(shown, "Sales")
    with house.road.held(SEND):
        await grace.press(design)
        await house.road.holds(SEND)
        await grace.press(design)
        await grace.press(sales)
        await grace.sees_toast("already answered")
        assert ["", "", "That question was already answered."] == _toasts(house)
    await grace.hear("What do you need")
    await house.settled(grace)
    assert ["Design"] == [body["input"] for body in house.road.sent[1:]]


@MODES
async def test_two_taps_at_the_same_moment(build, mode: str) -> None:
    """Of two different options tapped at once one is taken, whole; the other is told as stale."""
    house = await build(mode)
    grace = house.person("grace")
    shown = await _to_department(grace)
    chosen = ("Design", "Sales", "Design", "Engineering")
    with house.road.held(SEND):
        await asyncio.gather(*(grace.press(_id(shown, label)) for label in chosen))
    await grace.hear("What do you need")
    await house.settled(grace)
    await grace.until(lambda _: len(_toasts(house)) == 4, "an answer to each tap")
    assert 2 == sum("already answered" in toast for toast in _toasts(house))
    (sent,) = house.road.sent[1:]
    assert sent["input"] == "Design"


@MODES
async def test_a_stale_tap_shows_the_open_question_once(build, mode: str) -> None:
    """A tap at a question that is over changes nothing, and shows the open one again, once."""
    house = await build(mode)
    grace = house.person("grace")
    shown = await _to_department(grace)
    design, sales = _id(shown, "Design"), _id(shown, "Sales")
    await grace.press(design)
    await grace.hear("What do you need")
    await house.settled(grace)
    for old in (sales, design, sales):
        await grace.press(old)
        await grace.sees_toast("already answered")
    await house.settled(grace)
    assert sum("What do you need" in shown for shown in grace.texts) == 2
    assert house.road.passed.count(SEND) == 2
    await grace.tap("Headset")
    await grace.hear("How many pieces")


async def test_a_tap_after_a_restart(build) -> None:
    """Buttons that were drawn by an earlier process still answer, and are still stale."""
    house = await build()
    grace = house.person("grace")
    shown = await _to_department(grace)
    await house.restart()
    await grace.press(_id(shown, "Design"))
    await grace.hear("What do you need")
    await house.restart()
    await grace.press(_id(shown, "Sales"))
    await grace.sees_toast("already answered")
    await grace.tap("Headset")
    await grace.hear("How many pieces")


@MODES
async def test_taps_on_an_older_drawing(build, mode: str) -> None:
    """Ticks on a keyboard that was redrawn meanwhile count by what they mean, none is doubled."""
    colours = ["red", "green", "blue", "gold"]
    quiz = [several("some", "Colours", colours, 1, 4), text("word", "A word")]
    house = await build(mode, quiz=quiz)
    ada = house.person()
    await ada.say("Hello")
    shown = await ada.hear("colours")
    old = [_id(shown, label) for label in colours]
    for choice in (old[0], old[2], old[3]):
        await ada.press(choice)
    await ada.until(lambda _: "✅ Done (3)" in ada.labels(), "three ticks")
    await ada.tap("Done (3)")
    await ada.hear("word?")
    assert {"some": ["v0", "v2", "v3"]} == house.road.sent[-1]["currentValues"]


def _forged(real: str, other: str) -> list[str]:
    """Return data that no button of this question has; `real` is that of its first option."""
    version, prompt, rev, _ = real.split(".")
    assert version == "v1"
    return [
        f"v1.{prompt}.{rev}.c4",
        f"v1.{prompt}.{rev}.c9999",
        f"v1.{prompt}.{rev}.t0",
        f"v1.{prompt}.{rev}.d",
        f"v1.{prompt}.{rev}.a",
        f"v1.{prompt}.{rev}.v3",
        f"v1.{prompt}.{rev}.n999999999999",
        f"v1.{prompt}.{rev}.o",
        f"v1.{prompt}.{rev}.x",
        f"v1.{prompt}.{rev}.r77",
        f"v1.{prompt}.{rev}.p999",
        "v1.0.0.c0",
        other,
    ]


@MODES
async def test_forged_taps(build, mode: str) -> None:
    """Data that no button had is answered, opens nothing and changes nothing, whoever sends it."""
    quiz = [single("size", "Size", ["S", "M", "L", "XL"]), number("stars", "Stars", 1, 5)]
    house = await build(mode, quiz=quiz)
    ada, eve = house.person("ada"), house.person("eve")
    for one in (ada, eve):
        await one.say("Hello")
        await one.hear("size")
    forged = _forged(eve.last.choices[0].id, ada.last.choices[0].id)
    for data in forged:
        await eve.press(data)
    await eve.until(lambda _: len(_toasts(house)) == len(forged), "an answer to each tap")
    await house.settled(eve)
    await house.settled(ada)
    assert house.road.sent == []
    assert "✓" not in ada.transcript() + eve.transcript()
    await asyncio.gather(ada.tap("XL"), eve.tap("S"))
    await asyncio.gather(ada.hear("stars"), eve.hear("stars"))
    values = [sent["currentValues"] for sent in house.road.sent]
    assert sorted(value["size"] for value in values) == ["v0", "v3"]


STRANGE = ("", "menu:1", "v1", "v0.a.0.c0", "\x00", "v1..0.c0", "v1.a.0.c-1", "v1.' or 1=1.0.c0")


async def test_data_of_other_bots(build) -> None:
    """A tap whose data was never ours, or has none, is answered and forgotten."""
    house = await build()
    grace = house.person("grace")
    shown = await _to_department(grace)
    place = house.phone.place("grace")
    message = next(reversed(place.chat.messages.values()))
    for n, data in enumerate(STRANGE):
        body = {
            "id": f"stranger-{n}",
            "from": house.phone.world.person("grace").about,
            "message": message.body,
            "chat_instance": "1",
            "data": data,
        }
        house.phone.api.taps[f"stranger-{n}"] = (place.chat, "grace", time.time())
        house.phone.updates.add("callback_query", body, "tap strangers")
    await grace.press(_id(shown, "Design"))
    await grace.hear("What do you need")
    assert not any("can't read" in text for text in grace.texts)
    answers = len(STRANGE) + 1
    await grace.until(lambda _: len(_toasts(house)) == answers, "an answer to each tap")


async def test_taps_and_texts_come_in_queues_of_their_own(build) -> None:
    """Whichever of a tap and a text comes first, one is the answer, and nothing is lost."""
    house = await build("webhook")
    people = [house.person(f"p{n}") for n in range(10)]
    await asyncio.gather(*map(_to_department, people))
    await asyncio.gather(
        *(one.tap("Design") for one in people), *(one.say("sales") for one in people)
    )
    await asyncio.gather(*(one.hear("What do you need") for one in people))
    await asyncio.gather(*map(house.settled, people))
    for one in people:
        answered = [line for line in one.transcript().splitlines() if line.startswith("✓ ")]
        chosen = [
            line.split(" [")[0] for line in answered if line.startswith(("✓ Design", "✓ Sales"))
        ]
        assert len(chosen) == 1
    assert [("DONE",)] == house.rows("select distinct state from inbox")


async def test_a_tap_that_was_passed_by_a_text(build) -> None:
    """A tap that arrives after a text has answered its question is stale, however it was meant."""
    house = await build("webhook")
    grace = house.person("grace")
    shown = await _to_department(grace)
    with house.road.held(SEND):
        await grace.say("sales")
        await house.road.holds(SEND)
        await grace.press(_id(shown, "Design"))
        await grace.sees_toast("already answered")
    await grace.hear("What do you need")
    await house.settled(grace)
    assert [{"department": "sales"}] == [body["currentValues"] for body in house.road.sent[1:]]


async def test_a_text_that_was_passed_by_a_tap(build) -> None:
    """A text that arrives after a tap travels in the next turn, in order."""
    house = await build("webhook")
    grace = house.person("grace")
    shown = await _to_department(grace)
    with house.road.held(SEND):
        await grace.press(_id(shown, "Design"))
        await house.road.holds(SEND)
        await grace.say("headset, two pieces")
        await grace.say("with a mouse")
    await grace.hear("How urgent")
    await house.settled(grace)
    assert ["Design", "headset, two pieces\nwith a mouse"] == [
        body["input"] for body in house.road.sent[1:]
    ]


async def test_taps_are_answered_while_the_upstream_thinks(build) -> None:
    """A page is turned and a tap ended at once, also while a turn is in flight."""
    towns = [f"Town {chr(ord('A') + n)}" for n in range(20)]
    quiz = [single("town", "Nearest town", towns), text("word", "A word")]
    house = await build(quiz=quiz)
    ada = house.person()
    await ada.say("Hello")
    await ada.hear("nearest town")
    with house.road.held(SEND):
        await ada.say("may I ask something first, please?")
        await house.road.holds(SEND)
        await ada.tap(NEXT)
        await ada.until(lambda _: "2/3" in ada.labels(), "the second page")
        assert [""] == _toasts(house)


async def test_typing_is_shown_while_the_upstream_thinks(build) -> None:
    """Who waits sees that the bot is typing, at no cost to the answer."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    with house.road.held(SEND):
        await grace.say("Grace Hopper")
        await grace.until(lambda _: house.phone.typing(person="grace"), "typing")
    await grace.hear("work email")
    assert not house.phone.typing(person="grace")

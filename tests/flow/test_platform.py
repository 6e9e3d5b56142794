"""A platform that is busy, picky, gone, or loses its answers (law 8)."""

from __future__ import annotations

import pytest

from bridge.conformance.harness import Fault
from bridge.conformance.switchboard import Failure
from tests.flow.hurry import Hurrying

LOST = Failure(fault=Fault.DROPPED, method="send", applied=True)


class Second:
    """Spoils the second message from now on: after what was understood, the one with a widget."""

    def __init__(self, failure: Failure) -> None:
        self._failure = failure
        self._sends = 0

    def __call__(self, method: str, thread: str) -> Failure | None:
        """Return what goes wrong with this call."""
        self._sends += method == "send"
        return self._failure if method == "send" and self._sends == 2 else None


def _sends(house) -> list[str]:
    """Return what was sent to the person, in the order in which it was shown."""
    return [
        "".join(span["text"] for span in request.body["spans"])
        for request in house.phone.log
        if request.method == "send" and request.applied
    ]


async def _count(house, done: str) -> float:
    _, text = await house.get("/metrics")
    name = f'threadform_uncertain_total{{channel="buttons",done="{done}"}}'
    line = next((line for line in text.splitlines() if line.startswith(name)), "0 0")
    return float(line.split()[-1])


async def _to_department(house, grace):
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    return await grace.hear("Which department")


async def test_too_many_requests(build) -> None:
    """After a 429 nothing overtakes: everything is shown later, once, in order."""
    clock = Hurrying()
    house = await build(options={"clock": clock})
    grace = house.person("grace")
    house.phone.faults.append(Failure(fault=Fault.THROTTLED, method="send", times=2, bucket="all"))
    for command in ("/status", "/pay", "/cancel"):
        await grace.say(command)
    await grace.hear("Nothing is under way")
    await grace.until(lambda _: len(grace.texts) == 3, "three answers")
    await house.settled("grace")
    assert [429, 429, 200, 200, 200] == [request.status for request in house.phone.log]
    assert [
        "Nothing is under way at the moment.",
        "There is nothing to pay at the moment.",
        "There is nothing to cancel.",
    ] == _sends(house)


async def test_refused_widget(build) -> None:
    """A widget that the platform refuses becomes a numbered list, whose options can be chosen."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled("grace")
    house.phone.board.weather = Second(Failure(fault=Fault.BAD))
    await grace.say("Grace Hopper, grace@example.com")
    shown = await grace.hear("2. Design")
    assert not shown.choices
    await grace.say("2")
    await grace.hear("What do you need")
    assert {"department": "design"} == house.road.sent[-1]["currentValues"]


async def test_refused_style(build) -> None:
    """A refused message is sent once more without its styles."""
    house = await build()
    grace = house.person("grace")
    house.phone.faults.append(Failure(fault=Fault.BAD, method="send"))
    await grace.say("Hello")
    await grace.hear("Equipment request")
    first, second = house.phone.log[:2]
    assert (400, 200) == (first.status, second.status)
    assert not any(span["bold"] for span in second.body["spans"])


async def test_gone_and_back(build) -> None:
    """A thread that is gone is closed, nothing is sent there; who comes back begins anew."""
    house = await build()
    grace = house.person("grace")
    await _to_department(house, grace)
    house.phone.board.gone.add("grace")
    await grace.tap("Design")
    await house.settled("grace")
    assert house.rows("select state from conversation") == [("CANCELLED",)]
    calls = len(house.phone.log)
    house.phone.board.gone.clear()
    await house.phone.post("back", person="grace", thread="grace")
    await house.settled("grace")
    assert calls == len(house.phone.log)
    await grace.say("Hello")
    await grace.hear("your name")


async def test_lost_answers_for_prompts(build) -> None:
    """What asks and may have arrived is sent again: at worst it stands twice; that is counted."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled("grace")
    house.phone.board.weather = Second(LOST)
    await grace.say("Grace Hopper, grace@example.com")
    await grace.until(lambda _: sum("Which dep" in text for text in grace.texts) == 2, "it twice")
    await house.settled("grace")
    assert [1] == list(house.phone.duplicates().values())
    assert (1.0, 0.0) == (await _count(house, "repeated"), await _count(house, "skipped"))
    await grace.tap("Design")
    await grace.hear("What do you need")


async def test_lost_answers_for_texts(build) -> None:
    """A plain text that may have arrived is left alone, and counted."""
    house = await build()
    grace = house.person("grace")
    house.phone.faults.append(LOST)
    await grace.say("/status")
    await grace.hear("Nothing is under way")
    await house.settled("grace")
    assert not house.phone.duplicates()
    assert (0.0, 1.0) == (await _count(house, "repeated"), await _count(house, "skipped"))
    await grace.say("Hello")
    await grace.hear("your name")


@pytest.mark.parametrize("fault", [Fault.HALF, Fault.GARBAGE, Fault.BROKEN])
async def test_unreadable_answers(build, fault: Fault) -> None:
    """A widget whose answer can't be read is sent again, and can be tapped."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled("grace")
    house.phone.board.weather = Second(Failure(fault=fault))
    await grace.say("Grace Hopper, grace@example.com")
    await grace.take("Which department", "Design")
    await grace.hear("What do you need")


async def test_silent_platform(build) -> None:
    """A platform that does not answer one thread holds up no other."""
    house = await build(environ={"STOP_GRACE": "1"})
    grace, ada = house.person("grace"), house.person("ada")
    house.phone.faults.append(Failure(fault=Fault.SILENT, method="send", thread="grace"))
    await grace.say("Hello")
    await _to_department(house, ada)
    await ada.tap("Design")
    await ada.hear("What do you need")
    assert ["grace"] == [request.thread for request in house.phone.log if not request.status]


async def test_slow_platform(build) -> None:
    """On a slow platform everything still comes, once, in order."""
    house = await build()
    house.phone.board.latency = 0.05
    grace = house.person("grace")
    await _to_department(house, grace)
    await grace.tap("Design")
    await grace.hear("What do you need")
    await house.settled("grace")
    assert not house.phone.duplicates()


async def test_platform_away(build) -> None:
    """What could not be delivered because the platform was away is delivered when it is back."""
    clock = Hurrying()
    house = await build(options={"clock": clock})
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled("grace")
    await house.phone.board.close()
    await grace.say("Grace Hopper, grace@example.com")
    await house.road.passes("send")
    await house.phone.board.open()
    await grace.hear("Which department")
    assert not house.phone.duplicates()

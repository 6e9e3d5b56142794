"""Rate buckets: delivery alone waits for them, and no platform limit is passed."""

from __future__ import annotations

import asyncio

from tests.flow.hurry import Hurrying

FACTOR = 10.0
SLACK = 0.8
"""What a call may come early, as a share of its pause: the way to the platform takes its time."""


class Times:
    """Notes when each call came, by the hurrying clock."""

    def __init__(self, clock: Hurrying) -> None:
        self._clock = clock
        self.all: list[float] = []

    def __call__(self, method: str, thread: str) -> None:
        """Note one."""
        self.all.append(self._clock.monotonic())


async def test_chat_rate(build) -> None:
    """In one thread calls keep their pace after the burst."""
    clock = Hurrying(FACTOR)
    environ = {"BUTTONS_CHAT_RATE": "1", "BUTTONS_CHAT_BURST": "3"}
    house = await build(options={"clock": clock}, environ=environ)
    house.phone.board.weather = times = Times(clock)
    grace = house.person("grace")
    for _ in range(8):
        await grace.say("/status")
    await grace.until(lambda _: len(grace.texts) == 8, "8 answers")
    assert times.all[-1] - times.all[0] >= (8 - 3) * SLACK
    assert times.all[-1] - times.all[2] >= 4 * SLACK


async def test_global_rate(build) -> None:
    """All threads together keep the channel's pace."""
    clock = Hurrying(FACTOR)
    house = await build(options={"clock": clock}, environ={"BUTTONS_RATE": "5"})
    house.phone.board.weather = times = Times(clock)
    people = [house.person(f"p{n}") for n in range(20)]
    await asyncio.gather(*(one.say("/status") for one in people))
    await asyncio.gather(*(one.hear("Nothing is under way") for one in people))
    assert 20 == len(times.all)
    assert times.all[-1] - times.all[0] >= (20 - 5) / 5 * SLACK


async def test_a_full_chat_holds_up_no_other(build) -> None:
    """A thread that waits for its own pace does not make others wait."""
    clock = Hurrying(FACTOR)
    environ = {"BUTTONS_CHAT_RATE": "0.01", "BUTTONS_CHAT_BURST": "1", "STOP_GRACE": "1"}
    house = await build(options={"clock": clock}, environ=environ)
    grace, ada = house.person("grace"), house.person("ada")
    for _ in range(3):
        await grace.say("/status")
    await ada.say("/status")
    await ada.hear("Nothing is under way")
    assert len(grace.texts) <= 1


async def test_upstream_rate(build) -> None:
    """The upstream's requests a minute are shared fairly, and nobody is forgotten."""
    clock = Hurrying(60.0)
    house = await build(
        options={"clock": clock}, sandbox={"clock": clock}, environ={"WIX_RATE_PER_MINUTE": "10"}
    )
    people = [house.person(f"p{n}") for n in range(12)]
    await asyncio.gather(*(one.say("Ada Lovelace") for one in people))
    await asyncio.gather(*(one.hear("work email") for one in people))


async def test_answers_go_before_edits(build) -> None:
    """Where tokens are short, new messages pass an edit that waits; the edit still comes."""
    clock = Hurrying(FACTOR)
    environ = {"BUTTONS_CHAT_RATE": "0.5", "BUTTONS_CHAT_BURST": "2"}
    house = await build(default="cake", options={"clock": clock}, environ=environ)
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.tap("Two-tier cake")
    await grace.say("/status")
    await grace.hear("nothing has been filled in yet")
    await grace.until(lambda _: "edit" in _shown(house), "the edit")
    assert ["edit"] == [method for method in _shown(house)[3:] if method == "edit"]
    assert "edit" not in _shown(house)[:3]


def _shown(house) -> list[str]:
    return [request.method for request in house.phone.log if request.method in {"send", "edit"}]

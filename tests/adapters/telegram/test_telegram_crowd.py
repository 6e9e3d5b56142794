"""Many chats at once, at an upstream that takes its time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bridge.sandbox.config import SandboxConfig

if TYPE_CHECKING:
    from tests.flow.house import Person

CHATS = 60
TEXTS = ("I need a monitor", "and a mouse", "two pieces please", "it can wait")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_crowd(build, mode: str) -> None:
    """60 chats with 4 quick messages each: all answered, in order, none lost, none twice."""
    house = await build(mode, config=SandboxConfig(latency=0.3))
    people = [house.person(f"p{n}") for n in range(CHATS)]
    await asyncio.gather(*map(_talk, people))
    await asyncio.gather(*map(house.settled, people))
    assert [("DONE", CHATS * len(TEXTS))] == house.rows(
        "select state, count(*) from inbox group by state"
    )
    joined = [text for (text,) in house.rows("select input from turn order by conversation, n")]
    assert CHATS * list(TEXTS) == "\n".join(joined).split("\n")
    assert not house.phone.duplicates()
    assert {200} == {call.status for call in house.phone.log}


async def _talk(one: Person) -> None:
    one.bound = 40.0
    for text in TEXTS:
        await one.say(text)
    await one.until(lambda _: any("urgent" in text for text in one.texts), "the last answer")

"""Many threads at once, at an upstream that takes its time."""

from __future__ import annotations

import asyncio

import pytest

from bridge.sandbox.config import SandboxConfig

THREADS = 60
TEXTS = ("I need a monitor", "and a mouse", "two pieces please", "it can wait")


@pytest.mark.timeout(120)
async def test_crowd(build) -> None:
    """60 threads with 4 quick messages each: all answered, in order, no two turns at a time."""
    house = await build(config=SandboxConfig(latency=0.3))
    people = [house.person(f"p{n}") for n in range(THREADS)]
    for one in people:
        one.bound = 40.0
    await asyncio.gather(*(_talk(one) for one in people))
    await asyncio.gather(*(house.settled(one.name) for one in people))
    assert [("DONE", THREADS * len(TEXTS))] == house.rows(
        "select state, count(*) from inbox group by state"
    )
    joined = [text for (text,) in house.rows("select input from turn order by conversation, n")]
    assert THREADS * list(TEXTS) == "\n".join(joined).split("\n")
    assert not house.phone.duplicates()


async def _talk(one) -> None:
    for text in TEXTS:
        await one.say(text)
    await one.until(lambda _: any("urgent" in text for text in one.texts), "the last answer")

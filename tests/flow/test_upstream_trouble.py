"""An upstream that is away, busy or broken: all is answered in the end, or asked about."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bridge.sandbox.config import SandboxConfig
from tests.flow.house import a_monday, free_port
from tests.flow.hurry import Hurrying
from tests.flow.road import CREATE, SEND, Trouble
from tests.flow.scripts import REQUEST

LOST = "Send again"


def answers(name: str) -> dict[str, str]:
    """Return what this person answers to each question."""
    return {
        "your name": f"{name.title()} Hopper",
        "work email": f"{name}@example.com",
        "Which department": "Design",
        "What do you need": "Headset",
        "How many pieces": "two",
        "accessories": "Mouse",
        "How urgent": "This month",
        "when?": a_monday(),
        "Cost centre": "skip",
        "Why do you need it": "skip",
        "My manager has agreed": "yes",
        "Shall I send this": "yes",
    }


async def test_upstream_comes_later(build) -> None:
    """What was said while the upstream was away is answered when it is there, in order."""
    clock = Hurrying()
    port = free_port()
    house = await build(
        config=SandboxConfig(port=port),
        environ={"WIX_BASE_URL": f"http://127.0.0.1:{port}"},
        options={"clock": clock},
        sandbox={"clock": clock},
        sandbox_up=False,
    )
    grace = house.person("grace")
    for text in REQUEST:
        await grace.say(text)
    await grace.hear("can't reach our service")
    await house.start_sandbox()
    await grace.hear("Which department")
    assert sum("can't reach our service" in text for text in grace.texts) == 1


async def test_upstream_restarts(build) -> None:
    """An upstream that comes back without its sessions costs the person nothing."""
    clock = Hurrying()
    port = free_port()
    house = await build(
        config=SandboxConfig(port=port),
        environ={"WIX_BASE_URL": f"http://127.0.0.1:{port}"},
        options={"clock": clock},
        sandbox={"clock": clock},
    )
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")
    await house.sandbox.stop()
    await grace.say("design")
    await house.start_sandbox()
    await grace.hear("What do you need")
    await grace.say("/status")
    await grace.hear("grace@example.com")


@pytest.mark.parametrize("retry_after", [True, False])
async def test_busy_upstream(build, *, retry_after: bool) -> None:
    """At a share of 429 everything is answered in the end, nothing is asked, nothing twice."""
    clock = Hurrying()
    house = await build(
        config=SandboxConfig(share_429=0.3, seed=4, retry_after=retry_after),
        options={"clock": clock},
        sandbox={"clock": clock},
    )
    people = [house.person(name) for name in ("ann", "ben", "cleo", "dora")]
    await asyncio.gather(*(_request(one) for one in people))
    assert len(people) == len(await house.submissions("equipment"))
    assert not [text for one in people for text in one.texts if "did not get an answer" in text]


@pytest.mark.parametrize("share", ["share_5xx", "drop_before", "drop_after"])
async def test_broken_upstream(build, share: str) -> None:
    """At a share of failures all is answered or asked about, and never more than one submission."""
    clock = Hurrying()
    house = await build(
        config=SandboxConfig(**{share: 0.15}, seed=6),
        options={"clock": clock},
        sandbox={"clock": clock},
    )
    people = [house.person(name) for name in ("ann", "ben", "cleo", "dora")]
    asked = await asyncio.gather(*(_request(one) for one in people))
    assert sum(asked) > 0
    made = await house.submissions("equipment")
    assert len(people) == len(made)


async def _request(grace) -> int:
    """Fill in the form, sending again where asked; return how often that was."""
    known, asked = answers(grace.name), 0
    await grace.say("Hello")
    while True:
        await grace.until(lambda _: _next(grace, known), "a question, or the end")
        match _next(grace, known):
            case "end":
                return asked
            case "lost":
                asked += 1
                await grace.tap(LOST)
                await grace.until(lambda _: LOST not in grace.labels(), "the answered question")
            case words:
                await grace.say(known[words])


def _next(grace, known: dict[str, str]) -> str:
    """Return what stands on the screen: the end, a lost answer, or a question's words."""
    if grace.heard("has been sent"):
        return "end"
    if LOST in grace.labels():
        return "lost"
    return next((words for words in known if grace.heard(words)), "")


async def test_refusals_that_nobody_can_cure(build) -> None:
    """Another 4xx fails the turn: told, kept, and the conversation goes on."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    house.road.troubles.append(Trouble(name=SEND, status=422, body={"message": "no"}))
    await grace.say("Grace Hopper")
    await grace.hear("wrong on our side")
    await grace.say("Grace Hopper")
    await grace.hear("work email")
    assert house.rows("select input from turn where state = 'FAILED'") == [("Grace Hopper",)]


async def test_lost_creation_is_repeated(build) -> None:
    """Creating carries no input, so a lost answer is asked for again without asking anybody."""
    clock = Hurrying()
    house = await build(options={"clock": clock}, sandbox={"clock": clock})
    grace = house.person("grace")
    house.road.troubles += [Trouble(name=CREATE, done=True), Trouble(name=CREATE, status=500)]
    await grace.say("Grace Hopper")
    await grace.hear("work email")
    await house.settled("grace")
    assert Counter({CREATE: 3, SEND: 1}) == Counter(
        name for name in house.road.passed if name in (CREATE, SEND)
    )


async def test_wrong_words_from_the_upstream(build) -> None:
    """END_OF_RESPONSE without success is an answer: shown, with "please say it again"."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    chunks = [
        {"chunkType": "TEXT", "textDetails": {"text": "Hm.", "style": "NORMAL"}},
        {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": False}},
    ]
    session = {"id": house.road.session, "formId": "f"}
    body = {"interactiveFormSession": session, "responseChunks": chunks}
    house.road.troubles.append(Trouble(name=SEND, status=200, body=body))
    await grace.say("Grace Hopper")
    shown = await grace.hear("say it again")
    assert "Hm." in shown.text

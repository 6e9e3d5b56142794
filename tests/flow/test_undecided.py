"""What the core itself chokes on: told, and never in the way of what comes next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.phrases import Phrase, Phrases
from tests.flow.road import SEND, Trouble

if TYPE_CHECKING:
    from tests.flow.house import House

CHOKING = "{nothing}"
"""A sentence that can't be said: the catalogue's reader would have refused it."""


async def _house(build, *choked: Phrase) -> House:
    house = await build()
    phrases = Phrases(dict.fromkeys(choked, CHOKING))
    house.catalogue = replace(house.catalogue, phrases=phrases)
    await house.restart()
    return house


async def test_an_event(build) -> None:
    """An event that can't be decided is refused for good, and the person is told."""
    house = await _house(build, Phrase.STATUS_NONE)
    grace = house.person("grace")
    await grace.say("/status")
    await grace.hear("wrong on our side")
    await house.settled("grace")
    assert [("REFUSED",)] == house.rows("select state from inbox")
    await grace.say("Hello")
    await grace.hear("your name")


async def test_an_answer(build) -> None:
    """An answer that can't be decided fails its turn: told, and the conversation goes on."""
    house = await _house(build, Phrase.SAY_AGAIN)
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    end = {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": False}}
    session = {"id": house.road.session, "formId": "f"}
    body = {"interactiveFormSession": session, "responseChunks": [end]}
    house.road.troubles.append(Trouble(name=SEND, status=200, body=body))
    await grace.say("Grace Hopper")
    await grace.hear("wrong on our side")
    await grace.say("Grace Hopper")
    await grace.hear("work email")


async def test_not_even_told(build) -> None:
    """Where not even that can be said, the thread still goes on."""
    house = await _house(build, Phrase.STATUS_NONE, Phrase.UPSTREAM_FAILED)
    grace = house.person("grace")
    await grace.say("/status")
    await grace.say("Hello")
    await grace.hear("your name")

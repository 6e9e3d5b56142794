"""Mailboxes in memory: forgotten at rest, read again when needed, taken up after a stop."""

from __future__ import annotations

import sqlite3

from bridge import mailboxes
from bridge.conversation.messages import Permitted

WAITS = "SELECT state FROM inbox WHERE thread = 't-lost'"


def _lose(house, channel: str, body: str) -> None:
    """Write an event that was accepted and never judged."""
    with sqlite3.connect(house.database) as raw:
        raw.execute(
            "INSERT INTO thread VALUES ('t-lost', ?, ?, 'OK', '', '', 0)",
            (channel, f"{channel}:lost"),
        )
        raw.execute(
            "INSERT INTO inbox VALUES ('t-lost', 1, 'p', 'Text', ?, 'NEW', '', '', 0)", (body,)
        )


def _event(channel: str) -> str:
    return (
        f'{{"@":"Text","key":"k","thread":"{channel}:lost","person":"{channel}:p","at":0,'
        '"text":"/status"}'
    )


async def test_a_mailbox_that_was_forgotten_is_read_again(build) -> None:
    """A message for it, from a person or from within, finds it where it was."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled("grace")
    ((thread,),) = house.rows("SELECT id FROM thread")
    await house.app.mailboxes.evict(thread)
    assert house.app.mailboxes.active == 0
    house.app.mailboxes.post(thread, Permitted("no such turn"))
    house.app.mailboxes.rested("no such thread")
    await house.settled("grace")
    assert house.app.mailboxes.active == 1
    await house.app.mailboxes.evict(thread)
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")


async def test_those_at_rest_are_forgotten_first(build, monkeypatch) -> None:
    """Memory stays bounded, and nobody notices."""
    monkeypatch.setattr(mailboxes, "_IDLE_KEPT", 1)
    house = await build()
    for name in ("grace", "ada", "edith"):
        person = house.person(name)
        await person.say("Hello")
        await person.hear("your name")
        await house.settled(name)
    assert house.app.mailboxes.active <= 2
    grace = house.person("grace")
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")


async def test_what_was_accepted_is_taken_up(build) -> None:
    """An event without an outcome gets one after the next start (law 1)."""
    house = await build()
    await house.close()
    _lose(house, "buttons", _event("buttons"))
    await house.open()
    await house.settled("lost")
    assert house.rows(WAITS) == [("DONE",)]


async def test_a_channel_that_is_off_keeps_its_events(build) -> None:
    """They wait until it is on again."""
    house = await build()
    await house.close()
    _lose(house, "pigeons", _event("pigeons"))
    await house.open()
    assert house.rows(WAITS) == [("NEW",)]


async def test_a_thread_that_cant_be_read_stops_no_other(build) -> None:
    """It is logged; the others are taken up."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.close()
    _lose(house, "buttons", "no JSON")
    await house.open()
    await grace.say("Grace Hopper, grace@example.com")
    await grace.hear("Which department")
    assert house.rows(WAITS) == [("NEW",)]


async def test_a_thread_that_has_just_moved_makes_no_way_for_itself(build) -> None:
    """A move that is told again while the first telling is being decided finds it there already."""
    house = await build()
    ada = house.person("ada", thread="group:old")
    await ada.say("/help")
    await ada.hear("/start")
    ((thread,),) = house.rows("SELECT id FROM thread")
    await house.phone.post("moved", person="ada", thread="group:old", to="group:new")
    await house.settled("group:new")
    assert not await house.app.mailboxes._make_way("buttons", "buttons:group:new", thread)
    assert [(thread, "buttons:group:new")] == house.rows("SELECT id, key FROM thread")
    ada = house.person("ada", thread="group:new")
    await ada.say("/start")
    await ada.hear("your name")


async def test_work_that_is_stopped_before_it_began_is_let_go(build) -> None:
    """Nothing is left that was never awaited."""
    house = await build()
    await house.person("grace").say("/help")
    await house.settled("grace")
    ((thread,),) = house.rows("SELECT id FROM thread")
    mailbox = await house.app.mailboxes.of_thread(thread)
    begun = []

    async def work() -> Permitted:
        begun.append(True)
        return Permitted("t")

    coroutine = work()
    mailbox._child(coroutine)
    await mailbox.stop()
    assert (begun, coroutine.cr_frame) == ([], None)

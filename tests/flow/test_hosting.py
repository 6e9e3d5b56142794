"""What an adapter is given: `protocol.host.Host`, as the running core keeps it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bridge.hosting import ChannelHost
from bridge.phrases import Phrases
from bridge.protocol.errors import NotKept
from bridge.protocol.events import CommandName, Text
from bridge.protocol.threads import PersonKey, ThreadKey


def host_of(house, channel: str = "buttons") -> ChannelHost:
    """Return a view of the core."""
    return ChannelHost(house.app.parts, house.app.mailboxes, channel, "https://x.test/")


async def test_notes_are_kept_until_they_expire(build) -> None:
    """Durably, by channel; None forgets one."""
    house = await build()
    host = host_of(house)
    now = host.clock.now()
    await host.notes.write("offset", {"n": [1, None]})
    await host.notes.write("old", "x", expires_at=now - 1)
    await host.notes.write("new", "y", expires_at=now + 1000)
    await house.restart()
    host = host_of(house)
    assert await host.notes.read("offset") == {"n": [1, None]}
    assert await host.notes.read("old") is None
    assert await host.notes.read("new") == "y"
    assert await host_of(house, "other").notes.read("offset") is None
    await host.notes.write("offset", None)
    assert await host.notes.read("offset") is None


async def test_forms_and_conversations_of_a_person_are_listed(build) -> None:
    """For a list with Resume and Start over; what is over is not in it."""
    house = await build()
    ada = house.person("ada")
    await ada.say("Hello")
    await ada.hear("your name")
    await house.settled("ada")
    host = host_of(house)
    assert host.public_url == "https://x.test"
    assert [form.slug for form in host.forms() if form.default] == ["equipment"]
    (mine,) = await host.conversations(PersonKey("buttons:ada"))
    assert (mine.form, mine.state, mine.answered) == ("equipment", "ACTIVE", 0)
    assert mine.thread == "buttons:ada"
    assert await host.conversations(PersonKey("buttons:bob")) == ()
    await ada.say("/cancel")
    await ada.hear("stopped")
    assert await host.conversations(PersonKey("buttons:ada")) == ()


async def test_the_transcript_goes_on_where_it_was_read(build) -> None:
    """Our messages of a thread, oldest first, after a number."""
    house = await build()
    ada = house.person("ada")
    await ada.say("Hello")
    await ada.hear("your name")
    await house.settled("ada")
    host = host_of(house)
    said = await host.transcript(ThreadKey("buttons:ada"))
    assert said
    assert all(item.ours for item in said)
    assert await host.transcript(ThreadKey("buttons:ada"), said[-1].seq) == ()
    assert await host.transcript(ThreadKey("buttons:nobody")) == ()


async def test_one_at_a_time_leads(build) -> None:
    """Who wants to poll waits until the other has let go."""
    host = host_of(await build())
    led: list[str] = []

    async def lead(name: str) -> None:
        async with host.lead("poll"):
            led.append(name)
            await asyncio.sleep(0)
            led.append(name)

    await asyncio.gather(lead("a"), lead("b"))
    assert led == ["a", "a", "b", "b"]


async def test_what_was_not_kept_is_said(build) -> None:
    """A closed store keeps nothing: the platform must send it again."""
    house = await build()
    host = host_of(house)
    await house.close()
    event = Text(
        key="buttons:1",
        thread=ThreadKey("buttons:ada"),
        person=PersonKey("buttons:ada"),
        at=0.0,
        text="hello",
    )
    with pytest.raises(NotKept):
        await host.accept([event])
    with pytest.raises(NotKept):
        await host.notes.write("offset", 1)


async def test_trouble_is_named(build) -> None:
    """/readyz says what keeps a channel from working until it works again."""
    house = await build()
    host = host_of(house)
    host.trouble("Somebody else polls: stop the other one.")
    host.trouble("Somebody else polls: stop the other one.")
    status, text = await house.get("/readyz")
    assert 200 == status
    assert "Somebody else polls" in text
    host.trouble("")
    _, text = await house.get("/readyz")
    assert '"buttons": true' in text


async def test_words_for_buttons_are_the_operators(build) -> None:
    """They are sentences like all others."""
    house = await build()
    house.app.parts.catalogue = replace(
        house.app.parts.catalogue,
        phrases=Phrases().override({"label_done": "Fertig", "label_read": "{mark} lesen"}),
    )
    labels = host_of(house).labels
    assert ("Fertig", "{mark} lesen") == (labels.done, labels.read)
    assert "begin a form" == labels.commands[CommandName.START]


async def test_a_thread_moves_to_an_address_where_nothing_was_begun(build) -> None:
    """The platform told of the new address first: the conversation goes on there all the same."""
    house = await build()
    ada = house.person("ada", thread="group:old")
    await ada.say("Ada Lovelace")
    await ada.hear("work email")
    await house.phone.post("back", person="ada", thread="group:new")
    await house.phone.post("moved", person="ada", thread="group:old", to="group:new")
    ada = house.person("ada", thread="group:new")
    await ada.say("ada@example.com")
    await ada.hear("department")
    assert 1 == len(house.rows("SELECT id FROM conversation"))


async def test_a_thread_moves_to_an_address_where_something_was_begun(build) -> None:
    """People have gone on there: what was left behind is closed, and nothing is sent to it."""
    house = await build()
    ada = house.person("ada", thread="group:old")
    await ada.say("Ada Lovelace")
    await ada.hear("work email")
    eve = house.person("eve", thread="group:new")
    await eve.say("Eve")
    await eve.hear("work email")
    await house.phone.post("moved", person="ada", thread="group:old", to="group:new")
    await house.settled("group:old")
    states = dict(house.rows("SELECT person, state FROM conversation"))
    assert states == {"buttons:ada": "CANCELLED", "buttons:eve": "ACTIVE"}
    assert [("GONE",)] == house.rows("SELECT state FROM thread WHERE key = 'buttons:group:old'")

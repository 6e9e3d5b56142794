"""Groups and topics: what is for the bot, who may answer, where the checkout link goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from adapters.telegram.standin import USERNAME
from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.house import button
from tests.flow.road import SEND
from tests.flow.scripts import ORDER

if TYPE_CHECKING:
    from tests.flow.house import House, Person

MODES = pytest.mark.parametrize("mode", ["polling", "webhook"])


def _member(house: House, name: str = "ada", group: str = "team", topic: int = 0) -> Person:
    """Return somebody who answers by replying, as they are asked to."""
    one = house.person(name, group=group, topic=topic)
    one.manner = {"reply_to_bot": True}
    return one


async def _to_department(ada: Person) -> None:
    await ada.say("/start")
    await ada.hear("your name")
    await ada.say("Ada Lovelace, ada@example.com")
    await ada.hear("Which department")


async def _tell(ada: Person, text: str) -> None:
    """Say something by a mention instead of a reply."""
    manner, ada.manner = ada.manner, {}
    await ada.say(f"@{USERNAME} {text}")
    ada.manner = manner


async def _order(ada: Person) -> None:
    await ada.say("/start")
    for step in ORDER[1:]:
        await step(ada)


def _links(one: Person) -> list[str]:
    return [url for url in one.screen.links if "/checkout/" in url]


@MODES
async def test_what_is_for_the_bot(build, mode: str) -> None:
    """Commands, mentions and replies are answered; what people say to each other is not even kept.

    So it is with privacy mode, and also where the bot gets to hear everything.
    """
    house = await build(mode)
    ada = house.person("ada", group="team")
    house.phone.acting.privacy = False
    for text in ("hello", "/start@another_bot", "see /start, please", "@another_bot hello"):
        await ada.say(text)
    await house.settled(ada)
    assert ada.texts == []
    assert house.rows("select count(*) from inbox") == [(0,)]
    await ada.say(f"@{USERNAME}, hello")
    await ada.hear("your name")
    house.phone.acting.privacy = True
    await ada.say("Grace Hopper")
    ada.manner = {"reply_to_bot": True}
    await ada.say("Ada Lovelace")
    await ada.hear("work email")
    ada.manner = {}
    await ada.say(f"it is ada@example.com @{USERNAME}")
    await ada.hear("Which department")
    await ada.say(f"/status@{USERNAME}")
    await ada.hear("Your name: Ada Lovelace")
    await house.settled(ada)
    assert ["Ada Lovelace", "it is ada@example.com"] == [one["input"] for one in house.road.sent]


async def test_how_to_answer_is_said(build) -> None:
    """Where nothing can be tapped, a group is told to answer by replying; a private chat is not."""
    house = await build()
    ada, alone = _member(house), house.person("ada")
    await ada.say("/start")
    assert "by replying to this message" in (await ada.hear("your name")).text
    await alone.say("/start")
    assert "by replying" not in (await alone.hear("your name")).text


@MODES
async def test_only_the_owner_answers(build, mode: str) -> None:
    """Others' taps, texts and starts change nothing, and are answered with a short notice."""
    house = await build(mode)
    ada, bob = _member(house), _member(house, "bob")
    await _to_department(ada)
    await bob.tap("Sales")
    await bob.sees_toast("somebody else")
    assert not ada.screen.toast
    await bob.say("sales, please")
    await bob.say("/start event")
    await bob.hear("Somebody else is filling in")
    await ada.tap("Design")
    await ada.hear("What do you need")
    await house.settled(ada)
    assert ["Design"] == [body["input"] for body in house.road.sent[1:]]


async def test_a_form_for_everybody(build) -> None:
    """A form that says `shared` is answered by everybody in the group."""
    house = await build(changes={"shared": True})
    ada, bob = _member(house), _member(house, "bob")
    await ada.say("/start")
    await ada.hear("your name")
    await bob.say("Ada Lovelace, ada@example.com")
    await bob.take("Which department", "Design")
    await ada.hear("What do you need")


@MODES
async def test_topics_side_by_side(build, mode: str) -> None:
    """Each topic of a forum has a conversation of its own; all is said in its topic."""
    house = await build(mode)
    three, five = _member(house, topic=3), _member(house, topic=5)
    other = _member(house, "bob", topic=8)
    await asyncio.gather(*map(_to_department, (three, five, other)))
    await asyncio.gather(three.tap("Design"), five.tap("Sales"), other.tap("Engineering"))
    await asyncio.gather(*(one.hear("What do you need") for one in (three, five, other)))
    for one, chosen in ((three, "Design"), (five, "Sales"), (other, "Engineering")):
        await house.settled(one)
        answers = [text for text in one.texts if text.startswith("Which department")]
        assert [f"Which department?\n✓ {chosen}"] == answers
    sends = [call for call in house.phone.log if call.method == "sendMessage"]
    assert {3, 5, 8} == {int(call.body["message_thread_id"]) for call in sends}


async def test_replies_outside_of_topics_are_no_topics(build) -> None:
    """In a supergroup without topics a reply has a thread's number, and yet stays in the chat."""
    house = await build()
    ada = _member(house)
    await ada.say("/help")
    await house.phone.migrate("team")
    await ada.say("/start")
    await ada.hear("your name")
    await ada.say("Ada Lovelace, ada@example.com")
    await ada.take("Which department", "Design")
    await ada.hear("What do you need")
    assert house.rows("select count(*) from conversation") == [(1,)]


@MODES
async def test_the_link_goes_to_the_private_chat(build, mode: str) -> None:
    """The checkout link is shown to its owner alone, also by /pay; the payment is told to all."""
    house = await build(mode, default="cake")
    ada, alone, bob = _member(house), house.person("ada"), house.person("bob", group="team")
    await alone.say("/help")
    await _order(ada)
    link = await alone.link()
    await ada.say("/pay")
    await alone.until(lambda _: len(_links(alone)) == 2, "the link again")
    assert {link} == set(_links(alone))
    assert [] == _links(bob) == _links(ada)
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")


@MODES
async def test_an_invitation_where_the_private_chat_is_closed(build, mode: str) -> None:
    """Who has never opened the private chat is invited there; following it brings the link."""
    house = await build(mode, default="cake")
    ada, alone, bob = _member(house), house.person("ada"), _member(house, "bob")
    await _order(ada)
    shown = await ada.hear("in a private chat")
    assert [] == _links(ada)
    await bob.press(button_to_open(shown))
    await house.settled(ada)
    assert [] == _links(house.person("bob"))
    await ada.press(button_to_open(shown))
    link = await alone.link()
    assert "/checkout/" in link
    assert [] == _links(ada)
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")


def button_to_open(shown) -> str:
    """Return the address of an invitation, after a look at what it carries."""
    (choice,) = shown.choices
    assert choice.url.startswith(f"https://t.me/{USERNAME}?start=pay-")
    return choice.id


async def test_a_group_that_moves_in_the_middle_of_a_form(build) -> None:
    """A group that becomes a supergroup takes its conversation along: nothing is asked again."""
    house = await build()
    ada = _member(house)
    await _to_department(ada)
    await ada.tap("Design")
    await ada.hear("What do you need")
    await house.phone.migrate("team")
    # What was written in the group before can't be replied to from the supergroup.
    await _tell(ada, "the headset")
    await ada.hear("How many pieces")
    await house.settled(ada)
    assert house.rows("select count(*) from conversation") == [(1,)]


async def test_a_group_that_moved_while_the_bot_did_not_listen(build) -> None:
    """The refusal of a message tells of the move as well: the message comes in the new group."""
    house = await build()
    ada = _member(house)
    await _to_department(ada)
    with house.road.held(SEND):
        await ada.tap("Design")
        await house.road.holds(SEND)
        house.phone.world.upgrade("team")
    await ada.until(lambda _: any("What do you need" in text for text in ada.texts), "it there")
    await ada.say("the headset")
    await ada.hear("How many pieces")
    await house.settled(ada)
    assert house.rows("select count(*) from conversation") == [(1,)]
    assert not house.phone.duplicates()


async def test_told_of_a_move_twice(build) -> None:
    """The service message and the refusal tell of the same move: it is made once."""
    house = await build()
    ada = _member(house)
    await _to_department(ada)
    with house.road.held(SEND):
        await ada.tap("Design")
        await house.road.holds(SEND)
        moving = asyncio.create_task(house.phone.migrate("team"))
        await asyncio.sleep(0)
    await moving
    await ada.hear("What do you need")
    await house.settled(ada)
    assert house.rows("select count(*) from conversation") == [(1,)]
    assert 1 == sum("What do you need" in text for text in ada.texts)


async def test_a_message_right_behind_a_move(build) -> None:
    """What is said in the supergroup at once goes on with what was begun in the group."""
    house = await build()
    ada = _member(house)
    ada.bound = 3.0
    await _to_department(ada)
    await ada.tap("Design")
    await ada.hear("What do you need")
    await asyncio.gather(house.phone.migrate("team"), _tell(ada, "the headset"))
    await ada.hear("How many pieces")
    assert house.rows("select count(*) from conversation") == [(1,)]


async def test_told_of_a_move_again_before_anything_was_begun(build) -> None:
    """A move that is told of twice is made once, also where no form is under way."""
    house = await build()
    ada = _member(house)
    ada.bound = 3.0
    old = house.phone.place("ada", group="team").chat
    await ada.say("/help")
    await ada.hear("/start")
    await house.phone.migrate("team")
    told = {
        "message_id": 9,
        "date": 1_780_000_000,
        "chat": old.about,
        "from": house.phone.world.person("ada").about,
        "migrate_to_chat_id": old.moved_to,
    }
    house.phone.updates.add("message", told, "again")
    await ada.say("/start")
    await ada.hear("your name")
    assert house.rows("select count(*) from thread where key like '%#%'") == [(0,)]


@MODES
async def test_removed_and_back(build, mode: str) -> None:
    """Put out of a group the bot says no more there; let in again it begins anew when asked."""
    house = await build(mode)
    ada = _member(house)
    await _to_department(ada)
    await house.phone.remove_bot("team")
    await house.settled(ada)
    assert house.rows("select state from conversation") == [("CANCELLED",)]
    calls = len(house.phone.log)
    await ada.say("/status")
    await house.settled(ada)
    await house.phone.add_bot("team")
    await house.settled(ada)
    assert [] == [call for call in house.phone.log[calls:] if call.method == "sendMessage"]
    await ada.say("/start")
    await ada.hear("your name")


async def test_a_tap_in_a_group_that_is_not_ours(build) -> None:
    """A button's data copied to another chat opens nothing there."""
    house = await build()
    ada, eve = _member(house), house.person("eve")
    await _to_department(ada)
    sales = button(ada.last, "Sales")
    assert sales is not None
    await eve.say("/help")
    await eve.hear("/start")
    await eve.press(sales.id)
    await eve.sees_toast("already answered")
    await ada.tap("Design")
    await ada.hear("What do you need")
    await house.settled(ada)
    assert ["Design"] == [body["input"] for body in house.road.sent[1:]]

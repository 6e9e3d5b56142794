"""What people do in the stories, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flow.house import a_monday

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.flow.house import Person

REQUEST = ("Grace Hopper", "grace@example.com")
REQUESTED = {
    "full_name": "Grace Hopper",
    "work_email": "grace@example.com",
    "department": "design",
    "item": "headset",
    "pieces": 2,
    "accessories": ["keyboard", "mouse"],
    "urgency": "normal",
    "reason": "for calls with customers",
    "manager_agrees": True,
}
"""What both requests ask for; the day is `a_monday`."""


async def request_by_taps(grace: Person) -> None:
    """Ask for equipment, by taps wherever something can be tapped."""
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper")
    await grace.hear("work email")
    await grace.say("grace@example.com")
    await grace.take("Which department", "Design")
    await grace.take("What do you need", "Headset")
    await grace.hear("How many pieces")
    await grace.say("2")
    await grace.hear("accessories")
    await grace.tick("Mouse")
    await grace.tick("Keyboard")
    await grace.tap("Done")
    await grace.take("How urgent", "This month")
    await grace.hear("when?")
    await grace.say(a_monday())
    await grace.hear("Cost centre")
    await grace.say("skip")
    await grace.hear("Why do you need it")
    await grace.say("for calls with customers")
    await grace.take("My manager has agreed", "Yes")
    await grace.take("Shall I send this", "Yes")
    await grace.hear("It has been sent")


async def request_by_words(grace: Person) -> None:
    """Ask for equipment, typing everything."""
    await grace.say("Hello")
    await grace.hear("your name")
    for words, answer in (
        ("work email", "Grace Hopper"),
        ("Which department", "grace@example.com"),
        ("What do you need", "2"),
        ("How many pieces", "the headset"),
        ("accessories", "two"),
        ("How urgent", "keyboard and mouse"),
        ("when?", "this month"),
        ("Cost centre", a_monday()),
        ("Why do you need it", "skip"),
        ("My manager has agreed", "for calls with customers"),
        ("Shall I send this", "yes"),
        ("It has been sent", "yes"),
    ):
        await grace.say(answer)
        await grace.hear(words)


async def _choose_products(ada: Person) -> None:
    await ada.hear("What would you like to order")
    await ada.tick("Two-tier")
    await ada.tick("Box of brownies")
    await ada.tap("Done")


async def _tick_toppings(ada: Person) -> None:
    await ada.hear("Any toppings")
    await ada.tick("Berries")
    await ada.tap("Done")


async def _reply(ada: Person, words: str, answer: str) -> None:
    await ada.hear(words)
    await ada.say(answer)


ORDER: tuple[Callable[[Person], Awaitable[object]], ...] = (
    lambda ada: ada.say("Hello"),
    _choose_products,
    lambda ada: _reply(ada, "How many of these: Two-tier", "1"),
    lambda ada: _reply(ada, "How many of these: Box", "2"),
    lambda ada: ada.take("Which flavor", "Chocolate"),
    _tick_toppings,
    lambda ada: _reply(ada, "written on the cake", "Happy birthday, Grace!"),
    lambda ada: _reply(ada, "How many guests", "20"),
    lambda ada: _reply(ada, "event date", a_monday()),
    lambda ada: ada.take("Pickup or delivery", "Pickup"),
    lambda ada: _reply(ada, "phone", "skip"),
    lambda ada: _reply(ada, "first name", "Ada, ada@example.com"),
    lambda ada: ada.take("Shall I place this order", "Yes"),
)
"""A cake order, up to the order's button."""


async def order(ada: Person) -> str:
    """Order a cake; return the address of its checkout."""
    for step in ORDER:
        await step(ada)
    return await ada.link()


async def order_by_words(ada: Person, first: str = "Hello") -> str:
    """Order the same cake, typing everything; return the address of its checkout."""
    await ada.say(first)
    await ada.hear("What would you like to order")
    for words, answer in (
        ("How many of these: Two-tier", "two-tier and the box of brownies"),
        ("How many of these: Box", "one"),
        ("Which flavor", "2"),
        ("Any toppings", "chocolate"),
        ("written on the cake", "berries"),
        ("How many guests", "Happy birthday, Grace!"),
        ("event date", "20"),
        ("Pickup or delivery", a_monday()),
        ("phone", "pickup"),
        ("first name", "skip"),
        ("Shall I place this order", "Ada, ada@example.com"),
    ):
        await ada.say(answer)
        await ada.hear(words)
    await ada.say("yes")
    return await ada.link()

"""Everything at once: a moody platform, a moody upstream, and a bridge that is restarted.

The bridge's clock hurries, so its grace is a tenth of a second: it is always stopped too early.
"""

from __future__ import annotations

import asyncio
import random

import pytest

from bridge.conformance.harness import Fault
from bridge.conformance.switchboard import Failure
from bridge.sandbox.config import SandboxConfig
from tests.flow.house import a_monday
from tests.flow.hurry import Hurrying

NAMES = ("ann", "ben", "cleo", "dora", "emil", "fred", "gina", "hugo")
AGAIN = "Send again"
FAILURES = (
    Failure(fault=Fault.THROTTLED, after=1.0, bucket="chat"),
    Failure(fault=Fault.DROPPED, applied=True),
    Failure(fault=Fault.DROPPED),
    Failure(fault=Fault.BROKEN),
)


class Weather:
    """One call in ten fails, by seeded chance; messages alone, since toasts are worth nothing."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.on = True

    def __call__(self, method: str, thread: str) -> Failure | None:
        """Return what goes wrong with this call."""
        spoilt = self.on and method in ("send", "edit") and self._chance.random() < 0.1
        return self._chance.choice(FAILURES) if spoilt else None


class Filling:
    """A person who fills in the form, whatever comes: asks for the state when nothing does."""

    def __init__(self, person) -> None:
        name = person.name
        self.person = person
        self.answers = {
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

        self._pressed: set[str] = set()

    async def fill(self) -> None:
        """Go on until the form has been sent."""
        await self.person.say("Hello")
        while not self.over():
            if not await self._news():
                await self.person.say("hm?")
            elif lost := self._lost():
                self._pressed.add(lost)
                await self.person.phone.tap(lost, person=self.person.name)
            elif question := self._question():
                await self.person.say(self.answers[question])

    def over(self) -> bool:
        """Say whether the form has been sent."""
        told = ("has been sent", "already sent", "had already been sent")
        return any(words in text for text in self.person.texts for words in told)

    def _lost(self) -> str:
        """Return the button for sending again; one that is shown twice is pressed once."""
        shown = (choice for seen in self.person.screen.messages for choice in seen.choices)
        new = (choice.id for choice in shown if choice.label == AGAIN)
        return next((choice for choice in new if choice not in self._pressed), "")

    def _question(self) -> str:
        return next((words for words in self.answers if self.person.heard(words)), "")

    async def _news(self) -> bool:
        """Wait for something to do; False after a while without."""
        try:
            async with asyncio.timeout(1.0):
                await self.person.phone.until(
                    lambda _: bool(self.over() or self._lost() or self._question()),
                    person=self.person.name,
                )
        except TimeoutError:
            return False
        return True


@pytest.mark.parametrize("seed", [1, 2])
async def test_storm(build, seed: int) -> None:
    """Nobody is stuck, nobody's form is sent twice, every event has its outcome."""
    clock = Hurrying()
    config = SandboxConfig(share_429=0.05, share_5xx=0.05, drop_after=0.03, seed=seed)
    house = await build(
        config=config,
        options={"clock": clock},
        sandbox={"clock": clock},
        environ={"STOP_GRACE": "2"},
    )
    house.phone.board.weather = weather = Weather(seed)
    fillings = [Filling(house.person(name)) for name in NAMES]
    work = asyncio.gather(*(filling.fill() for filling in fillings))
    try:
        async with asyncio.timeout(45):
            while not work.done():
                await asyncio.wait({work}, timeout=0.5)
                await house.restart()
            await work
    except TimeoutError:
        stuck = [f.person.transcript() for f in fillings if not f.over()]
        raise AssertionError("\n=======\n".join(stuck)) from None
    weather.on = False
    await asyncio.gather(*(house.settled(name) for name in NAMES))
    made = [item.values["work_email"] for item in await house.submissions("equipment")]
    assert sorted(f"{name}@example.com" for name in NAMES) == sorted(made)
    assert {("DONE",), ("REFUSED",)} >= set(house.rows("select distinct state from inbox"))
    assert [] == house.rows("select id from turn where state in ('OPEN', 'SENT')")
    assert [] == house.rows("select seq from outbox where state in ('READY', 'SENDING')")

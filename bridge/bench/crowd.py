"""A platform in miniature and a crowd of persons: `python -m bridge.bench.crowd <channel> <url>`.

On order each person writes so many messages, a few ahead of the answers, and watches the screen for
what comes back. Who answers, the bridge or a bare loop, the crowd can't tell.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.bench import children
from bridge.bench.instant import DONE
from bridge.bench.subject import subject

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from typing import Any

    from bridge.protocol.standin import Screen, StandIn
    from bridge.protocol.threads import Json, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What the crowd does: `persons` write `messages` each, `ahead` of them before their answers.

    `name` begins the name of each person: a new one brings new persons. `first`: the number of the
    first message. `writing` off: others write in their names, they only watch. `within`: seconds
    after which what is missing is lost.
    """

    name: str
    persons: int
    messages: int
    first: int = 0
    ahead: int = 1
    writing: bool = True
    within: float = 60.0

    @property
    def numbers(self) -> range:
        """The numbers of each person's messages."""
        return range(self.first, self.first + self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What they saw: answers that are missing, that came twice, and chats in disorder."""

    seconds: float
    lost: int = 0
    doubled: int = 0
    disordered: int = 0


def person_name(play: str, number: int) -> str:
    """Return who that is."""
    return f"{play}p{number}"


def text_of(person: str, number: int) -> str:
    """Return what a person writes as message of this number."""
    return f"{person}-{number}"


@dataclass(slots=True)
class _Person:
    name: str
    play: Play
    room: asyncio.Semaphore
    seen: set[int] = field(default_factory=set[int])

    async def write(self, standin: StandIn) -> None:
        if not self.play.writing:
            return
        for number in self.play.numbers:
            await self.room.acquire()
            await standin.type(text_of(self.name, number), person=self.name)

    async def watch(self, standin: StandIn) -> None:
        screen, looked = standin.screen(person=self.name), 0
        while True:
            for number in self.answered(screen, looked):
                if number not in self.seen:
                    self.seen.add(number)
                    self.room.release()
            if len(self.seen) >= self.play.messages:
                return
            looked = len(screen.messages)
            screen = await standin.changed(screen.version, person=self.name)

    def answered(self, screen: Screen, after: int = 0) -> list[int]:
        """Return which messages have been answered, in the order of the answers."""
        begin = DONE + self.name + "-"
        shown = [message.text for message in screen.messages[after:] if message.ours]
        lines = [line for text in shown for line in text.split("\n")]
        numbers = [int(line.removeprefix(begin)) for line in lines if line.startswith(begin)]
        return [number for number in numbers if number in self.play.numbers]


async def play_out(standin: StandIn, play: Play) -> Outcome:
    """Have them write and watch; return what they saw."""
    persons = [
        _Person(person_name(play.name, number), play, asyncio.Semaphore(play.ahead))
        for number in range(play.persons)
    ]
    began = time.perf_counter()
    watching = [one.watch(standin) for one in persons]
    await _at_most(play.within, [*watching, *(one.write(standin) for one in persons)])
    seconds = time.perf_counter() - began
    answers = [one.answered(standin.screen(person=one.name)) for one in persons]
    return outcome(answers, play.messages, seconds)


async def _at_most(seconds: float, deeds: Sequence[Coroutine[Any, Any, None]]) -> None:
    tasks = [asyncio.create_task(deed) for deed in deeds]
    ended, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in ended:
        task.result()


def outcome(answers: Sequence[Sequence[int]], messages: int, seconds: float) -> Outcome:
    """Return what is wrong with the numbers that each person saw answered."""
    counts = [Counter(numbers) for numbers in answers]
    return Outcome(
        seconds=seconds,
        lost=sum(messages - len(count) for count in counts),
        doubled=sum(count.total() - len(count) for count in counts),
        disordered=sum(list(numbers) != sorted(numbers) for numbers in answers),
    )


def _play(order: JsonObject) -> Play:
    return Play(**order)  # type: ignore[arg-type] # our parent's own words


def _told(seen: Outcome) -> JsonObject:
    told: dict[str, Json] = {
        "seconds": seen.seconds,
        "lost": seen.lost,
        "doubled": seen.doubled,
        "disordered": seen.disordered,
    }
    return told


async def _serve(reference: str, bridge_url: str) -> None:
    standin = subject(reference).standin()
    environ = await standin.start(bridge_url)
    children.say({"environ": dict(environ)})

    async def act(order: JsonObject) -> JsonObject:
        return _told(await play_out(standin, _play(order)))

    try:
        await children.obey(act)
    finally:
        await standin.stop()


if __name__ == "__main__":
    children.run(_serve(*sys.argv[1:3]))

"""`bench <channel>`: the whole bridge beside a bare loop with the same HTTP calls.

Rounds alternate, so that whatever else this machine does falls on both. Then, where the platform
comes to us: how long a webhook waits for its 200 at a steady pace.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from bridge.bench.children import START_SECONDS, child
from bridge.bench.crowd import Outcome, Play
from bridge.bench.figures import spread
from bridge.bench.ground import Ground, bare, bridge, ground
from bridge.bench.load import Pace
from bridge.server import loop_factory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bridge.bench.subject import Subject
    from bridge.protocol.threads import Json, JsonObject

WANTED = 0.6
"""The least part of the bare loop's speed that the bridge is to reach."""

WANTED_MS = 50.0
"""The most for the 99th percentile from a webhook's post to its 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured.

    * `chats` with `messages` each, `ahead` of them before their answers, in each of the `rounds`.
    * then `rate` webhook posts a second for so many `seconds`.
    * `within`: seconds after which what is missing in a round is lost.
    """

    chats: int = 100
    messages: int = 20
    ahead: int = 4
    rounds: int = 5
    rate: float = 500.0
    seconds: float = 10.0
    within: float = 60.0

    @property
    def posts(self) -> int:
        """Webhook posts of each chat."""
        return max(1, int(self.rate * self.seconds / self.chats))

    def opening(self, name: str) -> Play:
        """Return what comes first: everybody says something, so that all is open."""
        return self._play(name, first=0, messages=1)

    def writing(self, name: str) -> Play:
        """Return what is measured."""
        return self._play(name, first=1, messages=self.messages)

    def watching(self, name: str) -> Play:
        """Return what the crowd does while a load writes in their names."""
        return self._play(name, first=1, messages=self.posts, writing=False)

    def _play(self, name: str, *, first: int, messages: int, writing: bool = True) -> Play:
        return Play(
            name=name,
            persons=self.chats,
            messages=messages,
            first=first,
            ahead=self.ahead,
            writing=writing,
            within=self.within,
        )


@dataclass(slots=True)
class Result:
    """What was measured: messages a second, and what went wrong with the bridge's answers."""

    whole: list[float] = field(default_factory=list[float])
    bare: list[float] = field(default_factory=list[float])
    wrong: Counter[str] = field(default_factory=Counter[str])
    webhook: Mapping[str, Json] = field(default_factory=dict[str, "Json"])

    @property
    def ratios(self) -> list[float]:
        """The bridge's speed as a part of the bare loop's, round by round."""
        return [one / other for one, other in zip(self.whole, self.bare, strict=True)]

    @property
    def failed(self) -> bool:
        """Whether anything went wrong: of posts, one that was refused."""
        return bool(self.wrong.total() or self.webhook.get("refused"))


async def measure(subject: Subject, plan: Plan) -> Result:
    """Do it all. Raises `ChildGone`."""
    result = Result()
    async with ground(subject) as here:
        # First, since the persons of a load are the first whom the stand-in gets to know.
        await _measure_webhook(here, plan, result)
        for number in range(plan.rounds):
            async with bridge(here, merging=False):
                result.whole.append(await _speed(here, plan, f"w{number}", result.wrong))
            async with bare(here):
                result.bare.append(await _speed(here, plan, f"b{number}", Counter()))
    return result


async def _speed(here: Ground, plan: Plan, name: str, wrong: Counter[str]) -> float:
    """Return answers a second, and count what is wrong with them."""
    await here.play(plan.opening(name))
    seen = await here.play(plan.writing(name))
    _count(seen, wrong)
    return (plan.chats * plan.messages - seen.lost) / seen.seconds


def _count(seen: Outcome, wrong: Counter[str]) -> None:
    wrong.update(lost=seen.lost, doubled=seen.doubled, disordered=seen.disordered)


async def _measure_webhook(here: Ground, plan: Plan, result: Result) -> None:
    """Post at a steady pace, to a bridge that does all its other work as well."""
    bench = here.subject.bench()
    if bench.posts is None or not plan.seconds:
        return
    async with (
        bridge(here, merging=True, more=bench.webhook),
        child("bridge.bench.load", here.subject.reference) as load,
    ):
        await load.told(START_SECONDS)
        await here.play(plan.opening("h"))
        result.webhook, seen = await asyncio.gather(
            load.ask(_pace(here, plan, "h"), plan.seconds + plan.within),
            here.play(plan.watching("h")),
        )
    _count(seen, result.wrong)


def _pace(here: Ground, plan: Plan, name: str) -> JsonObject:
    return asdict(
        Pace(
            url=here.url,
            environ={**here.environ, **here.subject.bench().webhook},
            name=name,
            persons=plan.chats,
            messages=plan.posts,
            first=1,
            rate=plan.rate,
        )
    )


# What is printed.


def report(subject: Subject, plan: Plan, result: Result) -> Iterator[str]:
    """Yield the lines that tell of it."""
    yield (
        f"{subject.descriptor.title}: {plan.chats} chats, {plan.messages} messages each,"
        f" {plan.rounds} rounds, median (least-most)"
    )
    yield f"bridge: {spread(result.whole)} messages/s, durable"
    yield f"bare loop: {spread(result.bare)} messages/s"
    yield f"ratio: {spread(result.ratios, 2)}; {WANTED:.2f} is wanted"
    if result.webhook:
        yield _of_webhook(plan, result.webhook)
    wrong = ", ".join(f"{kind} {count}" for kind, count in result.wrong.items())
    yield f"answers of the bridge: {wrong}"


def _of_webhook(plan: Plan, told: JsonObject) -> str:
    return (
        f"webhook, {plan.rate:.0f} posts/s for {plan.seconds:g} s:"
        f" p50 {told['p50']:.1f} ms, p99 {told['p99']:.1f} ms, worst {told['worst']:.1f} ms,"
        f" refused {told['refused']}; p99 under {WANTED_MS:.0f} ms is wanted"
    )


async def run(subject: Subject, plan: Plan, say: Callable[[str], None]) -> int:
    """Measure and tell; return 1 where an answer is missing, doubled or out of order."""
    result = await measure(subject, plan)
    for line in report(subject, plan, result):
        say(line)
    return 1 if result.failed else 0


def main(subject: Subject, plan: Plan, say: Callable[[str], None]) -> int:
    """Run on the fastest event loop there is here."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(run(subject, plan, say))

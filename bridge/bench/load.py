"""A platform that posts at a steady pace: `python -m bridge.bench.load <channel>`.

Law: the pace does not follow the bridge. Every request has its time beforehand, and how long it
took is counted from that time, so that one that had to wait for its sending is not flattered. Of
one person's requests only one is under way, as platforms do it that keep the order.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from bridge.bench import children
from bridge.bench.crowd import person_name, text_of
from bridge.bench.figures import percentile
from bridge.bench.subject import subject

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from typing import Any

    from bridge.protocol.threads import JsonObject
    from bridge.protocol.web import Request

CONNECTIONS = 40
"""Requests under way at once; the usual number of a platform that says how many it makes."""

_LEAD = 0.2
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`rate` requests a second to `url`, `messages` by each of the persons, in turn.

    `first`: the number of the first message; `environ`: for `Bench.posts`.
    """

    url: str
    environ: Mapping[str, str]
    name: str
    persons: int
    messages: int
    first: int
    rate: float


@dataclass(slots=True)
class _Log:
    """Seconds from the time at which a request was due to its answer, and the answers' statuses."""

    took: list[float] = field(default_factory=list[float])
    statuses: Counter[int] = field(default_factory=Counter[int])


async def post_all(requests: Sequence[Request], pace: Pace) -> _Log:
    """Post them, the persons' in turn, each at its time; return when all are answered."""
    log = _Log()
    turns = [asyncio.Lock() for _ in range(pace.persons)]
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    timeout = aiohttp.ClientTimeout(total=_PATIENCE)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        began = time.perf_counter() + _LEAD
        async with asyncio.TaskGroup() as tasks:
            for number, request in enumerate(requests):
                due = began + number / pace.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                turn = turns[number % pace.persons]
                tasks.create_task(_in_turn(turn, _post(session, pace.url, request, due, log)))
    return log


async def _in_turn(turn: asyncio.Lock, posting: Coroutine[Any, Any, None]) -> None:
    async with turn:
        await posting


async def _post(
    session: aiohttp.ClientSession, url: str, request: Request, due: float, log: _Log
) -> None:
    status = 0
    try:
        async with session.request(
            request.method, url + request.path, data=request.body, headers=request.headers
        ) as response:
            status = response.status
    except (aiohttp.ClientError, TimeoutError):
        """No answer: status 0."""
    log.took.append(time.perf_counter() - due)
    log.statuses[status] += 1


def told(log: _Log) -> JsonObject:
    """Return the figures; times in ms."""
    ordered = sorted(took * 1000 for took in log.took)
    return {
        "p50": percentile(ordered, 0.5),
        "p99": percentile(ordered, 0.99),
        "worst": percentile(ordered, 1.0),
        "refused": sum(n for status, n in log.statuses.items() if not 200 <= status < 300),  # noqa: PLR2004
    }


def _requests(reference: str, pace: Pace) -> list[Request]:
    posts = subject(reference).bench().posts
    if posts is None:
        raise LookupError(f"{reference} never comes to us.")
    post = posts(pace.environ)
    return [
        post(person, text_of(person_name(pace.name, person), number))
        for number in range(pace.first, pace.first + pace.messages)
        for person in range(pace.persons)
    ]


async def _serve(reference: str) -> None:
    async def act(order: JsonObject) -> JsonObject:
        pace = Pace(**order)  # type: ignore[arg-type] # our parent's own words
        return told(await post_all(_requests(reference, pace), pace))

    children.say({})
    await children.obey(act)


if __name__ == "__main__":
    children.run(_serve(sys.argv[1]))

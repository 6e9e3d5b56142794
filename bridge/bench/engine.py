"""`bench engine`: inbox -> turn -> outbox, in-process upstream, merging off.

Three figures: events a second in a burst (one event, one turn, one message); memory and loop lag
with many turns in flight; the latency that the bridge adds at a steady pace.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bridge.app import App, Channel, Options
from bridge.bench.channel import NAME, BenchAdapter, NoSettings, descriptor
from bridge.bench.figures import percentile, spread
from bridge.forms import Catalogue, FormEntry
from bridge.protocol.events import Text
from bridge.protocol.threads import PersonKey, ThreadKey
from bridge.settings import read_settings
from bridge.upstream.chunks import Answer, SeparatorChunk, TextChunk
from bridge.upstream.scripted import ScriptedUpstream, Sent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from bridge.protocol.host import Host

_FORM = "00000000-0000-4000-8000-000000000001"
_LAG_EVERY = 0.01
_BATCH = 50


@dataclass(slots=True)
class Desk:
    """What the benchmark sees: which answers were delivered, and when."""

    done: dict[str, float] = field(default_factory=dict[str, float])
    order: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    wanted: int = 0
    all_done: asyncio.Event = field(default_factory=asyncio.Event)

    def delivered(self, thread: ThreadKey, text: str) -> None:
        """Note the answer to an event; a greeting is none."""
        text = text.rsplit("\n", 1)[-1]
        if not text.startswith("done "):
            return
        self.done[text] = time.perf_counter()
        self.order.setdefault(thread, []).append(int(text.rsplit("-", 1)[1]))
        if len(self.done) >= self.wanted:
            self.all_done.set()

    @property
    def disordered(self) -> int:
        """How many threads got their answers out of order."""
        return sum(numbers != sorted(numbers) for numbers in self.order.values())


class Bench:
    """One bridge on a temporary database."""

    def __init__(self, latency: float) -> None:
        self.desk = Desk()
        self._latency = latency
        self._folder = tempfile.TemporaryDirectory(prefix="threadform-bench-")
        self.app: App | None = None

    async def __aenter__(self) -> Self:
        settings = read_settings(
            {
                "DATABASE_URL": f"sqlite:///{Path(self._folder.name) / 'bench.db'}",
                "WIX_BASE_URL": "http://127.0.0.1:1",
                "WAITING_TEXTS": "1000",
                "TURNS_PER_HOUR": "0",
            }
        )
        upstream = ScriptedUpstream(
            _answer, clock=Options().clock, latency=self._latency, record=False
        )
        upstream.raw_forms[_FORM] = {"id": _FORM, "name": "Bench", "formFields": []}
        channel = Channel(descriptor=descriptor(self.desk.delivered), settings=NoSettings())
        entry = FormEntry(slug="bench", form_id=_FORM, title="Bench")
        self.app = await App.open(
            settings,
            Catalogue(entries=(entry,)),
            [channel],
            Options(upstream=upstream, rules={"merging": False}, serve=False),
        )
        await self.app.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.app is not None:
            await self.app.stop()
        self._folder.cleanup()

    async def say(self, threads: Iterable[int], n: int) -> None:
        """Send one event of each thread, in batches as a platform's poll gives them."""
        events = [_event(thread, n) for thread in threads]
        batches = [events[start : start + _BATCH] for start in range(0, len(events), _BATCH)]
        await asyncio.gather(*(self._host().accept(batch) for batch in batches))

    def _host(self) -> Host:
        adapter = self.app.adapters[NAME] if self.app else None
        if not isinstance(adapter, BenchAdapter):
            raise TypeError("the benchmark was not started")
        return adapter.host


def _event(thread: int, n: int) -> Text:
    return Text(
        key=f"{thread}-{n}",
        thread=ThreadKey(f"{NAME}:{thread}"),
        person=PersonKey(f"{NAME}:p{thread}"),
        at=time.time(),
        text=f"{thread}-{n}",
    )


def _answer(asked: Sent) -> Answer:
    last = (asked.text or "").rsplit("\n", 1)[-1]
    chunks = (TextChunk(text=f"I got {last}."), SeparatorChunk(), TextChunk(text=f"done {last}"))
    return Answer(session=asked.session, chunks=chunks)


async def burst(events: int, threads: int) -> tuple[float, int, int]:
    """Return events a second, answers missing, threads out of order."""
    async with Bench(0.0) as bench:
        await _open_threads(bench, threads)
        bench.desk.wanted = events
        bench.desk.done.clear()
        bench.desk.all_done.clear()
        began = time.perf_counter()
        for n in range(1, events // threads + 1):
            await bench.say(range(threads), n)
        await asyncio.wait_for(bench.desk.all_done.wait(), 120)
        seconds = time.perf_counter() - began
        return events / seconds, events - len(bench.desk.done), bench.desk.disordered


async def _open_threads(bench: Bench, threads: int) -> None:
    bench.desk.wanted = threads
    await bench.say(range(threads), 0)
    await asyncio.wait_for(bench.desk.all_done.wait(), 120)


async def in_flight(turns: int, seconds: float) -> tuple[float, float, float]:
    """Return resident MB, and loop lag p50 and p99 in ms, with this many turns in flight."""
    async with Bench(seconds) as bench:
        bench.desk.wanted = turns
        lags: list[float] = []
        watching = asyncio.create_task(_watch(lags))
        # Slowly enough that a burst of beginnings is not what is measured.
        for start in range(0, turns, 50):
            await bench.say(range(start, start + 50), 0)
        lags.clear()
        await asyncio.sleep(seconds / 2)
        memory = _resident_mb()
        steady = sorted(lags)
        watching.cancel()
        await asyncio.wait_for(bench.desk.all_done.wait(), 240)
    return memory, percentile(steady, 0.5) * 1000, percentile(steady, 0.99) * 1000


async def _watch(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(_LAG_EVERY)
        lags.append(max(0.0, time.perf_counter() - before - _LAG_EVERY))


async def steady(rate: float, seconds: float, latency: float) -> tuple[float, float]:
    """Return the latency that the bridge adds to an upstream's, p50 and p99 in ms."""
    chance = random.Random(7)  # noqa: S311 - which thread speaks
    async with Bench(latency) as bench:
        await _open_threads(bench, 200)
        sent: dict[str, float] = {}
        bench.desk.wanted = sys.maxsize
        async for n in _paced(rate, seconds):
            thread = chance.randrange(200)
            sent[f"done {thread}-{n}"] = time.perf_counter()
            await bench.say([thread], n)
        await asyncio.sleep(latency * 3 + 1)
        added = sorted(
            bench.desk.done[name] - at - latency
            for name, at in sent.items()
            if name in bench.desk.done
        )
    return percentile(added, 0.5) * 1000, percentile(added, 0.99) * 1000


async def _paced(rate: float, seconds: float) -> AsyncGenerator[int]:
    began = time.perf_counter()
    for n in range(1, int(rate * seconds) + 1):
        await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
        yield n


def _resident_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(li for li in status.read_text().splitlines() if li.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def run(
    events: int = 5000,
    threads: int = 500,
    turns: int = 5000,
    *,
    paced: float = 10.0,
    held: float = 8.0,
) -> int:
    """Print the figures; return 1 where an answer is missing or out of order.

    `paced`: seconds at 50 turns a second. `held`: for which turns are kept in flight.
    """
    print(f"python {sys.version.split()[0]}, {events} events, {threads} threads")  # noqa: T201
    rates: list[float] = []
    wrong = 0
    for _ in range(3):
        rate, missing, disordered = await burst(events, threads)
        rates.append(rate)
        wrong += missing + disordered
    print(f"burst: {spread(rates)} events/s, missing or out of order: {wrong}")  # noqa: T201
    p50, p99 = await steady(50, paced, 0.05)
    print(f"50 turns/s: added p50 {p50:.1f} ms, p99 {p99:.1f} ms")  # noqa: T201
    memory, lag50, lag99 = await in_flight(turns, held)
    print(  # noqa: T201
        f"{turns} turns in flight: {memory:.0f} MB, loop lag p50 {lag50:.1f} ms, p99 {lag99:.1f} ms"
    )
    return 1 if wrong else 0


def main() -> int:
    """Run on the fastest event loop there is here."""
    from bridge.server import loop_factory  # noqa: PLC0415 - of the command alone

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(run())

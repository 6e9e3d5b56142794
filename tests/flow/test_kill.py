"""Laws 1, 3 and 4 while the bridge is killed at random moments under load.

Ordinary form: 10 kills with buttons, 4 with Telegram by polling, 4 by webhook. Long form, for each:
`KILLS=200 pytest tests/flow/test_kill.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters.telegram.standin import TelegramStandIn
from bridge.conformance.phone import Phone
from tests.flow.house import free_port
from tests.flow.strict import FORM, StrictUpstream

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.protocol.standin import Screen
    from tests.flow.house import AnyPhone

HERE = Path(__file__).parent
PERSONS = 12
PATIENCE = 6.0
LONG_FORM = int(os.environ.get("KILLS", "0"))
BOUND = 60.0 + 3.0 * (LONG_FORM or 10)
PACE = 0.02
"""How long the pauses of Telegram's server last, in real ones."""

pytestmark = pytest.mark.timeout(BOUND + 60)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A channel, and by which way it comes to the bridge."""

    channel: str
    phone: Callable[[], AnyPhone]
    kills: int


WAYS = {
    "buttons": Way(channel="buttons", phone=Phone, kills=10),
    "telegram-polling": Way(channel="telegram", phone=TelegramStandIn, kills=4),
    "telegram-webhook": Way(
        channel="telegram", phone=lambda: TelegramStandIn("webhook", pace=PACE), kills=4
    ),
}


class Bridge:
    """The process that is killed and started again, always on the same port and database."""

    def __init__(self, folder: Path, channel: str, port: int, environment: dict[str, str]) -> None:
        self.port = port
        self.database = folder / "bridge.db"
        environment |= {
            "DATABASE_URL": f"sqlite:///{self.database}",
            "PORT": str(self.port),
            "WIX_API_KEY": "key",
            "WIX_SITE_ID": "site",
            "TURNS_PER_HOUR": "0",
        }
        self._config = folder / "config.json"
        config = {
            "channel": channel,
            "environment": environment,
            "forms": {"strict": FORM},
            "rules": {"payment_first_look": 1.0},
        }
        self._config.write_text(json.dumps(config))
        self._process: asyncio.subprocess.Process | None = None
        self.starts = 0

    async def start(self) -> None:
        """Start it; requests wait for it anyway."""
        self.starts += 1
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(HERE / "killable.py"), str(self._config), cwd=HERE.parents[1]
        )

    async def kill(self) -> None:
        """End it as the power does."""
        assert self._process is not None
        assert self._process.returncode is None, "the bridge ended by itself"
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """End it kindly."""
        assert self._process is not None
        self._process.terminate()
        assert await asyncio.wait_for(self._process.wait(), 30) == 0

    async def ready(self) -> None:
        """Return when it listens."""
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return

    async def end(self) -> None:
        """Leave no process behind."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    def rows(self, query: str) -> list[tuple]:
        """Read its database, when it is down."""
        with sqlite3.connect(self.database) as connection:
            return connection.execute(query).fetchall()


class Person:
    """Sends numbered lines in small bursts; where an answer was lost, goes on without it."""

    def __init__(self, name: str, phone: AnyPhone, chance: random.Random) -> None:
        self.name = name
        self.phone = phone
        self.sent: list[str] = []
        self.unsure = False
        self._tapped: set[str] = set()
        self._chance = chance

    async def live(self, enough: asyncio.Event) -> None:
        """Talk until it is enough, then finish the form."""
        while not enough.is_set():
            for _ in range(self._chance.randint(1, 3)):
                await self._say()
            await self._answered(self.sent[-1])
            await asyncio.sleep(self._chance.random() * 0.05)
        await self._finish()

    async def _finish(self) -> None:
        while not self.unsure:
            await self._say("-finish")
            if await self._told(self.sent[-1]):
                return

    async def _say(self, ending: str = "") -> None:
        text = f"{self.name}-{len(self.sent) + 1}{ending}"
        self.sent.append(text)
        await self.phone.type(text, person=self.name)

    async def _answered(self, text: str) -> None:
        """Wait for the answer; after a lost one a later line's answer will do."""
        while not await self._told(text):
            await self._say()
            text = self.sent[-1]

    async def _told(self, text: str) -> bool:
        """Wait for the answer to a line (True), or tap "Go on" where one was lost (False).

        A kill may cost one message on the platform: who sees nothing for long says something else.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                screen = await self.phone.until(
                    lambda seen: _answers(seen, text) or bool(self._questions(seen)),
                    person=self.name,
                )
        except TimeoutError:
            return False
        if _answers(screen, text):
            return True
        self.unsure = self.unsure or "can't tell whether the form" in _said(screen)
        for question in self._questions(screen):
            self._tapped.add(question)
            await self.phone.tap(question, person=self.name)
        return False

    def _questions(self, screen: Screen) -> list[str]:
        buttons = [choice for shown in screen.messages for choice in shown.choices]
        return [b.id for b in buttons if b.label == "Go on" and b.id not in self._tapped]


def _said(screen: Screen) -> str:
    return "\n".join(shown.text for shown in screen.messages if shown.ours)


def _lines_shown(screen: Screen) -> list[str]:
    """Return every line that was answered, as often as it was shown, in order."""
    return [line for found in re.findall(r"got: (\S+)", _said(screen)) for line in found.split("|")]


def _answers(screen: Screen, text: str) -> bool:
    found = "the form has been sent" in _said(screen) and text.endswith("finish")
    return found or text in _lines_shown(screen)


@pytest.mark.parametrize("way", WAYS)
async def test_killed_at_random_moments_nothing_is_lost_or_sent_twice(
    tmp_path: Path, way: str
) -> None:
    """Lost 0, sent twice 0, out of order 0, at most one submission per conversation."""
    chance = random.Random(int(os.environ.get("SEED", "20261122")))
    upstream = StrictUpstream(seed=chance.randrange(10**9), lose=0.03)
    await upstream.start()
    phone, port = WAYS[way].phone(), free_port()
    environment = dict(await phone.start(f"http://127.0.0.1:{port}"))
    environment["WIX_BASE_URL"] = upstream.url
    bridge = Bridge(tmp_path, WAYS[way].channel, port, environment)
    kills = LONG_FORM or WAYS[way].kills
    persons = [
        Person(f"p{n}", phone, random.Random(chance.randrange(10**9))) for n in range(PERSONS)
    ]
    enough = asyncio.Event()
    await bridge.start()
    try:
        async with asyncio.timeout(BOUND), asyncio.TaskGroup() as group:
            for person in persons:
                group.create_task(person.live(enough))
            group.create_task(_kill_often(bridge, kills, chance, enough))
        await bridge.stop()
    finally:
        await bridge.end()
        await phone.stop()
        await upstream.stop()
    _check(bridge, upstream, phone, persons)


async def _kill_often(
    bridge: Bridge, kills: int, chance: random.Random, enough: asyncio.Event
) -> None:
    for _ in range(kills):
        # In the middle of its start, or within the first half second of its work.
        if chance.random() < 0.3:
            await asyncio.sleep(chance.random() * 1.5)
        else:
            await bridge.ready()
            await asyncio.sleep(chance.random() * 0.5)
        await bridge.kill()
        await bridge.start()
    enough.set()


def _check(
    bridge: Bridge, upstream: StrictUpstream, phone: AnyPhone, persons: list[Person]
) -> None:
    unsettled = "SELECT kind, state FROM inbox WHERE state IN ('NEW', 'QUEUED', 'TAKEN')"
    assert bridge.rows(unsettled) == []
    assert bridge.rows("SELECT id FROM turn WHERE state IN ('OPEN', 'SENT')") == []

    unknown = bridge.rows("SELECT input FROM turn WHERE state = 'UNKNOWN'")
    given_up = {line for (text,) in unknown for line in (text or "").split("\n")}
    lines = [line for person in persons for line in person.sent]
    lost = [line for line in lines if not upstream.taken[line] and line not in given_up]
    assert lost == []
    assert [line for line, times in upstream.taken.items() if times > 1] == []
    assert upstream.overlaps == 0

    for taken in upstream.lines.values():
        assert taken == sorted(taken, key=_number)
    assert max(upstream.submitted_by.values(), default=0) <= 1
    submitters = [made["submissions"]["who"] for made in upstream.submissions.values()]
    assert len(submitters) == len(set(submitters))

    for person in persons:
        shown = [_number(line) for line in _lines_shown(phone.screen(person=person.name))]
        assert _without_repeats(shown) == sorted(set(shown))
    repeated = sum(phone.duplicates().values())
    missing = "SELECT thread, count(*) FROM outbox WHERE state = 'UNCERTAIN' GROUP BY 1"
    skipped = bridge.rows(missing)
    gaps = sum(count for _, count in skipped)
    kills = bridge.starts - 1
    assert max((count for _, count in skipped), default=0) <= kills
    assert repeated <= kills * PERSONS
    print(  # noqa: T201 - the figures of the long form
        f"{kills} kills, {len(lines)} lines, {len(unknown)} unknown turns,"
        f" {upstream.lost} answers lost by the upstream, {len(upstream.submissions)} submissions,"
        f" messages repeated {repeated}, missing at most {gaps}"
    )


def _number(line: str) -> int:
    return int(line.split("-")[1])


def _without_repeats(numbers: list[int]) -> list[int]:
    return list(dict.fromkeys(numbers))

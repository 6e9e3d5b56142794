"""A house to tell stories in: sandbox, road, phone and bridge on free loopback ports, one database.

house = House(folder, default="cake")
await house.start()
ada = house.person("ada")
await ada.say("Hello")
await ada.take("flavor", "Chocolate")

The channel is the one with buttons, or what `descriptor` and `phone` say. A phone of Telegram takes
the place of each person from `where`: `house.person("ada", group="team", topic=3)`.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import socket
import sqlite3
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
from pydantic import SecretStr

from adapters.telegram.standin import BOT, TelegramStandIn
from bridge.app import App, Channel, Options
from bridge.chatting import named
from bridge.clock import SystemClock
from bridge.conformance.buttons import descriptor as buttons
from bridge.conformance.phone import Phone
from bridge.environment import validated
from bridge.playground import catalogue_of
from bridge.protocol.threads import ThreadKey
from bridge.sandbox.config import API_KEY, SITE_ID, SandboxConfig
from bridge.sandbox.server import SandboxServer
from bridge.settings import read_settings
from bridge.upstream import auth
from bridge.upstream.client import UpstreamClient
from tests.flow.quiz import lay_out
from tests.flow.road import Road

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from bridge.protocol.adapter import Descriptor
    from bridge.protocol.standin import Choosable, Screen, Shown
    from bridge.upstream.port import Upstream

    AnyPhone = Phone | TelegramStandIn

BOUND = 10.0
"""Seconds for anything to appear."""

QUICK = {"payment_first_look": 0.02, "payment_longest_pause": 0.1}
"""Rules of tests: nobody is rated, and nobody likes to wait."""


def a_monday() -> str:
    """Return a Monday at least a week off, as people write it."""
    today = datetime.now(UTC)
    return f"{today + timedelta(days=14 - today.weekday()):%Y-%m-%d}"


class House:
    """Everything of one story; what a test changes before `start` holds from then on.

    `quiz`: the fields of a form of the story's own, which is then the only one (see `quiz`).
    """

    def __init__(
        self,
        folder: Path,
        *,
        default: str = "equipment",
        config: SandboxConfig | None = None,
        prefill: Mapping | None = None,
        changes: Mapping | None = None,
        rules: Mapping | None = None,
        environ: Mapping[str, str] | None = None,
        sandbox: Mapping | None = None,
        options: Mapping | None = None,
        quiz: Sequence[dict] = (),
        descriptor: Descriptor = buttons,
        phone: AnyPhone | None = None,
    ) -> None:
        self.descriptor = descriptor
        self.database = folder / "house.db"
        self.config = config or SandboxConfig()
        self.catalogue = catalogue_of(descriptor.name, default, dict(prefill or {}))
        if changes:
            entries = (
                replace(entry, **changes) if entry.slug == default else entry
                for entry in self.catalogue.entries
            )
            self.catalogue = replace(self.catalogue, entries=tuple(entries))
        if quiz:
            self._ask(quiz, folder / "forms", prefill or {})
        self.rules = {**QUICK, **(rules or {})}
        self.environ = dict(environ or {})
        self.options = dict(options or {})
        self.sandbox = SandboxServer(config=self.config, **(sandbox or {}))
        self.road = Road()
        self.phone = phone or Phone()
        self.port = 0
        self.app: App | None = None

    def _ask(self, quiz: Sequence[dict], folder: Path, prefill: Mapping) -> None:
        """Make a form of the story's own the only one."""
        entry = lay_out(folder, quiz, self.descriptor.name)
        self.catalogue = replace(self.catalogue, entries=(replace(entry, prefill=prefill),))
        self.config = replace(self.config, forms_folder=folder)

    async def start(self, *, sandbox: bool = True) -> House:
        """Start all of it."""
        await self.road.start()
        if sandbox:
            await self.start_sandbox()
        self.port = free_port()
        self.environ |= await self.phone.start(self.url)
        await self.open()
        return self

    @property
    def url(self) -> str:
        """Where the bridge listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start_sandbox(self) -> None:
        """Start the upstream."""
        self.road.to = await self.sandbox.start()

    async def open(self) -> None:
        """Start the bridge on this house's database."""
        environ = {
            "WIX_BASE_URL": self.road.url,
            "WIX_API_KEY": API_KEY,
            "WIX_SITE_ID": SITE_ID,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "PORT": str(self.port),
            "STOP_GRACE": "5",
            "TURNS_PER_HOUR": "0",
        } | self.environ
        settings = validated(self.descriptor.settings, environ)
        channel = Channel(descriptor=self.descriptor, settings=settings)
        self.app = await App.open(
            read_settings(environ),
            self.catalogue,
            [channel],
            Options(rules=self.rules, lock_wait=5.0, **self.options),
        )
        await self.app.start()

    async def close(self) -> None:
        """Stop the bridge, kindly."""
        if self.app is not None:
            app, self.app = self.app, None
            await app.stop()

    async def restart(self) -> None:
        """Stop the bridge and start it again."""
        await self.close()
        await self.open()

    async def stop(self) -> None:
        """Stop all of it."""
        await self.close()
        await self.phone.stop()
        await self.road.stop()
        await self.sandbox.stop()

    def person(self, name: str = "ada", **where: str | int | None) -> Person:
        """Return somebody with a phone; `where` names the place as the phone does."""
        if isinstance(self.phone, Phone):
            where["thread"] = where.get("thread") or name
        return Person(self.phone, name, where)

    def thread_of(self, one: Person) -> ThreadKey:
        """Return the key of the thread in which somebody writes."""
        if isinstance(self.phone, Phone):
            return ThreadKey(f"buttons:{one.where['thread']}")
        place = self.phone.place(one.name, **one.where)
        topic = f":{place.topic}" if place.topic else ""
        return ThreadKey(f"telegram:{BOT}:{place.chat.id}{topic}")

    async def submissions(self, slug: str) -> tuple:
        """Return what the sandbox holds of a form, whatever the chat says."""
        assert self.app is not None
        entry = self.app.parts.catalogue.entry(slug)
        return await self.app.parts.upstream.submissions(entry.form_id, 0.0)

    async def settled(self, who: str | Person = "ada") -> None:
        """Return when nothing is under way for a thread: by its name, or of who writes there."""
        assert self.app is not None
        one = self.person(who) if isinstance(who, str) else who
        async with asyncio.timeout(BOUND):
            await self.app.mailboxes.settled(self.descriptor.name, self.thread_of(one))

    def past_the_road(self) -> Upstream:
        """Return a client of the sandbox that is none of the bridge's."""
        login = auth.ApiKey(SecretStr(API_KEY), SITE_ID)
        return UpstreamClient(login, clock=SystemClock(), base_url=self.road.to)

    def rows(self, query: str) -> list[tuple]:
        """Read the database."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    async def get(self, path: str) -> tuple[int, str]:
        """Ask the bridge's own HTTP server."""
        async with aiohttp.ClientSession() as browser, browser.get(self.url + path) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def building(folder: Path) -> AsyncGenerator[Callable[..., Awaitable[House]]]:
    """Give a builder of houses, by the arguments of `House`; at the end they are pulled down."""
    count = itertools.count()
    async with AsyncExitStack() as stack:

        async def build(*, sandbox_up: bool = True, **how: object) -> House:
            plot = folder / f"house-{next(count)}"
            plot.mkdir()
            house = House(plot, **how)
            stack.push_async_callback(house.stop)
            return await house.start(sandbox=sandbox_up)

        yield build


def free_port() -> int:
    """Return a port that is free now, and that the system will give to nobody unasked."""
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("There is no free port.")


class Person:
    """Somebody with a phone. What counts as an answer is what came after their last message.

    `manner`: how they send every text, e.g. `{"reply_to_bot": True}`; `bound`: their patience.
    """

    def __init__(self, phone: AnyPhone, name: str, where: Mapping[str, str | int | None]) -> None:
        self.phone = phone
        self.name = name
        self.where = where
        self.bound = BOUND
        self.manner: Mapping[str, bool] = {}
        self._mark = 0

    @property
    def screen(self) -> Screen:
        """What they see."""
        return self.phone.screen(person=self.name, **self.where)

    @property
    def texts(self) -> list[str]:
        """Every message of the bridge that they see, as it stands now."""
        return [shown.text for shown in self.screen.messages if shown.ours]

    @property
    def last(self) -> Shown:
        """The latest message of the bridge."""
        return [shown for shown in self.screen.messages if shown.ours][-1]

    def labels(self) -> list[str]:
        """Return the labels of all buttons on the screen, latest message first."""
        messages = reversed(self.screen.messages)
        return [choice.label for shown in messages for choice in shown.choices]

    async def say(self, text: str) -> None:
        """Type a message."""
        self._mark = len(self.screen.messages)
        await self.phone.type(text, person=self.name, **self.where, **self.manner)

    async def until(self, seen: Callable[[Screen], object], what: str = "it") -> Screen:
        """Wait for a screen; the error shows what was there instead."""
        try:
            async with asyncio.timeout(self.bound):
                return await self.phone.until(
                    lambda screen: bool(seen(screen)), person=self.name, **self.where
                )
        except TimeoutError:
            pass
        raise AssertionError(f"{self.name} waited for {what}, and sees:\n{self.transcript()}")

    def transcript(self) -> str:
        """Return the whole screen as text."""
        lines = [
            ("" if shown.ours else "> ")
            + shown.text
            + "".join(f" [{choice.label}]" for choice in shown.choices)
            for shown in self.screen.messages
        ]
        return "\n".join(lines) + (f"\n(toast) {self.screen.toast}" if self.screen.toast else "")

    async def hear(self, words: str) -> Shown:
        """Return the first message since their last one that holds these words."""
        screen = await self.until(lambda screen: self._with(screen, words), repr(words))
        found = self._with(screen, words)
        assert found is not None
        return found

    def heard(self, words: str) -> bool:
        """Say whether such a message has come since their last one."""
        return self._with(self.screen, words) is not None

    def _with(self, screen: Screen, words: str) -> Shown | None:
        new = (shown for shown in screen.messages[self._mark :] if shown.ours)
        return next((shown for shown in new if words.casefold() in shown.text.casefold()), None)

    async def sees_toast(self, words: str) -> None:
        """Wait for a toast."""
        await self.until(lambda screen: words in screen.toast, f"the toast {words!r}")

    async def take(self, words: str, label: str) -> str:
        """Tap this button of the message that holds these words; return the button's id."""
        shown = await self.hear(words)
        found = button(shown, label)
        assert found is not None, f"no {label!r} among {[c.label for c in shown.choices]}"
        await self.press(found.id)
        return found.id

    async def press(self, choice: str) -> None:
        """Tap a button by its id, also after it has gone; an open question stays in sight."""
        if button_with_id(self.screen, choice):
            self._mark = len(self.screen.messages)
        await self.phone.tap(choice, person=self.name, **self.where)

    async def tap(self, label: str) -> str:
        """Tap the latest button that begins so, once there is one; return its id."""
        screen = await self.until(lambda screen: _latest(screen, label), f"the button {label!r}")
        found = _latest(screen, label)
        assert found is not None
        await self.phone.tap(found.id, person=self.name, **self.where)
        return found.id

    async def tick(self, label: str) -> None:
        """Toggle an option of a list of several, and wait until it is drawn."""
        before = _latest(await self.until(lambda screen: _latest(screen, label), label), label)
        assert before is not None
        await self.phone.tap(before.id, person=self.name, **self.where)
        await self.until(
            lambda screen: getattr(_latest(screen, label), "label", before.label) != before.label,
            f"{label!r} ticked",
        )

    async def type_in_window(self, label: str, text: str) -> None:
        """Tap what opens a window, and send off the window with this text."""
        await self.tap(label)
        await self.until(lambda _: self.phone.modal(person=self.name, **self.where), "window")
        self._mark = len(self.screen.messages)
        await self.phone.submit(text, person=self.name, **self.where)

    async def link(self) -> str:
        """Return the last address on the screen, once there is one since their last message."""
        screen = await self.until(self._addresses, "a link")
        return self._addresses(screen)[-1]

    def _addresses(self, screen: Screen) -> list[str]:
        new = (shown for shown in screen.messages[self._mark :] if shown.ours)
        return [choice.url for shown in new for choice in shown.choices if choice.url]


def button(shown: Shown, label: str) -> Choosable | None:
    """Return the button of a message that stands for what begins so."""
    return named(shown, label)


def button_with_id(screen: Screen, choice: str) -> Choosable | None:
    """Return the button with this id, if it is still there."""
    return next((c for m in screen.messages for c in m.choices if c.id == choice), None)


def _latest(screen: Screen, label: str) -> Choosable | None:
    found = (button(shown, label) for shown in reversed(screen.messages))
    return next((choice for choice in found if choice is not None), None)

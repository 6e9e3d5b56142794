"""The composition root: the only place where parts are wired together."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from bridge.clock import SystemClock, SystemIds
from bridge.commands_api import command_routes
from bridge.conversation.world import Rules
from bridge.delivery import Delivery
from bridge.hosting import ChannelHost
from bridge.http import HttpParts, Readiness, create_app
from bridge.inputs import ChoiceMode
from bridge.logs import logger
from bridge.mailboxes import Mailboxes
from bridge.metrics import Metrics
from bridge.parts import Parts
from bridge.protocol.adapter import Lifecycle, Listening, Webhooks
from bridge.protocol.errors import Misconfigured, NotKept
from bridge.schemas import Schemas
from bridge.server import Server
from bridge.settings import ApiKey, Settings, loopback
from bridge.store.database import Database, path_of
from bridge.store.errors import StoreError
from bridge.store.purging import purge
from bridge.store.tables import thread
from bridge.timers import Timers
from bridge.upstream import auth
from bridge.upstream.client import UpstreamClient
from bridge.upstream.limiter import Limiter
from bridge.upstream.pacing import Pace

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from typing import Any

    from bridge.forms import Catalogue
    from bridge.protocol.adapter import Adapter, AdapterSettings, Descriptor
    from bridge.protocol.host import Clock, Ids
    from bridge.settings import Wix
    from bridge.upstream.port import Upstream

_DAY = 86_400.0

_log = logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that is on: its descriptor and its settings."""

    descriptor: Descriptor
    settings: AdapterSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What tests, the demo and benchmarks set; nothing here is a setting of operators.

    `rules`: changes to the rules that follow from the settings. `lock_wait` in seconds.
    """

    clock: Clock = field(default_factory=SystemClock)
    ids: Ids = field(default_factory=SystemIds)
    upstream: Upstream | None = None
    rules: Mapping[str, object] = field(default_factory=dict[str, object])
    lock_wait: float = 30.0
    serve: bool = True


class App:
    """One running bridge."""

    def __init__(self, settings: Settings, parts: Parts, options: Options) -> None:
        self.settings = settings
        self.parts = parts
        self._options = options
        self.timers = Timers(parts)
        self.delivery = Delivery(parts)
        self.mailboxes = Mailboxes(parts, self.delivery, self.timers)
        parts.post = self.mailboxes.post
        parts.quiet = self.mailboxes.rested
        self.adapters: dict[str, Adapter] = {}
        self.failed: dict[str, str] = {}
        self.server: Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ready = False

    @classmethod
    async def open(
        cls,
        settings: Settings,
        catalogue: Catalogue,
        channels: Sequence[Channel],
        options: Options | None = None,
    ) -> App:
        """Wire the parts. Raises StoreError where the database can't be had."""
        options = options or Options()
        clock = options.clock
        database = await Database.open(
            path_of(settings.database_url), clock, wait=options.lock_wait
        )
        upstream = options.upstream or upstream_of(settings.wix, clock)
        rate = settings.wix.rate_per_minute if settings.wix else 0
        parts = Parts(
            clock=clock,
            ids=options.ids,
            database=database,
            upstream=upstream,
            limiter=Limiter(rate, clock, Pace(clock)),
            schemas=Schemas(upstream, clock),
            catalogue=catalogue,
            rules=replace(rules_of(settings), **options.rules),  # type: ignore[arg-type] # tests
            metrics=Metrics(),
            adapters={},
        )
        app = cls(settings, parts, options)
        app.build(channels)
        return app

    def build(self, channels: Sequence[Channel]) -> None:
        """Load the adapters; one that can't be loaded is told of and stops no other."""
        for channel in channels:
            name = channel.descriptor.name
            host = ChannelHost(self.parts, self.mailboxes, name, self.settings.public_url)
            try:
                self.adapters[name] = channel.descriptor.build(channel.settings, host)
            except Exception as error:  # noqa: BLE001 - a foreign adapter may raise anything
                self.failed[name] = type(error).__name__
                _log.error("channel not loaded", cause=error, channel=name)
        self.parts.adapters = self.adapters

    async def start(self) -> None:
        """Take up what was left, serve HTTP, start the channels. Raises CannotListen."""
        taken = await self.mailboxes.recover()
        if taken:
            _log.info("taken up", threads=taken)
        if self._options.serve:
            self.server = Server(
                create_app(self._http_parts()), host=self.settings.host, port=self.settings.port
            )
            await self.server.start()
        self._spawn(self.timers.run(), "timers")
        self._spawn(self._housekeep(), "housekeeping")
        forms = {entry.form_id for entry in self.parts.catalogue.entries}
        self._spawn(self.parts.schemas.warm(sorted(forms)), "schemas")
        self._ready = True
        for name, adapter in self.adapters.items():
            task = self._spawn(self._run_channel(name, adapter), f"channel-{name}")
            self._running[name] = task

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run_channel(self, name: str, adapter: Adapter) -> None:
        """Set a channel up and listen; its failures are its own."""
        try:
            if isinstance(adapter, Lifecycle):
                await adapter.start()
            if isinstance(adapter, Listening):
                await adapter.listen()
        except Misconfigured as error:
            self.failed[name] = str(error)
            _log.error("channel not started", channel=name, advice=str(error))
        except Exception as error:  # noqa: BLE001 - a foreign adapter may raise anything
            self.failed[name] = type(error).__name__
            _log.error("channel failed", cause=error, channel=name)

    async def listened(self, name: str) -> None:
        """Return when the channel's source has ended (standard input), or the channel failed."""
        if task := self._running.get(name):
            await asyncio.gather(task, return_exceptions=True)

    async def settled(self) -> None:
        """Return when nothing is under way on any thread: no event, no turn, no delivery.

        Every thread's mailbox is read into memory: for a demo and for tests.
        """
        while True:
            rows = await self.parts.database.rows(select(thread.c.id))
            boxes = [await self.mailboxes.of_thread(row[0]) for row in rows]
            if all(box.settled for box in boxes):
                return
            for box in boxes:
                await box.wait_settled()

    @property
    def busy(self) -> bool:
        """Whether a decision, an answer or a delivery is still to come."""
        return self.mailboxes.sending or self.delivery.waiting > 0

    def _http_parts(self) -> HttpParts:
        token = self.settings.api_token
        return HttpParts(
            metrics=self.parts.metrics,
            readiness=self.readiness,
            channels={
                name: adapter
                for name, adapter in self.adapters.items()
                if isinstance(adapter, Webhooks)
            },
            api=command_routes(self.parts.database, self.mailboxes.evict),
            api_token=token.get_secret_value() if token else "",
            unavailable=(NotKept,),
        )

    async def _housekeep(self) -> None:
        """Purge what has been kept long enough, at the start and once a day."""
        while True:
            now = self.parts.clock.now()
            try:
                await purge(self.parts.database, now, self.settings.retention_days)
            except StoreError as error:
                _log.error("not purged", cause=error)
            await self.parts.clock.sleep(_DAY)

    def readiness(self) -> Readiness:
        """Say whether work can be taken, from memory."""
        metrics = self.parts.metrics
        metrics.mailboxes_active(self.mailboxes.active)
        metrics.outbox_ready(self.delivery.waiting)
        metrics.links_owed(self.timers.links_owed)
        metrics.upstream_waiting(self.parts.limiter.waiting)
        checks: dict[str, bool | str] = {"database": self._ready}
        troubles = {name: what for name, what in self.parts.troubles.items() if what}
        known = {**troubles, **self.failed}
        checks |= {name: known.get(name, True) for name in (*self.adapters, *self.failed)}
        usable = any(name not in self.failed for name in self.adapters)
        return Readiness(ready=self._ready and usable, checks=checks)

    async def stop(self) -> None:
        """Take nothing new, finish what is under way within STOP_GRACE, close everything."""
        self._ready = False
        deadline = self.parts.clock.monotonic() + self.settings.stop_grace
        if self.server is not None:
            await self.server.stop()
        for task in self._running.values():
            task.cancel()
        await self._come_to_rest(deadline)
        await self.mailboxes.stop()
        await self.delivery.stop(max(0.5, deadline - self.parts.clock.monotonic()))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._close()

    async def _come_to_rest(self, deadline: float) -> None:
        """Give answers that are under way time to come: they would be unknown otherwise."""
        while self.mailboxes.sending or self.delivery.under_way:
            if self.parts.clock.monotonic() >= deadline - 1.0:
                _log.warning("stopped before all answers came")
                return
            await asyncio.sleep(0.05)

    async def _close(self) -> None:
        for name, adapter in self.adapters.items():
            if isinstance(adapter, Lifecycle):
                with contextlib.suppress(Exception):
                    await adapter.stop()
                    _log.debug("channel stopped", channel=name)
        await self.parts.upstream.aclose()
        await self.parts.database.close()


def rules_of(settings: Settings) -> Rules:
    """Return the rules that follow from the settings."""
    return Rules(
        choice=ChoiceMode(settings.wix_choice),
        waiting_texts=settings.waiting_texts,
        turns_per_hour=settings.turns_per_hour,
        checkout_hosts=settings.checkout_hosts,
        loopback_links=loopback(settings.wix_base_url),
    )


def credentials_of(wix: Wix, clock: Clock) -> auth.Credentials:
    """Return who we are for the upstream."""
    login = wix.credentials
    if isinstance(login, ApiKey):
        return auth.ApiKey(login.key, login.site)
    return auth.ClientCredentials(login.app, login.secret, login.instance, clock=clock)


def upstream_of(wix: Wix | None, clock: Clock) -> Upstream:
    """Return the client for these settings. Raises ValueError without credentials."""
    if wix is None:
        raise ValueError("there are no credentials for the upstream")
    return UpstreamClient(
        credentials_of(wix, clock),
        clock=clock,
        base_url=wix.base_url,
        checkout=wix.checkout,
        streaming=wix.streaming,
    )

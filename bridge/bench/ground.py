"""Where a channel is measured: its crowd, an instant upstream, and in turn the bridge or nothing.

The crowd and the upstream are processes of their own and stay; the bridge runs in ours as it does
in production, on a database of its own each time.
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pydantic import SecretStr

from bridge.app import App, Channel, Options
from bridge.bench.children import START_SECONDS, Child, child
from bridge.bench.crowd import Outcome, Play
from bridge.bench.instant import FORM
from bridge.channels import chosen
from bridge.clock import SystemClock
from bridge.forms import Catalogue, FormEntry
from bridge.settings import read_settings
from bridge.upstream.auth import ApiKey
from bridge.upstream.chunks import TextChunk
from bridge.upstream.client import UpstreamClient

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from bridge.bench.subject import Subject
    from bridge.protocol.adapter import Ask, Bench

HOST = "127.0.0.1"
_KEY, _SITE = "bench-key", "bench-site"
_SLACK = 30.0
"""Seconds for a child to answer beyond what it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is there. `environ`: of a bridge on this ground, without its database."""

    subject: Subject
    crowd: Child
    environ: Mapping[str, str]
    upstream_url: str

    @property
    def url(self) -> str:
        """Where the bridge listens."""
        return f"http://{HOST}:{self.environ['PORT']}"

    async def play(self, play: Play) -> Outcome:
        """Have the crowd do this. Raises `ChildGone`."""
        told = await self.crowd.ask(asdict(play), play.within + _SLACK)
        return Outcome(**told)  # type: ignore[arg-type] # the crowd's own words


@asynccontextmanager
async def ground(subject: Subject) -> AsyncGenerator[Ground]:
    """Start the crowd and the upstream. Raises `ChildGone`."""
    port = _free_port()
    async with AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(child("bridge.bench.instant"))
        url = f"http://{HOST}:{port}"
        crowd = await stack.enter_async_context(child("bridge.bench.crowd", subject.reference, url))
        upstream_url = str((await upstream.told(START_SECONDS))["url"])
        given = cast("Mapping[str, str]", (await crowd.told(START_SECONDS))["environ"])
        environ = {**_core(upstream_url, port), **given}
        yield Ground(subject=subject, crowd=crowd, environ=environ, upstream_url=upstream_url)


def _core(upstream_url: str, port: int) -> Mapping[str, str]:
    return {
        "HOST": HOST,
        "PORT": str(port),
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "WIX_BASE_URL": upstream_url,
        "WIX_API_KEY": _KEY,
        "WIX_SITE_ID": _SITE,
        "WAITING_TEXTS": "1000",
        "TURNS_PER_HOUR": "0",
        "STOP_GRACE": "3",
    }


def _free_port() -> int:
    """Return a port that is free now: a stand-in must know the bridge's before it starts."""
    with socket.create_server((HOST, 0)) as listening:
        return int(listening.getsockname()[1])


@asynccontextmanager
async def bridge(
    ground: Ground, *, merging: bool, more: Mapping[str, str] | None = None
) -> AsyncGenerator[None]:
    """Run a bridge; without `merging` each message is a turn of its own."""
    with tempfile.TemporaryDirectory(prefix="threadform-bench-") as folder:
        database = f"sqlite:///{Path(folder) / 'bench.db'}"
        environ = {**ground.environ, **(more or {}), "DATABASE_URL": database}
        channel = chosen(ground.subject.descriptor, environ)
        app = await App.open(
            read_settings(environ),
            Catalogue(entries=(FormEntry(slug="bench", form_id=FORM, title="Bench"),)),
            [Channel(descriptor=channel.descriptor, settings=channel.settings)],
            Options(rules={"merging": merging}),
        )
        try:
            await app.start()
            yield
        finally:
            await app.stop()


@asynccontextmanager
async def bare(ground: Ground) -> AsyncGenerator[None]:
    """Run the channel's bare loop; where it fails, so does whoever waits for its answers."""
    client = UpstreamClient(
        ApiKey(SecretStr(_KEY), _SITE), clock=SystemClock(), base_url=ground.upstream_url
    )
    try:
        ask = await _asking(client)
        async with asyncio.TaskGroup() as tasks:
            loop = tasks.create_task(_run(ground.subject.bench(), ground.environ, ask))
            yield
            loop.cancel()
    finally:
        await client.aclose()


async def _run(bench: Bench, environ: Mapping[str, str], ask: Ask) -> None:
    await bench.bare(environ, ask)


async def _asking(client: UpstreamClient) -> Ask:
    """Return what makes one request of a text: a message to a session of its own."""
    opened = await client.create(FORM, values=None, dry_run=False, client_time=None)

    async def ask(text: str) -> str:
        answer = await client.send(opened.session, text=text, values=None)
        return "".join(chunk.text for chunk in answer.chunks if isinstance(chunk, TextChunk))

    return ask

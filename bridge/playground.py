"""A sandbox and a bridge in this process, on free loopback ports, that leave nothing behind.

Knows: how to wire them for one channel. Must not know: what is played there.
"""

from __future__ import annotations

import io
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from bridge import logs
from bridge.app import App, Channel, Options
from bridge.channels import chosen
from bridge.forms import Catalogue, FormEntry
from bridge.sandbox.config import API_KEY, SITE_ID, SandboxConfig
from bridge.sandbox.forms import shipped
from bridge.sandbox.server import SandboxServer
from bridge.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from bridge.protocol.adapter import Descriptor
    from bridge.protocol.threads import JsonObject

DESCRIPTIONS = {
    "cake": "A party cake, ordered and paid",
    "equipment": "A request of an employee, nothing to pay",
    "event": "A registration with many kinds of answers",
    "everything": "Every kind of field and widget there is",
}
"""Of the sandbox's forms, by slug."""

FIRST_LOOK = 0.5
"""Seconds after which a payment is looked for: people watch the screen, and nobody is rated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """One running pair. `sandbox_url` without a slash at its end."""

    app: App
    sandbox_url: str


def catalogue_of(
    channel: str, default: str, prefill: JsonObject | None = None, *, dry_run: bool = False
) -> Catalogue:
    """Return the sandbox's forms, `default` to be begun by its slug or any first message.

    `prefill` and `dry_run` are for the default form alone.
    """
    entries = tuple(
        _entry(slug, cast("JsonObject", raw["form"])) for slug, raw in shipped().items()
    )
    return Catalogue(
        tuple(
            replace(entry, default_for=(channel,), prefill=prefill or {}, dry_run=dry_run)
            if entry.slug == default
            else entry
            for entry in entries
        )
    )


def _entry(slug: str, form: JsonObject) -> FormEntry:
    return FormEntry(
        slug=slug,
        form_id=str(form["id"]),
        title=str(form["name"]),
        description=DESCRIPTIONS.get(slug, ""),
        keywords=(slug,),
    )


@asynccontextmanager
async def playground(
    descriptor: Descriptor, catalogue: Catalogue, environ: Mapping[str, str], *, port: int = 0
) -> AsyncGenerator[Playground]:
    """Run a bridge with this one channel against a sandbox of its own.

    `environ`: the channel's variables; `port`: of the bridge, 0 for a free one. Raises
    SettingsError, SandboxUnfit, CannotListen.
    """
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="threadform-"))
        sandbox_url = await stack.enter_async_context(SandboxServer(config=SandboxConfig()))
        channel = chosen(descriptor, environ)
        app = await App.open(
            read_settings({**_address(environ), **_environ(sandbox_url, Path(folder), port)}),
            catalogue,
            [Channel(descriptor=channel.descriptor, settings=channel.settings)],
            Options(rules={"payment_first_look": FIRST_LOOK, "payment_longest_pause": 1.0}),
        )
        stack.push_async_callback(app.stop)
        await app.start()
        yield Playground(app=app, sandbox_url=sandbox_url)


def _address(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where a platform that sends its events to us finds us; it is no channel's variable."""
    return {name: environ[name] for name in ("PUBLIC_URL",) if name in environ}


def _environ(sandbox_url: str, folder: Path, port: int) -> Mapping[str, str]:
    return {
        "WIX_BASE_URL": sandbox_url,
        "WIX_API_KEY": API_KEY,
        "WIX_SITE_ID": SITE_ID,
        "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "PORT": str(port),
        "STOP_GRACE": "3",
    }


def quiet(log: TextIO | None = None) -> None:
    """Keep log lines out of the chat: warnings go to `log`, or nowhere."""
    logs.set_up(level="WARNING", stream=log or cast("TextIO", _Nowhere()))


class _Nowhere(io.TextIOBase):
    """A stream that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)

"""A platform in miniature, shipped with its adapter.

It speaks the platform's HTTP API (for the console: a pair of pipes), refuses what the real one
refuses, and draws what the person sees from the requests that it received. It serves the tests,
the tour, the demo and the benchmarks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosable:
    """Something to tap: `label` as shown, `id` to be given to `tap`."""

    id: str
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message as the person sees it now."""

    ours: bool
    text: str
    choices: tuple[Choosable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What one person sees; `version` grows with every change."""

    version: int = 0
    messages: tuple[Shown, ...] = ()
    toast: str = ""
    links: tuple[str, ...] = field(default=())
    """Every address that can be opened, in the order in which it was shown."""


class StandIn(Protocol):
    """What the core uses of a stand-in."""

    async def start(self, bridge_url: str) -> Mapping[str, str]:
        """Start on a free loopback port; return the environment that points an adapter at it.

        `bridge_url` is where the bridge's HTTP server will listen.
        """
        ...

    async def stop(self) -> None:
        """End it."""
        ...

    async def type(self, text: str, *, person: str = "ada") -> None:
        """Send a message as this person; returns when the bridge has taken it."""
        ...

    async def tap(self, choice: str, *, person: str = "ada") -> None:
        """Tap the choice with this id; where nothing can be tapped, type it.

        Returns when the bridge has taken it.
        """
        ...

    def screen(self, *, person: str = "ada") -> Screen:
        """Return what the person sees."""
        ...

    async def changed(self, after: int, *, person: str = "ada") -> Screen:
        """Wait until the screen's version is over `after`; return it."""
        ...

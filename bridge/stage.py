"""A stand-in, and a playground whose one channel points at it.

Knows: how to start both. Must not know: any channel by more than its descriptor.
"""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.playground import playground

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bridge.forms import Catalogue
    from bridge.playground import Playground
    from bridge.protocol.adapter import Descriptor
    from bridge.protocol.standin import StandIn


class Unplayable(Exception):
    """The channel can't be shown here; the text says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What runs: the platform in miniature, and the bridge that it talks with."""

    standin: StandIn
    ground: Playground


@asynccontextmanager
async def staged(descriptor: Descriptor, catalogue: Catalogue) -> AsyncGenerator[Stage]:
    """Run both until left. Raises `Unplayable`, and what a playground raises."""
    standin = standin_of(descriptor)
    port = _free_port()
    environ = await standin.start(f"http://127.0.0.1:{port}")
    try:
        async with playground(descriptor, catalogue, environ, port=port) as ground:
            if descriptor.name not in ground.app.adapters:
                raise Unplayable(_lacking(descriptor))
            yield Stage(standin=standin, ground=ground)
    finally:
        await standin.stop()


def standin_of(descriptor: Descriptor) -> StandIn:
    """Return the channel's platform in miniature. Raises `Unplayable`."""
    if descriptor.standin is None:
        raise Unplayable(f"{descriptor.title} has no stand-in, so it can't be shown here.")
    try:
        return descriptor.standin()
    except ImportError:
        raise Unplayable(_lacking(descriptor)) from None


def _lacking(descriptor: Descriptor) -> str:
    extra = ",".join(descriptor.extra)
    wanted = f"'threadform[{extra}]'" if extra else "what its guide names"
    return f"{descriptor.title} can't be loaded here: install {wanted}."


def _free_port() -> int:
    """Return a port that is free now: a stand-in must know the bridge's before it starts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])

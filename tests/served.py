"""A sandbox in a thread of its own, for commands that run an event loop themselves."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridge.sandbox.config import SandboxConfig
from bridge.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def served(config: SandboxConfig | None = None) -> Iterator[str]:
    """Serve it while inside; the base address is what `as` gives."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = SandboxServer(config=config or SandboxConfig())
    try:
        yield asyncio.run_coroutine_threadsafe(server.start(), loop).result(20)
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


def environ_of(base_url: str) -> dict[str, str]:
    """Return the variables that point at a sandbox."""
    return {
        "WIX_BASE_URL": base_url,
        "WIX_API_KEY": "sandbox-key",
        "WIX_SITE_ID": "sandbox-site",
    }

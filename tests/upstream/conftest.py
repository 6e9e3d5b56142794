"""A scripted server on loopback, and clients of it."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bridge.upstream.auth import ApiKey
from bridge.upstream.client import UpstreamClient
from tests.upstream.loopback import scripted_server
from tests.upstream.manual_clock import ManualClock

KEY = ApiKey(SecretStr("the-key"), "the-site")


@pytest.fixture
async def server():
    """A server with an empty script."""
    async with scripted_server() as script:
        yield script


@pytest.fixture
async def connect(server):
    """Makes clients of the server; they are closed in the end."""
    made = []

    def make(**options):
        options.setdefault("base_url", server.url)
        made.append(UpstreamClient(KEY, clock=ManualClock(), **options))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()

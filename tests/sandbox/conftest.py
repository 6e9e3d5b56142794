"""A sandbox for every test that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from tests.sandbox.world import running

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of the tests that need Node and the official client."""
    config.addinivalue_line("markers", "js: needs Node and `make js`")


@pytest_asyncio.fixture
async def world(tmp_path):
    """Give a sandbox without faults."""
    async with running(tmp_path) as started:
        yield started

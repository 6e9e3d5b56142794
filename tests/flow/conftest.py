"""What stories are told with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from tests.flow.house import House, building

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path


@pytest_asyncio.fixture
async def build(tmp_path: Path) -> AsyncGenerator[Callable[..., Awaitable[House]]]:
    """Build houses by the arguments of `House`; whatever happens, they are pulled down."""
    async with building(tmp_path) as built:
        yield built

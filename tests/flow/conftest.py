"""What stories are told with."""

from __future__ import annotations

import itertools
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest_asyncio

from tests.flow.house import House

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path


@pytest_asyncio.fixture
async def build(tmp_path: Path) -> AsyncGenerator[Callable[..., Awaitable[House]]]:
    """Build houses by the arguments of `House`; whatever happens, they are pulled down."""
    count = itertools.count()
    async with AsyncExitStack() as stack:

        async def made(*, sandbox_up: bool = True, **how: object) -> House:
            folder = tmp_path / f"house-{next(count)}"
            folder.mkdir()
            house = House(folder, **how)
            stack.push_async_callback(house.stop)
            return await house.start(sandbox=sandbox_up)

        yield made

"""What stories on Telegram are told with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest_asyncio

from adapters.telegram import descriptor
from adapters.telegram.standin import TelegramStandIn
from tests.flow.house import building

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path

    from tests.flow.house import House
    from tests.flow.hurry import Hurrying

PACE = 0.01
"""How long the pauses of Telegram's server last, in real ones."""


@pytest_asyncio.fixture
async def build(tmp_path: Path) -> AsyncGenerator[Callable[..., Awaitable[House]]]:
    """Build houses on Telegram: by `mode` and `strict` of the stand-in, and as `House` says.

    `clock` is everybody's: Telegram's, the bridge's and the upstream's.
    """
    async with building(tmp_path) as built:

        async def on_telegram(
            mode: str = "polling",
            *,
            strict: bool = False,
            clock: Hurrying | None = None,
            **how: object,
        ) -> House:
            now = time.time if clock is None else clock.now
            phone = TelegramStandIn(mode, strict=strict, clock=now, pace=PACE)
            if clock is not None:
                how |= {"options": {"clock": clock}, "sandbox": {"clock": clock}}
            return await built(descriptor=descriptor, phone=phone, **how)

        yield on_telegram

"""Running a coroutine as a process that can be stopped: signals become an event, or an end."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from typing import Any

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def until_stopped(work: Coroutine[Any, Any, T]) -> T | None:
    """Run `work`; at the first signal it is cancelled and cleans up: then the result is None."""

    async def whole() -> T | None:
        task = asyncio.ensure_future(work)
        with on_signal(lambda _: task.cancel()):
            try:
                return await task
            except asyncio.CancelledError:
                return None

    return asyncio.run(whole())


@contextmanager
def on_signal(act: Callable[[int], object]) -> Generator[None]:
    """Call `act` with the count at each signal; the second one ends the process at once."""
    loop = asyncio.get_running_loop()
    count = 0

    def came() -> None:
        nonlocal count
        count += 1
        if count > 1:
            os._exit(1)
        act(count)

    for number in SIGNALS:
        loop.add_signal_handler(number, came)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)

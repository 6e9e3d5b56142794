"""Lines from a descriptor, read without ever blocking the loop.

A descriptor that the loop can't watch (a file) is always ready, so it is read directly. Reading is
cancellable: nothing waits inside a system call.
"""

from __future__ import annotations

import asyncio
import codecs
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_AT_ONCE = 65_536
"""Bytes of one read."""


async def lines(descriptor: int) -> AsyncIterator[str]:
    """Yield every line without its end, the last one also where it has none, until the input ends.

    What is not UTF-8 is replaced.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while data := await _some(descriptor):
        *whole, rest = (rest + decoder.decode(data)).split("\n")
        for line in whole:
            yield line.removesuffix("\r")
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


async def _some(descriptor: int) -> bytes:
    """Return some bytes, or none at the end of the input."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(descriptor, ready.set)
    except OSError:
        return os.read(descriptor, _AT_ONCE)  # not to be watched, so always ready
    try:
        await ready.wait()
        return os.read(descriptor, _AT_ONCE)
    finally:
        loop.remove_reader(descriptor)

"""What a browser does at the sandbox's checkout page, over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from bridge.sandbox.ledger import Act

_SECONDS = 10


class TillError(Exception):
    """The page did not answer as it should; the text says what to do."""


async def press(checkout_url: str, button: Act) -> None:
    """Open the page and press a button on it. Raises `TillError`."""
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as browser:
            await _see(await browser.get(checkout_url))
            await _see(await browser.post(f"{checkout_url}/{button.value}"))
    except (aiohttp.ClientError, TimeoutError):
        raise TillError("The checkout page does not answer: is the sandbox running?") from None


async def _see(page: aiohttp.ClientResponse) -> None:
    async with page:
        await page.read()
        if page.status != HTTPStatus.OK:
            raise TillError(f"The checkout page answered {page.status}: use the latest link.")

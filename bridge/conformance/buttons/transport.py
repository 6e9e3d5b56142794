"""The platform's API over HTTP: the adapter's only I/O."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import aiohttp

from bridge.protocol.calls import Delivered, Refusal, Rejected, RetryLater, Uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.conformance.buttons.settings import ButtonsSettings
    from bridge.protocol.calls import Outcome
    from bridge.protocol.threads import Json

_BUCKETS = {"chat": "chat", "all": "all", "group": "group"}


class Client:
    """Makes calls; opened by `start`, and again by the first call after it was closed."""

    def __init__(self, settings: ButtonsSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> aiohttp.ClientSession:
        """Return the session."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=self._settings.timeout),
            )
        return self._session

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, method: str, body: Mapping[str, Json], mark: str = "") -> Outcome:
        """Make one call; whatever happens is an outcome."""
        headers = {"Authorization": f"Bearer {self._settings.token.get_secret_value()}"}
        if mark:
            headers["X-Mark"] = mark
        url = f"{self._settings.api_url}/{method}"
        try:
            async with self.open().post(url, json=body, headers=headers) as response:
                return read_outcome(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return failed(error)


def failed(error: BaseException) -> Outcome:
    """Return what an exception means: only a connection never made is certainly not sent."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return RetryLater(reason="unreachable")
    return Uncertain(reason=type(error).__name__)


def read_outcome(status: int, body: bytes) -> Outcome:
    """Return what the platform's answer means."""
    answer = _read(body)
    code = str(answer.get("code", ""))[:40]
    match status:
        case 200:
            return _delivered(answer.get("id"))
        case 429:
            bucket = _BUCKETS.get(str(answer.get("bucket", "")))
            return RetryLater(after=_seconds(answer), bucket=bucket, reason="too many")
        case 401:
            # A wrong token is put right by a person: nothing may be lost meanwhile.
            return RetryLater(after=60.0, bucket="all", reason="token refused")
        case 403:
            return Rejected(refusal=Refusal.THREAD_GONE, reason=code)
        case _ if 400 <= status < 500:  # noqa: PLR2004 - the class of statuses
            return Rejected(refusal=Refusal.CALL_BAD, reason=code)
        case _:
            return Uncertain(reason=f"status {status}")


def _delivered(receipt: object) -> Outcome:
    if isinstance(receipt, str):
        return Delivered(receipt=receipt)
    return Uncertain(reason="unreadable answer")


def _read(body: bytes) -> Mapping[str, object]:
    try:
        answer: object = json.loads(body)
    except ValueError:
        return {}
    return cast("Mapping[str, object]", answer) if isinstance(answer, dict) else {}


def _seconds(answer: Mapping[str, object]) -> float | None:
    after = answer.get("retry_after")
    return float(after) if isinstance(after, int | float) else None

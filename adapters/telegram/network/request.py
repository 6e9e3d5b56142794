"""Requests of the library over aiohttp, made once.

Knows: HTTP. Must not know: any method of the Bot API. What an answer or a broken connection means
for a call is decided in `failures`; here is kept what it takes to decide it: the cause of a broken
connection, and that a flood is a flood even where its answer can't be read.

The bot's token stands in every address: no address is logged, and no error of ours holds one.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput  # the library's own word in this signature
    from telegram.request import RequestData

CONNECT_SECONDS = 10.0
"""Seconds to wait for a free connection and to connect; over it certainly nothing was sent."""
SEND_SECONDS = 15.0
"""Seconds for a request in all; the library's 5 are too few when Telegram is slow."""
KEEPALIVE_SECONDS = 4.0
"""Seconds an idle connection is kept. Less than servers keep theirs (5 s is the shortest usual): a
send that meets the closing of its connection may or may not have arrived."""

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_MAPPED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT})
"""Refusals that the library tells apart by their status."""
_REFUSED_TOKEN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND})


class Throttled(TelegramError):
    """A 429: certainly not taken. `after` in seconds, None where the answer doesn't say.

    Ours, because the library makes its `RetryAfter` only of an answer that says how long.
    """

    __slots__ = ("after",)

    def __init__(self, after: float | None) -> None:
        super().__init__("Telegram asks to wait")
        self.after = after


class AiohttpRequest(BaseRequest):
    """A pool of connections, opened by the first request, and again after it was closed."""

    __slots__ = ("_connections", "_session", "_timeout")

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._timeout = _timeout(SEND_SECONDS)

    @property
    def read_timeout(self) -> float:
        """Seconds for a request in all, unless it asks for others."""
        return SEND_SECONDS

    async def initialize(self) -> None:
        """Open the pool."""
        self._opened()

    async def shutdown(self) -> None:
        """Close the pool."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return status and body of an answer that the library may map.

        `read_timeout`: seconds in all. Raises `Throttled`, and `NetworkError` with the exception
        that broke the connection as its cause, or without one for an answer that can't be read.
        """
        del write_timeout, connect_timeout, pool_timeout  # there is one limit for all
        timeout = _timeout(read_timeout) if isinstance(read_timeout, int | float) else self._timeout
        try:
            async with self._opened().request(
                method,
                url,
                data=_form(request_data),
                headers=_FORM,
                timeout=timeout,
                allow_redirects=False,  # it would take the token elsewhere
            ) as response:
                return _checked(response.status, await _body(response))
        except TelegramError:
            raise
        except TimeoutError as error:
            raise TimedOut("no answer in time") from error
        except Exception as error:
            raise NetworkError("the connection failed") from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the object that an answer holds; the library's own logs what it can't read."""
        answer = _object(payload)
        if answer is None:
            raise NetworkError("the answer can't be read")
        return answer

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEPALIVE_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS)


def _form(data: RequestData | None) -> bytes | None:
    """Return the parameters as the library writes them; halves of surrogate pairs become "?"."""
    if data is None:
        return None
    return data.url_encoded_parameters({"errors": "replace"}).encode()


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Return the whole body; of a flood what there is, since its status says enough."""
    try:
        return await response.read()
    except aiohttp.ClientError:
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            return b""
        raise


def _checked(status: int, body: bytes) -> tuple[int, bytes]:
    """Return what the library maps rightly; raise what it would confuse.

    A refusal without an object of the Bot API in it is none of Telegram's: a proxy's 403 must not
    look like a person who has blocked us.
    """
    if status < HTTPStatus.MULTIPLE_CHOICES or status in _REFUSED_TOKEN:
        return status, body
    answer = _object(body)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Throttled(_seconds(answer or {}))
    if answer is None or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NetworkError(f"no answer of the Bot API, status {status}")
    return (status if status in _MAPPED else HTTPStatus.BAD_REQUEST), body


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        answer: object = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else None


def _seconds(answer: dict[str, Any]) -> float | None:
    """Return how long to wait; a number that makes no sense says nothing."""
    parameters: object = answer.get("parameters")
    if not isinstance(parameters, dict):
        return None
    after: object = cast("dict[str, object]", parameters).get("retry_after")
    if isinstance(after, bool) or not isinstance(after, int | float) or not after > 0:
        return None
    return min(float(after), _LONGEST_FLOOD)


_LONGEST_FLOOD = 86_400.0
"""Seconds; what asks for more is no answer of Telegram's."""

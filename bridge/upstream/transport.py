"""Requests to the upstream over HTTP: credentials, limits, errors, logs. Knows no endpoint.

Law: a request is made once. The one exception is a 401 (not processed): with new credentials it
is made once more. What an exception means is decided in `from_exception` alone, by its chain of
causes. Logs hold the call's name, status, request id and duration, no path, no body.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bridge.logs import logger
from bridge.upstream.errors import (
    REQUEST_ID,
    AnswerLost,
    Refused,
    Unreachable,
    UpstreamError,
    from_status,
    plain_id,
)
from bridge.upstream.stream import read_json

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
    from ssl import SSLContext

    from bridge.protocol.host import Clock
    from bridge.protocol.threads import Json, JsonObject
    from bridge.upstream.auth import Credentials

T = TypeVar("T")

MAX_BODY = 8 * 1024 * 1024
"""Bytes of one response, unpacked; more is not read."""
MAX_CONSISTENT = 4096
"""Characters of an X-Wix-Consistent that are sent back; a longer one is left out."""
KEEPALIVE = 4.0
"""Seconds an idle connection is kept: less than servers keep theirs (5 s is the shortest usual),
since a send that meets the closing of its connection is lost."""
POOL_WAIT = 30.0
"""Seconds to wait for a free connection; over it nothing was sent."""

STREAM = "text/event-stream, application/x-ndjson, application/json;q=0.9"
DOCUMENT = "application/json"

_CONSISTENT = "x-wix-consistent"
_log = logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for a request in all."""

    connect: float = 10.0
    read: float = 90.0
    whole: float = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request; `name` is for logs, `session` the one that is sent to (else None)."""

    name: str
    method: str
    path: str = field(repr=False)
    body: JsonObject | None = field(default=None, repr=False)
    session: str | None = field(default=None, repr=False)
    accept: str = DOCUMENT


def segment(value: str) -> str:
    """Return an id as one segment of a path; one that could change the path is refused."""
    if not value.strip("."):
        raise Refused("An id is empty or made of dots: check the form id in the catalogue")
    return quote(value, safe="", errors="replace")


def from_exception(error: Exception, *, request_id: str = "") -> UpstreamError:
    """Return what an exception of the transport means; the one place that maps them.

    httpx-aiohttp reports a connection that was refused and one that was dropped after the request
    alike, so the chain of causes is asked. What is not known to come before sending is lost.
    """
    if any(isinstance(cause, _NEVER_SENT) for cause in _causes(error)):
        return Unreachable("The upstream can't be reached: check WIX_BASE_URL and the network")
    return AnswerLost(
        "The connection broke before the answer was whole: nobody knows whether it was processed",
        request_id=request_id,
    )


_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


class Transport:
    """One upstream: its address, our credentials, a pool of connections."""

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        clock: Clock,
        timeouts: Timeouts,
        connections: int,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._credentials = credentials
        self._clock = clock
        self._whole = timeouts.whole
        self._client = _http_client(self._base_url, timeouts, connections)
        self._consistent = ""

    async def document(self, call: Call) -> JsonObject:
        """Make a request; return the JSON object that it is answered with."""
        return await self._authorised(call, self._document)

    async def stream(self, call: Call, read: Callable[[httpx.Response], Awaitable[T]]) -> T:
        """Make a request; return what `read` makes of its open 2xx response."""

        async def open_and_read(call: Call, headers: Mapping[str, str]) -> T:
            async with self._answered(call, headers) as response:
                return await read(response)

        return await self._authorised(call, open_and_read)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _authorised(
        self, call: Call, make: Callable[[Call, Mapping[str, str]], Awaitable[T]]
    ) -> T:
        headers = await self._credentials.headers(self._post)
        try:
            return await make(call, headers)
        except _Unauthorised as refusal:
            if not self._credentials.renew(headers):
                raise refusal.error from None
        try:
            return await make(call, await self._credentials.headers(self._post))
        except _Unauthorised as refusal:
            raise refusal.error from None

    async def _post(self, path: str, body: JsonObject) -> JsonObject:
        """Make a request without credentials: for a token."""
        try:
            return await self._document(Call(name="token", method="POST", path=path, body=body), {})
        except _Unauthorised as refusal:
            raise refusal.error from None

    async def _document(self, call: Call, headers: Mapping[str, str]) -> JsonObject:
        async with self._answered(call, headers) as response:
            return read_object(await _whole_body(response))

    @asynccontextmanager
    async def _answered(
        self, call: Call, headers: Mapping[str, str]
    ) -> AsyncGenerator[httpx.Response, None]:
        """Make the request once; enter with an open 2xx response, or raise what happened."""
        request = self._request(call, headers)
        seen = _Seen(began=self._clock.monotonic())
        try:
            async with asyncio.timeout(self._whole):
                response = await self._client.send(request, stream=True)
                seen.take(response)
                async with aclosing(response):
                    await self._accept(call, response)
                    yield response
        except (UpstreamError, _Unauthorised) as error:
            seen.outcome = type(error).__name__
            raise
        except Exception as error:  # noqa: BLE001 - what is unknown counts as lost, never as unsent
            meaning = from_exception(error, request_id=seen.request_id)
            seen.outcome = type(meaning).__name__
            raise meaning from None
        finally:
            seen.log(call, self._clock.monotonic())

    def _request(self, call: Call, headers: Mapping[str, str]) -> httpx.Request:
        sent = {"Accept": call.accept, **headers}
        if self._consistent:
            sent[_CONSISTENT] = self._consistent
        if call.body is None:
            return self._client.build_request(call.method, self._base_url + call.path, headers=sent)
        return self._client.build_request(
            call.method,
            self._base_url + call.path,
            headers={"Content-Type": "application/json", **sent},
            content=write_json(call.body),
        )

    async def _accept(self, call: Call, response: httpx.Response) -> None:
        """Note what the response says beside its body; raise where it is no success."""
        consistent = response.headers.get(_CONSISTENT, "")
        if 0 < len(consistent) <= MAX_CONSISTENT:
            self._consistent = consistent
        if response.is_success:
            return
        error = from_status(
            response.status_code,
            response.headers,
            await _error_body(response),
            now=self._clock.now(),
            session=call.session,
        )
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise _Unauthorised(error)
        raise error


class _Unauthorised(Exception):
    """A 401 on the wire: not processed."""

    def __init__(self, error: UpstreamError) -> None:
        super().__init__()
        self.error = error


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What the log says of one request."""

    began: float
    status: int = 0
    request_id: str = ""
    outcome: str = ""

    def take(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.request_id = plain_id(response.headers.get(REQUEST_ID, ""))

    def log(self, call: Call, now: float) -> None:
        write = _log.info if self.outcome else _log.debug
        write(
            "upstream call",
            call=call.name,
            status=self.status,
            outcome=self.outcome,
            request_id=self.request_id,
            seconds=round(now - self.began, 3),
        )


async def body_of(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield the unpacked body, up to `MAX_BODY`."""
    size = 0
    async for data in response.aiter_bytes():
        size += len(data)
        if size > MAX_BODY:
            raise AnswerLost("The upstream's answer is too long to be read")
        yield data


async def _whole_body(response: httpx.Response) -> bytes:
    return b"".join([data async for data in body_of(response)])


async def _error_body(response: httpx.Response) -> JsonObject:
    """Return the body of a refusal; {} where there is none: its status is known all the same."""
    try:
        return read_object(await _whole_body(response))
    except (httpx.HTTPError, aiohttp.ClientError, AnswerLost):
        return {}


def read_object(body: bytes) -> JsonObject:
    """Return the JSON object that a body holds."""
    try:
        value = read_json(body)
    except ValueError:
        value = None
    if not isinstance(value, Mapping):
        raise AnswerLost("The upstream answered something else than a JSON object")
    return value


def write_json(body: JsonObject) -> bytes:
    """Return a body as it is sent; halves of surrogate pairs become "?"."""
    return json.dumps(body, ensure_ascii=False, default=_plain).encode(errors="replace")


def _plain(value: JsonObject) -> dict[str, Json]:
    """Return a mapping that the JSON encoder doesn't know as one that it does."""
    return dict(value)


def _http_client(base_url: str, timeouts: Timeouts, connections: int) -> httpx.AsyncClient:
    """Return the client: no proxies of the environment, no cookies, no redirects."""
    address = httpx.URL(base_url)
    if address.scheme not in {"http", "https"} or not address.host:
        raise Refused("WIX_BASE_URL is no http(s) address: write it like https://www.wixapis.com")
    verify = httpx.create_ssl_context() if address.scheme == "https" else False
    transport = AiohttpTransport(
        verify=verify, trust_env=False, client=lambda: _session(verify or True, connections)
    )
    return httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": "threadform"},
        timeout=httpx.Timeout(timeouts.read, connect=timeouts.connect, pool=POOL_WAIT),
    )


def _session(verify: SSLContext | bool, connections: int) -> aiohttp.ClientSession:  # noqa: FBT001 - the connector's own argument
    """Return the session beneath; made inside the loop. The limits are its connector's."""
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=KEEPALIVE, ssl=verify)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

"""HTTP: the adapters' routes, health, metrics, and who may ask for what.

Knows: protocol requests and responses. Must not know: what any route means. Every request of a
platform is read up to the route's limit, then verified, then answered; the answer comes after the
adapter has committed what it accepted (law 1). What goes wrong is answered so that the platform
sends again where that helps: 503 while the store can't take anything, 500 for the unexpected.

`/api` and `/metrics` ask for the token of `API_TOKEN`. Without one they answer only programs on
this machine: a loopback peer, no proxy between, and no web page that a browser here has open.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response as Reply
from starlette.routing import Route as Path

from bridge import metrics as counting
from bridge.logs import logger
from bridge.protocol.errors import Malformed, Refused
from bridge.protocol.web import Request, Response, Route

if TYPE_CHECKING:
    from starlette.requests import Request as Asked
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bridge.protocol.adapter import Webhooks

_log = logger(__name__)

READ_SECONDS = 20.0
"""How long a request's body may take to come in; platforms send theirs in one go."""

RETRY_AFTER_SECONDS = 5
"""What a platform is asked to wait while the store can't take anything."""

_SAFE = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}
_PROXIED = {"forwarded", "via", "x-real-ip"}
_BROWSED = {"origin", "sec-fetch-site"}

Endpoint: TypeAlias = Callable[["Asked"], Awaitable[Reply]]
Verify: TypeAlias = Callable[[Request], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether work can be taken; `checks` says what was looked at, without calls to platforms."""

    ready: bool
    checks: Mapping[str, bool | str] = field(default_factory=dict[str, bool | str])


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpParts:
    """What the application is made of.

    * `channels`: by channel's name; a route's path stands under `/<channel>/`.
    * `readiness`: asked at every GET /readyz; answers from memory.
    * `routes`: further ones with their whole path, which verify by themselves.
    * `api`: further ones with their whole path, behind the token.
    * `unavailable`: exceptions that mean "not now": answered 503 with Retry-After.
    """

    metrics: counting.Metrics
    readiness: Callable[[], Readiness]
    channels: Mapping[str, Webhooks] = field(default_factory=dict[str, "Webhooks"])
    routes: tuple[Route, ...] = ()
    api: tuple[Route, ...] = ()
    api_token: str = field(default="", repr=False)
    unavailable: tuple[type[Exception], ...] = ()


def create_app(parts: HttpParts) -> Starlette:
    """Return the application."""
    app = Starlette(routes=_paths(parts), middleware=[Middleware(SafeHeaders)])
    app.router.redirect_slashes = False  # it would send a platform to an address of its own making
    return app


def _paths(parts: HttpParts) -> list[Path]:
    own = [
        Path("/healthz", _healthz, methods=["GET"]),
        Path("/readyz", _readyz(parts.readiness), methods=["GET"]),
        Path("/metrics", _guarded(_metrics(parts), parts.api_token), methods=["GET"]),
    ]
    return own + _channel_paths(parts) + _further_paths(parts)


def _channel_paths(parts: HttpParts) -> list[Path]:
    return [
        Path(
            f"/{channel}/{route.path.lstrip('/')}",
            _counted(_answering(route, webhooks.verify, parts), channel, parts.metrics),
            methods=[route.method],
        )
        for channel, webhooks in parts.channels.items()
        for route in webhooks.routes()
    ]


def _further_paths(parts: HttpParts) -> list[Path]:
    opened = [
        Path(route.path, _answering(route, _unverified, parts), methods=[route.method])
        for route in parts.routes
    ]
    guarded = [
        Path(
            route.path,
            _guarded(_answering(route, _unverified, parts), parts.api_token),
            methods=[route.method],
        )
        for route in parts.api
    ]
    return opened + guarded


def _unverified(_request: Request) -> None:
    """Let pass what its route, or the token, has looked at."""


def _answering(route: Route, verify: Verify, parts: HttpParts) -> Endpoint:
    """Return the endpoint that reads, verifies and answers."""

    async def endpoint(asked: Asked) -> Reply:
        try:
            request = await _read(asked, route.body_limit)
            verify(request)
            return _reply(await route.answer(request))
        except ClientDisconnect:
            return _plain(400, "the request ended early")
        except Exception as error:  # noqa: BLE001 a platform must get an answer, whatever it was
            return _failed(error, route, parts.unavailable)

    return endpoint


def _failed(error: Exception, route: Route, unavailable: tuple[type[Exception], ...]) -> Reply:
    """Return what to answer; the log gets the kind, never what was sent."""
    match error:
        case Refused():
            _log.warning("request refused", path=route.path, status=error.status)
            return _plain(error.status, "refused", close=error.status in {408, 413})
        case Malformed():
            _log.warning("request can't be read", path=route.path, cause=error)
            return _plain(400, "can't be read")
        case _ if isinstance(error, unavailable):
            _log.warning("request put off", path=route.path, cause=error)
            return _plain(503, "not now", {"retry-after": str(RETRY_AFTER_SECONDS)})
        case _:
            _log.error("request failed", path=route.path, cause=error)
            return _plain(500, "failed")


async def _read(asked: Asked, limit: int) -> Request:
    """Return the request with its body, or refuse one that is too large or too slow."""
    announced = asked.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced) > limit:
        raise Refused("larger than its route takes", 413)
    return Request(
        method=asked.method,
        path=asked.scope["raw_path"].decode("latin-1"),
        query=asked.scope["query_string"].decode("latin-1"),
        headers=_headers(asked),
        body=await _body(asked, limit),
    )


def _headers(asked: Asked) -> dict[str, str]:
    """Return them by lower-case name; one sent twice is joined, so that no signature fits it."""
    named: dict[str, str] = {}
    for name, value in asked.headers.items():
        named[name] = f"{named[name]}, {value}" if name in named else value
    return named


async def _body(asked: Asked, limit: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for part in asked.stream():
                body += part
                if len(body) > limit:
                    raise Refused("larger than its route takes", 413)
    except TimeoutError:
        raise Refused("slower than a request may be", 408) from None
    return bytes(body)


def _reply(response: Response) -> Reply:
    return Reply(
        response.body,
        status_code=response.status,
        headers=dict(response.headers),
        media_type=response.content_type,
    )


def _plain(
    status: int, text: str, headers: Mapping[str, str] | None = None, *, close: bool = False
) -> Reply:
    """Return a short text; `close` where the rest of the request is not read."""
    added = {"connection": "close"} if close else {}
    return Reply(
        text, status_code=status, headers={**(headers or {}), **added}, media_type="text/plain"
    )


def _counted(endpoint: Endpoint, channel: str, metrics: counting.Metrics) -> Endpoint:
    """Return the endpoint, counting what the platform was answered."""

    async def counted(asked: Asked) -> Reply:
        reply = await endpoint(asked)
        metrics.answered_request(channel, reply.status_code)
        return reply

    return counted


async def _healthz(_asked: Asked) -> Reply:
    return _plain(200, "ok")


def _readyz(readiness: Callable[[], Readiness]) -> Endpoint:
    async def endpoint(_asked: Asked) -> Reply:
        state = readiness()
        text = json.dumps({"ready": state.ready, "checks": dict(state.checks)})
        return Reply(text, 200 if state.ready else 503, media_type="application/json")

    return endpoint


def _metrics(parts: HttpParts) -> Endpoint:
    async def endpoint(_asked: Asked) -> Reply:
        parts.readiness()  # which also says how much there is of everything
        return Reply(parts.metrics.exposition(), media_type=counting.CONTENT_TYPE)

    return endpoint


def _guarded(endpoint: Endpoint, token: str) -> Endpoint:
    """Return the endpoint for those who may: the token's holders, or programs on this machine."""

    async def guarded(asked: Asked) -> Reply:
        if token and not _holds(asked, token):
            return _plain(401, "needs the token of API_TOKEN", {"www-authenticate": "Bearer"})
        if not token and not _from_this_machine(asked):
            return _plain(403, "set API_TOKEN to reach this from elsewhere")
        return await endpoint(asked)

    return guarded


def _holds(asked: Asked, token: str) -> bool:
    """Say whether it carries the token; takes as long for a wrong one as for the right one."""
    scheme, _, held = asked.headers.get("authorization", "").partition(" ")
    same = hmac.compare_digest(held.strip().encode(), token.encode())
    return same and scheme.lower() == "bearer"


def _from_this_machine(asked: Asked) -> bool:
    """Say whether a program here asks, and neither a proxy nor a page in a browser."""
    named = asked.headers.keys()
    foreign = any(name.startswith("x-forwarded-") or name in _PROXIED | _BROWSED for name in named)
    peer = asked.client.host if asked.client else ""
    return not foreign and _loopback(peer) and _loopback(_host(asked.headers.get("host", "")))


def _host(header: str) -> str:
    """Return the name in a Host header without its port; "" where it makes no sense."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _loopback(host: str) -> bool:
    """Say whether a name or address is this machine's own; a name that is not known is not."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


@dataclass(frozen=True, slots=True)
class SafeHeaders:
    """Says on every answer that it is not to be kept, guessed at, or referred from."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, adding what is missing."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sending)

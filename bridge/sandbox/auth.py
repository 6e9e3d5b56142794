"""Who calls: an API key with its site, or an app by a token of the client-credentials grant.

Sources: "API keys" and "Create Access Token" of the upstream's documents. A key is sent raw, a
token raw (as the official client does) or with Bearer. Everybody else is a 401.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from bridge.sandbox import config
from bridge.sandbox.bodies import read_object
from bridge.sandbox.errors import Refusal, permission_denied, unauthenticated

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.requests import Request

    from bridge.protocol.host import Clock
    from bridge.protocol.threads import Json, JsonObject
    from bridge.sandbox.supplies import Guids

TOKEN_LIFETIME = 14400
"""Seconds, always; source: Create Access Token."""

KEY_USER = "5f1d0a3e-0000-4000-8000-00000000aa01"
"""The Wix user who owns the API key."""
APP_GUID = "5f1d0a3e-0000-4000-8000-00000000aa02"
"""How a submission names the app that made it."""


@dataclass(slots=True, kw_only=True)
class Access:
    """Tokens given out, by their digest, so that looking one up tells nothing about another."""

    clock: Clock
    ids: Guids
    tokens: dict[bytes, float] = field(default_factory=dict[bytes, float])

    def check(self, headers: Headers) -> JsonObject:
        """Return the caller as a submission's `submitter`."""
        said = headers.get("authorization", "")
        if _same(said, config.API_KEY):
            return _site_caller(headers)
        if self._live(said.removeprefix("Bearer ").removeprefix("bearer ")):
            return {"applicationId": APP_GUID}
        raise unauthenticated()

    def issue(self) -> str:
        """Return a new token; those that have run out are forgotten."""
        now = self.clock.now()
        self.tokens = {digest: end for digest, end in self.tokens.items() if end > now}
        token = self.ids.token()
        self.tokens[_digest(token)] = now + TOKEN_LIFETIME
        return token

    def _live(self, token: str) -> bool:
        return self.tokens.get(_digest(token), 0.0) > self.clock.now()


def _site_caller(headers: Headers) -> JsonObject:
    site = headers.get("wix-site-id")
    if site is None and "wix-account-id" in headers:
        raise permission_denied()
    if not _same(site, config.SITE_ID):
        raise unauthenticated()
    return {"userId": KEY_USER}


async def create_token(access: Access, request: Request) -> JSONResponse:
    """Answer Create Access Token; errors in the form of the OAuth standard (RFC 6749, 5.2)."""
    try:
        body = await read_object(request)
    except Refusal:
        raise _oauth_error(400, "invalid_request", "The body is not a JSON object") from None
    if body.get("grant_type") != "client_credentials":
        raise _oauth_error(400, "unsupported_grant_type", "Use client_credentials")
    if not _is_app(body):
        raise _oauth_error(401, "invalid_client", "Unknown client, secret or instance")
    token = {"access_token": access.issue(), "token_type": "Bearer", "expires_in": TOKEN_LIFETIME}
    return JSONResponse(token, headers={"Cache-Control": "no-store"})


def _is_app(body: JsonObject) -> bool:
    known = {
        "client_id": config.APP_ID,
        "client_secret": config.APP_SECRET,
        "instance_id": config.INSTANCE_ID,
    }
    # every member is compared, so that the time tells nothing
    same = [_same(body.get(name), value) for name, value in known.items()]
    return all(same)


def _oauth_error(status: int, error: str, description: str) -> Refusal:
    body = {"error": error, "error_description": description}
    return Refusal(status, body, {"Cache-Control": "no-store"})


def _same(given: Json, known: str) -> bool:
    text = given if isinstance(given, str) else ""
    return hmac.compare_digest(text.encode(), known.encode())


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

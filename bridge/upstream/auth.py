"""Who we are to the upstream: an API key, or an app's client credentials.

Law: a token is asked for once at a time, kept, and replaced before it runs out. Secrets are kept
as `SecretStr` and shown nowhere. A token that could not be had means that the request itself was
never made: such failures are `NotTaken` or `NotAllowed`, never `AnswerLost`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from bridge.protocol.threads import JsonObject
from bridge.upstream.errors import AnswerLost, NotAllowed, NotTaken, Unreachable, UpstreamError
from bridge.upstream.members import text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from bridge.protocol.host import Clock

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
TOKEN_LIFE = 14_400
"""Seconds a token lives where the answer doesn't say. Source: Create Access Token."""
EARLY = 300.0
"""Seconds before its end at which a token is replaced."""

Post: TypeAlias = Callable[[str, JsonObject], Awaitable[JsonObject]]
"""POST a body to a path of the upstream without credentials; raises `UpstreamError`."""


class Credentials(Protocol):
    """What makes a request ours."""

    async def headers(self, post: Post) -> Mapping[str, str]:
        """Return the headers to send, asking for a token where one is needed."""
        ...

    def renew(self, used: Mapping[str, str]) -> bool:
        """Forget the headers that were not accepted; return whether others can be had."""
        ...


class ApiKey:
    """A key of the site's owner: sent as it is, with the site that it is used on."""

    def __init__(self, key: SecretStr, site_id: str) -> None:
        self._key = key
        self._site_id = site_id

    async def headers(self, post: Post) -> Mapping[str, str]:  # noqa: ARG002 - needs no token
        """Return the key and the site."""
        return {
            "Authorization": _sendable(self._key.get_secret_value(), "WIX_API_KEY"),
            "wix-site-id": _sendable(self._site_id, "WIX_SITE_ID"),
        }

    def renew(self, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - there is one key
        """Return False: a key that was refused stays refused."""
        return False


@dataclass(frozen=True, slots=True)
class _Token:
    headers: Mapping[str, str]
    fresh_until: float


class ClientCredentials:
    """An app on one site: asks for an access token and sends it as Bearer."""

    def __init__(self, app_id: str, secret: SecretStr, instance_id: str, *, clock: Clock) -> None:
        self._app_id = app_id
        self._secret = secret
        self._instance_id = instance_id
        self._clock = clock
        self._token: _Token | None = None
        self._asking: asyncio.Task[_Token] | None = None

    async def headers(self, post: Post) -> Mapping[str, str]:
        """Return the token; those who need a new one at the same time share one request."""
        token = self._token
        if token is None or self._clock.monotonic() >= token.fresh_until:
            token = await asyncio.shield(self._ask_once(post))
        return token.headers

    def renew(self, used: Mapping[str, str]) -> bool:
        """Forget the token, unless another has taken its place already."""
        if self._token is not None and self._token.headers == used:
            self._token = None
        return True

    def _ask_once(self, post: Post) -> asyncio.Task[_Token]:
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(post), name="upstream-token")
            self._asking.add_done_callback(self._asked)
        return self._asking

    def _asked(self, task: asyncio.Task[_Token]) -> None:
        self._asking = None
        if not task.cancelled() and task.exception() is None:
            self._token = task.result()

    async def _ask(self, post: Post) -> _Token:
        body = {
            "grant_type": "client_credentials",
            "client_id": self._app_id,
            "client_secret": self._secret.get_secret_value(),
            "instance_id": self._instance_id,
        }
        began = self._clock.monotonic()
        try:
            answer = await post(TOKEN_PATH, body)
        except UpstreamError as error:
            raise _without_token(error) from None
        token = _sendable(text(answer, "access_token"), "the access token")
        life = whole(answer, "expires_in") or TOKEN_LIFE
        fresh_until = began + max(life - EARLY, life / 2)
        return _Token({"Authorization": f"Bearer {token}"}, fresh_until)


def _without_token(error: UpstreamError) -> UpstreamError:
    """Return what it means that no token could be had."""
    kind: type[UpstreamError] = NotAllowed
    advice = "check WIX_APP_ID, WIX_APP_SECRET and WIX_INSTANCE_ID"
    match error:
        case NotTaken():
            return error
        case AnswerLost():
            kind, advice = Unreachable, "make the request again"
        case _:
            pass
    return kind(
        f"The upstream gave no access token: {advice}",
        status=error.status,
        code=error.code,
        request_id=error.request_id,
    )


def _sendable(value: str, name: str) -> str:
    """Return a header's value; a copied blank or line end around it is taken off."""
    value = value.strip()
    if not value or not value.isascii() or not value.isprintable():
        raise NotAllowed(f"{name} is empty or holds characters that no header takes: copy it anew")
    return value

"""The methods by which a bot gets its updates: getUpdates, or a webhook.

Source: core.telegram.org/bots/api#getting-updates; the wording from the server's code.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from adapters.telegram.miniature.reading import Body, bad, flag, listed, number, words
from adapters.telegram.miniature.updates import MOST
from adapters.telegram.miniature.webhook import Hook, Postman

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from adapters.telegram.miniature.updates import Updates

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_CONNECTIONS = 100


class Receiving:
    """Each method takes the parameters and returns the answer's members, as JSON text."""

    def __init__(self, updates: Updates, postman: Postman) -> None:
        self._updates = updates
        self._postman = postman
        self.methods: Mapping[str, Callable[[Body], Awaitable[str]]] = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._info,
        }

    async def _get_updates(self, body: Body) -> str:
        self._updates.allow(_kinds(body))
        limit = min(max(number(body, "limit", MOST), 1), MOST)
        found = await self._updates.poll(number(body, "offset"), limit, number(body, "timeout"))
        return f'"result":{found}'

    async def _set_webhook(self, body: Body) -> str:
        url = words(body, "url")
        if not url:
            return await self._delete_webhook(body)
        if not _takes(url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not _SECRET.fullmatch(words(body, "secret_token")):
            raise bad("secret token contains unallowed characters")
        connections = min(max(number(body, "max_connections", 40), 1), _MOST_CONNECTIONS)
        hook = Hook(url=url, secret=words(body, "secret_token"), connections=connections)
        self._updates.allow(_kinds(body))
        if flag(body, "drop_pending_updates"):
            self._updates.drop_all()
        known = hook == self._postman.hook
        await self._postman.set(hook)
        return _told(f"Webhook {'is already' if known else 'was'} set")

    async def _delete_webhook(self, body: Body) -> str:
        known = self._postman.hook is not None
        if flag(body, "drop_pending_updates"):
            self._updates.drop_all()
        await self._postman.set(None)
        return _told(f"Webhook {'was' if known else 'is already'} deleted")

    async def _info(self, body: Body) -> str:
        del body
        return f'"result":{json.dumps(self._postman.info())}'


def _kinds(body: Body) -> list[object] | None:
    return listed(body, "allowed_updates") if "allowed_updates" in body else None


def _takes(url: str) -> bool:
    """Return whether it may be a webhook; http only on loopback, as with a server of one's own."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _told(what: str) -> str:
    return f'"result":true,"description":"{what}"'

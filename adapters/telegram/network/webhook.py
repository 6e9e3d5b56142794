"""Takes updates that Telegram sends to us.

Law: the 200 comes after the commit. What can't be read is answered 200 as well, because Telegram
would send it for a day and hold up its chat meanwhile. What can't be kept is answered 503.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, cast

from adapters.telegram.incoming.addressed import needs_name
from adapters.telegram.incoming.intake import read
from bridge.protocol.errors import NotKept
from bridge.protocol.web import Response

if TYPE_CHECKING:
    from adapters.telegram.incoming.intake import Parse
    from adapters.telegram.transport import Client
    from bridge.protocol.host import Host
    from bridge.protocol.threads import JsonObject
    from bridge.protocol.web import Request

PATH = "/webhook"
NAME_SECONDS = 3.0
"""Seconds to wait for our own name, without which a mention of us in a group can't be told."""

_log = logging.getLogger(__name__)


class Receiver:
    """Answers the webhook's requests, whose secret has been verified."""

    def __init__(
        self, client: Client, host: Host, parse: Parse, name_seconds: float = NAME_SECONDS
    ) -> None:
        self._client = client
        self._host = host
        self._parse = parse
        self._name_seconds = name_seconds

    async def answer(self, request: Request) -> Response:
        """Keep what the update tells of. Raises `NotKept`: Telegram sends it again."""
        update = _update(request.body)
        if update is None:
            _log.warning("update can't be read: no JSON object")
            return Response()
        if needs_name(update) and not await self._client.named(self._name_seconds):
            raise NotKept("our name on Telegram is not known yet")
        if events := read((update,), self._parse):
            await self._host.accept(events)
        return Response()


def _update(body: bytes) -> JsonObject | None:
    try:
        update: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("JsonObject", update) if isinstance(update, dict) else None

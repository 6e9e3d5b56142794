"""Whether Telegram sent a request. Pure.

Its proof is a shared secret in a header, told to Telegram when the webhook is set. It says nothing
of the body, which only TLS protects.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from bridge.protocol.errors import Refused

if TYPE_CHECKING:
    from bridge.protocol.web import Request

HEADER = "x-telegram-bot-api-secret-token"


def verify(request: Request, secret: str) -> None:
    """Raise `Refused` (403) unless the secret is right; compared in constant time."""
    given = request.headers.get(HEADER, "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, secret.encode()):
        raise Refused("The secret token is missing or wrong.")

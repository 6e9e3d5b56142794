"""Whether the platform sent a request. Pure.

Its proof is the header `x-buttons-signature`: the hexadecimal HMAC-SHA256 of the body.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from bridge.protocol.errors import Refused

if TYPE_CHECKING:
    from bridge.protocol.web import Request

HEADER = "x-buttons-signature"


def sign(body: bytes, secret: str) -> str:
    """Return the signature of a body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(request: Request, secret: str) -> None:
    """Raise `Refused` unless the signature is right."""
    given = request.headers.get(HEADER, "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, sign(request.body, secret).encode()):
        raise Refused("The signature is missing or wrong.")

"""The ids of the upstream's kind, passed in."""

from __future__ import annotations

import secrets
import uuid
from typing import Protocol


class Guids(Protocol):
    """New ids."""

    def guid(self) -> str:
        """Return a new GUID."""
        ...

    def token(self) -> str:
        """Return a new access token that nobody can guess."""
        ...


class RandomGuids:
    """Ids by chance."""

    def guid(self) -> str:
        """Return a new GUID."""
        return str(uuid.uuid4())

    def token(self) -> str:
        """Return a new access token: 256 bits, under the prefix that such tokens have."""
        return "OauthNG.JWS." + secrets.token_urlsafe(32)

"""Why the upstream did not answer, and what to do about it.

```
UpstreamError
├── NotTaken          certainly not processed: the same request may be made again
│   ├── Unreachable   refused, no such host, no connection in time
│   └── Throttled     429, or 503 with Retry-After; `after` seconds, or None
├── AnswerLost        it may have been processed: timeout, reset, half a body, other 5xx, garbage
├── SessionGone       NOT_FOUND on send (also a 400 that names the session)
├── NotThere          NOT_FOUND on anything else: a wrong form id, an unknown submission
├── NotAllowed        401 after a new token, or 403: key, app or permission
├── NotReady          428: the site is not published, or has no checkout page
└── Refused           any other 4xx: our request is wrong for it
```
Messages say what to do; they hold status, code and request id, never a body. `code` is the
application error's, "" without one.
"""

from __future__ import annotations


class UpstreamError(Exception):
    """A request that brought no answer."""

    def __init__(
        self, advice: str, *, status: int = 0, code: str = "", request_id: str = ""
    ) -> None:
        super().__init__(advice)
        self.status = status
        self.code = code
        self.request_id = request_id


class NotTaken(UpstreamError):
    """Certainly not processed."""

    def __init__(
        self,
        advice: str,
        *,
        after: float | None = None,
        status: int = 0,
        code: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(advice, status=status, code=code, request_id=request_id)
        self.after = after


class Unreachable(NotTaken):
    """No connection was made."""


class Throttled(NotTaken):
    """Too many requests, or not now."""


class AnswerLost(UpstreamError):
    """Nobody knows whether it was processed."""


class SessionGone(UpstreamError):
    """The session is not known there any more."""


class NotThere(UpstreamError):
    """What was asked for does not exist."""


class NotAllowed(UpstreamError):
    """The credentials don't reach."""


class NotReady(UpstreamError):
    """Something must be set up on the site first."""


class Refused(UpstreamError):
    """The request is wrong."""

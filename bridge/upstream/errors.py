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

import re
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from bridge.upstream.members import nested, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.threads import JsonObject

REQUEST_ID = "x-wix-request-id"
LONGEST_WAIT = 3600.0
"""Seconds; a Retry-After beyond it is cut, so that a broken one stops nobody for days."""

_REDIRECT = 300
_PLAIN = re.compile(r"[\w.:-]{1,100}")


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


def from_status(
    status: int,
    headers: Mapping[str, str],
    body: JsonObject,
    *,
    now: float,
    session: str | None = None,
) -> UpstreamError:
    """Return what a refusal means; the one place that maps statuses and error bodies.

    `headers` has names in lower case; `body` is {} where it could not be read; `session` is given
    for a send, and is the session that it went to; `now` is for a Retry-After that is a date.
    """
    code = application_code(body)
    about = _About(status=status, code=code, request_id=plain_id(headers.get(REQUEST_ID, "")))
    wait = headers.get("retry-after")
    if session is not None and _is_gone(status, body, session):
        return about.gone()
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return about.throttled(seconds(wait, now=now))
    if status == HTTPStatus.SERVICE_UNAVAILABLE and wait is not None:
        return about.throttled(seconds(wait, now=now))
    if _REDIRECT <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return about.refused()
    return about.lost()


def _is_gone(status: int, body: JsonObject, session: str) -> bool:
    if status == HTTPStatus.BAD_REQUEST:
        return names_session(body, session)
    return status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def from_stream(body: JsonObject, *, session: str | None = None) -> UpstreamError:
    """Return what an error inside a stream means, with no chunk before it.

    The request had been accepted by then: only what the error itself rules out was not processed.
    """
    code = application_code(body)
    status = _STREAM_STATUS.get(code, 500)
    return from_status(status, {}, body, now=0.0, session=session)


def application_code(body: JsonObject) -> str:
    """Return the code of an error body: the application's, OAuth's or a gRPC gateway's, or ""."""
    details = nested(body, "details")
    code = text(nested(details, "applicationError"), "code") or text(body, "error")
    if nested(details, "validationError"):
        code = code or "INVALID_ARGUMENT"
    number = body.get("code")
    if isinstance(number, int):
        code = code or _GRPC_CODES.get(number, "")
    return plain_id(code or text(body, "code"))


def names_session(body: JsonObject, session: str) -> bool:
    """Return whether an application error is about the session, not about what was sent."""
    error = nested(nested(body, "details"), "applicationError")
    code = text(error, "code").upper()
    if code == "EMPTY_REQUEST":
        return False
    said = text(error, "description") + " " + text(body, "message")
    return code == "NOT_FOUND" or "SESSION" in code or (bool(error) and session in said)


def plain_id(value: str) -> str:
    """Return a code or an id that is fit for logs, "" for anything else."""
    return value if _PLAIN.fullmatch(value) else ""


def seconds(wait: str | None, *, now: float) -> float | None:
    """Return how long a Retry-After (seconds or HTTP-date) asks to wait; None where unreadable."""
    try:
        asked = float(wait or "") if _is_number(wait) else _until(wait or "", now)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(asked, 0.0), LONGEST_WAIT)


def _is_number(wait: str | None) -> bool:
    return re.fullmatch(r"\s*\d{1,12}(\.\d*)?\s*", wait or "", re.ASCII) is not None


def _until(date: str, now: float) -> float:
    return parsedate_to_datetime(date).timestamp() - now


class _About:
    """One refusal, and the errors that it may be."""

    def __init__(self, *, status: int, code: str, request_id: str) -> None:
        self._status = status
        self._code = code
        self._request_id = request_id

    def gone(self) -> UpstreamError:
        return self._as(SessionGone, "The upstream no longer knows this session: begin a new one")

    def throttled(self, after: float | None) -> UpstreamError:
        return Throttled(
            self._told("The upstream is busy: wait, then make the request again"),
            after=after,
            status=self._status,
            code=self._code,
            request_id=self._request_id,
        )

    def refused(self) -> UpstreamError:
        match self._status:
            case 401:
                return self._as(NotAllowed, _ADVICE[401])
            case 403:
                return self._as(NotAllowed, _ADVICE[403])
            case 404 | 410:
                return self._as(NotThere, _ADVICE[404])
            case 428:
                return self._as(NotReady, _NOT_READY.get(self._code, _NOT_READY[""]))
            case status if status < HTTPStatus.BAD_REQUEST:
                return self._as(Refused, _ADVICE[300])
            case _:
                return self._as(Refused, _ADVICE[400])

    def lost(self) -> UpstreamError:
        return self._as(AnswerLost, "The upstream failed: nobody knows whether it was processed")

    def _as(self, kind: type[UpstreamError], advice: str) -> UpstreamError:
        return kind(
            self._told(advice), status=self._status, code=self._code, request_id=self._request_id
        )

    def _told(self, advice: str) -> str:
        known = (f"status {self._status}", self._code, self._request_id)
        return f"{advice} ({', '.join(filter(None, known))})"


_ADVICE: Mapping[int, str] = {
    300: "The upstream answered with a redirect: check WIX_BASE_URL",
    400: "The upstream refused the request: see its code, and ask with the request id",
    401: "The credentials were not accepted: check WIX_API_KEY and WIX_SITE_ID,"
    " or WIX_APP_ID, WIX_APP_SECRET and WIX_INSTANCE_ID",
    403: "The credentials lack a permission: give the key or the app those for forms, submissions,"
    " checkouts and orders; a key must belong to the owner of the site",
    404: "There is no such thing upstream: check the form id in the catalogue, and WIX_SITE_ID",
}

# Source: application errors of Cart V2 Get Checkout URL; a missing Wix Forms app answers 428 too.
_NOT_READY: Mapping[str, str] = {
    "CHECKOUT_PAGE_NOT_FOUND": "The site has no checkout page: add one (Wix Stores or eCommerce)",
    "SITE_NOT_PUBLISHED": "The site is not published: publish it",
    "": "The site is not set up for this: publish it, and install Wix Forms (and eCommerce to pay)",
}

# Source: google.rpc.Code, which gateways put as a number into the error of a stream.
_GRPC_CODES: Mapping[int, str] = {
    3: "INVALID_ARGUMENT",
    5: "NOT_FOUND",
    7: "PERMISSION_DENIED",
    16: "UNAUTHENTICATED",
}

_STREAM_STATUS: Mapping[str, int] = {
    "EMPTY_REQUEST": 400,
    "INVALID_ARGUMENT": 400,
    "NOT_FOUND": 404,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
}

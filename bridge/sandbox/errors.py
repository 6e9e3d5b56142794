"""Why the sandbox refuses, in the upstream's words.

Source: "Errors" of the upstream's getting-started articles. An error's body is `{"message",
"details"}` where details hold one `applicationError` or one `validationError`; system errors come
with both empty, by design.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.threads import JsonObject


class Refusal(Exception):
    """A request that is not granted; raised anywhere, answered in one place."""

    def __init__(
        self, status: int, body: JsonObject, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

    def response(self) -> JSONResponse:
        """Return the answer that says so."""
        return JSONResponse(self.body, status_code=self.status, headers=self.headers)


class SandboxUnfit(Exception):
    """The sandbox can't start as configured; the message says what to do."""


def application(status: int, code: str, description: str) -> Refusal:
    """Return a refusal with an application error."""
    detail: JsonObject = {
        "applicationError": {"code": code, "description": description, "data": {}}
    }
    return Refusal(status, {"message": description, "details": detail})


def invalid(field: str, description: str, rule: str = "OTHER") -> Refusal:
    """Return a refusal of one malformed member."""
    violation: JsonObject = {"field": field, "description": description, "violatedRule": rule}
    detail: JsonObject = {"validationError": {"fieldViolations": [violation]}}
    return Refusal(400, {"message": f"{field} {description}".strip(), "details": detail})


def not_found(what: str) -> Refusal:
    """Return a refusal of an unknown id."""
    return application(404, "NOT_FOUND", f"{what} not found")


def no_such_path() -> Refusal:
    """Return what an unknown path gets."""
    return Refusal(404, {"message": "Not Found", "details": {}})


def unauthenticated() -> Refusal:
    """Return a refusal of whoever did not say rightly who calls."""
    return application(401, "UNAUTHENTICATED", "The caller could not be authenticated")


def permission_denied() -> Refusal:
    """Return a refusal of a caller without the permission."""
    return application(403, "PERMISSION_DENIED", "The call needs a site: send wix-site-id")


def too_many(after: int | None) -> Refusal:
    """Return a refusal of a caller who is too fast; `after` seconds, unless None."""
    refusal = application(429, "RESOURCE_EXHAUSTED", "Too many requests")
    return Refusal(refusal.status, refusal.body, _retry_after(after))


def system(status: int, after: int | None = None) -> Refusal:
    """Return a failure that says nothing."""
    return Refusal(status, {"message": "", "details": {}}, _retry_after(after))


def _retry_after(after: int | None) -> dict[str, str]:
    return {} if after is None else {"Retry-After": str(after)}

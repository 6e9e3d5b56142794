"""The sandbox's HTTP surface: which path is which endpoint.

Only 200 is a success (the official client takes nothing else); an unknown path or method is a 404
with a body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from bridge.sandbox import checkout, control, records, sessions
from bridge.sandbox.auth import Access, create_token
from bridge.sandbox.catalogue import load
from bridge.sandbox.config import FaultScope, SandboxConfig
from bridge.sandbox.errors import Refusal, no_such_path, system
from bridge.sandbox.faults import Faults
from bridge.sandbox.gate import Gate, Open, Operation, Stamped, Visit
from bridge.sandbox.ledger import Ledger
from bridge.sandbox.state import Sandbox, Sessions

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable, Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from bridge.protocol.host import Clock
    from bridge.sandbox.supplies import Guids

_SESSIONS = "/forms/ai/v1/interactive-form-sessions"
_SETTINGS = "/forms/ai/v1/chat-settings"
_SCHEMAS = "/form-schema-service/v4/forms"
_SUBMISSIONS = ("/form-submission-service/v4/submissions", "/forms/v4/submissions")

OPERATIONS = (
    Operation(
        name="create",
        method="POST",
        paths=(_SESSIONS,),
        run=sessions.create,
        scope=FaultScope.SESSIONS,
    ),
    Operation(
        name="create-streamed",
        method="POST",
        paths=(f"{_SESSIONS}/create-streamed",),
        run=sessions.create_streamed,
        scope=FaultScope.SESSIONS,
    ),
    Operation(
        name="send",
        method="POST",
        paths=(f"{_SESSIONS}/{{session_id}}/send-user-message",),
        run=sessions.send,
        scope=FaultScope.SENDS,
    ),
    Operation(
        name="send-streamed",
        method="POST",
        paths=(f"{_SESSIONS}/{{session_id}}/send-user-message-streamed",),
        run=sessions.send_streamed,
        scope=FaultScope.SENDS,
    ),
    Operation(
        name="generate-form-summary",
        method="POST",
        paths=(f"{_SESSIONS}/generate-form-summary",),
        run=sessions.summary,
    ),
    Operation(
        name="checkout-url-v1",
        method="GET",
        paths=("/ecom/v1/checkouts/{checkout_id}/checkout-url",),
        run=checkout.url_v1,
    ),
    Operation(
        name="checkout-url-v2",
        method="POST",
        paths=("/ecom/v2/carts/{checkout_id}/get-checkout-url",),
        run=checkout.url_v2,
    ),
    Operation(
        name="query-forms", method="POST", paths=(f"{_SCHEMAS}/query",), run=records.query_forms
    ),
    Operation(name="list-forms", method="GET", paths=(_SCHEMAS,), run=records.list_forms),
    Operation(
        name="get-form", method="GET", paths=(f"{_SCHEMAS}/{{form_id}}",), run=records.get_form
    ),
    Operation(
        name="form-summary",
        method="GET",
        paths=(f"{_SCHEMAS}/{{form_id}}/summary",),
        run=records.form_summary,
    ),
    Operation(
        name="query-submissions",
        method="POST",
        paths=tuple(f"{prefix}/namespace/query" for prefix in _SUBMISSIONS),
        run=records.query_submissions,
    ),
    Operation(
        name="get-submission",
        method="GET",
        paths=tuple(f"{prefix}/{{submission_id}}" for prefix in _SUBMISSIONS),
        run=records.get_submission,
    ),
    Operation(
        name="search-orders",
        method="POST",
        paths=("/ecom/v1/orders/search",),
        run=records.search_orders,
    ),
    Operation(
        name="get-order", method="GET", paths=("/ecom/v1/orders/{order_id}",), run=records.get_order
    ),
    *(
        Operation(
            name="chat-settings",
            method=method,
            paths=(_SETTINGS, f"{_SETTINGS}/{{settings_id}}"),
            run=records.chat_settings,
        )
        for method in ("GET", "POST", "PATCH", "DELETE")
    ),
)


def create_app(
    config: SandboxConfig, *, clock: Clock, ids: Guids, chance: random.Random
) -> Starlette:
    """Return the sandbox as an ASGI application, to be served by `SandboxServer`."""
    sandbox = Sandbox(
        config=config,
        clock=clock,
        ids=ids,
        chance=chance,
        forms=load(config.forms_folder),
        sessions=Sessions(clock=clock, lifetime=config.session_ttl),
        ledger=Ledger(clock=clock, ids=ids),
        access=Access(clock=clock, ids=ids),
        dice=Faults(config=config, chance=chance),
    )
    return Starlette(
        routes=list(_routes(sandbox)),
        middleware=[Middleware(Stamped, ids=ids)],
        exception_handlers={HTTPException: _unknown, Exception: _broken(ids)},
    )


def _routes(sandbox: Sandbox) -> Iterator[Route]:
    for operation in OPERATIONS:
        for path in operation.paths:
            gate = Gate(sandbox=sandbox, operation=operation)
            yield Route(path, gate, methods=[operation.method])
    visits: tuple[tuple[str, str, Visit], ...] = (
        ("POST", "/oauth2/token", _token),
        ("GET", "/checkout/{checkout_id}", checkout.show),
        ("POST", "/checkout/{checkout_id}/{act}", checkout.act),
        ("GET", "/sandbox/health", control.health),
        ("GET", "/sandbox/requests", control.requests),
    )
    for method, path, visit in visits:
        yield Route(path, Open(sandbox=sandbox, visit=visit), methods=[method])


async def _token(sandbox: Sandbox, request: Request) -> Response:
    sandbox.requests["token"] += 1
    return await create_token(sandbox.access, request)


async def _unknown(_request: Request, _error: Exception) -> Response:
    return no_such_path().response()


def _broken(ids: Guids) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(_request: Request, _error: Exception) -> Response:
        refusal = system(500)
        return Refusal(500, refusal.body, {"X-Wix-Request-Id": ids.guid()}).response()

    return answer

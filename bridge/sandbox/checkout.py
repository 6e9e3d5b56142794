"""Checkouts: their addresses, and the page on which a person pays.

Sources: Get Checkout URL of Checkout (v1, to be removed) and of Cart V2, where the cart's id is
the checkout's. The page is ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, RedirectResponse, Response

from bridge.sandbox.bodies import guid, optional_text, read_object
from bridge.sandbox.errors import application, no_such_path, not_found
from bridge.sandbox.ledger import Act
from bridge.sandbox.page import HEADERS, checkout_page, unknown_page

if TYPE_CHECKING:
    from starlette.requests import Request

    from bridge.protocol.threads import JsonObject
    from bridge.sandbox.ledger import Checkout
    from bridge.sandbox.state import Sandbox

_CURRENCY_LENGTH = 3
_ACTS = {act.value: act for act in Act}


async def url_v1(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Get Checkout URL of Checkout."""
    if sandbox.config.v1_checkout_gone:
        raise no_such_path()
    return _url(sandbox, request.path_params["checkout_id"], "id")


async def url_v2(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Get Checkout URL of Cart V2."""
    optional_text(await read_object(request), "currencyCode", maximum=_CURRENCY_LENGTH)
    if not sandbox.config.site_published:
        raise application(428, "SITE_NOT_PUBLISHED", "Publish the site first")
    return _url(sandbox, request.path_params["checkout_id"], "cartId")


def _url(sandbox: Sandbox, given: str, name: str) -> JSONResponse:
    checkout = sandbox.ledger.checkouts.get(guid(given, name))
    if checkout is None:
        raise not_found("Checkout")
    return JSONResponse({"checkoutUrl": f"{sandbox.config.base_url}/checkout/{checkout.id}"})


async def show(sandbox: Sandbox, request: Request) -> Response:
    """Show what is to be paid, or what came of it."""
    checkout = _find(sandbox, request)
    if checkout is None:
        return Response(unknown_page(), status_code=404, headers=HEADERS)
    number = sandbox.ledger.orders[checkout.order].number if checkout.order else None
    return Response(checkout_page(checkout, number), headers=HEADERS)


async def act(sandbox: Sandbox, request: Request) -> Response:
    """Pay, decline or cancel, and go back to the page; what is settled stays so."""
    checkout = _find(sandbox, request)
    chosen = _ACTS.get(request.path_params["act"])
    if checkout is None or chosen is None:
        return Response(unknown_page(), status_code=404, headers=HEADERS)
    sandbox.ledger.act(checkout, chosen)
    return RedirectResponse(f"/checkout/{checkout.id}", status_code=303, headers=HEADERS)


def _find(sandbox: Sandbox, request: Request) -> Checkout | None:
    return sandbox.ledger.checkouts.get(request.path_params["checkout_id"])

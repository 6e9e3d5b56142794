"""Forms, submissions and orders: get, list, query, search.

Sources: Form Schemas, Form Submissions and Orders, and their types. List Forms names its paging
`pagingMetadata`, the queries `metadata`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from bridge.sandbox.bodies import guid, optional_object, read_object
from bridge.sandbox.catalogue import digest
from bridge.sandbox.documents import order_json, submission_json
from bridge.sandbox.errors import invalid, not_found
from bridge.sandbox.query import MAX_PAGE, Spec, run

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams
    from starlette.requests import Request

    from bridge.protocol.threads import Json, JsonObject
    from bridge.sandbox.state import Sandbox

_FORMS = Spec(
    fields=frozenset({"id", "namespace", "name", "enabled", "createdDate", "updatedDate"}),
    mandatory="namespace",
)
_SUBMISSIONS = Spec(
    fields=frozenset({"id", "namespace", "formId", "status", "createdDate", "updatedDate", "seen"}),
    mandatory="namespace",
    sort=({"fieldName": "createdDate", "order": "DESC"},),
)
_ORDERS = Spec(
    fields=frozenset(
        {"id", "number", "checkoutId", "status", "paymentStatus", "createdDate", "updatedDate"}
    ),
    sort=({"fieldName": "createdDate", "order": "DESC"},),
)
_MAX_IDS = 100


async def get_form(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Get Form."""
    form = sandbox.form(guid(request.path_params["form_id"], "formId"))
    return JSONResponse({"form": form.raw})


async def form_summary(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Get Form Summary: the digest of the fields, not the AI's."""
    form = sandbox.form(guid(request.path_params["form_id"], "formId"))
    return JSONResponse({"formSummary": digest(form.raw)})


async def query_forms(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Query Forms."""
    query = optional_object(await read_object(request), "query") or {}
    page = run(_FORMS, _forms(sandbox), query)
    return JSONResponse({"forms": page.documents, "metadata": page.metadata()})


async def list_forms(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer List Forms."""
    page = run(_FORMS, _forms(sandbox), _listing(request.query_params))
    return JSONResponse({"forms": page.documents, "pagingMetadata": page.metadata()})


def _forms(sandbox: Sandbox) -> list[JsonObject]:
    return [form.raw for form in sandbox.forms.values()]


def _listing(params: QueryParams) -> JsonObject:
    namespace = params.get("namespace")
    if not namespace:
        raise invalid("namespace", "must be given", "REQUIRED_FIELD")
    wanted: dict[str, Json] = {"namespace": namespace}
    ids = params.getlist("formIds")
    if len(ids) > _MAX_IDS:
        raise invalid("formIds", f"has more than {_MAX_IDS} items", "MAX_SIZE")
    if ids:
        wanted["id"] = {"$in": [guid(form_id, "formIds") for form_id in ids]}
    enabled = params.get("enabled", "true")
    if enabled:  # given without a value, it asks for both
        wanted["enabled"] = enabled == "true"
    return {"filter": wanted, "cursorPaging": _paging(params)}


def _paging(params: QueryParams) -> JsonObject:
    paging: dict[str, Json] = {}
    limit, cursor = params.get("paging.limit"), params.get("paging.cursor")
    if limit:
        plain = limit.isascii() and limit.isdigit() and len(limit) <= len(str(MAX_PAGE))
        paging["limit"] = int(limit) if plain else limit
    if cursor:
        paging["cursor"] = cursor
    return paging


async def get_submission(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Get Submission."""
    wanted = guid(request.path_params["submission_id"], "submissionId")
    found = sandbox.ledger.submissions.get(wanted)
    if found is None:
        raise not_found("Submission")
    return JSONResponse({"submission": submission_json(sandbox.ledger, found)})


async def query_submissions(
    sandbox: Sandbox, request: Request, _caller: JsonObject
) -> JSONResponse:
    """Answer Query Submissions By Namespace."""
    query = optional_object(await read_object(request), "query") or {}
    ledger = sandbox.ledger
    documents = [submission_json(ledger, held) for held in ledger.submissions.values()]
    page = run(_SUBMISSIONS, documents, query)
    return JSONResponse({"submissions": page.documents, "metadata": page.metadata()})


async def get_order(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Get Order."""
    found = sandbox.ledger.orders.get(guid(request.path_params["order_id"], "id"))
    if found is None:
        raise not_found("Order")
    return JSONResponse({"order": order_json(sandbox.ledger, found)})


async def search_orders(sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Search Orders."""
    search = optional_object(await read_object(request), "search") or {}
    documents = [order_json(sandbox.ledger, order) for order in sandbox.ledger.orders.values()]
    page = run(_ORDERS, documents, search)
    return JSONResponse({"orders": page.documents, "metadata": page.metadata()})


async def chat_settings(_sandbox: Sandbox, _request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer every method of chat settings: the sandbox has none."""
    message = "Chat settings are not part of the sandbox"
    return JSONResponse({"message": message, "details": {}}, status_code=501)

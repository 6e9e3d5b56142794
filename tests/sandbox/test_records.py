"""Forms, submissions and orders: get, list, query, search."""

from __future__ import annotations

import pytest

from tests.sandbox.world import (
    FORMS,
    NAMESPACE,
    NOTE,
    NOTE_FORM,
    NOWHERE,
    PRODUCT,
    SHOP_FORM,
)

SCHEMAS = "/form-schema-service/v4/forms"
SUBMISSIONS = "/form-submission-service/v4/submissions"


def _ids(documents: list[dict]) -> list[str]:
    return [document["id"] for document in documents]


async def _query(world, **query: object):
    wanted = {"namespace": {"$eq": NAMESPACE}} | query.pop("filter", {})
    body = {"query": {"filter": wanted, **query}}
    return await world.post(f"{SUBMISSIONS}/namespace/query", body)


async def test_a_form_is_given_as_it_was_read(world):
    """Get Form gives the schema unchanged."""
    answer = await world.get(f"{SCHEMAS}/{NOTE_FORM}")
    assert answer.json() == FORMS["note"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{SCHEMAS}/{NOWHERE}", 404),
        (f"{SCHEMAS}/cake", 400),
        (f"{SCHEMAS}/{NOWHERE}/summary", 404),
        (f"{SUBMISSIONS}/{NOWHERE}", 404),
        (f"{SUBMISSIONS}/x", 400),
        (f"/forms/v4/submissions/{NOWHERE}", 404),
        (f"/ecom/v1/orders/{NOWHERE}", 404),
        ("/ecom/v1/orders/1", 400),
        (SCHEMAS, 400),
        ("/forms/ai/v1/chat-settings", 501),
        (f"/forms/ai/v1/chat-settings/{NOTE_FORM}", 501),
        ("/forms/ai/v1", 404),
        ("/", 404),
        ("/oauth2/token", 404),
    ],
)
async def test_what_is_not_there_has_its_status(world, path, status):
    """Unknown ids are 404, malformed ones 400, unknown paths and methods 404; all with a body."""
    answer = await world.get(path)
    assert answer.status_code == status
    assert set(answer.json()) == {"message", "details"}
    assert answer.headers["x-wix-request-id"]


async def test_forms_are_listed_with_paging_metadata(world):
    """List Forms gives all enabled forms of the namespace."""
    body = (await world.get(SCHEMAS, namespace=NAMESPACE)).json()
    assert {NOTE_FORM, SHOP_FORM} <= set(_ids(body["forms"]))
    assert body["pagingMetadata"]["count"] == len(body["forms"])


async def test_forms_are_listed_by_id_and_by_page(world):
    """List Forms takes ids, a limit and a cursor."""
    asked = {"namespace": NAMESPACE, "formIds": [NOTE_FORM, SHOP_FORM], "paging.limit": "1"}
    first = (await world.get(SCHEMAS, **asked)).json()
    cursor = first["pagingMetadata"]["cursors"]["next"]
    second = (await world.get(SCHEMAS, namespace=NAMESPACE, **{"paging.cursor": cursor})).json()
    assert _ids(first["forms"] + second["forms"]) == [NOTE_FORM, SHOP_FORM]
    assert first["pagingMetadata"]["hasNext"]
    assert not second["pagingMetadata"]["hasNext"]


@pytest.mark.parametrize(
    ("enabled", "count"), [("true", 1), ("false", 0), ("", 1)], ids=["on", "off", "both"]
)
async def test_forms_are_listed_by_enabled(world, enabled, count):
    """`enabled` without a value asks for both kinds."""
    asked = {"namespace": NAMESPACE, "formIds": NOTE_FORM, "enabled": enabled}
    assert len((await world.get(SCHEMAS, **asked)).json()["forms"]) == count


@pytest.mark.parametrize(
    "asked",
    [
        {"formIds": "x"},
        {"formIds": [NOTE_FORM] * 101},
        {"paging.limit": "0"},
        {"paging.limit": "101"},
        {"paging.limit": "9" * 5000},
        {"paging.limit": "²"},
        {"paging.cursor": "%%%"},
    ],
)
async def test_a_malformed_listing_is_refused(world, asked):
    """What can't be listed by is a validation error."""
    answer = await world.get(SCHEMAS, namespace=NAMESPACE, **asked)
    assert answer.status_code == 400
    assert answer.json()["details"]["validationError"]


async def test_forms_are_queried_page_by_page(world):
    """Query Forms pages through all forms, forth and back, each once."""
    path, paging = f"{SCHEMAS}/query", {"limit": 1}
    body = {"query": {"filter": {"namespace": {"$eq": NAMESPACE}}, "cursorPaging": paging}}
    whole = (await world.get(SCHEMAS, namespace=NAMESPACE)).json()["forms"]
    page = (await world.post(path, body)).json()
    seen = _ids(page["forms"])
    while page["metadata"]["hasNext"]:
        cursor = page["metadata"]["cursors"]["next"]
        page = (
            await world.post(path, {"query": {"cursorPaging": {"limit": 1, "cursor": cursor}}})
        ).json()
        seen += _ids(page["forms"])
    back = {"limit": 1, "cursor": page["metadata"]["cursors"]["prev"]}
    before = (await world.post(path, {"query": {"cursorPaging": back}})).json()
    assert seen == _ids(whole)
    assert _ids(before["forms"]) == seen[-2:-1]


async def test_a_namespace_without_forms_has_none(world):
    """Another namespace is empty."""
    body = {"query": {"filter": {"namespace": "wix.bookings.v2.bookings"}}}
    answer = (await world.post(f"{SCHEMAS}/query", body)).json()
    assert answer["forms"] == []
    assert answer["metadata"] == {"count": 0, "cursors": {}, "hasNext": False}


async def test_a_forms_digest_lists_its_fields(world):
    """Get Form Summary gives target, label, type and options of every field."""
    shop = (await world.get(f"{SCHEMAS}/{SHOP_FORM}/summary")).json()["formSummary"]
    assert shop["id"] == SHOP_FORM
    assert [(f["target"], f["label"], f["type"]) for f in shop["fields"]] == [
        ("buyer", "E-mail", "EMAIL"),
        ("goods", "What?", "PAYMENT"),
    ]
    assert shop["fields"][1]["options"] == [
        {"label": '<script>alert("x")</script>', "value": PRODUCT}
    ]


async def test_submissions_are_found_by_form_status_and_time(world):
    """Query Submissions filters by form, status and time, and sorts."""
    note = (await world.submit(NOTE_FORM, NOTE))["SUBMISSION"]["submissionDetails"]
    world.clock.time += 60
    bought = await world.buy()
    note_id, shop_id = note["submissionId"], bought["submissionId"]
    made = (await world.get(f"{SUBMISSIONS}/{shop_id}")).json()["submission"]["createdDate"]
    ascending = [{"fieldName": "createdDate", "order": "ASC"}]
    found = [
        _ids((await _query(world, **query)).json()["submissions"])
        for query in (
            {},
            {"sort": ascending},
            {"filter": {"formId": NOTE_FORM}},
            {"filter": {"status": {"$in": ["PAYMENT_WAITING", "PENDING"]}}},
            {"filter": {"status": {"$ne": "CONFIRMED"}}},
            {"filter": {"createdDate": {"$gte": made}}},
            {"filter": {"createdDate": {"$gt": made}}},
            {"filter": {"createdDate": {"$lt": {"$date": made}}}},
            {"filter": {"$or": [{"formId": NOTE_FORM}, {"status": "PENDING"}]}},
            {"filter": {"$and": [{"formId": NOTE_FORM}, {"status": "PENDING"}]}},
            {"filter": {"createdDate": None}},
            {"filter": {"seen": False, "formId": {"$gt": 5}}},
        )
    ]
    assert found == [
        [shop_id, note_id],
        [note_id, shop_id],
        [note_id],
        [shop_id],
        [shop_id],
        [shop_id],
        [],
        [note_id],
        [note_id],
        [],
        [],
        [],
    ]


async def test_the_namespace_may_stand_in_a_conjunction(world):
    """A query builder may put the namespace into $and."""
    body = {"query": {"filter": {"$and": [{"namespace": NAMESPACE}, {"formId": NOTE_FORM}]}}}
    answer = await world.post(f"{SUBMISSIONS}/namespace/query", body)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"filter": {}},
        {"filter": {"namespace": {"$ne": "x"}}},
        {"filter": {"namespace": NAMESPACE, "submissions.email": "x"}},
        {"filter": {"namespace": NAMESPACE, "formId": {"$regex": "x"}}},
        {"filter": {"namespace": NAMESPACE, "formId": {"$eq": []}}},
        {"filter": {"namespace": NAMESPACE, "createdDate": {"$gt": "yesterday"}}},
        {"filter": {"namespace": NAMESPACE, "createdDate": {"$gt": "2026-01-01T00:00:00"}}},
        {"filter": {"namespace": NAMESPACE, "createdDate": {"$gt": 5}}},
        {"filter": {"namespace": NAMESPACE, "$or": {"formId": "x"}}},
        {"filter": {"namespace": NAMESPACE, "$or": ["x"]}},
        {"filter": {"namespace": NAMESPACE}, "sort": [{"fieldName": "pii"}]},
        {"filter": {"namespace": NAMESPACE}, "sort": ["createdDate"]},
        {"filter": {"namespace": NAMESPACE}, "sort": [{"fieldName": "id"}] * 4},
        {"filter": {"namespace": NAMESPACE}, "cursorPaging": {"limit": True}},
        {"filter": {"namespace": NAMESPACE}, "cursorPaging": {"limit": 0}},
        {"cursorPaging": {"cursor": "bnVsbA=="}},
        {"cursorPaging": {"cursor": "eyJvIjotMX0="}},
        {"cursorPaging": {"cursor": "a"}},
    ],
)
async def test_a_malformed_query_is_refused(world, query):
    """What can't be queried is a validation error, also where nothing is stored."""
    answer = await world.post(f"{SUBMISSIONS}/namespace/query", {"query": query})
    assert answer.status_code == 400
    assert answer.json()["details"]["validationError"]["fieldViolations"]


async def test_orders_are_found_by_checkout(world):
    """An order appears with the payment and is found by its checkout, then by its id."""
    checkout = (await world.buy())["checkoutId"]
    search = {"search": {"filter": {"checkoutId": {"$eq": checkout}}}}
    before = (await world.post("/ecom/v1/orders/search", search)).json()
    await world.client.post(f"/checkout/{checkout}/pay")
    after = (await world.post("/ecom/v1/orders/search", search)).json()
    single = (await world.get(f"/ecom/v1/orders/{after['orders'][0]['id']}")).json()
    order = single["order"]
    assert before["orders"] == []
    assert after["orders"] == [order]
    assert (order["checkoutId"], order["paymentStatus"]) == (checkout, "PAID")
    assert order["priceSummary"]["total"] == {"amount": "9.00", "formattedAmount": "€9.00"}
    assert order["buyerInfo"] == {"email": "ada@example.com"}

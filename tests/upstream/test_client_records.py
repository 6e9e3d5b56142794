"""Checkouts, forms, submissions and orders are asked for as documented, and read."""

from __future__ import annotations

import pytest

from bridge.upstream.errors import AnswerLost, NotAllowed, NotReady, NotThere, UpstreamError
from bridge.upstream.port import FormListing, Order, Submission
from tests.upstream.loopback import Reply

V1 = "/ecom/v1/checkouts/c-1/checkout-url"
V2 = "/ecom/v2/carts/c-1/get-checkout-url"
NAMESPACE = {"namespace": {"$eq": "wix.form_app.form"}}


async def test_checkout_url(server, connect):
    """By v1."""
    server.reply(V1, Reply({"checkoutUrl": "https://pay.example/1"}))
    assert "https://pay.example/1" == await connect().checkout_url("c-1")
    assert [("GET", V1)] == server.paths


@pytest.mark.parametrize("status", [404, 410, 501])
async def test_checkout_url_when_v1_is_gone(server, connect, status):
    """Then by Cart V2, where the cart's id is the checkout's; remembered once it worked."""
    server.reply(V1, Reply({}, status=status))
    server.reply(V2, Reply({}, status=503), Reply({"checkoutUrl": "https://pay.example/2"}))
    client = connect()
    with pytest.raises(AnswerLost):
        await client.checkout_url("c-1")
    assert ["https://pay.example/2"] * 2 == [await client.checkout_url("c-1") for _ in "ab"]
    assert [V1, V2, V1, V2, V2] == [path for _, path in server.paths]
    assert ("POST", {}) == (server.received[-1].method, server.received[-1].body)


async def test_checkout_url_by_setting(server, connect):
    """v1 alone, v2 alone."""
    server.reply(V1, Reply({}, status=410))
    server.reply(V2, Reply({"checkoutUrl": "https://pay.example/2"}))
    with pytest.raises(NotThere):
        await connect(checkout="v1").checkout_url("c-1")
    assert "https://pay.example/2" == await connect(checkout="v2").checkout_url("c-1")
    assert [V1, V2] == [path for _, path in server.paths]


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_checkout_url_when_v1_has_trouble(server, connect, status):
    """Other refusals are no reason to try the other API."""
    server.reply("*", Reply({}, status=status))
    with pytest.raises(UpstreamError):
        await connect().checkout_url("c-1")
    assert [V1] == [path for _, path in server.paths]


async def test_checkout_url_of_a_site_that_is_not_ready(server, connect):
    """The code is told, and what to do."""
    error = {"details": {"applicationError": {"code": "SITE_NOT_PUBLISHED"}}}
    server.reply(V2, Reply(error, status=428))
    with pytest.raises(NotReady, match="publish"):
        await connect(checkout="v2").checkout_url("c-1")


@pytest.mark.parametrize("body", [{}, {"checkoutUrl": ""}, {"checkoutUrl": 5}])
async def test_checkout_url_that_is_none(server, connect, body):
    """An answer without an address is no answer."""
    server.reply(V1, Reply(body))
    with pytest.raises(AnswerLost):
        await connect().checkout_url("c-1")


async def test_form(server, connect):
    """Get Form, raw and read."""
    raw = {"id": "f-1", "name": "Cake", "formFields": [{"inputOptions": {"target": "a"}}]}
    server.reply("/form-schema-service/v4/forms/f-1", Reply({"form": raw}), Reply({}))
    client = connect()
    assert raw == await client.raw_form("f-1")
    server.reply("/form-schema-service/v4/forms/f-1", Reply({"form": raw}), Reply({}))
    schema = await client.form("f-1")
    assert ("f-1", ["a"]) == (schema.id, list(schema.fields))
    with pytest.raises(AnswerLost):
        await client.form("f-1")
    assert ("GET", "/form-schema-service/v4/forms/f-1") == server.paths[0]


async def test_forms(server, connect):
    """Query Forms by namespace, all pages by cursor."""
    path = "/form-schema-service/v4/forms/query"
    payment = [{"inputOptions": {"inputType": "PAYMENT"}}]
    pages = [
        {
            "forms": [
                {"id": "1", "name": "One", "enabled": False},
                {"id": "2", "name": "Two", "formFields": payment},
            ],
            "metadata": {"hasNext": True, "cursors": {"next": "more"}},
        },
        {"forms": [{"id": "3", "formFields": []}], "metadata": {"hasNext": False}},
    ]
    server.reply(path, *map(Reply, pages))
    assert (
        FormListing(id="1", name="One", enabled=False),
        FormListing(id="2", name="Two", payment=True),
        FormListing(id="3", name="", payment=False),
    ) == await connect().forms()
    paging = [{"limit": 100}, {"limit": 100, "cursor": "more"}]
    bodies = [{"query": {"filter": NAMESPACE, "cursorPaging": each}} for each in paging]
    assert bodies == [request.body for request in server.received]
    assert [("POST", path)] * 2 == server.paths


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"metadata": {}},
        {"metadata": {"hasNext": True}},
        {"metadata": {"cursors": {"next": ""}}},
        {"pagingMetadata": {"hasNext": False, "cursors": {"next": "more"}}},
    ],
)
async def test_the_last_page(server, connect, metadata):
    """Without a next cursor, or told so, it is the last."""
    server.reply("*", Reply({"forms": [{"id": "1"}], **metadata}))
    assert 1 == len(await connect().forms())
    assert 1 == len(server.received)


async def test_a_cursor_that_repeats_ends_the_query(server, connect):
    """A server that leads in a circle is not followed."""
    server.reply("*", Reply({"forms": [{"id": "1"}], "metadata": {"cursors": {"next": "same"}}}))
    await connect().forms()
    assert 2 == len(server.received)


async def test_endless_pages_are_not_trusted(server, connect):
    """More pages than can be read are no whole answer, and none is given."""
    pages = [Reply({"forms": [], "metadata": {"cursors": {"next": str(n)}}}) for n in range(60)]
    server.reply("*", *pages)
    with pytest.raises(AnswerLost):
        await connect().forms()
    assert 50 == len(server.received)


SUBMISSION = {
    "id": "sub-1",
    "formId": "f-1",
    "status": "PAYMENT_WAITING",
    "createdDate": "2027-01-15T08:00:01.500Z",
    "submissions": {"name": "Ada"},
    "orderDetails": {"orderId": "o-1", "checkoutId": "c-1", "number": "7"},
}


async def test_submission(server, connect):
    """Get Submission."""
    path = "/form-submission-service/v4/submissions/sub-1"
    server.reply(path, Reply({"submission": SUBMISSION}), Reply({"submission": {"status": "X"}}))
    client = connect()
    assert Submission(
        id="sub-1",
        form_id="f-1",
        status="PAYMENT_WAITING",
        created_at=1_800_000_001.5,
        values={"name": "Ada"},
        order_id="o-1",
        checkout="c-1",
    ) == await client.submission("sub-1")
    with pytest.raises(AnswerLost):
        await client.submission("sub-1")
    assert [("GET", path)] * 2 == server.paths


async def test_submissions(server, connect):
    """Query Submissions by namespace, form and time; all pages, oldest first."""
    path = "/form-submission-service/v4/submissions/namespace/query"
    times = [
        "2027-01-15T08:00:02+00:00",
        "2027-01-15T10:00:01+02:00",
        "soon",
        "2027-01-15T08:00:03",
    ]
    records = [{"id": str(n), "createdDate": time} for n, time in enumerate(times)]
    more = {"metadata": {"hasNext": True, "cursors": {"next": "more"}}}
    server.reply(
        path, Reply({"submissions": records[:2], **more}), Reply({"submissions": records[2:]})
    )
    found = await connect().submissions("f-1", 1_800_000_000.1239)
    assert ["2", "1", "0", "3"] == [each.id for each in found]
    assert [0.0, 1.0, 2.0, 3.0] == [each.created_at % 1_800_000_000 for each in found]
    filters = {
        **NAMESPACE,
        "formId": {"$eq": "f-1"},
        "createdDate": {"$gte": "2027-01-15T08:00:00.123Z"},
    }
    paging = [{"limit": 100}, {"limit": 100, "cursor": "more"}]
    bodies = [{"query": {"filter": filters, "cursorPaging": each}} for each in paging]
    assert bodies == [request.body for request in server.received]
    assert [("POST", path)] * 2 == server.paths


async def test_a_form_without_an_id_spoils_the_list(server, connect):
    """A listing that can't be named is told, not left out."""
    server.reply("*", Reply({"forms": [{"name": "One"}]}))
    with pytest.raises(AnswerLost):
        await connect().forms()


async def test_a_record_that_cannot_be_read_spoils_the_list(server, connect):
    """Nobody may conclude from a list that is not whole."""
    server.reply("*", Reply({"submissions": [SUBMISSION, {"status": "CONFIRMED"}]}))
    with pytest.raises(AnswerLost):
        await connect().submissions("f-1", 0.0)


ORDER = {"id": "o-1", "checkoutId": "c-1", "status": "APPROVED", "paymentStatus": "PAID"}
BOUGHT = Order(id="o-1", checkout="c-1", status="APPROVED", payment_status="PAID")


async def test_orders(server, connect):
    """Search Orders by checkout."""
    server.reply("/ecom/v1/orders/search", Reply({"orders": [ORDER]}), Reply({"orders": [{}]}))
    client = connect()
    assert (BOUGHT,) == await client.orders("c-1")
    with pytest.raises(AnswerLost):
        await client.orders("c-1")
    assert ("POST", "/ecom/v1/orders/search") == server.paths[0]
    assert {"search": {"filter": {"checkoutId": {"$eq": "c-1"}}}} == server.received[0].body


async def test_order(server, connect):
    """Get Order."""
    server.reply("/ecom/v1/orders/o-1", Reply({"order": ORDER}))
    assert BOUGHT == await connect().order("o-1")
    assert [("GET", "/ecom/v1/orders/o-1")] == server.paths
    assert server.received[0].body is None


async def test_check(server, connect):
    """One form is asked for; what goes wrong is raised."""
    path = "/form-schema-service/v4/forms/query"
    server.reply(path, Reply({"forms": []}), Reply({}, status=403))
    client = connect()
    await client.check()
    with pytest.raises(NotAllowed):
        await client.check()
    body = {"query": {"filter": NAMESPACE, "cursorPaging": {"limit": 1}}}
    assert (("POST", path), body) == (server.paths[0], server.received[0].body)

"""Every endpoint is called as documented, and its answer read."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from bridge.upstream.auth import ApiKey
from bridge.upstream.chunks import EndChunk, TextChunk
from bridge.upstream.client import UpstreamClient
from bridge.upstream.errors import (
    AnswerLost,
    NotAllowed,
    NotReady,
    NotThere,
    Refused,
    SessionGone,
    Throttled,
    UpstreamError,
)
from bridge.upstream.port import ClientTime, FormListing, Order, Submission
from tests.upstream import loopback
from tests.upstream.loopback import Reply, misbehaving, scripted_server
from tests.upstream.manual_clock import ManualClock

KEY = ApiKey(SecretStr("the-key"), "the-site")
CREATE = "/forms/ai/v1/interactive-form-sessions"
SEND = f"{CREATE}/s-1/send-user-message"
V1 = "/ecom/v1/checkouts/c-1/checkout-url"
V2 = "/ecom/v2/carts/c-1/get-checkout-url"
HELLO = {"chunkType": "TEXT", "textDetails": {"text": "Hello"}}
END = {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": True}}
SESSION = {"id": "s-1", "formId": "f-1", "form": {"later": 1}}
NAMESPACE = {"namespace": {"$eq": "wix.form_app.form"}}


def document(*chunks):
    """Return the body of an answer that is not streamed."""
    return {"interactiveFormSession": SESSION, "responseChunks": list(chunks)}


def stream(*chunks):
    """Return the body of a streamed answer."""
    messages = [{"responseChunk": chunk} for chunk in chunks]
    messages[0]["interactiveFormSession"] = SESSION
    return "".join(f"data: {json.dumps(message)}\n\n" for message in messages).encode()


@pytest.fixture
async def server():
    """A server with an empty script."""
    async with scripted_server() as script:
        yield script


@pytest.fixture
async def connect(server):
    """Makes clients of the server; they are closed in the end."""
    made = []

    def make(**options):
        options.setdefault("base_url", server.url)
        made.append(UpstreamClient(KEY, clock=ManualClock(), **options))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


async def begin(client):
    """Begin a session with nothing but a form."""
    return await client.create("f-1", values=None, dry_run=False, client_time=None)


async def test_create(server, connect):
    """The whole request, and an answer with session, chunks and what they were made of."""
    server.reply(CREATE, Reply(document(HELLO, END)))
    answer = await connect(base_url=server.url + "/").create(
        "f-1",
        values={"name": "Ädä \ud800"},
        dry_run=True,
        client_time=ClientTime(at=1_800_000_000.25, zone="Europe/Vilnius"),
    )
    (request,) = server.received
    assert ("POST", CREATE) == (request.method, request.path)
    assert {
        "formId": "f-1",
        "dryRun": True,
        "currentValues": {"name": "Ädä ?"},
        "clientTime": {"currentTime": "2027-01-15T08:00:00.250Z", "timeZone": "Europe/Vilnius"},
    } == request.body
    sent = [request.headers[name] for name in ("authorization", "wix-site-id", "content-type")]
    assert ["the-key", "the-site", "application/json"] == sent
    assert "s-1" == answer.session
    assert (TextChunk(text="Hello"), EndChunk(success=True)) == answer.chunks
    assert (HELLO, END) == answer.raw


async def test_create_with_little(server, connect):
    """What is not given is not sent; a zone that is too long is left out."""
    server.reply(CREATE, Reply(document()))
    client = connect()
    await begin(client)
    await client.create(
        "f-1", values={}, dry_run=False, client_time=ClientTime(at=0.0, zone="x" * 51)
    )
    bodies = [request.body for request in server.received]
    time = {"currentTime": "1970-01-01T00:00:00.000Z"}
    expected = {"formId": "f-1", "dryRun": False}
    assert [expected, {**expected, "clientTime": time}] == bodies


async def test_create_without_greeting(server, connect):
    """A session without chunks is one; an answer without a session is none."""
    server.reply(CREATE, Reply({"interactiveFormSession": SESSION}), Reply({"responseChunks": []}))
    client = connect()
    assert () == (await begin(client)).chunks
    with pytest.raises(AnswerLost):
        await begin(client)


async def test_create_with_a_wrong_form(server, connect):
    """NOT_FOUND on create is a wrong form id, not a lost session."""
    server.reply(CREATE, Reply({}, status=404))
    with pytest.raises(NotThere):
        await begin(connect())


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"text": "hi", "values": None}, {"input": "hi"}),
        ({"text": None, "values": {"a": [1]}}, {"currentValues": {"a": [1]}}),
        (
            {"text": "", "values": {"a": ({"b": 1.5},)}},
            {"input": "", "currentValues": {"a": [{"b": 1.5}]}},
        ),
    ],
)
async def test_send(server, connect, given, body):
    """Input, values, or both, to the session in the path."""
    server.reply(SEND, Reply(document(HELLO)))
    answer = await connect().send("s-1", **given)
    assert [("POST", SEND)] == server.paths
    assert body == server.received[0].body
    assert "application/json" == server.received[0].headers["accept"]
    assert ("s-1", (TextChunk(text="Hello"),)) == (answer.session, answer.chunks)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "NOT_FOUND", SessionGone),
        (400, "SESSION_NOT_FOUND", SessionGone),
        (400, "EMPTY_REQUEST", Refused),
    ],
)
async def test_send_that_is_refused(server, connect, status, code, kind):
    """A session that is gone is told apart from a wrong request."""
    body = {"message": "", "details": {"applicationError": {"code": code}}}
    server.reply(SEND, Reply(body, status=status, headers={"X-Wix-Request-Id": "4.2"}))
    with pytest.raises(UpstreamError) as raised:
        await connect().send("s-1", text="hi", values=None)
    error = raised.value
    assert (kind, code, "4.2") == (type(error), error.code, error.request_id)


async def test_streamed(server, connect):
    """With streaming on, both calls go to the streamed endpoints and say what they can read."""
    server.reply(CREATE + "/create-streamed", Reply(stream(HELLO, END)))
    server.reply(SEND + "-streamed", Reply(stream(HELLO, HELLO, END) + b"data: {}\n\n"))
    client = connect(streaming=True)
    created, sent = await begin(client), await client.send("s-1", text="hi", values=None)
    assert [("POST", CREATE + "/create-streamed"), ("POST", SEND + "-streamed")] == server.paths
    assert "text/event-stream" in server.received[0].headers["accept"]
    assert (("s-1", (HELLO, END)), (HELLO, HELLO, END)) == (
        (created.session, created.raw),
        sent.raw,
    )


@pytest.mark.parametrize(
    "body",
    [
        [{"responseChunk": HELLO}, {"responseChunk": END}],
        document(HELLO, END),
        document(HELLO),
        b"\n".join(json.dumps({"result": {"responseChunk": c}}).encode() for c in (HELLO, END)),
        json.dumps(HELLO).encode() + json.dumps({"endOfResponseDetails": {}}).encode(),
        [{"interactiveFormSession": SESSION}, {"responseChunk": HELLO}, END],
    ],
    ids=["array", "document", "document without end", "gateway", "bare", "session first"],
)
async def test_streamed_in_other_shapes(server, connect, body):
    """Whatever the stream looks like, the answer is the same."""
    server.reply(SEND + "-streamed", Reply(body))
    answer = await connect(streaming=True).send("s-1", text="hi", values=None)
    assert TextChunk(text="Hello") == answer.chunks[0]
    assert 1 == len(server.received)


@pytest.mark.parametrize(
    "body",
    [
        stream(HELLO),
        b"",
        b"<html>",
        {"later": 1},
        b'data: {"resp',
        stream(HELLO) + b'event: error\ndata: {"code": 5}\n\n',
        stream(HELLO) + b"data: x\n\n",
        b'{"error": {"code": 8}}',
    ],
)
async def test_a_send_whose_stream_has_no_end_is_lost(server, connect, body):
    """Without END_OF_RESPONSE nobody knows what happened; it is not sent again."""
    server.reply(SEND + "-streamed", Reply(body))
    with pytest.raises(AnswerLost):
        await connect(streaming=True).send("s-1", text="hi", values=None)
    assert 1 == len(server.received)


@pytest.mark.parametrize(
    ("code", "kind"), [(5, SessionGone), (3, Refused), (16, NotAllowed), (8, AnswerLost)]
)
async def test_an_error_in_the_stream_before_anything_else(server, connect, code, kind):
    """It means what it says, and does not lead to another request."""
    body = b"event: error\ndata: " + json.dumps({"error": {"code": code}}).encode() + b"\n\n"
    server.reply(SEND + "-streamed", Reply(body))
    with pytest.raises(UpstreamError) as raised:
        await connect(streaming=True).send("s-1", text="hi", values=None)
    assert (kind, 1) == (type(raised.value), len(server.received))


@pytest.mark.parametrize("status", [404, 405, 415, 501])
async def test_without_streamed_endpoints(server, connect, status):
    """Where they are missing the others are used, and from then on at once."""
    server.reply("*", Reply({}, status=status))
    server.reply(SEND, Reply(document(HELLO)))
    client = connect(streaming=True)
    for _ in range(2):
        await client.send("s-1", text="hi", values=None)
    assert [SEND + "-streamed", SEND, SEND] == [path for _, path in server.paths]


async def test_a_session_that_is_gone_does_not_end_streaming(server, connect):
    """404 on both endpoints is about the session; the next one is streamed again."""
    server.reply("*", Reply({}, status=404))
    client = connect(streaming=True)
    for _ in range(2):
        with pytest.raises(SessionGone):
            await client.send("s-1", text="hi", values=None)
    assert [SEND + "-streamed", SEND] * 2 == [path for _, path in server.paths]


@pytest.mark.parametrize("body", [b"", b"<html>", b"data: [DONE]\n\n", {"later": 1}, b'data: {"x'])
async def test_a_create_that_streams_nothing_readable(server, connect, body):
    """A create may be repeated, so it is made again without streaming."""
    server.reply(CREATE + "/create-streamed", Reply(body))
    server.reply(CREATE, Reply(document(HELLO)))
    client = connect(streaming=True)
    await begin(client)
    assert "s-1" == (await begin(client)).session
    assert [CREATE + "/create-streamed", CREATE, CREATE] == [path for _, path in server.paths]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (stream(HELLO), 200, AnswerLost),
        ({"interactiveFormSession": SESSION}, 200, AnswerLost),
        (b'{"error": {"code": 5}}', 200, NotThere),
        ([{"responseChunk": HELLO}, {"responseChunk": END}], 200, AnswerLost),
        ({}, 429, Throttled),
    ],
    ids=["cut", "session alone", "error", "no session", "busy"],
)
async def test_a_create_that_began_is_told(server, connect, body, status, kind):
    """What belongs to an answer, or is an error, is not covered up by another request."""
    server.reply("*", Reply(body, status=status))
    with pytest.raises(kind):
        await begin(connect(streaming=True))
    assert 1 == len(server.received)


async def test_a_stream_is_left_at_its_end(connect):
    """After END_OF_RESPONSE nothing is waited for, though the connection stays open."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"

    async def never_ends(reader, writer):
        await loopback.read_request(reader)
        writer.write(head + stream(HELLO, END))
        await reader.read()

    async with misbehaving(never_ends) as url:
        answer = await connect(base_url=url, streaming=True).send("s", text="x", values=None)
    assert (HELLO, END) == answer.raw


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

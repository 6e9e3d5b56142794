"""Whatever comes, nothing breaks."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.sandbox import bodies
from bridge.sandbox.errors import Refusal
from bridge.sandbox.payments import order_lines
from bridge.sandbox.query import Spec, run
from tests.sandbox.world import FORMS, NAMESPACE, NOTE_FORM, SESSIONS, SHOP_FORM, running

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
POSTS = (
    SESSIONS,
    f"{SESSIONS}/create-streamed",
    f"{SESSIONS}/generate-form-summary",
    f"{SESSIONS}/{NOTE_FORM}/send-user-message",
    f"/ecom/v2/carts/{NOTE_FORM}/get-checkout-url",
    "/oauth2/token",
    "/form-schema-service/v4/forms/query",
    "/forms/v4/submissions/namespace/query",
    "/ecom/v1/orders/search",
)
MEMBERS = ("formId", "currentValues", "clientTime", "form", "query", "search", "grant_type")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b'{"formId":"\\ud800"}',
        b'{"\\udc00":1}',
        b"[]",
        b"null",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 70 + b"1" + b"}" * 70,
        b'{"a":"' + b"x" * bodies.MAX_BODY + b'"}',
    ],
    ids=range(14),
)
async def test_what_is_no_json_object_is_a_400(world, content):
    """Broken, endless, too deep, too long or unwritable JSON is a 400 with a body."""
    answer = await world.client.post(SESSIONS, content=content)
    assert answer.status_code == 400
    assert answer.json()["details"]["validationError"]


async def test_a_body_that_never_ends_is_dropped(world):
    """A connection that closes amid its body harms nobody."""
    _, writer = await asyncio.open_connection("127.0.0.1", int(world.base.rsplit(":")[-1]))
    head = f"POST {SESSIONS} HTTP/1.1\r\nHost: x\r\nAuthorization: sandbox-key\r\n"
    writer.write(f"{head}wix-site-id: sandbox-site\r\nContent-Length: 50\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await world.create()).status_code == 200


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    bodies_of=st.lists(
        st.binary(max_size=60).map(lambda raw: raw)
        | JSON.map(lambda value: json.dumps(value).encode())
        | st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=3).map(
            lambda value: json.dumps(value).encode()
        ),
        min_size=4,
        max_size=4,
    ),
    values=st.lists(JSON, min_size=2, max_size=2),
)
def test_no_body_breaks_an_endpoint(tmp_path, bodies_of, values):
    """No bytes at any endpoint get a 5xx, and the sandbox goes on."""

    async def attack() -> list[int]:
        async with running(tmp_path) as world:
            statuses = [
                (await world.client.post(path, content=body)).status_code
                for path in POSTS
                for body in bodies_of
            ]
            statuses += [await _fill(world, form, values) for form in (NOTE_FORM, SHOP_FORM)]
            return statuses

    statuses = asyncio.run(attack())
    assert [status for status in statuses if status >= 500] == []


async def _fill(world, form: str, values: list) -> int:
    """Give odd values to every field; return the worst status."""
    odd = dict(zip(("note", "goods"), values, strict=True)) | {"buyer": values[0]}
    raw = json.dumps({"formId": form, "currentValues": odd}).encode()
    made = await world.client.post(SESSIONS, content=raw)
    if made.status_code != 200:
        return made.status_code
    session = made.json()["interactiveFormSession"]["id"]
    raw = json.dumps({"input": "yes", "currentValues": odd}).encode()
    sent = await world.client.post(f"{SESSIONS}/{session}/send-user-message", content=raw)
    return sent.status_code


@given(JSON)
def test_what_is_parsed_can_be_written_and_read_again(value):
    """`parse` either refuses with a 400 or gives back JSON that survives a round trip."""
    parsed = _or_status(lambda: bodies.parse(json.dumps(value).encode()))
    if parsed == 400:
        return
    written = json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode()
    assert bodies.parse(written) == parsed


@given(JSON)
def test_any_payment_value_reads_as_lines(value):
    """Whatever stands in a payment field, lines have prices of cents and whole quantities."""
    lines = order_lines(FORMS["shop"]["form"], {"goods": value})
    assert [line for line in lines if line.price < 0 or line.quantity < 1] == []


@given(st.dictionaries(st.sampled_from(["filter", "sort", "cursorPaging"]), JSON))
def test_any_query_is_answered_or_refused(query):
    """A query has a page or a 400."""
    spec = Spec(fields=frozenset({"id", "namespace"}))
    page = _or_status(lambda: run(spec, [{"id": "a", "namespace": NAMESPACE}], query))
    assert page == 400 or len(page.documents) <= 1


def _or_status(work):
    try:
        return work()
    except Refusal as refusal:
        return refusal.status


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"productId": "x", "price": 2, "quantity": 0}, ("What?", "2.00", 1)),
        ({"productId": "x", "price": "free"}, ("What?", "0.00", 1)),
        ({"productId": "x", "price": "-3", "quantity": 2}, ("What?", "0.00", 2)),
        ({"productId": "x", "name": "Mine", "price": "1e3"}, ("Mine", "1000.00", 1)),
        ({"price": "Infinity", "quantity": True}, ("What?", "0.00", 1)),
    ],
)
def test_odd_lines_are_read_with_care(chosen, expected):
    """Names fall back on the field's label, prices on nothing, quantities on one."""
    (line,) = order_lines(FORMS["shop"]["form"], {"goods": [chosen]})
    assert (line.name, str(line.price), line.quantity) == expected


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /sandbox/health HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"POST /oauth2/token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /%ED%A0%80%00/..%2f HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /form-schema-service/v4/forms?%ED%A0=%80&&=& HTTP/1.1\r\n\r\n",
    ],
    ids=range(9),
)
async def test_no_bytes_on_the_socket_break_it(world, request_bytes):
    """Whatever comes before HTTP, the next caller is served, and nobody sees a 5xx."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(world.base.rsplit(":")[-1]))
    writer.write(request_bytes)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert not answer.startswith(b"HTTP/1.1 5")
    assert (await world.get("/sandbox/health")).status_code == 200

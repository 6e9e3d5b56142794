"""Sessions are begun and led as documented, streamed or not."""

from __future__ import annotations

import json
from types import MappingProxyType

import pytest

from bridge.upstream.chunks import EndChunk, TextChunk
from bridge.upstream.errors import (
    AnswerLost,
    NotAllowed,
    NotThere,
    Refused,
    SessionGone,
    Throttled,
    UpstreamError,
)
from bridge.upstream.port import ClientTime
from tests.upstream import loopback
from tests.upstream.loopback import Reply, misbehaving

CREATE = "/forms/ai/v1/interactive-form-sessions"
SEND = f"{CREATE}/s-1/send-user-message"
HELLO = {"chunkType": "TEXT", "textDetails": {"text": "Hello"}}
END = {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": True}}
SESSION = {"id": "s-1", "formId": "f-1", "form": {"later": 1}}


def document(*chunks):
    """Return the body of an answer that is not streamed."""
    return {"interactiveFormSession": SESSION, "responseChunks": list(chunks)}


def stream(*chunks):
    """Return the body of a streamed answer."""
    messages = [{"responseChunk": chunk} for chunk in chunks]
    messages[0]["interactiveFormSession"] = SESSION
    return "".join(f"data: {json.dumps(message)}\n\n" for message in messages).encode()


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
            {"text": "", "values": {"a": (MappingProxyType({"b": 1.5}),)}},
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

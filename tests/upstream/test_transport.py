"""What a broken connection means is known for every way in which one breaks."""

from __future__ import annotations

import asyncio
import gzip
import json

import aiohttp
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bridge.upstream.auth import ApiKey, ClientCredentials
from bridge.upstream.client import UpstreamClient
from bridge.upstream.errors import (
    AnswerLost,
    NotAllowed,
    NotThere,
    Refused,
    SessionGone,
    Throttled,
    Unreachable,
    UpstreamError,
)
from bridge.upstream.transport import MAX_BODY, Timeouts, from_exception, segment
from tests.upstream import loopback
from tests.upstream.loopback import Reply, misbehaving, scripted_server, unused_address
from tests.upstream.manual_clock import ManualClock

KEY = ApiKey(SecretStr("the-key"), "the-site")
SEND = "/forms/ai/v1/interactive-form-sessions/s/send-user-message"
ANSWER = {"interactiveFormSession": {"id": "s"}, "responseChunks": []}


class Client:
    """A client for one test, closed at its end."""

    def __init__(self, url, credentials=KEY, **options):
        self.client = UpstreamClient(credentials, clock=ManualClock(), base_url=url, **options)

    async def __aenter__(self):
        return self.client

    async def __aexit__(self, *_):
        await self.client.aclose()


async def failure_of(url, **options):
    """Return what a send raises."""
    async with Client(url, **options) as client:
        with pytest.raises(UpstreamError) as raised:
            await client.send("s", text="hello", values=None)
    return raised.value


MISBEHAVIOURS = [
    "drop",
    "reset",
    "drop_at_once",
    "half_a_body",
    "half_a_chunk",
    "half_a_head",
    "garbage",
    "broken_gzip",
]


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize("behaviour", MISBEHAVIOURS)
async def test_whatever_broke_after_connecting_is_lost(behaviour, streaming):
    """Once there was a connection, the request may have been processed."""
    async with misbehaving(getattr(loopback, behaviour)) as url:
        error = await failure_of(url, streaming=streaming)
    assert AnswerLost is type(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


@pytest.mark.parametrize("behaviour", [loopback.hang, loopback.hang_in_the_body])
async def test_silence_is_lost(behaviour):
    """A server that took the request and says no (more) word may have processed it."""
    async with misbehaving(behaviour) as url:
        assert AnswerLost is type(await failure_of(url, timeouts=Timeouts(read=0.02)))


async def test_an_answer_without_end_is_lost():
    """Bytes that keep coming are given up after the time for the whole."""
    async with misbehaving(loopback.drip) as url:
        assert AnswerLost is type(await failure_of(url, timeouts=Timeouts(whole=0.03)))


async def test_a_refused_connection_was_never_sent():
    """Nobody listens: certainly not processed."""
    assert Unreachable is type(await failure_of(await unused_address()))


async def test_an_unknown_host_was_never_sent():
    """No address for the name: certainly not processed."""
    assert Unreachable is type(await failure_of("http://nobody.invalid"))


async def test_what_is_not_tls_was_never_sent():
    """A handshake that fails comes before the request."""
    async with misbehaving(loopback.drop_at_once) as url:
        error = await failure_of(url.replace("http:", "https:"))
    assert Unreachable is type(error)


async def test_no_free_connection_was_never_sent(monkeypatch):
    """To wait in vain for the pool is no doubt about the request."""
    monkeypatch.setattr("bridge.upstream.transport.POOL_WAIT", 0.02)
    async with scripted_server() as server:
        server.gate = asyncio.Event()
        server.reply("*", Reply(ANSWER))
        async with Client(server.url, connections=1) as client:
            first = asyncio.create_task(client.send("s", text="1", values=None))
            await server.arrived(1)
            with pytest.raises(Unreachable):
                await client.send("s", text="2", values=None)
            server.gate.set()
            await first
        assert 1 == len(server.received)


async def test_hundreds_wait_side_by_side():
    """Hundreds of turns are under way at the same time, each with its own connection."""
    async with scripted_server() as server, Client(server.url) as client:
        server.gate = asyncio.Event()
        server.reply("*", Reply(ANSWER))
        sends = [asyncio.create_task(client.send("s", text="x", values=None)) for _ in range(150)]
        await server.arrived(150)
        server.gate.set()
        assert 150 == len(await asyncio.gather(*sends))


def test_only_known_causes_count_as_never_sent():
    """What is unknown counts as lost, however deep and however tangled its causes."""
    key = aiohttp.client_reqrep.ConnectionKey("h", 80, False, True, None, None, None)
    refused = aiohttp.ClientConnectorError(key, OSError(111, "refused"))
    slow = aiohttp.ConnectionTimeoutError("slow")
    looped = ValueError("a")
    looped.__cause__ = KeyError("b")
    looped.__cause__.__context__ = looped
    for cause in (refused, slow):
        wrapped = RuntimeError("outer")
        wrapped.__cause__ = cause
        assert Unreachable is type(from_exception(wrapped))
    for error in (aiohttp.ServerDisconnectedError(), TimeoutError(), OSError(), looped):
        assert AnswerLost is type(from_exception(error))


async def test_a_refusal_with_a_broken_body_keeps_its_meaning():
    """The status has arrived, so it counts."""
    async with misbehaving(loopback.busy_but_broken) as url:
        error = await failure_of(url)
    assert (Throttled, 429) == (type(error), error.status)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"5", b"{", b'{"interactiveFormSession": {"id": "s"}}', b"{}"]
)
async def test_a_success_that_is_no_answer_is_lost(body):
    """200 with anything else than an answer: processed, perhaps."""
    async with scripted_server() as server:
        server.reply("*", Reply(body))
        assert AnswerLost is type(await failure_of(server.url))


async def test_the_length_of_an_answer_is_bounded():
    """More than the limit is not read, packed or not; just under it is."""
    long = json.dumps({**ANSWER, "pad": "x" * MAX_BODY}).encode()
    packed = Reply(gzip.compress(long), headers={"Content-Encoding": "gzip"})
    short = Reply({**ANSWER, "pad": "x" * (MAX_BODY // 2)})
    async with scripted_server() as server:
        for reply in (Reply(long), packed):
            server.reply("*", reply)
            assert AnswerLost is type(await failure_of(server.url))
        server.reply("*", short)
        async with Client(server.url) as client:
            assert "s" == (await client.send("s", text="x", values=None)).session


@pytest.mark.parametrize(
    ("status", "kind"),
    [(302, Refused), (403, NotAllowed), (404, SessionGone), (429, Throttled), (500, AnswerLost)],
)
async def test_a_refusal_is_told_once(status, kind):
    """No status but 401 makes the client ask again; redirects are not followed."""
    async with scripted_server() as server:
        server.reply("*", Reply({}, status=status, headers={"Location": "/elsewhere"}))
        error = await failure_of(server.url)
        assert (kind, 1) == (type(error), len(server.received))


async def test_retry_after_as_a_date_goes_by_our_clock():
    """The date is taken against the injected time."""
    date = "Fri, 15 Jan 2027 08:00:30 GMT"
    async with scripted_server() as server:
        server.reply("*", Reply({}, status=503, headers={"Retry-After": date}))
        error = await failure_of(server.url)
    assert isinstance(error, Throttled)
    assert 30.0 == error.after


def oauth():
    """Return an app's credentials."""
    return ClientCredentials("app", SecretStr("secret"), "instance", clock=ManualClock())


def tokens(*names):
    """Return the answers of a log-in."""
    return [Reply({"access_token": name, "expires_in": 14_400}) for name in names]


async def test_one_401_is_tried_again_with_a_new_token():
    """Also for a send: what was not authenticated was not processed."""
    async with scripted_server() as server, Client(server.url, oauth()) as client:
        server.reply("/oauth2/token", *tokens("one", "two"))
        server.reply(SEND, Reply({}, status=401), Reply(ANSWER))
        await client.send("s", text="hi", values=None)
        used = [request.headers.get("authorization") for request in server.received]
        assert [None, "Bearer one", None, "Bearer two"] == used
        assert server.received[1].body == server.received[3].body


async def test_a_second_401_is_told():
    """With a new token refused too, it is a matter of settings."""
    async with scripted_server() as server:
        server.reply("/oauth2/token", *tokens("one", "two"))
        server.reply(SEND, Reply({}, status=401))
        error = await failure_of(server.url, credentials=oauth())
        assert (NotAllowed, 401, 4) == (type(error), error.status, len(server.received))


async def test_a_401_for_a_key_is_told_at_once():
    """There is no other key."""
    async with scripted_server() as server:
        server.reply(SEND, Reply({}, status=401))
        error = await failure_of(server.url)
        assert (NotAllowed, 1) == (type(error), len(server.received))
        assert "WIX_API_KEY" in str(error)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply({"error": "invalid_client"}, status=401), NotAllowed),
        (Reply({"error": "invalid_client"}, status=400), NotAllowed),
        (Reply({}, status=429), Throttled),
        (Reply({}, status=500), Unreachable),
        (Reply(b"<html>"), Unreachable),
        (Reply({"token_type": "Bearer"}), NotAllowed),
    ],
)
async def test_without_a_token_nothing_is_sent(reply, kind):
    """A failed log-in never counts as a lost answer."""
    async with scripted_server() as server:
        server.reply("/oauth2/token", reply)
        error = await failure_of(server.url, credentials=oauth())
        assert (kind, [("POST", "/oauth2/token")]) == (type(error), server.paths)


async def test_the_consistency_header_is_sent_back():
    """What the last response asked to be echoed goes with the next request, unless too long."""
    async with scripted_server() as server, Client(server.url) as client:
        server.reply(
            "*",
            Reply(ANSWER, headers={"X-Wix-Consistent": "abc"}),
            Reply({}, status=404, headers={"X-Wix-Consistent": "def"}),
            Reply(ANSWER, headers={"X-Wix-Consistent": "x" * 5000}),
            Reply(ANSWER),
        )
        await client.send("s", text="1", values=None)
        with pytest.raises(SessionGone):
            await client.send("s", text="2", values=None)
        await client.send("s", text="3", values=None)
        await client.send("s", text="4", values=None)
        echoed = [request.headers.get("x-wix-consistent") for request in server.received]
        assert [None, "abc", "def", "def"] == echoed


def by_name(url):
    """Return the address by the host's name: for bare numbers hardly anybody keeps cookies."""
    return url.replace("127.0.0.1", "localhost")


async def test_no_cookie_is_kept():
    """Conversations share the client, so it keeps nothing that a response plants."""
    async with scripted_server() as server, Client(by_name(server.url)) as client:
        server.reply("*", Reply(ANSWER, headers={"Set-Cookie": "a=b; Path=/"}))
        await client.send("s", text="1", values=None)
        await client.send("s", text="2", values=None)
        assert ["cookie" in request.headers for request in server.received] == [False, False]


async def test_proxies_of_the_environment_are_not_used(monkeypatch):
    """A proxy in the environment doesn't get to see our requests."""
    monkeypatch.setenv("HTTP_PROXY", await unused_address())
    monkeypatch.setenv("http_proxy", await unused_address())
    async with scripted_server() as server, Client(server.url) as client:
        server.reply("*", Reply(ANSWER))
        assert "s" == (await client.send("s", text="1", values=None)).session


async def test_logs_tell_what_support_needs_and_no_more(caplog):
    """Name, status, request id and duration; no id of a session, no word of anybody."""
    caplog.set_level("DEBUG", logger="bridge")
    ids = {"X-Wix-Request-Id": "17.42"}
    async with scripted_server() as server, Client(server.url) as client:
        server.reply("*", Reply(ANSWER, headers=ids), Reply({}, status=404, headers=ids))
        with capture_logs() as logs:
            await client.send("the-session", text="ada@example.com", values={"name": "Ada"})
            with pytest.raises(SessionGone):
                await client.send("the-session", text="ada@example.com", values=None)
    assert all(line.pop("of") == "bridge.upstream.transport" for line in logs)
    shared = {"event": "upstream call", "call": "send", "request_id": "17.42", "seconds": 0.0}
    expected = [
        {**shared, "status": 200, "outcome": "", "log_level": "debug"},
        {**shared, "status": 404, "outcome": "SessionGone", "log_level": "info"},
    ]
    assert expected == logs


async def test_logs_of_a_broken_connection(caplog):
    """Where nothing came there is no status; where something came, its request id is kept."""
    caplog.set_level("INFO", logger="bridge")
    head = b"HTTP/1.1 200 OK\r\nX-Wix-Request-Id: 9.9\r\nContent-Length: 9\r\n\r\n{"
    async with misbehaving(loopback.sends(head)) as url:
        with capture_logs() as logs:
            error = await failure_of(url)
    assert "9.9" == error.request_id
    assert [(200, "9.9", "AnswerLost")] == [
        (line["status"], line["request_id"], line["outcome"]) for line in logs
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a-1", "a-1"), ("a/b", "a%2Fb"), ("..%2f", "..%252f"), ("?x#y", "%3Fx%23y"), ("é", "%C3%A9")],
)
def test_an_id_is_one_segment(value, expected):
    """Whatever an id holds, it stays one segment of the path."""
    assert expected == segment(value)


@pytest.mark.parametrize("value", ["", ".", ".."])
async def test_an_id_that_would_change_the_path_is_refused(value):
    """Nothing is sent for it."""
    async with scripted_server() as server, Client(server.url) as client:
        with pytest.raises(Refused):
            await client.order(value)
        assert [] == server.received


async def test_an_id_with_a_slash_arrives_as_one_segment():
    """On the wire too."""
    async with scripted_server() as server, Client(server.url) as client:
        with pytest.raises(NotThere):
            await client.order("../a b")
        assert [("GET", "/ecom/v1/orders/..%2Fa%20b")] == server.paths


@pytest.mark.parametrize("url", ["", "wixapis.com", "ftp://a", "http://", "https:///x"])
def test_an_address_that_is_none(url):
    """Told at once, by the name of the setting."""
    with pytest.raises(Refused, match="WIX_BASE_URL"):
        UpstreamClient(KEY, clock=ManualClock(), base_url=url)


async def test_cancelling_a_request_leaves_the_client_well():
    """A cancelled call is cancelled, not an error; the next one works."""
    async with scripted_server() as server, Client(server.url) as client:
        server.gate = asyncio.Event()
        server.reply("*", Reply(ANSWER))
        task = asyncio.create_task(client.send("s", text="1", values=None))
        await server.arrived(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        server.gate.set()
        assert "s" == (await client.send("s", text="2", values=None)).session

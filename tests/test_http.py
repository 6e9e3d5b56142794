"""The application: who is heard, what is answered, and what is told to whom."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from bridge import http, logs
from bridge.http import HttpParts, Readiness, create_app
from bridge.metrics import Metrics
from bridge.protocol.errors import Malformed, Refused
from bridge.protocol.web import Request, Response, Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Busy(Exception):
    """Stands for a store that can't take anything now."""


class Post:
    """A channel with one route, which does as it is told and remembers what it saw."""

    def __init__(self, *, failing: Exception | None = None, forged: int = 0) -> None:
        self.seen: list[Request] = []
        self.order: list[str] = []
        self._failing = failing
        self._forged = forged

    def routes(self):
        return (
            Route(method="POST", path="/hook", answer=self.answer, body_limit=10),
            Route(method="GET", path="hook", answer=self.answer),
        )

    def verify(self, request: Request) -> None:
        self.order.append("verify")
        if self._forged:
            raise Refused("signature", self._forged)

    async def answer(self, request: Request) -> Response:
        self.order.append("answer")
        self.seen.append(request)
        if self._failing:
            raise self._failing
        return Response(
            status=201, body=b"[]", content_type="application/json", headers={"x-a": "b"}
        )


def parts(**given) -> HttpParts:
    """Return parts that are ready and otherwise empty, but for what is given."""
    ready = Readiness(ready=True, checks={"store": True})
    return HttpParts(**{"metrics": Metrics(), "readiness": lambda: ready, **given})


def client(given: HttpParts, peer: str | None = "127.0.0.1") -> httpx.AsyncClient:
    """Return a client whose requests come from `peer`."""
    address = (peer, 5000) if peer else None
    transport = httpx.ASGITransport(create_app(given), client=address)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")


async def post(channel: Post, content=b"{}", **kwargs) -> httpx.Response:
    """Return what a platform's request to the channel is answered."""
    given = parts(channels={"post": channel}, unavailable=(Busy,))
    async with client(given) as asking:
        return await asking.post("/post/hook", content=content, **kwargs)


async def test_a_route_is_served_under_its_channel():
    """A channel's route gets the request as it was sent, and its answer goes out unchanged."""
    channel = Post()
    given = parts(channels={"post": channel})

    async with client(given) as asking:
        answer = await asking.post("/post/hook?a=%20b", content=b"{}", headers={"X-Sign": "s"})

    [seen] = channel.seen
    assert (201, b"[]", "application/json", "b") == (
        answer.status_code,
        answer.content,
        answer.headers["content-type"],
        answer.headers["x-a"],
    )
    assert ("POST", "/post/hook", "a=%20b", b"{}") == (
        seen.method,
        seen.path,
        seen.query,
        seen.body,
    )
    assert seen.headers["x-sign"] == "s"


async def test_one_path_may_have_several_methods():
    """A path is answered for each of its methods, and 405 for the others."""
    async with client(parts(channels={"post": Post()})) as asking:
        answers = [await asking.request(method, "/post/hook") for method in ("POST", "GET", "PUT")]

    assert [201, 201, 405] == [each.status_code for each in answers]


async def test_verify_runs_first():
    """Nothing is answered before it was verified."""
    channel = Post()

    await post(channel)

    assert channel.order == ["verify", "answer"]


@pytest.mark.parametrize("status", [401, 403])
async def test_forged_requests_reach_nothing(status):
    """A refused request gets the refusal's status, and its body is never looked at."""
    channel = Post(forged=status)

    answer = await post(channel)

    assert (status, [], ["verify"]) == (answer.status_code, channel.seen, channel.order)


@pytest.mark.parametrize(("size", "status"), [(10, 201), (11, 413)])
async def test_a_body_may_be_as_large_as_its_route_says(size, status):
    """A body of the limit passes; one byte more is refused."""
    assert (await post(Post(), b"x" * size)).status_code == status


async def test_a_body_of_unknown_size_is_cut_at_the_limit():
    """A body that does not announce its size is read no further than the limit."""
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield b"xxxx"

    given, channel = parts(), Post()
    app = create_app(replace(given, channels={"post": channel}))
    messages = await _asgi(app, endless())

    assert 413 == messages[0]["status"]
    assert (b"connection", b"close") in messages[0]["headers"]
    assert len(sent) == 3
    assert channel.order == []


async def _asgi(app, body, *, ends: str = "http.request") -> list[dict]:
    """Ask the application by hand: the client library would read the body in advance."""
    out: list[dict] = []

    async def receive():
        part = await anext(body, None)
        more = part is not None
        return {"type": "http.request" if more else ends, "body": part or b"", "more_body": more}

    async def send(message):
        out.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/post/hook",
        "raw_path": b"/post/hook",
        "query_string": b"",
        "headers": [(b"x-sign", b"one"), (b"x-sign", b"two")],
        "client": None,
    }
    await app(scope, receive, send)
    return out


async def test_a_slow_body_is_refused(monkeypatch):
    """A body that does not come within its time is answered 408."""
    monkeypatch.setattr(http, "READ_SECONDS", 0.001)

    async def never() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    messages = await _asgi(create_app(parts(channels={"post": Post()})), never())

    assert 408 == messages[0]["status"]


async def test_a_request_that_breaks_off_is_nothing():
    """Half a request reaches nobody."""

    async def half() -> AsyncIterator[bytes]:
        yield b"{"

    channel = Post()
    await _asgi(create_app(parts(channels={"post": channel})), half(), ends="http.disconnect")

    assert channel.order == []


async def test_a_header_sent_twice_is_joined():
    """Of two headers of one name, neither can be taken for the only one."""

    async def whole() -> AsyncIterator[bytes]:
        yield b"{}"

    channel = Post()
    await _asgi(create_app(parts(channels={"post": channel})), whole())

    assert channel.seen[0].headers == {"x-sign": "one, two"}


@pytest.mark.parametrize(
    ("failing", "status"),
    [
        (Refused("too old", 403), 403),
        (Malformed("no update_id"), 400),
        (Busy("disk full"), 503),
        (RuntimeError("with +15550100 in it"), 500),
    ],
)
async def test_failures_are_answered_and_logged_by_kind(failing, status, capsys, own_logs):
    """A platform learns whether to send again; nobody learns what was sent."""
    logs.set_up(form="json")
    answer = await post(Post(failing=failing))

    said = capsys.readouterr().err
    assert status == answer.status_code
    assert ("5" if status == 503 else None) == answer.headers.get("retry-after")
    assert type(failing).__name__ in said or "refused" in said
    assert "15550100" not in said + answer.text


async def test_health_is_being_there():
    """/healthz says ok while the process lives, whatever else is wrong."""
    broken = parts(readiness=lambda: Readiness(ready=False))

    async with client(broken) as asking:
        answer = await asking.get("/healthz")

    assert (200, "ok") == (answer.status_code, answer.text)


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
async def test_readiness_names_its_checks(ready, status):
    """/readyz says what was looked at, by status and by name."""
    state = Readiness(ready=ready, checks={"store": ready, "telegram": "starting"})

    async with client(parts(readiness=lambda: state)) as asking:
        answer = await asking.get("/readyz")

    assert (status, {"ready": ready, "checks": {"store": ready, "telegram": "starting"}}) == (
        answer.status_code,
        json.loads(answer.content),
    )


async def test_metrics_count_the_answers():
    """/metrics tells how often which channel was answered how."""
    given = parts(channels={"post": Post()})

    async with client(given) as asking:
        await asking.post("/post/hook", content=b"{}")
        answer = await asking.get("/metrics")

    assert 'threadform_webhook_requests_total{channel="post",status="201"} 1.0' in answer.text


async def _metrics(token="", peer: str | None = "127.0.0.1", host=None, **headers) -> int:
    if host is not None:
        headers["host"] = host
    named = {name.replace("_", "-"): value.encode("latin-1") for name, value in headers.items()}
    async with client(parts(api_token=token), peer) as asking:
        return (await asking.get("/metrics", headers=named)).status_code


@pytest.mark.parametrize(
    ("peer", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.8.8", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("10.0.0.1", 403),
        ("::ffff:10.0.0.1", 403),
        ("2001:db8::1", 403),
        ("/run/web.sock", 403),
        (None, 403),
    ],
)
async def test_without_a_token_only_this_machine_is_heard(peer, status):
    """Who asks from elsewhere, or from nowhere known, is refused."""
    assert await _metrics(peer=peer) == status


@pytest.mark.parametrize(
    "header",
    [
        "forwarded",
        "x_forwarded_for",
        "x_forwarded_proto",
        "via",
        "x_real_ip",
        "origin",
        "sec_fetch_site",
    ],
)
async def test_without_a_token_no_proxy_and_no_page_is_heard(header):
    """A proxy on this machine, or a page in its browser, speaks for somebody else."""
    assert await _metrics(**{header: "for=127.0.0.1"}) == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 403),
        ("[::1", 403),
        ("", 403),
    ],
)
async def test_without_a_token_the_name_must_be_this_machines(host, status):
    """A foreign name that leads to this machine is a trick of a web page."""
    assert await _metrics(host=host) == status


@pytest.mark.parametrize(
    ("held", "status"),
    [
        ("Bearer right-token", 200),
        ("bearer right-token", 200),
        ("Bearer wrong-token", 401),
        ("Basic right-token", 401),
        ("Bearer", 401),
        ("Bearer tökén", 401),
        ("", 401),
    ],
)
@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.1"])
async def test_with_a_token_the_token_decides(held, status, peer):
    """The token opens from everywhere, and nothing else does, not even nearness."""
    assert await _metrics("right-token", peer, authorization=held) == status


async def test_api_routes_are_guarded_and_others_are_not():
    """What is given as `api` asks for the token; what is given as `routes` looks for itself."""
    channel = Post()
    guarded = Route(method="POST", path="/api/commands", answer=channel.answer)
    opened = Route(method="POST", path="/wix/webhooks", answer=channel.answer)
    given = parts(api_token="right-token", api=(guarded,), routes=(opened,))

    async with client(given) as asking:
        refused = await asking.post("/api/commands")
        taken = await asking.post("/api/commands", headers={"authorization": "Bearer right-token"})
        free = await asking.post("/wix/webhooks")

    assert [401, 201, 201] == [refused.status_code, taken.status_code, free.status_code]


@pytest.mark.parametrize("path", ["/", "/nothing", "/healthz/", "/post", "/post/hook/more"])
async def test_unknown_paths_say_so_plainly(path):
    """What is not there is 404, without a redirect and without a page."""
    async with client(parts(channels={"post": Post()})) as asking:
        answer = await asking.get(path)

    assert (404, "text/plain; charset=utf-8") == (
        answer.status_code,
        answer.headers["content-type"],
    )


@pytest.mark.parametrize("path", ["/healthz", "/nothing", "/metrics"])
async def test_every_answer_is_kept_by_nobody(path):
    """The safe headers stand on answers of every kind."""
    async with client(parts()) as asking:
        headers = (await asking.get(path)).headers

    assert ("nosniff", "no-store") == (headers["x-content-type-options"], headers["cache-control"])


def test_the_token_is_not_shown():
    """Printing the parts does not print the token."""
    assert "right-token" not in repr(parts(api_token="right-token"))

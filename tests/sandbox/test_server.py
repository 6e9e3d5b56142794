"""Starting, stopping, test control, and what the configuration refuses."""

from __future__ import annotations

import asyncio
import json
import signal

import httpx
import pytest

from bridge.sandbox.config import SandboxConfig, describe
from bridge.sandbox.errors import SandboxUnfit
from bridge.sandbox.forms import shipped
from bridge.sandbox.server import SandboxServer, serve
from tests.sandbox.world import FORMS, KEY, SESSIONS, running


async def test_requests_are_counted_by_endpoint(tmp_path):
    """The counts tell endpoints and faults apart; tokens count, pages don't."""
    async with running(tmp_path, share_429=1) as world:
        session = await world.session()
        await world.send(session, "hi")
        await world.post("/oauth2/token", {})
        await world.get("/checkout/x")
        counts = (await world.get("/sandbox/requests")).json()
    assert counts == {
        "total": 3,
        "faults": 1,
        "endpoints": {
            "create": {"total": 1, "faults": 0},
            "send": {"total": 1, "faults": 1},
            "token": {"total": 1, "faults": 0},
        },
    }


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For"])
async def test_control_is_for_this_machine_alone(world, header):
    """What came through a proxy does not see test control."""
    answer = await world.client.get("/sandbox/health", headers={header: "for=10.0.0.1"})
    assert answer.status_code == 404


async def test_it_needs_no_key_to_be_healthy(world):
    """Health is for everybody on this machine."""
    async with httpx.AsyncClient(base_url=world.base) as stranger:
        assert (await stranger.get("/sandbox/health")).json() == {"ok": True}


async def test_signals_are_left_alone():
    """The process keeps its signal handlers while a sandbox runs."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with SandboxServer(config=SandboxConfig()):
        during = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert during == before


async def test_it_stops_amid_a_request():
    """Stopping ends what is under way and lets the port go; stopping twice is no error."""
    server = SandboxServer(config=SandboxConfig())
    base = await server.start()
    port = int(base.rsplit(":", 1)[1])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
    await writer.drain()
    await server.stop()
    await server.stop()
    writer.close()
    again = SandboxServer(config=SandboxConfig(port=port))
    assert await again.start() == base
    await again.stop()


async def test_it_stops_amid_a_turn():
    """A send that takes an hour does not hold up the end."""
    server = SandboxServer(config=SandboxConfig(latency=3600))
    async with httpx.AsyncClient(base_url=await server.start(), headers=KEY) as client:
        form = next(iter(shipped().values()))["form"]["id"]
        turn = asyncio.create_task(client.post(SESSIONS, json={"formId": form}))
        while not (await client.get("/sandbox/requests")).json()["total"]:
            pass  # asking again lets the other request come in
        await server.stop()
        with pytest.raises(httpx.TransportError):
            await turn


async def test_every_shipped_form_can_be_begun():
    """Without any flag the shipped forms are there, listed and begun."""
    async with (
        SandboxServer(config=SandboxConfig()) as base,
        httpx.AsyncClient(base_url=base, headers=KEY) as client,
    ):
        listed = await client.get(
            "/form-schema-service/v4/forms", params={"namespace": "wix.form_app.form"}
        )
        forms = [form["id"] for form in listed.json()["forms"]]
        begun = [await client.post(SESSIONS, json={"formId": form}) for form in forms]
    assert forms == [document["form"]["id"] for document in shipped().values()]
    assert [answer.status_code for answer in begun] == [200] * len(forms)


async def test_a_taken_port_is_refused_with_advice():
    """A port in use is told with what to do."""
    async with SandboxServer(config=SandboxConfig()) as base:
        port = int(base.rsplit(":", 1)[1])
        with pytest.raises(SandboxUnfit, match=f"Choose another port: {port}"):
            await SandboxServer(config=SandboxConfig(port=port)).start()


async def test_serve_tells_its_port_and_ends_when_cancelled():
    """`serve` runs until it is cancelled, and says where."""
    told = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(SandboxConfig(), told.set_result))
    config = await told
    async with httpx.AsyncClient(base_url=config.base_url) as client:
        assert (await client.get("/sandbox/health")).status_code == 200
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("turns", [1, 20])
async def test_serve_may_start_silently(turns):
    """Nobody has to be told, and ending it while it starts leaves nothing behind."""
    task = asyncio.create_task(serve(SandboxConfig()))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    "options",
    [
        {"share_429": 1.1},
        {"drop_before": -0.1},
        {"lose_submission": 2},
        {"share_429": 0.6, "drop_after": 0.6},
        {"latency": -1},
        {"session_ttl": 0},
    ],
)
def test_an_impossible_configuration_is_refused(options):
    """Shares, latency and lifetime have their bounds."""
    with pytest.raises(ValueError, match=r"^(Give|Lower) "):
        SandboxConfig(**options)


def test_it_describes_itself():
    """The description says where, how to get in, and which faults to expect."""
    quiet = describe(SandboxConfig(port=8090))
    loud = describe(SandboxConfig(port=8090, share_429=0.25))
    assert "WIX_BASE_URL=http://127.0.0.1:8090" in quiet
    assert "WIX_API_KEY=sandbox-key WIX_SITE_ID=sandbox-site" in quiet
    assert "faults: none" in quiet
    assert "faults: 429 25% of sends" in loud


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("{", "Correct bad.json: it is not valid JSON"),
        ("[]", 'Put the form of bad.json into {"form": ...}'),
        ('{"form": 1}', 'Put the form of bad.json into {"form": ...}'),
        ('{"form": {}}', "Correct the form bad.json"),
        (json.dumps(FORMS["note"]), "Give the form bad.json another id"),
    ],
)
async def test_a_bad_form_stops_the_start_with_advice(tmp_path, content, advice):
    """A form that can't be used is named, with what to do."""
    (tmp_path / "a.json").write_text(json.dumps(FORMS["note"]), "utf-8")
    (tmp_path / "bad.json").write_text(content, "utf-8")
    with pytest.raises(SandboxUnfit) as refused:
        await SandboxServer(config=SandboxConfig(forms_folder=tmp_path)).start()
    assert str(refused.value).startswith(advice)


async def test_a_missing_folder_stops_the_start_with_advice(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(SandboxUnfit, match="Name a folder that exists"):
        await SandboxServer(config=SandboxConfig(forms_folder=tmp_path / "no")).start()


async def test_an_unreadable_form_stops_the_start_with_advice(tmp_path):
    """A form that can't be opened is named."""
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(SandboxUnfit, match=r"Make folder\.json readable"):
        await SandboxServer(config=SandboxConfig(forms_folder=tmp_path)).start()


async def test_a_bug_is_a_system_error(monkeypatch):
    """What goes wrong inside is a 500 that says nothing, with its request id."""
    from starlette.requests import Request

    from bridge.sandbox.app import _broken
    from tests.sandbox.world import CountedGuids

    answer = await _broken(CountedGuids())(Request({"type": "http"}), RuntimeError("secret"))
    assert answer.status_code == 500
    assert answer.body == b'{"message":"","details":{}}'
    assert answer.headers["x-wix-request-id"]

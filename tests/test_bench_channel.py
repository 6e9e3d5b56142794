"""The benchmark of a channel: its figures are of real work, and what goes wrong is counted."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bridge.bench import children, crowd, figures, instant, load, subject, whole
from bridge.bench.children import ChildGone, child
from bridge.bench.crowd import Outcome, Play
from bridge.conformance.buttons import descriptor as without_bench
from bridge.conformance.phone import Phone
from bridge.protocol.web import Request
from tests.bench_buttons import descriptor

BUTTONS = "tests.bench_buttons:descriptor"
SHY = "tests.bench_buttons:shy"
SMALL = whole.Plan(chats=4, messages=3, ahead=2, rounds=2, rate=40, seconds=0.5, within=20)


# The whole.


async def test_a_channel_is_measured():
    """Bridge, bare loop and webhook, in small; every message is answered once, in order."""
    said = []
    assert await whole.run(subject.subject(BUTTONS), SMALL, said.append) == 0
    assert [line.split(":")[0] for line in said] == [
        "Buttons",
        "bridge",
        "bare loop",
        "ratio",
        "webhook, 40 posts/s for 0.5 s",
        "answers of the bridge",
    ]
    assert said[-1] == "answers of the bridge: lost 0, doubled 0, disordered 0"
    assert "refused 0" in said[-2]


async def test_a_platform_that_never_comes_to_us_is_not_waited_for():
    """Its webhook is left out."""
    plan = whole.Plan(chats=2, messages=1, rounds=1, within=20)
    result = await whole.measure(subject.subject(SHY), plan)
    assert (result.webhook, result.failed, len(result.ratios)) == ({}, False, 1)


async def test_a_bare_loop_that_fails_ends_the_measurement():
    """Nobody waits for answers that can't come."""

    async def broken(environ, ask):
        raise ValueError("no such thing")

    from dataclasses import replace

    from bridge.bench.ground import bare, ground
    from bridge.protocol.adapter import Bench

    shown = subject.subject(BUTTONS)
    async with ground(replace(shown, bench=lambda: Bench(bare=broken))) as here:
        with pytest.raises(ExceptionGroup) as caught:
            async with bare(here):
                await here.play(SMALL.opening("x"))
    assert caught.group_contains(ValueError)


def test_what_went_wrong_is_told():
    """A lost answer, and a refused post, fail the benchmark."""
    result = whole.Result(whole=[50.0, 70.0, 60.0], bare=[100.0, 100.0, 80.0])
    assert not result.failed
    result.webhook = {"p50": 1.0, "p99": 2.5, "worst": 3.0, "refused": 1}
    assert result.failed
    result.webhook = {}
    result.wrong.update(lost=2, doubled=0, disordered=0)
    lines = list(whole.report(subject.subject(BUTTONS), whole.Plan(), result))
    assert (result.failed, lines[1:]) == (
        True,
        [
            "bridge: 60 (50-70) messages/s, durable",
            "bare loop: 100 (80-100) messages/s",
            "ratio: 0.70 (0.50-0.75); 0.60 is wanted",
            "answers of the bridge: lost 2, doubled 0, disordered 0",
        ],
    )


# The crowd.


@pytest.fixture
async def phone():
    """Start a platform that no bridge serves."""
    made = Phone()
    await made.start("http://127.0.0.1:1")
    yield made
    await made.stop()


async def told(phone, person, *texts):
    """Show the person what a bridge would have said."""
    headers = {"Authorization": "Bearer buttons-token"}
    import aiohttp

    async with aiohttp.ClientSession(headers=headers) as session:
        for text in texts:
            body = {"thread": person, "spans": [{"text": text}]}
            async with session.post(f"{phone.board.url}/send", json=body) as response:
                assert response.status == 200


async def test_the_crowd_sees_what_is_wrong(phone):
    """Missing, repeated and disordered answers are counted; others' and older ones are not."""
    await told(phone, "xp0", "done xp0-0", "done xp0-1", "done xp0-2\ndone xp0-3")
    await told(phone, "xp1", "done xp1-2", "done xp0-1", "done xp1-1", "done xp1-2", "hello")
    play = Play(name="x", persons=2, messages=3, first=1, writing=False, within=0.05)
    seen = await crowd.play_out(phone, play)
    assert (seen.lost, seen.doubled, seen.disordered) == (1, 1, 1)


async def test_nobody_writes_further_ahead_than_told(phone):
    """With two answers missing, the third message is not written."""
    taken = []

    async def take(request):
        taken.append(json.loads(await request.read())["text"])
        return web.Response()

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    phone.bridge_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    play = Play(name="y", persons=1, messages=5, ahead=2, within=0.2)
    seen = await crowd.play_out(phone, play)
    await runner.cleanup()
    assert (taken, seen.lost) == (["yp0-0", "yp0-1"], 5)


async def test_a_stand_in_that_fails_is_no_lost_answer(phone):
    """Its exception is raised, where it would otherwise look like a slow bridge."""

    class Broken(Phone):
        async def type(self, text, **where):
            raise LookupError(text)

    with pytest.raises(LookupError):
        await crowd.play_out(Broken(), Play(name="z", persons=1, messages=1, within=0.05))


@given(st.lists(st.permutations(range(5)), min_size=1, max_size=4))
def test_order_is_judged_for_each_chat(answers):
    """A chat is in disorder when its answers are, whatever the others saw."""
    seen = crowd.outcome(answers, 5, 1.0)
    expected = sum(list(numbers) != [0, 1, 2, 3, 4] for numbers in answers)
    assert seen == Outcome(seconds=1.0, disordered=expected)


# The upstream and the load.


async def test_the_upstream_knows_what_a_conversation_needs():
    """Its answers are read by our own client; what it does not know is not found."""
    from bridge.bench.ground import _asking
    from bridge.clock import SystemClock
    from bridge.server import Server
    from bridge.upstream.auth import ApiKey
    from bridge.upstream.client import UpstreamClient
    from bridge.upstream.errors import NotThere

    server = Server(instant.Instant(), host="127.0.0.1", port=0)
    await server.start()
    from pydantic import SecretStr

    client = UpstreamClient(ApiKey(SecretStr("k"), "s"), clock=SystemClock(), base_url=server.url)
    ask = await _asking(client)
    assert await ask("a\nb") == "done a\ndone b"
    assert (await client.form(instant.FORM)).name == "Bench"
    with pytest.raises(NotThere):
        await client.order("o1")
    await client.aclose()
    await server.stop()


async def test_time_is_counted_from_when_a_post_was_due():
    """A slow answer delays neither the others nor their clocks; refusals are counted."""
    statuses = iter([200, 503, 200])

    async def take(request):
        await asyncio.sleep(0.02)
        return web.Response(status=next(statuses))

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    pace = load.Pace(url=url, environ={}, name="x", persons=1, messages=3, first=0, rate=1000.0)
    log = await load.post_all([Request(method="POST", path="/")] * 3, pace)
    await runner.cleanup()
    assert (len(log.took), min(log.took) >= 0.02) == (3, True)
    assert load.told(log)["refused"] == 1
    log = await load.post_all([Request(method="POST", path="/")], pace)
    assert dict(log.statuses) == {0: 1}


def test_figures():
    """Percentiles are values that were measured; a spread shows all three in one line."""
    ordered = [float(n) for n in range(1, 101)]
    assert (figures.percentile(ordered, 0.5), figures.percentile(ordered, 0.99)) == (51.0, 100.0)
    assert (figures.percentile(ordered, 1.0), figures.percentile([], 0.5)) == (100.0, 0.0)
    assert figures.spread([3.0, 1.0, 2.25], 1) == "2.2 (1.0-3.0)"


# Children.


async def test_a_child_that_can_not_start_is_told_of(capfd):
    """Its own words stand above."""
    async with child("bridge.bench.no_such_thing") as gone:
        with pytest.raises(ChildGone, match=r"no_such_thing ended"):
            await gone.told(20)
    assert "No module named" in capfd.readouterr().err


async def test_a_child_that_is_silent_is_not_waited_for():
    """A bounded wait, and then it is ended."""
    async with child("bridge.bench.instant") as one:
        assert "url" in await one.told(20)
        with pytest.raises(ChildGone, match="said nothing"):
            await one.told(0.01)


async def test_a_child_ends_with_its_input():
    """None is left behind when its parent is gone."""
    async with child("bridge.bench.instant") as one:
        await one.told(20)
        process = one._process
    assert process.returncode == 0


async def test_a_child_that_does_not_listen_is_killed(monkeypatch):
    """After a while, and only that one."""
    monkeypatch.setattr(children, "_END_SECONDS", 0.05)
    async with child("tests.bench_deaf") as one:
        assert await one.told(20) == {}
        process = one._process
    assert process.returncode == -9


async def test_a_child_answers_what_it_is_asked_and_ends_where_it_can_not(capfd):
    """An order that fails ends it, with its reason on standard error."""
    async with child("bridge.bench.load", BUTTONS) as one:
        await one.told(20)
        with pytest.raises(ChildGone):
            await one.ask({"strange": True}, 20)
    assert "TypeError" in capfd.readouterr().err


# What can be measured.


def test_only_channels_with_a_bench_are_measured():
    """A name that is not there, and a channel without a bench, are refused in one sentence."""
    assert subject.subject(BUTTONS).descriptor is descriptor
    for name in ("no-such", f"{without_bench.__class__.__module__}:Descriptor"):
        with pytest.raises(LookupError, match="no channel"):
            subject.subject(name)
    with pytest.raises(LookupError, match="can be measured"):
        subject.subject("bridge.conformance.buttons:descriptor")
    with pytest.raises(LookupError, match="never comes"):
        load._requests(SHY, load.Pace(**dict.fromkeys(load.Pace.__annotations__, 0)))
    assert all(one.bench() for one in subject.subjects())


def test_a_channels_command_measures_it(monkeypatch):
    """Its options are the plan, its result the exit code; other names are unknown."""
    from click.testing import CliRunner

    from bridge.commands import bench

    asked = []
    monkeypatch.setattr(bench, "_subjects", lambda: (subject.subject(BUTTONS),))
    monkeypatch.setattr(whole, "main", lambda *given: asked.append(given) or 7)
    monkeypatch.setattr("bridge.playground.quiet", lambda: None)
    run = CliRunner().invoke
    assert run(bench.command, [BUTTONS, "--chats", "3", "--seconds", "0"]).exit_code == 7
    assert asked[0][1] == whole.Plan(chats=3, seconds=0)
    assert "engine" in run(bench.command, ["--help"]).output
    assert BUTTONS in run(bench.command, ["--help"]).output
    assert run(bench.command, ["other"]).exit_code == 2


def test_the_loop_is_made_for_it(monkeypatch):
    """`main` runs it all."""
    said = []

    async def run(*given):
        said.append(given)
        return 5

    monkeypatch.setattr(whole, "run", run)
    assert (whole.main("a", "b", "c"), said) == (5, [("a", "b", "c")])  # type: ignore[arg-type]


def test_channels_are_looked_up_when_asked_for():
    """What is installed and has a bench is offered; the engine always is."""
    from click import Context

    from bridge.commands import bench

    listed = bench.command.list_commands(Context(bench.command))
    assert listed == ["engine", *(one.reference for one in subject.subjects())]

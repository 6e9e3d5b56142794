"""What the trial with a site finds out, and which setting it names."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bridge.app import credentials_of
from bridge.clock import SystemClock
from bridge.forms import FormEntry
from bridge.live.choosing import choice_found
from bridge.live.ending import Trial, dry_run_found, end_found, made_up, reply, trial
from bridge.live.finding import Finding
from bridge.live.finding import line as found_line
from bridge.live.paying import checkout_found, state
from bridge.live.report import findings
from bridge.live.streaming import look, stream_found
from bridge.sandbox.config import SandboxConfig, StreamFormat
from bridge.sandbox.forms import shipped
from bridge.sandbox.server import SandboxServer
from bridge.settings import read_settings
from bridge.upstream.chunks import (
    Answer,
    EndChunk,
    MultiSelectChunk,
    NumberChunk,
    SelectOption,
    TextChunk,
)
from bridge.upstream.errors import NotAllowed, NotReady, NotThere, Refused, UpstreamError
from bridge.upstream.schema import FieldInfo, FormSchema, read_form
from tests.served import environ_of

CAKE = "5f1d0a3e-0000-4000-8000-00000000f001"
EVERYTHING = "8c4e6d9f-0000-4000-8000-00000000f004"
NOWHERE = "5f1d0a3e-0000-4000-8000-00000000f009"


@pytest.fixture
async def sandbox():
    """Serve one."""
    async with SandboxServer(config=SandboxConfig()) as base_url:
        yield base_url


def settings_of(base_url: str, **changes: str):
    """Return settings that point at a sandbox."""
    return read_settings({**environ_of(base_url), **changes})


async def tried(config: SandboxConfig, form_id: str = CAKE) -> dict[str, Finding]:
    """Return the findings by their question."""
    async with SandboxServer(config=config) as base_url:
        settings = settings_of(base_url)
        entry = FormEntry(slug="x", form_id=form_id, title="X")
        return {one.question: one async for one in findings(settings, settings.wix, entry)}


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (StreamFormat.SSE, "Server-Sent Events, as text/event-stream"),
        (StreamFormat.NDJSON, "JSON objects, as application/x-ndjson"),
        (StreamFormat.ARRAY, "a JSON array, as application/json"),
        (StreamFormat.SINGLE, "JSON objects, as application/json"),
    ],
)
async def test_every_stream_format_is_seen(sandbox, form, shown):
    """By the bytes, not by what the header says alone."""
    async with SandboxServer(config=SandboxConfig(stream_format=form)) as base_url:
        wix = settings_of(base_url).wix
        clock = SystemClock()
        seen = await look(base_url, credentials_of(wix, clock), clock, CAKE)
    found = stream_found(seen, present=False)
    assert found.seen.startswith(shown)
    assert found.advice.startswith("WIX_STREAMING=1 works (now 0)")


async def test_the_trial_reports_what_the_sandbox_does():
    """A dry run that ends without a submission, choices both ways, both checkouts."""
    found = await tried(SandboxConfig())
    assert found["The end of a dry run"].seen == "without a SUBMISSION"
    assert found["How a choice is taken"].seen.startswith("by label yes, by value yes")
    assert found["Get Checkout URL"].seen == "v1 there, v2 there"
    assert found["END_OF_RESPONSE without streaming"].seen.startswith("in ")
    assert not found["END_OF_RESPONSE without streaming"].seen.startswith("in 0 ")


async def test_the_trial_reports_what_another_site_does():
    """The same questions, other answers."""
    other = SandboxConfig(end_of_response=False, dry_run_submission=True, v1_checkout_gone=True)
    found = await tried(other, EVERYTHING)
    assert found["The end of a dry run"].seen == "with a SUBMISSION"
    assert found["END_OF_RESPONSE without streaming"].seen.startswith("in 0 of ")
    assert found["Get Checkout URL"].seen == "v1 gone, v2 there"


async def test_an_app_login_is_tried_too(sandbox):
    """The stream is looked at with the same credentials as all else."""
    environ = {
        "WIX_BASE_URL": sandbox,
        "WIX_APP_ID": "sandbox-app",
        "WIX_APP_SECRET": "sandbox-secret",
        "WIX_INSTANCE_ID": "sandbox-instance",
    }
    clock = SystemClock()
    wix = read_settings(environ).wix
    seen = await look(sandbox, credentials_of(wix, clock), clock, CAKE)
    assert seen.ended


async def test_a_stream_that_does_not_come_is_no_reason_to_fail(sandbox):
    """The setting to have then is the default."""
    clock = SystemClock()
    wix = settings_of(sandbox).wix
    seen = await look(sandbox, credentials_of(wix, clock), clock, NOWHERE)
    found = stream_found(seen, present=True)
    assert found.seen.startswith("none (")
    assert found.advice == "Set WIX_STREAMING=0 (now 1)."
    seen.start, seen.content_type = b"data: {", ""
    assert "could not be read to the end" in stream_found(seen, present=False).seen


class Ear:
    """An upstream that understands a choice by label, by value, both or neither."""

    def __init__(self, *ways: str) -> None:
        self._ways = ways

    async def create(self, form_id, *, values, dry_run, client_time) -> Answer:
        assert dry_run
        return Answer(session="s", chunks=())

    async def send(self, session, *, text, values) -> Answer:
        from bridge.upstream.chunks import TextDataChunk

        way = "label" if text else "value"
        if way not in self._ways:
            raise UpstreamError("Refused")
        return Answer(session="s", chunks=(TextDataChunk(field="size", text="", value="s"),))


SIZES = FormSchema(
    id=CAKE,
    name="",
    fields={
        "pay": FieldInfo(target="pay", label="", input_type="PAYMENT", labels={"a": "A"}),
        "size": FieldInfo(target="size", label="Size", input_type="ARRAY", labels={"s": "Small"}),
    },
)


@pytest.mark.parametrize(
    ("ways", "advice"),
    [
        (("label", "value"), "WIX_CHOICE=label+values is right."),
        (("label",), "Set WIX_CHOICE=label (now label+values)."),
        (("value",), "Set WIX_CHOICE=values (now label+values)."),
        ((), "Neither was understood: look at the form in a trial on a channel."),
    ],
)
async def test_the_way_a_choice_is_taken_names_the_setting(ways, advice):
    """Each way is tried in a session of its own."""
    assert (await choice_found(Ear(*ways), SIZES, "label+values")).advice == advice


async def test_a_form_without_options_is_not_tried():
    """There is nothing to choose."""
    found = await choice_found(Ear(), FormSchema(id=CAKE, name=""), "label")
    assert found.seen.startswith("not tried")


@pytest.mark.parametrize(
    ("v1", "v2", "present", "advice"),
    [
        ("there", "there", "auto", ""),
        ("gone", "there", "v1", "Set WIX_CHECKOUT=v2 (now v1)."),
        ("there", "gone", "v2", "Set WIX_CHECKOUT=v1 (now v2)."),
        ("there", "not ready", "auto", "Publish the site"),
        ("not allowed", "there", "auto", "Give the key or app the permission"),
    ],
)
def test_the_checkout_names_the_setting(v1, v2, present, advice):
    """Auto needs nothing; a fixed one that is gone does."""
    found = checkout_found(v1, v2, present)
    assert found.advice[: len(advice)] == advice
    assert bool(found.advice) is bool(advice)


class Till:
    """An upstream whose checkout answers as it is told."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    async def checkout_url(self, checkout: str) -> str:
        if self._error:
            raise self._error
        return "https://example.com"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (None, "there"),
        (NotThere("x", code="NOT_FOUND"), "there"),
        (NotThere("x"), "gone"),
        (Refused("x"), "gone"),
        (NotReady("x"), "not ready"),
        (NotAllowed("x"), "not allowed"),
        (UpstreamError("x"), "unclear"),
    ],
)
async def test_a_call_that_is_gone_answers_without_an_application_error(error, told):
    """One that is there knows that there is no such checkout."""
    assert await state(Till(error)) == told


def test_values_are_made_up_by_kind():
    """Whatever can't be made up is answered when it is asked for."""
    schema = read_form(shipped()["everything"]["form"])
    values = made_up(schema, datetime(2026, 11, 22, tzinfo=UTC))
    assert values["email"] == "trial@example.com"
    assert values["day"] == "2026-12-23"
    assert values["terms"] is True
    assert "height" not in values
    assert "products" not in values


def test_every_question_gets_a_reply():
    """The last widget is answered, a text without one in turns."""
    several = MultiSelectChunk(field="f", options=(SelectOption(value="v", label="L"),))
    empty = MultiSelectChunk(field="f", options=())
    number = NumberChunk(field="f", minimum=Decimal(3))
    assert reply((number, TextChunk(text="?"), several), 0) == "L"
    assert reply((empty, number), 0) == "3"
    assert reply((NumberChunk(field="f", step=Decimal(2)),), 0) == "2"
    assert reply((NumberChunk(field="f"),), 0) == "1"
    assert [reply((), turn) for turn in (0, 1)] == ["skip", "1 Main Street, Springfield 12345"]


class Endless(Ear):
    """An upstream that never has enough."""

    async def create(self, form_id, *, values, dry_run, client_time) -> Answer:
        return Answer(session="s", chunks=(TextChunk(text="Name?"),))

    async def send(self, session, *, text, values) -> Answer:
        return Answer(session="s", chunks=(TextChunk(text="Really?"),))


async def test_a_trial_has_an_end():
    """A form that can't be filled in by made-up answers is given up."""
    held = await trial(Endless(), SIZES)
    assert dry_run_found(held, 0).seen == "not reached in 25 messages"


def test_a_dry_run_that_submits_is_told():
    """It is what a dry run must never do."""
    ended = Trial(answers=[Answer(session="s", chunks=(EndChunk(success=True),))], ended=True)
    assert end_found(ended).seen == "in 1 of 1 answers"
    assert "2 new submissions" in dry_run_found(ended, 2).advice
    assert "/cancel" in dry_run_found(ended, 0).advice
    ended.submitted = True
    assert dry_run_found(ended, 0).advice == ""
    assert found_line(dry_run_found(ended, 0)) == "The end of a dry run: with a SUBMISSION"

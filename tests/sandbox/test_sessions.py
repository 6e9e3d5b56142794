"""Create, send, and the summary of a form, over HTTP."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.sandbox.world import FORMS, NOTE, NOTE_FORM, NOWHERE, ORDER, SESSIONS, SHOP_FORM, running

END = {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": True}}


async def test_create_greets_and_names_the_session(world):
    """A new session has an id, its form and a greeting, and ends with END_OF_RESPONSE."""
    answer = await world.create()
    body = answer.json()
    assert answer.status_code == 200
    assert body["interactiveFormSession"]["formId"] == NOTE_FORM
    assert len(body["responseChunks"]) > 1
    assert body["responseChunks"][-1] == END


async def test_no_end_of_response_where_the_flag_says_so(tmp_path):
    """Answers that are not streamed may come without END_OF_RESPONSE."""
    async with running(tmp_path, end_of_response=False) as world:
        created = (await world.create()).json()
        sent = (await world.send(created["interactiveFormSession"]["id"], "hm")).json()
    assert END not in created["responseChunks"]
    assert END not in sent["responseChunks"]


async def test_a_form_without_payment_is_submitted_once(world):
    """Confirming makes exactly one submission, CONFIRMED, with the values by target."""
    chunks = await world.submit(NOTE_FORM, NOTE)
    details = chunks["SUBMISSION"]["submissionDetails"]
    found = (await world.get(f"/forms/v4/submissions/{details['submissionId']}")).json()
    assert set(details) == {"submissionId"}
    assert found["submission"]["status"] == "CONFIRMED"
    assert found["submission"]["submissions"] == NOTE
    assert "orderDetails" not in found["submission"]


async def test_sending_after_the_submission_submits_no_more(world):
    """A second yes is answered, and makes no second submission."""
    session = await world.session(NOTE_FORM, currentValues=NOTE)
    await world.send(session, "yes")
    again = await world.send(session, "yes")
    query = {"query": {"filter": {"namespace": "wix.form_app.form"}}}
    found = await world.post("/forms/v4/submissions/namespace/query", query)
    assert again.status_code == 200
    assert len(found.json()["submissions"]) == 1


async def test_a_payment_form_gives_a_checkout(world):
    """With payment fields the SUBMISSION names a checkout and the submission waits for payment."""
    details = await world.buy()
    found = (await world.get(f"/forms/v4/submissions/{details['submissionId']}")).json()
    assert found["submission"]["status"] == "PAYMENT_WAITING"
    assert found["submission"]["orderDetails"] == {
        "checkoutId": details["checkoutId"],
        "currency": "EUR",
        "itemSubtotal": "9.00",
    }


async def test_values_may_come_alone(world):
    """Values without input are no empty request."""
    session = await world.session(SHOP_FORM)
    answer = await world.send(session, currentValues=ORDER)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"input": None}, {"input": ""}, {"input": "  "}, {"input": None, "currentValues": {}}],
)
async def test_a_send_of_nothing_is_refused(world, body):
    """Without input and values the application error is EMPTY_REQUEST."""
    session = await world.session()
    answer = await world.post(f"{SESSIONS}/{session}/send-user-message", body)
    assert answer.status_code == 400
    assert answer.json()["details"]["applicationError"]["code"] == "EMPTY_REQUEST"


@pytest.mark.parametrize("streamed", ["", "-streamed"])
async def test_an_unknown_session_is_not_found(world, streamed):
    """A send to a session that never was is NOT_FOUND."""
    path = f"{SESSIONS}/{NOWHERE}/send-user-message{streamed}"
    answer = await world.post(path, {"input": "hi"})
    assert answer.status_code == 404
    assert answer.json()["details"]["applicationError"]["code"] == "NOT_FOUND"


async def test_an_unused_session_expires(tmp_path):
    """A session is forgotten its lifetime after its last use, not after its making."""
    async with running(tmp_path, session_ttl=100) as world:
        session = await world.session()
        world.clock.time += 99
        kept = await world.send(session, "hm")
        world.clock.time += 99
        still = await world.send(session, "hm")
        world.clock.time += 100
        gone = await world.send(session, "hm")
    assert [kept.status_code, still.status_code, gone.status_code] == [200, 200, 404]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "formId"),
        ({"formId": "cake"}, "formId"),
        ({"formId": 7}, "formId"),
        ({"formId": NOTE_FORM, "currentValues": []}, "currentValues"),
        ({"formId": NOTE_FORM, "dryRun": "yes"}, "dryRun"),
        ({"formId": NOTE_FORM, "clientTime": "now"}, "clientTime"),
        ({"formId": NOTE_FORM, "clientTime": {"timeZone": "x" * 51}}, "timeZone"),
        ({"formId": NOTE_FORM, "clientTime": {"currentTime": "1" * 201}}, "currentTime"),
    ],
)
async def test_a_malformed_create_names_the_member(world, body, field):
    """A malformed member is a validation error of that member."""
    answer = await world.post(SESSIONS, body)
    violations = answer.json()["details"]["validationError"]["fieldViolations"]
    assert answer.status_code == 400
    assert [violation["field"] for violation in violations] == [field]


async def test_a_create_for_an_unknown_form_is_not_found(world):
    """A wrong form id is NOT_FOUND."""
    answer = await world.create(NOWHERE)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"timeZone": "Mars/Base", "currentTime": "soon"},
        {"timeZone": "/etc/passwd"},
        {"timeZone": "Europe"},
        {"currentTime": "9999-12-31T23:59:59-23:59"},
        {"currentTime": "0001-01-01T00:00:00+23:59"},
        {"timeZone": "Europe/Vilnius", "currentTime": "2026-09-21T12:00:00"},
        {},
    ],
)
async def test_odd_client_times_do_no_harm(world, said):
    """An unknown zone is UTC, an absurd time is ours."""
    answer = await world.create(clientTime=said)
    assert answer.status_code == 200


async def test_input_has_a_longest_length(world):
    """10,000 characters are taken, one more is a validation error."""
    session = await world.session()
    longest = await world.send(session, "x" * 10_000)
    longer = await world.send(session, "x" * 10_001)
    assert longest.status_code == 200
    assert longer.status_code == 400
    assert longer.json()["details"]["validationError"]["fieldViolations"][0]["field"] == "input"


async def test_a_malformed_session_id_is_refused(world):
    """An id that is no GUID is a validation error, not NOT_FOUND."""
    answer = await world.post(f"{SESSIONS}/abc/send-user-message", {"input": "hi"})
    assert answer.status_code == 400


async def test_an_id_in_capitals_is_the_same(world):
    """GUIDs are compared without regard to case."""
    session = await world.session(NOTE_FORM.upper())
    answer = await world.send(session.upper(), "hm")
    assert answer.status_code == 200


async def test_a_dry_run_submits_nothing(world):
    """A dry run ends without a SUBMISSION and without a submission."""
    chunks = await world.submit(SHOP_FORM, ORDER, dryRun=True)
    query = {"query": {"filter": {"namespace": "wix.form_app.form"}}}
    found = await world.post("/forms/v4/submissions/namespace/query", query)
    assert "SUBMISSION" not in chunks
    assert found.json()["submissions"] == []


async def test_a_dry_run_may_show_a_submission_of_nothing(tmp_path):
    """With the flag a dry run shows a SUBMISSION that can't be read."""
    async with running(tmp_path, dry_run_submission=True) as world:
        chunks = await world.submit(SHOP_FORM, ORDER, dryRun=True)
        details = chunks["SUBMISSION"]["submissionDetails"]
        found = await world.get(f"/forms/v4/submissions/{details['submissionId']}")
    assert set(details) == {"submissionId"}
    assert found.status_code == 404


async def test_latency_is_slept(tmp_path):
    """Creates and sends take the configured latency."""
    async with running(tmp_path, latency=2.5) as world:
        session = await world.session()
        await world.send(session, "hm")
        assert world.clock.slept == [2.5, 2.5]


async def test_sends_to_one_session_go_one_by_one(tmp_path):
    """Of many confirmations at once exactly one submits."""
    async with running(tmp_path, latency=0.001) as world:
        session = await world.session(NOTE_FORM, currentValues=NOTE)
        answers = await asyncio.gather(*(world.send(session, "yes") for _ in range(8)))
    kinds = [chunk["chunkType"] for a in answers for chunk in a.json()["responseChunks"]]
    assert kinds.count("SUBMISSION") == 1


@pytest.mark.parametrize(
    ("stream", "media"),
    [
        ("sse", "text/event-stream"),
        ("ndjson", "application/x-ndjson"),
        ("array", "application/json"),
        ("single", "application/json"),
    ],
)
async def test_streams_carry_what_the_whole_answer_does(tmp_path, stream, media):
    """Every format holds the same chunks, the session in the first message alone."""
    from bridge.sandbox.config import StreamFormat

    async with running(tmp_path, stream_format=StreamFormat(stream)) as world:
        created = await world.post(f"{SESSIONS}/create-streamed", {"formId": NOTE_FORM})
        messages = _messages(stream, created.text)
        session = messages[0]["interactiveFormSession"]["id"]
        path = f"{SESSIONS}/{session}/send-user-message-streamed"
        sent = await world.post(path, {"input": "yes", "currentValues": NOTE})
        whole = (await world.create()).json()["responseChunks"]
    assert created.headers["content-type"] == media
    assert _chunks(messages) == whole
    assert [m for m in messages[1:] if "interactiveFormSession" in m] == []
    assert _chunks(_messages(stream, sent.text))[-1] == END


def _messages(stream: str, text: str) -> list[dict]:
    match stream:
        case "sse":
            return [json.loads(event.removeprefix("data: ")) for event in text.split("\n\n")[:-1]]
        case "ndjson":
            return [json.loads(line) for line in text.splitlines()]
        case "array":
            return json.loads(text)
        case _:
            return [json.loads(text)]


def _chunks(messages: list[dict]) -> list[dict]:
    whole = messages[0].get("responseChunks")
    return whole if whole is not None else [message["responseChunk"] for message in messages]


async def test_an_answer_streams_as_several_pieces(world):
    """A stream arrives message by message, each with its own end."""
    body = {"formId": NOTE_FORM}
    async with world.client.stream("POST", f"{SESSIONS}/create-streamed", json=body) as answer:
        assert "content-length" not in answer.headers
        events = "".join([piece async for piece in answer.aiter_text()]).split("\n\n")
    assert len(events) > 2


async def test_a_form_is_summarised(world):
    """Generate Form Summary says what a form asks for, in at most 255 characters."""
    answer = await world.post(f"{SESSIONS}/generate-form-summary", FORMS["note"])
    long = json.loads(json.dumps(FORMS["note"]))
    long["form"]["name"] = "N" * 300
    longer = await world.post(f"{SESSIONS}/generate-form-summary", long)
    assert answer.json() == {"formSummary": "A note: asks for Your note."}
    assert len(longer.json()["formSummary"]) == 255


@pytest.mark.parametrize("body", [{}, {"form": {}}, {"form": FORMS["note"]}])
async def test_what_is_no_form_has_no_summary(world, body):
    """Without a form the application error is INVALID_FORM."""
    answer = await world.post(f"{SESSIONS}/generate-form-summary", body)
    assert answer.status_code == 400
    assert answer.json()["details"]["applicationError"]["code"] == "INVALID_FORM"

"""Who may call, and how tokens are had."""

from __future__ import annotations

import httpx
import pytest

from tests.sandbox.world import APP, KEY, NOTE, NOTE_FORM, SESSIONS

FORM = f"/form-schema-service/v4/forms/{NOTE_FORM}"


async def _token(world) -> str:
    return (await world.post("/oauth2/token", APP)).json()["access_token"]


async def _status(world, headers: dict) -> httpx.Response:
    async with httpx.AsyncClient(base_url=world.base) as stranger:
        return await stranger.get(FORM, headers=headers)


async def test_the_key_with_its_site_may_call(world):
    """The raw key and the site's id are enough."""
    assert (await _status(world, KEY)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "sandbox-key"},
        {"wix-site-id": "sandbox-site"},
        {"Authorization": "sandbox-key", "wix-site-id": "another"},
        {"Authorization": "Bearer sandbox-key", "wix-site-id": "sandbox-site"},
        {"Authorization": "sandbox-kex", "wix-site-id": "sandbox-site"},
        {"Authorization": "Bearer", "wix-site-id": "sandbox-site"},
        {"Authorization": "Bearer guessed"},
        {"Authorization": b"\xff\xfe", "wix-site-id": "sandbox-site"},
    ],
)
async def test_everybody_else_is_unauthenticated(world, headers):
    """Whoever lacks a part, or has a wrong one, gets a 401 with its code."""
    answer = await _status(world, headers)
    assert answer.status_code == 401
    assert answer.json()["details"]["applicationError"]["code"] == "UNAUTHENTICATED"


async def test_a_key_for_the_account_has_no_permission(world):
    """The right key without a site, for the account, is known but may not."""
    answer = await _status(world, {"Authorization": "sandbox-key", "wix-account-id": "acc"})
    assert answer.status_code == 403
    assert answer.json()["details"]["applicationError"]["code"] == "PERMISSION_DENIED"


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
async def test_a_token_may_call_bare_or_as_bearer(world, prefix):
    """The official client sends tokens bare, the documents say Bearer: both are taken."""
    answer = await _status(world, {"Authorization": prefix + await _token(world)})
    assert answer.status_code == 200


async def test_a_token_is_as_documented(world):
    """A token is a Bearer for 14,400 seconds."""
    body = (await world.post("/oauth2/token", APP)).json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 14400)


async def test_a_token_runs_out(world):
    """A token lives 14,400 seconds and not one more; new ones push the old ones out."""
    headers = {"Authorization": await _token(world)}
    world.clock.time += 14399
    early = await _status(world, headers)
    world.clock.time += 1
    await _token(world)
    late = await _status(world, headers)
    assert [early.status_code, late.status_code] == [200, 401]


@pytest.mark.parametrize("member", ["client_id", "client_secret", "instance_id"])
@pytest.mark.parametrize("value", ["wrong", None, 7, {"a": 1}, "ü"])
async def test_a_wrong_client_is_told_in_the_standards_words(world, member, value):
    """Any wrong member is invalid_client."""
    answer = await world.post("/oauth2/token", {**APP, member: value})
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"grant_type=client_credentials", "invalid_request"),
        (b"[]", "invalid_request"),
        (b'{"grant_type":"password"}', "unsupported_grant_type"),
        (b"", "unsupported_grant_type"),
    ],
)
async def test_a_wrong_grant_is_told_in_the_standards_words(world, content, error):
    """What is no request for a token is a 400 with the standard's error."""
    answer = await world.client.post("/oauth2/token", content=content)
    assert answer.status_code == 400
    assert answer.json()["error"] == error


async def test_a_submission_names_who_made_it(world):
    """An app's submission has an application, a key's its user."""
    headers = {"Authorization": await _token(world)}
    async with httpx.AsyncClient(base_url=world.base, headers=headers) as app:
        made = (await app.post(SESSIONS, json={"formId": NOTE_FORM, "currentValues": NOTE})).json()
        path = f"{SESSIONS}/{made['interactiveFormSession']['id']}/send-user-message"
        chunks = (await app.post(path, json={"input": "yes"})).json()["responseChunks"]
    by_app = next(c for c in chunks if c["chunkType"] == "SUBMISSION")["submissionDetails"]
    by_key = (await world.submit(NOTE_FORM, NOTE))["SUBMISSION"]["submissionDetails"]
    submitters = [
        (await world.get(f"/forms/v4/submissions/{details['submissionId']}")).json()["submission"][
            "submitter"
        ]
        for details in (by_app, by_key)
    ]
    assert [list(submitter) for submitter in submitters] == [["applicationId"], ["userId"]]

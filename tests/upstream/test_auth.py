"""We log in once for all, in time, and never tell the secret."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from bridge.upstream.auth import ApiKey, ClientCredentials
from bridge.upstream.errors import (
    AnswerLost,
    NotAllowed,
    NotThere,
    Refused,
    Throttled,
    Unreachable,
    UpstreamError,
)
from tests.upstream.manual_clock import ManualClock, settle


class Tokens:
    """Answers requests for a token: `token-1`, `token-2`, or what it is told to raise."""

    def __init__(self, *failures, life=14_400, gate=None):
        self.asked = []
        self._failures = list(failures)
        self._life = life
        self._gate = gate

    async def post(self, path, body):
        self.asked.append((path, body))
        number = len(self.asked)
        if self._gate is not None:
            await self._gate.wait()
        if self._failures:
            raise self._failures.pop(0)
        return {"access_token": f"token-{number}", "token_type": "Bearer", "expires_in": self._life}


def app(clock):
    """Return an app's credentials."""
    return ClientCredentials("app", SecretStr("secret"), "instance", clock=clock)


def bearer(number):
    """Return the headers of a token."""
    return {"Authorization": f"Bearer token-{number}"}


async def test_an_api_key_is_sent_as_it_is():
    """Raw, with its site; a refused one is not renewed; blanks around a copied key are no harm."""
    key = ApiKey(SecretStr(" the-key\n"), "the-site")
    sent = await key.headers(Tokens().post)
    assert {"Authorization": "the-key", "wix-site-id": "the-site"} == sent
    assert not key.renew(sent)


@pytest.mark.parametrize("value", ["", "  ", "kéy", "a\nb", "a\x00b"])
async def test_a_key_that_no_header_takes(value):
    """A key that was copied wrongly is told of by its variable, not shown."""
    with pytest.raises(NotAllowed, match="WIX_API_KEY") as raised:
        await ApiKey(SecretStr(value), "site").headers(Tokens().post)
    assert not value.strip() or value not in str(raised.value)


async def test_a_token_is_asked_for_and_kept():
    """One request, with the grant's body, serves until shortly before the token's end."""
    clock, tokens = ManualClock(), Tokens()
    credentials = app(clock)
    assert bearer(1) == await credentials.headers(tokens.post)
    await clock.advance(14_400 - 300 - 1)
    assert bearer(1) == await credentials.headers(tokens.post)
    await clock.advance(1)
    assert bearer(2) == await credentials.headers(tokens.post)
    body = {
        "grant_type": "client_credentials",
        "client_id": "app",
        "client_secret": "secret",
        "instance_id": "instance",
    }
    assert [("/oauth2/token", body)] * 2 == tokens.asked


@pytest.mark.parametrize(("life", "fresh"), [(100, 50), (0, 14_100), (None, 14_100), ("900", 600)])
async def test_lives_of_other_lengths(life, fresh):
    """A short token is kept for half its life; one that doesn't say lives four hours."""
    clock, tokens = ManualClock(), Tokens(life=life)
    credentials = app(clock)
    await credentials.headers(tokens.post)
    await clock.advance(fresh - 1)
    assert bearer(1) == await credentials.headers(tokens.post)
    await clock.advance(1)
    assert bearer(2) == await credentials.headers(tokens.post)


async def test_many_at_once_share_one_request():
    """Hundreds that start together ask for one token."""
    gate = asyncio.Event()
    tokens = Tokens(gate=gate)
    credentials = app(ManualClock())
    tasks = [asyncio.create_task(credentials.headers(tokens.post)) for _ in range(200)]
    await settle()
    gate.set()
    assert [bearer(1)] * 200 == await asyncio.gather(*tasks)
    assert 1 == len(tokens.asked)


async def test_one_who_leaves_takes_nothing_from_the_others():
    """A cancelled request does not cancel the token that others wait for."""
    gate = asyncio.Event()
    tokens = Tokens(gate=gate)
    credentials = app(ManualClock())
    leaving = asyncio.create_task(credentials.headers(tokens.post))
    staying = asyncio.create_task(credentials.headers(tokens.post))
    await settle()
    leaving.cancel()
    gate.set()
    assert bearer(1) == await staying
    assert 1 == len(tokens.asked)


async def test_a_failure_is_shared_and_forgotten():
    """All who waited are told; the next asks again."""
    gate = asyncio.Event()
    tokens = Tokens(Throttled("busy", after=3.0), gate=gate)
    credentials = app(ManualClock())
    tasks = [asyncio.create_task(credentials.headers(tokens.post)) for _ in range(3)]
    await settle()
    gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [Throttled] * 3 == [type(result) for result in results]
    assert bearer(2) == await credentials.headers(tokens.post)


async def test_a_failure_that_nobody_waits_for_is_quiet():
    """When all have left, the failure disturbs nobody."""
    gate = asyncio.Event()
    tokens = Tokens(AnswerLost("lost"), gate=gate)
    credentials = app(ManualClock())
    task = asyncio.create_task(credentials.headers(tokens.post))
    await settle()
    task.cancel()
    await settle()
    gate.set()
    await settle()
    assert bearer(2) == await credentials.headers(tokens.post)


async def test_renewing_drops_only_what_was_used():
    """Many refusals of one old token cost one new token, not one each."""
    tokens = Tokens()
    credentials = app(ManualClock())
    old = await credentials.headers(tokens.post)
    assert credentials.renew(old)
    new = await credentials.headers(tokens.post)
    assert credentials.renew(old)
    assert (bearer(2), bearer(2)) == (new, await credentials.headers(tokens.post))


async def test_renewing_before_any_token():
    """Nothing to forget is no trouble."""
    assert app(ManualClock()).renew({})


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Unreachable("no"), Unreachable),
        (Throttled("busy", after=1.0), Throttled),
        (AnswerLost("lost", status=500), Unreachable),
        (NotAllowed("401", status=401, code="invalid_client"), NotAllowed),
        (Refused("400", status=400, code="invalid_request"), NotAllowed),
        (NotThere("404", status=404), NotAllowed),
    ],
)
async def test_without_a_token_the_request_was_never_made(failure, kind):
    """No failure of the log-in may look like a lost answer; it says which settings to check."""
    with pytest.raises(UpstreamError) as raised:
        await app(ManualClock()).headers(Tokens(failure).post)
    assert (kind, failure.status, failure.code) == (
        type(raised.value),
        raised.value.status,
        raised.value.code,
    )
    assert "secret" not in str(raised.value)


async def test_an_answer_without_a_token():
    """A log-in that gives none is not used."""

    async def post(path, body):
        return {"token_type": "Bearer"}

    with pytest.raises(NotAllowed):
        await app(ManualClock()).headers(post)


def test_the_secret_is_not_shown():
    """Neither kind of credentials shows its secret."""
    shown = repr(vars(ApiKey(SecretStr("hidden"), "s"))) + repr(vars(app(ManualClock())))
    assert "hidden" not in shown
    assert "'secret'" not in shown

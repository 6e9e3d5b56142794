"""Laws of deliveries: every failure becomes the right outcome, and nothing secret is said."""

from __future__ import annotations

import dataclasses
import json
import logging
from typing import TYPE_CHECKING

import pytest

from bridge.conformance.harness import RETRY_AFTER, Fault, Harness, Platform
from bridge.protocol.adapter import Fleeting, Lifecycle, Typing
from bridge.protocol.calls import Delivered, Refusal, Rejected, RetryLater, Uncertain
from bridge.protocol.replies import plain

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from bridge.protocol.calls import Call, Outcome

_PERSONAL = "PERSONAL-4711"


class DeliveringLaws:
    """What `deliver` and `deliver_fleeting` must do."""

    @pytest.mark.asyncio
    async def test_a_call_is_delivered(self, harness: Harness) -> None:
        """A call that the platform takes is Delivered; also one that was stored as JSON."""
        async with _platform(harness) as platform:
            call = _call(platform)
            stored = dataclasses.replace(call, body=json.loads(json.dumps(call.body)))
            outcomes = [
                await platform.adapter.deliver(one, platform.target) for one in (call, stored)
            ]
        assert [type(outcome) for outcome in outcomes] == [Delivered, Delivered]

    @pytest.mark.asyncio
    @pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
    async def test_failures_are_told_apart(self, harness: Harness, fault: Fault) -> None:
        """Certainly not taken, refused for good, or unknown: never confused (law 8)."""
        async with _platform(harness) as platform:
            _need(platform, fault)
            await platform.fail(fault)
            outcome = await platform.adapter.deliver(_call(platform), platform.target)
        _check_outcome(fault, outcome)

    @pytest.mark.asyncio
    @pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
    async def test_nothing_secret_is_said(
        self, harness: Harness, fault: Fault, caplog: pytest.LogCaptureFixture
    ) -> None:
        """No secret and nothing personal is in logs, outcomes or representations (law 13)."""
        async with _platform(harness) as platform:
            _need(platform, fault)
            await platform.fail(fault)
            with caplog.at_level(logging.DEBUG):
                outcome = await platform.adapter.deliver(_call(platform), platform.target)
            said = f"{caplog.text} {outcome!r} {platform.adapter!r} {vars(platform.adapter)!r}"
        assert not [secret for secret in (*harness.secrets, _PERSONAL) if secret in said]

    @pytest.mark.asyncio
    @pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
    async def test_fleeting_calls_never_fail(self, harness: Harness, fault: Fault) -> None:
        """A fleeting call that the platform does not take is forgotten."""
        async with _platform(harness) as platform:
            adapter = platform.adapter
            if not isinstance(adapter, Fleeting) or not isinstance(adapter, Typing):
                pytest.skip("no fleeting calls on this channel")
            _need(platform, fault)
            await platform.fail(fault)
            call = adapter.typing(platform.target.thread)
            assert call is not None
            assert call.deadline > 0
            # A platform that never answers must not hold it for longer than its deadline.
            await adapter.deliver_fleeting(dataclasses.replace(call, deadline=0.2), platform.target)

    @pytest.mark.asyncio
    async def test_stopping_twice_does_no_harm(self, harness: Harness) -> None:
        """An adapter may be stopped again, and after it was never used."""
        async with _platform(harness) as platform:
            if not isinstance(platform.adapter, Lifecycle):
                pytest.skip("nothing to start or stop on this channel")
            await platform.adapter.stop()
            await platform.adapter.stop()


def _platform(harness: Harness) -> AbstractAsyncContextManager[Platform]:
    if harness.platform is None:
        pytest.skip("no platform to deliver to")
    return harness.platform()


def _need(platform: Platform, fault: Fault) -> None:
    if fault not in platform.faults:
        pytest.skip(f"this platform never does this: {fault.value}")


def _call(platform: Platform) -> Call:
    return platform.adapter.render((plain(f"Hello {_PERSONAL}"),), platform.target.thread)[0]


def _check_outcome(fault: Fault, outcome: Outcome) -> None:
    match fault:
        case Fault.THROTTLED:
            assert isinstance(outcome, RetryLater)
            assert outcome.after == RETRY_AFTER
        case Fault.REFUSED:
            assert isinstance(outcome, RetryLater)
        case Fault.BAD:
            assert isinstance(outcome, Rejected)
            assert outcome.refusal is Refusal.CALL_BAD
        case Fault.GONE:
            assert isinstance(outcome, Rejected)
            assert outcome.refusal is Refusal.THREAD_GONE
        case Fault.SILENT | Fault.DROPPED | Fault.HALF | Fault.GARBAGE | Fault.BROKEN:
            assert isinstance(outcome, Uncertain)

"""What operators see: health, readiness, counters, and logs without anything personal."""

from __future__ import annotations

import io
import json

from bridge import logs
from bridge.conformance.harness import Fault
from bridge.conformance.phone import SECRET, TOKEN
from bridge.conformance.switchboard import Failure
from bridge.sandbox.config import API_KEY
from bridge.sandbox.ledger import Act
from bridge.till import press
from tests.flow.house import a_monday
from tests.flow.road import CREATE, SEND, Trouble
from tests.flow.scripts import order

PERSONAL = (
    "ada@example.com",
    "Ada",
    "Happy birthday",
    "Grace",
    "buttons:ada",
    "chocolate",
    "Chocolate",
    "/checkout/",
    a_monday(),
    TOKEN,
    SECRET,
    API_KEY,
)


async def test_health_and_counters(build) -> None:
    """/healthz answers, /readyz says what was looked at, /metrics counts what happened."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await house.settled("grace")
    assert (200, "ok") == await house.get("/healthz")
    status, text = await house.get("/readyz")
    assert (200, {"ready": True, "checks": {"database": True, "buttons": True}}) == (
        status,
        json.loads(text),
    )
    status, text = await house.get("/metrics")
    assert status == 200
    for line in (
        'threadform_events_total{channel="buttons",taken="accepted"} 1.0',
        'threadform_webhook_requests_total{channel="buttons",status="200"} 1.0',
        'threadform_deliveries_total{channel="buttons",outcome="delivered"} 1.0',
        "threadform_outbox_ready 0.0",
        "threadform_checkout_links_owed 0.0",
    ):
        assert line in text
    assert "grace" not in text.casefold()


async def test_turns_are_counted(build) -> None:
    """/metrics counts messages to the upstream by outcome, and how long they took."""
    house = await build()
    grace = house.person("grace")
    await grace.say("Hello")
    await grace.hear("your name")
    await grace.say("Grace Hopper")
    await grace.hear("work email")
    _, text = await house.get("/metrics")
    assert 'threadform_turns_total{outcome="answered"} 2.0' in text
    assert "threadform_turn_seconds_count 2.0" in text


async def test_logs_tell_nothing_personal(build, own_logs) -> None:
    """Logs at DEBUG, with trouble on the way, hold no words, names, keys or secrets."""
    lines = io.StringIO()
    logs.set_up(form="json", level="DEBUG", stream=lines)
    house = await build(default="cake")
    house.road.troubles += [
        Trouble(name=CREATE, status=503),
        Trouble(name=SEND, status=429, headers={"Retry-After": "0"}),
    ]
    house.phone.faults.extend(
        (
            Failure(fault=Fault.THROTTLED, method="send", after=0.01),
            Failure(fault=Fault.BAD, method="send"),
        )
    )
    ada = house.person()
    link = await order(ada)
    await press(link, Act.DECLINE)
    await ada.hear("declined")
    await press(link, Act.PAY)
    await ada.hear("payment has arrived")
    house.road.troubles.append(Trouble(name=SEND, status=422, body={"message": "ada@example.com"}))
    await ada.say("/start cake")
    await ada.hear("What would you like to order")
    await ada.say("I am Ada, ada@example.com")
    await ada.hear("wrong on our side")
    await house.close()
    text = lines.getvalue()
    assert len(text.splitlines()) > 10
    assert [] == [word for word in PERSONAL if word in text]

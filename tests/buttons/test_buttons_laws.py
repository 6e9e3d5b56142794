"""The channel of buttons passes the laws of every adapter."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager

import pytest

from bridge.conformance.buttons import descriptor
from bridge.conformance.buttons.adapter import ButtonsAdapter
from bridge.conformance.buttons.settings import ButtonsSettings
from bridge.conformance.buttons.verify import HEADER, sign
from bridge.conformance.harness import Fault, Harness, Samples, Tap
from bridge.conformance.host import RecordingHost
from bridge.conformance.laws import AdapterLaws
from bridge.conformance.phone import SECRET, TOKEN, Phone
from bridge.conformance.screens import choices_of, measure, text_of
from bridge.conformance.switchboard import Failure
from bridge.protocol.calls import Target
from bridge.protocol.web import Request

BODY = b'{"id": "p-1", "kind": "text", "thread": "ada", "person": "ada", "at": 1, "text": "hi"}'


def settings(**more):
    """Return settings for the phone."""
    return ButtonsSettings(BUTTONS_TOKEN=TOKEN, BUTTONS_SECRET=SECRET, **more)


def payload(number, kind, **members):
    """Return a payload of this kind."""
    who = {"thread": "ada", "person": "ada", "at": 1.5}
    return {"id": f"p-{number}", "kind": kind, **who, **members}


UNDERSTOOD = (
    payload(1, "text", text="a cake"),
    payload(2, "text", text="/start cake"),
    payload(3, "tap", tap="t1", data="v1.abc.0.c1"),
    payload(4, "tap", tap="t1", data="v1.abc.0.t1"),
    payload(5, "tap", tap="t1", data="v1.abc.0.p2"),
    payload(6, "tap", tap="t1", data="v1.abc.0.n-0.5"),
    payload(7, "tap", tap="t1", data="v1.abc.0.d"),
    payload(8, "tap", tap="t1", data="v1.abc.0.a"),
    payload(9, "tap", tap="t1", data="v1.abc.0.o"),
    payload(10, "tap", tap="t1", data="v1.abc.0.x"),
    payload(11, "modal", tap="t1", data="v1.abc.0.o", text="mine"),
    payload(12, "modal", tap="t1", data="v1.abc.0.a", text="12.5"),
    payload(13, "modal", tap="t1", data="v1.abc.0.a", text="a dozen"),
    payload(14, "link", token="abc"),
    payload(15, "moved", to="ada-2"),
    payload(16, "report", receipt="1", state="READ"),
    payload(17, "gone"),
    payload(18, "back"),
    payload(19, "opt-out"),
    payload(20, "opt-in"),
)
UNSUPPORTED = (
    payload(1, "voice"),
    payload(2, "text", text="/nothing"),
    payload(3, "tap", tap="t1", data="v2.abc.0.c1"),
    payload(4, "modal", tap="t1", data="v1.abc.0.c", text="1"),
    payload(5, "report", receipt="1", state="LOST"),
)


class PhoneDrawing:
    """Reads calls as the phone does."""

    def measure(self, call):
        return measure(call.method, call.body)

    def visible(self, calls):
        parts = []
        for call in calls:
            parts += [text_of(call.body), *(c.label for c in choices_of(call.body))]
        return "\n".join(parts)

    def active(self, calls):
        return [c.url for call in calls for c in choices_of(call.body) if c.url]

    def taps(self, calls):
        shown = [c for call in calls for c in choices_of(call.body) if not c.url]
        return [Tap(label=c.label, raw=payload(1, "tap", tap="t", data=c.id)) for c in shown]

    def typed(self, text):
        return payload(1, "text", text=text)

    def fold(self, text):
        return text


class PhonePlatform:
    """A phone that fails as told."""

    faults = frozenset(Fault)
    target = Target(thread="buttons:ada")

    def __init__(self, phone, adapter):
        self.adapter = adapter
        self._phone = phone

    async def fail(self, fault):
        if fault is Fault.REFUSED:
            await self._phone.board.close()
        else:
            self._phone.faults.append(Failure(fault=fault, times=None))


@asynccontextmanager
async def platform():
    """Open a platform, with an adapter that was started against it."""
    phone = Phone()
    found = await phone.start("http://127.0.0.1:9")
    adapter = ButtonsAdapter(ButtonsSettings(**found, BUTTONS_TIMEOUT=0.3), RecordingHost())
    await adapter.start()
    try:
        yield PhonePlatform(phone, adapter)
    finally:
        await adapter.stop()
        await phone.stop()


class ButtonsLaws(AdapterLaws):
    """All laws, on the channel of buttons."""

    thread = "buttons:ada"

    @pytest.fixture
    def harness(self):
        return Harness(
            module="bridge.conformance.buttons",
            descriptor=descriptor,
            heavy=("aiohttp", "hypothesis", "pytest", "bridge.app"),
            adapter=ButtonsAdapter(settings(), RecordingHost()),
            thread=self.thread,
            samples=Samples(
                understood=UNDERSTOOD,
                unsupported=UNSUPPORTED,
                foreign=({**payload(1, "text", text="ours"), "person": "bot"},),
                repeated=tuple((raw, json.loads(json.dumps(raw))) for raw in UNDERSTOOD[:3]),
            ),
            drawing=PhoneDrawing(),
            addresses=("buttons:ada", "buttons:group:team/1", "group:team"),
            signed=Request(
                method="POST",
                path="/buttons/webhook",
                headers={HEADER: sign(BODY, SECRET)},
                body=BODY,
            ),
            proofs=(HEADER,),
            platform=platform,
            secrets=(TOKEN, SECRET),
        )


class TestButtonsLaws(ButtonsLaws):
    """In a thread of one's own."""


class TestButtonsLawsInGroups(ButtonsLaws):
    """In a topic of a group."""

    thread = "buttons:group:team/1"

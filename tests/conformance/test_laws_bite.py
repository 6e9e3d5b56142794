"""The laws catch what they forbid: each broken adapter fails the law that it breaks."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import Phase, settings

from bridge.conformance.buttons import descriptor
from bridge.conformance.buttons.adapter import ButtonsAdapter
from bridge.conformance.buttons.settings import ButtonsSettings
from bridge.conformance.harness import Harness, Samples, Tap
from bridge.conformance.host import RecordingHost
from bridge.conformance.laws import AdapterLaws
from bridge.conformance.screens import choices_of, measure, text_of
from bridge.protocol.calls import OnUncertain
from bridge.protocol.errors import Refused
from bridge.protocol.events import Choice, Text
from bridge.protocol.web import Request

SETTINGS = ButtonsSettings(BUTTONS_TOKEN="token-1", BUTTONS_SECRET="secret-1")
HELLO = {"id": "1", "kind": "text", "thread": "ada", "person": "ada", "at": 1, "text": "hello"}


class Drawing:
    """Reads calls as the phone does."""

    def measure(self, call):
        return measure(call.method, call.body)

    def visible(self, calls):
        return "".join(
            text_of(call.body) + "".join(c.label for c in choices_of(call.body)) for call in calls
        )

    def active(self, calls):
        return [c.url for call in calls for c in choices_of(call.body) if c.url]

    def taps(self, calls):
        shown = [c for call in calls for c in choices_of(call.body) if not c.url]
        tap = {**HELLO, "kind": "tap", "tap": "t"}
        return [Tap(label=c.label, raw={**tap, "data": c.id}) for c in shown]

    def typed(self, text):
        return {**HELLO, "text": text}

    def fold(self, text):
        return text


class Forgetful(ButtonsAdapter):
    """Loses the first reply."""

    def render(self, replies, thread):
        return super().render(replies[1:], thread)


class Talkative(ButtonsAdapter):
    """Sends more than the platform takes."""

    def render(self, replies, thread):
        return self._changed(super().render(replies, thread))

    def _changed(self, calls):
        body = {"spans": [{"text": "x" * 5000, "bold": False}], "keyboard": []}
        return tuple(dataclasses.replace(call, body=body) for call in calls)


class Fickle(ButtonsAdapter):
    """Never renders the same."""

    count = 0

    def render(self, replies, thread):
        self.count += 1
        calls = super().render(replies, thread)
        return tuple(dataclasses.replace(c, body={**c.body, "n": self.count}) for c in calls)


class Leaky(ButtonsAdapter):
    """Stores the thread's key with the call."""

    def render(self, replies, thread):
        calls = super().render(replies, thread)
        return tuple(dataclasses.replace(c, body={**c.body, "thread": thread}) for c in calls)


class Careless(ButtonsAdapter):
    """Repeats nothing."""

    def render(self, replies, thread):
        calls = super().render(replies, thread)
        return tuple(dataclasses.replace(c, on_uncertain=OnUncertain.SKIP) for c in calls)


class Nameless(ButtonsAdapter):
    """Names no prompt."""

    def render(self, replies, thread):
        calls = super().render(replies, thread)
        return tuple(dataclasses.replace(call, prompt=None) for call in calls)


class Shifted(ButtonsAdapter):
    """Takes each tap for the first option."""

    def parse(self, raw):
        events = super().parse(raw)
        return tuple(
            dataclasses.replace(e, chosen=(0,)) if isinstance(e, Choice) and e.chosen else e
            for e in events
        )


class Fragile(ButtonsAdapter):
    """Falls over what it does not know."""

    def parse(self, raw):
        return super().parse({**raw, "kind": raw["kind"]})


class Trusting(ButtonsAdapter):
    """Takes every request."""

    def verify(self, request):
        del request


class Suspicious(ButtonsAdapter):
    """Takes no request."""

    def verify(self, request):
        raise Refused("no")


class Restless(ButtonsAdapter):
    """Has a new key each time."""

    count = 0

    def parse(self, raw):
        self.count += 1
        events = super().parse(raw)
        return tuple(dataclasses.replace(e, key=f"buttons:{self.count}") for e in events)


class Unscoped(ButtonsAdapter):
    """Has keys that any channel might have."""

    def parse(self, raw):
        return tuple(dataclasses.replace(e, key="1") for e in super().parse(raw))


class Shouting(ButtonsAdapter):
    """Changes what was typed."""

    def parse(self, raw):
        return tuple(
            dataclasses.replace(e, text=e.text.upper()) if isinstance(e, Text) else e
            for e in super().parse(raw)
        )


class Open(ButtonsAdapter):
    """Leaves the buttons when a prompt was answered."""

    def close(self, answered, thread):
        return self.redraw(answered.prompt, thread)


class Hidden(ButtonsAdapter):
    """Makes an edit that names no prompt."""

    def redraw(self, prompt, thread):
        return dataclasses.replace(super().redraw(prompt, thread), edits=None)


class Revealing(ButtonsAdapter):
    """Tells its secrets."""

    def __repr__(self):
        return f"<{SETTINGS.secret.get_secret_value()}>"


@pytest.fixture(autouse=True)
def unshrunk():
    """Find failures without making them small: nobody reads these."""
    before = settings()
    settings.register_profile("unshrunk", phases=[Phase.generate])
    settings.load_profile("unshrunk")
    yield
    settings.register_profile("before", before)
    settings.load_profile("before")


def harness_of(adapter):
    """Return the harness of a broken adapter."""
    from bridge.conformance.buttons.verify import HEADER, sign

    body = json.dumps(HELLO).encode()
    return Harness(
        module="bridge.conformance.buttons",
        descriptor=descriptor,
        adapter=adapter,
        thread="buttons:ada",
        samples=Samples(understood=(HELLO,), repeated=((HELLO, HELLO),)),
        drawing=Drawing(),
        addresses=("buttons:ada",),
        signed=Request(method="POST", path="", headers={HEADER: sign(body, "secret-1")}, body=body),
        proofs=(HEADER,),
        secrets=("token-1", "secret-1"),
    )


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (Forgetful, "test_no_text_is_lost"),
        (Forgetful, "test_questions_can_be_read"),
        (Forgetful, "test_public_links_can_be_opened"),
        (Forgetful, "test_every_mark_can_be_typed"),
        (Talkative, "test_limits_are_kept"),
        (Fickle, "test_rendering_is_pure"),
        (Leaky, "test_calls_can_be_stored"),
        (Careless, "test_what_matters_is_repeated"),
        (Nameless, "test_every_prompt_is_one_call"),
        (Shifted, "test_every_tap_means_its_option"),
        (Forgetful, "test_several_can_be_confirmed"),
        (Fragile, "test_unknown_payloads_do_no_harm"),
        (Fragile, "test_damaged_payloads_do_no_harm"),
        (Trusting, "test_unsigned_requests_are_refused"),
        (Trusting, "test_changed_requests_are_refused"),
        (Suspicious, "test_signed_requests_are_taken"),
        (Restless, "test_keys_are_canonical"),
        (Restless, "test_parsing_is_pure"),
        (Unscoped, "test_keys_are_scoped"),
        (Shouting, "test_typed_text_arrives_unchanged"),
        (Open, "test_an_answer_takes_the_widgets_place"),
        (Hidden, "test_edits_name_their_prompt"),
        (Revealing, "test_secrets_are_hidden"),
    ],
    ids=lambda named: named if isinstance(named, str) else named.__name__,
)
def test_laws_bite(broken, law):
    """The law passes the sound adapter and fails the broken one."""
    judged = getattr(AdapterLaws(), law)
    judged(harness_of(ButtonsAdapter(SETTINGS, RecordingHost())))
    with pytest.raises(
        (AssertionError, KeyError, Refused, BaseExceptionGroup, pytest.fail.Exception)
    ):
        judged(harness_of(broken(SETTINGS, RecordingHost())))


async def test_the_recording_host_is_a_host():
    """It keeps each key once, refuses while full, and has notes, forms and a leader."""
    from bridge.protocol.errors import NotKept

    host = RecordingHost(public_url="https://example.com")
    event = Text(key="buttons:1", thread="buttons:a", person="buttons:a", at=1.0, text="x")
    assert await host.accept([event, event]) == 1
    assert await host.accept([event]) == 0
    assert host.accepted == [event]
    host.full = True
    with pytest.raises(NotKept):
        await host.accept([event])
    await host.notes.write("a", 1)
    assert await host.notes.read("a") == 1
    await host.notes.write("a", None)
    assert await host.notes.read("a") is None
    async with host.lead("poll"):
        await host.clock.sleep(5)
    assert host.clock.now() == host.clock.monotonic() == 1_800_000_005.0
    assert (host.forms(), await host.conversations("x"), await host.transcript("x")) == ((), (), ())
    assert len(host.ids.new()) == 20

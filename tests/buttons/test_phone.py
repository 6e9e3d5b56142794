"""The phone: what people do reaches the bridge, what it calls is seen, faults are played."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bridge.conformance.buttons import descriptor
from bridge.conformance.buttons.limits import capabilities
from bridge.conformance.buttons.settings import ButtonsSettings
from bridge.conformance.harness import Fault
from bridge.conformance.host import RecordingHost
from bridge.conformance.phone import Phone
from bridge.conformance.strategies import shown
from bridge.conformance.switchboard import Failure
from bridge.protocol.calls import Call, Delivered, Refusal, Rejected, RetryLater, Target, Uncertain
from bridge.protocol.errors import Malformed, Refused
from bridge.protocol.events import AskCustom, Choice, Command, Link, Number, Text, WidgetStep
from bridge.protocol.prompts import (
    MultiSelect,
    NumberInput,
    Option,
    Prompt,
    PromptOwner,
    PromptView,
    SingleSelect,
)
from bridge.protocol.replies import Ask, LinkButton, plain
from bridge.protocol.web import Request, Response

SETTINGS = ButtonsSettings(BUTTONS_TOKEN="token", BUTTONS_SECRET="secret")
ADA = Target(thread="buttons:ada", owner="buttons:ada")
GROUP = Target(thread="buttons:group:team", owner="buttons:ada")
TEA = Prompt(
    id="tea",
    owner=PromptOwner.UPSTREAM,
    question="Which tea?",
    widget=SingleSelect(options=(Option(label="Green"), Option(label="Black")), custom="Another"),
)


def drawn(prompt):
    """Return the prompt as the core gives it to the adapter."""
    return shown(prompt, capabilities(SETTINGS))


class Bridge:
    """Serves the adapter's webhook as the core does; it can be told to answer otherwise."""

    def __init__(self):
        self.host = RecordingHost()
        self.answers = []
        self.adapter = None
        self._runner = None

    async def open(self):
        """Listen on a free port; return the address."""
        app = web.Application()
        app.router.add_post("/buttons/webhook", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self):
        """Stop listening."""
        await self._runner.cleanup()

    async def _take(self, asked):
        if self.answers:
            return web.Response(status=self.answers.pop(0))
        headers = {name.lower(): value for name, value in asked.headers.items()}
        request = Request(method="POST", path="", headers=headers, body=await asked.read())
        try:
            self.adapter.verify(request)
        except Refused as refused:
            return web.Response(status=refused.status)
        response = await self.adapter.routes()[0].answer(request)
        return web.Response(status=response.status)


@asynccontextmanager
async def opened(**more):
    """Open a bridge, a phone and the adapter between them."""
    bridge, phone = Bridge(), Phone()
    found = await phone.start(await bridge.open())
    bridge.adapter = descriptor.build(descriptor.settings(**found, **more), bridge.host)
    await bridge.adapter.start()
    try:
        yield bridge, phone
    finally:
        await bridge.adapter.stop()
        await phone.stop()
        await bridge.close()


async def show(bridge, *replies, target=ADA):
    """Render and deliver; return the outcomes."""
    calls = bridge.adapter.render(replies, target.thread)
    return [await bridge.adapter.deliver(call, target) for call in calls]


async def test_typing_reaches_the_bridge():
    """What a person types is accepted by the bridge and stands on their screen."""
    async with opened() as (bridge, phone):
        await phone.type("hello", person="ada")
        await phone.type("/start tea", person="bob")
        assert [type(event) for event in bridge.host.accepted] == [Text, Command]
        assert [shown.text for shown in phone.screen(person="ada").messages] == ["hello"]


async def test_a_bridge_that_fails_is_asked_again():
    """A payload is sent until it is taken, in its thread's order, and counted once."""
    async with opened() as (bridge, phone):
        bridge.answers += [503, 500, 429]
        await asyncio.gather(phone.type("one"), phone.type("two"))
        assert [event.text for event in bridge.host.accepted] == ["one", "two"]
        assert len(phone.accepted) == 2


async def test_what_is_refused_is_not_sent_again():
    """A 4xx is an answer for good."""
    async with opened() as (bridge, phone):
        bridge.answers += [400]
        await phone.type("one")
        assert [status for status, _ in phone.refused] == [400]
        assert phone.accepted == []


async def test_a_bridge_that_is_away_is_waited_for():
    """Nothing is lost while nobody listens."""
    async with opened() as (bridge, phone):
        address, phone.bridge_url = phone.bridge_url, "http://127.0.0.1:9"
        typing = asyncio.create_task(phone.type("hello"))
        await phone.changed(0)
        phone.bridge_url = address
        await typing
        assert [event.text for event in bridge.host.accepted] == ["hello"]


async def test_a_payload_can_come_twice():
    """The same payload makes the same key, so the host keeps it once."""
    async with opened() as (bridge, phone):
        await phone.type("hello")
        await phone.again(phone.accepted[0])
        assert len(phone.accepted) == 2
        assert len(bridge.host.accepted) == 1


async def test_taps_by_label_and_by_id():
    """A button is found by its label, a part of it, or its id, also after it has gone."""
    async with opened() as (bridge, phone):
        await show(bridge, plain("Welcome."), plain("Which tea?"), Ask(drawn(TEA)))
        await phone.tap("Black")
        await phone.tap("Anoth")
        await phone.tap("v1.gone.0.c1")
        first, second, third = bridge.host.accepted
        assert (first.prompt, first.chosen) == ("tea", (1,))
        assert (second.prompt, second.step) == ("tea", AskCustom())
        assert third.prompt == "gone"
        assert [m.text for m in phone.screen().messages] == ["Welcome.", "Which tea?"]
        with pytest.raises(LookupError, match="Green"):
            await phone.tap("Coffee")


async def test_edits_and_toasts():
    """An answer takes the widget's place, and a toast ends the tap's waiting, once."""
    async with opened() as (bridge, phone):
        (sent,) = await show(bridge, Ask(drawn(TEA)))
        await phone.tap("Green")
        (tapped,) = bridge.host.accepted
        await bridge.adapter.deliver_fleeting(bridge.adapter.answer_tap(tapped, "Noted"), ADA)
        await bridge.adapter.deliver_fleeting(bridge.adapter.answer_tap(tapped, "Twice"), ADA)
        edit = Call(method="edit", body={"spans": [{"text": "Green", "bold": True}]})
        target = Target(thread=ADA.thread, edits=sent.receipt)
        assert await bridge.adapter.deliver(edit, target) == Delivered(receipt=sent.receipt)
        screen = phone.screen()
        assert [(m.text, m.choices) for m in screen.messages] == [("Green", ())]
        assert screen.toast == "Noted"
        assert [request.status for request in phone.log] == [200, 200, 400, 200]


async def test_an_edit_of_nothing_is_bad():
    """A message that is not there can't be edited."""
    async with opened() as (bridge, _phone):
        edit = Call(method="edit", body={"spans": [{"text": "x"}]})
        for receipt in (None, "99"):
            outcome = await bridge.adapter.deliver(edit, Target(thread=ADA.thread, edits=receipt))
            assert outcome == Rejected(refusal=Refusal.CALL_BAD, reason="no such message")


async def test_windows_for_typed_answers():
    """A tap opens a window; what is typed there answers the prompt, a number as a number."""
    many = Prompt(
        id="many",
        owner=PromptOwner.UPSTREAM,
        question="How many?",
        widget=NumberInput(),
        view=PromptView(rev=2),
    )
    async with opened() as (bridge, phone):
        await show(bridge, Ask(drawn(many)))
        await phone.tap("Type a number")
        (step,) = bridge.host.accepted
        assert isinstance(step, WidgetStep)
        await bridge.adapter.deliver_fleeting(bridge.adapter.modal(step, many), ADA)
        assert phone.modal().text == "How many?"
        await phone.submit("12")
        number = bridge.host.accepted[-1]
        assert isinstance(number, Number)
        assert (number.prompt, number.rev, number.value) == ("many", 2, 12)
        with pytest.raises(LookupError, match="window"):
            await phone.submit("13")
        await bridge.adapter.deliver_fleeting(bridge.adapter.modal(number, TEA), ADA)
        await phone.submit("Oolong")
        assert isinstance(bridge.host.accepted[-1], Choice)
        assert bridge.host.accepted[-1].custom == "Oolong"
        assert bridge.adapter.modal(Text(key="", thread="", person="", at=0, text=""), TEA) is None


async def test_private_things_in_a_group():
    """A private link and a notice in a group are seen by their person alone."""
    link = LinkButton("Ready.", "Pay", "https://example.com/c", private=True)
    async with opened() as (bridge, phone):
        await show(bridge, plain("Thanks."), link, target=GROUP)
        await phone.type("hi", person="ada", thread="group:team")
        notice = bridge.adapter.notice(bridge.host.accepted[-1], "Only you")
        await bridge.adapter.deliver_fleeting(notice, GROUP)
        ada = phone.screen(person="ada", thread="group:team")
        bob = phone.screen(person="bob", thread="group:team")
        assert ada.links == ("https://example.com/c",)
        assert (bob.links, bob.toast, ada.toast) == ((), "", "Only you")
        nobody = await show(bridge, link, target=Target(thread=GROUP.thread))
        assert [outcome.refusal for outcome in nobody] == [Refusal.CALL_BAD]


async def test_links_are_opened_and_followed():
    """A tapped link is opened; a link with a token starts a thread."""
    async with opened() as (bridge, phone):
        await show(bridge, LinkButton("Ready.", "Pay", "https://example.com/c"))
        await phone.tap("Pay")
        await phone.follow(bridge.adapter.link("abc"))
        assert phone.opened == ["https://example.com/c"]
        assert isinstance(bridge.host.accepted[-1], Link)
        assert bridge.host.accepted[-1].token == "abc"


async def test_failures_come_as_told():
    """A failure spoils the calls that it names, as often as it says, applied or not."""
    hello = Call(method="send", body={"spans": [{"text": "hello"}]})
    async with opened() as (bridge, phone):
        phone.faults.append(Failure(fault=Fault.BAD, thread="bob"))
        phone.faults.append(Failure(fault=Fault.THROTTLED, times=2, after=0.5, bucket="chat"))
        phone.faults.append(Failure(fault=Fault.DROPPED, applied=True))
        outcomes = [await bridge.adapter.deliver(hello, ADA) for _ in range(4)]
        throttled = RetryLater(after=0.5, bucket="chat", reason="too many")
        assert outcomes[:2] == [throttled, throttled]
        assert isinstance(outcomes[2], Uncertain)
        assert isinstance(outcomes[3], Delivered)
        assert [shown.text for shown in phone.screen().messages] == ["hello", "hello"]
        assert sum(phone.duplicates().values()) == 1
        assert [failure.thread for failure in phone.faults] == ["bob"]


async def test_marks_tell_repetitions_from_likeness():
    """Two messages that say the same are no duplicates when their marks differ."""
    hello = Call(method="send", body={"spans": [{"text": "hello"}]})
    async with opened() as (bridge, phone):
        for mark in ("a", "b", "b"):
            await bridge.adapter.deliver(hello, Target(thread=ADA.thread, mark=mark))
        assert phone.duplicates() == {"b": 1}


async def test_weather_latency_and_blocked_threads():
    """Failures by chance, slow answers, and threads that can't be written to."""
    hello = Call(method="send", body={"spans": [{"text": "hello"}]})
    async with opened() as (bridge, phone):
        phone.board.latency = 0.001
        phone.board.weather = lambda *_: Failure(fault=Fault.BROKEN)
        assert await bridge.adapter.deliver(hello, ADA) == Uncertain(reason="status 500")
        phone.board.weather = lambda *_: None
        phone.board.gone.add("ada")
        gone = Rejected(refusal=Refusal.THREAD_GONE, reason="gone")
        assert await bridge.adapter.deliver(hello, ADA) == gone


async def test_a_wrong_token_loses_nothing():
    """With a wrong token the call waits until a person has put it right."""
    hello = Call(method="send", body={"spans": [{"text": "hello"}]})
    async with opened() as (bridge, phone):
        found = {
            "BUTTONS_TOKEN": "wrong",
            "BUTTONS_SECRET": "x",
            "BUTTONS_API_URL": phone.board.url,
        }
        adapter = descriptor.build(descriptor.settings(**found), bridge.host)
        assert isinstance(await adapter.deliver(hello, ADA), RetryLater)
        await adapter.stop()


async def test_the_platform_refuses_what_is_too_much():
    """Texts, labels, ids and addresses beyond the limits are bad calls, and change nothing."""
    bad = (
        {"spans": [{"text": "x" * 4097}]},
        {"spans": [{"text": " "}]},
        {"spans": [{"text": "a\x07"}]},
        {"spans": "text"},
        {"spans": [{"text": "a"}], "keyboard": [[{"label": "x" * 65, "id": "1"}]]},
        {"spans": [{"text": "a"}], "keyboard": [[{"label": " ", "id": "1"}]]},
        {"spans": [{"text": "a"}], "keyboard": [[{"label": "a\nb", "id": "1"}]]},
        {"spans": [{"text": "a"}], "keyboard": [[{"label": "a"}]]},
        {"spans": [{"text": "a"}], "keyboard": [[{"label": "a", "id": "x" * 41}]]},
        {"spans": [{"text": "a"}], "keyboard": [[{"label": "a", "url": "javascript:x"}]]},
        {"spans": [{"text": "a"}], "keyboard": [[{"label": "a", "id": "1"}]] * 101},
    )
    async with opened() as (bridge, phone):
        for body in bad:
            outcome = await bridge.adapter.deliver(Call(method="send", body=body), ADA)
            assert isinstance(outcome, Rejected), body
        nothing = await bridge.adapter.deliver(Call(method="dance", body={}), ADA)
        assert nothing == Rejected(refusal=Refusal.CALL_BAD, reason="no such method")
        assert phone.screen().messages == ()


async def test_the_webhook_takes_objects_alone():
    """A body that is no JSON object is Malformed; a good one is answered when it is kept."""
    async with opened() as (bridge, _phone):
        answer = bridge.adapter.routes()[0].answer
        for body in (b"", b"[]", b"\xff", b"[" * 50_000):
            with pytest.raises(Malformed):
                await answer(Request(method="POST", path="", body=body))
        good = {"id": "1", "kind": "text", "thread": "ada", "person": "ada", "at": 1, "text": "hi"}
        body = json.dumps(good).encode()
        assert await answer(Request(method="POST", path="", body=body)) == Response()


def test_a_second_view_has_its_own_page():
    """Pages are turned by taps, filtered options are left out, selected ones are ticked."""
    options = tuple(Option(label=f"Topping {n:02}") for n in range(25))
    view = PromptView(rev=1, page=9, selected=(24,))
    prompt = Prompt(
        id="top", owner=PromptOwner.UPSTREAM, question="?", widget=MultiSelect(options=options),
        view=view,
    )  # fmt: skip
    from bridge.conformance.buttons.keyboard import keyboard

    labels = [button["label"] for row in keyboard(drawn(prompt)) for button in row]
    assert labels[4:] == ["☑ Topping 24", "◀ Back", "Done"]


async def test_places_are_groups():
    """Topics of one group share a place."""
    async with opened() as (bridge, _phone):
        assert bridge.adapter.place("buttons:group:team/1") == "buttons:group:team"
        assert bridge.adapter.place("buttons:ada") == "buttons:ada"


async def test_the_descriptor_brings_its_phone():
    """The stand-in of the channel is the phone."""
    standin = descriptor.standin()
    assert isinstance(standin, Phone)
    await standin.stop()


async def test_what_only_some_people_may_do():
    """Without a tap there is nothing to answer; a prompt that fits no id opens no window."""
    async with opened() as (bridge, _phone):
        text = Text(key="k", thread=ADA.thread, person="buttons:ada", at=0, text="x")
        tapped = Text(key="k", thread=ADA.thread, person="buttons:ada", at=0, text="x", tap="t")
        assert bridge.adapter.answer_tap(text, "Noted") is None
        odd = Prompt(id="NOT AN ID", owner=PromptOwner.BRIDGE, question="?", widget=NumberInput())
        assert bridge.adapter.modal(tapped, odd) is None


async def test_typing_changes_no_message():
    """A typing sign reaches the platform and adds no message."""
    async with opened() as (bridge, phone):
        version = phone.screen().version
        await bridge.adapter.deliver_fleeting(bridge.adapter.typing(ADA.thread), ADA)
        assert phone.screen().version >= version
        assert [request.method for request in phone.log] == ["typing"]
        assert phone.screen().messages == ()

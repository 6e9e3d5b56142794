"""Every request that the adapter makes is one of the Bot API's, and keeps its limits."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import re

import pytest
from hypothesis import strategies as st

from adapters.telegram.addresses import Address, thread_key
from adapters.telegram.network.setting_up import register
from bridge.conformance.strategies import (
    for_all,
    links,
    options,
    prompts,
    replies,
    selects,
    texts,
)
from bridge.protocol.calls import Call, Delivered
from bridge.protocol.events import CommandName
from bridge.protocol.labels import Labels
from bridge.protocol.prompts import (
    Answered,
    MultiSelect,
    Option,
    SingleSelect,
)
from bridge.protocol.replies import Ask, Expect, Format, LinkButton, plain
from tests.adapters.telegram.bot_api_limits import broken, markup_of
from tests.adapters.telegram.hostile import any_numbers, asked, hostile, long_texts, of
from tests.adapters.telegram.wire import (
    BOT,
    GROUP,
    PLACES,
    PRIVATE,
    SECRET,
    TOPIC,
    USER,
    adapter_at,
    delivered,
    tapped,
    target,
    understood,
    wired,
)

ADDRESSES = tuple(str(abs(number)) for number in (BOT, USER, GROUP, TOPIC))
COMMANDS = dict.fromkeys(CommandName, "say what it is for")


@pytest.fixture(scope="module")
def wire():
    """A server that records."""
    with wired() as wire:
        yield wire


@pytest.fixture(scope="module")
def adapter(wire):
    """The adapter at that server, which knows its name."""
    with adapter_at(wire) as adapter:
        wire.run(adapter._client.identify())
        wire.taken()
        yield adapter


def checked(requests):
    """Return the requests as aiogram's models, after checking everything of each."""
    read = [understood(sent) for sent in requests]
    for sent, request in zip(requests, read, strict=True):
        assert not list(broken(request)), (sent.method, list(broken(request)))
        assert SECRET not in repr(sent)
    return read


def check_calls(wire, adapter, calls, place):
    """Check what goes over the wire for these calls, and what is stored of them."""
    return checked(delivered(wire, adapter, calls, place))


def views(adapter, prompt, place):
    """Return all that is ever sent of a prompt: asked, drawn again, and answered."""
    thread = thread_key(place)
    drawn = of(prompt, adapter, prompt.view.page)
    ended = Answered(prompt=prompt, chosen=prompt.question * 3, change=True)
    return (
        *adapter.render((Ask(drawn),), thread),
        adapter.redraw(drawn, thread),
        adapter.close(ended, thread),
        adapter.close(Answered(prompt=prompt), thread),
    )


@pytest.mark.parametrize("place", PLACES, ids=("private", "group", "topic", "private topic"))
def test_whatever_is_said_is_a_sound_request(wire, adapter, place):
    """Replies of all kinds, and what would follow a refusal, are requests of the Bot API."""

    def check(said):
        calls = adapter.render(said, thread_key(place))
        stored = json.dumps([call.body for call in calls])
        assert not [number for number in ADDRESSES if number in stored and number not in repr(said)]
        check_calls(wire, adapter, calls, place)

    for_all(replies(adapter.capabilities), check, examples=20)


@pytest.mark.parametrize(
    ("widgets", "examples"),
    [(selects(options()), 25), (selects(hostile()), 25), (any_numbers(), 60)],
    ids=("selects", "hostile selects", "numbers"),
)
def test_every_view_of_a_widget_is_a_sound_request(wire, adapter, widgets, examples):
    """A widget is asked, drawn again and answered within the limits, with any labels or range."""

    def check(drawn):
        prompt, page, place = drawn
        prompt = dataclasses.replace(prompt, view=dataclasses.replace(prompt.view, page=page))
        check_calls(wire, adapter, views(adapter, prompt, place), place)

    pages, places = st.integers(0, 13), st.sampled_from(PLACES)
    for_all(st.tuples(prompts(widgets), pages, places), check, examples=examples)


def test_a_widget_stays_in_one_message(wire, adapter):
    """It holds the end of a question of any length, its list, its hint, and all of its buttons."""
    several = MultiSelect(options=(Option(label="Ω" * 5000),) * 24, custom="", minimum=2, maximum=3)

    def check(question):
        prompt = dataclasses.replace(asked(several, selected=(1, 2)), question=question)
        hint = of(prompt, adapter).display.hint
        requests = check_calls(wire, adapter, views(adapter, prompt, PRIVATE), PRIVATE)
        shown_now = [r for r in requests if len(markup_of(r)) > 1]
        assert len(shown_now) == 4, "asked, drawn again, and what would follow their refusal"
        text, _without_entities, *others = (request.text for request in shown_now)
        assert others == [text, text]
        assert text.endswith(hint)
        assert all(f"\n{mark}. " in f"\n{text}" for mark in range(1, 9))

    for_all(long_texts(10_000), check, examples=12)


def test_every_link_is_a_button_with_its_address(wire, adapter):
    """An address of any length is opened by a button, and in a group by its owner alone."""
    query = st.text("abcdef0123456789=&%.-_~", max_size=2000)
    url = st.builds("https://shop.example/{}?{}".format, st.integers(0), query)
    drawn = st.builds(LinkButton, texts(), texts(longest=40), url, st.booleans())

    def check(what):
        link, place = what
        calls = adapter.render((plain("Thank you."), link), thread_key(place))
        requests = check_calls(wire, adapter, calls, place)
        opened = {(r.chat_id, b.url) for r in requests for row in markup_of(r) for b in row}
        where = USER if link.private else place.chat
        assert (where, link.url) in opened
        assert not link.private or {chat for chat, found in opened if found == link.url} == {USER}

    for_all(st.tuples(st.one_of(drawn, links()), st.sampled_from(PLACES)), check, examples=40)


def test_a_number_is_shared_by_a_key(wire, adapter):
    """A question for a phone number brings the key that sends it, in a private chat only."""
    said = (plain("Your number?"), Expect("phone", Format.PHONE))
    keys = {}
    for place in PLACES:
        (request,) = check_calls(wire, adapter, adapter.render(said, thread_key(place)), place)[:1]
        keys[place] = request.reply_markup
    assert [bool(keys[place]) for place in PLACES] == [True, False, False, True]


def test_words_of_the_operator_keep_the_limits(wire):
    """Buttons, commands and descriptions hold whatever an operator writes."""
    words = st.one_of(texts(longest=40), long_texts(600)).filter(str.strip)
    names = [f.name for f in dataclasses.fields(Labels) if f.name != "commands"]
    drawn = st.builds(
        Labels,
        **dict.fromkeys(names, words),
        commands=st.dictionaries(st.sampled_from(CommandName), words),
    )
    multi = asked(MultiSelect(options=(Option(label="W" * 9000),) * 9, custom=""))

    def check(labels):
        with adapter_at(wire, labels=labels) as adapter:
            wire.run(adapter._client.identify())
            wire.run(register(adapter._client.bot, labels))
            link = LinkButton("Pay", "Pay", "https://shop.example/1", private=True)
            said = (link, Expect("phone", Format.PHONE), Ask(of(multi, adapter)), plain("Bye."))
            for place in PLACES[:2]:
                calls = adapter.render(said, thread_key(place))
                delivered_calls = (*calls, *views(adapter, multi, place))
                check_calls(wire, adapter, delivered_calls, place)

    for_all(drawn, check, examples=20)


def test_an_invitation_leads_into_the_private_chat(wire, adapter):
    """It stands where the thread is, and its address is ours and fits a link to a bot."""
    invite = Call(method="invite", body={"text": "In private.", "label": "Open"})
    widest = Address(BOT, -(2**63 - 1), 2**63 - 1)
    for place in (*PLACES[1:3], widest):
        (request,) = check_calls(wire, adapter, (invite,), place)
        ((button,),) = markup_of(request)
        assert re.fullmatch(r"https://t\.me/Cake_Form_Bot\?start=[A-Za-z0-9_-]{1,64}", button.url)
        assert (request.chat_id, request.message_thread_id) == (place.chat, place.topic)


def test_a_tap_is_answered_within_its_limits(wire, adapter):
    """A notice of any length is cut to what a toast holds."""
    (event,) = adapter.parse(tapped("v1.abc.0.c1"))

    def check(notice):
        call = adapter.answer_tap(event, notice)
        wire.run(adapter.deliver_fleeting(call, target(PRIVATE)))
        (request,) = checked(wire.taken())
        assert request.callback_query_id == event.tap
        assert bool(request.show_alert) == (len(request.text or "") > 100)

    for_all(st.one_of(st.just(""), texts(), long_texts(1000)), check, examples=40)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_typing_is_shown_in_its_place(wire, adapter, place):
    """A topic sees it in the topic."""
    call = adapter.typing(thread_key(place))
    wire.run(adapter.deliver_fleeting(call, target(place)))
    (request,) = checked(wire.taken())
    assert (request.chat_id, request.message_thread_id) == (place.chat, place.topic)


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [("polling", ["getMe", "deleteWebhook"]), ("webhook", ["getMe", "setWebhook"])],
)
def test_setting_up_is_sound_and_drops_nothing(wire, mode, wanted):
    """Webhook, commands, descriptions and polls are as documented."""
    public = "https://bridge.example"

    async def listen(adapter, last):
        listening = asyncio.create_task(adapter.listen())
        await wire.until("setMyDescription")
        await wire.until(last)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    with adapter_at(wire, public_url=public, TELEGRAM_MODE=mode) as adapter:
        wire.run(listen(adapter, "getUpdates" if mode == "polling" else "setWebhook"))
    requests = wire.taken()
    checked(requests)
    methods = [sent.method for sent in requests]
    assert methods[:2] == wanted
    assert {"setMyCommands", "setMyShortDescription", "setMyDescription"} <= set(methods)
    assert ("getUpdates" in methods) == (mode == "polling")


def test_a_button_says_nothing_of_anybody(wire, adapter):
    """Its data names prompt, revision and position: no chat, person, label or value."""
    choices = tuple(Option(label=f"Cake {n:04}", value=f"secret-{n:04}") for n in range(100))
    for widget in (SingleSelect(options=choices, custom=""), MultiSelect(options=choices)):
        for page in range(13):
            calls = views(adapter, asked(widget, page=page, selected=(1,)), PLACES[2])
            for request in check_calls(wire, adapter, calls, PLACES[2]):
                data = [button.callback_data for row in markup_of(request) for button in row]
                known = [r"v1\.z9abcdefghijklmnopqz\.9999999\.([ct]\d\d?|p\d\d?|[dox])"]
                assert [d for d in data if not re.fullmatch(known[0], d)] == []


MADE = ("sendMessage", "editMessageText", "answerCallbackQuery", "getMyCommands")
FAULTS = (
    (400, {"ok": False, "error_code": 400, "description": f"Bad Request: {SECRET} Zephyrine"}),
    (401, {"ok": False, "error_code": 401, "description": f"Unauthorized {SECRET} Zephyrine"}),
    (403, {"ok": False, "error_code": 403, "description": f"Forbidden: {SECRET} Zephyrine"}),
    (404, {"ok": False, "error_code": 404, "description": f"Not Found {SECRET} Zephyrine"}),
    (409, {"ok": False, "error_code": 409, "description": f"Conflict: {SECRET} Zephyrine"}),
    (429, {"ok": False, "parameters": {"retry_after": 3}, "description": f"{SECRET} Zephyrine"}),
    (500, {"ok": False, "error_code": 500, "description": f"{SECRET} Zephyrine"}),
    (302, f"{SECRET} Zephyrine".encode()),
    (200, f"{SECRET} Zephyrine".encode()),
    (200, {"ok": True, "result": f"{SECRET} Zephyrine"}),
)


def test_the_token_and_names_are_told_nowhere(wire, caplog):
    """No log line, outcome or trouble holds them, whatever Telegram answers."""
    caplog.set_level(logging.DEBUG)
    said = []
    with adapter_at(wire) as adapter:
        (tap,) = adapter.parse(tapped("v1.abc.0.c1"))
        (call,) = adapter.render((plain("Hello Zephyrine"),), thread_key(PRIVATE))
        prompt = of(asked(SingleSelect(options=(Option(label="Zephyrine"),))), adapter)
        edit = adapter.redraw(prompt, thread_key(PRIVATE))
        for fault in FAULTS:
            wire.replies = dict.fromkeys(MADE, fault)
            outcomes = [wire.run(adapter.deliver(made, target(PRIVATE))) for made in (call, edit)]
            assert not any(isinstance(outcome, Delivered) for outcome in outcomes)
            wire.run(
                adapter.deliver_fleeting(adapter.answer_tap(tap, "Zephyrine"), target(PRIVATE))
            )
            wire.run(register(adapter._client.bot, adapter._labels))
            said += map(repr, outcomes)
        said += [repr(adapter._client.bot), repr(adapter._settings), *adapter._host.troubles]
    wire.replies = {}
    wire.taken()
    told = [record.getMessage() + str(record.exc_info) for record in caplog.records]
    assert [line for line in told if "not registered" in line]
    assert [line for line in told if "fleeting call failed" in line]
    assert not [line for line in (*told, *said) if SECRET in line or "Zephyrine" in line]

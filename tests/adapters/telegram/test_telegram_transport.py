"""Calls as requests of the Bot API, and what became of them."""

from __future__ import annotations

import asyncio
import dataclasses
import logging

import pytest
from telegram.error import NetworkError

from adapters.telegram.addresses import Address, person_key, thread_key
from adapters.telegram.tickets import read_ticket
from adapters.telegram.transport import NAME_PAUSE, TOKEN_REFUSED, Client
from bridge.conformance.host import RecordingHost
from bridge.protocol.calls import (
    Call,
    Delivered,
    FleetingCall,
    Refusal,
    Rejected,
    RetryLater,
    Target,
    Uncertain,
)
from bridge.protocol.events import ThreadMoved
from bridge.protocol.threads import PersonKey, ThreadKey
from tests.adapters.telegram.loopback import (
    BREAKING,
    FLOOD,
    MESSAGE,
    PERSONAL,
    TOKEN,
    Reply,
    breaking,
    nowhere,
    ok,
    refused,
    serving,
    settings,
)

ENTITIES = [{"type": "bold", "offset": 0, "length": 5}]
MARKUP = {"inline_keyboard": [[{"text": "Yes", "callback_data": "v1.p.0.c1"}]]}
BODY = {"text": "Hello", "entities": ENTITIES, "markup": MARKUP}
SEND = Call(method="send", body=BODY, buckets=("all", "chat"))
EDIT = Call(method="edit", body=BODY, buckets=("all", "chat"))
PRIVATE = Call(method="private", body=BODY, buckets=("all",))
INVITE = Call(method="invite", body={"text": "In private.", "label": "Open"})
CHAT = Target(thread=thread_key(Address(700, 5)), edits="17")
TOPIC = Target(
    thread=thread_key(Address(700, -100, 3)), owner=person_key(700, 5), edits="17", mark="x"
)
QUIET = {"is_disabled": True}


@pytest.fixture
async def api():
    """A server that answers by a script."""
    async with serving() as api:
        yield api


@pytest.fixture
async def client(api):
    """A client of that server."""
    client = Client(settings(api.url), RecordingHost())
    yield client
    await client.close()


async def made_at(url, call=SEND, target=CHAT):
    """Return what becomes of a call there."""
    client = Client(settings(url), RecordingHost())
    try:
        return await client.make(call, target)
    finally:
        await client.close()


async def test_a_message_goes_out_as_it_was_stored(api, client):
    """Text, entities and keyboard are sent as rendered, without a link preview."""
    assert await client.make(SEND, CHAT) == Delivered(receipt="17")
    assert api.of("sendMessage") == [
        {
            "chat_id": 5,
            "text": "Hello",
            "entities": ENTITIES,
            "reply_markup": MARKUP,
            "link_preview_options": QUIET,
        }
    ]


async def test_a_bare_message_sends_no_empty_members(api, client):
    """What a call doesn't have is not sent."""
    call = dataclasses.replace(SEND, body={"text": "Hello", "entities": []})
    await client.make(call, CHAT)
    assert api.of("sendMessage") == [{"chat_id": 5, "text": "Hello", "link_preview_options": QUIET}]


async def test_a_topic_is_written_to(api, client):
    """A message for a topic goes there, unless its body says otherwise."""
    await client.make(SEND, TOPIC)
    await client.make(dataclasses.replace(SEND, body={**BODY, "topic": False}), TOPIC)
    first, second = api.of("sendMessage")
    assert (first["chat_id"], first["message_thread_id"]) == (-100, 3)
    assert (second["chat_id"], "message_thread_id" in second) == (-100, False)


async def test_an_edit_changes_the_message_of_its_receipt(api, client):
    """An edit names chat and message, and keeps the receipt."""
    assert await client.make(EDIT, CHAT) == Delivered(receipt="17")
    (given,) = api.of("editMessageText")
    assert (given["chat_id"], given["message_id"], given["text"]) == (5, 17, "Hello")
    assert (given["reply_markup"], given["entities"]) == (MARKUP, ENTITIES)
    assert given["link_preview_options"] == QUIET


async def test_a_private_message_goes_to_the_owner(api, client):
    """What only the owner may see is sent to their own chat, into no topic."""
    assert await client.make(PRIVATE, TOPIC) == Delivered(receipt="17")
    (given,) = api.of("sendMessage")
    assert (given["chat_id"], "message_thread_id" in given) == (5, False)


async def test_an_invitation_leads_to_the_private_chat(api, client):
    """Its button opens our chat with a ticket for this thread."""
    await client.identify()
    await client.make(INVITE, TOPIC)
    (given,) = api.of("sendMessage")
    ((button,),) = given["reply_markup"]["inline_keyboard"]
    address, _, ticket = button["url"].partition("?start=")
    assert (given["chat_id"], given["message_thread_id"], given["text"]) == (-100, 3, "In private.")
    assert (button["text"], address) == ("Open", "https://t.me/cake_bot")
    key = settings(api.url).ticket_key
    assert read_ticket(ticket, 700, key) == Address(700, -100, 3)


async def test_an_invitation_waits_for_our_name(api, client):
    """Without our name there is no address yet; nothing is sent, and nothing is lost."""
    assert await client.make(INVITE, TOPIC) == RetryLater(
        after=NAME_PAUSE, reason="own name not known"
    )
    assert api.asked == []


@pytest.mark.parametrize(
    ("call", "target"),
    [
        (PRIVATE, CHAT),
        (PRIVATE, Target(thread=CHAT.thread, owner=PersonKey("console:you"))),
        (SEND, Target(thread=ThreadKey("console:you"))),
        (EDIT, Target(thread=CHAT.thread)),
        (EDIT, Target(thread=CHAT.thread, edits="abc")),
        (Call(method="dance", body=BODY), CHAT),
        (Call(method="send", body={"text": 5}), CHAT),
        (Call(method="send", body={}), CHAT),
    ],
    ids=str,
)
async def test_what_can_not_be_made_is_refused_here(api, client, call, target):
    """A call that names no target or no text reaches nobody, and its fallback is made."""
    outcome = await client.make(call, target)
    assert isinstance(outcome, Rejected)
    assert outcome.refusal is Refusal.CALL_BAD
    assert api.asked == []


async def test_a_group_that_moved_is_followed(api, client):
    """The error names the new number: the core is told, and the call is tried again."""
    api.reply("sendMessage", refused(400, "upgraded", migrate_to_chat_id=-1002))
    target = Target(thread=thread_key(Address(700, -100)))
    assert isinstance(await client.make(SEND, target), RetryLater)
    (event,) = client._host.accepted
    assert isinstance(event, ThreadMoved)
    assert (event.thread, event.to) == ("telegram:700:-100", "telegram:700:-1002")
    assert event.at == client._host.clock.now()


@pytest.mark.parametrize("number", ["-1002", 1002, {}])
async def test_a_move_to_nowhere_moves_nothing(api, client, number):
    """A number that is none is not believed."""
    api.reply("sendMessage", refused(400, "upgraded", migrate_to_chat_id=number))
    outcome = await client.make(SEND, Target(thread=thread_key(Address(700, -100))))
    assert not isinstance(outcome, Delivered)
    assert client._host.accepted == []


async def test_a_move_that_can_not_be_kept_is_told_again(api, client):
    """The call is tried again, and with it the move."""
    client._host.full = True
    api.reply("sendMessage", refused(400, "upgraded", migrate_to_chat_id=-1002))
    target = Target(thread=thread_key(Address(700, -100)))
    assert isinstance(await client.make(SEND, target), RetryLater)


async def test_three_throttled_chats_hold_back_everybody(api, client):
    """One or two wait alone; a third within two seconds says that all of us are meant."""
    api.reply("sendMessage", FLOOD)
    outcomes = [
        await client.make(SEND, Target(thread=thread_key(Address(700, chat))))
        for chat in (5, 5, 6, 7)
    ]
    assert [outcome.bucket for outcome in outcomes] == ["chat", "chat", "chat", "all"]
    assert {outcome.after for outcome in outcomes} == {7.0}
    client._host.clock.time += 3
    assert (await client.make(SEND, CHAT)).bucket == "chat"


async def test_a_refused_token_is_said_until_it_works(api, client):
    """The operator is told what to do, and that it is over."""
    api.reply("sendMessage", refused(401, "Unauthorized"), ok(MESSAGE))
    assert isinstance(await client.make(SEND, CHAT), RetryLater)
    assert client._host.troubles == [TOKEN_REFUSED]
    assert isinstance(await client.make(SEND, CHAT), Delivered)
    assert client._host.troubles == [TOKEN_REFUSED, ""]


@pytest.mark.parametrize("behaviour", BREAKING.values(), ids=BREAKING)
@pytest.mark.parametrize("call", [SEND, EDIT], ids=["send", "edit"])
async def test_a_broken_connection_is_uncertain(behaviour, call):
    """The bytes may have arrived."""
    async with breaking(behaviour) as url:
        assert isinstance(await made_at(url, call), Uncertain)


async def test_a_refused_connection_is_tried_later():
    """Nobody listened, so nothing was sent."""
    assert await made_at(await nowhere()) == RetryLater(reason="unreachable")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"garbage"),
        Reply(200, b'{"ok": true}'),
        Reply(200, b'{"ok": false, "description": "x"}'),
        ok(),
        ok([]),
        ok({}),
        ok(5),
        ok({**MESSAGE, "message_id": {}}),
        ok({**MESSAGE, "chat": 5}),
        refused(500, "Internal Server Error"),
        Reply(400, {"description": 5, "parameters": [1]}),
    ],
    ids=str,
)
async def test_an_answer_that_makes_no_sense_is_uncertain(api, client, reply):
    """The message may stand in the chat, so it is neither delivered nor refused."""
    api.reply("sendMessage", reply)
    assert isinstance(await client.make(SEND, CHAT), Uncertain)


async def test_a_tap_is_answered(api, client):
    """With a toast, with an alert, or silently."""
    for text, alert in (("Saved", False), ("Read this", True), ("", False)):
        body = {"id": "q1", "text": text, "alert": alert}
        await client.flash(FleetingCall(method="answer", body=body), CHAT)
    assert api.of("answerCallbackQuery") == [
        {"callback_query_id": "q1", "text": "Saved"},
        {"callback_query_id": "q1", "text": "Read this", "show_alert": True},
        {"callback_query_id": "q1"},
    ]


async def test_typing_is_shown_where_the_thread_is(api, client):
    """In a topic it is shown in the topic."""
    await client.flash(FleetingCall(method="typing", body={}), CHAT)
    await client.flash(FleetingCall(method="typing", body={}), TOPIC)
    assert api.of("sendChatAction") == [
        {"chat_id": 5, "action": "typing"},
        {"chat_id": -100, "action": "typing", "message_thread_id": 3},
    ]


@pytest.mark.parametrize(
    "call",
    [
        FleetingCall(method="answer", body={"id": "q", "text": "x", "alert": False}),
        FleetingCall(method="answer", body={}),
        FleetingCall(method="dance", body={}),
    ],
    ids=["refused", "unreadable", "unknown"],
)
async def test_a_fleeting_call_that_fails_is_forgotten(api, client, call, caplog):
    """Its kind is logged, nothing else."""
    api.reply("answerCallbackQuery", refused(400, f"Bad Request: query is too old {PERSONAL}"))
    with caplog.at_level(logging.DEBUG, logger="adapters"):
        await client.flash(call, CHAT)
    assert f"fleeting call failed: {call.method}" in caplog.text
    assert PERSONAL not in caplog.text


async def test_updates_come_as_they_are(api, client):
    """One that the library could not read does not take the others with it."""
    api.reply("getUpdates", ok([{"update_id": 1, "message": 5}, 7, {"update_id": 2}]))
    batch = await client.bot.updates(1, 30)
    assert batch == [{"update_id": 1, "message": 5}, {"update_id": 2}]
    assert api.of("getUpdates") == [
        {
            "offset": 1,
            "timeout": 30,
            "limit": 100,
            "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        }
    ]


async def test_updates_that_are_no_list_are_an_error(api, client):
    """Nothing is taken for a batch that is none."""
    api.reply("getUpdates", ok({"update_id": 1}))
    with pytest.raises(NetworkError):
        await client.bot.updates(1, 30)


async def test_the_name_is_waited_for(client):
    """Whoever needs it waits until it is known, but not for ever."""
    assert not await client.named(0.001)
    waiting = asyncio.create_task(client.named(5))
    assert await client.identify() == (700, "cake_bot")
    assert await waiting


async def test_a_bot_without_a_name_is_known_all_the_same(api, client):
    """A server may leave the name out; nobody waits for it twice."""
    api.reply("getMe", ok({"id": 700, "is_bot": True, "first_name": "Cakes"}))
    assert await client.identify() == (700, "")
    assert await client.named(0)


async def test_nothing_secret_is_said(api, caplog):
    """Neither token nor texts are in the log or in representations, even at DEBUG."""
    with caplog.at_level(logging.DEBUG):
        client = Client(settings(api.url), RecordingHost())
        call = dataclasses.replace(SEND, body={"text": PERSONAL})
        await client.open()
        for reply in (ok(MESSAGE), Reply(200, b"garbage"), refused(400, PERSONAL)):
            api.reply("sendMessage", reply)
            outcome = await client.make(call, CHAT)
            said = f"{outcome!r} {client!r}"
            assert TOKEN not in said
            assert PERSONAL not in said
        await client.close()
    assert TOKEN not in caplog.text
    assert PERSONAL not in caplog.text

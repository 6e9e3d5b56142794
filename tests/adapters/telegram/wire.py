"""A Bot API server that keeps every request as it came over the wire, and what it makes of it.

Requests are read by aiogram's models of the Bot API's methods: an independent description of which
parameters there are, and of what type. Telegram itself overlooks what it doesn't know.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import NoneType
from typing import TYPE_CHECKING, get_args
from urllib.parse import parse_qsl

from aiogram import methods
from aiogram.client.default import Default
from aiohttp import web
from pydantic import BaseModel

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.addresses import Address, person_key, thread_key
from adapters.telegram.settings import TelegramSettings
from bridge.conformance.host import RecordingHost
from bridge.protocol.calls import Delivered, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

BOT = 7000000001
USER = 5550004711
GROUP = -1009998887770
TOPIC = 66554433
SECRET = "AAsecret-part-of-the-token_0123456789"
TOKEN = f"{BOT}:{SECRET}"
USERNAME = "Cake_Form_Bot"
RECEIPT = "17"

PRIVATE = Address(BOT, USER)
PLACES = (PRIVATE, Address(BOT, GROUP), Address(BOT, GROUP, TOPIC), Address(BOT, USER, TOPIC))

_MESSAGE = {"message_id": int(RECEIPT), "date": 1_700_000_000, "chat": {"id": 5, "type": "private"}}
_RESULTS = {
    "getMe": {"id": BOT, "is_bot": True, "first_name": "Cakes", "username": USERNAME},
    "sendMessage": _MESSAGE,
    "editMessageText": _MESSAGE,
    "getUpdates": [],
    "getMyCommands": [],
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}
_MODELS = {
    model.__api_method__: model
    for model in (
        methods.AnswerCallbackQuery,
        methods.DeleteWebhook,
        methods.EditMessageText,
        methods.GetMe,
        methods.GetMyCommands,
        methods.GetMyDescription,
        methods.GetMyShortDescription,
        methods.GetUpdates,
        methods.SendChatAction,
        methods.SendMessage,
        methods.SetMyCommands,
        methods.SetMyDescription,
        methods.SetMyShortDescription,
        methods.SetWebhook,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request: its method, headers and body as they came."""

    method: str
    headers: dict
    body: bytes

    @property
    def given(self):
        """The parameters: texts as they are, all else from JSON. Fails for what is no form."""
        pairs = parse_qsl(
            self.body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(self.body)
        )
        assert len({name for name, _ in pairs}) == len(pairs), "a parameter is given twice"
        return {name: self._read(name, value) for name, value in pairs}

    def _read(self, name, value):
        known = _MODELS[self.method].model_fields.get(name)
        kinds = set(get_args(known.annotation)) or {known.annotation} if known else set()
        return value if kinds <= {str, NoneType, Default} else json.loads(value)


def understood(sent):
    """Return the request as aiogram's model; fails unless all of it is known and of its type."""
    given = sent.given
    model = _MODELS[sent.method].model_validate(given, strict=True)
    assert not list(_strangers(model)), f"{sent.method}: unknown or outdated parameters"
    assert model.model_dump(exclude_unset=True) == given
    return model


def _strangers(value):
    """Return the names of members that the Bot API doesn't have, or has given up, at any depth."""
    match value:
        case BaseModel():
            yield from value.model_extra or ()
            for name in value.model_fields_set & type(value).model_fields.keys():
                if type(value).model_fields[name].json_schema_extra == {"deprecated": True}:
                    yield name
                yield from _strangers(getattr(value, name))
        case list():
            for member in value:
                yield from _strangers(member)


@dataclass(slots=True)
class Wire:
    """The server, in a loop of its own, which stands still between two calls of `run`.

    `replies`: status and body by method, in the place of success.
    """

    runner: asyncio.Runner
    url: str = ""
    sent: list = field(default_factory=list)
    replies: dict = field(default_factory=dict)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def run(self, work):
        """Have this done, and return its result."""
        return self.runner.run(work)

    def taken(self):
        """Return the requests since the last time."""
        taken, self.sent = self.sent, []
        return taken

    async def until(self, method):
        """Wait for a request of this method."""
        while method not in {sent.method for sent in self.sent}:
            self.more.clear()
            await self.more.wait()

    async def answer(self, request):
        assert request.match_info["token"] == TOKEN
        method, body = request.match_info["method"], await request.read()
        self.sent.append(Sent(method=method, headers=dict(request.headers), body=body))
        self.more.set()
        status, result = self.replies.get(
            method, (200, {"ok": True, "result": _RESULTS.get(method, True)})
        )
        answer = result if isinstance(result, bytes) else json.dumps(result).encode()
        return web.Response(status=status, body=answer)

    async def serve(self):
        app = web.Application(client_max_size=1_000_000)
        app.router.add_post("/bot{token}/{method}", self.answer)
        server = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await server.setup()
        await web.TCPSite(server, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{server.addresses[0][1]}"
        return server


@contextmanager
def wired() -> Iterator[Wire]:
    """Serve."""
    with asyncio.Runner() as runner:
        wire = Wire(runner)
        server = wire.run(wire.serve())
        try:
            yield wire
        finally:
            wire.run(server.cleanup())


@contextmanager
def adapter_at(wire, *, labels=None, public_url="", **changes):
    """Return the adapter as it is built for that server, with its host's words if given."""
    host = RecordingHost(public_url=public_url)
    host.labels = labels or host.labels
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": wire.url, **changes}
    adapter = TelegramAdapter(TelegramSettings.model_validate(given), host)
    wire.run(adapter.start())
    try:
        yield adapter
    finally:
        wire.run(adapter.stop())


def target(address):
    """Return where calls for this place go; there is a message to edit, and an owner."""
    return Target(thread=thread_key(address), edits=RECEIPT, owner=person_key(BOT, USER))


def delivered(wire, adapter, calls, address):
    """Make the calls and what would follow their refusal; return the requests."""

    async def make():
        for call in calls:
            for one in (call, call.fallback):
                if one is not None:
                    outcome = await adapter.deliver(one, target(address))
                    assert outcome == Delivered(receipt=RECEIPT)

    wire.run(make())
    return wire.taken()


def tapped(data):
    """Return the update of a tap in the private chat."""
    chat = {"id": USER, "type": "private", "first_name": "Ada"}
    pressed = {
        "id": "4382bfdwdsb323b2d9",
        "from": {"id": USER, "is_bot": False, "first_name": "Ada"},
        "chat_instance": "-3849238492",
        "data": data,
        "message": {"message_id": int(RECEIPT), "chat": chat, "date": 1_790_000_000, "text": "?"},
    }
    return {"update_id": 1, "callback_query": pressed}

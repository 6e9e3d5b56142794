"""The adapter of the channel of buttons: every ability of the contract."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, cast

from bridge.conformance.buttons import render as drawing
from bridge.conformance.buttons import verify as proof
from bridge.conformance.buttons.keyboard import clean
from bridge.conformance.buttons.limits import TOAST_LIMIT, capabilities
from bridge.conformance.buttons.parse import CHANNEL, parse
from bridge.conformance.buttons.taps import Deed, Tap, write_tap
from bridge.conformance.buttons.transport import Client
from bridge.protocol.calls import FleetingCall, Refusal, Rejected
from bridge.protocol.errors import Malformed
from bridge.protocol.prompts import MultiSelect, NumberInput, SingleSelect
from bridge.protocol.web import Response, Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conformance.buttons.settings import ButtonsSettings
    from bridge.protocol.calls import Call, Outcome, Target
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.host import Host
    from bridge.protocol.prompts import Answered, Prompt
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import Json, JsonObject, ThreadKey
    from bridge.protocol.web import Request


class ButtonsAdapter:
    """Receives by webhook, delivers by HTTP, and has every optional ability but listening."""

    def __init__(self, settings: ButtonsSettings, host: Host) -> None:
        self.capabilities = capabilities(settings)
        self._settings = settings
        self._host = host
        self._client = Client(settings)

    def parse(self, raw: JsonObject) -> tuple[AnyEvent, ...]:
        """Return what happened."""
        return parse(raw)

    def render(self, replies: Sequence[Reply], thread: ThreadKey) -> tuple[Call, ...]:
        """Return the calls that show these replies."""
        return drawing.render(replies, thread)

    def redraw(self, prompt: Prompt, thread: ThreadKey) -> Call | None:
        """Return the edit that shows the prompt's present view."""
        return drawing.redraw(prompt, thread)

    def close(self, answered: Answered, thread: ThreadKey) -> Call | None:
        """Return the edit that shows what was chosen."""
        return drawing.close(answered, thread)

    async def deliver(self, call: Call, target: Target) -> Outcome:
        """Make the call once."""
        if call.method == "whisper" and target.owner is None:
            return Rejected(refusal=Refusal.CALL_BAD, reason="nobody to whisper to")
        return await self._client.post(call.method, _addressed(call, target), target.mark)

    def answer_tap(self, event: AnyEvent, notice: str) -> FleetingCall | None:
        """Return the call that ends the button's waiting, with a toast."""
        if event.tap is None:
            return None
        return FleetingCall(method="answer", body={"tap": event.tap, "text": _short(notice)})

    def notice(self, event: AnyEvent, text: str) -> FleetingCall | None:
        """Return the call that shows `text` to the event's person alone."""
        body = {"to": event.person.removeprefix(CHANNEL), "text": _short(text)}
        return FleetingCall(method="notice", body=body)

    def modal(self, event: AnyEvent, prompt: Prompt) -> FleetingCall | None:
        """Return the call that opens a window for a typed answer; only a tap can open one."""
        match prompt.widget:
            case NumberInput():
                deed = Deed.ACCEPT
            case SingleSelect() | MultiSelect():
                deed = Deed.OTHER
        data = write_tap(Tap(prompt=prompt.id, rev=prompt.view.rev, deed=deed))
        if event.tap is None or data is None:
            return None
        body = {"tap": event.tap, "data": data, "text": clean(prompt.question)[:TOAST_LIMIT]}
        return FleetingCall(method="modal", body=body, deadline=3.0)

    def typing(self, thread: ThreadKey) -> FleetingCall | None:
        """Return the call that shows that we are typing."""
        del thread
        return FleetingCall(method="typing", body={}, deadline=4.0)

    async def deliver_fleeting(self, call: FleetingCall, target: Target) -> None:
        """Make the call within its deadline; nobody asks what became of it."""
        body = {**call.body, "thread": target.thread.removeprefix(CHANNEL)}
        try:
            async with asyncio.timeout(call.deadline):
                await self._client.post(call.method, body)
        except TimeoutError:
            return

    def place(self, thread: ThreadKey) -> str:
        """Return the group of a topic (`group:<name>/<topic>`)."""
        return thread.partition("/")[0]

    def link(self, token: str) -> str:
        """Return the address that opens a thread with a token."""
        return f"{self._settings.api_url}/open?token={token}"

    def routes(self) -> tuple[Route, ...]:
        """Return the webhook."""
        return (Route(method="POST", path="/webhook", answer=self._answer, body_limit=100_000),)

    def verify(self, request: Request) -> None:
        """Raise `Refused` unless the platform signed the request."""
        proof.verify(request, self._settings.secret.get_secret_value())

    async def start(self) -> None:
        """Open the client."""
        self._client.open()

    async def stop(self) -> None:
        """Close the client."""
        await self._client.close()

    async def _answer(self, request: Request) -> Response:
        await self._host.accept(self.parse(_payload(request.body)))
        return Response()


def _addressed(call: Call, target: Target) -> dict[str, Json]:
    body: dict[str, Json] = {**call.body, "thread": target.thread.removeprefix(CHANNEL)}
    if target.edits is not None:
        body["id"] = target.edits
    if call.method == "whisper" and target.owner is not None:
        body["to"] = target.owner.removeprefix(CHANNEL)
    return body


def _payload(body: bytes) -> JsonObject:
    try:
        payload: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is no JSON.") from error
    if not isinstance(payload, dict):
        raise Malformed("The body is no JSON object.")
    return cast("JsonObject", payload)


def _short(text: str) -> str:
    return clean(text)[:TOAST_LIMIT]

"""An upstream that answers at once: `python -m bridge.bench.instant`.

It knows the three requests that a conversation makes, in their real shapes, and remembers nothing.
The answer to a message names each of its lines, so that whoever sent it can tell that it came.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

from bridge.bench import children
from bridge.server import Server
from bridge.upstream.client import FORMS, SESSIONS

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from bridge.protocol.threads import Json, JsonObject

DONE = "done "
"""Begins the line of an answer that names a line of the message."""

FORM = "00000000-0000-4000-8000-000000000001"

_END: JsonObject = {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": True}}
_ABSENT: JsonObject = {"message": "not here", "details": {}}


class Instant:
    """The application."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status, answer = self._answer(scope["path"], await _body(receive))
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    def _answer(self, path: str, body: bytes) -> tuple[int, JsonObject]:
        if path.endswith("/send-user-message"):
            return 200, {"responseChunks": said(str(json.loads(body).get("input", "")))}
        if path == SESSIONS:
            session = f"00000000-0000-4000-8000-{next(self._numbers):012d}"
            opened: JsonObject = {"id": session, "formId": FORM}
            return 200, {"interactiveFormSession": opened, "responseChunks": _chunks("Welcome.")}
        if path.startswith(f"{FORMS}/"):
            return 200, {"form": {"id": FORM, "name": "Bench", "formFields": []}}
        return 404, _ABSENT


def said(text: str) -> list[Json]:
    """Return the chunks that answer a message."""
    return _chunks("\n".join(DONE + line for line in text.split("\n")))


def _chunks(text: str) -> list[Json]:
    return [{"chunkType": "TEXT", "textDetails": {"text": text, "style": "NORMAL"}}, _END]


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _serve() -> None:
    server = Server(Instant(), host="127.0.0.1", port=0)
    await server.start()
    children.say({"url": server.url})
    await children.obey(_nothing)
    await server.stop()


async def _nothing(order: JsonObject) -> JsonObject:
    return order


if __name__ == "__main__":
    children.run(_serve())

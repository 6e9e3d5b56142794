"""An answer on the wire: whole, or piece by piece in one of four formats.

Source: the responses of Create and Send, streamed and not. The session is in a stream's first
message alone. Which format the real stream has is not documented; the official client reads only
a whole JSON document.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.sandbox.config import StreamFormat
from bridge.sandbox.faults import hang_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.types import Receive, Scope, Send

    from bridge.protocol.threads import JsonObject

END: JsonObject = {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": True}}

_TYPES = {
    StreamFormat.SSE: "text/event-stream",
    StreamFormat.NDJSON: "application/x-ndjson",
    StreamFormat.ARRAY: "application/json",
    StreamFormat.SINGLE: "application/json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the engine said in one session, as an ASGI application.

    `cut`: half of the pieces are written, then the connection closes; an answer that is not
    streamed is one piece, so nothing of it is written. `submitted`: this request made a
    submission.
    """

    session: JsonObject
    chunks: Sequence[JsonObject]
    format: StreamFormat | None = None
    submitted: bool = False
    cut: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write it."""
        pieces = list(encode(self.format, self.session, self.chunks))
        written = pieces[: len(pieces) // 2] if self.cut else pieces
        if written:
            await send(self._start())
        for piece in written:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if self.cut:
            await hang_up(scope, receive, send)
        else:
            await send({"type": "http.response.body", "body": b""})

    def _start(self) -> dict[str, object]:
        media = _TYPES[self.format] if self.format else "application/json"
        headers = [(b"content-type", media.encode()), (b"cache-control", b"no-store")]
        return {"type": "http.response.start", "status": 200, "headers": headers}


def encode(
    form: StreamFormat | None, session: JsonObject, chunks: Sequence[JsonObject]
) -> Iterator[bytes]:
    """Yield the body piece by piece; None is an answer that is not streamed."""
    match form:
        case StreamFormat.SSE:
            yield from (b"data: " + message + b"\n\n" for message in _messages(session, chunks))
        case StreamFormat.NDJSON:
            yield from (message + b"\n" for message in _messages(session, chunks))
        case StreamFormat.ARRAY:
            yield from _array(list(_messages(session, chunks)))
        case StreamFormat.SINGLE | None:
            yield _dump({"interactiveFormSession": session, "responseChunks": list(chunks)})


def _messages(session: JsonObject, chunks: Sequence[JsonObject]) -> Iterator[bytes]:
    for number, chunk in enumerate(chunks):
        message: JsonObject = {"responseChunk": chunk}
        yield _dump(message if number else {**message, "interactiveFormSession": session})


def _array(messages: list[bytes]) -> Iterator[bytes]:
    for number, message in enumerate(messages):
        yield (b"," if number else b"[") + message
    yield b"]" if messages else b"[]"


def _dump(value: JsonObject) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()

"""How answers are streamed: one create is asked for streamed, and its bytes are looked at."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.live.finding import Finding, set_to
from bridge.upstream.client import SESSIONS
from bridge.upstream.errors import UpstreamError
from bridge.upstream.gather import Gathering
from bridge.upstream.stream import messages
from bridge.upstream.transport import STREAM, Call, Timeouts, Transport, body_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from bridge.protocol.host import Clock
    from bridge.protocol.threads import JsonObject
    from bridge.upstream.auth import Credentials

QUESTION = "Streamed answers"
_NAMES = {
    b"{": "JSON objects",
    b"[": "a JSON array",
    b"\x1e": "json-seq",
}


@dataclass(slots=True)
class Seen:
    """What came: `start` are the first bytes; how many messages they held, in how many pieces."""

    content_type: str = ""
    start: bytes = b""
    pieces: int = 0
    messages: int = 0
    ended: bool = False
    failed: str = ""


async def look(base_url: str, credentials: Credentials, clock: Clock, form_id: str) -> Seen:
    """Create a session, streamed and dry, and return what came."""
    transport = Transport(base_url, credentials, clock=clock, timeouts=Timeouts(), connections=1)
    seen = Seen()
    body: JsonObject = {"formId": form_id, "dryRun": True}
    call = Call(
        name="look", method="POST", path=SESSIONS + "/create-streamed", body=body, accept=STREAM
    )

    async def read(response: httpx.Response) -> None:
        seen.content_type = response.headers.get("content-type", "").lower()
        gathering = Gathering()
        async with aclosing(messages(_watched(response, seen), seen.content_type)) as items:
            async for item in items:
                seen.messages += 1
                gathering.add(item)
        gathering.answer()
        seen.ended = True

    try:
        await transport.stream(call, read)
    except UpstreamError as error:
        seen.failed = str(error)
    finally:
        await transport.aclose()
    return seen


async def _watched(response: httpx.Response, seen: Seen) -> AsyncIterator[bytes]:
    async for data in body_of(response):
        seen.pieces += 1
        seen.start = seen.start or data.lstrip()[:16]
        yield data


def stream_found(seen: Seen, present: bool) -> Finding:  # noqa: FBT001 - the setting's value
    """Return what that says about WIX_STREAMING."""
    now = "1" if present else "0"
    if not seen.start:
        shown = f"none ({seen.failed or 'nothing came'})"
        return Finding(question=QUESTION, seen=shown, advice=set_to("WIX_STREAMING", "0", now))
    kind = _NAMES.get(seen.start[:1], "Server-Sent Events")
    shown = (
        f"{kind}, as {seen.content_type or 'no content type'}"
        f" (pieces: {seen.pieces}, messages: {seen.messages})"
    )
    if not seen.ended:
        lost = f"{shown}, which could not be read to the end ({seen.failed})"
        return Finding(question=QUESTION, seen=lost, advice=set_to("WIX_STREAMING", "0", now))
    advice = f"WIX_STREAMING=1 works (now {now}); chat channels gain little by it."
    return Finding(question=QUESTION, seen=shown, advice=advice)

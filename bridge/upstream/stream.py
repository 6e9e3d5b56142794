"""A streamed answer, whatever it looks like: bytes in, JSON messages out.

The wire format is not documented. So the first bytes decide, and the content type only where they
don't: Server-Sent Events, or JSON objects one after the other in any of the usual ways (newline
delimited, pretty-printed, a JSON array that grows, json-seq, one single object). `Messages` is a
pure parser: fed bytes cut anywhere, it gives the same items. It never raises; what can't be read
ends it with one `Broken`. An item is one of

- a message: a JSON object, taken out of a `{"result": ...}` of a gRPC gateway;
- `Failure`: an error inside the stream: `event: error`, `{"error": ...}`, `{"message", "details"}`;
- `Broken`: not a stream of messages, or too long, or cut; nothing follows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator

    from bridge.protocol.threads import Json, JsonObject

MAX_MESSAGE = 8 * 1024 * 1024
"""Bytes of one message; a hundred options of 20,000 characters are 2 MB."""

_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_DONE = "[DONE]"
_SSE_NAMES = (b"data", b"event", b"id", b"retry", b":")
_LINE_ENDS = re.compile(rb"\r\n|\n|\r")
_BETWEEN = re.compile(rb"[\s,\x1e\[\]]*")
_INSIDE = re.compile(rb'["{}\\]')
_STRING_ENDS = re.compile(rb'["\\]')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The upstream tells of an error inside the stream; `body` in the shape of an error body."""

    body: JsonObject = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What arrived can't be read (any further)."""

    reason: str


Item: TypeAlias = "JsonObject | Failure | Broken"


class _Framer(Protocol):
    """Finds where messages begin and end."""

    def feed(self, data: bytes) -> Iterator[Item]: ...

    def close(self) -> Iterator[Item]: ...


class Messages:
    """One streamed answer: `feed` what arrives, `close` at its end."""

    def __init__(self, content_type: str = "", *, limit: int = MAX_MESSAGE) -> None:
        self._content_type = content_type
        self._limit = limit
        self._start = b""
        self._framer: _Framer | None = None
        self._broken = False

    def feed(self, data: bytes) -> list[Item]:
        """Take the next bytes; return what they complete."""
        return self._until_broken(self._feed(data))

    def close(self) -> list[Item]:
        """Take the end; return what it completes."""
        return self._until_broken(self._close())

    def _until_broken(self, items: Iterable[Item]) -> list[Item]:
        found: list[Item] = []
        if self._broken:
            return found
        for item in items:
            found.append(item)
            if isinstance(item, Broken):
                self._broken = True
                break
        return found

    def _feed(self, data: bytes) -> Iterator[Item]:
        if self._framer is None:
            self._start += data
            data, self._start = self._start, b""
            self._framer = self._told_apart(data)
            if self._framer is None:
                self._start = data[-len(_BOM) :] if not data.strip(_BLANK) else data
                return
            data = _without_start(data)
        yield from self._framer.feed(data)

    def _close(self) -> Iterator[Item]:
        if self._framer is not None:
            yield from self._framer.close()
        elif _without_start(self._start):
            yield Broken(reason="not a stream of messages")

    def _told_apart(self, data: bytes) -> _Framer | None:
        """Return what reads this; None while there is too little to tell."""
        start = _without_start(data)
        if not start or (len(start) < len(_BOM) and _BOM.startswith(start)):
            return None
        if start[:1] in {b"{", b"[", b"\x1e"}:
            return _JsonFramer(self._limit)
        if "event-stream" in self._content_type:
            return _SseFramer(self._limit)
        name = re.split(rb"[:\r\n]", start, maxsplit=1)[0] or b":"
        if name in _SSE_NAMES and len(name) < len(start) + (name == b":"):
            return _SseFramer(self._limit)
        if any(known.startswith(start) for known in _SSE_NAMES):
            return None
        return _JsonFramer(self._limit)  # which says that it is none


def _without_start(data: bytes) -> bytes:
    return data.lstrip(_BLANK).removeprefix(_BOM).lstrip(_BLANK)


class _JsonFramer:
    """JSON objects one after the other; commas, brackets, blanks and RS between them don't count.

    Only quotes, braces and backslashes are looked at, and each byte once, so that a long message
    in many pieces costs no more than a short one.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: list[bytes] = []
        self._size = 0
        self._depth = 0
        self._brackets = 0
        self._in_string = False
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[Item]:
        at = 0
        while at < len(data):
            if not self._depth:
                at = self._pass_between(data, at)
                if at == len(data):
                    return
                if data[at : at + 1] != b"{":
                    yield Broken(reason="not JSON objects")
                    return
            end = self._object_end(data, at)
            self._keep(data[at:end])
            if self._size > self._limit:
                yield Broken(reason="a message is too long")
                return
            at = end
            if not self._depth:
                yield from self._message()

    def close(self) -> Iterator[Item]:
        if self._depth or self._brackets > 0:
            yield Broken(reason="cut")

    def _pass_between(self, data: bytes, at: int) -> int:
        match = _BETWEEN.match(data, at)
        end = match.end() if match else at
        self._brackets += data.count(b"[", at, end) - data.count(b"]", at, end)
        return end

    def _object_end(self, data: bytes, at: int) -> int:
        """Return where the object ends, or the data; keeps count of depth and strings."""
        at += self._skip
        self._skip = 0
        while found := (_STRING_ENDS if self._in_string else _INSIDE).search(data, at):
            at = found.end()
            match found.group():
                case b'"':
                    self._in_string = not self._in_string
                case b"\\":
                    at += 1
                case b"{":
                    self._depth += 1
                case _:
                    self._depth -= 1
                    if not self._depth:
                        return at
        self._skip = max(0, at - len(data))
        return len(data)

    def _keep(self, piece: bytes) -> None:
        self._held.append(piece)
        self._size += len(piece)

    def _message(self) -> Iterator[Item]:
        whole = b"".join(self._held)
        self._held, self._size = [], 0
        yield from _items(whole)


class _SseFramer:
    """Server-Sent Events, by the WHATWG's rules, but an event at the very end counts too."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: list[bytes] = []
        self._size = 0
        self._after_cr = False
        self._event = ""
        self._data: list[bytes] = []

    def feed(self, data: bytes) -> Iterator[Item]:
        if self._after_cr and data:
            data = data.removeprefix(b"\n")
            self._after_cr = False
        if not data:
            return
        self._after_cr = data.endswith(b"\r")
        *lines, rest = _LINE_ENDS.split(data)
        for line in lines:
            self._keep(line)
            if self._size > self._limit:
                break
            yield from self._line()
        self._keep(rest)
        if self._size > self._limit:
            yield Broken(reason="a message is too long")

    def close(self) -> Iterator[Item]:
        yield from self._line()
        yield from self._dispatch(cut=True)

    def _keep(self, piece: bytes) -> None:
        self._held.append(piece)
        self._size += len(piece)

    def _line(self) -> Iterator[Item]:
        line = b"".join(self._held)
        self._held = []
        if not line:
            yield from self._dispatch()
            return
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        else:
            self._size -= len(line)
        if name == b"event":
            self._event = value.decode(errors="replace")

    def _dispatch(self, *, cut: bool = False) -> Iterator[Item]:
        event, data = self._event, b"\n".join(self._data)
        self._event, self._data, self._size = "", [], 0
        if not data or data.strip() == _DONE.encode():
            return
        if event == "error":
            yield Failure(body=_error_body(data))
        elif event in {"", "message"} or data.lstrip(_BLANK)[:1] in {b"{", b"["}:
            yield from _items(data, reason="cut" if cut else "not JSON")


def _items(data: bytes, *, reason: str = "not JSON") -> Iterator[Item]:
    """Yield what one piece of JSON says: an object, or each object of a list."""
    try:
        value = read_json(data)
    except ValueError:
        yield Broken(reason=reason)
        return
    yield from map(_unwrapped, value if isinstance(value, list) else [value])


def _unwrapped(message: Json) -> Item:
    if not isinstance(message, Mapping):
        return Broken(reason="not JSON objects")
    inner = message.get("result")
    if isinstance(inner, Mapping):
        message = inner
    if "responseChunk" in message or "responseChunks" in message:
        return message
    if "error" in message:
        error = message["error"]
        return Failure(body=error if isinstance(error, Mapping) else {"error": error})
    return Failure(body=message) if message.keys() >= {"message", "details"} else message


def _error_body(data: bytes) -> JsonObject:
    try:
        value = read_json(data)
    except ValueError:
        return {}
    item = _unwrapped(value)
    match item:
        case Failure():
            return item.body
        case Broken():
            return {}
        case _:
            return item


def read_json(data: bytes) -> Json:
    """Return the JSON value; raises ValueError for what is none, or is nested too deep.

    Broken UTF-8 and halves of surrogate pairs become U+FFFD: nothing else could store them. The
    numbers that JSON lacks become "NaN", "Infinity" and "-Infinity", as the upstream writes them.
    """
    written = data.removeprefix(_BOM).decode(errors="replace")
    try:
        value = cast("Json", json.loads(written, parse_constant=str))
        return _whole_pairs(value) if _SURROGATE.search(written) else value
    except RecursionError:
        raise ValueError("nested too deep") from None


def _whole_pairs(value: Json) -> Json:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case Mapping():
            return {str(_whole_pairs(name)): _whole_pairs(held) for name, held in value.items()}
        case Sequence():
            return [_whole_pairs(held) for held in value]
        case _:
            return value


async def messages(
    chunks: AsyncIterable[bytes], content_type: str = "", *, limit: int = MAX_MESSAGE
) -> AsyncGenerator[Item, None]:
    """Yield the items of a streamed answer as they arrive; ends after a `Broken`."""
    parser = Messages(content_type, limit=limit)
    async for data in chunks:
        for item in parser.feed(data):
            yield item
            if isinstance(item, Broken):
                return
    for item in parser.close():
        yield item

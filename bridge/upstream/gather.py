"""Pure: from what came back to an `Answer`, or to the reason why there is none.

Law: an answer is whole or lost. A document counts as whole when it is JSON with `responseChunks`;
a stream when END_OF_RESPONSE came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.upstream.chunks import Answer, EndChunk, read_chunk
from bridge.upstream.errors import AnswerLost, from_stream
from bridge.upstream.members import nested, objects, text
from bridge.upstream.stream import Broken, Failure

if TYPE_CHECKING:
    from bridge.protocol.threads import JsonObject
    from bridge.upstream.errors import UpstreamError
    from bridge.upstream.stream import Item


def read_answer(raw: JsonObject, *, session: str | None = None) -> Answer:
    """Return the answer of a document; `session` is the one that was sent to, None for a create."""
    known = session or _session(raw)
    if not known or (session and "responseChunks" not in raw):
        raise AnswerLost("The upstream answered something else than a session's answer")
    listed = objects(raw, "responseChunks")
    return Answer(session=known, chunks=tuple(map(read_chunk, listed)), raw=listed)


def _session(raw: JsonObject) -> str:
    return text(nested(raw, "interactiveFormSession"), "id")


class Gathering:
    """One streamed answer in the making: `add` each item, then `answer`."""

    def __init__(self, *, session: str | None = None) -> None:
        self._sent_to = session
        self._session = session or ""
        self._raw: list[JsonObject] = []
        self._error: UpstreamError | None = None
        self._broken = False
        self.ended = False

    @property
    def unreadable(self) -> bool:
        """Whether nothing that belongs to an answer came, and no error that says why."""
        told = self._error is not None and not self._broken
        return not self.began and not told

    @property
    def began(self) -> bool:
        """Whether anything that belongs to an answer came."""
        return bool(self._raw) or self._session != (self._sent_to or "")

    def add(self, item: Item) -> None:
        """Take one item; those after the end are not looked at."""
        match item:
            case _ if self.ended:
                return
            case Broken():
                self._broken = True
                self._fail(AnswerLost(f"The upstream's stream can't be read: {item.reason}"))
            case Failure():
                self._fail(self._meaning(item))
            case _:
                self._take(item)

    def answer(self) -> Answer:
        """Return the whole answer; raises what the stream ended with."""
        if self._error is not None:
            raise self._error
        if not self.ended or not self._session:
            raise AnswerLost("The upstream's stream ended before its end")
        chunks = tuple(map(read_chunk, self._raw))
        return Answer(session=self._session, chunks=chunks, raw=tuple(self._raw))

    def _fail(self, error: UpstreamError) -> None:
        self._error = error
        self.ended = True

    def _meaning(self, failure: Failure) -> UpstreamError:
        if self.began:
            return AnswerLost("The upstream failed in the middle of its answer")
        return from_stream(failure.body, session=self._sent_to)

    def _take(self, message: JsonObject) -> None:
        self._session = self._session or _session(message)
        if "responseChunks" in message:
            self._raw.extend(objects(message, "responseChunks"))
            self.ended = True
        elif "responseChunk" in message:
            self._chunk(nested(message, "responseChunk"))
        elif "chunkType" in message or any(name.endswith("Details") for name in message):
            self._chunk(message)

    def _chunk(self, raw: JsonObject) -> None:
        self._raw.append(raw)
        self.ended = isinstance(read_chunk(raw), EndChunk)

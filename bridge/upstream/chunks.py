"""The upstream's answer, item by item: the whole chunk union, read tolerantly.

Source: the types of the official JavaScript packages. The proto3 encoder may drop values that are
a member's default, so a missing style is NORMAL and a missing success is False; the member that is
present (`textDetails`, ...) tells the kind, `chunkType` only where none is. Unknown members are
ignored, unknown kinds become `UnknownChunk`. pydantic-free: frozen values for the pure core;
`read_chunk` is the only way in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.protocol.threads import Json, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChunk:
    """A piece of running text."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDataChunk:
    """A value that was understood: `value` is submitted, `display` is shown."""

    field: str
    text: str
    value: Json = None
    display: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectOption:
    """One option; the label may be 10,000 characters long."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleSelectChunk:
    """Choose one; `custom` is the hint for an answer of one's own, None where not allowed."""

    field: str
    options: tuple[SelectOption, ...]
    custom: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiSelectChunk:
    """Choose several."""

    field: str
    options: tuple[SelectOption, ...]
    custom: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChunk:
    """A number is asked for; of `maximum` and `below` at most one is given."""

    field: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    below: Decimal | None = None
    step: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatorChunk:
    """A break between paragraphs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorChunk:
    """A text for the person; the session stays open."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportantTextChunk:
    """A requirement, a format or a problem of one field."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionChunk:
    """The form was submitted; `checkout` only with payment fields."""

    submission: str
    checkout: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DebugChunk:
    """For logs alone; what it holds is dropped, since it may be personal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndChunk:
    """The answer has ended; success False means errors or an interruption."""

    success: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUploadChunk:
    """A file is asked for: not supported upstream."""

    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureChunk:
    """A signature is asked for: not supported upstream."""

    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownChunk:
    """A kind of later days; `kind` is its chunkType, cut to 40 characters."""

    kind: str


Chunk: TypeAlias = (
    TextChunk
    | TextDataChunk
    | SingleSelectChunk
    | MultiSelectChunk
    | NumberChunk
    | SeparatorChunk
    | ErrorChunk
    | ImportantTextChunk
    | SubmissionChunk
    | DebugChunk
    | EndChunk
    | FileUploadChunk
    | SignatureChunk
    | UnknownChunk
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that came back for one request: the session's id and the chunks in order.

    `raw` holds the chunks as they came, for the turn's record.
    """

    session: str
    chunks: tuple[Chunk, ...]
    raw: tuple[JsonObject, ...] = ()


def read_chunk(raw: JsonObject) -> Chunk:
    """Return one chunk; what can't be read is an `UnknownChunk`, never an exception."""
    raise NotImplementedError  # written with the client

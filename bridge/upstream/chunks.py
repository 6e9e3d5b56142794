"""The upstream's answer, item by item: the whole chunk union, read tolerantly.

Source: the types of the official JavaScript packages. The proto3 encoder may drop values that are
a member's default, so a missing style is NORMAL and a missing success is False; the member that is
present (`textDetails`, ...) tells the kind, `chunkType` only where none is. Unknown members are
ignored, unknown kinds become `UnknownChunk`. pydantic-free: frozen values for the pure core;
`read_chunk` is the only way in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeAlias

from bridge.upstream.members import as_text

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject

KIND_LENGTH = 40


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
    """The form was submitted; `checkout` only with payment fields.

    `submission` is "" where none was given: what a dry run gives is not documented.
    """

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


def read_chunk(raw: Json) -> Chunk:
    """Return one chunk; what can't be read is an `UnknownChunk`, never an exception."""
    if not isinstance(raw, Mapping):
        return UnknownChunk(kind="")
    named = raw.get("chunkType")
    kind = named if isinstance(named, str) else ""
    member = _present(raw, kind)
    try:
        return _READERS[member](_details(raw, member))
    except (KeyError, _WrongKindError):
        return UnknownChunk(kind=kind[:KIND_LENGTH])


class _WrongKindError(Exception):
    """A member is there, but not of the kind that it must have."""


def _present(raw: JsonObject, kind: str) -> str:
    """Return the member to read: the one of `chunkType` if present, else any present one."""
    named = _MEMBERS.get(kind, "")
    if raw.get(named) is not None:
        return named
    return next((member for member in _READERS if raw.get(member) is not None), named)


def _details(raw: JsonObject, member: str) -> JsonObject:
    """Return what the member holds; nothing where an encoder dropped an empty message."""
    details = raw.get(member)
    if details is None:
        return {}
    if not isinstance(details, Mapping):
        raise _WrongKindError
    return details


def _optional(raw: JsonObject, name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _WrongKindError
    return value


def _required(raw: JsonObject, name: str) -> str:
    value = _optional(raw, name)
    if not value:
        raise _WrongKindError
    return value


def _text(raw: JsonObject) -> TextChunk:
    return TextChunk(text=_required(raw, "text"), bold=raw.get("style") == "BOLD")


def _text_data(raw: JsonObject) -> TextDataChunk:
    return TextDataChunk(
        field=_optional(raw, "fieldTarget"),
        text=_optional(raw, "text"),
        value=raw.get("value"),
        display=_optional(raw, "displayValue"),
    )


def _single_select(raw: JsonObject) -> SingleSelectChunk:
    return SingleSelectChunk(
        field=_optional(raw, "fieldTarget"), options=_options(raw), custom=_custom(raw)
    )


def _multi_select(raw: JsonObject) -> MultiSelectChunk:
    return MultiSelectChunk(
        field=_optional(raw, "fieldTarget"), options=_options(raw), custom=_custom(raw)
    )


def _options(raw: JsonObject) -> tuple[SelectOption, ...]:
    """Return all options, however many; those without value and label are left out."""
    listed = raw.get("options")
    if listed is None:
        return ()
    if isinstance(listed, str) or not isinstance(listed, Sequence):
        raise _WrongKindError
    return tuple(option for item in listed for option in _option(item))


def _option(raw: Json) -> tuple[SelectOption, ...]:
    if not isinstance(raw, Mapping):
        return ()
    value, label = as_text(raw.get("value")), as_text(raw.get("label"))
    if not value and not label:
        return ()
    return (SelectOption(value=value or label or "", label=label or value or ""),)


def _custom(raw: JsonObject) -> str | None:
    allowed = raw.get("allowedCustomValue")
    return _optional(allowed, "description") if isinstance(allowed, Mapping) else None


def _number(raw: JsonObject) -> NumberChunk:
    limits = _details(raw, "rangeLimit")
    step = _decimal(raw.get("multipleOf"))
    return NumberChunk(
        field=_optional(raw, "fieldTarget"),
        minimum=_decimal(limits.get("minInclusiveValue")),
        maximum=_decimal(limits.get("maxInclusiveValue")),
        below=_decimal(limits.get("maxExclusiveValue")),
        step=step if step and step > 0 else None,
    )


def _decimal(value: Json) -> Decimal | None:
    """Return a finite number as it is written; None for none, NaN, Infinity and other things.

    By way of the text, so that 0.1 is 0.1; numbers that are not finite travel as strings.
    """
    written = None if isinstance(value, bool) else as_text(value)
    if written is None:
        return None
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _submission(raw: JsonObject) -> SubmissionChunk:
    return SubmissionChunk(
        submission=_optional(raw, "submissionId"), checkout=_optional(raw, "checkoutId") or None
    )


_MEMBERS: Mapping[str, str] = {
    "TEXT": "textDetails",
    "TEXT_DATA": "textDataDetails",
    "MULTI_SELECT_INPUT": "multiSelectInputDetails",
    "SINGLE_SELECT_INPUT": "singleSelectInputDetails",
    "NUMBER_INPUT": "numberInputDetails",
    "SEPARATOR": "separatorDetails",
    "ERROR": "errorDetails",
    "SUBMISSION": "submissionDetails",
    "IMPORTANT_TEXT": "importantTextDetails",
    "DEBUG": "debugDetails",
    "END_OF_RESPONSE": "endOfResponseDetails",
    "FILE_UPLOAD": "fileUploadDetails",
    "SIGNATURE": "signatureDetails",
}

_READERS: Mapping[str, Callable[[JsonObject], Chunk]] = {
    "textDetails": _text,
    "textDataDetails": _text_data,
    "multiSelectInputDetails": _multi_select,
    "singleSelectInputDetails": _single_select,
    "numberInputDetails": _number,
    "separatorDetails": lambda _: SeparatorChunk(),
    "errorDetails": lambda raw: ErrorChunk(text=_required(raw, "messageText")),
    "submissionDetails": _submission,
    "importantTextDetails": lambda raw: ImportantTextChunk(
        field=_optional(raw, "fieldTarget"), text=_required(raw, "text")
    ),
    "debugDetails": lambda _: DebugChunk(),
    "endOfResponseDetails": lambda raw: EndChunk(success=raw.get("success") is True),
    "fileUploadDetails": lambda raw: FileUploadChunk(field=_optional(raw, "fieldTarget")),
    "signatureDetails": lambda raw: SignatureChunk(field=_optional(raw, "fieldTarget")),
}

"""The upstream's chunks as REST JSON: `chunkType` and exactly one `*Details` member."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.protocol.threads import Json, JsonObject

MAX_CHUNK_TEXT = 10_000
"""Characters of any text of a chunk; an ERROR's message has 1,000. Source: the SDK's types."""
MAX_ERROR_TEXT = 1_000
MAX_OPTIONS = 100
"""Options of one select. Source: the SDK's types."""


def text(words: str, *, bold: bool = False) -> JsonObject:
    """Return running text."""
    style = "BOLD" if bold else "NORMAL"
    return {"chunkType": "TEXT", "textDetails": {"text": _cut(words), "style": style}}


def data(target: str, words: str, value: Json, display: str) -> JsonObject:
    """Return a value that was understood."""
    return {
        "chunkType": "TEXT_DATA",
        "textDataDetails": {
            "fieldTarget": target,
            "text": _cut(words),
            "value": value,
            "displayValue": _cut(display),
        },
    }


def important(target: str, words: str) -> JsonObject:
    """Return a problem or a requirement of one field."""
    return {
        "chunkType": "IMPORTANT_TEXT",
        "importantTextDetails": {"fieldTarget": target, "text": _cut(words)},
    }


def error(words: str) -> JsonObject:
    """Return an error for the person; the session stays open."""
    return {"chunkType": "ERROR", "errorDetails": {"messageText": words[:MAX_ERROR_TEXT]}}


def separator() -> JsonObject:
    """Return the break between two paragraphs."""
    return {"chunkType": "SEPARATOR", "separatorDetails": {"type": "PARAGRAPH"}}


def select(
    target: str, options: Iterable[tuple[str, str]], *, several: bool, custom: str | None = None
) -> JsonObject:
    """Return a choice of one or several; options are (value, label), the first hundred count."""
    listed = [
        {"value": _cut(value), "label": _cut(label)} for value, label in list(options)[:MAX_OPTIONS]
    ]
    details: dict[str, Json] = {"fieldTarget": target, "options": listed}
    if custom is not None:
        details["allowedCustomValue"] = {"description": _cut(custom)}
    if several:
        return {"chunkType": "MULTI_SELECT_INPUT", "multiSelectInputDetails": details}
    return {"chunkType": "SINGLE_SELECT_INPUT", "singleSelectInputDetails": details}


def number(
    target: str,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
) -> JsonObject:
    """Return a question for a number, with its bounds and its step where there are any."""
    details: dict[str, Json] = {"fieldTarget": target}
    bounds: dict[str, Json] = {}
    if low is not None:
        bounds["minInclusiveValue"] = low
    if high is not None:
        bounds["maxInclusiveValue"] = high
    if bounds:
        details["rangeLimit"] = bounds
    if step is not None:
        details["multipleOf"] = step
    return {"chunkType": "NUMBER_INPUT", "numberInputDetails": details}


def debug(targets: Iterable[str]) -> JsonObject:
    """Return what is for logs alone: the fields that were understood, no values."""
    return {"chunkType": "DEBUG", "debugDetails": {"data": {"understood": list(targets)}}}


def upload(target: str) -> JsonObject:
    """Return a question for a file; not supported upstream."""
    return {"chunkType": "FILE_UPLOAD", "fileUploadDetails": {"fieldTarget": target}}


def signature(target: str) -> JsonObject:
    """Return a question for a signature; not supported upstream."""
    return {"chunkType": "SIGNATURE", "signatureDetails": {"fieldTarget": target}}


def paragraphs(*parts: JsonObject) -> tuple[JsonObject, ...]:
    """Return texts with a separator between each two."""
    spaced: list[JsonObject] = []
    for part in parts:
        spaced += [separator(), part] if spaced else [part]
    return tuple(spaced)


def _cut(words: str) -> str:
    """Keep to the limit; a text may not be empty either."""
    return words[:MAX_CHUNK_TEXT] or "-"

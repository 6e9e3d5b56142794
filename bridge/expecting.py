"""PURE: in which format the next typed answer is expected, for channels that help with it.

Knows: the answer's last words, and the form's fields. Must not know: channels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bridge.protocol.replies import Expect, Format, Say
from bridge.upstream.chunks import (
    DebugChunk,
    EndChunk,
    ImportantTextChunk,
    MultiSelectChunk,
    NumberChunk,
    SeparatorChunk,
    SingleSelectChunk,
    TextChunk,
    UnknownChunk,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.protocol.replies import Reply
    from bridge.upstream.chunks import Chunk
    from bridge.upstream.schema import FieldInfo, FormSchema

_FORMATS = {"PHONE": Format.PHONE, "EMAIL": Format.EMAIL, "DATE": Format.DATE}
_SPOKEN = {Format.PHONE: "phone"}
"""What a question says of a format, whatever the field is called; in English, as the sandbox."""

_NAMING = (ImportantTextChunk, SingleSelectChunk, MultiSelectChunk, NumberChunk)
_WORD = re.compile(r"\w+")
_SILENT = (SeparatorChunk, DebugChunk, EndChunk, UnknownChunk)


def expected(
    chunks: Sequence[Chunk], replies: Sequence[Reply], schema: FormSchema | None
) -> tuple[Expect, ...]:
    """Return the format, where the last visible chunk names its field or asks for it in words."""
    seen = [chunk for chunk in chunks if not isinstance(chunk, _SILENT)]
    if schema is None or not seen:
        return ()
    known: FieldInfo | None = None
    if isinstance(seen[-1], _NAMING):
        known = schema.fields.get(seen[-1].field)
    elif isinstance(seen[-1], TextChunk) and replies:
        known = _asked_for(replies[-1], schema)
    wanted = _FORMATS.get(known.format) if known else None
    return (Expect(known.target, wanted),) if known and wanted else ()


def _asked_for(last: Reply, schema: FormSchema) -> FieldInfo | None:
    """Return the field with a format for which the last paragraph asks, where it is one alone."""
    text = "".join(span.text for span in last.spans) if isinstance(last, Say) else ""
    question = text.rsplit("\n\n", 1)[-1].casefold()
    if "?" not in question:
        return None
    asked = [field for field in schema.fields.values() if _named_in(question, field)]
    return asked[0] if len(asked) == 1 else None


def _named_in(question: str, field: FieldInfo) -> bool:
    wanted = _FORMATS.get(field.format)
    label = field.label.casefold().strip(" :?*")
    if wanted is None:
        return False
    spoken = _SPOKEN.get(wanted, "?") in _WORD.findall(question)
    return spoken or (bool(label) and label in question)

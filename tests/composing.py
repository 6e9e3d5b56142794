"""What the tests of compose share: a form, chunks, and an answer composed."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from bridge.compose import ComposeContext, Composed, compose
from bridge.phrases import Phrases
from bridge.upstream.chunks import (
    Answer,
    Chunk,
    MultiSelectChunk,
    NumberChunk,
    SelectOption,
    SeparatorChunk,
    SingleSelectChunk,
    SubmissionChunk,
    TextChunk,
    TextDataChunk,
)
from bridge.upstream.schema import FieldInfo, FormSchema

SIZES = (SelectOption(value="s", label="Small"), SelectOption(value="l", label="Large"))
SIZE = SingleSelectChunk(field="size", options=SIZES)
EXTRAS = MultiSelectChunk(field="extras", options=SIZES)
GUESTS = NumberChunk(field="guests", minimum=Decimal(1))
BREAK = SeparatorChunk()
SENT = SubmissionChunk(submission="s-1", checkout="c-1")
SCHEMA = FormSchema(
    id="f",
    name="Cake",
    fields={
        "size": FieldInfo(target="size", label="Cake size", labels={"l": "The large one"}),
        "extras": FieldInfo(target="extras", label="Extras", maximum=1),
        "email": FieldInfo(target="email", label="E-mail", format="EMAIL"),
        "when": FieldInfo(target="when", label="Date", format="DATE"),
        "phone": FieldInfo(target="phone", label="Phone", format="PHONE"),
        "site": FieldInfo(target="site", label="Site", format="URL"),
    },
)


def text(words: str, *, bold: bool = False) -> TextChunk:
    """Return a fragment."""
    return TextChunk(text=words, bold=bold)


def fact(field: str, display: str = "", value: object = None, words: str = "") -> TextDataChunk:
    """Return an understood value."""
    return TextDataChunk(field=field, text=words, value=value, display=display)  # type: ignore[arg-type]


def composed(
    *chunks: Chunk, schema: FormSchema | None = SCHEMA, form_url: str = "", first: int = 1
) -> Composed:
    """Return the answer composed; prompts are named p1, p2, ..."""
    numbers = count(1)
    context = ComposeContext(
        schema=schema,
        phrases=Phrases(),
        form_url=form_url,
        new_id=lambda: f"p{next(numbers)}",
        first=first,
    )
    return compose(Answer(session="s", chunks=chunks), context)

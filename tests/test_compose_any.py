"""Any answer composes: properties."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.prompts import options_of
from bridge.protocol.replies import (
    Ask,
    Callout,
    Confirmation,
    Reply,
    Say,
    Separator,
)
from bridge.upstream.chunks import (
    Chunk,
    DebugChunk,
    EndChunk,
    ErrorChunk,
    FileUploadChunk,
    ImportantTextChunk,
    MultiSelectChunk,
    NumberChunk,
    SelectOption,
    SeparatorChunk,
    SignatureChunk,
    SingleSelectChunk,
    SubmissionChunk,
    TextChunk,
    TextDataChunk,
    UnknownChunk,
)
from tests.composing import SCHEMA, composed

if TYPE_CHECKING:
    from bridge.compose import Composed
    from bridge.upstream.schema import FormSchema

WORDS = st.text(st.characters(exclude_categories=()), max_size=8) | st.sampled_from([" ", "Hi."])
FIELDS = st.sampled_from(["size", "extras", "email", "a_b", "", "\x00"])
VALUES = st.none() | st.booleans() | st.integers() | WORDS | st.lists(WORDS, max_size=2)
CUSTOM = st.none() | WORDS
BOUND = st.none() | st.decimals()
OPTIONS = st.lists(st.builds(SelectOption, value=WORDS, label=WORDS), max_size=3).map(tuple)
CHUNKS = st.one_of(
    st.builds(TextChunk, text=WORDS, bold=st.booleans()),
    st.builds(TextDataChunk, field=FIELDS, text=WORDS, value=VALUES, display=WORDS),
    st.builds(SingleSelectChunk, field=FIELDS, options=OPTIONS, custom=CUSTOM),
    st.builds(MultiSelectChunk, field=FIELDS, options=OPTIONS, custom=CUSTOM),
    st.builds(NumberChunk, field=FIELDS, minimum=BOUND, maximum=BOUND, below=BOUND, step=BOUND),
    st.builds(ErrorChunk, text=WORDS),
    st.builds(ImportantTextChunk, field=FIELDS, text=WORDS),
    st.builds(SubmissionChunk, submission=st.sampled_from(["1", "2"])),
    st.builds(EndChunk, success=st.booleans()),
    st.builds(FileUploadChunk, field=FIELDS),
    st.builds(SignatureChunk, field=FIELDS),
    st.builds(UnknownChunk, kind=WORDS),
    st.sampled_from([DebugChunk(), SeparatorChunk()]),
)


def seen(words: str) -> str:
    """Return the characters that leave ink."""
    return "".join(c for c in words if c.isprintable() and not c.isspace())


def shown(reply: Reply) -> str:
    """Return all that a reply shows."""
    match reply:
        case Say():
            return "".join(span.text for span in reply.spans)
        case Confirmation():
            return "\n".join(f"{item.label} {item.shown}" for item in reply.items)
        case Callout():
            return reply.text
        case Ask():
            return "\n".join(option.label for option in options_of(reply.prompt.widget))
        case _:
            return ""


@given(st.lists(CHUNKS, max_size=8), st.sampled_from([None, SCHEMA]))
def test_any_answer_composes_and_loses_no_text(
    chunks: list[Chunk], schema: FormSchema | None
) -> None:
    """Every text, every option of a question that is asked, in replies that keep the rules."""
    said = composed(*chunks, schema=schema)
    screen = seen("".join(shown(reply) for reply in said.replies))
    for chunk in chunks:
        if isinstance(chunk, TextChunk | ErrorChunk | ImportantTextChunk):
            assert seen(chunk.text) in screen
    last = {chunk.field: chunk for chunk in chunks if isinstance(chunk, TextDataChunk)}
    assert all(seen(chunk.display) in screen for chunk in last.values())
    assert said.values == {field: chunk.value for field, chunk in last.items()}
    assert said.shown.keys() == said.values.keys()
    keeps_the_rules(said)


def keeps_the_rules(said: Composed) -> None:
    """Check what holds for all replies."""
    breaks = [isinstance(reply, Separator) for reply in said.replies]
    assert not (breaks and (breaks[0] or breaks[-1]))
    assert not any(one and other for one, other in pairwise(breaks))
    assert all(
        shown(r).strip() for r in said.replies if isinstance(r, Say | Callout | Confirmation)
    )
    fields = [prompt.field for prompt in said.prompts if prompt.field]
    assert len(fields) == len(set(fields))
    assert not (said.prompts and said.submission)
    free = 1
    for place, reply in enumerate(said.replies):
        if isinstance(reply, Ask):
            before = "".join(shown(earlier) for earlier in said.replies[:place])
            assert reply.prompt.question in before
            assert reply.prompt.first == free
            free += len(options_of(reply.prompt.widget))

"""PURE: the upstream's chunks become replies.

Knows: what each chunk means for a person. Must not know: channels, their limits, what was asked
before.

The rules:

1. Texts that follow each other are fragments of one paragraph: joined without a space.
2. White space alone, and what is not for people (DEBUG, the end, unknown kinds), shows nothing.
   Neither does a SUBMISSION, but a break stands in its place.
3. A separator stands between two visible things: never first, last or doubled.
4. For one field the later value and the later question replace the earlier ones.
5. Every question is said before its `Ask`: in the upstream's words, else by the field's label.
6. With a SUBMISSION in the answer nothing is asked any more; the texts are shown.
7. No text is shortened here.
8. What was understood is not said once more where the closed widget shows it, unless nothing else
   would be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from bridge.expecting import expected
from bridge.phrases import Phrase, Phrases
from bridge.protocol.prompts import Prompt, PromptOwner, PromptView, options_of
from bridge.protocol.replies import (
    Ask,
    Callout,
    Confirmation,
    Reply,
    Say,
    Separator,
    Span,
    Tone,
    Understood,
    plain,
)
from bridge.protocol.threads import PromptId
from bridge.upstream.chunks import (
    DebugChunk,
    EndChunk,
    ErrorChunk,
    FileUploadChunk,
    ImportantTextChunk,
    MultiSelectChunk,
    NumberChunk,
    SeparatorChunk,
    SignatureChunk,
    SingleSelectChunk,
    SubmissionChunk,
    TextChunk,
    TextDataChunk,
    UnknownChunk,
)
from bridge.upstream.schema import FormSchema, readable
from bridge.widgets import NAMELESS, lowest, value_text, visible, widget_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bridge.protocol.threads import Json
    from bridge.upstream.chunks import Answer, Chunk

_Question: TypeAlias = SingleSelectChunk | MultiSelectChunk | NumberChunk
_Piece: TypeAlias = Reply | _Question

_QUESTIONS = (SingleSelectChunk, MultiSelectChunk, NumberChunk)

_ELSEWHERE = {
    FileUploadChunk: (Phrase.FILE_UPLOAD_UNSUPPORTED, Phrase.FILE_UPLOAD_UNSUPPORTED_URL),
    SignatureChunk: (Phrase.SIGNATURE_UNSUPPORTED, Phrase.SIGNATURE_UNSUPPORTED_URL),
}
"""By chunk: what to say without, and with, an address of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeContext:
    """What is known beside the answer.

    * `form_url`: where the form stands on the web, or "".
    * `new_id`: makes an id for each prompt; called once per prompt, in order.
    * `first`: the number of the first option of the first list.
    * `seen`: whether the person sees this answer (target, what to show) already, in the place of
      the widget by which they gave it.
    """

    schema: FormSchema | None
    phrases: Phrases
    form_url: str
    new_id: Callable[[], str]
    first: int = 1
    seen: Callable[[str, str], bool] = lambda _field, _shown: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """One answer, ready to be shown and remembered.

    * `replies`: nothing where the answer shows nothing at all.
    * `prompts`: those of the `Ask`s among the replies, in order.
    * `values`: by target, to be submitted; None where the upstream gave none any more. `shown`:
      by target, what to show for it.
    * `submission`: the first one; `other_submissions`: further ones with another id.
    * `success`: False only where the upstream says that its answer failed.
    * `important`: targets that were pointed out, in order. `unknown`: kinds of later days.
    """

    replies: tuple[Reply, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    values: Mapping[str, Json]
    shown: Mapping[str, str]
    submission: SubmissionChunk | None = None
    other_submissions: tuple[SubmissionChunk, ...] = ()
    success: bool = True
    unknown: tuple[str, ...] = ()
    important: tuple[str, ...] = ()


def compose(answer: Answer, context: ComposeContext) -> Composed:
    """Return what to show for an answer, and what it told."""
    submissions = _submissions(answer.chunks)
    chunks = _latest(answer.chunks, asking=not submissions)
    replies = _replies(_news(chunks, context), context) or _replies(chunks, context)
    prompts = tuple(reply.prompt for reply in replies if isinstance(reply, Ask))
    facts = [chunk for chunk in chunks if isinstance(chunk, TextDataChunk)]
    return Composed(
        replies=replies
        + (() if prompts or submissions else expected(chunks, replies, context.schema)),
        prompts=prompts,
        values={fact.field: fact.value for fact in facts},
        shown={fact.field: _understood(fact, context).shown for fact in facts},
        submission=submissions[0] if submissions else None,
        other_submissions=submissions[1:],
        success=not any(isinstance(chunk, EndChunk) and not chunk.success for chunk in chunks),
        unknown=tuple(chunk.kind for chunk in chunks if isinstance(chunk, UnknownChunk)),
        important=_important(chunks),
    )


def _replies(chunks: Iterable[Chunk], context: ComposeContext) -> tuple[Reply, ...]:
    return _tidy(_asked(_joined(_pieces(chunks, context)), context))


def _news(chunks: Iterable[Chunk], context: ComposeContext) -> list[Chunk]:
    """Return the chunks without answers that the person sees already (rule 8)."""
    return [
        chunk
        for chunk in chunks
        if not isinstance(chunk, TextDataChunk) or not _seen(chunk, context)
    ]


def _seen(chunk: TextDataChunk, context: ComposeContext) -> bool:
    words = (_understood(chunk, context).shown, visible(chunk.display).strip())
    return any(context.seen(chunk.field, said) for said in words)


def _submissions(chunks: Iterable[Chunk]) -> tuple[SubmissionChunk, ...]:
    """Return one chunk for each submission id; the same submission again says nothing new."""
    found: dict[str, SubmissionChunk] = {}
    for chunk in chunks:
        if isinstance(chunk, SubmissionChunk):
            found.setdefault(chunk.submission, chunk)
    return tuple(found.values())


def _important(chunks: Iterable[Chunk]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(chunk.field for chunk in chunks if isinstance(chunk, ImportantTextChunk))
    )


def _latest(chunks: Sequence[Chunk], *, asking: bool) -> tuple[Chunk, ...]:
    """Return the chunks without what a later one replaces (rule 4), or nobody asks (rule 6)."""
    shared = [_replaced_by(chunk) for chunk in chunks]
    last = {key: place for place, key in enumerate(shared)}
    return tuple(
        chunk
        for place, (chunk, key) in enumerate(zip(chunks, shared, strict=True))
        if (key is None or last[key] == place) and (asking or not isinstance(chunk, _QUESTIONS))
    )


def _replaced_by(chunk: Chunk) -> tuple[str, str] | None:
    """Return what two chunks share of which only the later counts; None for all others."""
    if isinstance(chunk, TextDataChunk):
        return "value", chunk.field
    if isinstance(chunk, _QUESTIONS) and chunk.field:
        return "question", chunk.field
    return None


def _pieces(chunks: Iterable[Chunk], context: ComposeContext) -> list[_Piece]:
    """Return each chunk on its own, questions still as they came."""
    return [piece for chunk in chunks if (piece := _piece(chunk, context)) is not None]


def _piece(chunk: Chunk, context: ComposeContext) -> _Piece | None:
    piece: _Piece | None = None
    match chunk:
        case TextChunk():
            piece = Say((Span(chunk.text, chunk.bold),))
        case TextDataChunk():
            piece = Confirmation((_understood(chunk, context),))
        case ImportantTextChunk() | ErrorChunk():
            piece = _callout(chunk)
        case FileUploadChunk() | SignatureChunk():
            piece = _elsewhere(chunk, context)
        case SingleSelectChunk() | MultiSelectChunk() | NumberChunk():
            piece = chunk
        case SeparatorChunk() | SubmissionChunk():
            piece = Separator()
        case DebugChunk() | EndChunk() | UnknownChunk():  # pragma: no branch - all are named
            pass
    return piece


def _understood(chunk: TextDataChunk, context: ComposeContext) -> Understood:
    """Return label and what to show: the display value, else the value, else the chunk's text.

    A field that the schema doesn't know has a label made of its target, so the chunk's text stands
    for the display value where it says more.
    """
    known = context.schema.fields.get(chunk.field) if context.schema else None
    text, display = visible(chunk.text).strip(), visible(chunk.display).strip()
    label = known.labels.get(str(chunk.value)) if known else None
    value = label or value_text(chunk.value, context.phrases)
    shown = display or value or text or NAMELESS
    says_more = known is None and shown in text
    name = _label(chunk.field, context.schema)
    return Understood(name.rstrip(" :?\uff1a\uff1f") or name, text if says_more else shown)


def _label(target: str, schema: FormSchema | None) -> str:
    """Return what to call a field, on one line."""
    return " ".join(visible(schema.label(target) if schema else readable(target)).split())


def _callout(chunk: ImportantTextChunk | ErrorChunk) -> Callout:
    tone = Tone.ERROR if isinstance(chunk, ErrorChunk) else Tone.IMPORTANT
    return Callout(tone, visible(chunk.text).strip())


def _elsewhere(chunk: FileUploadChunk | SignatureChunk, context: ComposeContext) -> Callout:
    """Return what to say about a field that can't be filled in here."""
    key = _ELSEWHERE[type(chunk)][bool(context.form_url)]
    label = _label(chunk.field, context.schema)
    return Callout(Tone.NOTICE, context.phrases.say(key, label=label, url=context.form_url))


def _joined(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Return the pieces with fragments made paragraphs, blanks gone and confirmations together."""
    paragraphs = [_trimmed(piece) for piece in _run_together(pieces, Say)]
    return _run_together((piece for piece in paragraphs if not _blank(piece)), Confirmation)


def _run_together(pieces: Iterable[_Piece], kind: type[Say | Confirmation]) -> list[_Piece]:
    """Return the pieces with neighbours of the kind joined to one."""
    joined: list[_Piece] = []
    for piece in pieces:
        before = joined[-1] if joined and isinstance(piece, kind) else None
        if isinstance(before, Say) and isinstance(piece, Say):
            joined[-1] = Say(before.spans + piece.spans)
        elif isinstance(before, Confirmation) and isinstance(piece, Confirmation):
            joined[-1] = Confirmation(before.items + piece.items)
        else:
            joined.append(piece)
    return joined


def _blank(piece: _Piece) -> bool:
    return piece == Say(()) or (isinstance(piece, Callout) and not piece.text)


def _trimmed(piece: _Piece) -> _Piece:
    """Return a paragraph without white space at its ends; fragments of one style are one span."""
    if not isinstance(piece, Say):
        return piece
    if len(piece.spans) == 1:
        only = piece.spans[0]
        text = visible(only.text).strip()
        return Say((Span(text, only.bold),)) if text else Say(())
    runs = groupby(piece.spans, key=lambda span: span.bold)
    spans = [Span(visible("".join(span.text for span in run)), bold) for bold, run in runs]
    seen = [place for place, span in enumerate(spans) if span.text.strip()]
    if not seen:
        return Say(())
    spans = spans[seen[0] : seen[-1] + 1]
    spans[0] = Span(spans[0].text.lstrip(), spans[0].bold)
    spans[-1] = Span(spans[-1].text.rstrip(), spans[-1].bold)
    return Say(tuple(span for span in spans if span.text))


def _asked(pieces: Iterable[_Piece], context: ComposeContext) -> list[Reply]:
    """Return the replies: each question said, then its prompt, lists numbered through (rule 5)."""
    replies: list[Reply] = []
    said, first = "", context.first
    for piece in pieces:
        if isinstance(piece, _QUESTIONS):
            asked = _ask(piece, said, first, context)
            replies += asked
            said, first = "", first + _options_in(asked)
        else:
            said = _question_in(piece) or said
            replies.append(piece)
    return replies


def _ask(chunk: _Question, said: str, first: int, context: ComposeContext) -> list[Reply]:
    """Return one question; without options it is answered in words, so nothing opens."""
    question = said or _label(chunk.field, context.schema) or context.phrases.say(Phrase.QUESTION)
    saying: list[Reply] = [] if said else [plain(question)]
    widget = widget_for(chunk, context.schema)
    if widget is None:
        return saying + _hint(chunk, context)
    prompt = Prompt(
        id=PromptId(context.new_id()),
        owner=PromptOwner.UPSTREAM,
        question=question,
        widget=widget,
        field=chunk.field,
        first=first,
        view=PromptView(number=lowest(widget)),
    )
    return [*saying, Ask(prompt)]


def _hint(chunk: _Question, context: ComposeContext) -> list[Reply]:
    """Return what the upstream says about an answer of one's own, where it does."""
    hint = "" if isinstance(chunk, NumberChunk) else visible(chunk.custom or "").strip()
    if not hint:
        return []
    return [Callout(Tone.NOTICE, context.phrases.say(Phrase.TYPE_CUSTOM_HINT, hint=hint))]


def _options_in(replies: Iterable[Reply]) -> int:
    return sum(len(options_of(reply.prompt.widget)) for reply in replies if isinstance(reply, Ask))


def _question_in(reply: Reply) -> str:
    """Return what a reply may ask: the last paragraph of a text, or what is pointed out."""
    if isinstance(reply, Say):
        return "".join(span.text for span in reply.spans).rsplit("\n\n", 1)[-1].strip()
    if isinstance(reply, Callout) and reply.tone is Tone.IMPORTANT:
        return reply.text
    return ""


def _tidy(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """Return the replies with separators only between visible things (rule 3)."""
    kept: list[Reply] = []
    for reply in replies:
        if not isinstance(reply, Separator) or (kept and not isinstance(kept[-1], Separator)):
            kept.append(reply)
    return tuple(kept[:-1] if kept and isinstance(kept[-1], Separator) else kept)

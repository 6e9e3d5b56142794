"""How answers end, and how a dry run ends: the form is filled in by made-up answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bridge.live.finding import Finding
from bridge.upstream.chunks import (
    EndChunk,
    MultiSelectChunk,
    NumberChunk,
    SingleSelectChunk,
    SubmissionChunk,
    TextChunk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bridge.protocol.threads import Json, JsonObject
    from bridge.upstream.chunks import Answer, Chunk
    from bridge.upstream.port import Upstream
    from bridge.upstream.schema import FieldInfo, FormSchema

TURNS = 25
"""Messages after which the trial gives up."""

_DAYS_AHEAD = 30


def _text(_now: datetime) -> str:
    return "Trial"


_TEXTS: dict[str, Callable[[datetime], Json]] = {
    "EMAIL": lambda _: "trial@example.com",
    "PHONE": lambda _: "+12025550123",
    "URL": lambda _: "https://example.com",
    "DATE": lambda now: f"{_weekday(now):%Y-%m-%d}",
    "DATE_TIME": lambda now: f"{_weekday(now):%Y-%m-%d}T10:00:00",
    "TIME": lambda _: "10:00:00",
}
"""Made-up values by the field's format."""


@dataclass(slots=True)
class Trial:
    """One dry run as it went."""

    answers: list[Answer] = field(default_factory=list["Answer"])
    submitted: bool = False
    ended: bool = False


def made_up(schema: FormSchema, now: datetime) -> JsonObject:
    """Return a value for every field that can have a made-up one."""
    values = ((info.target, _value(info, now)) for info in schema.fields.values())
    return {target: value for target, value in values if value is not None}


def _value(info: FieldInfo, now: datetime) -> Json:
    first = next(iter(info.labels), None)
    match info.input_type:
        case "STRING":
            return first or _TEXTS.get(info.format, _text)(now)
        case "ARRAY" if first:
            return [first]
        case "BOOLEAN":
            return True
        case _:
            return None  # numbers, payments and addresses are answered when they are asked for


def _weekday(now: datetime) -> datetime:
    """Return a Wednesday about a month ahead: few forms refuse one."""
    ahead = now + timedelta(days=_DAYS_AHEAD)
    return ahead + timedelta(days=(2 - ahead.weekday()) % 7)


async def trial(upstream: Upstream, schema: FormSchema) -> Trial:
    """Fill in the form until it seems to have ended."""
    values = made_up(schema, datetime.now(UTC))
    held = Trial()
    answer = await upstream.create(schema.id, values=values, dry_run=True, client_time=None)
    held.answers.append(answer)
    for turn in range(TURNS):
        answer = await upstream.send(answer.session, text=reply(answer.chunks, turn), values=None)
        held.answers.append(answer)
        held.submitted = any(isinstance(chunk, SubmissionChunk) for chunk in answer.chunks)
        held.ended = held.submitted or not _asks(answer.chunks)
        if held.ended:
            break
    return held


def reply(chunks: Sequence[Chunk], turn: int) -> str:
    """Return what to say to this answer."""
    for chunk in reversed(chunks):
        match chunk:
            case SingleSelectChunk() | MultiSelectChunk() if chunk.options:
                return chunk.options[0].label
            case NumberChunk():
                return str(chunk.minimum if chunk.minimum is not None else chunk.step or 1)
            case _:
                continue
    return "skip" if turn % 2 == 0 else "1 Main Street, Springfield 12345"


def _asks(chunks: Sequence[Chunk]) -> bool:
    """Say whether something is still asked."""
    widgets = (SingleSelectChunk, MultiSelectChunk, NumberChunk)
    return any(
        isinstance(chunk, widgets) or (isinstance(chunk, TextChunk) and "?" in chunk.text)
        for chunk in chunks
    )


def end_found(held: Trial) -> Finding:
    """Return whether answers that are not streamed end with END_OF_RESPONSE."""
    with_end = [
        answer
        for answer in held.answers
        if any(isinstance(chunk, EndChunk) for chunk in answer.chunks)
    ]
    seen = f"in {len(with_end)} of {len(held.answers)} answers"
    return Finding(question="END_OF_RESPONSE without streaming", seen=seen, advice="")


def dry_run_found(held: Trial, made: int) -> Finding:
    """Return how the dry run ended; `made`: submissions that the site has from this time."""
    if not held.ended:
        seen = f"not reached in {len(held.answers) - 1} messages"
    else:
        seen = f"{'with' if held.submitted else 'without'} a SUBMISSION"
    if made:
        advice = f"The site has {made} new submissions: look there whether one is of this trial."
    elif held.ended and not held.submitted:
        advice = "With `dry_run`, a conversation stays open at its end: /cancel closes it."
    else:
        advice = ""
    return Finding(question="The end of a dry run", seen=seen, advice=advice)

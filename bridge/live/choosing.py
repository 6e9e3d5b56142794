"""How a choice is taken: each way is tried in a session of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.live.finding import Finding, set_to
from bridge.upstream.chunks import TextDataChunk
from bridge.upstream.errors import UpstreamError

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject
    from bridge.upstream.chunks import Answer
    from bridge.upstream.port import Upstream
    from bridge.upstream.schema import FormSchema

QUESTION = "How a choice is taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One option of the form, to be chosen for the trial."""

    field: str
    question: str
    label: str
    value: Json


def sample(schema: FormSchema) -> Sample | None:
    """Return an option of the first field that has any and is not for payment."""
    for info in schema.fields.values():
        if info.labels and info.input_type in {"STRING", "ARRAY"}:
            value, label = next(iter(info.labels.items()))
            whole: Json = [value] if info.input_type == "ARRAY" else value
            return Sample(field=info.target, question=info.label, label=label, value=whole)
    return None


async def choice_found(upstream: Upstream, schema: FormSchema, present: str) -> Finding:
    """Choose by label, then by value; return which of them were taken."""
    chosen = sample(schema)
    if chosen is None:
        return Finding(question=QUESTION, seen="not tried: the form has no options to choose from")
    text = f"{chosen.question}: {chosen.label}" if chosen.question else chosen.label
    by_label = await _taken(upstream, schema.id, chosen, text=text, values=None)
    by_value = await _taken(upstream, schema.id, chosen, text=None, values=_values(chosen))
    seen = f"by label {_yes(by_label)}, by value {_yes(by_value)} (field {chosen.field})"
    return Finding(question=QUESTION, seen=seen, advice=_advice(by_label, by_value, present))


def _values(chosen: Sample) -> JsonObject:
    return {chosen.field: chosen.value}


async def _taken(
    upstream: Upstream, form_id: str, chosen: Sample, *, text: str | None, values: JsonObject | None
) -> bool:
    """Say whether the upstream understood the choice as this option."""
    begun = await upstream.create(form_id, values=None, dry_run=True, client_time=None)
    try:
        answer = await upstream.send(begun.session, text=text, values=values)
    except UpstreamError:
        return False
    return _understood(answer, chosen)


def _understood(answer: Answer, chosen: Sample) -> bool:
    return any(
        isinstance(chunk, TextDataChunk) and chunk.field == chosen.field for chunk in answer.chunks
    )


def _yes(taken: bool) -> str:  # noqa: FBT001 - it is what is shown
    return "yes" if taken else "no"


def _advice(by_label: bool, by_value: bool, present: str) -> str:  # noqa: FBT001 - two findings
    match by_label, by_value:
        case True, True:
            return set_to("WIX_CHOICE", "label+values", present)
        case True, False:
            return set_to("WIX_CHOICE", "label", present)
        case False, True:
            return set_to("WIX_CHOICE", "values", present)
        case _:
            return "Neither was understood: look at the form in a trial on a channel."

"""Values of the contract as text and back, without loss."""

from __future__ import annotations

import dataclasses
import typing
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.protocol import calls, events, prompts
from bridge.store.codec import decode, encode

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXTS | st.just("@"), inner, max_size=3)
    ),
    max_leaves=8,
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
OPTIONS = st.builds(prompts.Option, label=TEXTS, value=JSON)
WIDGETS = (
    st.builds(
        prompts.SingleSelect,
        options=st.lists(OPTIONS, max_size=3).map(tuple),
        custom=st.none() | TEXTS,
    )
    | st.builds(
        prompts.MultiSelect,
        options=st.lists(OPTIONS, max_size=3).map(tuple),
        custom=st.none() | TEXTS,
        minimum=st.integers(0, 3),
        maximum=st.none() | st.integers(0, 3),
    )
    | st.builds(
        prompts.NumberInput,
        minimum=st.none() | DECIMALS,
        maximum=st.none() | DECIMALS,
        step=st.none() | DECIMALS,
    )
)
VIEWS = st.builds(
    prompts.PromptView,
    selected=st.lists(st.integers(0, 9), max_size=3).map(tuple),
    number=st.none() | DECIMALS,
)
PROMPTS = st.builds(
    prompts.Prompt,
    id=TEXTS,
    owner=st.sampled_from(prompts.PromptOwner),
    question=TEXTS,
    widget=WIDGETS,
    field=TEXTS,
    first=st.integers(1, 99),
    view=VIEWS,
)
STEPS = st.one_of(
    st.builds(events.Toggle, index=st.integers()),
    st.builds(events.Page, number=st.integers()),
    st.builds(events.Filter, text=TEXTS),
    st.builds(events.Nudge, delta=DECIMALS),
    st.builds(events.AskCustom),
)
CALLS = st.builds(
    calls.Call,
    method=TEXTS,
    body=st.dictionaries(TEXTS, JSON, max_size=3),
    prompt=st.none() | TEXTS,
    edits=st.none() | TEXTS,
    fallback=st.none() | st.builds(calls.Call, method=TEXTS, body=st.just({"@": "Call"})),
    on_uncertain=st.sampled_from(calls.OnUncertain),
    buckets=st.lists(TEXTS, max_size=2).map(tuple),
    urgency=st.sampled_from(calls.Urgency),
)
KINDS = typing.get_args(events.AnyEvent)
MEMBERS = {
    "at": st.floats(allow_nan=False),
    "tap": st.none() | TEXTS,
    "rev": st.integers(),
    "chosen": st.none() | st.lists(st.integers(), max_size=3).map(tuple),
    "custom": st.none() | TEXTS,
    "value": st.none() | DECIMALS,
    "step": STEPS,
    "name": st.sampled_from(events.CommandName),
    "prompt": st.none() | TEXTS,
    "state": st.sampled_from(events.DeliveryState),
}


def made(kind):
    """Return a strategy for one kind of event."""
    names = [field.name for field in dataclasses.fields(kind)]
    return st.builds(kind, **{name: MEMBERS.get(name, TEXTS) for name in names})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_every_event_comes_back(kind, data):
    """Each kind of event is stored and read without loss."""
    event = data.draw(made(kind))
    assert decode(encode(event), kind) == event
    assert decode(encode(event), events.Event) == event


@given(PROMPTS)
def test_every_prompt_comes_back(prompt):
    """Widgets, options with any value, views."""
    assert decode(encode(prompt), prompts.Prompt) == prompt


@given(CALLS)
def test_every_call_comes_back(call):
    """Bodies are an adapter's own, and may look like ours."""
    assert decode(encode(call), calls.Call) == call


def test_defaults_are_left_out_and_decimals_keep_their_digits():
    """What equals its default takes no room; 1.20 stays 1.20."""
    widget = prompts.NumberInput(minimum=Decimal("1.20"))
    assert encode(widget) == '{"@":"NumberInput","minimum":{"@":"Decimal","v":"1.20"}}'
    assert str(decode(encode(widget), prompts.NumberInput).minimum) == "1.20"


@pytest.mark.parametrize(
    "text", ['{"@":"Path","v":"/"}', '{"@":"Enum","v":1}', '"text"', "nonsense"]
)
def test_nothing_but_the_contract_is_made(text):
    """A stored text makes no other class, and what is no JSON is refused."""
    with pytest.raises(ValueError, match=r"stored text|Expecting"):
        decode(text, calls.Call)


def test_nothing_but_the_contract_is_stored():
    """What could not be read again is not written."""
    with pytest.raises(TypeError, match="not of the contract"):
        encode({"clock": object()})

"""How an answer goes upstream."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.inputs import ChoiceMode, Given, Input, given_text, input_for, number_text
from bridge.phrases import Phrases
from bridge.protocol.prompts import (
    MultiSelect,
    NumberInput,
    Option,
    Prompt,
    PromptOwner,
    SingleSelect,
    Widget,
)
from bridge.protocol.threads import PromptId
from bridge.upstream.schema import FieldInfo, FormSchema

NAMES = tuple(Option(label=name.title(), value=name) for name in ("small", "medium", "large"))
TRUTHS = (Option(label="Yes, please", value="true"), Option(label="Maybe", value="maybe"))
DIGITS = (Option(label="Two", value="2"), Option(label="Half", value="0.5"))
ODD = (Option(label="NaN", value="NaN"), Option(label="Word", value="word"))
BOTH, LABEL, VALUES = ChoiceMode.LABEL_AND_VALUES, ChoiceMode.LABEL, ChoiceMode.VALUES


def prompt(widget: Widget, question: str = "What size?") -> Prompt:
    """Return a prompt for the field `size`."""
    return Prompt(
        id=PromptId("p"),
        owner=PromptOwner.UPSTREAM,
        question=question,
        widget=widget,
        field="size",
    )


def schema(kind: str) -> FormSchema:
    """Return a form whose field `size` is of this input type."""
    field = FieldInfo(target="size", label="Size", input_type=kind)
    return FormSchema(id="f", name="Form", fields={"size": field})


def sent(
    widget: Widget,
    answer: Given,
    known: FormSchema | None = None,
    *,
    mode: ChoiceMode = BOTH,
    several: bool = False,
    question: str = "What size?",
) -> Input:
    """Return what goes upstream for the answer."""
    return input_for(
        prompt(widget, question),
        answer,
        several=several,
        mode=mode,
        schema=known,
        phrases=Phrases(),
    )


ONE, MANY, NUMBER = SingleSelect(options=NAMES), MultiSelect(options=NAMES), NumberInput()


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (LABEL, Input(text="Large")),
        (BOTH, Input(text="Large", values={"size": "large"})),
        (VALUES, Input(text=None, values={"size": "large"})),
    ],
)
def test_a_choice_is_sent_as_the_setting_says(mode: ChoiceMode, expected: Input) -> None:
    """The label, the label with the value beside it, or the value alone."""
    assert sent(ONE, Given(chosen=(2,)), schema("STRING"), mode=mode) == expected


@pytest.mark.parametrize("mode", ChoiceMode)
@pytest.mark.parametrize(
    "known", [None, FormSchema(id="f", name="F"), schema("PAYMENT"), schema("ADDRESS")]
)
def test_only_words_are_sent_where_no_value_may_be(
    mode: ChoiceMode, known: FormSchema | None
) -> None:
    """No schema, a field that it doesn't know, a payment: the label drives the conversation."""
    assert sent(ONE, Given(chosen=(0,)), known, mode=mode) == Input(text="Small")


@pytest.mark.parametrize(
    ("kind", "options", "chosen", "value"),
    [
        ("", NAMES, 1, "medium"),
        ("STRING", DIGITS, 0, "2"),
        ("NUMBER", DIGITS, 0, 2),
        ("NUMBER", DIGITS, 1, 0.5),
        ("BOOLEAN", TRUTHS, 0, True),
        ("ARRAY", NAMES, 0, ["small"]),
    ],
)
def test_a_value_is_sent_in_its_fields_own_kind(
    kind: str, options: tuple[Option, ...], chosen: int, value: object
) -> None:
    """A number is a number, a truth a truth, a list a list."""
    answer = sent(SingleSelect(options=options), Given(chosen=(chosen,)), schema(kind))
    assert answer.values == {"size": value}
    assert type(answer.values["size"]) is type(value)


@pytest.mark.parametrize(
    ("kind", "options", "chosen"),
    [
        ("BOOLEAN", TRUTHS, 1),
        ("NUMBER", ODD, 0),
        ("NUMBER", ODD, 1),
        ("STRING", (Option(label="None"),), 0),
    ],
)
def test_a_value_that_is_not_of_the_fields_kind_stays_here(
    kind: str, options: tuple[Option, ...], chosen: int
) -> None:
    """The words are sent instead."""
    answer = sent(SingleSelect(options=options), Given(chosen=(chosen,)), schema(kind), mode=VALUES)
    assert answer == Input(text=options[chosen].label)


@pytest.mark.parametrize("kind", ["ARRAY", ""])
def test_several_choices_are_joined_and_listed(kind: str) -> None:
    """Labels with commas, values as a list."""
    assert sent(MANY, Given(chosen=(0, 2)), schema(kind)) == Input(
        text="Small, Large", values={"size": ["small", "large"]}
    )


def test_several_choices_for_a_field_of_one_text_are_words() -> None:
    """A list is no text; one choice is."""
    assert sent(MANY, Given(chosen=(0, 2)), schema("STRING")) == Input(text="Small, Large")
    assert sent(MANY, Given(chosen=(2,)), schema("STRING")).values == {"size": "large"}


def test_choosing_none_says_so() -> None:
    """An empty list for the field, and words for the conversation."""
    assert sent(MANY, Given(), schema("ARRAY")) == Input(text="None of these", values={"size": []})


@pytest.mark.parametrize("mode", ChoiceMode)
def test_an_answer_of_ones_own_goes_as_it_is(mode: ChoiceMode) -> None:
    """No value is set beside it, which might contradict it."""
    given_words = Given(chosen=(0,), custom="and {one} more: *big*")
    assert sent(MANY, given_words, schema("ARRAY"), mode=mode) == Input(
        text="Small, and {one} more: *big*"
    )


@pytest.mark.parametrize(
    ("kind", "value"), [("NUMBER", 2.5), ("", 2.5), ("STRING", "2.5"), ("ARRAY", None)]
)
def test_a_number_is_sent_in_its_fields_own_kind(kind: str, value: object) -> None:
    """As digits, with the value beside them where the field takes one."""
    answer = sent(NUMBER, Given(number=Decimal("2.50")), schema(kind))
    assert answer == Input(text="2.5", values={} if value is None else {"size": value})


def test_a_number_that_the_upstream_cant_take_has_no_value() -> None:
    """The words are sent as they are."""
    answer = sent(NUMBER, Given(number=Decimal("1e20")), schema("NUMBER"))
    assert answer == Input(text="1" + "0" * 20)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What size?", "What size: Large"),
        ("Size:", "Size: Large"),
        ("Which\n size", "Which size: Large"),
        ("Taille\u00a0\uff1f", "Taille: Large"),
    ],
)
def test_beside_other_answers_each_names_its_question(question: str, text: str) -> None:
    """On one line, with one colon."""
    assert sent(ONE, Given(chosen=(2,)), several=True, question=question) == Input(text=text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("20", "20"),
        ("1E+3", "1000"),
        ("2.50", "2.5"),
        ("-0.0", "0"),
        ("100", "100"),
        ("0.10", "0.1"),
    ],
)
def test_a_number_is_written_in_plain_digits(number: str, text: str) -> None:
    """No exponent, no needless zeros."""
    assert number_text(Decimal(number)) == text


@given(st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False))
def test_a_number_in_plain_digits_is_the_same_number(number: Decimal) -> None:
    """Nothing is rounded."""
    assert Decimal(number_text(number)) == number


@given(st.lists(st.integers(0, 2), min_size=1, unique=True))
def test_what_is_shown_is_what_is_sent(chosen: list[int]) -> None:
    """The words in the widget's place are those that the upstream got."""
    answer = Given(chosen=tuple(chosen))
    assert given_text(prompt(MANY), answer, Phrases()) == sent(MANY, answer).text

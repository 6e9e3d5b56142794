"""From an upstream's question to a widget."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.phrases import Phrases
from bridge.protocol.prompts import MultiSelect, NumberInput, Option, SingleSelect
from bridge.upstream.chunks import MultiSelectChunk, NumberChunk, SelectOption, SingleSelectChunk
from bridge.upstream.schema import FieldInfo, FormSchema
from bridge.widgets import NAMELESS, value_text, visible, widget_for

OPTIONS = tuple(SelectOption(value=name, label=name.title()) for name in ("nuts", "berries"))


def schema(**known: object) -> FormSchema:
    """Return a form with one field, `extras`."""
    field = FieldInfo(target="extras", label="Extras", input_type="ARRAY", **known)  # type: ignore[arg-type]
    return FormSchema(id="f", name="Form", fields={"extras": field})


def number(**asked: str) -> NumberInput:
    """Return the widget for a number chunk with these members."""
    members = {name: Decimal(text) for name, text in asked.items()}
    widget = widget_for(NumberChunk(field="guests", **members), None)
    assert isinstance(widget, NumberInput)
    return widget


def test_a_select_keeps_labels_values_and_the_hint() -> None:
    """Labels are shown whole, values are kept as they came."""
    chunk = SingleSelectChunk(field="extras", options=OPTIONS, custom=" Something else? ")
    assert widget_for(chunk, None) == SingleSelect(
        options=(Option(label="Nuts", value="nuts"), Option(label="Berries", value="berries")),
        custom="Something else?",
    )


@pytest.mark.parametrize(
    ("label", "value", "shown"),
    [("Nuts\x00", "n", "Nuts"), (" ", "n", "n"), ("\x07", " ", NAMELESS), ("a\r\nb", "", "a\nb")],
)
def test_every_option_has_something_to_show(label: str, value: str, shown: str) -> None:
    """A blank label gives way to the value, a blank value to an ellipsis."""
    chunk = SingleSelectChunk(field="x", options=(SelectOption(value=value, label=label),))
    assert widget_for(chunk, None) == SingleSelect(options=(Option(label=shown, value=value),))


@pytest.mark.parametrize("kind", [SingleSelectChunk, MultiSelectChunk])
def test_a_select_without_options_is_no_widget(
    kind: type[SingleSelectChunk | MultiSelectChunk],
) -> None:
    """It is answered in words."""
    assert widget_for(kind(field="x", options=()), None) is None


@pytest.mark.parametrize(
    ("known", "bounds"),
    [
        (None, (0, None)),
        (schema(), (0, None)),
        (schema(required=True), (1, None)),
        (schema(minimum=2, maximum=2), (2, 2)),
        (schema(minimum=5), (2, None)),
        (schema(minimum=2, maximum=1), (2, None)),
        (schema(maximum=0), (0, None)),
        (FormSchema(id="f", name="Form"), (0, None)),
    ],
)
def test_how_many_may_be_chosen_is_the_schemas_word_where_it_makes_sense(
    known: FormSchema | None, bounds: tuple[int, int | None]
) -> None:
    """A minimum over the count of options, or over the maximum, binds nobody."""
    widget = widget_for(MultiSelectChunk(field="extras", options=OPTIONS), known)
    assert isinstance(widget, MultiSelect)
    assert (widget.minimum, widget.maximum) == bounds


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"minimum": "1", "maximum": "5"}, {"minimum": "1", "maximum": "5"}),
        ({"minimum": "1", "below": "5"}, {"minimum": "1", "below": "5"}),
        ({"maximum": "5", "below": "9"}, {"maximum": "5"}),
        ({"minimum": "6", "maximum": "5"}, {}),
        ({"minimum": "5", "below": "5"}, {}),
        ({"minimum": "NaN", "maximum": "Infinity", "below": "-Infinity"}, {}),
        ({"maximum": "1e400"}, {}),
        ({"step": "0"}, {}),
        ({"step": "-2"}, {}),
        ({"step": "1e-30"}, {}),
        ({"step": "0.5"}, {"step": "0.5"}),
        ({"minimum": "1", "step": "5"}, {"minimum": "1", "step": "5"}),
        ({"minimum": "10", "step": "5"}, {"minimum": "10", "step": "5"}),
        ({"minimum": "-7", "maximum": "-6", "step": "5"}, {"minimum": "-7", "maximum": "-6"}),
        ({"minimum": "1", "maximum": "4", "step": "5"}, {"minimum": "1", "maximum": "4"}),
        ({"minimum": "1", "below": "5", "step": "5"}, {"minimum": "1", "below": "5"}),
        (
            {"minimum": "1", "below": "6", "step": "5"},
            {"minimum": "1", "below": "6", "step": "5"},
        ),
    ],
)
def test_a_number_keeps_the_bounds_that_can_be_met(
    asked: dict[str, str], expected: dict[str, str]
) -> None:
    """A range without a number in it, or a step that misses it, is as good as none."""
    assert number(**asked) == NumberInput(
        **{name: Decimal(text) for name, text in expected.items()}
    )


BOUNDS = st.none() | st.decimals(allow_nan=True, allow_infinity=True)


@given(BOUNDS, BOUNDS, BOUNDS, BOUNDS)
def test_some_number_always_fits(
    minimum: Decimal | None, maximum: Decimal | None, below: Decimal | None, step: Decimal | None
) -> None:
    """No combination of bounds is refused, and at most one upper bound is left."""
    chunk = NumberChunk(field="x", minimum=minimum, maximum=maximum, below=below, step=step)
    widget = widget_for(chunk, None)
    assert isinstance(widget, NumberInput)
    assert widget.maximum is None or widget.below is None
    if widget.minimum is not None and widget.maximum is not None:
        assert widget.minimum <= widget.maximum
    if widget.minimum is not None and widget.below is not None:
        assert widget.minimum < widget.below
    assert widget.step is None or widget.step > 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "Yes"),
        (False, "No"),
        (2.5, "2.5"),
        (" a\x00b ", "ab"),
        (["a", None, True], "a, Yes"),
        ({"city": "Riga", "more": {"zip": "LV-1"}}, "Riga, LV-1"),
        ([], ""),
    ],
)
def test_a_value_reads_as_a_person_would_say_it(value: object, text: str) -> None:
    """Lists and objects are their items; nothing is an empty text."""
    assert value_text(value, Phrases()) == text  # type: ignore[arg-type]


@given(st.text(st.characters(exclude_categories=())))
def test_visible_text_can_be_written_everywhere(text: str) -> None:
    """It has plain line ends, encodes, and is the same when cleaned again."""
    clean = visible(text)
    clean.encode()
    assert visible(clean) == clean
    assert not set(clean) & set("\r\x00\x1b\x7f")

"""Every kind of chunk is read, and nothing that is no chunk can hurt."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.upstream.chunks import (
    _READERS,
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
    read_chunk,
)

NUMBER = "numberInputDetails"
SINGLE = "singleSelectInputDetails"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
MEMBERS = st.sampled_from(sorted(_READERS))
NAMES = (
    *("text", "style", "fieldTarget", "value", "displayValue", "options", "allowedCustomValue"),
    *("rangeLimit", "multipleOf", "messageText", "submissionId", "checkoutId", "success"),
)
DETAILS = st.dictionaries(
    st.sampled_from(NAMES),
    JSON | st.lists(st.fixed_dictionaries({}, optional={"value": JSON, "label": JSON})),
)

SAMPLES = [
    (
        {"chunkType": "TEXT", "textDetails": {"text": "Hi", "style": "BOLD"}},
        TextChunk(text="Hi", bold=True),
    ),
    (
        {
            "chunkType": "TEXT_DATA",
            "textDataDetails": {
                "fieldTarget": "age",
                "text": "age: 7",
                "value": 7,
                "displayValue": "7 years",
            },
        },
        TextDataChunk(field="age", text="age: 7", value=7, display="7 years"),
    ),
    (
        {
            "chunkType": "MULTI_SELECT_INPUT",
            "multiSelectInputDetails": {
                "fieldTarget": "toppings",
                "options": [{"value": "a", "label": "A"}],
            },
        },
        MultiSelectChunk(field="toppings", options=(SelectOption(value="a", label="A"),)),
    ),
    (
        {
            "chunkType": "SINGLE_SELECT_INPUT",
            SINGLE: {
                "fieldTarget": "flavor",
                "options": [{"value": "b", "label": "B"}],
                "allowedCustomValue": {"description": "any taste"},
            },
        },
        SingleSelectChunk(
            field="flavor", options=(SelectOption(value="b", label="B"),), custom="any taste"
        ),
    ),
    (
        {
            "chunkType": "NUMBER_INPUT",
            NUMBER: {
                "fieldTarget": "guests",
                "rangeLimit": {"minInclusiveValue": 0.1, "maxExclusiveValue": 200},
                "multipleOf": 0.1,
            },
        },
        NumberChunk(
            field="guests", minimum=Decimal("0.1"), below=Decimal(200), step=Decimal("0.1")
        ),
    ),
    (
        {"chunkType": "NUMBER_INPUT", NUMBER: {"rangeLimit": {"maxInclusiveValue": "3.90"}}},
        NumberChunk(field="", maximum=Decimal("3.90")),
    ),
    ({"chunkType": "SEPARATOR", "separatorDetails": {"type": "PARAGRAPH"}}, SeparatorChunk()),
    ({"chunkType": "ERROR", "errorDetails": {"messageText": "Oh"}}, ErrorChunk(text="Oh")),
    (
        {"chunkType": "SUBMISSION", "submissionDetails": {"submissionId": "s", "checkoutId": "c"}},
        SubmissionChunk(submission="s", checkout="c"),
    ),
    (
        {"chunkType": "SUBMISSION", "submissionDetails": {"submissionId": "s", "checkoutId": None}},
        SubmissionChunk(submission="s"),
    ),
    (
        {
            "chunkType": "IMPORTANT_TEXT",
            "importantTextDetails": {"fieldTarget": "email", "text": "needs an @"},
        },
        ImportantTextChunk(field="email", text="needs an @"),
    ),
    ({"chunkType": "DEBUG", "debugDetails": {"data": {"tools": ["x"]}}}, DebugChunk()),
    (
        {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": True}},
        EndChunk(success=True),
    ),
    (
        {"chunkType": "FILE_UPLOAD", "fileUploadDetails": {"fieldTarget": "cv"}},
        FileUploadChunk(field="cv"),
    ),
    (
        {"chunkType": "SIGNATURE", "signatureDetails": {"fieldTarget": "sign"}},
        SignatureChunk(field="sign"),
    ),
]


@pytest.mark.parametrize(("raw", "expected"), SAMPLES)
def test_every_kind_is_read(raw, expected):
    """Each kind gives its own value, with all that it holds."""
    assert expected == read_chunk(raw)


@pytest.mark.parametrize(("raw", "expected"), SAMPLES)
def test_the_member_tells_the_kind(raw, expected):
    """Without chunkType, and with members of later days, the chunk is the same."""
    bare = {name: value for name, value in raw.items() if name != "chunkType"}
    assert expected == read_chunk({**bare, "meaningfulInput": {"length": 3}, "later": 1})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"chunkType": "SEPARATOR"}, SeparatorChunk()),
        ({"chunkType": "END_OF_RESPONSE"}, EndChunk(success=False)),
        ({"endOfResponseDetails": {}}, EndChunk(success=False)),
        ({"textDetails": {"text": "x"}}, TextChunk(text="x")),
        ({"chunkType": "SUBMISSION", "submissionDetails": {}}, SubmissionChunk(submission="")),
        ({SINGLE: {"fieldTarget": "f"}}, SingleSelectChunk(field="f", options=())),
        (
            {SINGLE: {"options": [], "allowedCustomValue": {}}},
            SingleSelectChunk(field="", options=(), custom=""),
        ),
    ],
)
def test_defaults_may_be_missing(raw, expected):
    """What an encoder drops because it is the default is put back."""
    assert expected == read_chunk(raw)


def test_the_named_member_wins():
    """Of two members the one that chunkType names is read."""
    raw = {"chunkType": "ERROR", "textDetails": {"text": "a"}, "errorDetails": {"messageText": "b"}}
    assert ErrorChunk(text="b") == read_chunk(raw)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ({"chunkType": "HOLOGRAM", "hologramDetails": {}}, "HOLOGRAM"),
        ({"chunkType": "X" * 50}, "X" * 40),
        ({"chunkType": 7}, ""),
        ({}, ""),
        (None, ""),
        ("TEXT", ""),
        ([], ""),
        ({"chunkType": "TEXT"}, "TEXT"),
        ({"chunkType": "TEXT", "textDetails": {"text": 5}}, "TEXT"),
        ({"chunkType": "TEXT", "textDetails": []}, "TEXT"),
        ({"chunkType": "ERROR", "errorDetails": {}}, "ERROR"),
        ({"chunkType": "SINGLE_SELECT_INPUT", SINGLE: {"options": "no"}}, "SINGLE_SELECT_INPUT"),
        ({"chunkType": "SINGLE_SELECT_INPUT", SINGLE: {"fieldTarget": 1}}, "SINGLE_SELECT_INPUT"),
        ({"chunkType": "NUMBER_INPUT", NUMBER: {"rangeLimit": 3}}, "NUMBER_INPUT"),
    ],
)
def test_what_cannot_be_read_is_unknown(raw, kind):
    """Other kinds, and members of the wrong type, become UnknownChunk with the kind's name."""
    assert UnknownChunk(kind=kind) == read_chunk(raw)


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ({"value": "a"}, ("a", "a")),
        ({"label": "A"}, ("A", "A")),
        ({"value": "a", "label": ""}, ("a", "a")),
        ({"value": 3, "label": "three"}, ("3", "three")),
        ({"value": True, "label": "yes"}, ("true", "yes")),
        ({"value": 2.5}, ("2.5", "2.5")),
    ],
)
def test_options_without_label_use_the_value(option, expected):
    """An option always has both; scalars are written as JSON writes them."""
    value, label = expected
    chunk = read_chunk({SINGLE: {"options": [option]}})
    assert SingleSelectChunk(field="", options=(SelectOption(value=value, label=label),)) == chunk


def test_options_are_all_kept_and_empty_ones_left_out():
    """More than the platform's hundred are kept; what is no option is left out."""
    listed = [{"value": str(n)} for n in range(150)] + [{}, {"value": None}, {"value": []}, 5, "x"]
    chunk = read_chunk({SINGLE: {"options": listed}})
    assert isinstance(chunk, SingleSelectChunk)
    assert [str(n) for n in range(150)] == [option.value for option in chunk.options]


@pytest.mark.parametrize("limit", ["NaN", "Infinity", "-Infinity", True, "many", None, [], {}])
def test_limits_that_are_no_number_are_no_limits(limit):
    """Floats that are not finite travel as strings; nothing of it becomes a limit."""
    raw = {NUMBER: {"multipleOf": limit, "rangeLimit": {"minInclusiveValue": limit}}}
    assert NumberChunk(field="") == read_chunk(raw)


@pytest.mark.parametrize("step", [0, -1, "0.00"])
def test_a_step_is_positive(step):
    """A step of zero or less is none."""
    assert NumberChunk(field="") == read_chunk({NUMBER: {"multipleOf": step}})


def test_a_number_beyond_writing_is_no_limit():
    """An integer of more digits than may be written does no harm."""
    raw = {NUMBER: {"rangeLimit": {"minInclusiveValue": 10**5000, "maxInclusiveValue": 9}}}
    assert NumberChunk(field="", maximum=Decimal(9)) == read_chunk(raw)


@given(JSON)
def test_any_json_is_read(raw):
    """No JSON value makes the reader raise."""
    assert read_chunk(raw) is not None


@given(st.dictionaries(MEMBERS, DETAILS | JSON, max_size=2), st.text())
def test_any_details_are_read(raw, kind):
    """Known members with any content don't make the reader raise either."""
    assert read_chunk({"chunkType": kind, **raw}) is not None

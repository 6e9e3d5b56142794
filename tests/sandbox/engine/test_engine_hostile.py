"""Whatever is typed or given, an answer comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sandbox.engine import Form, begin, reply
from bridge.sandbox.forms import shipped
from tests.sandbox.engine.person import NOW

FORMS = [Form.read(raw) for raw in shipped().values()]


@given(st.sampled_from(FORMS), st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_no_input_raises(form, texts):
    """Whatever is typed, an answer comes back."""
    state, _ = begin(form, values={}, now=NOW, dry_run=False)
    for text in texts:
        turned = reply(form, state, text=text, values=None, now=NOW)
        assert turned.chunks
        state = turned.state


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(FORMS), st.data())
def test_no_value_raises(form, data):
    """Whatever is given as a value, an answer comes back."""
    targets = st.sampled_from([*(each.target for each in form.fields), "confirmation", "change"])
    known = data.draw(st.dictionaries(targets, JSON, max_size=4))
    state, _ = begin(form, values=known, now=NOW, dry_run=False)
    more = data.draw(st.dictionaries(targets, JSON, max_size=4))
    assert reply(form, state, text=None, values=more, now=NOW).chunks


@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "12 ",
        "vanilla ",
        "12 may ",
        "a@b.c ",
        "+1 415 ",
        "x",
        "name is ",
        "1-",
        "(",
        "no ",
        "\n:",
        "is: ",
    ],
)
def test_long_inputs_are_answered(talk, unit):
    """Ten thousand characters of anything are answered; the suite's time limit guards the rest."""
    conversation = talk().say((unit * 10_000)[:10_000])

    assert conversation.asked

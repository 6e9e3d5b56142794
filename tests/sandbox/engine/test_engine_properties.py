"""Any form of any fields, answered as asked, ends in one valid submission."""

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from bridge.sandbox.engine import Form
from bridge.sandbox.engine.validate import check
from tests.sandbox.engine.person import NOW, Talk, field_json, form_json

LABELS = st.sampled_from(
    [
        "Red",
        "Blue",
        "Green stone",
        "1",
        "2",
        "10",
        "\u05e9\u05dc\u05d5\u05dd",
        "\N{PARTY POPPER}",
        "A, B",
        "<i>x</i>",
        "No way",
        "Maybe",
    ]
)


@st.composite
def choice(draw, target):
    """Draw a field for one choice, what is typed, and its value."""
    labels = draw(st.lists(LABELS, min_size=1, max_size=6, unique=True))
    options = [
        {"id": f"{target}{n}", "value": f"{target}-{n}", "label": each}
        for n, each in enumerate(labels)
    ]
    picked = draw(st.integers(0, len(labels) - 1))
    made = field_json(target, f"Choice {target}", component="DROPDOWN", shown={"options": options})
    return made, [labels[picked]], f"{target}-{picked}"


@st.composite
def choices(draw, target):
    """Draw a field for several choices, what is typed, and its value."""
    labels = draw(st.lists(LABELS, min_size=1, max_size=6, unique=True))
    options = [
        {"id": f"{target}{n}", "value": f"{target}-{n}", "label": each}
        for n, each in enumerate(labels)
    ]
    picked = draw(st.lists(st.integers(0, len(labels) - 1), min_size=1, unique=True))
    made = field_json(
        target, f"Several {target}", "ARRAY", "CHECKBOX_GROUP", shown={"options": options}
    )
    said = ", ".join(labels[each] for each in picked)
    return made, [said], [f"{target}-{each}" for each in picked]


@st.composite
def number(draw, target):
    """Draw a field for a number, what is typed, and its value."""
    value = draw(st.integers(-1000, 1000))
    made = field_json(
        target,
        f"Number {target}",
        "NUMBER",
        "NUMBER_INPUT",
        validation={"minimum": -1000, "maximum": 1000},
    )
    return made, [str(value)], value


@st.composite
def product(draw, target):
    """Draw a field for an order with a quantity and an amount, what is typed, and its value."""
    quantity = draw(st.integers(1, 9))
    cents = draw(st.integers(100, 5000))
    validation = {
        "products": [
            {
                "id": f"{target}-f",
                "priceType": "FIXED_PRICE",
                "fixedPriceOptions": {"price": "7.50"},
                "quantityLimit": {"maximum": 9},
            },
            {
                "id": f"{target}-d",
                "priceType": "DYNAMIC_PRICE",
                "dynamicPriceOptions": {"minPrice": "1.00", "maxPrice": "50.00"},
            },
        ]
    }
    options = [
        {"value": f"{target}-f", "label": "Blue bowl"},
        {"value": f"{target}-d", "label": "A gift"},
    ]
    made = field_json(
        target,
        f"Wares {target}",
        "PAYMENT",
        "CHECKBOX_GROUP",
        validation=validation,
        shown={"options": options},
    )
    said = ["Blue bowl - 7.50, A gift", str(quantity), f"{cents / 100:.2f}"]
    whole = cents // 100 if cents % 100 == 0 else cents / 100
    value = [
        {"productId": f"{target}-f", "price": "7.50", "quantity": quantity},
        {"productId": f"{target}-d", "price": whole, "quantity": 1},
    ]
    return made, said, value


def fixed(label, said, value, input_type="STRING", component="TEXT_INPUT", **more):
    """Return a strategy for a field with one answer."""
    return lambda target: st.just(
        (field_json(target, f"{label} {target}", input_type, component, **more), [said], value)
    )


KINDS = [
    choice,
    choices,
    number,
    product,
    fixed("Words", "Some plain words", "Some plain words"),
    fixed(
        "Story",
        "Once upon a time\non Friday",
        "Once upon a time\non Friday",
        identifier="TEXT_AREA",
    ),
    fixed("Mail", "ada@example.com", "ada@example.com", validation={"format": "EMAIL"}),
    fixed("Line", "+1 415 555 2671", "+14155552671", component="PHONE_INPUT"),
    fixed("Web", "https://example.com", "https://example.com", validation={"format": "URL"}),
    fixed("Date", "24 December 2026", "2026-12-24", component="DATE_PICKER"),
    fixed("Hour", "17:45", "17:45:00", component="TIME_INPUT"),
    fixed(
        "Moment", "24 December 2026 at 17:45", "2026-12-24T17:45:00+00:00", component="DATE_TIME"
    ),
    fixed("Stars", "4", 4, "NUMBER", "RATING_INPUT"),
    fixed("Agreed", "Yes", True, "BOOLEAN", "CHECKBOX"),
]


@st.composite
def scripts(draw):
    """Return a form, what a person types, and the values that this must give."""
    count = draw(st.integers(1, 8))
    parts = [draw(draw(st.sampled_from(KINDS))(f"f{n}")) for n in range(count)]
    raw = form_json(*(made for made, _, _ in parts))
    texts = [text for _, said, _ in parts for text in said]
    return raw, texts, {f"f{n}": value for n, (_, _, value) in enumerate(parts)}


@settings(max_examples=150, deadline=None)
@given(scripts())
def test_valid_answers_in_order_reach_one_valid_submission(script):
    """Any form, answered in order, reaches the summary and exactly one valid submission."""
    raw, texts, expected = script
    talk = Talk(form=Form.read(raw)).open()

    talk.all(*texts)
    assert expected == talk.known
    assert talk.confirming
    talk.all("yes", "yes")

    assert [expected] == talk.submits
    for target, value in expected.items():
        assert check(talk.form.field(target), value, NOW).value == value


@settings(max_examples=100, deadline=None)
@given(scripts())
def test_labelled_lines_give_the_same(script):
    """The same answers in one message of "label: answer" lines give the same values."""
    raw, texts, expected = script
    form = Form.read(raw)
    if len(texts) != len(form.fields):
        return
    lines = [
        f"{field.label}: {text}"
        for field, text in zip(form.fields, texts, strict=True)
        if "\n" not in text
    ]
    wanted = {
        f.target: expected[f.target]
        for f, t in zip(form.fields, texts, strict=True)
        if "\n" not in t
    }
    if not lines:
        return

    assert wanted == Talk(form=form).open().say("\n".join(lines)).known


@pytest.mark.parametrize("kind", KINDS, ids=range(len(KINDS)))
def test_every_kind_is_asked_again_when_lost(kind):
    """Each kind of question survives words that answer nothing."""
    made, _, _ = find(kind("f0"), lambda _: True)
    talk = Talk(form=Form.read(form_json(made))).open().say("?")

    assert "f0" == talk.asked
    assert {} == talk.known

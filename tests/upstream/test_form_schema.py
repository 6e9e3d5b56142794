"""A form's schema is read in the layout's order, and nothing in it can hurt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.upstream.schema import FieldInfo, FormSchema, plain, read_form, readable

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def field(number, target, **options):
    """Return an input field."""
    return {"id": f"f{number}", "inputOptions": {"target": target, **options}}


def text_field(number, target, label=None, **validation):
    """Return a text field."""
    component = {"label": label} if label is not None else {}
    options = {
        "componentType": "TEXT_INPUT",
        "textInputOptions": component,
        "validation": validation,
    }
    return field(number, target, inputType="STRING", stringOptions=options)


def choice(kind, component, **extra):
    """Return a field of options."""
    member = component.split("_")[0].lower() + "".join(w.title() for w in component.split("_")[1:])
    return field(
        1,
        "it",
        inputType=kind,
        **{
            f"{kind.lower()}Options": {
                "componentType": component,
                f"{member}Options": {
                    "label": "Which?",
                    "options": [{"value": "a", "label": "A"}, {"value": 2}, {"label": "none"}, 5],
                },
                **extra,
            }
        },
    )


def item(number, row, column=0):
    """Return a place in a layout."""
    return {"fieldId": f"f{number}", "row": row, "column": column}


def test_a_text_field():
    """Label, type, format and flags are read."""
    raw = text_field(1, "email", "Email", format="EMAIL")
    raw["inputOptions"] |= {"required": True, "pii": True}
    expected = FieldInfo(
        target="email", label="Email", input_type="STRING", format="EMAIL", required=True, pii=True
    )
    assert {"email": expected} == read_form({"formFields": [raw]}).fields


@pytest.mark.parametrize(
    ("kind", "component"),
    [
        ("STRING", "DROPDOWN"),
        ("STRING", "RADIO_GROUP"),
        ("ARRAY", "CHECKBOX_GROUP"),
        ("ARRAY", "TAGS"),
        ("PAYMENT", "CHECKBOX_GROUP"),
        ("PAYMENT", "DONATION_INPUT"),
    ],
)
def test_labels_of_options(kind, component):
    """Options are called by their labels, by their values without; what has no value is none."""
    info = read_form({"formFields": [choice(kind, component)]}).fields["it"]
    assert (kind, "Which?", {"a": "A", "2": "2"}) == (info.input_type, info.label, info.labels)


def test_how_many_may_be_chosen():
    """The limits of an array are read, a maximum only where there is one."""
    limited = choice("ARRAY", "TAGS", validation={"minItems": 1, "maxItems": "3"})
    free = choice("ARRAY", "TAGS", validation={"minItems": None, "maxItems": []})
    infos = [read_form({"formFields": [raw]}).fields["it"] for raw in (limited, free)]
    assert [(1, 3), (0, None)] == [(info.minimum, info.maximum) for info in infos]


def test_an_unknown_format_is_none():
    """UNKNOWN_FORMAT is the enum's empty value."""
    form = read_form({"formFields": [text_field(1, "a", "A", format="UNKNOWN_FORMAT")]})
    assert "" == form.fields["a"].format


@pytest.mark.parametrize("size", ["large", "medium", "small"])
def test_the_layout_orders_the_fields(size):
    """Steps in turn, rows before columns; fields without a place come last, as they are listed."""
    fields = [text_field(n, f"t{n}") for n in range(1, 7)]
    steps = [
        {"layout": {"large": {"items": []}, size: {"items": [item(4, 1), item(3, 0, 6)]}}},
        {"layout": {size: {"items": [item(5, 0), item(1, 0), item(9, 7), item(4, 9)]}}},
    ]
    form = read_form({"formFields": fields, "steps": steps})
    assert ["t3", "t4", "t5", "t1", "t2", "t6"] == list(form.fields)


def test_the_large_layout_goes_first():
    """The smaller sizes are asked only where the larger has nothing."""
    layout = {"small": {"items": [item(2, 0), item(1, 1)]}, "large": {"items": [item(1, 0)]}}
    fields = [text_field(2, "b"), text_field(1, "a")]
    form = read_form({"formFields": fields, "steps": [{"layout": layout}]})
    assert ["a", "b"] == list(form.fields)


def test_rich_labels_become_one_line():
    """A checkbox's label is RichContent: its texts in order, a blank between paragraphs."""
    words = [{"type": "TEXT", "textData": {"text": word}} for word in ("I ", "accept")]
    label = {
        "nodes": [
            {"type": "PARAGRAPH", "nodes": words},
            {"type": "PARAGRAPH", "nodes": [{"type": "TEXT", "textData": {"text": "all\n of it"}}]},
        ]
    }
    raw = field(
        1,
        "terms",
        inputType="BOOLEAN",
        booleanOptions={"componentType": "CHECKBOX", "checkboxOptions": {"label": label}},
    )
    assert "I accept all of it" == read_form({"formFields": [raw]}).fields["terms"].label


def test_rich_content_may_be_deep():
    """Depth is no trouble."""
    node = {"textData": {"text": "deep"}}
    for _ in range(5000):
        node = {"nodes": [node]}
    assert "deep" == plain(node)


def test_what_is_no_input_is_left_out():
    """Texts and buttons are no fields; the button says how to submit; the first of two wins."""
    button = {"displayOptions": {"pageNavigationOptions": {"submitText": "Order"}}}
    other = {"displayOptions": {"pageNavigationOptions": {"submitText": "Go"}}}
    fields = [button, other, "x", field(1, ""), text_field(2, "a", "A"), text_field(3, "a", "B")]
    form = read_form({"id": "f", "name": "Cake", "formFields": fields})
    expected = {"a": FieldInfo(target="a", label="A", input_type="STRING")}
    assert FormSchema(id="f", name="Cake", fields=expected, submit_text="Order") == form


def test_what_to_call_a_field():
    """Its label, or its target made readable."""
    form = read_form({"formFields": [text_field(1, "a", "A"), text_field(2, "due_date")]})
    labels = [form.label(target) for target in ("a", "due_date", "other_one")]
    assert ["A", "Due date", "Other one"] == labels
    assert "" == readable("_")


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "formFields": JSON
            | st.lists(st.fixed_dictionaries({"inputOptions": JSON, "displayOptions": JSON})),
            "steps": JSON | st.lists(st.fixed_dictionaries({"layout": JSON})),
            "id": JSON,
        },
    ),
    JSON,
)
def test_any_json_is_read(raw, inner):
    """No JSON makes the reader raise."""
    items = {"large": {"items": [{"fieldId": inner, "row": inner, "column": 1}]}}
    options = {
        "target": "a",
        "inputType": "STRING",
        "stringOptions": {
            "componentType": "TAGS",
            "tagsOptions": {"label": inner, "options": inner},
        },
    }
    assert read_form(raw) is not None
    form = read_form({"formFields": [{"inputOptions": options}], "steps": [{"layout": items}]})
    assert ["a"] == list(form.fields)

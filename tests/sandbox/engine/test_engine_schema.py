"""Reading a form's schema: kinds, order, and sentences for what is malformed."""

import pytest

from bridge.sandbox.engine import Form, FormError
from bridge.sandbox.engine.schema import Kind, short


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({}, "no formFields"),
        ({"form": {"formFields": []}}, "no formFields"),
        ({"formFields": [{"id": "x1", "fieldType": "INPUT"}]}, "Field x1: inputOptions.target"),
        ({"formFields": [{"fieldType": "INPUT"}]}, "Field without an id"),
        ({"formFields": [{"inputOptions": {"target": "a__b"}}]}, "Field a__b"),
        ({"formFields": [{"inputOptions": {"target": "1a"}}]}, "Field 1a"),
        (
            {"formFields": [{"inputOptions": {"target": "a", "inputType": "ODD"}}]},
            "Field a: inputType 'ODD'",
        ),
    ],
)
def test_malformed_schema(raw, words):
    """What can't be used is said in a sentence that names the field."""
    with pytest.raises(FormError) as caught:
        Form.read(raw)

    assert words in str(caught.value)


def test_twins_are_refused(make_form, make_field):
    """Two fields with one target can't be told apart."""
    with pytest.raises(FormError, match="Field a: the target is used twice"):
        Form.read(make_form(make_field("a", "A"), make_field("a", "B")))


def test_broken_pattern_is_refused(make_form, make_field):
    """A pattern that is no regular expression is named."""
    with pytest.raises(FormError, match=r"Field a: validation\.pattern"):
        Form.read(make_form(make_field("a", "A", validation={"pattern": "("})))


@pytest.mark.parametrize(
    "products",
    [
        [],
        [{"priceType": "FIXED_PRICE", "fixedPriceOptions": {"price": "1.00"}}],
        [{"id": "p", "priceType": "FIXED_PRICE", "fixedPriceOptions": {"price": "much"}}],
    ],
)
def test_products_need_id_and_price(make_form, make_field, products):
    """A payment field without usable products is refused."""
    raw = make_form(
        make_field("a", "A", "PAYMENT", "CHECKBOX_GROUP", validation={"products": products})
    )
    with pytest.raises(FormError, match="Field a: "):
        Form.read(raw)


def test_order_is_the_layouts(make_form, make_field):
    """Fields are asked by step, row and column; unplaced ones last; hidden steps not at all."""
    items = [
        {"fieldId": "id-c", "row": 0, "column": 6},
        {"fieldId": "id-a", "row": 1},
        {"fieldId": "id-b", "row": 0},
    ]
    steps = [
        {"layout": {"medium": {"items": items}}},
        {"hidden": True, "layout": {"large": {"items": [{"fieldId": "id-h", "row": 0}]}}},
        {},
    ]
    form = Form.read(make_form(*(make_field(each, each) for each in "zhacb"), steps=steps))

    assert ["b", "c", "a", "h", "z"] == [each.target for each in form.fields]
    assert ["h"] == [each.target for each in form.fields if each.hidden]


@pytest.mark.parametrize(
    ("input_type", "component", "more", "kind"),
    [
        ("STRING", "TEXT_INPUT", {}, Kind.TEXT),
        ("STRING", "TEXT_INPUT", {"identifier": "TEXT_AREA"}, Kind.LONG_TEXT),
        ("STRING", "TEXT_INPUT", {"validation": {"format": "EMAIL"}}, Kind.EMAIL),
        ("STRING", "TEXT_INPUT", {"validation": {"format": "URI"}}, Kind.URL),
        ("STRING", "TEXT_INPUT", {"validation": {"format": "DATE_OPTIONAL_TIME"}}, Kind.DATE_TIME),
        ("STRING", "TEXT_INPUT", {"validation": {"enum": ["a", "b"]}}, Kind.CHOICE),
        ("STRING", "DATE_TIME_INPUT", {}, Kind.DATE_TIME),
        ("STRING", "SERVICES_DROPDOWN", {}, Kind.CHOICE),
        ("NUMBER", "RATING_INPUT", {}, Kind.RATING),
        ("ARRAY", "TAGS", {}, Kind.CHOICES),
        ("WIX_FILE", "SIGNATURE", {}, Kind.SIGNATURE),
        ("WIX_FILE", "FILE_UPLOAD", {}, Kind.FILE),
        ("OBJECT", "ANY", {}, Kind.UNSUPPORTED),
    ],
)
def test_kinds(make_form, make_field, input_type, component, more, kind):  # noqa: PLR0917
    """Type, component and format together tell what sort of answer a field takes."""
    form = Form.read(make_form(make_field("a", "A", input_type, component, **more)))

    assert kind is form.fields[0].kind


def test_missing_label_is_made_of_the_target(make_form, make_field):
    """A field without a label is called by its target."""
    form = Form.read(make_form(make_field("event_date", "")))

    assert "Event date" == form.fields[0].label


def test_rich_label(make_form, make_field):
    """A checkbox's label is rich content."""
    nodes = [{"nodes": [{"textData": {"text": "I agree"}}, {"textData": {"text": "now"}}]}]
    form = Form.read(make_form(make_field("a", {"nodes": nodes}, "BOOLEAN", "CHECKBOX")))

    assert "I agree now" == form.fields[0].label


def test_display_fields_are_left_out(make_form, make_field):
    """What only displays something is no field."""
    form = Form.read(make_form(make_field("a", "A"), {"id": "s", "fieldType": "DISPLAY"}))

    assert ["a"] == [each.target for each in form.fields]


def test_zero_steps_count_as_one(make_form, make_field):
    """The official validator treats a step of zero or less as one."""
    raw = make_form(make_field("a", "A", "NUMBER", "NUMBER_INPUT", validation={"multipleOf": 0}))

    assert 1 == Form.read(raw).fields[0].step


@pytest.mark.parametrize(
    ("label", "expected"), [("How many?", "How many"), ("?", "?"), ("x" * 90, "x" * 79 + "\u2026")]
)
def test_short_labels(label, expected):
    """A label inside a sentence has no closing mark and is cut."""
    assert expected == short(label)


def test_amount_field_reads_its_suggestions(talk, make_form, make_field):
    """A donation asks for an amount within its bounds and names the suggested ones."""
    product = {"id": "d", "priceType": "DYNAMIC_PRICE", "dynamicPriceOptions": {"minPrice": "1.00"}}
    raw = make_form(
        make_field(
            "gift",
            "Gift",
            "PAYMENT",
            "DONATION_INPUT",
            validation={"products": [product]},
            shown={"options": [{"value": "5.00"}, {"value": "10.00"}]},
        )
    )
    conversation = talk(raw)

    assert "5.00, 10.00" in conversation.words
    assert "or more" in conversation.say("0.5").warnings["gift"]
    conversation.say("7.25")
    assert [{"productId": "d", "price": 7.25, "quantity": 1}] == conversation.known["gift"]
    assert "Total: 7.25" in conversation.words

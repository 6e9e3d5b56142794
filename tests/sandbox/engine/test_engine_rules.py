"""Rules: every operator, nesting, and what they override."""

import pytest

from bridge.sandbox.engine import Form
from bridge.sandbox.engine.rules import standing


@pytest.fixture
def holds(make_form, make_field, now):
    """Say whether a condition holds for the value of field `a`: then `b` is required."""

    def of(operator, given, wanted=None, *, expression=None):
        condition = {"condition": {"target": "a", "operator": operator, "value": wanted}}
        rule = {
            "expression": expression or {"and": {"conditions": [condition]}},
            "overrides": [
                {
                    "fieldOptions": {
                        "fieldId": "id-b",
                        "propertyType": "REQUIRED",
                        "requiredOptions": {"required": True},
                    }
                }
            ],
        }
        fields = (make_field("a", "A"), make_field("b", "B", required=False))
        form = Form.read(make_form(*fields, formRules=[rule]))
        values = {} if given is None else {"a": given}
        return standing(form, values, now)[1].required

    return of


ORDER = [{"productId": "p1", "price": "1.00", "quantity": 1}]


@pytest.mark.parametrize(
    ("operator", "given", "wanted", "expected"),
    [
        ("EQUAL", "x", "x", True),
        ("EQUAL", "x", "y", False),
        ("EQUAL", 5, "5", True),
        ("EQUAL", None, None, False),
        ("EQUAL", ["x"], "x", True),
        ("EQUAL", ORDER, "p1", True),
        ("NOT_EQUAL", "x", "y", True),
        ("NOT_EQUAL", "x", "x", False),
        ("EMPTY", None, None, True),
        ("EMPTY", [], None, True),
        ("EMPTY", "x", None, False),
        ("NOT_EMPTY", "x", None, True),
        ("CONTAINS", "Lemonade", "lemon", True),
        ("CONTAINS", "x", 5, False),
        ("CONTAINS", ["a", "b"], "b", True),
        ("CONTAINS", ORDER, "p1", True),
        ("NOT_CONTAINS", ["a"], "b", True),
        ("LESS_THAN", 4, 5, True),
        ("LESS_THAN", 5, 5, False),
        ("LESS_THAN", "x", 5, False),
        ("LESS_THAN_OR_EQUALS", 5, 5, True),
        ("GREATER_THAN", 6, 5, True),
        ("GREATER_THAN", True, 0, False),
        ("GREATER_THAN_OR_EQUALS", 5, 5, True),
        ("BEFORE", "2026-01-01", "2026-01-02", True),
        ("BEFORE_OR_EQUAL", "2026-01-02", "2026-01-02", True),
        ("AFTER", "2026-01-03T10:00:00", "2026-01-03", True),
        ("AFTER_OR_EQUAL", "2026-01-01", "2026-01-02", False),
        ("BETWEEN", 5, [1, 10], True),
        ("BETWEEN", 50, [1, 10], False),
        ("BETWEEN", 5, [1], False),
        ("ANY", ["a", "b"], ["b", "c"], True),
        ("ANY", "a", "a", True),
        ("ANY", ["a"], ["c"], False),
        ("ARRAY_EQUAL", ["b", "a"], ["a", "b"], True),
        ("ARRAY_NOT_EQUAL", ["a"], ["a", "b"], True),
        ("CHECKED", True, None, True),
        ("CHECKED", False, None, False),
        ("NOT_CHECKED", None, None, True),
        ("IN", "a", ["a", "b"], True),
        ("IN", "a", "a", True),
        ("NOT_IN", "c", ["a", "b"], True),
        ("IS_DATE_OLDER_THAN", "2000-01-01", "18y", True),
        ("IS_DATE_OLDER_THAN", "2026-11-20", 18, False),
        ("IS_DATE_NEWER_THAN", "2026-11-20", 18, True),
        ("IS_DATE_OLDER_THAN_OR_EQUAL", "2026-11-21T10:00:00", "1d", True),
        ("IS_DATE_NEWER_THAN_OR_EQUAL", "2026-11-21T10:00:00", "1d", True),
        ("IS_DATE_OLDER_THAN", "soon", 1, False),
        ("IS_DATE_OLDER_THAN", "2000-01-01", "long", False),
        ("IS_DATE_OLDER_THAN", 5, 1, False),
        ("UNHEARD_OF", "x", "x", False),
    ],
)
def test_operators(holds, operator, given, wanted, expected):
    """Each operator says what its name says; an empty value fails all but the negated ones."""
    assert expected is holds(operator, given, wanted)


@pytest.mark.parametrize(
    ("outer", "inner", "given", "expected"),
    [
        ("and", "or", "x", True),
        ("and", "or", "z", False),
        ("or", "and", "x", False),
        ("or", "or", "y", True),
    ],
)
def test_nesting(holds, outer, inner, given, expected):
    """Groups nest; `and` wants all, `or` wants one."""
    parts = [{"condition": {"target": "a", "operator": "EQUAL", "value": each}} for each in "xy"]
    expression = {outer: {"conditions": [{inner: {"conditions": parts}}]}}

    assert expected is holds("", given, expression=expression)


@pytest.mark.parametrize(
    "expression",
    [
        {},
        {"and": {"conditions": []}},
        {"and": {"conditions": [{}]}},
        {"condition": {"target": "a"}},
    ],
)
def test_rules_without_conditions_never_hold(holds, expression):
    """A rule that states nothing changes nothing."""
    assert not holds("", "x", expression=expression or {"none": 1})


def test_unknown_overrides_are_left_out(make_form, make_field, now):
    """A rule for another property or an unknown field is ignored."""
    condition = {"condition": {"target": "a", "operator": "EMPTY"}}
    overrides = [
        {
            "fieldOptions": {
                "fieldId": "id-a",
                "propertyType": "ALLOWED_VALUES",
                "allowedValuesOptions": {},
            }
        },
        {
            "fieldOptions": {
                "fieldId": "id-x",
                "propertyType": "HIDDEN",
                "hiddenOptions": {"hidden": True},
            }
        },
    ]
    rule = {"expression": {"and": {"conditions": [condition]}}, "overrides": overrides}
    form = Form.read(make_form(make_field("a", "A"), formRules=[rule]))

    assert () == form.rules
    assert not standing(form, {}, now)[0].hidden

"""Which values fit a field, and what is said of those that don't."""

import pytest

from bridge.sandbox.engine import Form
from bridge.sandbox.engine.validate import check
from bridge.sandbox.engine.verdict import Bad, Good

FRUIT = {"options": [{"value": "a", "label": "Apple"}, {"value": "p", "label": "Pear"}]}
WARES = {
    "minItems": 1,
    "maxItems": 2,
    "products": [
        {
            "id": "f",
            "priceType": "FIXED_PRICE",
            "fixedPriceOptions": {"price": "39.90"},
            "quantityLimit": {"minimum": 2, "maximum": 5},
        },
        {
            "id": "d",
            "priceType": "DYNAMIC_PRICE",
            "dynamicPriceOptions": {"minPrice": "1.00", "maxPrice": "9.00"},
        },
        {"id": "e", "priceType": "DYNAMIC_PRICE", "dynamicPriceOptions": {"minPrice": "1.00"}},
    ],
}
FIELDS = {
    "text": ("STRING", "TEXT_INPUT", {"validation": {"minLength": 2, "maxLength": 5}}),
    "email": ("STRING", "TEXT_INPUT", {"validation": {"format": "EMAIL"}}),
    "url": ("STRING", "TEXT_INPUT", {"validation": {"format": "URL"}}),
    "uuid": ("STRING", "TEXT_INPUT", {"validation": {"format": "UUID"}}),
    "host": ("STRING", "TEXT_INPUT", {"validation": {"format": "HOSTNAME"}}),
    "color": ("STRING", "TEXT_INPUT", {"validation": {"format": "COLOR_HEX"}}),
    "currency": ("STRING", "TEXT_INPUT", {"validation": {"format": "CURRENCY"}}),
    "language": ("STRING", "TEXT_INPUT", {"validation": {"format": "LANGUAGE"}}),
    "pattern": ("STRING", "TEXT_INPUT", {"validation": {"pattern": "^[a-z]+$"}}),
    "advice": (
        "STRING",
        "TEXT_INPUT",
        {"validation": {"pattern": "^x$", "validationMessages": {"pattern": "Only x."}}},
    ),
    "phone": ("STRING", "PHONE_INPUT", {"shown": {"defaultCountryCode": "GB"}}),
    "german": (
        "STRING",
        "PHONE_INPUT",
        {"validation": {"phoneOptions": {"allowedCountryCodes": ["DE"]}}},
    ),
    "date": (
        "STRING",
        "DATE_PICKER",
        {"validation": {"dateOptions": {"minimum": "$now+2d", "maximum": "2027-01-31"}}},
    ),
    "workday": (
        "STRING",
        "DATE_PICKER",
        {
            "validation": {
                "dateOptions": {
                    "availability": {
                        "availableDays": ["MONDAY", "TUESDAY"],
                        "unavailableDates": ["2026-12-07"],
                    }
                }
            }
        },
    ),
    "fixed": (
        "STRING",
        "DATE_PICKER",
        {"validation": {"dateOptions": {"availability": {"availableDates": ["2026-12-01"]}}}},
    ),
    "time": ("STRING", "TIME_INPUT", {}),
    "moment": ("STRING", "DATE_TIME", {"validation": {"dateTimeOptions": {"minimum": "$now+1h"}}}),
    "loose": ("STRING", "DATE_TIME", {"validation": {"format": "DATE_OPTIONAL_TIME"}}),
    "fruit": ("STRING", "DROPDOWN", {"shown": FRUIT}),
    "own": ("STRING", "RADIO_GROUP", {"shown": {**FRUIT, "customOption": {"label": "Other"}}}),
    "fruits": (
        "ARRAY",
        "CHECKBOX_GROUP",
        {"shown": FRUIT, "validation": {"minItems": 1, "maxItems": 1}},
    ),
    "any": ("ARRAY", "CHECKBOX_GROUP", {"shown": FRUIT, "required": False}),
    "tags": ("ARRAY", "TAGS", {}),
    "number": (
        "NUMBER",
        "NUMBER_INPUT",
        {"validation": {"minimum": 0, "maximum": 10, "multipleOf": 0.5}},
    ),
    "least": ("NUMBER", "NUMBER_INPUT", {"validation": {"minimum": 3}}),
    "most": ("NUMBER", "NUMBER_INPUT", {"validation": {"maximum": 3}}),
    "some": ("NUMBER", "NUMBER_INPUT", {"validation": {"enum": [1, 5]}}),
    "stars": ("NUMBER", "RATING_INPUT", {}),
    "truth": ("BOOLEAN", "CHECKBOX", {}),
    "must": ("BOOLEAN", "CHECKBOX", {"validation": {"enum": [True]}}),
    "wares": ("PAYMENT", "CHECKBOX_GROUP", {"validation": WARES}),
    "address": ("ADDRESS", "MULTILINE_ADDRESS", {"validation": {"allowedCountries": ["DE"]}}),
    "file": ("WIX_FILE", "FILE_UPLOAD", {}),
}


@pytest.fixture
def verdict(make_form, make_field, now):
    """Check a value against one of the fields above."""

    def of(name, value):
        input_type, component, more = FIELDS[name]
        form = Form.read(
            make_form(make_field(name, name.capitalize(), input_type, component, **dict(more)))
        )
        return check(form.fields[0], value, now)

    return of


def item(product="f", price="39.90", quantity=2):
    """Return one item of an order."""
    return {"productId": product, "price": price, "quantity": quantity}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("text", " abc ", "abc"),
        ("email", "ada.l+x@example.com", "ada.l+x@example.com"),
        ("url", "http://example.com/a?b", "http://example.com/a?b"),
        ("uuid", "5f1d0a3e-0000-4000-8000-00000000f001", "5f1d0a3e-0000-4000-8000-00000000f001"),
        ("host", "a.example.com", "a.example.com"),
        ("color", "#ff8800", "#ff8800"),
        ("currency", "EUR", "EUR"),
        ("language", "en", "en"),
        ("pattern", "abc", "abc"),
        ("phone", "020 7946 0958", "+442079460958"),
        ("phone", "+14155552671", "+14155552671"),
        ("german", "+49 30 901820", "+4930901820"),
        ("date", "2026-11-24", "2026-11-24"),
        ("date", "2027-01-31", "2027-01-31"),
        ("workday", "2026-12-01", "2026-12-01"),
        ("fixed", "2026-12-01", "2026-12-01"),
        ("time", "18:30", "18:30:00"),
        ("moment", "2026-11-22T11:00:00+00:00", "2026-11-22T11:00:00+00:00"),
        ("loose", "2026-11-22", "2026-11-22"),
        ("fruit", "a", "a"),
        ("fruit", "apple", "a"),
        ("own", "Quince", "Quince"),
        ("fruits", ["Pear"], ["p"]),
        ("fruits", "a", ["a"]),
        ("fruits", ["a", "a"], ["a"]),
        ("any", [], []),
        ("tags", ["x", "y"], ["x", "y"]),
        ("number", 2.5, 2.5),
        ("number", "3", 3),
        ("number", 3.0, 3),
        ("some", 5, 5),
        ("stars", 5, 5),
        ("truth", False, False),
        ("truth", "true", True),
        ("must", True, True),
        ("wares", [item()], [item()]),
        ("wares", [item(price=39.9, quantity=5)], [item(quantity=5)]),
        ("wares", [item("d", 2.5, 1)], [item("d", 2.5, 1)]),
        ("wares", [{"productId": "e", "price": 100}], [item("e", 100, 1)]),
        ("address", {"addressLine": "x", "country": "DE"}, {"addressLine": "x", "country": "DE"}),
    ],
)
def test_good(verdict, name, value, expected):
    """What fits is given back as it is submitted."""
    assert Good(value=expected) == verdict(name, value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("text", "", "give a text"),
        ("text", 5, "give a text"),
        ("text", "a", "at least 2"),
        ("text", "abcdefg", "2 too many"),
        ("email", "ada", "no e-mail"),
        ("email", "ada@example", "no e-mail"),
        ("email", "a..b@example.com", "no e-mail"),
        ("email", 1, "no e-mail"),
        ("url", "example", "web address"),
        ("uuid", "x", "a UUID"),
        ("host", "x", "a host name"),
        ("color", "red", "a colour"),
        ("pattern", "ABC", "right format"),
        ("pattern", "a" * 501, "right format"),
        ("advice", "y", "Only x."),
        ("phone", "12", "no phone"),
        ("phone", "+999999999999999", "no phone"),
        ("phone", "+++++", "no phone"),
        ("phone", "call me", "no phone"),
        ("german", "+442079460958", "these countries, please: DE"),
        ("date", "soon", "give a date"),
        ("date", "2026-02-30", "give a date"),
        ("date", "2026-11-23", "earliest day is Tuesday, 24 November 2026"),
        ("date", "2027-02-01", "latest day is Sunday, 31 January 2027"),
        ("workday", "2026-12-02", "Possible days: Monday, Tuesday"),
        ("workday", "2026-12-07", "not available"),
        ("fixed", "2026-12-02", "not available"),
        ("time", "25:00", "give a time"),
        ("moment", "2026-11-23", "a date and a time"),
        ("moment", "2026-11-22T10:30:00+00:00", "too early"),
        ("moment", 5, "a date and a time"),
        ("fruit", "Quince", '"Quince" is not one of'),
        ("fruit", True, "that is not one of"),
        ("own", 5, "give a text"),
        ("fruits", ["a", "p"], "at most 1"),
        ("fruits", [], "at least 1"),
        ("fruits", ["x"], "not one of"),
        ("fruits", {"a": 1}, "from the list"),
        ("number", "many", "a number from 0 to 10"),
        ("number", True, "a number"),
        ("number", float("inf"), "a number"),
        ("number", 11, "out of range"),
        ("number", -1, "out of range"),
        ("number", 2.3, "steps of 0.5"),
        ("least", 2, "at least 3"),
        ("most", 4, "at most 3"),
        ("some", 2, "one of 1, 5"),
        ("stars", 6, "from 1 to 5"),
        ("stars", 2.5, "steps of 1"),
        ("truth", "perhaps", "yes or no"),
        ("must", False, "answered with yes"),
        ("wares", [], "at least 1"),
        ("wares", "f", "at least 1"),
        ("wares", [item(), item()], "only once"),
        ("wares", [item(), item("d", 2, 1), item("e", 2, 1)], "at most 2"),
        ("wares", [item("nobody")], "from the list"),
        ("wares", ["nobody"], "from the list"),
        ("wares", [item(price="1.00")], "from the list"),
        ("wares", [item(quantity=6)], "2 to 5"),
        ("wares", [item(quantity=1)], "2 to 5"),
        ("wares", [item(quantity=2.5)], "whole number"),
        ("wares", [item("d", 9.5, 1)], "1.00 to 9.00"),
        ("wares", [item("d", 0.5, 1)], "1.00 to 9.00"),
        ("wares", [item("d", None, 1)], "1.00 to 9.00"),
        ("wares", [item("e", 0.5, 1)], "1.00 or more"),
        ("wares", [item("d", 1.555, 1)], "two decimals"),
        ("address", "12 Rose Lane", "in one line"),
        ("address", {"country": "FR"}, "these countries, please: DE"),
        ("file", "x", "can't be given here"),
    ],
)
def test_bad(verdict, name, value, words):
    """What does not fit is refused with words that help."""
    found = verdict(name, value)

    assert isinstance(found, Bad)
    assert words in found.text

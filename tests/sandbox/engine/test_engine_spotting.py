"""Days, times, numbers and single answers in a text."""

from datetime import date, time

import pytest

from bridge.sandbox.engine import Form
from bridge.sandbox.engine.answer import answer
from bridge.sandbox.engine.days import spot_clocks, spot_days
from bridge.sandbox.engine.findings import Said
from bridge.sandbox.engine.moments import bound, shift
from bridge.sandbox.engine.numbers import spot_numbers, whole_number


@pytest.mark.parametrize(
    ("text", "eager", "expected"),
    [
        ("next sat", False, ["2026-11-28"]),
        ("sat", False, []),
        ("sat", True, ["2026-11-28"]),
        ("the 5th", False, []),
        ("the 5th", True, ["2026-12-05"]),
        ("the 99th", True, []),
        ("12/24", True, ["2026-12-24"]),
        ("today or tonight", False, ["2026-11-22", "2026-11-22"]),
        ("the day after tomorrow", False, ["2026-11-24"]),
        ("3 days from now", False, ["2026-11-25"]),
        ("a week from today", False, ["2026-11-29"]),
        ("in a week", False, ["2026-11-29"]),
        ("in two months", False, ["2027-01-22"]),
        ("31 February", False, []),
        ("Friday, 27 November 2026", False, ["2026-11-27"]),
        ("may, march, sun, 20, second, 12", True, ["2026-11-29"]),
    ],
)
def test_days(now, text, eager, expected):
    """Days are found by their shape; short forms only where a date was asked."""
    found = spot_days(text, now, eager=eager)

    assert expected == [each.value.isoformat() for each in found]


def test_clocks():
    """A time after "at" counts only where a time was asked."""
    assert () == spot_clocks("at 6")
    assert [time(6)] == [each.value for each in spot_clocks("at 6", eager=True)]
    assert [time(17)] == [each.value for each in spot_clocks("5 o'clock p.m. or 17:00")][1:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twenty-five", [25]),
        ("half a dozen or 2 dozen", [6, 24]),
        ("a couple of cakes", [2]),
        ("1,000 or 12,5 or -3", [1000, 12.5, -3]),
        ("$40 and \u20ac5.50", [40, 5.5]),
        ("2nd 5/6 12:30 v2 3.4.5", []),
        ("x2 and \u00d73", [2, 3]),
        ("two two", []),
        ("a hundred", [100]),
    ],
)
def test_numbers(text, expected):
    """Numbers are read in digits and in words; dates, times and versions are none."""
    assert expected == [each.value for each in spot_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("20", 20), ("about 15, please", None), ("just two", 2), ("20 guests", None)],
)
def test_whole_numbers(text, expected):
    """A text is a number as a whole, but for a polite word."""
    assert expected == whole_number(text)


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (1, "M", "2027-02-28"),
        (-1, "y", "2026-01-31"),
        (2, "d", "2027-02-02"),
        (24, "h", "2027-02-01"),
        (1440, "m", "2027-02-01"),
        (99, "h", "2027-02-04"),
    ],
)
def test_relative_bounds(now, count, unit, expected):
    """Years and months keep to the calendar; the other units are plain durations."""
    start = now.replace(year=2027, month=1, day=31, hour=0)

    assert expected == shift(start, count, unit).date().isoformat()


def test_bounds_end_where_the_calendar_ends(now):
    """A bound beyond the last year stays where it began; no bound is none."""
    late = now.replace(year=9999)

    assert late == shift(late, 99, "y")
    assert late == shift(late, 99999, "d")
    assert bound("", now) is None
    assert date(2026, 11, 22) == bound("$now", now).date()


CASES = [
    ("STRING", "TEXT_INPUT", {}, '"Hurray"', "Hurray"),
    ("STRING", "TEXT_INPUT", {}, "please write Hurray", "Hurray"),
    ("STRING", "TEXT_INPUT", {}, "the thing is Hurray, Bob", "Hurray, Bob"),
    ("STRING", "TEXT_INPUT", {"identifier": "FULL_NAME"}, "my name is Ada", "Ada"),
    ("STRING", "TEXT_INPUT", {}, "  ", None),
    ("STRING", "TEXT_INPUT", {"identifier": "TEXT_AREA"}, " ", None),
    (
        "STRING",
        "TEXT_INPUT",
        {"validation": {"format": "EMAIL"}},
        "write to a@b.example.",
        "a@b.example",
    ),
    ("STRING", "TEXT_INPUT", {"validation": {"format": "EMAIL"}}, "a@", "a@"),
    ("STRING", "TEXT_INPUT", {"validation": {"format": "EMAIL"}}, "none of yours", None),
    (
        "STRING",
        "TEXT_INPUT",
        {"validation": {"format": "URL"}},
        "see https://a.example/x.",
        "https://a.example/x",
    ),
    ("STRING", "TEXT_INPUT", {"validation": {"format": "URL"}}, "a.example", "https://a.example"),
    ("STRING", "TEXT_INPUT", {"validation": {"format": "URL"}}, "no page", None),
    ("STRING", "PHONE_INPUT", {}, "555", "555"),
    ("STRING", "PHONE_INPUT", {}, "my number", None),
    ("STRING", "DATE_PICKER", {}, "the 5th", "2026-12-05"),
    ("STRING", "DATE_PICKER", {}, "45.45.4545", "45.45.4545"),
    ("STRING", "DATE_PICKER", {}, "soon", None),
    ("STRING", "TIME_INPUT", {}, "77", "77"),
    ("STRING", "TIME_INPUT", {}, "late", None),
    ("STRING", "DATE_TIME", {}, "tomorrow", "2026-11-23"),
    ("STRING", "DATE_TIME", {}, "17:00", "2026-11-22T17:00:00+00:00"),
    ("STRING", "DATE_TIME", {}, "soon", None),
    ("NUMBER", "NUMBER_INPUT", {}, "3 or 4", None),
    ("NUMBER", "NUMBER_INPUT", {}, "roughly 3 pieces", "3"),
    ("NUMBER", "RATING_INPUT", {}, "4/5", 4),
    ("NUMBER", "RATING_INPUT", {}, "\u2605\u2605", 2),
    ("BOOLEAN", "CHECKBOX", {}, "perhaps", None),
    ("BOOLEAN", "CHECKBOX", {}, "No, never ever", False),
    ("WIX_FILE", "FILE_UPLOAD", {}, "cat.png", None),
    (
        "PAYMENT",
        "FIXED_PAYMENT",
        {"validation": {"products": [{"id": "p", "fixedPriceOptions": {"price": "1.00"}}]}},
        "no idea",
        None,
    ),
    ("ADDRESS", "MULTILINE_ADDRESS", {}, "x", None),
    (
        "ARRAY",
        "CHECKBOX_GROUP",
        {"shown": {"options": [{"value": "a", "label": "Apple"}]}},
        "quince",
        None,
    ),
    (
        "STRING",
        "DROPDOWN",
        {"shown": {"options": [{"value": "a", "label": "Apple"}], "customOption": {}}},
        "which?",
        None,
    ),
]


@pytest.mark.parametrize(("input_type", "component", "more", "text", "expected"), CASES)
def test_answers(now, make_form, make_field, input_type, component, more, text, expected):  # noqa: PLR0917
    """A text answers a question of its kind, or it does not; a failed try is kept for its check."""
    form = Form.read(make_form(make_field("thing", "Thing", input_type, component, **dict(more))))

    found = answer(form.fields[0], text, now)

    assert expected == (found.value if isinstance(found, Said) else found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deliver to 12 Rose Lane", {"formatted": "12 Rose Lane", "addressLine": "12 Rose Lane"}),
        (
            "1 A St, London SW1A 1AA",
            {
                "formatted": "1 A St, London SW1A 1AA",
                "addressLine": "1 A St",
                "city": "London",
                "postalCode": "SW1A 1AA",
            },
        ),
        (
            "1 A St, Springfield, us",
            {
                "formatted": "1 A St, Springfield, us",
                "addressLine": "1 A St",
                "city": "Springfield",
                "country": "US",
            },
        ),
    ],
)
def test_addresses(now, make_form, make_field, text, expected):
    """One line becomes an address, as far as its commas tell."""
    form = Form.read(make_form(make_field("at", "Home", "ADDRESS", "MULTILINE_ADDRESS")))

    assert Said(target="at", value=expected) == answer(form.fields[0], text, now)


def test_only_country_is_taken_over(now, make_form, make_field):
    """Where one country alone is allowed, it need not be said."""
    raw = make_form(
        make_field(
            "at", "Home", "ADDRESS", "MULTILINE_ADDRESS", validation={"allowedCountries": ["DE"]}
        )
    )

    assert "DE" == answer(Form.read(raw).fields[0], "Hauptstr. 1", now).value["country"]


def test_known_moment_is_completed(now, make_form, make_field):
    """A new time keeps the day, a new day keeps the time."""
    field = Form.read(make_form(make_field("at", "When", component="DATE_TIME"))).fields[0]
    known = "2026-12-12T17:00:00+00:00"

    assert "2026-12-12T09:00:00+00:00" == answer(field, "9 am", now, known=known).value
    assert "2026-12-24T17:00:00+00:00" == answer(field, "24 December", now, known=known).value

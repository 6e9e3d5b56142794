"""Marks of numbered lists, and numbers asked for, also beside each other."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.answers import (
    Chosen,
    Free,
    NumberGiven,
    Refused,
    Scheme,
    Several,
    Why,
    Words,
    check,
    explain,
    fits,
    marks,
    read,
    scheme_of,
)
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

SMS = Words(reserved=frozenset({"stop", "yes", "a1", "end"}), page_size=7)


def asked(widget: Widget, first: int = 1) -> Prompt:
    """Return an open prompt."""
    return Prompt(
        id=PromptId("p"), owner=PromptOwner.UPSTREAM, question="?", widget=widget, first=first
    )


def one(*labels: str, first: int = 1) -> Prompt:
    """Return a single select."""
    return asked(SingleSelect(options=tuple(Option(label=label) for label in labels)), first)


def some(*labels: str, first: int = 1) -> Prompt:
    """Return a multi select."""
    return asked(MultiSelect(options=tuple(Option(label=label) for label in labels)), first)


def limits(**ends: str) -> NumberInput:
    """Return what a number prompt takes."""
    return NumberInput(**{key: Decimal(value) for key, value in ends.items()})


TRICKY = st.sampled_from(
    [
        *("1", "2", "2.", "#1", "#2", "##1", "a", "b", "B)", "two", "the second", "last", "more"),
        *("ok", "Yes", "STOP", "", " ", "…", "🎂", "👩‍🍳", "1, 2", "1 and 2", "2-4", "all", "none"),
        *("Red", "red", "RED!", "2 tiers", "Room 3", "10:30", "½", "②", "٣", "-2", "2?", "é", "e"),
        *(
            "#1!",
            "option 1",
            "Plan B",
            "no",
            "back",
            "red, blue",
            "None of these",
            "İ",
            "ß",
            "x" * 400,
        ),
    ]
)
LABELS = st.lists(st.one_of(TRICKY, st.text(max_size=12)), min_size=1, max_size=30)


@given(LABELS, st.integers(1, 40), st.sampled_from([one, some]))
def test_each_mark_parses_back_to_its_option(labels, first, ask):
    """Whatever the labels: marks differ, are no words of the channel, and name one option each."""
    prompt = ask(*labels, first=first)
    shown = marks(prompt, SMS)

    assert len(labels) == len(set(shown))
    for index, mark in enumerate(shown):
        assert read(mark, (prompt,), SMS) == Chosen(prompt=prompt, chosen=(index,))
        assert read(f" {mark.upper()} ", (prompt,), SMS) == Chosen(prompt=prompt, chosen=(index,))


@given(LABELS, st.integers(1, 40), st.sampled_from([one, some]))
def test_no_label_is_taken_for_another_option(labels, first, ask):
    """A typed label is its option, or no answer at all; its own words are never split."""
    prompt = ask(*labels, first=first)
    for index, label in enumerate(labels):
        reading = read(label, (prompt,), SMS)
        assert not isinstance(reading, Several)
        if isinstance(reading, Chosen):
            assert (index,) == reading.chosen


@settings(max_examples=10)
@given(st.lists(st.text(min_size=1, max_size=60), min_size=100, max_size=100))
def test_a_hundred_options_can_be_chosen(labels):
    """The largest list that the upstream sends."""
    prompt = one(*labels)
    for index, mark in enumerate(marks(prompt, SMS)):
        assert read(mark, (prompt,), SMS) == Chosen(prompt=prompt, chosen=(index,))


@given(st.text(max_size=80), LABELS)
def test_any_text_can_be_read(text, labels):
    """Nothing that people type raises, beside whatever is open."""
    prompts = (one(*labels), asked(limits(minimum="0", step="0.25")), some("Nuts", "Tea", first=50))
    assert read(text, prompts, SMS) is not None


@pytest.mark.parametrize(
    ("labels", "first", "expected"),
    [
        (("Red", "Blue"), 1, ("1", "2")),
        (("Red", "Blue"), 5, ("5", "6")),
        (("1", "2", "Three"), 1, ("1", "2", "3")),
        (("10", "20", "30"), 1, ("1", "2", "3")),
        (("2", "4", "8"), 1, ("a", "b", "c")),
        (("2 tiers", "3 tiers"), 1, ("a", "b")),
        (("Small (serves 2)", "Big"), 1, ("1", "2")),
        (("Second floor", "First floor"), 3, ("3", "4")),
        (("Last", "Next"), 1, ("a", "b")),
        (("two", "one"), 3, ("3", "4")),
        (("two", "one"), 1, ("a", "b")),
        (("a", "b", "1", "2"), 1, ("a", "b", "c", "d")),
        (("b", "a", "1", "2"), 1, ("#1", "#2", "#3", "#4")),
        (("#2", "b", "1", "a"), 1, ("##1", "##2", "##3", "##4")),
        (("Plan B", "2", "1"), 1, ("#1", "#2", "#3")),
        (("twenty", "the second", "x"), 1, ("1", "2", "3")),
    ],
)
def test_marks_are_numbers_where_nothing_clashes(labels, first, expected):
    """Then letters, then numbers after "#"."""
    assert expected == marks(one(*labels, first=first), Words())


def test_marks_keep_clear_of_the_channels_words():
    """A word that looks like a mark moves the whole list to other marks."""
    assert marks(one("Red", "Blue"), Words(back="2")) == ("a", "b")
    assert marks(one("Red", "Blue"), Words(back="2", more="b")) == ("#1", "#2")
    assert marks(asked(limits()), Words()) == ()
    assert scheme_of(one("2", "1"), Words()) == Scheme(letters=True)
    assert [Scheme(letters=True).mark(n) for n in (1, 26, 27, 53, 100)] == [
        *("a", "z", "aa", "ba", "cv")
    ]


def test_labels_called_by_a_number_are_named_by_it():
    """Where the number is no mark and only one label has it."""
    times = one("10:00", "10:30", "20 people")
    assert read("20", (times,), SMS) == Chosen(prompt=times, chosen=(2,))
    assert read("10", (times,), SMS) == Free(text="10")
    assert isinstance(read("#20", (times,), SMS), Refused)


ANY = limits()
GUESTS = limits(minimum="1", maximum="200", step="1")


@pytest.mark.parametrize(
    ("widget", "text", "expected"),
    [
        *((GUESTS, text, "20") for text in ("20", " 20. ", "20!", "٢٠", "20,0", "+20", "twenty")),
        *((ANY, text, "1000") for text in ("1,000", "1.000", "1 000", "1'000", "1\u00a0000")),
        *(
            (ANY, text, "1000.5")
            for text in (
                "1.000,5",
                "1,000.5",
                "1000,5",
                "1\u2019000.5",
                "\u0661\u066c\u0660\u0660\u0660\u066b\u0665",
            )
        ),
        *((ANY, text, "-2.5") for text in ("-2.5", "\u22122,5", "- 2.50")),
        *((ANY, text, "1234567") for text in ("1,234,567", "12,34,567", "1.234.567")),
        *((ANY, text, "1.5") for text in ("1½", "1 ½", "1.5")),
        *((ANY, text, "-5") for text in ("minus five", "-5")),
        *((ANY, text, "0.5") for text in ("½", ".5", ",5")),
        (limits(step="0.001"), "1.500", "1.5"),
        (limits(maximum="10"), "1.500", "1.5"),
        (limits(step="0.001", maximum="10"), "1.000", "1"),
        (ANY, "two hundred and five", "205"),
        (ANY, "1e3", None),
        *(
            (GUESTS, text, None)
            for text in ("20 guests", "about 20", "one two", "20?", "", "o", "1.2.3")
        ),
        *((GUESTS, text, None) for text in ("#20", "1" * 60, "NaN", "-", "20%", "1.000.00")),
    ],
)
def test_a_number_is_a_text_that_is_one_as_a_whole(widget, text, expected):
    """In the spellings of many places; anything more is for the upstream."""
    prompt = asked(widget)
    meant = (
        Free(text=text) if expected is None else NumberGiven(prompt=prompt, value=Decimal(expected))
    )
    assert meant == read(text, (prompt,), SMS)


@pytest.mark.parametrize(
    ("widget", "text", "expected"),
    [
        (GUESTS, "0", Why.TOO_SMALL),
        (GUESTS, "201", Why.TOO_LARGE),
        (GUESTS, "1,000", Why.TOO_LARGE),
        (GUESTS, "2.5", Why.OFF_STEP),
        (limits(below="5"), "5", Why.TOO_LARGE),
        (limits(step="0.1"), "0.25", Why.OFF_STEP),
    ],
)
def test_a_number_that_does_not_fit_is_told(widget, text, expected):
    """Range and step are reckoned exactly."""
    reading = read(text, (asked(widget),), SMS)
    assert isinstance(reading, Refused)
    assert (expected, text) == (reading.reason, reading.mark)


def test_steps_are_exact():
    """No binary fractions: 0.3 is three times 0.1; a step of nothing binds nobody."""
    assert fits(limits(step="0.1"), Decimal("0.3"))
    assert fits(limits(step="0"), Decimal("0.3"))
    assert fits(limits(below="5"), Decimal("4.999"))


def test_a_number_for_two_prompts_goes_to_the_one_that_takes_it():
    """Where both take it, or none, it goes on."""
    few, many = asked(limits(maximum="5")), asked(limits(minimum="3"))
    assert read("2", (few, many), SMS) == NumberGiven(prompt=few, value=Decimal(2))
    assert read("9", (few, many), SMS) == NumberGiven(prompt=many, value=Decimal(9))
    assert read("4", (few, many), SMS) == Free(text="4")
    assert read("5.5", (few, asked(limits(minimum="6"))), SMS) == Free(text="5.5")


def test_a_list_beside_a_number_prompt():
    """What fits one is that; what fits both is told, and "#2" is the mark."""
    cakes, guests = one("Tea", "Milk"), asked(limits(maximum="50"))
    both = (cakes, guests)
    refused = Refused(prompt=cakes, reason=Why.TWO_MEANINGS, mark="2")
    milk = Chosen(prompt=cakes, chosen=(1,))

    assert refused == read("2", both, SMS)
    assert refused == read("two", both, SMS)
    assert milk == read("#2", both, SMS)
    assert milk == read("option 2", both, SMS)
    assert milk == read("2", (cakes, asked(limits(minimum="10"))), SMS)
    assert NumberGiven(prompt=guests, value=Decimal(20)) == read("20", both, SMS)
    assert NumberGiven(prompt=guests, value=Decimal(2)) == read("2", both, Words(single=2))
    assert Refused(prompt=guests, reason=Why.MIXED) == read("milk, 20", both, SMS)
    assert Refused(prompt=guests, reason=Why.TOO_LARGE, mark="60") == read("60", both, SMS)
    assert Free(text="20 or so") == read("20 or so", both, SMS)


def test_a_mark_that_is_a_label_elsewhere_is_told():
    """Of two lists: "#" makes it the mark; without a mark in play the label stands."""
    colours, tiers = one("Red", "Blue"), one("2", "7", first=3)
    both = (colours, tiers)
    assert read("2", both, SMS) == Refused(prompt=colours, reason=Why.TWO_MEANINGS, mark="2")
    assert read("#2", both, SMS) == Chosen(prompt=colours, chosen=(1,))
    assert read("7", both, SMS) == Chosen(prompt=tiers, chosen=(1,))
    assert read("2", both, Words(single=2)) == Chosen(prompt=tiers, chosen=(0,))
    named = (colours, one("#2", "x", first=3))
    assert read("#2", named, SMS) == Chosen(prompt=colours, chosen=(1,))


def test_letters_take_ranges_and_lists():
    """As numbers do; a number where letters are shown is told."""
    prompt = some("2", "1", "x")
    assert read("a-c", (prompt,), SMS) == Chosen(prompt=prompt, chosen=(0, 1, 2))
    assert read("A, c)", (prompt,), SMS) == Chosen(prompt=prompt, chosen=(0, 2))
    assert read("3", (prompt,), SMS) == Refused(prompt=prompt, reason=Why.NO_SUCH_OPTION, mark="3")
    hashed = some("b", "a", "2", "1")
    assert read("#1-#3", (hashed,), SMS) == Chosen(prompt=hashed, chosen=(0, 1, 2))
    assert read("#1 #4", (hashed,), SMS) == Chosen(prompt=hashed, chosen=(0, 3))


def test_a_range_that_begins_a_label_is_no_range():
    """So may "2-4" be where there are "2-4 people"."""
    prompt = some("1-2 people", "2-4 people", "x", "y")
    assert read("2-4", (prompt,), SMS) == Chosen(prompt=prompt, chosen=(1,))


def test_size_1_is_not_size_12():
    """Half a number begins nothing."""
    assert read("size 1", (one("Size 12", "Other"),), SMS) == Free(text="size 1")
    assert isinstance(read("size 12", (one("Size 12 x", "Other"),), SMS), Chosen)


SWEETS = MultiSelect(options=(Option(label="x"), Option(label="y")), minimum=1, maximum=1)


@pytest.mark.parametrize(
    ("widget", "given", "expected"),
    [
        (SWEETS, {"chosen": (0,)}, None),
        (SWEETS, {"chosen": ()}, "Please choose at least 1 of them."),
        (SWEETS, {"chosen": (0, 1)}, "That is more than 1. Please choose up to 1."),
        (SWEETS, {"chosen": (0,), "custom": "z"}, "That is more than 1. Please choose up to 1."),
        (SingleSelect(options=()), {"chosen": (0, 1)}, "Please choose one only."),
        (SingleSelect(options=()), {"custom": "z"}, None),
        (GUESTS, {"number": Decimal(7)}, None),
        (GUESTS, {}, "I need a number from 1 to 200, without decimals."),
        (
            limits(minimum="2", below="9", step="0.50"),
            {"number": Decimal(1)},
            "2 to below 9, in steps of 0.5.",
        ),
        (limits(maximum="1E+3"), {"number": Decimal(1001)}, "I need a number up to 1000."),
        (limits(below="9", step="-1"), {"number": Decimal(9)}, "I need a number below 9."),
        (limits(minimum="3"), {"number": Decimal(2)}, "I need a number from 3."),
        (limits(), {}, "I need a number."),
    ],
)
def test_an_answer_by_a_widget_is_checked_alike(widget, given, expected):
    """And the person is told what is asked for."""
    wrong = check(asked(widget), **given)
    told = wrong and explain(wrong, Phrases())
    assert told is None if expected is None else str(told).endswith(expected)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Why.NO_SUCH_OPTION, "There is no option 9. "),
        (Why.TWO_MEANINGS, "“9” can mean two things here. For that option send #9;"),
        (Why.MIXED, "Please answer one question at a time."),
    ],
)
def test_a_refusal_is_explained(reason, expected):
    """With the mark that was typed."""
    refused = Refused(prompt=one("x"), reason=reason, mark="9")
    assert explain(refused, Phrases()).startswith(expected)


@pytest.mark.parametrize(
    ("labels", "listed"),
    [
        (("Vanilla", "Chocolate"), False),
        (("A cake of many tiers and berries", "Chocolate"), True),
        (("Crème", "Chocolate"), True),
        (("Oak", "OAK"), True),
    ],
)
def test_a_mark_that_a_widget_may_list_has_two_meanings_beside_a_number(labels, listed):
    """What stands on short buttons has no mark; a list that may be shown has (law 9)."""
    chosen, guests = one(*labels), asked(limits(minimum="1", maximum="20"))
    words = Words(single=100, multi=100, lists_in_widgets=True)
    refused = Refused(prompt=chosen, reason=Why.TWO_MEANINGS, mark="2")
    taken = NumberGiven(prompt=guests, value=Decimal(2))
    assert read("2", (chosen, guests), words) == (refused if listed else taken)
    assert read("2", (chosen, guests), Words(single=100, multi=100)) == taken
    assert read("2", (guests,), words) == taken

# ruff: noqa: RUF001 - signs that look like letters are what buttons show
"""Every option can be tapped, and keyboards look right on a phone."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.limits import (
    BUTTON_LIMIT,
    LABEL_COLUMNS,
    MARKUP_BYTES,
    PAGE_SIZE,
    ROW_LIMIT,
    TAP_BYTES,
)
from adapters.telegram.outgoing.keyboard import changing, keyboard, opening, sharing
from adapters.telegram.outgoing.listing import LIST_ROOM, listing, sheet
from adapters.telegram.outgoing.texts import columns
from adapters.telegram.taps import Deed, Tap, read_tap
from bridge.conformance.host import RecordingHost
from bridge.conformance.strategies import texts
from bridge.protocol.prompts import (
    Display,
    MenuLine,
    MultiSelect,
    NumberInput,
    Option,
    Prompt,
    PromptOwner,
    PromptView,
    SingleSelect,
)
from bridge.protocol.threads import PromptId
from tests.adapters.telegram.drawing import units

LABELS = RecordingHost().labels
ID = PromptId("zzzzzzzzzzzzzzzzzzzz")
REV = 9_999_999
WALL = "Terms: " + "very long words " * 600


def page_of(labels, page=0, selected=()):
    """Return what the core works out for one page of these labels."""
    first = page * PAGE_SIZE
    lines = tuple(
        MenuLine(str(index + 1), label, index, index in selected)
        for index, label in list(enumerate(labels))[first : first + PAGE_SIZE]
    )
    pages = max(1, -(-len(labels) // PAGE_SIZE))
    return Display(lines=lines, page=page, pages=pages)


def choosing(labels, *, several=False, custom=None, page=0, selected=()):
    """Return a prompt that asks for one or several of these."""
    kind = MultiSelect if several else SingleSelect
    return Prompt(
        id=ID,
        owner=PromptOwner.UPSTREAM,
        question="Which?",
        widget=kind(options=tuple(Option(label=label) for label in labels), custom=custom),
        view=PromptView(rev=REV, page=page, selected=tuple(selected)),
        display=page_of(labels, page, selected),
    )


def counting(number=None, **bounds):
    """Return a prompt that asks for a number."""
    given = {name: Decimal(value) for name, value in bounds.items()}
    return Prompt(
        id=ID,
        owner=PromptOwner.UPSTREAM,
        question="How many?",
        widget=NumberInput(**given),
        view=PromptView(rev=3, number=None if number is None else Decimal(number)),
    )


def rows(markup):
    """Return the texts of the buttons, row by row."""
    return [] if markup is None else [[b.text for b in row] for row in markup.inline_keyboard]


def flat(nested):
    """Return what is in the rows, in order."""
    return [item for row in nested for item in row]


def taps(markup):
    """Return what the buttons mean, in order."""
    buttons = [] if markup is None else [b for row in markup.inline_keyboard for b in row]
    return [read_tap(button.callback_data) for button in buttons]


def check_limits(markup):
    """Fail where Telegram would refuse the keyboard."""
    buttons = [button for row in markup.inline_keyboard for button in row]
    assert 1 <= len(buttons) <= BUTTON_LIMIT
    assert all(1 <= len(row) <= ROW_LIMIT for row in markup.inline_keyboard)
    assert all(1 <= len(button.callback_data.encode()) <= TAP_BYTES for button in buttons)
    assert all(button.text.strip() and "\n" not in button.text for button in buttons)
    assert len(json.dumps(markup.to_dict())) < MARKUP_BYTES


any_labels = st.lists(
    st.one_of(texts(longest=60), st.text(min_size=1, max_size=4), st.just(WALL)),
    min_size=1,
    max_size=100,
)


@given(any_labels, st.booleans(), st.booleans())
@settings(deadline=None)
def test_every_option_can_be_tapped(labels, several, custom):
    """Whatever the labels, each option of each page has one button that means exactly it."""
    deed = Deed.TOGGLE if several else Deed.CHOOSE
    found = []
    for page in range(page_of(labels).pages):
        prompt = choosing(labels, several=several, custom="mine" if custom else None, page=page)
        markup = keyboard(prompt, LABELS)
        check_limits(markup)
        assert None not in taps(markup)
        found += [int(tap.argument) for tap in taps(markup) if tap.deed is deed]
    assert found == list(range(len(labels)))


@given(any_labels, st.booleans())
@settings(deadline=None)
def test_every_option_can_be_read(labels, several):
    """Each label stands whole on its button or in the list, or can be asked for as a whole."""
    prompt = choosing(labels[:PAGE_SIZE], several=several)
    page, markup = sheet(prompt), keyboard(prompt, LABELS)
    assert units(listing(page)) <= LIST_ROOM
    asked = {int(tap.argument) for tap in taps(markup) if tap.deed is Deed.REVEAL}
    for line, label in zip(page.lines, labels, strict=False):
        whole = " ".join(label.split())
        shown = listing(page) if page.listed else " ".join(flat(rows(markup)))
        assert line.index in asked or _seen(whole) in _seen(shown)


def _seen(text):
    return "".join(c for c in text if c.isprintable() and not c.isspace())


@given(any_labels)
def test_buttons_are_not_cut_by_a_phone(labels):
    """What stands on a button fits the width of a phone."""
    markup = keyboard(choosing(labels, several=True), LABELS)
    assert all(columns(text) <= LABEL_COLUMNS + 2 for row in rows(markup) for text in row)


def test_short_labels_stand_two_in_a_row():
    """Very short labels share a row, so that all are seen at once."""
    assert rows(keyboard(choosing(["Small", "Medium", "Large"]), LABELS)) == [
        ["Small", "Medium"],
        ["Large"],
    ]


def test_fitting_labels_stand_one_in_a_row():
    """Labels that fill a row have one; nothing is repeated in the text."""
    prompt = choosing(["Vanilla with cherries", "Chocolate"])
    assert rows(keyboard(prompt, LABELS)) == [["Vanilla with cherries"], ["Chocolate"]]
    assert listing(sheet(prompt)) == ""


def test_long_labels_are_listed_with_their_first_words():
    """Labels too long for a button are numbered in the text, and the buttons tell them apart."""
    prompt = choosing(["Vanilla cream with cherries on top", "Lemon, fresh from the tree today"])
    assert rows(keyboard(prompt, LABELS)) == [["1 · Vanilla…", "2 · Lemon…"]]
    assert listing(sheet(prompt)) == (
        "1. Vanilla cream with cherries on top\n2. Lemon, fresh from the tree today"
    )


def test_labels_that_begin_alike_have_marks_alone():
    """First words that are the same say nothing, so only the marks stand on the buttons."""
    prompt = choosing([f"Delivery to your home address on day {n}" for n in range(6)])
    assert rows(keyboard(prompt, LABELS)) == [["1", "2", "3", "4"], ["5", "6"]]


@pytest.mark.parametrize("label", ["\u202eevil", "\u200b", "two\x07bells \u2066"])
def test_labels_that_would_spoil_a_button_are_listed(label):
    """Directions and invisible signs stand in the list, and the button has the mark."""
    prompt = choosing([label, "Cake"])
    assert [row[0] for row in rows(keyboard(prompt, LABELS))] == ["1"]
    assert sheet(prompt).listed


def test_equal_labels_are_told_apart_by_marks():
    """Two options of one name are two numbers."""
    assert rows(keyboard(choosing(["Cake", "cake"]), LABELS)) == [["1 · Cake", "2 · cake"]]
    assert rows(keyboard(choosing(["Cake", "Cake "]), LABELS)) == [["1", "2"]]


def test_emoji_stand_on_buttons():
    """Emoji of several parts are no reason for a list."""
    family = "👩\u200d👩\u200d👧\u200d👦 Family"
    assert rows(keyboard(choosing([family, "👍🏽"]), LABELS)) == [[family], ["👍🏽"]]


def test_heavy_labels_are_listed():
    """Accents have no width, but a keyboard has a size."""
    assert sheet(choosing(["e" + "\u0301" * 200])).listed


def test_long_lists_are_airy():
    """Labels of several lines have empty lines between them."""
    assert listing(sheet(choosing(["word " * 20, "b"]))).count("\n\n") == 1


def test_cut_labels_can_be_read():
    """A label that had to be cut has a button that says all of it; short ones stay whole."""
    prompt = choosing([WALL, "Short", WALL + "!"])
    assert rows(keyboard(prompt, LABELS))[-1] == ["ℹ️ Read 1", "ℹ️ Read 3"]
    assert "2. Short" in listing(sheet(prompt))
    reads = [tap for tap in taps(keyboard(prompt, LABELS)) if tap.deed is Deed.REVEAL]
    assert [tap.argument for tap in reads] == ["0", "2"]


@pytest.mark.parametrize(
    ("page", "pager"),
    [(0, ["1/3", "›"]), (1, ["‹", "2/3", "›"]), (2, ["‹", "3/3"])],
)
def test_pages_can_be_turned(page, pager):
    """The pager names the page and leads to its neighbours; its middle changes nothing."""
    prompt = choosing([f"Option {n}" for n in range(20)], page=page)
    markup = keyboard(prompt, LABELS)
    assert rows(markup)[-1] == pager
    middle = next(
        t for t, text in zip(taps(markup), flat(rows(markup)), strict=True) if "/" in text
    )
    assert middle == Tap(prompt=ID, rev=REV, deed=Deed.PAGE, argument=str(page))


def test_one_page_has_no_pager():
    """Eight options need no pager."""
    assert not [
        tap for tap in taps(keyboard(choosing("abcdefgh"), LABELS)) if tap.deed is Deed.PAGE
    ]


def test_several_are_ticked_and_counted():
    """A multi select shows what is chosen, also in the list, and counts it on Done."""
    prompt = choosing(["Nuts", "Cherries"], several=True, custom="", selected=(1, 7))
    assert rows(keyboard(prompt, LABELS)) == [
        ["⬜ Nuts", "☑ Cherries"],
        ["✏️ Other…"],
        ["✅ Done (2)"],
    ]
    long = choosing(["Nuts and more of all that is good", "Cherries"], several=True, selected=(0,))
    assert listing(sheet(long)).startswith("1. ☑ Nuts and more")
    assert rows(keyboard(long, LABELS))[0] == ["☑ 1 · Nuts and…", "⬜ 2 · Cherries"]


def test_nothing_found_leaves_what_can_be_done():
    """A filter without matches has no options, and Done is still there."""
    prompt = replace(choosing(["a"], several=True), display=Display())
    assert rows(keyboard(prompt, LABELS)) == [["✅ Done (0)"]]
    assert listing(sheet(prompt)) == ""
    assert keyboard(replace(choosing(["a"]), display=Display()), LABELS) is None


@pytest.mark.parametrize(
    ("bounds", "shown"),
    [
        ({"minimum": 1, "maximum": 3}, [["1", "2", "3"]]),
        ({"minimum": 0, "below": 6}, [["0", "1", "2"], ["3", "4", "5"]]),
        ({"minimum": 1, "maximum": 10}, [list("12345"), ["6", "7", "8", "9", "10"]]),
        ({"minimum": "-0.5", "maximum": "0.5", "step": "0.5"}, [["-0.5", "0", "0.5"]]),
        ({"minimum": "0.7", "maximum": 2}, [["1", "2"]]),
        ({"minimum": 10, "maximum": 1000, "step": "5E+2"}, [["500", "1000"]]),
    ],
)
def test_small_ranges_have_a_button_for_each(bounds, shown):
    """Every number of a small range is a button that answers with it; rows are even."""
    markup = keyboard(counting(1, **bounds), LABELS)
    assert rows(markup) == shown
    answers = [tap.argument for tap in taps(markup)]
    assert [Decimal(answer) for answer in answers] == [Decimal(text) for text in flat(shown)]
    assert {tap.deed for tap in taps(markup)} == {Deed.NUMBER}


@pytest.mark.parametrize(
    ("number", "bounds", "shown"),
    [
        (12, {"minimum": 1, "maximum": 50}, [["−10", "−1", "✓ 12", "+1", "+10"]]),
        (2, {"minimum": 0, "maximum": 20}, [["−1", "✓ 2", "+1"]]),
        (2, {"minimum": 0, "below": 20}, [["−1", "✓ 2", "+1"]]),
        (0, {"minimum": 0}, [["−10", "−1", "✓ 0", "+1", "+10"]]),
        (0, {"maximum": 5}, [["−10", "−1", "✓ 0", "+1", "+10"]]),
        ("1.50", {"minimum": 0, "maximum": 5, "step": "0.25"}, [["−0.25", "✓ 1.5", "+0.25"]]),
        (1000000, {"minimum": 0}, [["✓ 1000000"], ["−10", "−1", "+1", "+10"]]),
    ],
)
def test_medium_ranges_have_a_stepper(number, bounds, shown):
    """A stepper moves by the step, and by ten where there is far to go; its middle answers."""
    markup = keyboard(counting(number, **bounds), LABELS)
    assert rows(markup) == shown
    accepted = [tap for tap in taps(markup) if tap.deed is Deed.ACCEPT]
    nudges = [Decimal(tap.argument) for tap in taps(markup) if tap.deed is Deed.NUDGE]
    assert len(accepted) == 1
    assert sum(nudges) == 0
    assert nudges == sorted(nudges)


@pytest.mark.parametrize("bounds", [{}, {"minimum": 1, "maximum": 5000}, {"below": 3}])
def test_other_numbers_are_typed(bounds):
    """Without a number to begin with there is nothing to tap."""
    assert keyboard(counting(**bounds), LABELS) is None


@given(
    st.decimals(-(10**15), 10**15, places=9),
    st.one_of(st.none(), st.decimals(0, 10**6, places=9)),
    st.one_of(st.none(), st.decimals("1e-12", 10**9)),
)
def test_any_number_keeps_the_limits(minimum, width, step):
    """However fine or large, a keyboard has what can be written into buttons, or isn't there."""
    bounds = {"minimum": minimum} | ({"step": step} if step else {})
    bounds |= {"maximum": minimum + width} if width is not None else {}
    markup = keyboard(counting(minimum, **bounds), LABELS)
    if markup is not None:
        check_limits(markup)
    for tap in taps(markup):
        if tap.deed is Deed.NUMBER:
            assert minimum <= Decimal(tap.argument) <= bounds["maximum"]


def test_a_button_that_can_not_be_written_is_left_out():
    """Too long a difference has no button, and the number can still be accepted."""
    prompt = replace(counting(1, minimum=0, step="0.000000000001"), id=ID)
    assert rows(keyboard(prompt, LABELS)) == [["✓ 1"]]


def test_a_small_range_of_long_numbers_is_typed_or_accepted():
    """Where not every number fits a button, none has one."""
    bounds = {"minimum": "0.00000000001", "maximum": "1", "step": "0.33333333333333"}
    prompt = counting("0.33333333333333", **bounds)
    assert {tap.deed for tap in taps(keyboard(prompt, LABELS))} == {Deed.ACCEPT}


def test_nothing_that_can_be_written_is_no_keyboard():
    """A revision beyond all counting leaves no button, and no keyboard."""
    prompt = choosing(["a"])
    lost = replace(prompt, view=replace(prompt.view, rev=10**9))
    assert keyboard(lost, LABELS) is None
    assert changing(lost, LABELS) is None


def test_links_open_and_can_be_copied():
    """An address has a button of its own, and one that copies it where Telegram can."""
    open_, copy = opening("Pay  12.50\nnow", "https://pay.example/1", LABELS).inline_keyboard
    assert (open_[0].text, open_[0].url) == ("Pay 12.50 now", "https://pay.example/1")
    assert (copy[0].text, copy[0].copy_text.text) == ("📋 Copy the link", "https://pay.example/1")
    long = "https://pay.example/" + "x" * 250
    assert rows(opening("\u200b", long, LABELS)) == [["·"]]


def test_numbers_can_be_shared():
    """The button below the input field sends the person's own number."""
    assert sharing(LABELS).to_dict() == {
        "keyboard": [[{"text": "📱 Share my number", "request_contact": True}]],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }


def test_answers_can_be_changed():
    """An answered question has one button, which opens it again."""
    markup = changing(choosing(["a"]), LABELS)
    assert rows(markup) == [["✏️ Change"]]
    assert taps(markup) == [Tap(prompt=ID, rev=REV, deed=Deed.CHANGE)]


def test_the_operators_words_are_shown():
    """Words of the operator's stand on the buttons, cut where they are too long."""
    words = replace(LABELS, other="Etwas anderes…", done="Fertig " * 20, read="{mark} lesen")
    markup = keyboard(choosing([WALL], several=True, custom="x"), words)
    assert [row[0] for row in rows(markup)] == [
        "⬜ 1 · Terms…",
        "ℹ️ 1 lesen",
        "✏️ Etwas anderes…",
        "✅ Fertig Fertig Fertig Fertig… (0)",
    ]

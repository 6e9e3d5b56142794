"""Keys of buttons, and what a typed line means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.handset.buttons import Note, Send, Tap, Word, clean, keyed, read, tappable
from bridge.protocol.standin import Screen
from tests.handset.room import button, mine, ours

MINUS = "\N{MINUS SIGN}"
PAY = button("Pay", url="https://pay.example/1")


def keys(shown) -> list[str]:
    """Return the message's keys, each with what is left of the label."""
    return [f"{one.key} {one.label}".strip() for one in keyed(shown)]


def screen(*messages) -> Screen:
    """Return a screen."""
    return Screen(messages=messages)


@pytest.mark.parametrize(
    ("text", "labels", "shown"),
    [
        ("?", ["Yes", "No"], ["1 Yes", "2 No"]),
        ("?", ["☐ Nuts", "☑ Figs", "Done (1)"], ["1 ☐ Nuts", "2 ☑ Figs", "3 Done (1)"]),
        ("?", ["10 people", "20 people"], ["1 10 people", "2 20 people"]),
        ("How many?", ["0", "1", "2"], ["0", "1", "2"]),
        ("How many?", [f"{MINUS}10", "✓ 20", "+1", "2,5"], ["-10", "20 ✓", "+1", "2,5"]),
        ("How many?", ["-1", "20 ✓", "Other…"], ["-1", "20 ✓", "a Other…"]),
        ("9. Oak\n10. Ash", ["9", "10", "<", "2/5"], ["9", "10", "a <", "b 2/5"]),
        ("1. Oak\n2. Ash", ["⬜ 1 · Oak", "☑️ 2 · A", "Read 2"], ["1 ⬜ Oak", "2 ☑️ A", "a Read 2"]),
        ("?", ["2", "☑ 2"], ["1 2", "2 ☑ 2"]),
        ("How many?", ["Type a number"], ["a Type a number"]),
        ("Pay here", [PAY], ["1 Pay"]),
        ("?", ["two\nlines\x07"], ["a two lines"]),
        ("?", ["\ud800"], ["a ?"]),
        ("?", [], []),
    ],
)  # fmt: skip
def test_buttons_have_keys(text, labels, shown):
    """Numbers in their order; what a label itself shows where it is a number or a mark."""
    assert keys(ours(text, *labels)) == shown


def test_there_are_letters_for_any_number_of_buttons():
    """After z comes aa."""
    labels = ["7", *(f"w{n}{'x' * n}" for n in range(30))]
    assert [one.key for one in keyed(ours("?", *labels))][25:] == ["y", "z", "aa", "ab", "ac", "ad"]


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=40))
def test_no_two_buttons_have_one_key(text, labels):
    """Whatever is written on them, each button's key taps exactly it."""
    shown = ours(text, *(button(label, f"id{n}") for n, label in enumerate(labels)))
    buttons = keyed(shown)
    assert [one.choice for one in buttons] == list(shown.choices)
    for one in buttons:
        assert read(one.key, screen(shown), ()) == Tap(one.choice)


def test_the_last_message_of_ours_has_keys_or_the_open_question_above_it():
    """A number under a question without buttons is its answer; a notice closes no question."""
    asked = ours("Which?", "Oak", "Ash")
    assert tappable(screen(asked)) == tappable(screen(asked, mine("hm"))) == 0
    assert read("1", screen(asked, mine("hm")), ()) == Tap(asked.choices[0])
    assert tappable(screen(asked, mine("9"), ours("There is no option 9."))) == 0
    paid = ours("Your order is ready.", PAY, "Copy the link")
    closed = ours("Which?\n✓ Oak", "✏️ Change")
    assert tappable(screen(closed, paid, ours("How many?"))) is None
    assert read("1", screen(closed, paid, ours("How many?")), ()) == Send("1")
    assert tappable(screen()) is None


@pytest.mark.parametrize(
    ("line", "act"),
    [
        ("2", Tap(button("Ash"))),
        ("3", Send("3")),
        ("=2", Send("2")),
        ("= 2", Send("2")),
        ('"2"', Send("2")),
        ("'2'", Send("2")),
        ("=3", Send("=3")),
        ('"oak"', Send('"oak"')),
        ("Oak", Send("Oak")),
        ("!pay", Word("!pay")),
        ("!payment", Send("!payment")),
        ("!tapestry", Send("!tapestry")),
        ("!tap a", Tap(button("Ash"))),
        ("!tap  OAK ", Tap(button("Oak"))),
        ("!tap old", Tap(button("☑ Older"))),
        ("!tap der", Tap(button("☑ Older"))),
        ("!tap pay", Note("Open this in a browser: https://pay.example/1")),
        ("!tap", Note("Type !tap and the label of a button: Oak, Ash, ☑ Older, Pay.")),
        ("!tap elm", Note("Type !tap and the label of a button: Oak, Ash, ☑ Older, Pay.")),
    ],
)
def test_lines_mean(line, act):
    """Keys tap, a sign or quotes make a message of them, words are the demo's own."""
    shown = screen(ours("!", "☑ Older", PAY), mine("hi"), ours("Which?", "Oak", "Ash"))
    assert read(line, shown, {"!pay"}) == act


def test_signs_and_letters_are_typed_as_they_come():
    """A capital letter, and a real minus."""
    shown = ours("?", "\N{MINUS SIGN}1", "+1", "Other…")
    assert read("A", screen(shown), ()) == Tap(shown.choices[2])
    assert read("\N{MINUS SIGN}1", screen(shown), ()) == Tap(shown.choices[0])


def test_a_link_is_not_tapped():
    """Its key says where to go."""
    told = Note("Open this in a browser: https://pay.example/1")
    assert read("1", screen(ours("Pay", PAY)), ()) == told


def test_nothing_to_tap_is_told():
    """Where there is no button at all."""
    assert read("!tap x", screen(ours("hi")), ()) == Note("There is nothing to tap now.")


def test_no_control_character_is_shown():
    """Line ends stay; tabs are spaces."""
    assert clean("a\r\nb\tc\x1b[1m\x9b\ud800") == "a\nb    c[1m?"

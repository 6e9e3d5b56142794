"""A chat as plain text."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from bridge.handset.plain import Transcript, is_list, note, typed
from bridge.protocol.standin import Screen
from tests.handset.room import button, mine, ours

PAY = button("Pay", url="https://pay.example/1")


def screen(*messages, toast="") -> Screen:
    """Return a screen."""
    return Screen(messages=messages, toast=toast)


def test_what_is_new_is_told_once():
    """Messages in their order, the person's after a sign, buttons with their keys."""
    transcript = Transcript(keys=True)
    first = screen(mine("hi\nyou"), ours("Which?", "Oak", "Ash", "☐ Elm"))
    assert transcript.news(first) == snapshot(
        """\
> hi
> you

Which?
[1] Oak   [2] Ash   [3] ☐ Elm

"""
    )
    assert transcript.news(first) == ""


def test_long_buttons_stand_below_each_other():
    """And a link shows where it goes."""
    said = Transcript(keys=True).news(screen(ours("Pay:", PAY, "Copy")))
    assert said == "Pay:\n  [1] Pay → https://pay.example/1\n  [2] Copy\n\n"


def test_edits_are_told_after_what_the_person_said():
    """It is why they were made; new answers come last."""
    transcript = Transcript(keys=True)
    transcript.news(screen(ours("Which?", "Oak", "Ash")))
    after = screen(ours("Which?\n✓ Oak", "Change"), mine("oak"), ours("How many?", "1", "2"))
    assert transcript.news(after) == snapshot(
        """\
> oak

(edited)
Which?
✓ Oak
[ Change ]

How many?
[1]   [2]

"""
    )


def test_a_message_that_was_taken_away_is_no_news():
    """What is left is not told again."""
    transcript = Transcript(keys=True)
    transcript.news(screen(ours("one"), ours("two")))
    assert transcript.news(screen(ours("one"))) == ""


def test_a_toast_is_told_when_it_comes():
    """The same again counts after another tap."""
    transcript = Transcript(keys=True)
    assert transcript.news(screen(toast="At most 2.")) == "· At most 2.\n\n"
    assert transcript.news(screen(toast="At most 2.")) == ""
    assert transcript.tapped("☐ Nuts", "3") == "> 3 [ ☐ Nuts ]\n\n"
    assert transcript.news(screen(toast="At most 2.")) == "· At most 2.\n\n"
    assert transcript.tapped("Done") == "> [ Done ]\n\n"


def test_without_keys_buttons_are_drawn():
    """In as few rows as fit; a label that is the address is shown once."""
    labels = [f"Button number {n}" for n in range(5)]
    here = button("https://a.example", url="https://a.example")
    said = Transcript(keys=False).news(screen(ours("?", *labels, here)))
    assert said == snapshot(
        """\
?
[ Button number 0 ] [ Button number 1 ] [ Button number 2 ]
[ Button number 3 ] [ Button number 4 ] [ https://a.example ]

"""
    )


@pytest.mark.parametrize(
    ("text", "labels", "is_one"),
    [
        ("?\n  1. Oak\n  2. ☑ Ash", ["Oak", "Ash"], True),
        ("?\n1. Oak", ["Oak", "Ash"], False),
        ("?\n1. Pay", [button("Pay", url="https://pay.example/1")], False),
        ("?\n1. Oak", ["1"], False),
    ],
)
def test_a_list_that_is_typed_has_no_buttons(text, labels, is_one):
    """Where the text shows all there is to choose, nothing is drawn below."""
    shown = ours(text, *labels)
    assert is_list(shown) is is_one
    assert ("[ " in Transcript(keys=False).news(screen(shown))) is not is_one


def test_a_message_may_be_buttons_alone():
    """No empty line stands above them."""
    assert Transcript(keys=False).news(screen(ours("", "Oak"))) == "[ Oak ]\n\n"


def test_what_the_demo_says_is_clean():
    """No control sequence reaches a file."""
    assert note("a\x1b[1mb") == "· a[1mb\n\n"
    assert typed("!pay\x07") == "> !pay\n\n"
    assert "\x1b" not in Transcript(keys=True).news(
        screen(ours("\x1b[1m", "\x1b[2m"), mine("\x1b"))
    )

"""A screen as lines of styled runs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from prompt_toolkit.utils import get_cwidth

from bridge.handset.drawing import NARROWEST, Look, draw, wrap
from bridge.protocol.standin import Screen
from tests.handset.room import button, mine, ours

PAY = button("Pay", url="http://127.0.0.1:8080/checkout/" + "x" * 20)


def drawn(*messages, columns: int = 44, intro: str = "") -> str:
    """Return the chat as text."""
    screen = Screen(messages=messages)
    lines = draw(screen, columns=columns, measure=get_cwidth, intro=intro)
    return "\n".join("".join(run.text for run in line).rstrip() for line in lines)


def looks(*messages) -> list[tuple[str, Look]]:
    """Return the runs that are not plain."""
    lines = draw(Screen(messages=messages), columns=60, measure=get_cwidth)
    return [(run.text, run.look) for line in lines for run in line if run.look is not Look.PLAIN]


def test_sides_are_told_apart():
    """Theirs at the left, mine at the right, each behind a bar; long lines are wrapped."""
    said = mine("I would like two of the largest that you have, please.")
    assert drawn(ours("Hello!\n\nWhat may it be?"), said, ours("Fine.")) == snapshot(
        """\
▌ Hello!
▌
▌ What may it be?

          ▌ I would like two of the largest
          ▌ that you have, please.

▌ Fine.
"""
    )
    assert looks(ours("a"), mine("b")) == [
        ("▌ ", Look.THEIR_BAR),
        ("▌ ", Look.MY_BAR),
        ("b", Look.MINE),
    ]


def test_buttons_stand_in_columns():
    """As many as fit, one width each; those with letters below the others."""
    labels = ["9 · Oak", "10 · Hornbeam", "11", "<", "Other…"]
    assert drawn(ours("9. Oak\n10. Hornbeam\n11. Ash", *labels)) == snapshot(
        """\
▌ 9. Oak
▌ 10. Hornbeam
▌ 11. Ash
▌
▌  9  Oak         10  Hornbeam
▌  11
▌  a  <        b  Other…
"""
    )


def test_wide_buttons_stand_below_each_other():
    """Their labels hang beside their keys; an address is not cut by a bar."""
    label = "A cake of many tiers with berries, nuts and candles"
    assert drawn(ours("Which?", label, "None", PAY)) == snapshot(
        """\
▌ Which?
▌
▌  1  A cake of many tiers with berries,
▌     nuts and candles
▌  2  None
▌  3  Pay
http://127.0.0.1:8080/checkout/xxxxxxxxxxx
xxxxxxxxx
"""
    )


def test_older_buttons_are_faint():
    """They are there, without keys."""
    newer = ours("Which one?", "Oak", "Ash")
    chat = (ours("Which?\n✓ Oak", "✏️ Change", "Some other thing", "And a third"), newer)
    assert drawn(*chat) == snapshot(
        """\
▌ Which?
▌ ✓ Oak
▌
▌ [✏️ Change] [Some other thing]
▌ [And a third]

▌ Which one?
▌
▌  1  Oak   2  Ash
"""
    )
    assert ("[Change]", Look.FAINT) in looks(ours("?", "Change"), ours("!"))


def test_what_can_be_tapped_stands_out():
    """The key and the label, and the address of a link."""
    assert looks(ours("?", "Oak", PAY))[3:] == [
        (" 1 ", Look.KEY),
        (" Oak", Look.LABEL),
        ("▌ ", Look.THEIR_BAR),
        (" 2 ", Look.KEY),
        ("Pay", Look.LABEL),
        (PAY.url, Look.ADDRESS),
    ]


def test_the_introduction_scrolls_with_the_chat():
    """It is as wide as the terminal."""
    assert drawn(mine("hi"), intro="Type what\nyou like.\n").startswith("Type what\nyou like.\n\n")


def test_lists_hang():
    """What belongs to a number or a sign stands beside it, unless there is no room."""
    rows = wrap("12. one two three four\n- five six seven", 12, len)
    assert rows == ["12. one two", "    three", "    four", "- five six", "  seven"]
    assert wrap("   12. one two", 8, len) == ["   12.", "one two"]


def test_words_that_are_too_long_are_cut():
    """Wide characters count for two; none is lost."""
    assert wrap("abcdefgh", 3, len) == ["abc", "def", "gh"]
    assert wrap("ab cdefgh", 3, len) == ["ab", "cde", "fgh"]
    assert wrap("蛋糕蛋糕", 4, get_cwidth) == ["蛋糕", "蛋糕"]
    assert wrap("蛋", 1, get_cwidth) == ["蛋"]


@given(
    st.text(alphabet=st.characters(categories=("L", "N", "P", "Z", "S", "Cc"))), st.integers(1, 50)
)
def test_nothing_is_lost_and_nothing_too_wide(text, room):
    """Whatever is said, on whatever terminal: every row fits, and every word is there."""
    rows = wrap(text, room, get_cwidth)
    assert all(get_cwidth(row) <= max(room, 2) for row in rows)
    from bridge.handset.buttons import clean

    assert "".join("".join(rows).split()) == "".join(clean(text).split())


@given(st.integers(1, 200), st.text(max_size=90), st.lists(st.text(max_size=60), max_size=9))
def test_every_line_fits_the_terminal(columns, text, labels):
    """Bars, margins and keys included, on anything that is not absurdly narrow."""
    screen = Screen(messages=(ours(text, *labels), mine(text), ours(text, *labels, PAY)))
    for line in draw(screen, columns=columns, measure=get_cwidth, intro=text):
        assert sum(get_cwidth(run.text) for run in line) <= max(columns, NARROWEST + 10)

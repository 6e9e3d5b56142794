"""Nothing that people say opens or calls anything."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.telegram.outgoing.quieting import joined_to, lively, outside, quieted
from tests.adapters.telegram.drawing import clickable

texts = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \n\n.@:/aZ𝄞\u200d")))

LIVELY = [
    ("see https://evil.example/x.", ["https://evil.example/x"]),
    ("(https://evil.example)", ["https://evil.example"]),
    ("[x](https://evil.example)", ["x](https://evil.example"]),
    ("tg://resolve?domain=evil", ["tg://resolve?domain=evil"]),
    ("ask @admin, or @Other_1!", ["@admin", "@Other_1"]),
    ("write to ada@example.com", ["ada@example.com"]),
    ("example.com, WWW.EXAMPLE.COM", ["example.com", "WWW.EXAMPLE.COM"]),
    ("пример.рф und xn--e1a.xn--p1ai", ["пример.рф", "xn--e1a.xn--p1ai"]),
    ("at 127.0.0.1:80 now", ["127.0.0.1:80"]),
    ("a.Then.com", ["a.Then.com"]),
    ("@___", ["@"]),
]
QUIET = [
    "/cancel: stop without sending anything",
    "Two cakes.Then a coffee. Nr. 5, e.g. 1.5 kg at 12:30, #tag",
    "12.05.2026 and a.m. and v1.2 and @ and @a ... !!",
    "",
]


@pytest.mark.parametrize(("text", "found"), LIVELY)
def test_what_opens_or_calls_is_found(text, found):
    """Addresses of all kinds and mentions are found, without the signs of the sentence."""
    assert [text[start:end] for start, end in lively(text)] == found


@pytest.mark.parametrize("text", QUIET)
def test_ordinary_sentences_stay_as_they_are(text):
    """Commands stay tappable, and numbers, dates and abbreviations are no addresses."""
    assert lively(text) == []


@given(texts)
@example("https://evil.example @everyone ada@example.com 1.2.3.4")
def test_nothing_is_left_to_click(text):
    """Outside of what was found, and in the quiet text, there is nothing that a client opens."""
    ranges = lively(text)
    blanked = list(text)
    for start, end in ranges:
        blanked[start:end] = " " * (end - start)
    assert clickable("".join(blanked)) == []
    assert clickable(quieted(text, ranges)) == []
    assert len(quieted(text, ranges)) == len(text)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=30), st.integers(1, 9))
def test_neighbours_are_joined_where_there_are_too_many(gaps, most):
    """Few ranges cover all that many covered."""
    ranges, at = [], 0
    for gap, length in gaps:
        ranges.append((at + gap, at + gap + length))
        at += gap + length
    joined = joined_to(ranges, most)
    assert len(joined) <= most
    inside = {place for start, end in joined for place in range(start, end)}
    assert {place for start, end in ranges for place in range(start, end)} <= inside
    assert len(ranges) > most or joined == ranges


@given(st.sets(st.integers(0, 20)), st.integers(0, 19), st.integers(1, 10))
def test_outside_is_what_nothing_covers(covered_places, start, length):
    """A style that meets an entity `code` stays on both of its sides."""
    ranges = [(place, place + 1) for place in sorted(covered_places)]
    left = list(outside(ranges, (start, start + length)))
    places = [place for first, last in left for place in range(first, last)]
    assert places == [p for p in range(start, start + length) if p not in covered_places]

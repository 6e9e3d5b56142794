"""Texts are measured and cut as Telegram and its clients count."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.outgoing.splitting import cuts
from adapters.telegram.outgoing.texts import (
    Run,
    Style,
    clean,
    columns,
    fair_share,
    narrowed,
    one_line,
    paragraph,
    readable,
    shortened,
    units,
    within,
)
from bridge.protocol.replies import Span
from tests.adapters.telegram.drawing import units as true_units

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
GERMANY, FRANCE = "🇩🇪", "🇫🇷"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
THUMB = "👍🏽"
ACCENT = "e\u0301"
CLUSTERS = (FAMILY, GERMANY, FRANCE, SCOTLAND, THUMB, ACCENT, "a", " ", "\n", "é", "日", "𝄞")

texts = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \n\n.@:/aZ𝄞\u200d")))
pieces = st.lists(st.sampled_from(CLUSTERS), max_size=60).map("".join)


def squeezed(text):
    """Return what must survive: neither white space nor control characters."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cc")


@given(texts)
def test_cleaning_keeps_all_that_can_be_seen(text):
    """Cleaned text has only plain line ends and tabs for control characters, and all the rest."""
    cleaned = clean(text)
    assert squeezed(cleaned) == squeezed(text)
    assert not [c for c in cleaned if unicodedata.category(c) == "Cc" and c not in "\n\t"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\u2029"])
def test_line_ends_are_plain(end):
    """Every kind of line end becomes the one that Telegram knows."""
    assert clean(f"one{end}two") == "one\ntwo"


def test_half_characters_are_replaced():
    """A lone surrogate, which no request could carry, becomes a replacement character."""
    assert clean("a\ud83db") == "a\ufffdb"


def test_one_line_collapses_white_space():
    """A text of several lines fits a button."""
    assert one_line(" two\n\n lines\tand\x07 more ") == "two lines and more"


@given(texts)
def test_units_are_those_of_utf16(text):
    """Lengths are what UTF-16 says, for plain and for other texts."""
    assert units(text) == true_units(text)


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("日本", 4), (ACCENT, 1), ("👍", 2), ("a\u200db", 2), ("", 0)],
)
def test_columns_are_what_is_drawn(text, width):
    """Wide characters count twice, accents and joiners not at all."""
    assert columns(text) == width


@pytest.mark.parametrize("text", ["a", "1", "?", "☺", " ́a"])
def test_what_can_be_seen_is_readable(text):
    """A letter, number or sign is enough."""
    assert readable(text)


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u202e", "\u2800", "\u3164", "\u0301"])
def test_what_draws_nothing_is_not_readable(text):
    """Spaces, invisible signs and fillers are nothing to Telegram."""
    assert not readable(text)


@given(texts, st.integers(0, 30), st.integers(2, 40))
def test_pieces_fit(text, start, room):
    """A piece is never over its room, ends after its beginning, and is as long as it can be."""
    if start >= len(text):
        return
    end = within(text, start, room)
    assert start < end
    assert true_units(text[start:end]) <= room
    rest_fits = true_units(text[start:]) <= room
    assert (end == len(text)) == rest_fits or end == len(text)


@given(pieces, st.integers(30, 60))
def test_characters_stay_whole(text, room):
    """No cut falls inside a flag, an emoji of several parts or before an accent."""
    ends = {0}
    at = 0
    for found in _clusters(text):
        at += len(found)
        ends.add(at)
    assert {end for _, end in cuts(text, (), room)} <= ends


def _clusters(text):
    """Return the clusters again; accents and joined emoji stay with what they follow."""
    rest = text
    while rest:
        found = next(cluster for cluster in CLUSTERS if rest.startswith(cluster))
        rest = rest[len(found) :]
        yield found


def test_an_endless_character_is_cut():
    """A hundred accents on one letter don't keep a text from being sent."""
    text = "e" + "\u0301" * 500
    assert [end - start for start, end in cuts(text, (), 100)] == [100, 100, 100, 100, 100, 1]


def test_flags_are_counted_within_reach():
    """A row of flags longer than what is looked back over is still cut somewhere."""
    text = GERMANY * 200
    assert "".join(text[start:end] for start, end in cuts(text, (), 90)) == text


@given(texts, st.integers(1, 40))
def test_shortened_texts_fit(text, room):
    """A shortened text has at most its room, and says where something is missing."""
    short = shortened(text, room)
    assert true_units(short) <= max(room, 3)
    assert short == text or short.endswith("…")
    assert (short == text) == (true_units(text) <= room) or short == text


@pytest.mark.parametrize(
    ("text", "room", "short"),
    [
        ("Delivery to your home", 12, "Delivery to…"),
        ("Lemon, fresh", 7, "Lemon…"),
        ("Extraordinarily", 6, "Extra…"),
        ("short", 5, "short"),
        ("a verylongword", 8, "a veryl…"),
    ],
)
def test_texts_are_shortened_at_words(text, room, short):
    """The end of a near word is taken, without what says nothing before "…"."""
    assert shortened(text, room) == short
    assert narrowed(text, room) == short


@given(texts, st.integers(0, 40))
def test_narrowed_texts_fit(text, room):
    """A narrowed text has at most its columns."""
    assert columns(narrowed(text, room)) <= max(room, 1)


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=100), st.integers(0, 5000))
def test_room_is_shared_fairly(lengths, room):
    """All fit, and nobody is cut while somebody longer than them has more."""
    share = fair_share(lengths, room)
    assert sum(min(length, share) for length in lengths) <= max(room, 0)
    if sum(lengths) <= room:
        assert share >= max(lengths)
    else:
        assert sum(min(length, share + 1) for length in lengths) > room


def test_nobody_shares_nothing():
    """Without any texts there is nothing to share."""
    assert fair_share([], 10) == 0


def test_spans_become_runs():
    """Bold spans are bold runs."""
    assert paragraph((Span("a"), Span("b", True))) == (Run("a"), Run("b", Style.BOLD))

"""Texts of any length become messages that Telegram takes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.limits import ENTITY_LIMIT, TEXT_LIMIT
from adapters.telegram.outgoing.splitting import tail, write
from adapters.telegram.outgoing.texts import BLANK, Run, Style, readable
from tests.adapters.telegram.drawing import units as true_units

CLUSTERS = ("👩\u200d👩\u200d👧\u200d👦", "🇩🇪", "👍🏽", "e\u0301", "a", " ", "\n", "日", "𝄞")

texts = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \n\n.@:/aZ𝄞\u200d")))
pieces = st.lists(st.sampled_from(CLUSTERS), max_size=60).map("".join)


def squeezed(text):
    """Return what must survive: neither white space nor control characters."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cc")


def said(*runs):
    """Return the runs as one paragraph."""
    return tuple(Run(text, style) for text, style in runs)


def covered(written):
    """Return what each entity of a written message covers, by kind."""
    raw = written.text.encode("utf-16-le")
    spans = [(e.type, 2 * e.offset, 2 * (e.offset + e.length)) for e in written.entities]
    return [(str(kind), raw[start:end].decode("utf-16-le")) for kind, start, end in spans]


styled = st.lists(
    st.lists(st.tuples(texts, st.sampled_from(Style)), min_size=1, max_size=3), max_size=4
)
long_words = st.sampled_from(["W" * 5000, "many words " * 900, "a@bb " * 300, "𝄞" * 3000])
long_styled = st.lists(
    st.lists(
        st.tuples(st.one_of(texts, long_words), st.sampled_from(Style)), min_size=1, max_size=3
    ),
    max_size=3,
)


@given(st.one_of(styled, long_styled))
@settings(deadline=None)
def test_nothing_is_lost_by_splitting(paragraphs):
    """All that was said is in the parts, in order; the quiet texts are as long."""
    parts = write([said(*runs) for runs in paragraphs])
    told = "".join(text for runs in paragraphs for text, _ in runs)
    parts_of_text = "".join(part.text for part in parts)
    assert squeezed(parts_of_text).replace(BLANK, "") == squeezed(told).replace(BLANK, "")
    for part in parts:
        assert 1 <= true_units(part.text) <= TEXT_LIMIT
        assert readable(part.text)
        assert part.text == part.text.strip()
        assert true_units(part.quiet) == true_units(part.text)
        assert len(part.entities) <= ENTITY_LIMIT


@given(st.one_of(styled, long_styled))
@settings(deadline=None)
def test_entities_lie_in_their_text(paragraphs):
    """Entities cover whole characters, never overlap, and never begin or end with white space."""
    for part in write([said(*runs) for runs in paragraphs]):
        end = 0
        for entity, (_, text) in zip(part.entities, covered(part), strict=True):
            assert entity.offset >= end
            assert text == text.strip() != ""
            end = entity.offset + entity.length


def test_styles_are_kept():
    """Bold and italic runs stay bold and italic, counted in UTF-16 units, also over a cut."""
    first = said(("🎂 A ", Style.PLAIN), ("birthday cake", Style.BOLD), ("!", Style.PLAIN))
    (part,) = write([first, said(("Reply.", Style.ITALIC))])
    assert part.text == "🎂 A birthday cake!\n\nReply."
    assert covered(part) == [("bold", "birthday cake"), ("italic", "Reply.")]
    many = write([said(("word " * 1000, Style.BOLD))])
    assert [covered(part) for part in many] == [[("bold", part.text)] for part in many]


def test_styles_keep_off_addresses():
    """An entity `code` takes no other, so the bold run goes around it."""
    (part,) = write([said(("see https://evil.example now", Style.BOLD))])
    assert covered(part) == [("bold", "see"), ("code", "https://evil.example"), ("bold", "now")]


def test_a_hundred_entities_keep_all_quiet():
    """Where there are more addresses than entities, neighbours share one, and styles give way."""
    text = " ".join(f"a{n}.example" for n in range(300))
    (part,) = write([said((text, Style.BOLD))])
    assert len(part.entities) == ENTITY_LIMIT
    assert {kind for kind, _ in covered(part)} == {"code"}
    shown = " ".join(text for _, text in covered(part))
    assert shown == text


def test_styles_take_the_room_that_is_left():
    """The first hundred bold runs are bold; the text is whole."""
    runs = [("bold", Style.BOLD), (" plain ", Style.PLAIN)] * 150
    (part,) = write([said(*runs)])
    assert len(part.entities) == ENTITY_LIMIT


@pytest.mark.parametrize("mark", ["\n\n", "\n", " "])
def test_cuts_fall_between_paragraphs_lines_and_words(mark):
    """A text is cut at the greatest break of the later half."""
    text = "a" * 3000 + mark + "b" * 3000
    assert [part.text for part in write([said((text, Style.PLAIN))])] == ["a" * 3000, "b" * 3000]


def test_greater_breaks_come_first():
    """The end of a paragraph is taken before a later space."""
    text = "a" * 3000 + "\n\n" + "b" * 500 + " " + "c" * 3000
    first, *_ = write([said((text, Style.PLAIN))])
    assert first.text == "a" * 3000


def test_a_break_at_the_very_end_is_taken():
    """A word that just fits stays whole."""
    text = "a" * (TEXT_LIMIT - 1) + " " + "b" * 10
    assert [len(part.text) for part in write([said((text, Style.PLAIN))])] == [TEXT_LIMIT - 1, 10]


def test_addresses_are_not_cut():
    """Where no break is near, the cut falls before an address."""
    text = "a" * 3000 + "\u3000" + "https://evil.example/" + "x" * 2000
    first, second = write([said((text, Style.PLAIN))])
    assert first.text == "a" * 3000
    assert covered(second) == [("code", second.text)]


def test_an_endless_address_stays_quiet():
    """An address longer than a message is cut, and every part of it is kept quiet."""
    parts = write([said(("https://evil.example/" + "x" * 9000, Style.PLAIN))])
    assert [covered(part) for part in parts] == [[("code", part.text)] for part in parts]


def test_nothing_to_read_makes_no_message():
    """White space alone is nothing; invisible characters get a dot that can be seen."""
    assert write([]) == ()
    assert write([said((" \n", Style.PLAIN)), said(("", Style.BOLD))]) == ()
    (part,) = write([said(("\u200b", Style.PLAIN))])
    assert part.text == part.quiet == "\u200b·"


@given(st.one_of(texts, pieces), st.integers(70, 90))
def test_a_tail_fits_its_room(text, room):
    """The end of a question is as long as it may be, give or take one character's parts."""
    place = tail(text, room)
    assert 0 <= place <= len(text)
    assert (place == 0) == (true_units(text) <= room) or place == 0
    assert true_units(text[place:]) <= room + 64
    assert true_units(text[place:]) >= min(true_units(text), room // 4 - 1)


@pytest.mark.parametrize("mark", ["\n\n", "\n", " "])
def test_tails_begin_after_a_break(mark):
    """The end of a long text begins at a paragraph, a line or a word."""
    text = "a" * 90 + mark + "b" * 80
    assert text[tail(text, 100) :] == "b" * 80


def test_a_tail_without_a_break_is_cut():
    """One endless word is cut where its room begins."""
    assert tail("a" * 200, 100) == 100


def test_entities_are_stored_as_json():
    """What is stored is plain: no enumeration of the library's."""
    (part,) = write([said(("bold", Style.BOLD))])
    assert part.entity_objects() == [{"type": "bold", "offset": 0, "length": 4}]
    assert type(part.entity_objects()[0]["type"]) is str

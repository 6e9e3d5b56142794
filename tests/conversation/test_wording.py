"""What people write becomes fit to be kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bridge.conversation.wording import whole

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_any_text_can_be_encoded_afterwards(text):
    """Halves of characters are joined or replaced; everything else stays as it is."""
    made = whole(text)
    assert made.encode().decode() == made
    if not any("\ud800" <= char <= "\udfff" for char in text):
        assert made == text


def test_a_pair_becomes_one_character():
    """Two halves that belong together are one character again."""
    assert whole("\ud83d\ude00") == "\U0001f600"

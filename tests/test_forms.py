"""The catalogue as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.forms import Catalogue, FormEntry, keyword
from bridge.phrases import Phrase, Phrases

CAKE = FormEntry(
    slug="cake",
    form_id="1",
    title="Cake",
    channels=("sms", "web"),
    default_for=("sms",),
    keywords=("Order  Cake", "STRASSE"),
)
LAPTOP = FormEntry(slug="laptop", form_id="2", title="Laptop", keywords=("laptop",))
EVENT = FormEntry(slug="event", form_id="3", title="Event", channels=("slack",), keywords=("go",))
ALL = Catalogue((CAKE, LAPTOP, EVENT))


def test_an_entry_is_found_by_its_name() -> None:
    """And nothing by another."""
    assert (ALL.entry("laptop"), ALL.entry("Laptop")) == (LAPTOP, None)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("sms", (CAKE, LAPTOP)), ("slack", (LAPTOP, EVENT)), ("telegram", (LAPTOP,))],
)
def test_a_channel_has_its_own_forms_and_those_for_all(
    channel: str, expected: tuple[FormEntry, ...]
) -> None:
    """In the file's order."""
    assert ALL.on(channel) == expected


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("sms", CAKE), ("web", None), ("slack", None), ("telegram", LAPTOP)],
)
def test_a_first_message_begins_the_default_or_the_only_form(
    channel: str, expected: FormEntry | None
) -> None:
    """With several and no default, the person has to say which."""
    assert ALL.default(channel) == expected


def test_an_empty_catalogue_has_no_default() -> None:
    """Nothing can be begun."""
    assert Catalogue().default("sms") is None


@pytest.mark.parametrize(
    ("channel", "text", "expected"),
    [
        ("sms", " order cake ", CAKE),
        ("sms", "straße", CAKE),
        ("sms", "order cake please", None),
        ("slack", "order cake", None),
        ("slack", "LAPTOP", LAPTOP),
        ("sms", "", None),
    ],
)
def test_a_keyword_is_the_whole_text_in_whatever_case(
    channel: str, text: str, expected: FormEntry | None
) -> None:
    """On the channels of its form."""
    assert ALL.by_keyword(channel, text) == expected


@given(st.text())
def test_comparing_keywords_is_settled_after_one_time(text: str) -> None:
    """A keyword in the form in which it is compared is itself."""
    once = keyword(text.casefold())
    assert keyword(once) == once


def test_a_forms_sentences_go_before_those_of_the_catalogue() -> None:
    """Other forms keep the common ones."""
    special = FormEntry(slug="x", form_id="4", title="X", phrases={"paid": "Cake paid."})
    catalogue = Catalogue((special, CAKE), Phrases().override({"paid": "Paid."}))
    said = [catalogue.phrases_for(entry).say(Phrase.PAID) for entry in catalogue.entries]
    assert said == ["Cake paid.", "Paid."]

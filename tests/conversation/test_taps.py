"""Taps: claimed at once, taken once, never bent into another answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.protocol import events
from tests.conversation.story import (
    ANNA,
    BEN,
    SCHEMA,
    SIZES,
    Phrase,
    Step,
    Story,
    number,
    pick,
    picks,
    say,
    text,
)

DONE, REFUSED, QUEUED = InboxState.DONE, InboxState.REFUSED, InboxState.QUEUED


def test_a_tap_in_flight_is_claimed_and_joins_the_next_turn():
    """An open prompt is claimed at once while a turn is in flight, and its answer waits."""
    story = Story(buttons=True).begun(SIZES)
    prompt = story.open[0]
    story.hears("for Friday").permit().tap(prompt, 2)
    assert story.outcome() is QUEUED
    assert story.open == []
    assert story.notice == ""
    assert story.of(fx.Close)[0].answered.chosen == "Large"
    assert story.of(fx.Perform) == []
    story.comes(text("Noted.")).permit()
    assert story.performed == [(Step.SEND, "Large", None)]


def test_the_same_option_again_is_silent_another_one_is_stale():
    """The same option again is acknowledged silently; anything else is stale."""
    story = Story(buttons=True).begun(SIZES)
    prompt = story.open[0]
    story.tap(prompt, 2).tap(prompt, 2)
    assert (story.outcome(), story.notice, story.said) == (DONE, "", [])
    story.tap(prompt, 1)
    assert (story.outcome(), story.notice) == (REFUSED, say(Phrase.STALE_TAP))
    assert story.turn.input == "Large"


def test_a_stale_tap_shows_the_open_question_again_once():
    """A stale tap changes nothing, and the open question is shown again, once (law 10)."""
    story = Story(buttons=True).begun(SIZES)
    old = story.open[0]
    story.hears("big").comes(text("Which taste?"), pick("taste", "Nut", "Lemon"))
    story.tap(old, 0)
    assert story.notice == say(Phrase.STALE_TAP)
    assert story.said == ["Which taste?", "[Nut] [Lemon]"]
    story.tap(old, 0)
    assert (story.notice, story.said) == (say(Phrase.STALE_TAP), [])


def test_where_no_tap_is_answered_the_notice_is_said():
    """On a channel without answers to taps the stale notice is a message."""
    story = Story().begun(SIZES)
    old = story.open[0]
    story.hears("1").comes(text("Thanks.")).tap(old, 0)
    assert story.said == [say(Phrase.STALE_TAP)]


@pytest.mark.parametrize("chosen", [(3,), (-1,), (0, 77)])
def test_a_position_that_was_never_shown_is_stale(chosen):
    """No tap is bent into another option than the one it names (law 9)."""
    story = Story(buttons=True).begun(picks("extras", "Nuts", "Card", "Candles"))
    story.choice(story.open[0], chosen=chosen)
    assert (story.outcome(), story.notice) == (REFUSED, say(Phrase.STALE_TAP))
    assert len(story.open) == 1


def test_a_tap_of_another_widget_is_stale():
    """A number for a list, a choice for a number, words where none are allowed: all stale."""
    story = Story(buttons=True).begun(SIZES, number("guests", 1, 20))
    sizes, guests = story.open
    for wrong in (
        lambda: story.number(sizes, 2),
        lambda: story.tap(guests, 0),
        lambda: story.choice(sizes, custom="huge"),
    ):
        wrong()
        assert (story.outcome(), story.notice) == (REFUSED, say(Phrase.STALE_TAP))
    assert story.open == [sizes, guests]


def test_done_confirms_what_the_view_has_selected():
    """A choice without positions confirms the view's selection; a number without one likewise."""
    story = Story(buttons=True).begun(picks("extras", "Nuts", "Card"), number("guests", 1, 20, 1))
    extras = story.open[0]
    story.step(extras, events.Toggle(index=1)).choice(story.open[0], chosen=None)
    assert story.turn.input == "Hello!: Card"
    guests = story.open[0]
    story.step(guests, events.Nudge(delta=Decimal(4))).number(story.open[0], None)
    assert story.state.queue[0].text.endswith(": 5")


def test_an_incomplete_answer_is_explained_and_nothing_changes():
    """Too few choices, or none, get a notice; the prompt stays open."""
    story = Story(buttons=True).begun(SIZES, number("guests", 1, 20))
    sizes, guests = story.open
    story.choice(sizes, chosen=())
    assert (story.outcome(), story.notice) == (DONE, say(Phrase.ONLY_ONE))
    story.number(guests, 50)
    assert "from 1 to 20" in story.notice
    quiet = Story().begun(SIZES)
    quiet.choice(quiet.open[0], chosen=())
    assert quiet.said == [say(Phrase.ONLY_ONE)]


def test_words_of_ones_own_are_sent_as_they_are():
    """A custom answer of a modal is taken, without the halves of characters; blanks are none."""
    story = Story(buttons=True).begun(pick("taste", "Nut", custom="any taste"))
    taste = story.open[0]
    story.choice(taste, custom="  ")
    assert story.notice == say(Phrase.ONLY_ONE)
    story.choice(taste, custom=" plum \ud800")
    assert story.turn.input == "plum \ufffd"
    assert story.turn.values is None


def test_a_text_wins_over_a_modal():
    """While a modal is open a text is the answer; the modal's own gets the stale notice."""
    story = Story(buttons=True).begun(pick("taste", "Nut", custom="any taste"))
    taste = story.open[0]
    story.step(taste, events.AskCustom())
    assert len(story.of(fx.OpenModal)) == 1
    assert story.said == [say(Phrase.TYPE_CUSTOM_HINT, hint="any taste")]
    story.hears("plum").choice(taste, custom="pear")
    assert (story.outcome(), story.notice) == (REFUSED, say(Phrase.STALE_TAP))
    assert story.turn.input == "plum"


def test_a_step_on_an_answered_widget_is_stale():
    """Pages and filters of a claimed prompt no longer turn."""
    story = Story(buttons=True).begun(SIZES)
    prompt = story.open[0]
    story.tap(prompt, 0).step(prompt, events.Page(number=1))
    assert (story.outcome(), story.notice) == (REFUSED, say(Phrase.STALE_TAP))


def test_only_answers_of_the_form_can_be_changed():
    """A question that is no field of the form ("Shall I send this?") offers no change."""
    for field, change in (("size", True), ("", False), ("confirm", False)):
        story = Story(buttons=True, schemas=(SCHEMA,)).begun(pick(field, "Yes", "No"))
        story.tap(story.open[0], 0)
        assert [change] == [close.answered.change for close in story.of(fx.Close)]


def test_a_tap_that_nobody_understands_is_answered_to_the_one_who_tapped():
    """A button of another day: the phone stops waiting, and the thread hears nothing."""
    for person in (ANNA, BEN):
        story = Story(buttons=True).begun(SIZES)
        story.event(events.Unsupported, person, kind="this button", tap="t")
        assert (story.outcome(), story.notice, story.said) == (REFUSED, say(Phrase.STALE_TAP), [])


def test_long_labels_that_were_tapped_are_cut_where_they_are_too_many():
    """Whoever taps can't shorten them; where the values are sent, they say enough."""
    story = Story(buttons=True).begun(picks("anything", "x" * 6000, "y" * 6000))
    for index in (0, 1):
        story.step(story.open[0], events.Toggle(index=index))
    story.choice(story.open[0]).permit()
    ((_, words, values),) = story.performed
    assert (len(words) <= 10_000, values) == (True, None)
    assert words.startswith("x" * 4000)
    assert words.endswith("y…")


def test_words_of_ones_own_that_are_too_long_are_refused():
    """Typed into a window: the person is told by how much to shorten them, the prompt is open."""
    story = Story(buttons=True).begun(pick("taste", "Nut", custom=""))
    story.choice(story.open[0], custom="x" * 10_003)
    assert (story.outcome(), len(story.open)) == (REFUSED, 1)
    assert story.said == [say(Phrase.TOO_LONG, length=10_003, limit=10_000, over=3)]

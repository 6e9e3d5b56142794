"""What widgets show: pages, filters, selections, steppers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.viewing import nudged
from bridge.protocol import events
from bridge.protocol.prompts import NumberInput, Prompt, PromptOwner, PromptView, SingleSelect
from tests.conversation.story import (
    SCHEMA,
    SIZES,
    Phrase,
    Story,
    fact,
    number,
    pick,
    picks,
    say,
    text,
)

DONE = InboxState.DONE


def known(**changes):
    """A conversation in which the size is known and the taste is asked."""
    story = Story(schemas=(SCHEMA,), **changes).sent()
    taste = pick("taste", "Nut", "Lemon")
    return story.comes(fact("size", "large"), text("Which taste?"), taste)


def test_a_step_changes_the_view_in_place_where_the_channel_can():
    """Pages, filters and selections are kept by the core and drawn again."""
    story = Story(buttons=True).begun(picks("extras", "Nuts", "Card"))
    story.step(story.open[0], events.Toggle(index=1))
    assert story.of(fx.Redraw)[0].prompt == story.open[0]
    assert (story.open[0].view.selected, story.open[0].view.rev) == ((1,), 1)
    story.step(story.open[0], events.Toggle(index=1))
    assert story.open[0].view.selected == ()
    story.step(story.open[0], events.Page(number=-3))
    assert (story.of(fx.Redraw), story.open[0].view.page) == ([], 0)
    story.step(story.open[0], events.Filter(text=" nu "))
    assert (story.open[0].view.filter, story.open[0].view.page) == ("nu", 0)


def test_a_step_shows_the_list_once_more_where_nothing_can_be_edited():
    """A message can't be changed there, so the list is said again."""
    story = Story().begun(picks("extras", "Nuts", "Card"))
    story.step(story.open[0], events.Toggle(index=0))
    assert story.said == ["[Nuts] [Card]*"]
    story = Story().begun(number("guests", 1, 9, 1))
    story.step(story.open[0], events.Nudge(delta=Decimal(1)))
    assert story.said == []


def test_no_more_can_be_selected_than_the_form_allows():
    """At the maximum a toggle gets a notice and changes nothing."""
    field = replace(SCHEMA.fields["size"], target="extras", input_type="ARRAY", maximum=1)
    schema = replace(SCHEMA, fields={"extras": field})
    for buttons in (True, False):
        story = Story(buttons=buttons, schemas=(schema,)).begun(picks("extras", "Nuts", "Card"))
        story.step(story.open[0], events.Toggle(index=0))
        story.step(story.open[0], events.Toggle(index=1))
        notice = say(Phrase.TOO_MANY_CHOSEN, count=1)
        assert story.notice == notice
        assert story.said == ([] if buttons else [notice])
        assert story.open[0].view.selected == (0,)


def test_a_toggle_of_what_is_not_there_changes_nothing():
    """Neither an option that does not exist nor one of a single select."""
    story = Story(buttons=True).begun(SIZES, picks("extras", "Nuts"))
    for prompt, index in zip(story.open, (0, 5), strict=True):
        story.step(prompt, events.Toggle(index=index))
        assert story.of(fx.Redraw) == []


def test_words_of_ones_own_are_asked_for_where_they_are_allowed():
    """With or without a hint, or the number's range; with options alone nothing happens."""
    story = Story(buttons=True).begun(pick("taste", "Nut", custom=""))
    story.step(story.open[0], events.AskCustom())
    assert story.said == [say(Phrase.TYPE_CUSTOM)]
    story = Story(buttons=True).begun(SIZES)
    story.step(story.open[0], events.AskCustom())
    assert (story.said, story.of(fx.OpenModal), story.of(fx.Redraw)) == ([], [], [])
    story = Story(buttons=True).begun(number("guests", 1, 20))
    story.step(story.open[0], events.AskCustom())
    assert len(story.of(fx.OpenModal)) == 1
    assert "from 1 to 20" in story.said[0]


def test_words_turn_pages_and_filter():
    """MORE and a part of a name change what a long list shows."""
    story = Story().begun(pick("taste", *(f"Taste {n:02}" for n in range(40))))
    story.hears("more")
    assert (story.outcome(), story.open[0].view.page) == (DONE, 1)
    story.hears("taste")
    assert (story.outcome(), story.open[0].view.filter) == (DONE, "taste")


def test_nudging_a_list_changes_nothing():
    """Only numbers have a stepper."""
    story = Story(buttons=True).begun(SIZES)
    story.step(story.open[0], events.Nudge(delta=Decimal(1)))
    assert story.open[0].view.number is None


@pytest.mark.parametrize(
    ("widget", "at", "delta", "expected"),
    [
        (NumberInput(), None, 1, "1"),
        (NumberInput(minimum=Decimal(5)), None, 1, "6"),
        (NumberInput(minimum=Decimal(5), maximum=Decimal(7)), 7, 1, "7"),
        (NumberInput(minimum=Decimal(5)), 5, -1, "5"),
        (NumberInput(below=Decimal(10)), 9, 5, "9"),
        (NumberInput(below=Decimal("10.5"), step=Decimal(1)), 10, 1, "10"),
        (NumberInput(minimum=Decimal(3), step=Decimal(2)), None, 2, "4"),
        (NumberInput(minimum=Decimal(3), step=Decimal(2)), 4, -2, "4"),
        (NumberInput(maximum=Decimal(9), step=Decimal(4)), 8, 4, "8"),
        (NumberInput(step=Decimal("0.5")), 1, Decimal("0.5"), "1.5"),
    ],
)
def test_a_stepper_keeps_to_range_and_step(widget, at, delta, expected):
    """The next number is clamped to the range and stands on the step."""
    view = PromptView(number=None if at is None else Decimal(at))
    prompt = Prompt(id="p", owner=PromptOwner.UPSTREAM, question="?", widget=widget, view=view)
    assert nudged(prompt, Decimal(delta)) == Decimal(expected)


def test_a_list_has_no_stepper():
    """A select has no next number."""
    widget = SingleSelect(options=())
    prompt = Prompt(id="p", owner=PromptOwner.UPSTREAM, question="?", widget=widget)
    assert nudged(prompt, Decimal(1)) is None


def test_a_whole_label_is_said_where_the_widget_cut_it():
    """The question stays open, and nothing changes; what is not there says nothing."""
    story = Story(buttons=True).begun(pick("taste", "Nut and " * 40))
    story.step(story.open[0], events.Reveal(index=0))
    assert [("Nut and " * 40).strip()] == [said.strip() for said in story.said]
    assert story.of(fx.Redraw) == []
    assert len(story.open) == 1
    story.step(story.open[0], events.Reveal(index=1))
    assert story.said == []

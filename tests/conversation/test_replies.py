"""Typed replies: what is an answer, what is text, what is too long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import Found, Why
from bridge.inputs import ChoiceMode
from tests.conversation.story import (
    CONTINUING,
    SCHEMA,
    SIZES,
    CommandName,
    Phrase,
    Story,
    number,
    pick,
    picks,
    say,
    text,
)

DONE, REFUSED, TAKEN = InboxState.DONE, InboxState.REFUSED, InboxState.TAKEN


# Typed replies.


def test_a_typed_number_answers_the_list():
    """A reply is judged against the prompts that are shown when the mailbox takes it."""
    story = Story().begun(SIZES).hears("2")
    assert story.outcome() is TAKEN
    assert story.turn.input == "Medium"


def test_a_bare_number_without_a_list_is_text():
    """With no list open, a bare number is text for the upstream ("How many guests?" "20")."""
    story = Story().begun(text("How many guests?")).hears("20")
    assert story.turn.input == "20"


@pytest.mark.parametrize("doubt", [False, True], ids=["in flight", "unknown"])
def test_a_bare_number_again_is_stale_while_the_lists_turn_is_out(doubt):
    """Only while the turn that answered a list is in flight or UNKNOWN a number is stale."""
    story = Story().begun(SIZES).hears("2").permit()
    if doubt:
        story.misses(Why.LOST)
    story.hears("3")
    assert (story.outcome(), story.said) == (REFUSED, [say(Phrase.STALE_TAP)])


def test_a_bare_number_again_is_stale_while_the_lists_answer_still_waits():
    """The answer to a list may itself wait for a turn: the same number is a repetition then too."""
    story = Story().begun(SIZES).hears("for Friday").permit().hears("2").hears("2")
    assert story.outcome() is REFUSED
    assert [entry.text for entry in story.state.queue] == ["Medium"]


def test_after_going_on_a_bare_number_is_text_again():
    """Once the lost answer was given up, a number is what the person means by it."""
    story = Story(buttons=True).begun(SIZES).hears("medium").misses(Why.LOST)
    story.looks(Found.NONE).tap(story.open[-1], 1).hears("20")
    assert story.turn.input == "20"


def test_several_prompts_number_through_and_answers_name_their_question():
    """Lists of one answer number through; each answer says which question it is for."""
    story = Story().begun(
        text("Which size?"), SIZES, text("Which taste?"), pick("taste", "Nut", "Lemon")
    )
    assert [prompt.first for prompt in story.open] == [1, 4]
    story.hears("5")
    assert story.turn.input == "Which taste: Lemon"
    story.hears("1")
    assert [entry.text for entry in story.state.queue] == ["Which size: Small"]


def test_one_message_may_answer_several_lists():
    """A reply like "1, 4" answers both lists as one entry, joined; both prompts are claimed."""
    story = Story(schemas=(SCHEMA,)).begun(
        text("Which size?"), SIZES, text("Which taste?"), pick("taste", "Nut", "Lemon")
    )
    story.hears("1, 4")
    assert story.turn.input == "Which size: Small\nWhich taste: Nut"
    assert story.turn.values == {"size": "small"}
    assert story.open == []


def test_one_message_is_not_for_the_bridge_and_the_upstream_at_once():
    """Lists of the bridge and of the upstream are not answered together."""
    story = Story().begun(SIZES).command(CommandName.START, "event").hears("1 and 4")
    assert (story.outcome(), story.said) == (REFUSED, [say(Phrase.MIXED)])
    assert len(story.open) == 2


def test_for_one_field_the_later_question_replaces_the_earlier():
    """Two questions for one field in one answer are one prompt."""
    story = Story().begun(SIZES, pick("size", "XL", "XXL"))
    assert [option.label for option in story.open[0].widget.options] == ["XL", "XXL"]
    assert len(story.open) == 1


def test_the_next_answer_supersedes_what_is_open_but_claimed_answers_are_sent():
    """What is still open closes with the next answer; what was claimed before still goes out."""
    story = Story(buttons=True).begun(
        text("Which size?"), SIZES, text("Which taste?"), pick("taste", "Nut", "Lemon")
    )
    sizes, taste = story.open
    story.hears("hello?").permit().tap(sizes, 0).comes(text("Yes?"))
    assert story.open == []
    assert taste.id in {e.answered.prompt.id for e in story.of(fx.Close)}
    assert story.turn.input == "Which size: Small"


def test_lists_of_the_bridge_number_on_from_those_that_are_open():
    """No two open lists share a number (law 9); the next answer closes the bridge's too."""
    story = Story().begun(SIZES).hears("so big").permit().command(CommandName.START, "event")
    assert [prompt.first for prompt in story.open] == [1, 4]
    story.comes(text("Which size?"), SIZES)
    assert [prompt.first for prompt in story.open] == [1]


# Numbers.


def test_a_number_prompt_takes_a_number_only_as_a_whole():
    """A text that is a number as a whole answers; other text goes up and the prompt stays open."""
    story = Story().begun(text("How many?"), number("guests", 1, 20, 1)).hears("12")
    assert (story.turn.input, story.open) == ("12", [])
    story = Story().begun(text("How many?"), number("guests", 1, 20, 1)).hears("about 12 or so")
    assert (story.turn.input, len(story.open)) == ("about 12 or so", 1)


def test_a_number_out_of_range_is_told_locally():
    """It does not go upstream."""
    story = Story().begun(text("How many?"), number("guests", 1, 20, 1)).hears("50")
    assert story.outcome() is DONE
    assert "from 1 to 20" in story.said[0]
    assert story.of(fx.PutTurn) == []


# What a choice sends.


@pytest.mark.parametrize(
    ("mode", "known", "sent"),
    [
        (ChoiceMode.LABEL, True, ("Large", None)),
        (ChoiceMode.LABEL_AND_VALUES, True, ("Large", {"size": "large"})),
        (ChoiceMode.LABEL_AND_VALUES, False, ("Large", None)),
        (ChoiceMode.VALUES, True, (None, {"size": "large"})),
    ],
)
def test_a_choice_sends_label_and_value(mode, known, sent):
    """`input` is the label, `currentValues` the value, as set and where the schema is known."""
    rules = replace(CONTINUING, choice=mode)
    story = Story(buttons=True, rules=rules, schemas=(SCHEMA,) if known else ()).begun(SIZES)
    story.tap(story.open[0], 2)
    assert (story.turn.input, story.turn.values) == sent


def test_a_payment_sends_its_label_alone():
    """The value of a PAYMENT field is not sent."""
    story = Story(buttons=True, schemas=(SCHEMA,)).begun(pick("product", "Cake", "Pie"))
    story.tap(story.open[0], 0)
    assert (story.turn.input, story.turn.values) == ("Cake", None)


# Lengths and bounds.


def test_a_single_longer_text_is_refused_with_how_much_to_shorten():
    """One text over 10,000 characters is refused, and the person is told by how much (law 6)."""
    story = Story().begun().hears("x" * 10_003)
    assert story.outcome() is REFUSED
    assert story.said == [say(Phrase.TOO_LONG, length=10_003, limit=10_000, over=3)]
    assert Story().begun().hears("x" * 10_000).outcome() is TAKEN


def test_a_long_label_can_be_chosen():
    """A label of 10,000 characters goes without its question; long labels by value (law 9)."""
    label = "a" * 10_000
    story = Story(buttons=True).begun(pick("taste", label, "b"), pick("other", "c"))
    story.tap(story.open[0], 0)
    assert story.turn.input == label
    field = replace(SCHEMA.fields["size"], target="extras", input_type="ARRAY")
    schema = replace(SCHEMA, fields={"extras": field})
    story = Story(buttons=True, schemas=(schema,)).begun(picks("extras", label, "b" * 10_000))
    story.tap(story.open[0], 0, 1)
    assert story.turn.input is None
    assert story.turn.values == {"extras": [label, "b" * 10_000]}


def test_labels_too_long_together_are_refused_and_stay_open():
    """What can't be passed on is told; the prompts are not claimed."""
    labels = ("a" * 9_000, "b" * 9_000)
    story = Story().begun(pick("x", labels[0]), pick("y", labels[1]))
    story.hears("1, 2")
    assert (story.outcome(), len(story.open)) == (REFUSED, 2)
    assert "10000" in story.said[0]


def test_waiting_texts_are_bounded_and_the_person_is_told():
    """At the bound a text is refused with a notice (law 6)."""
    story = Story(rules=replace(CONTINUING, waiting_texts=2)).sent()
    story.hears("a").hears("b").hears("c")
    assert (story.outcome(), story.said) == (REFUSED, [say(Phrase.WAITING_FULL, limit=2)])
    assert [entry.text for entry in story.state.queue] == ["a", "b"]


def test_an_empty_text_is_not_passed_on():
    """White space alone is refused, so that the upstream is never sent nothing."""
    story = Story().begun().hears(" \n")
    assert story.outcome() is REFUSED
    assert story.said


def test_halves_of_characters_are_made_whole():
    """A lone half of a surrogate pair, which nothing can encode, is replaced."""
    story = Story().begun().hears("a\ud800b \ud83d\ude00")
    assert story.turn.input == "a\ufffdb \U0001f600"

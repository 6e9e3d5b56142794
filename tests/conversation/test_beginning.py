"""How a form begins, and what is said when one is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.state import ConversationState
from tests.conversation.story import (
    CAKE,
    DAY,
    EVENT,
    CommandName,
    Phrase,
    Step,
    Story,
    say,
    submission,
    text,
)

DONE, TAKEN = InboxState.DONE, InboxState.TAKEN


# First words.


def test_a_plain_first_message_begins_the_default_form_and_is_sent():
    """The channel's default form begins, and the text is its first input."""
    story = Story().hears("I want a cake for Friday")
    assert story.state.live.form == "cake"
    assert (story.turn.step, story.outcome()) == (Step.CREATE, TAKEN)
    story.comes(text("Hello!"))
    assert story.said == ["Hello!"]
    story.permit()
    assert story.performed == [(Step.SEND, "I want a cake for Friday", None)]


@pytest.mark.parametrize(
    "words", ["Hi", "hello there!", "Good morning", "order a  CAKE", "\U0001f44b"]
)
def test_a_bare_greeting_or_a_keyword_is_not_forwarded(words):
    """A greeting or a keyword begins the form, and nothing more."""
    story = Story().hears(words)
    assert (story.outcome(), story.turn.input) == (DONE, None)
    story.comes(text("Hello!"))
    assert story.said == ["Hello!"]
    assert story.of(fx.Request) == []


def test_texts_during_the_greeting_are_sent_after_it():
    """START alone is not forwarded; what is written meanwhile is the first input."""
    story = Story().command(CommandName.START).hears("two layers").hears("for Friday")
    story.comes(text("Hello!")).permit()
    assert story.performed == [(Step.SEND, "two layers\nfor Friday", None)]


def test_without_a_default_form_the_forms_are_offered():
    """Where no form is the channel's own, a text asks which one."""
    story = Story(replace(CAKE, default_for=()), EVENT).hears("I want a cake")
    assert story.outcome() is DONE
    assert story.said == [say(Phrase.PICK_FORM), "[Cake] [Event: Sign up]"]
    story.hears("2")
    assert story.state.live.form == "event"


def test_without_any_form_there_is_nothing_to_begin():
    """An empty catalogue is said plainly."""
    story = Story(replace(CAKE, channels=("other",), default_for=())).hears("hello")
    assert story.said == [say(Phrase.NO_FORMS)]


def test_prefilled_values_are_known_from_the_start():
    """Flow B: what is known already goes into the session."""
    story = Story(replace(CAKE, prefill={"size": "large"})).command(CommandName.START)
    assert story.state.live.answers == {"size": "large"}


# After the end.


def test_awaiting_payment_a_text_gets_the_order():
    """Plain text never opens a new form but gets the order with Pay, Order again, Contact."""
    story = Story(buttons=True).ordered().hears("and candles please")
    assert story.outcome() is DONE
    assert story.said == [say(Phrase.ORDER_WAITING), "[Pay] [Order again] [Contact]"]
    story.hears("hello?")
    assert len(story.open) == 1
    story.tap(story.open[0], 2)
    assert story.said == [say(Phrase.CONTACT, contact=CAKE.contact)]


def test_order_again_begins_anew():
    """A button starts anew; the old order is still followed."""
    story = Story(buttons=True).ordered()
    order = story.state.conversation.id
    story.hears("hm").tap(story.open[0], 1)
    assert story.state.live.id != order
    assert story.rows.conversations[order].state is ConversationState.AWAITING_PAYMENT


def test_a_form_that_is_gone_leaves_only_the_payment():
    """An order of a form that the catalogue no longer has can be paid, nothing else."""
    story = Story(replace(CAKE, contact=""), buttons=True).ordered()
    story.hears("hm")
    assert story.said[-1] == "[Pay] [Order again]"
    story.world = replace(story.world, catalogue=replace(story.world.catalogue, entries=(EVENT,)))
    story.hears("hm")
    assert story.said[-1] == "[Pay]"


def test_a_finished_form_answers_once_within_a_day():
    """Text within a day gets one "That's done. [Start again]"; later it begins a form."""
    story = Story(buttons=True).sent().comes(text("Thanks."), submission())
    story.later(100).hears("bye").later(1).hears("bye bye")
    assert story.outcome() is DONE
    assert story.said == []
    story.later(100).hears("are you there?")
    assert story.said == [say(Phrase.THAT_IS_DONE), "[Start again]"]
    story.tap(story.open[0], 0)
    assert story.state.live
    story = Story().sent().comes(text("Thanks."), submission()).later(DAY + 1).hears("a pie")
    assert story.turn.input == "a pie"


def test_a_finished_form_that_is_gone_just_says_so():
    """Without an entry there is nothing to start again."""
    story = Story().sent().comes(submission()).later(100)
    story.world = replace(story.world, catalogue=replace(story.world.catalogue, entries=(EVENT,)))
    story.hears("bye")
    assert story.said == [say(Phrase.THAT_IS_DONE)]


def test_after_cancelling_a_text_begins_anew():
    """What was cancelled does not stand in the way."""
    story = Story().begun().command(CommandName.CANCEL).hears("a pie for six")
    assert story.turn.input == "a pie for six"

"""Answers that did not come, sessions that are gone, processes that died."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import Found, Why
from bridge.conversation.state import GIVEN_UP, Payment, TurnState
from tests.conversation.story import (
    CONTINUING,
    SCHEMA,
    SIZES,
    CommandName,
    Phrase,
    Step,
    Story,
    fact,
    pick,
    say,
    submission,
    text,
)

DONE, QUEUED = InboxState.DONE, InboxState.QUEUED


# After a lost answer.


def test_after_a_lost_answer_the_submissions_are_looked_at_first():
    """UNKNOWN: nothing is offered before the look (law 5); the time of SENT is kept."""
    story = Story().sent().misses(Why.LOST)
    assert story.turn.unsure
    assert story.said == []
    assert story.of(fx.LookUp)[0].conversation.unknown_since == story.turn.sent_at
    story.looks(Found.NONE)
    assert story.said == [say(Phrase.ANSWER_LOST), "[Send again] [Go on]"]


def test_send_again_sends_the_same_input_once_more():
    """As a turn of its own, before what waits."""
    story = Story(buttons=True).sent("one").hears("two").misses(Why.LOST).looks(Found.NONE)
    lost = story.turn
    story.tap(story.open[-1], 0)
    assert story.said == [say(Phrase.SENDING_AGAIN)]
    assert (story.turn.input, story.turn.n) == ("one", lost.n + 1)
    assert (story.rows.turns[lost.id].error, story.outcome(2)) == (GIVEN_UP, DONE)
    story.comes(text("ok"))
    assert story.turn.input == "two"
    assert story.state.live.unknown_since == 0.0


def test_go_on_sends_the_queue_in_order():
    """The lost text is not sent again; what waited goes."""
    story = Story(buttons=True).sent("one").hears("two").hears("three").misses(Why.LOST)
    story.looks(Found.NONE).tap(story.open[-1], 1)
    assert say(Phrase.GOING_ON) in story.said
    assert story.turn.input == "two\nthree"


def test_go_on_with_nothing_waiting_shows_the_open_question():
    """There is nothing to send, so the question that is open is shown again."""
    story = Story(buttons=True).begun(text("Which size?"), SIZES).hears("hm, not sure")
    story.misses(Why.LOST).looks(Found.NONE).tap(story.open[-1], 1)
    shown = ["Which size?", "[Small] [Medium] [Large]"]
    assert story.said == [say(Phrase.GOING_ON), *shown]


@pytest.mark.parametrize("how", ["text", "tap", "several"])
def test_a_new_text_means_go_on(how):
    """A text or an answer that is none to "Send again / Go on" gives the lost text up."""
    story = Story(buttons=how == "tap")
    story.begun(text("Size?"), SIZES, text("Taste?"), pick("taste", "Nut")).hears("hm, not sure")
    story.misses(Why.LOST).looks(Found.NONE)
    if how == "tap":
        story.tap(story.open[0], 0)
    else:
        story.hears("four layers" if how == "text" else "1, 4")
    assert story.turn.state is TurnState.OPEN
    assert story.turn.input.startswith({"text": "four", "tap": "Size: Small"}.get(how, "Size"))


def test_queued_texts_wait_for_the_look():
    """Before the look nobody is asked, so a text waits."""
    story = Story().sent().misses(Why.LOST).hears("two")
    assert story.outcome() is QUEUED
    assert story.looks(Found.NONE).said[-1] == "[Send again] [Go on]"


def test_a_full_queue_is_sent_when_a_text_means_go_on():
    """The bound refuses nothing where the queue may go."""
    story = Story(rules=replace(CONTINUING, waiting_texts=1)).sent("one").hears("two")
    story.misses(Why.LOST).looks(Found.NONE).hears("no nuts")
    assert (story.turn.input, story.outcome()) == ("two", QUEUED)


def test_a_submission_that_was_found_is_told():
    """Exactly one that holds all our answers: as if SUBMISSION had come (law 5)."""
    story = Story().sent().hears("and candles").misses(Why.LOST)
    story.looks(Found.OURS, "sub-1", "checkout-1")
    assert story.said == [
        say(Phrase.SUBMISSION_FOUND),
        say(Phrase.NOT_SENT_AFTER_SUBMISSION, texts="and candles"),
    ]
    order = story.state.conversation
    assert (order.submission, order.payment) == ("sub-1", Payment.WAITING)
    assert story.turn.state is TurnState.ANSWERED


def test_where_it_is_unsure_person_and_operator_are_told():
    """Anything else, or unreadable: told, and never sent again alone."""
    story = Story().sent().misses(Why.LOST).looks(Found.UNSURE)
    assert story.said == [say(Phrase.SUBMISSION_UNSURE), "[Send again] [Go on]"]
    assert len(story.of(fx.Alert)) == 1


def test_a_late_answer_is_shown_where_nothing_was_decided_yet():
    """The answer of a turn whose loss is still open is shown, and the question closed."""
    story = Story().lost().comes(text("Here I am."))
    assert story.said == ["Here I am."]
    assert story.open == []
    assert story.turn.state is TurnState.ANSWERED


def test_an_answer_of_a_turn_that_is_over_changes_nothing():
    """Neither an answer again nor a miss or a look after the end."""
    story = Story().sent().comes(text("ok"))
    turn = story.turn.id
    assert story.comes(text("again"), turn=turn).effects == ()
    assert story.misses(Why.LOST, turn=turn).effects == ()
    assert story.looks(Found.OURS, "x", turn=turn).effects == ()
    assert story.comes(text("again"), turn="nobody").effects == ()
    assert story.misses(Why.LOST, turn="nobody").effects == ()
    assert story.looks(Found.OURS, "x", turn="nobody").effects == ()


# Law 12: the session is gone.


def gone():
    """A session with answers whose upstream no longer knows it."""
    story = Story(schemas=(SCHEMA,)).sent().comes(fact("size", "large"), text("And when?"))
    return story.hears("Friday").misses(Why.SESSION_GONE)


def test_a_session_that_is_gone_is_renewed_once():
    """After a look: a new one with the answers as values, its greeting hidden, the same input."""
    story = gone()
    assert len(story.of(fx.LookUp)) == 1
    assert story.of(fx.Request) == []
    story.looks(Found.NONE).permit()
    made = story.of(fx.Perform)[0]
    assert (made.turn.step, made.conversation.answers) == (Step.CREATE, {"size": "large"})
    assert made.conversation.generation == 1
    story.comes(text("Hello again!"), SIZES, session="session-2").permit()
    assert (story.said, story.open) == ([], [])
    assert story.performed == [(Step.SEND, "Friday", None)]
    assert story.state.live.session == "session-2"
    assert story.comes(text("Friday it is.")).said == ["Friday it is."]


def test_a_session_that_is_gone_again_fails():
    """Once is enough."""
    story = gone().looks(Found.NONE).comes(session="session-2").misses(Why.SESSION_GONE)
    assert story.turn.state is TurnState.FAILED
    assert say(Phrase.UPSTREAM_FAILED) in story.said


def test_a_submission_in_the_hidden_greeting_is_told():
    """A SUBMISSION is always told, and the input that was not sent as well."""
    story = gone().looks(Found.NONE).comes(text("Done."), submission(), session="session-2")
    assert story.said == [
        say(Phrase.SUBMITTED),
        say(Phrase.NOT_SENT_AFTER_SUBMISSION, texts="Friday"),
    ]
    assert story.outcome() is DONE


def test_a_lost_submission_behind_a_session_that_is_gone_is_found():
    """Law 5 comes before law 12."""
    story = gone().looks(Found.OURS, "sub-1")
    assert story.state.conversation.submission == "sub-1"
    assert story.said == [
        say(Phrase.SUBMISSION_FOUND),
        say(Phrase.NOT_SENT_AFTER_SUBMISSION, texts="Friday"),
    ]
    assert story.of(fx.Request) == []


@pytest.mark.parametrize("again", [True, False])
def test_where_the_look_is_unsure_a_new_session_waits_for_the_person(again):
    """Never alone: "Send again" then makes the session, and so does what follows "Go on"."""
    story = gone().hears("at noon").looks(Found.UNSURE)
    assert story.said == [say(Phrase.SUBMISSION_UNSURE), "[Send again] [Go on]"]
    story.hears("1" if again else "2")
    assert (story.turn.step, story.turn.renewed) == (Step.CREATE, True)
    assert story.turn.input == ("Friday" if again else "at noon")
    assert story.comes(text("Hello again!"), session="session-2").said == []


def test_a_renewal_survives_a_restart_at_each_step():
    """Waiting for the look, for the new session, and for the answer are told apart by the rows."""
    story = gone().restarts()
    assert len(story.of(fx.LookUp)) == 1
    story.looks(Found.NONE).restarts()
    assert story.of(fx.LookUp) == []
    story.permit().restarts().comes(text("Hello again!"), session="session-2").restarts()
    assert (story.of(fx.LookUp), len(story.of(fx.Request))) == ([], 1)
    story.misses(Why.NOT_TAKEN).restarts()
    assert (story.of(fx.LookUp), len(story.of(fx.Request))) == ([], 1)
    assert story.comes(text("Friday it is.")).said == ["Friday it is."]


# Recovery.


def test_recovery_takes_up_what_waits_for_a_permit():
    """OPEN asks again, with its pause."""
    story = Story().sent().misses(Why.NOT_TAKEN).restarts()
    assert story.of(fx.Request)[0].turn == story.turn


def test_recovery_repeats_a_create_and_doubts_a_send():
    """SENT: CREATE goes back to OPEN, SEND becomes UNKNOWN and is looked up."""
    story = Story().hears("a pie").permit().restarts()
    assert (story.turn.state, len(story.of(fx.Request))) == (TurnState.OPEN, 1)
    story = Story().sent().restarts()
    assert (story.turn.unsure, len(story.of(fx.LookUp))) == (True, 1)


def test_recovery_looks_again_but_asks_once():
    """UNKNOWN before the look: looked up; after it: the question stands already."""
    story = Story().sent().misses(Why.LOST).restarts()
    assert len(story.of(fx.LookUp)) == 1
    story.looks(Found.NONE).restarts()
    assert story.effects == ()


def test_recovery_after_going_on_does_nothing():
    """A turn that was given up needs nobody."""
    story = Story(buttons=True).lost()
    assert story.tap(story.open[-1], 1).restarts().effects == ()


def test_recovery_of_turns_whose_conversation_was_closed():
    """A CREATE can't have submitted anything; a SEND is looked up."""
    story = Story().hears("a pie").permit().command(CommandName.CANCEL).restarts()
    assert story.state.given_up == ()
    assert story.outcome(1) is DONE
    story = Story().sent().command(CommandName.CANCEL).restarts().restarts()
    assert len(story.of(fx.LookUp)) == 1
    story.looks(Found.OURS, "sub-1", turn=story.of(fx.LookUp)[0].turn.id)
    assert say(Phrase.LATE_SUBMISSION) in story.said


def test_recovery_of_an_empty_thread_does_nothing():
    """Nothing was under way."""
    assert Story().restarts().effects == ()

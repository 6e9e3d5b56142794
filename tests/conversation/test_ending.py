"""How it ends: cancelled, submitted, refused by the platform."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation import messages
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import Found, Why
from bridge.conversation.state import ConversationState, Payment, TurnState
from bridge.protocol.calls import Refusal
from tests.conversation.story import (
    EVENT,
    SIZES,
    TRIAL,
    CommandName,
    Phrase,
    Story,
    say,
    submission,
    text,
)

DONE, REFUSED = InboxState.DONE, InboxState.REFUSED


# CANCEL and RESTART while SENT.


@pytest.mark.parametrize("name", [CommandName.CANCEL, CommandName.RESTART])
def test_stopping_in_flight_is_done_at_once(name):
    """Queued texts are marked and told; the answer is recorded, not shown."""
    story = Story().sent().hears("and candles")
    turn = story.turn.id
    story.command(name)
    assert story.outcome(3) is REFUSED
    assert say(Phrase.NOT_SENT_AFTER_CANCEL, texts="and candles") in story.said
    story.comes(text("Which size?"), SIZES, turn=turn)
    assert (story.said, story.open) == ([], [])
    assert story.rows.turns[turn].state is TurnState.ANSWERED
    assert story.outcome(2) is DONE


def test_cancel_says_whether_the_last_answer_may_still_complete_it():
    """Nothing was sent, or it may have been."""
    assert Story().sent().command(CommandName.CANCEL).said == [say(Phrase.CANCELLED_LATE)]
    assert Story().begun().command(CommandName.CANCEL).said == [say(Phrase.CANCELLED)]
    assert Story().lost().command(CommandName.CANCEL).said == [say(Phrase.CANCELLED_LATE)]
    creating = Story().hears("a pie").permit().command(CommandName.CANCEL)
    assert creating.said == [
        say(Phrase.CANCELLED),
        say(Phrase.NOT_SENT_AFTER_CANCEL, texts="a pie"),
    ]
    bare = Story().command(CommandName.START).permit().command(CommandName.CANCEL)
    assert bare.said == [say(Phrase.CANCELLED)]


def test_a_submission_after_cancel_is_told_and_its_order_followed():
    """A SUBMISSION is always told; the link is owed then too."""
    story = Story().sent()
    turn = story.turn.id
    story.command(CommandName.RESTART).comes(text("Bye."), submission(checkout="c"), turn=turn)
    assert story.said == [say(Phrase.LATE_SUBMISSION)]
    order = next(c for c in story.rows.conversations.values() if c.submission)
    assert (order.state, order.payment) == (ConversationState.AWAITING_PAYMENT, Payment.WAITING)
    assert (order.id, messages.TimerKind.CHECKOUT) in story.rows.timers
    assert story.state.live.id != order.id


def test_a_trial_that_ends_late_tells_of_no_submission():
    """A dry run submits nothing, also when its answer comes late."""
    story = Story(replace(TRIAL, default_for=("test",))).sent()
    turn = story.turn.id
    story.command(CommandName.CANCEL).comes(submission(), turn=turn)
    assert story.said == []
    assert story.state.conversation.state is ConversationState.CANCELLED


@pytest.mark.parametrize("found", [Found.NONE, Found.UNSURE, Found.OURS])
def test_a_lost_answer_after_cancel_is_looked_up(found):
    """It may hide a submission: told where it is ours, the operator where nobody can tell."""
    story = Story().sent().command(CommandName.CANCEL)
    turn = story.turn.id
    story.misses(Why.LOST, turn=turn)
    assert len(story.of(fx.LookUp)) == 1
    story.looks(found, "sub-1", turn=turn)
    assert (say(Phrase.LATE_SUBMISSION) in story.said) is (found is Found.OURS)
    assert len(story.of(fx.Alert)) == (found is Found.UNSURE)
    assert story.state.given_up == ()
    assert story.outcome(2) is DONE


def test_cancel_after_a_lost_answer_looks_once_more():
    """The answer may still complete the form; its events end with the look."""
    story = Story().lost().command(CommandName.CANCEL)
    assert story.said == [say(Phrase.CANCELLED_LATE)]
    assert len(story.of(fx.LookUp)) == 1
    story.looks(Found.OURS, "sub-1")
    assert story.said == [say(Phrase.LATE_SUBMISSION)]
    assert story.outcome(2) is DONE


def test_what_certainly_failed_after_cancel_is_over():
    """Not taken, refused: nothing to look for."""
    story = Story().sent().command(CommandName.CANCEL)
    story.misses(Why.NOT_TAKEN, turn=story.turn.id)
    assert story.turn.state is TurnState.FAILED
    assert story.state.given_up == ()


def test_cancel_before_the_permit_sends_nothing():
    """A turn that was not sent never will be, and its text is told with what waited."""
    story = Story().begun().hears("one").hears("two").command(CommandName.CANCEL)
    assert story.said == [
        say(Phrase.CANCELLED),
        say(Phrase.NOT_SENT_AFTER_CANCEL, texts="one; two"),
    ]
    assert story.turn.state is TurnState.FAILED
    assert story.outcome(2) is DONE


# SUBMISSION.


def test_a_submission_ends_the_form():
    """Texts are shown; prompts of that answer are not opened."""
    story = Story().sent().comes(text("Thank you."), SIZES, submission())
    assert (story.said, story.open) == (["Thank you."], [])
    assert story.state.conversation.state is ConversationState.DONE


@pytest.mark.parametrize(
    ("checkout", "phrase"), [(None, Phrase.SUBMITTED), ("c", Phrase.SUBMITTED_ORDER)]
)
def test_a_silent_submission_is_told_by_the_bridge(checkout, phrase):
    """Where the upstream says nothing the bridge does."""
    assert Story().sent().comes(submission(checkout=checkout)).said == [say(phrase)]


def test_the_same_submission_again_is_ignored_another_is_told():
    """Another one is shown and told to the operator."""
    story = Story().sent().comes(text("Done."), submission(), submission())
    assert story.said == ["Done."]
    story = Story().sent().comes(text("Done."), submission(), submission("sub-2"))
    assert story.said == ["Done.", say(Phrase.ANOTHER_SUBMISSION)]
    assert story.of(fx.Alert) == [fx.Alert("another submission")]


def test_texts_that_waited_when_it_was_submitted_are_told():
    """They were not included."""
    story = Story().sent().hears("and candles").comes(text("Done."), submission())
    assert say(Phrase.NOT_SENT_AFTER_SUBMISSION, texts="and candles") in story.said
    assert story.outcome() is REFUSED


def test_a_dry_run_says_so_at_both_ends():
    """TEST at the start, "nothing was submitted" at the end, no checkout."""
    story = Story(replace(TRIAL, default_for=("test",)), EVENT).command(CommandName.START)
    assert story.said == [say(Phrase.TEST_START)]
    story.comes(text("Hello!")).hears("go").comes(text("Bye."), submission(checkout="c"))
    assert story.said == ["Bye.", say(Phrase.TEST_END)]
    assert story.state.conversation.payment is Payment.NONE
    assert story.of(fx.SetTimer) == []


# What a platform refused.


def test_a_widget_that_was_refused_becomes_a_numbered_list_then_a_notice():
    """Fallback, then numbered list, then person and operator are told (law 8)."""
    story = Story(buttons=True).begun(SIZES)
    prompt = story.open[0].id
    story.take(messages.Undelivered(1, Refusal.CALL_BAD, prompt))
    assert story.of(fx.Speak)[0].plain
    assert story.said == ["[Small] [Medium] [Large]"]
    story.take(messages.Undelivered(2, Refusal.CALL_BAD, prompt, plain=True))
    assert story.said == [say(Phrase.DELIVERY_TROUBLE)]
    assert len(story.of(fx.Alert)) == 1
    story.take(messages.Undelivered(3, Refusal.CALL_BAD, plain=True))
    assert (story.said, len(story.of(fx.Alert))) == ([], 1)


def test_a_thread_that_refuses_for_good_is_closed():
    """THREAD_GONE: close."""
    story = Story().begun().take(messages.Undelivered(1, Refusal.THREAD_GONE))
    assert story.state.conversation.state is ConversationState.CANCELLED
    assert (story.said, len(story.of(fx.DropCalls))) == ([], 1)

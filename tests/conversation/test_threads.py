"""Shared threads, and threads that fall silent, go, move and come back."""

from __future__ import annotations

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.state import ConversationState, ThreadState
from bridge.protocol import events
from bridge.protocol.threads import ThreadKey
from tests.conversation.story import (
    ANNA,
    BEN,
    SHARED,
    SIZES,
    CommandName,
    Phrase,
    Story,
    say,
    submission,
    text,
)

DONE, REFUSED = InboxState.DONE, InboxState.REFUSED


# Shared threads.


def test_only_the_owner_answers():
    """In a shared thread others' texts are not for us, their taps and pictures change nothing."""
    story = Story(buttons=True).begun(SIZES)
    prompt = story.open[0]
    story.hears("large", BEN)
    assert (story.outcome(), story.said) == (DONE, [])
    story.event(events.Unsupported, BEN, kind="a picture")
    assert (story.outcome(), story.said) == (DONE, [])
    story.tap(prompt, 0, person=BEN)
    assert (story.outcome(), story.notice) == (REFUSED, say(Phrase.FOREIGN_TAP))
    story.step(prompt, events.Page(number=1), BEN)
    assert story.outcome() is REFUSED
    assert story.open == [prompt]


def test_a_foreign_tap_is_told_where_taps_are_not_answered():
    """Without answers to taps the notice is a message, and the question is shown again."""
    story = Story().begun(SIZES)
    story.tap(story.open[0], 0, person=BEN)
    assert story.said[0] == say(Phrase.FOREIGN_TAP)
    assert story.said[-1] == "[Small] [Medium] [Large]"


def test_in_a_shared_form_everybody_answers():
    """Where the form says `shared`, others' answers count."""
    story = Story(SHARED).begun(SIZES).hears("2", BEN)
    assert story.turn.input == "Medium"


@pytest.mark.parametrize("name", [CommandName.START, CommandName.CANCEL, CommandName.STATUS])
def test_a_busy_thread_gets_a_notice(name):
    """START by another person gets a notice; other commands of theirs change nothing."""
    story = Story().begun()
    story.command(name, person=BEN)
    assert story.said == [say(Phrase.BUSY_THREAD)]
    assert story.state.live.person == ANNA
    story.command(CommandName.HELP, person=BEN)
    assert story.said[0] == say(Phrase.HELP_HEADING)


def test_what_somebody_ordered_is_not_shown_to_others():
    """After the end, others begin their own; they neither see nor pay the last order."""
    story = Story(buttons=True).ordered().hears("hm")
    order = story.open[0]
    story.tap(order, 0, person=BEN)
    assert story.notice == say(Phrase.FOREIGN_TAP)
    story.command(CommandName.STATUS, person=BEN)
    assert story.said == [say(Phrase.STATUS_NONE)]
    story.command(CommandName.PAY, person=BEN)
    assert story.said == [say(Phrase.NOTHING_TO_PAY)]
    story.command(CommandName.FORMS, person=BEN).tap(story.open[-1], 1, person=BEN)
    assert (story.state.live.person, story.state.live.form) == (BEN, "event")


def test_others_words_are_not_read_against_the_last_order():
    """A text of another person after the end begins a form of theirs."""
    story = Story().ordered().hears("hm").hears("1", BEN)
    assert (story.state.live.person, story.turn.input) == (BEN, "1")


# The thread.


def test_whoever_opts_out_hears_nothing():
    """After an opt-out nothing is said, whatever comes, until the opt-in."""
    story = Story(buttons=True).begun(SIZES).event(events.OptOut)
    assert story.state.thread.state is ThreadState.OPTED_OUT
    assert story.state.conversation.state is ConversationState.CANCELLED
    assert (story.said, len(story.of(fx.DropCalls)), story.of(fx.Close)) == ([], 1, [])
    story.hears("hello")
    story.command(CommandName.HELP)
    assert (story.said, story.outcome()) == ([], DONE)
    story.event(events.ThreadGone).event(events.ThreadBack)
    assert story.state.thread.state is ThreadState.OPTED_OUT
    story.event(events.OptIn).hears("a pie")
    assert story.turn.input == "a pie"


def test_what_comes_after_an_opt_out_is_recorded_silently():
    """A submission that comes after an opt-out is kept, and nothing is said."""
    story = Story().sent()
    turn = story.turn.id
    story.event(events.OptOut).comes(text("Done."), submission(checkout="c"), turn=turn)
    assert story.said == []
    assert story.state.conversation.submission == "sub-1"


def test_a_thread_that_was_gone_comes_back():
    """Gone: the conversation closes. Whatever a person does there later shows that it is back."""
    story = Story().begun().event(events.ThreadGone)
    assert story.state.thread.state is ThreadState.GONE
    story.event(events.ThreadBack)
    assert story.state.thread.state is ThreadState.OK
    story.event(events.ThreadGone).hears("a pie")
    assert story.state.thread.state is ThreadState.OK
    assert story.turn.input == "a pie"


def test_a_thread_that_moved_has_a_new_address():
    """The row takes the new key; the conversation goes on."""
    story = Story().begun().event(events.ThreadMoved, to=ThreadKey("test:2"))
    assert story.state.thread.key == "test:2"
    assert story.state.live


def test_a_delivery_report_is_done():
    """Reports are for those who count them."""
    story = Story().event(events.DeliveryReport, receipt="r", state=events.DeliveryState.DELIVERED)
    assert (story.outcome(), story.said) == (DONE, [])


def test_what_is_not_understood_is_told():
    """A picture is refused with a sentence; an old link offers the forms."""
    story = Story().begun().event(events.Unsupported, kind="pictures")
    assert story.outcome() is REFUSED
    assert story.said == [say(Phrase.UNSUPPORTED, kind="pictures")]
    story.event(events.Link, token="old")
    assert story.said[:2] == [say(Phrase.UNKNOWN_LINK), say(Phrase.PICK_FORM)]

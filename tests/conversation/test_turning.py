"""Turns: what travels together, what an answer changes, what is lost and asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation import messages
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import Found, Why
from bridge.conversation.state import GIVEN_UP, ConversationState, Payment, TurnState
from bridge.protocol.calls import Refusal
from bridge.upstream.chunks import FileUploadChunk
from tests.conversation.story import (
    CAKE,
    CONTINUING,
    EVENT,
    SCHEMA,
    SIZES,
    TRIAL,
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

DONE, REFUSED = InboxState.DONE, InboxState.REFUSED
QUEUED, TAKEN = InboxState.QUEUED, InboxState.TAKEN
GREETING = ({"chunkType": "TEXT", "textDetails": {"text": "Hello from the shop!"}},)


# Law 6: what travels together.


def test_texts_that_arrive_in_flight_form_the_next_turn():
    """They are joined by newlines, in order; a turn starts at once when none is in flight."""
    story = Story().begun().hears("one")
    assert (story.turn.input, story.outcome()) == ("one", TAKEN)
    story.permit().hears("two").hears("three").comes(text("ok"))
    assert (story.turn.input, story.outcome()) == ("two\nthree", TAKEN)


def test_current_values_merge_and_the_later_wins():
    """Values of several answers travel in one turn; for one field the later counts."""
    story = Story(buttons=True, schemas=(SCHEMA,)).begun(text("Size?"), SIZES)
    story.hears("wait").permit().tap(story.open[0], 0).hears("no, medium").comes(text("ok"))
    assert story.turn.input == "Small\nno, medium"
    assert story.turn.values == {"size": "small"}


@pytest.mark.parametrize(("lengths", "turns"), [((4_999, 5_000), 1), ((5_000, 5_000), 2)])
def test_a_merge_beyond_the_limit_becomes_several_turns(lengths, turns):
    """Ten thousand characters with the newlines still travel together; one more does not."""
    story = Story().sent()
    for length in lengths:
        story.hears("x" * length)
    story.comes(text("ok"))
    assert len(story.state.queue) == turns - 1
    assert len(story.turn.input) == (10_000 if turns == 1 else 5_000)


def test_a_command_is_a_barrier():
    """Texts around a command don't travel together."""
    story = Story().sent().hears("one").command(CommandName.HELP).hears("two").hears("three")
    story.comes(text("ok"))
    assert story.turn.input == "one"
    story.comes(text("ok"))
    assert story.turn.input == "two\nthree"


def test_without_merging_each_event_is_a_turn():
    """Merging is a parameter of the core."""
    story = Story(rules=replace(CONTINUING, merging=False)).sent().hears("one").hears("two")
    story.comes(text("ok"))
    assert story.turn.input == "one"


# Law 4: permit, SENT, request.


def test_first_the_permit_then_sent_then_the_request():
    """The turn is SENT in the decision that asks for the request, not before its permit."""
    story = Story().begun().hears("one")
    assert story.turn.state is TurnState.OPEN
    assert [type(e) for e in story.effects][-1] is fx.Request
    story.permit()
    assert [type(e) for e in story.effects] == [fx.PutTurn, fx.Perform]
    assert story.turn.sent_at == story.world.now
    story.permit()
    assert story.effects == ()


def test_a_permit_of_a_turn_that_is_over_is_nothing():
    """A permit that comes after CANCEL makes no request."""
    story = Story().begun().hears("one")
    turn = story.turn.id
    story.command(CommandName.CANCEL).take(messages.Permitted(turn))
    assert story.effects == ()


def test_whoever_waits_for_the_limit_is_told_once():
    """After 10 s of waiting the person is told, once for each turn."""
    story = Story().begun().hears("one")
    waited = messages.Waited(story.turn.id)
    assert story.take(waited).said == [say(Phrase.BUSY)]
    assert story.take(waited).said == []
    for _ in range(4):
        story.misses(Why.NOT_TAKEN)
        assert say(Phrase.BUSY) not in story.said
    assert story.permit().take(waited).said == []


@pytest.mark.parametrize("after", [None, 42.0])
def test_what_was_certainly_not_taken_is_repeated_later(after):
    """It goes back to OPEN, not before the back-off or what the upstream asked for."""
    story = Story().sent().misses(Why.NOT_TAKEN, after=after)
    assert story.turn.state is TurnState.OPEN
    assert story.turn.not_before == story.world.now + (after or 1.0)
    assert story.of(fx.Request)[0].turn == story.turn
    story.misses(Why.NOT_TAKEN)
    assert story.turn.not_before == story.world.now + 2.0


def test_after_some_attempts_person_and_operator_are_told_once():
    """An upstream that takes nothing is told after some attempts, not at each."""
    story = Story().sent()
    told, alerts = 0, 0
    for _ in range(8):
        story.misses(Why.NOT_TAKEN)
        told += say(Phrase.BUSY) in story.said
        alerts += len(story.of(fx.Alert))
    assert (told, alerts) == (1, 1)


def test_creating_may_be_repeated_after_a_lost_answer():
    """Creating carries no input: lost, it is simply made again."""
    story = Story().hears("a pie").misses(Why.LOST)
    assert (story.turn.state, story.turn.step) == (TurnState.OPEN, Step.CREATE)
    assert story.outcome() is TAKEN


def test_any_other_refusal_fails_the_turn():
    """FAILED: the input is kept, person and operator are told, what waits goes on."""
    story = Story().sent("one").hears("two").misses(Why.FAILED)
    first = next(turn for turn in story.rows.turns.values() if turn.input == "one")
    assert (first.state, first.error) == (TurnState.FAILED, "E")
    assert say(Phrase.UPSTREAM_FAILED) in story.said
    assert len(story.of(fx.Alert)) == 1
    assert story.turn.input == "two"


def test_a_wrong_form_fails_the_conversation_without_a_loop():
    """NOT_FOUND on create: FAILED, operator and person told, also of what waited (law 12)."""
    story = Story().hears("a pie").permit().hears("for six").misses(Why.FORM_GONE)
    assert story.state.conversation.state is ConversationState.FAILED
    assert story.said == [
        say(Phrase.FORM_UNAVAILABLE, title="Cake"),
        say(Phrase.NOT_SENT_AFTER_CANCEL, texts="for six"),
    ]
    assert story.of(fx.Request) == []
    assert len(story.of(fx.Alert)) == 1


def test_a_form_that_left_the_catalogue_is_named_by_its_slug():
    """Without an entry there is no title."""
    story = Story().hears("a pie").permit()
    story.world = replace(story.world, catalogue=replace(story.world.catalogue, entries=()))
    story.misses(Why.FORM_GONE)
    assert story.said == [say(Phrase.FORM_UNAVAILABLE, title="cake")]


# Limits per person.


def test_too_many_turns_in_an_hour_get_one_notice_then_silence():
    """Texts and answers are refused until the hour has passed; the prompts stay open."""
    story = Story(buttons=True, rules=replace(CONTINUING, turns_per_hour=2)).begun(SIZES)
    story.hears("one").comes(text("Which size?"), SIZES, pick("taste", "Nut"))
    prompt = story.open[0]
    story.hears("two")
    assert (story.outcome(), story.said) == (REFUSED, [say(Phrase.LIMIT_TURNS)])
    story.tap(prompt, 0)
    assert (story.outcome(), story.said) == (REFUSED, [])
    assert prompt in story.open
    story.later(3_601).tap(prompt, 0)
    assert story.outcome() is TAKEN


def test_several_answers_in_one_message_count_as_one_turn_too_many():
    """The limit holds for them as well; they stay unanswered."""
    story = Story(rules=replace(CONTINUING, turns_per_hour=1))
    story.begun(text("Size?"), SIZES, text("Taste?"), pick("taste", "Nut")).hears("1, 4")
    assert (story.outcome(), len(story.open)) == (REFUSED, 2)


def test_a_turn_counts_once_however_often_it_is_tried():
    """Neither the session that it makes nor its repetitions are counted."""
    story = Story(rules=replace(CONTINUING, turns_per_hour=2)).hears("a pie").comes(text("Hello!"))
    for _ in range(3):
        story.misses(Why.NOT_TAKEN)
    story.comes(text("ok")).hears("two")
    assert story.outcome() is TAKEN
    story.comes(text("ok")).hears("three")
    assert (story.outcome(), story.said) == (REFUSED, [say(Phrase.LIMIT_TURNS)])


# Answers.


def test_an_answer_is_shown_and_remembered():
    """What was understood is kept; what the upstream took back is forgotten."""
    story = Story(schemas=(SCHEMA,)).sent().comes(fact("size", "large"), text("And when?"))
    assert story.said == ["Size: large", "And when?"]
    assert story.state.live.answers == {"size": "large"}
    assert story.state.live.shown == {"size": "large"}
    story.hears("no").comes(fact("size", None), text("Which size?"))
    assert (story.state.live.answers, story.state.live.shown) == ({}, {})


@pytest.mark.parametrize(("chunks", "success"), [((text("Hm."),), False), ((), True)])
def test_an_answer_that_failed_is_shown_with_please_say_it_again(chunks, success):
    """END_OF_RESPONSE with success=false is an answer; so is one that shows nothing."""
    story = Story().sent().comes(*chunks, success=success)
    assert story.said == [chunk.text for chunk in chunks] + [say(Phrase.SAY_AGAIN)]
    assert story.turn.state is TurnState.ANSWERED


def test_a_submission_is_not_asked_to_be_said_again():
    """A submission counts, also where the answer says that something failed."""
    story = Story().sent().comes(text("Hm."), submission(), success=False)
    assert story.said == ["Hm."]
    assert story.state.conversation.state is ConversationState.DONE


def test_a_file_is_referred_to_the_web():
    """FILE_UPLOAD gets a clear message with the form's web address."""
    story = Story(schemas=(SCHEMA,)).sent().comes(FileUploadChunk(field="size"))
    assert story.said == [say(Phrase.FILE_UPLOAD_UNSUPPORTED_URL, label="Size", url=CAKE.form_url)]


def test_one_message_per_turn_shows_the_greeting_with_the_answer():
    """The greeting is kept and shown together with what comes next."""
    story = Story(one_message_per_turn=True).hears("a pie").comes(text("ignored"), raw=GREETING)
    assert story.said == []
    story.restarts().comes(text("Which size?"), SIZES)
    assert story.said == ["Hello from the shop!Which size?", "[Small] [Medium] [Large]"]


def test_one_message_per_turn_shows_a_greeting_alone_at_once():
    """START alone waits for nothing."""
    story = Story(one_message_per_turn=True).command(CommandName.START)
    assert story.comes(text("Hello!")).said == ["Hello!"]


@pytest.mark.parametrize("why", [Why.LOST, Why.FAILED])
def test_a_kept_greeting_is_shown_also_when_the_answer_does_not_come(why):
    """Nothing that was said is lost with the answer that it waited for."""
    story = Story(one_message_per_turn=True).hears("a pie").comes(raw=GREETING).misses(why)
    assert "Hello from the shop!" in story.said
    assert story.turn.answer == ""


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
    """A turn that was not sent never will be."""
    story = Story().begun().hears("one").command(CommandName.CANCEL)
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

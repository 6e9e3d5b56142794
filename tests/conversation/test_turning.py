"""Turns: what travels together, when it is sent, what its answer changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation import messages
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import Why
from bridge.conversation.state import ConversationState, TurnState
from bridge.upstream.chunks import FileUploadChunk, UnknownChunk
from tests.conversation.story import (
    CAKE,
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

DONE, REFUSED, TAKEN = InboxState.DONE, InboxState.REFUSED, InboxState.TAKEN
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
        told += len(story.said)
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


def test_an_unknown_kind_of_chunk_is_told_to_the_operator():
    """The rest of the answer is shown."""
    story = Story().sent("x").comes(UnknownChunk(kind="HOLOGRAM"), text("And now?"))
    assert [(e.cause, e.detail) for e in story.of(fx.Alert)] == [("unknown chunk", "HOLOGRAM")]
    assert "And now?" in story.said

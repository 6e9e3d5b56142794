"""What an event means: taps, typed replies, first words, who may speak."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import Found, Why
from bridge.conversation.state import ConversationState, ThreadState
from bridge.inputs import ChoiceMode
from bridge.protocol import events
from bridge.protocol.threads import ThreadKey
from tests.conversation.story import (
    ANNA,
    BEN,
    CAKE,
    CONTINUING,
    DAY,
    EVENT,
    SCHEMA,
    SHARED,
    SIZES,
    CommandName,
    Phrase,
    Step,
    Story,
    number,
    pick,
    picks,
    say,
    submission,
    text,
)

DONE, REFUSED = InboxState.DONE, InboxState.REFUSED
QUEUED, TAKEN = InboxState.QUEUED, InboxState.TAKEN


# Taps.


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
    """What can't be passed on is told; the prompt is not claimed."""
    labels = ("a" * 9_000, "b" * 9_000)
    story = Story(buttons=True).begun(picks("extras", *labels))
    story.tap(story.open[0], 0, 1)
    assert (story.outcome(), len(story.open)) == (REFUSED, 1)
    assert "10000" in story.said[0]
    story = Story().begun(pick("x", labels[0]), pick("y", labels[1]))
    story.hears("1, 2")
    assert (story.outcome(), len(story.open)) == (REFUSED, 2)


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

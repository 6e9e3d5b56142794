"""Commands, and changes of an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import TimerKind
from bridge.conversation.state import ConversationState, TurnState
from tests.conversation.story import (
    CAKE,
    EVENT,
    SCHEMA,
    SIZES,
    CommandName,
    Phrase,
    Story,
    fact,
    pick,
    say,
    submission,
    text,
)

DONE, REFUSED = InboxState.DONE, InboxState.REFUSED


def known(**changes):
    """A conversation in which the size is known and the taste is asked."""
    story = Story(schemas=(SCHEMA,), **changes).sent()
    taste = pick("taste", "Nut", "Lemon")
    return story.comes(fact("size", "large"), text("Which taste?"), taste)


# START and FORMS.


def test_start_begins_the_named_form():
    """A slug after START names the form; more words after it don't matter."""
    assert Story().command(CommandName.START, "event now").state.live.form == "event"


def test_start_of_an_unknown_form_offers_what_there_is():
    """The slug is told back, cut."""
    story = Story().command(CommandName.START, "x" * 50)
    assert story.said[:2] == [say(Phrase.UNKNOWN_FORM, slug="x" * 40), say(Phrase.PICK_FORM)]


def test_start_without_a_default_form_offers_what_there_is():
    """Where no form is the channel's own, START asks which."""
    story = Story(replace(CAKE, default_for=()), EVENT).command(CommandName.START)
    assert story.said == [say(Phrase.PICK_FORM), "[Cake] [Event: Sign up]"]


def test_start_again_shows_where_things_stand():
    """START in a live conversation does not begin a second one (law 3)."""
    story = known()
    present = story.state.live.id
    story.command(CommandName.START)
    assert story.state.live.id == present
    assert story.said[0] == say(Phrase.STATUS_HEADING, title="Cake")


@pytest.mark.parametrize(("reply", "form"), [("3", "cake"), ("4", "event")])
def test_start_of_another_form_asks_first(reply, form):
    """Somebody in the middle of a form says whether to leave it."""
    story = Story().begun(text("Size?"), pick("size", "S", "L")).command(CommandName.START, "event")
    assert story.said == [
        say(Phrase.SWITCH, title="Cake"),
        "[Go on with Cake] [Stop it and begin Event]",
    ]
    story.hears(reply)
    assert story.state.live.form == form
    assert ("[S] [L]" in story.said) is (form == "cake")


def test_start_of_the_same_form_may_begin_it_anew():
    """Choosing "Stop it and begin" does what it says, also for the same form."""
    story = Story().begun()
    first = story.state.live.id
    story.command(CommandName.START, "cake").hears("2")
    assert story.state.live.id != first


def test_a_form_that_has_left_the_catalogue_is_called_by_its_slug():
    """The title is not known any more."""
    story = Story().begun()
    story.world = replace(story.world, catalogue=replace(story.world.catalogue, entries=(EVENT,)))
    story.command(CommandName.START, "event")
    assert story.said[0] == say(Phrase.SWITCH, title="cake")


def test_picking_a_form_in_the_middle_of_one_asks_first():
    """FORMS never throws a conversation away; picking the present one goes on with it."""
    story = Story().begun(text("Size?"), pick("size", "S")).command(CommandName.FORMS).hears("3")
    assert story.said[0] == say(Phrase.SWITCH, title="Cake")
    assert story.state.live.form == "cake"
    story = Story().begun(text("Size?"), pick("size", "S")).command(CommandName.FORMS).hears("2")
    assert story.said == ["Size?", "[S]"]


def test_a_picked_form_that_is_gone_offers_the_others():
    """The catalogue may change under an open list."""
    story = Story().command(CommandName.FORMS)
    story.world = replace(story.world, catalogue=replace(story.world.catalogue, entries=(EVENT,)))
    assert story.hears("1").said == [say(Phrase.PICK_FORM), "[Event: Sign up]"]


# HELP, STATUS.


def test_help_is_made_from_the_channels_spelling():
    """Each command as the channel spells it; contact and privacy where the form has them."""
    story = Story().command(CommandName.HELP)
    assert len(story.said) == 2
    assert "/cancel: stop without sending anything" in story.said[1]
    story = Story().begun().command(CommandName.HELP)
    assert say(Phrase.CONTACT, contact=CAKE.contact) in story.said
    assert say(Phrase.PRIVACY, url=CAKE.privacy_url) in story.said


def test_a_command_by_a_button_ends_the_taps_waiting():
    """The platform is told that the tap has arrived."""
    assert Story(buttons=True).command(CommandName.HELP, tap="t").notice == ""


def test_status_shows_what_is_known_and_what_is_asked():
    """Answers with their labels, the open question, and how to change an answer."""
    shown = [
        say(Phrase.STATUS_HEADING, title="Cake"),
        "Size: large",
        "Which taste?",
        "[Nut] [Lemon]",
    ]
    assert known().command(CommandName.STATUS).said == [
        *shown,
        say(Phrase.STATUS_CHANGE, change="/change"),
    ]
    story = known(buttons=True).command(CommandName.STATUS)
    assert story.said == [*shown, say(Phrase.CHANGE_WHICH), "[Size]"]
    story = known(commands={}).command(CommandName.STATUS)
    assert story.said == shown


def test_status_of_a_form_without_answers():
    """Nothing has been filled in yet, and what was asked; or nothing is under way."""
    story = Story().begun().command(CommandName.STATUS)
    assert story.said == [say(Phrase.STATUS_EMPTY, title="Cake"), "Hello!"]
    assert Story().command(CommandName.STATUS).said == [say(Phrase.STATUS_NONE)]


def test_labels_come_of_the_field_where_the_schema_is_not_known():
    """A target is made readable."""
    story = Story().sent().comes(fact("event_date", "Friday")).command(CommandName.STATUS)
    assert story.said[1].startswith("Event date: ")
    story.command(CommandName.CHANGE, "1")
    assert story.said[0] == say(Phrase.CHANGE_TO, label="Event date")
    assert story.hears("Sunday").turn.input == say(
        Phrase.CORRECTION, label="Event date", value="Sunday"
    )


@pytest.mark.parametrize(
    ("end", "phrase"),
    [
        (lambda s: s.command(CommandName.CANCEL), Phrase.CANCELLED),
        (lambda s: s.hears("go").comes(submission()), Phrase.SUBMITTED),
        (lambda s: s.hears("go").comes(submission(checkout="c")), Phrase.ORDER_WAITING),
        (lambda s: s.later(8 * 86_400).rings(TimerKind.EXPIRY), Phrase.STATUS_NONE),
    ],
)
def test_status_after_the_end_says_how_it_ended(end, phrase):
    """What was known is shown, and how it ended."""
    story = end(Story().begun()).command(CommandName.STATUS)
    assert story.said[-1] == say(phrase)


# CHANGE.


def test_change_asks_for_the_new_value_and_sends_a_clear_correction():
    """By number, target or label; whatever is typed next is the correction."""
    for which in ("1", "size", "SIZE"):
        story = known().command(CommandName.CHANGE, which)
        assert story.said == [say(Phrase.CHANGE_TO, label="Size"), "[Leave it as it is]"]
        story.hears("small")
        assert story.turn.input == say(Phrase.CORRECTION, label="Size", value="small")


def test_change_asks_which_answer_where_it_does_not_say():
    """A list of what is known; the choice asks for the value."""
    story = known().command(CommandName.CHANGE)
    assert story.said == [say(Phrase.CHANGE_WHICH), "[Size]"]
    assert story.hears("3").said[0] == say(Phrase.CHANGE_TO, label="Size")


def test_change_by_the_button_of_an_answered_prompt_names_its_field():
    """The prompt tells the field while it is known; otherwise the person is asked."""
    story = Story(buttons=True, schemas=(SCHEMA,)).sent().comes(fact("size", "large"), SIZES)
    prompt = story.open[0]
    story.tap(prompt, 0).command(CommandName.CHANGE, prompt=prompt.id)
    assert story.said[0] == say(Phrase.CHANGE_TO, label="Size")
    story = known(buttons=True).command(CommandName.CHANGE, prompt="gone")
    assert story.said[0] == say(Phrase.CHANGE_WHICH)


def test_an_answer_may_be_left_as_it_is():
    """The old prompt is never reopened; what is open is shown again."""
    story = known(buttons=True).command(CommandName.CHANGE, "size")
    story.tap(story.open[-1], 0)
    assert story.said == [say(Phrase.CHANGE_KEPT), "Which taste?", "[Nut] [Lemon]"]
    assert story.outcome() is DONE


def test_a_correction_that_is_too_long_is_asked_for_again():
    """With its sentence it would pass the upstream's limit."""
    story = known().command(CommandName.CHANGE, "size").hears("x" * 9_990)
    assert story.outcome() is REFUSED
    assert say(Phrase.CHANGE_TO, label="Size") in story.said
    assert story.hears("small").turn.input.endswith("small")


def test_change_is_void_after_the_submission():
    """What was sent can't be changed here."""
    story = known().hears("ok").comes(submission()).command(CommandName.CHANGE)
    assert story.said == [say(Phrase.CHANGE_VOID)]
    assert Story().command(CommandName.CHANGE).said == [say(Phrase.STATUS_NONE)]
    cancelled = Story().begun().command(CommandName.CANCEL).command(CommandName.CHANGE)
    assert cancelled.said == [say(Phrase.STATUS_NONE)]
    assert Story().begun().command(CommandName.CHANGE).said == [say(Phrase.CHANGE_NONE)]


# CANCEL, RESTART, PAY.


def test_cancel_and_restart_need_something_to_stop():
    """Otherwise it is said that there is nothing."""
    assert Story().command(CommandName.CANCEL).said == [say(Phrase.NOTHING_TO_CANCEL)]
    assert Story().command(CommandName.RESTART).said == [say(Phrase.NOTHING_TO_RESTART)]


def test_restart_begins_the_same_form_anew():
    """The old conversation is cancelled, its prompts close."""
    story = known()
    old = story.state.live.id
    story.command(CommandName.RESTART)
    assert story.said[0] == say(Phrase.RESTARTED)
    assert (story.state.live.form, story.open) == ("cake", [])
    assert story.rows.conversations[old].state is ConversationState.CANCELLED


def test_pay_needs_an_order():
    """Without one there is nothing to pay."""
    assert Story().command(CommandName.PAY).said == [say(Phrase.NOTHING_TO_PAY)]


def test_contact_is_said_plainly_where_there_is_none_any_more():
    """The entry may have lost it since the button was shown."""
    story = Story(buttons=True).ordered().hears("hm")
    prompt = story.open[0]
    entries = (replace(CAKE, contact=""),)
    story.world = replace(story.world, catalogue=replace(story.world.catalogue, entries=entries))
    assert story.tap(prompt, 2).said == [say(Phrase.CONTACT_NONE)]


def test_what_is_shown_again_is_the_upstreams_question_alone():
    """The bridge's own lists are not repeated with it."""
    story = Story(buttons=True, schemas=(SCHEMA,)).sent()
    story.comes(fact("size", "large"), text("Which taste?"), pick("taste", "Nut"))
    story.command(CommandName.FORMS).command(CommandName.CHANGE, "size")
    story.tap(story.open[-1], 0)
    assert story.said == [say(Phrase.CHANGE_KEPT), "Which taste?", "[Nut]"]


def test_a_question_that_was_settled_already_does_nothing():
    """A "Send again" that stands open although its turn has ended sends nothing."""
    story = Story(buttons=True).lost()
    settled = replace(story.turn, state=TurnState.ANSWERED)
    story.rows.turns[settled.id] = settled
    story.state = replace(story.state, turn=settled)
    story.rows.inbox[2] = replace(story.rows.inbox[2], state=DONE)
    story.tap(story.open[-1], 0)
    assert (story.outcome(), story.of(fx.Request)) == (DONE, [])

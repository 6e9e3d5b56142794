"""Whatever happens, in whatever order: nothing is lost, nothing is sent twice, nothing breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bridge.conversation import effects as fx
from bridge.conversation import messages
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import Found, Why
from bridge.conversation.state import Payment, Step, TurnState
from bridge.conversation.turning import RESEND
from bridge.protocol import events
from bridge.protocol.calls import Refusal
from bridge.protocol.events import CommandName
from bridge.upstream.chunks import Answer, EndChunk
from tests.conversation.story import (
    ANNA,
    BEN,
    CAKE,
    EVENT,
    KEY,
    SCHEMA,
    SHARED,
    TRIAL,
    Story,
    fact,
    number,
    pick,
    picks,
    submission,
    text,
)

PERSONS = st.sampled_from([ANNA, ANNA, ANNA, BEN])
TEXTS = st.sampled_from(
    ["hi", "2", "1", "1, 2", "large", "20", "ok", "more", " ", "?", "three layers", "order a cake"]
) | st.sampled_from(["small and large", "x" * 6_000, "y" * 10_001, "\ud83d"])
CHUNKS = st.lists(
    st.sampled_from(
        [
            text("Which one?"),
            fact("size", "large"),
            fact("size", None),
            pick("size", "Small", "Large"),
            pick("taste", *map(str, range(1, 30)), custom="your own"),
            picks("extras", "Candles", "Nuts", "Card"),
            number("guests", 1, 20, 1),
            submission(),
            submission(checkout="checkout-1"),
            submission("sub-2"),
        ]
    ),
    max_size=4,
)
STEPS = st.sampled_from(
    [
        events.Toggle(index=0),
        events.Toggle(index=9),
        events.Page(number=1),
        events.Filter(text="ca"),
        events.Nudge(delta=1),
        events.AskCustom(),
    ]
)
ABOUT_THE_THREAD = st.sampled_from(
    [events.OptOut, events.OptIn, events.ThreadGone, events.ThreadBack]
)


class AnyStory(RuleBasedStateMachine):
    """One thread, two people, an upstream that may do anything, and a process that may die."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(CAKE, EVENT, TRIAL, SHARED, schemas=(SCHEMA,))
        self.known = ["nothing"]
        self.requested: list[str] = []
        self.out: list[fx.Perform] = []
        self.looking: list[fx.LookUp] = []
        self.fetching: list[fx.FetchLink | fx.FetchPayment] = []
        self.doubtful: set[str] = set()

    def after(self) -> None:
        """Note what went out to the world; a doubtful turn never goes out again (law 4)."""
        for effect in self.story.effects:
            match effect:
                case fx.PutPrompt() if effect.new:
                    self.known.append(effect.shown.prompt.id)
                case fx.Request():
                    self.requested.append(effect.turn.id)
                case fx.Perform():
                    assert effect.turn.id not in self.doubtful
                    assert effect.turn.id not in {other.turn.id for other in self.out}
                    assert effect.turn.step is Step.CREATE or effect.conversation.session
                    self.out.append(effect)
                case fx.LookUp():
                    self.looking.append(effect)
                case fx.FetchLink() | fx.FetchPayment():
                    self.fetching.append(effect)
                case _:
                    """Nothing goes out."""

    # People.

    @rule(words=TEXTS, person=PERSONS)
    def somebody_writes(self, words, person):
        self.story.hears(words, person)
        self.after()

    @rule(data=st.data(), person=PERSONS, chosen=st.sampled_from([None, (0,), (1,), (0, 1), (77,)]))
    def somebody_taps(self, data, person, chosen):
        prompt = data.draw(st.sampled_from(self.known[-6:]))
        self.story.event(events.Choice, person, prompt=prompt, rev=0, chosen=chosen)
        self.after()

    @rule(data=st.data(), value=st.sampled_from([None, 3, 77]))
    def somebody_enters_a_number(self, data, value):
        prompt = data.draw(st.sampled_from(self.known[-6:]))
        self.story.event(events.Number, prompt=prompt, rev=0, value=value)
        self.after()

    @rule(data=st.data(), step=STEPS, person=PERSONS)
    def somebody_steps(self, data, step, person):
        prompt = data.draw(st.sampled_from(self.known[-6:]))
        self.story.event(events.WidgetStep, person, prompt=prompt, rev=0, step=step)
        self.after()

    @rule(
        name=st.sampled_from(CommandName),
        argument=st.sampled_from(["", "cake", "trial", "nonsense", "size"]),
        person=PERSONS,
    )
    def somebody_commands(self, name, argument, person):
        self.story.command(name, argument, person)
        self.after()

    @rule(person=PERSONS)
    def somebody_sends_a_picture(self, person):
        self.story.event(events.Unsupported, person, kind="a picture")
        self.after()

    @rule()
    def somebody_comes_by_a_link(self):
        self.story.event(events.Link, token="token")
        self.after()

    @rule(kind=ABOUT_THE_THREAD)
    def the_thread_comes_or_goes(self, kind):
        self.story.event(kind)
        self.after()

    @rule()
    def the_thread_moves(self):
        self.story.event(events.ThreadMoved, to=KEY)
        self.after()

    # The upstream.

    @precondition(lambda self: self.requested)
    @rule()
    def a_permit_comes(self):
        self.story.take(messages.Permitted(self.requested.pop(0)))
        self.after()

    @precondition(lambda self: self.requested)
    @rule()
    def a_permit_takes_long(self):
        self.story.take(messages.Waited(self.requested[0]))
        self.after()

    @precondition(lambda self: self.out)
    @rule(chunks=CHUNKS, success=st.booleans(), session=st.sampled_from(["s1", "s2"]))
    def an_answer_comes(self, chunks, success, session):
        done = self.out.pop(0)
        answer = Answer(session=session, chunks=(*chunks, EndChunk(success=success)))
        self.story.take(messages.Came(done.turn.id, answer))
        self.after()

    @precondition(lambda self: self.out)
    @rule(why=st.sampled_from(Why))
    def no_answer_comes(self, why):
        done = self.out.pop(0)
        if why in (Why.LOST, Why.FAILED, Why.FORM_GONE) and done.turn.step is Step.SEND:
            self.doubtful.add(done.turn.id)
        self.story.take(messages.Missed(done.turn.id, why, None, "E"))
        self.after()

    @precondition(lambda self: self.looking)
    @rule(found=st.sampled_from(Found))
    def somebody_has_looked(self, found):
        turn = self.looking.pop(0).turn.id
        self.story.take(messages.LookedUp(turn, found, "sub-9", "checkout-9"))
        self.after()

    # The clock, the platform, the machine.

    @precondition(lambda self: self.story.rows.timers)
    @rule(data=st.data())
    def a_timer_rings(self, data):
        at = data.draw(st.sampled_from(sorted(self.story.rows.timers, key=str)))
        self.story.rings(at[1], at[0])
        self.after()

    @precondition(lambda self: self.fetching)
    @rule(payment=st.sampled_from(Payment), url=st.sampled_from(["", "https://pay.example/1"]))
    def a_link_or_a_payment_comes(self, payment, url):
        asked = self.fetching.pop(0)
        if isinstance(asked, fx.FetchLink):
            self.story.take(messages.LinkCame(asked.conversation, url, asked.attempt))
        elif payment is not Payment.NONE:
            self.story.take(messages.PaymentSeen(asked.conversation, payment, asked.attempt))
        self.after()

    @rule(data=st.data(), refusal=st.sampled_from(Refusal), plain=st.booleans())
    def a_message_is_refused(self, data, refusal, plain):
        prompt = data.draw(st.sampled_from(self.known))
        self.story.take(messages.Undelivered(1, refusal, prompt, plain))
        self.after()

    @rule(seconds=st.sampled_from([1, 100, 90_000]))
    def time_passes(self, seconds):
        self.story.later(seconds)

    @rule()
    def the_process_dies(self):
        self.doubtful |= {one.turn.id for one in self.out if one.turn.step is Step.SEND}
        self.requested, self.out, self.looking, self.fetching = [], [], [], []
        self.story.restarts()
        self.after()

    # What holds.

    @invariant()
    def nothing_is_said_to_who_must_not_hear_it(self):
        if self.story.state.thread.state.value != "OK":
            assert not self.story.said

    @invariant()
    def what_waits_is_waited_for(self):
        """Each turn that is not at its end has something under way that will move it on."""
        for turn in self.story.rows.turns.values():
            if turn.state is TurnState.SENT:
                assert turn.id in {one.turn.id for one in self.out}
            elif turn.state is TurnState.OPEN:
                assert turn.id in [*self.requested, *(one.turn.id for one in self.looking)]
            elif turn.unsure:
                asked = any(prompt.field == RESEND for prompt in self.story.open)
                assert asked or turn.id in {one.turn.id for one in self.looking}

    @invariant()
    def the_queue_waits_for_a_turn(self):
        turn = self.story.turn
        if self.story.state.queue:
            assert turn is not None
            assert turn.in_flight or turn.unsure

    @invariant()
    def events_are_taken_in_order(self):
        marks = self.story.rows.inbox
        waiting = [seq for seq, mark in marks.items() if mark.state is InboxState.QUEUED]
        taken = [seq for seq, mark in marks.items() if mark.state is InboxState.TAKEN]
        present = [
            seq for seq in taken if self.story.turn and marks[seq].turn == self.story.turn.id
        ]
        assert not (waiting and present) or max(present) < min(waiting)

    @invariant()
    def no_input_is_too_long_or_empty(self):
        for turn in self.story.rows.turns.values():
            assert len(turn.input or "") <= 10_000
            assert turn.step is Step.CREATE or turn.input or turn.values
            assert (turn.input or "").encode() is not None

    @invariant()
    def numbers_of_open_lists_differ(self):
        numbers = [
            prompt.first + place
            for prompt in self.story.open
            for place in range(len(getattr(prompt.widget, "options", ())))
        ]
        assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("together", [False, True], ids=["apart", "one message per turn"])
def test_any_story_keeps_the_laws(together):
    """Whatever happens in whatever order, the laws 1, 3 and 4 hold and nothing gets stuck."""

    class Told(AnyStory):
        def __init__(self) -> None:
            super().__init__()
            world = self.story.world
            capabilities = replace(world.capabilities, one_message_per_turn=together)
            self.story.world = replace(world, capabilities=capabilities, taps=together)

    Told.TestCase.settings = settings(stateful_step_count=40)
    test = Told.TestCase("runTest")
    test.runTest()

"""A small language for stories: who says what, what comes back, what is then said and done."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal

from bridge.conversation import effects as fx
from bridge.conversation import messages
from bridge.conversation.decide import decide
from bridge.conversation.effects import InboxState
from bridge.conversation.messages import Found, Why
from bridge.conversation.state import State, Step, Thread
from bridge.conversation.world import Rules, World
from bridge.forms import Catalogue, FormEntry
from bridge.inputs import ChoiceMode
from bridge.phrases import Phrase, Phrases
from bridge.protocol import events
from bridge.protocol.capabilities import Capabilities, Level
from bridge.protocol.events import CommandName
from bridge.protocol.prompts import MultiSelect, NumberInput, options_of
from bridge.protocol.replies import Ask, Callout, Confirmation, LinkButton, Say
from bridge.protocol.threads import PersonKey, ThreadKey
from bridge.upstream.chunks import (
    Answer,
    EndChunk,
    MultiSelectChunk,
    NumberChunk,
    SelectOption,
    SingleSelectChunk,
    SubmissionChunk,
    TextChunk,
    TextDataChunk,
)
from bridge.upstream.schema import FieldInfo, FormSchema
from tests.conversation.rows import Rows

ANNA, BEN = PersonKey("test:anna"), PersonKey("test:ben")
KEY = ThreadKey("test:1")
NOW = 1_800_000_000.0
DAY = 86_400.0

CAKE = FormEntry(
    slug="cake",
    form_id="form-cake",
    title="Cake",
    default_for=("test",),
    keywords=("order a cake",),
    contact="+1 555 0100",
    form_url="https://shop.example/cake",
    privacy_url="https://shop.example/privacy",
)
EVENT = FormEntry(slug="event", form_id="form-event", title="Event", description="Sign up")
TRIAL = FormEntry(slug="trial", form_id="form-trial", title="Trial", dry_run=True)
SHARED = replace(CAKE, slug="team", form_id="form-team", shared=True)

SCHEMA = FormSchema(
    id="form-cake",
    name="Cake",
    fields={
        "size": FieldInfo(target="size", label="Size", input_type="STRING"),
        "guests": FieldInfo(target="guests", label="Guests", input_type="NUMBER"),
        "product": FieldInfo(target="product", label="Product", input_type="PAYMENT"),
    },
)

COMMANDS = {name: f"/{name.value.lower()}" for name in CommandName}
LISTS = Capabilities(channel="test", commands=COMMANDS)
BUTTONS = replace(
    LISTS,
    single_select=Level.NATIVE,
    multi_select=Level.NATIVE,
    number=Level.NATIVE,
    native_options=100,
    edits=Level.NATIVE,
)
CONTINUING = Rules(choice=ChoiceMode.LABEL_AND_VALUES)


def say(phrase, **values):
    """Return one of our sentences."""
    return Phrases().say(phrase, **values)


def text(words):
    return TextChunk(text=words)


def fact(field, value):
    return TextDataChunk(field=field, text=f"{field} is {value}", value=value, display=str(value))


def pick(field, *labels, custom=None):
    options = tuple(SelectOption(value=label.lower(), label=label) for label in labels)
    return SingleSelectChunk(field=field, options=options, custom=custom)


def picks(field, *labels, custom=None):
    options = tuple(SelectOption(value=label.lower(), label=label) for label in labels)
    return MultiSelectChunk(field=field, options=options, custom=custom)


def number(field, least=None, most=None, step=None):
    return NumberChunk(
        field=field,
        minimum=None if least is None else Decimal(least),
        maximum=None if most is None else Decimal(most),
        step=None if step is None else Decimal(step),
    )


def submission(name="sub-1", checkout=None):
    return SubmissionChunk(submission=name, checkout=checkout)


SIZES = pick("size", "Small", "Medium", "Large")


class Story:
    """One thread from the first word on; every decision is written to rows that keep guards."""

    def __init__(self, *forms, buttons=False, rules=CONTINUING, schemas=(), **changes):
        capabilities = replace(BUTTONS if buttons else LISTS, **changes)
        count = itertools.count(1)
        self.world = World(
            now=NOW,
            new_id=lambda: f"id{next(count):04}",
            catalogue=Catalogue(entries=forms or (CAKE, EVENT), phrases=Phrases()),
            capabilities=capabilities,
            rules=rules,
            schemas={schema.id: schema for schema in schemas},
            edits=buttons,
            taps=buttons,
        )
        thread = Thread(id="thread", channel="test", key=KEY)
        self.rows = Rows(thread)
        self.state = State(thread=thread)
        self.effects = ()
        self.seq = 0

    # What happens.

    def take(self, message):
        self.state, self.effects = decide(self.state, message, self.world)
        self.rows.write(self.effects)
        self.check()
        return self

    def event(self, kind, /, person=ANNA, **members):
        self.seq += 1
        self.rows.accept(self.seq)
        happened = kind(key=f"k{self.seq}", thread=KEY, person=person, at=self.world.now, **members)
        return self.take(messages.Happened(self.seq, happened))

    def hears(self, words, person=ANNA):
        return self.event(events.Text, person, text=words)

    def command(self, name, argument="", person=ANNA, **members):
        return self.event(events.Command, person, name=name, argument=argument, **members)

    def tap(self, prompt, *chosen, person=ANNA):
        return self.event(
            events.Choice, person, prompt=prompt.id, rev=prompt.view.rev, chosen=chosen, tap="t"
        )

    def choice(self, prompt, person=ANNA, **members):
        return self.event(events.Choice, person, prompt=prompt.id, rev=0, tap="t", **members)

    def number(self, prompt, value):
        value = None if value is None else Decimal(value)
        return self.event(events.Number, prompt=prompt.id, rev=0, value=value, tap="t")

    def step(self, prompt, step, person=ANNA):
        return self.event(events.WidgetStep, person, prompt=prompt.id, rev=0, step=step, tap="t")

    def permit(self):
        return self.take(messages.Permitted(self.state.turn.id))

    def comes(self, *chunks, success=True, turn=None, session="session-1", raw=()):
        """The upstream answers the present turn (after its permit), or the one named."""
        if turn is None and self.state.turn.state.value == "OPEN":
            self.permit()
        answer = Answer(session=session, chunks=(*chunks, EndChunk(success=success)), raw=raw)
        return self.take(messages.Came(turn or self.state.turn.id, answer))

    def misses(self, why, *, after=None, turn=None):
        if turn is None and self.state.turn.state.value == "OPEN":
            self.permit()
        return self.take(messages.Missed(turn or self.state.turn.id, why, after, "E"))

    def looks(self, found, submission="", checkout="", turn=None):
        return self.take(messages.LookedUp(turn or self.state.turn.id, found, submission, checkout))

    def restarts(self):
        """The process dies; another one reads the rows and takes the thread over."""
        self.state = self.rows.read()
        return self.take(messages.Recovered())

    def later(self, seconds):
        self.world = replace(self.world, now=self.world.now + seconds)
        return self

    def rings(self, kind, conversation=None):
        about = self.rows.conversations[conversation or self.state.conversation.id]
        timer = self.rows.timers[about.id, kind]
        return self.later(max(0.0, timer.due_at - self.world.now)).take(
            messages.Due(about, kind, timer.attempt)
        )

    # Often told beginnings.

    def begun(self, *chunks):
        """START, and the greeting came with these questions."""
        return self.command(CommandName.START).comes(text("Hello!\n\n"), *chunks)

    def sent(self, words="two layers"):
        """A text is on its way in a session that is there."""
        return self.begun().hears(words).permit()

    def lost(self, words="two layers"):
        """The answer to a text was lost, and nothing was found: Send again / Go on."""
        return self.sent(words).misses(Why.LOST).looks(Found.NONE)

    def ordered(self, checkout="checkout-1"):
        return self.sent().comes(text("Thank you."), submission(checkout=checkout))

    # What is seen.

    @property
    def said(self):
        """What the last decision said, one string for each reply; a prompt as its options."""
        replies = [r for e in self.effects if isinstance(e, fx.Speak) for r in e.replies]
        return [_shown(reply) for reply in replies]

    def of(self, kind):
        """Return the effects of a kind in the last decision."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def open(self):
        return [shown.prompt for shown in self.state.open]

    @property
    def notice(self):
        """The notice with which the last tap was answered; None where it was not."""
        return next((effect.notice for effect in self.of(fx.AnswerTap)), None)

    def outcome(self, seq=None):
        return self.rows.inbox[seq or self.seq].state

    @property
    def performed(self):
        return [(e.turn.step, e.turn.input, e.turn.values) for e in self.of(fx.Perform)]

    @property
    def turn(self):
        return self.state.turn

    # What holds always.

    def check(self):
        """The state is what the rows say, and each event has its outcome (laws 1 and 3)."""
        read = self.rows.read()
        for member in ("thread", "conversation", "turn", "prompts", "queue", "given_up"):
            assert getattr(read, member) == getattr(self.state, member), member
        assert InboxState.NEW not in {mark.state for mark in self.rows.inbox.values()}
        taken = {m.turn for m in self.rows.inbox.values() if m.state is InboxState.TAKEN}
        under_way = {t.id for t in self.rows.turns.values() if t.in_flight or t.unsure}
        assert taken <= under_way
        self._check_first_op()

    def _check_first_op(self):
        """Every transaction begins with its guard (section 6)."""
        written = [
            effect
            for effect in self.effects
            if not isinstance(effect, fx.AnswerTap | fx.Redraw | fx.Close | fx.Alert)
        ]
        if written and not all(isinstance(effect, fx.EndTimer) for effect in written):
            assert not isinstance(written[0], fx.EndTimer | fx.EndTaken | fx.DropCalls)


def _shown(reply):
    match reply:
        case Say():
            return "".join(span.text for span in reply.spans)
        case Callout():
            return reply.text
        case Confirmation():
            return "; ".join(f"{item.label}: {item.shown}" for item in reply.items)
        case Ask():
            return _widget(reply.prompt.widget)
        case LinkButton():
            return f"({reply.label}: {reply.url})"
    raise AssertionError


def _widget(widget):
    if isinstance(widget, NumberInput):
        return "[number]"
    marks = "*" if isinstance(widget, MultiSelect) else ""
    return " ".join(f"[{option.label}]" for option in options_of(widget)) + marks


__all__ = ["CommandName", "Phrase", "Step"]

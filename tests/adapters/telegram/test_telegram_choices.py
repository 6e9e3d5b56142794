"""Whatever the labels are, each option can be chosen, and lands as exactly itself."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import strategies as st

from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.addresses import thread_key
from adapters.telegram.settings import TelegramSettings
from bridge import answers
from bridge.conformance.host import RecordingHost
from bridge.conformance.strategies import for_all, shown
from bridge.protocol.capabilities import Capabilities
from bridge.protocol.events import Choice, Page, Text, Toggle, WidgetStep
from bridge.protocol.prompts import MultiSelect, SingleSelect
from bridge.protocol.replies import Ask
from bridge.upstream.schema import FieldInfo, FormSchema
from tests.adapters.telegram.hostile import asked, hostile, labels_of_any_kind, of
from tests.adapters.telegram.wire import PRIVATE, TOKEN, USER, tapped
from tests.conversation.story import ANNA, BEN, Story, number, pick, picks


@pytest.fixture(scope="module")
def adapter():
    """The adapter, which asks nobody."""
    settings = TelegramSettings.model_validate({"TELEGRAM_BOT_TOKEN": TOKEN})
    return TelegramAdapter(settings, RecordingHost())


def turned_through(adapter, prompt):
    """Return each page of the prompt as drawn: the prompt, what is written, and the buttons."""
    first = of(prompt, adapter)
    for page in range(first.display.pages):
        drawn = of(prompt, adapter, page)
        (*_, call) = adapter.render((Ask(drawn),), thread_key(PRIVATE))
        rows = call.body["markup"]["inline_keyboard"]
        yield drawn, call.body["text"], [button for row in rows for button in row]


def option_of(event):
    """Return the position that a tap chooses or toggles; None for all other taps."""
    match event:
        case Choice(chosen=(index,)) | WidgetStep(step=Toggle(index=index)):
            return index
        case _:
            return None


def tapped_options(adapter, buttons):
    """Return the option that each button stands for, by the way through Telegram and back."""
    events = [adapter.parse(tapped(button["callback_data"])) for button in buttons]
    return [index for (event,) in events if (index := option_of(event)) is not None]


def typed_option(adapter, mark, prompt):
    """Return the option that a typed mark chooses."""
    chat = {"id": USER, "type": "private", "first_name": "Ada"}
    person = {"id": USER, "is_bot": False, "first_name": "Ada"}
    sent = {"message_id": 3, "date": 1_790_000_000, "chat": chat, "from": person, "text": mark}
    (event,) = adapter.parse({"update_id": 2, "message": sent})
    assert isinstance(event, Text)
    words = answers.Words.of(adapter.capabilities)
    reading = answers.read(event.text, (prompt,), words)
    return reading.chosen if isinstance(reading, answers.Chosen) else reading


@pytest.mark.parametrize("kind", [SingleSelect, MultiSelect])
def test_every_option_comes_back_as_itself(adapter, kind):
    """Whatever the labels: each option has one button, which chooses it, and so does its mark."""

    def check(choices):
        prompt, found = asked(kind(options=choices)), []
        for drawn, text, buttons in turned_through(adapter, prompt):
            lines = drawn.display.lines
            assert tapped_options(adapter, buttons) == [line.index for line in lines]
            found += [line.index for line in lines]
            listed = [line for line in lines if f"\n{line.mark}. " in f"{text} "]
            assert len(listed) in {0, len(lines)}
            for line in listed:
                assert typed_option(adapter, line.mark, drawn) == (line.index,), line.mark
        assert found == list(range(len(choices)))

    for_all(hostile(), check, examples=20)


def by_tap(adapter, story, wanted):
    """Turn pages until the wanted option is there, and tap it; fails where it never is."""
    for _ in range(14):
        (prompt,) = story.open
        drawn = shown(prompt, adapter.capabilities)
        call = adapter.redraw(drawn, thread_key(PRIVATE))
        buttons = [b for row in call.body["markup"]["inline_keyboard"] for b in row]
        events = [adapter.parse(tapped(button["callback_data"]))[0] for button in buttons]
        chosen = [event for event in events if option_of(event) == wanted]
        if chosen:
            return retold(story, *chosen)
        pages = [event for event in events if isinstance(event, WidgetStep)]
        steps = [e for e in pages if isinstance(e.step, Page) and e.step.number > prompt.view.page]
        retold(story, *steps)
    raise AssertionError("the option is on no page")


def retold(story, event, person=ANNA):
    """Have this tap happen in the story's thread, by its owner or somebody else."""
    heads = {"key", "thread", "person", "at"}
    names = [f.name for f in dataclasses.fields(event) if f.name not in heads]
    return story.event(type(event), person, **{name: getattr(event, name) for name in names})


def beginning(adapter, question):
    """Return a story on this channel that has just asked the question."""
    known = {f.name: getattr(adapter.capabilities, f.name) for f in CAPABILITIES}
    return Story(buttons=True, schemas=(CAKE,), **known).begun(question)


CAKE = FormSchema(
    id="form-cake",
    name="Cake",
    fields={
        "size": FieldInfo(target="size", label="Size", input_type="STRING"),
        "toppings": FieldInfo(target="toppings", label="Toppings", input_type="ARRAY"),
    },
)
CAPABILITIES = [f for f in dataclasses.fields(Capabilities) if f.name != "channel"]


def test_a_tap_reaches_the_upstream_as_its_label(adapter):
    """Page by page through the core: the option that is tapped is what the upstream is told."""

    def check(drawn):
        labels, place = drawn
        story = beginning(adapter, pick("size", *labels))
        wanted = place % len(labels)
        label = story.open[0].widget.options[wanted].label
        by_tap(adapter, story, wanted)
        ((_, told, values),) = story.permit().performed
        assert (told, values) == (label, {"size": labels[wanted].lower()}), label

    for_all(st.tuples(labels_of_any_kind(40), st.integers(0, 39)), check, examples=20)


def test_toggles_and_done_confirm_exactly_these(adapter):
    """What is toggled page by page is what Done confirms."""

    def check(drawn):
        labels, places = drawn
        wanted = sorted({place % len(labels) for place in places})
        story = beginning(adapter, picks("toppings", *labels))
        for index in wanted:
            by_tap(adapter, story, index)
        (prompt,) = story.open
        assert list(prompt.view.selected) == wanted
        buttons = [b for _, _, all_ in turned_through(adapter, prompt) for b in all_]
        events = [adapter.parse(tapped(button["callback_data"]))[0] for button in buttons]
        retold(story, next(e for e in events if isinstance(e, Choice) and e.chosen is None))
        ((_, _, values),) = story.permit().performed
        assert values == {"toppings": [labels[index].lower() for index in wanted]}

    places = st.sets(st.integers(0, 39), min_size=1, max_size=4)
    for_all(st.tuples(labels_of_any_kind(40, longest=2000), places), check, examples=12)


ASKED = {
    "single": (pick("size", "A", "B", "C"), {"A", "B", "C"}),
    "multi": (picks("toppings", "A", "B"), {"A", "B", "None of these"}),
    "quick": (number("guests", "1", "6", "1"), set(map(str, range(1, 7)))),
    "stepper": (number("guests", "2", "40", "2"), set(map(str, range(2, 41, 2)))),
}


@pytest.mark.parametrize(("question", "answers_"), ASKED.values(), ids=ASKED)
def test_forged_taps_answer_nothing_else(adapter, question, answers_):
    """Whatever a client sends as a button's data: only what was asked for is ever answered."""
    figures = st.one_of(
        st.integers(-(10**18), 10**18).map(str), st.from_regex(r"[-.0-9]{0,12}", fullmatch=True)
    )
    argument = st.sampled_from(("", "0", "1", "2", "7", "0.5", "-0", "00")) | figures
    data = st.builds("{}.{}{}".format, st.integers(0, 3), st.sampled_from("ctprnvdaox"), argument)
    taps = st.lists(st.tuples(data, st.sampled_from((ANNA, BEN))), min_size=1, max_size=4)

    def check(drawn):
        story = beginning(adapter, question)
        for written, person in drawn:
            for prompt in story.open:
                (event,) = adapter.parse(tapped(f"v1.{prompt.id}.{written}"))
                before = story.state
                retold(story, event, person)
                assert person is ANNA or story.state.prompts == before.prompts
                for again in story.open:
                    assert adapter.redraw(shown(again, adapter.capabilities), thread_key(PRIVATE))
        if story.turn.in_flight:
            ((_, told, _),) = story.permit().performed
            assert set(told.split(", ")) <= answers_

    for_all(taps, check, examples=60)

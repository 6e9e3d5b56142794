"""Prompts as numbered lists."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.answers import Chosen, Words, page_count, read
from bridge.degrade import degrade, displayed, menu
from bridge.phrases import Phrases
from bridge.protocol.capabilities import Capabilities, Level
from bridge.protocol.prompts import (
    Display,
    MenuLine,
    MultiSelect,
    NumberInput,
    Option,
    Prompt,
    PromptOwner,
    PromptView,
    SingleSelect,
    Widget,
)
from bridge.protocol.replies import Ask, LinkButton, Menu, plain
from bridge.protocol.threads import PromptId

VIEW = PromptView()
SMS = Capabilities(channel="sms", page_size=3)
BUTTONS = Capabilities(
    channel="buttons",
    single_select=Level.NATIVE,
    multi_select=Level.NATIVE,
    number=Level.NATIVE,
    native_options=4,
)


def asked(widget: Widget, *, first: int = 1, view: PromptView = VIEW) -> Prompt:
    """Return an open prompt."""
    return Prompt(
        id=PromptId("p"),
        owner=PromptOwner.UPSTREAM,
        question="?",
        widget=widget,
        first=first,
        view=view,
    )


def options(*labels: str) -> tuple[Option, ...]:
    """Return options."""
    return tuple(Option(label=label) for label in labels)


def one(*labels: str, custom: str | None = None, first: int = 1, view: PromptView = VIEW) -> Prompt:
    """Return a single select."""
    widget = SingleSelect(options=options(*labels), custom=custom)
    return asked(widget, first=first, view=view)


def hint(prompt: Prompt, channel: Capabilities = SMS) -> str:
    """Return the sentences under a prompt's list."""
    return menu(prompt, channel, Phrases()).hint


def test_a_prompt_without_a_widget_becomes_a_numbered_list():
    """With the whole labels, and a sentence that tells how to answer; all else stays as it is."""
    prompt, link = one("Vanilla", "Lemon"), LinkButton("Pay:", "Pay", "https://x.test/")
    said = plain("Which cake?")

    assert degrade([said, Ask(prompt), link], SMS, Phrases()) == (
        said,
        Menu(
            prompt=prompt,
            lines=(MenuLine("1", "Vanilla", 0), MenuLine("2", "Lemon", 1)),
            hint="Reply with the number of your choice.",
        ),
        link,
    )


@pytest.mark.parametrize(
    ("widget", "change", "native"),
    [
        (SingleSelect(options=options(*"wxyz")), {}, True),
        (SingleSelect(options=options(*"vwxyz")), {}, False),
        (SingleSelect(options=options("x")), {"single_select": Level.DEGRADED}, False),
        (SingleSelect(options=options("x")), {"native_options": 0}, False),
        (MultiSelect(options=options(*"wxyz")), {}, True),
        (MultiSelect(options=options("x")), {"multi_select": Level.ABSENT}, False),
        (NumberInput(), {"native_options": 0}, True),
        (NumberInput(), {"number": Level.DEGRADED}, False),
    ],
)
def test_a_widget_is_kept_where_the_channel_has_one(widget, change, native):
    """By its kind, and for so many options as it takes."""
    ask = Ask(asked(widget))
    [shown] = degrade([ask], replace(BUTTONS, **change), Phrases())
    assert isinstance(shown, Ask if native else Menu)
    assert replace(shown.prompt, display=Display()) == ask.prompt


def test_a_widget_is_told_what_it_shows():
    """The present page with its marks, and what a widget does not say by itself."""
    letters = "abcdefghijklmnopqrstuvw"
    widget = MultiSelect(options=options(*letters), minimum=1, maximum=2)
    prompt = replace(asked(widget), view=PromptView(page=9, selected=(21,)))
    drawn = displayed(prompt, replace(BUTTONS, page_size=20, native_options=30), Phrases())
    assert drawn.display.lines == (
        MenuLine("21", "u", 20), MenuLine("22", "v", 21, selected=True), MenuLine("23", "w", 22),
    )  # fmt: skip
    assert (drawn.display.page, drawn.display.pages) == (1, 2)
    assert drawn.display.hint == (
        "You can choose 1 to 2 of them. You can also type a part of a name to search."
    )


@pytest.mark.parametrize(
    ("widget", "view", "hint"),
    [
        (NumberInput(minimum=Decimal(1)), {}, "Please reply with a number from 1."),
        (SingleSelect(options=options("x")), {}, ""),
        (
            SingleSelect(options=options("x", "y")),
            {"filter": "x"},
            "Send BACK on the first page to see all.",
        ),
        (
            SingleSelect(options=options("x", "y")),
            {"filter": "z"},
            "No option matches “z”. Send BACK on the first page to see all.",
        ),
    ],
)
def test_a_widgets_hint_tells_what_can_be_typed(widget, view, hint):
    """A number's range, and what became of a search."""
    prompt = replace(asked(widget), view=PromptView(**view))
    assert hint == displayed(prompt, BUTTONS, Phrases()).display.hint


LABELS = st.lists(st.text(max_size=8), min_size=1, max_size=60)


@given(LABELS, st.integers(-1, 25), st.integers(1, 30), st.text(max_size=1))
def test_all_pages_together_show_each_option_once(labels, size, first, wanted):
    """Also under a filter, whose options hold its text; numbers go on from page to page."""
    channel = replace(SMS, page_size=size)
    prompt = one(*labels, first=first, view=PromptView(filter=wanted))
    pages = [
        menu(replace(prompt, view=PromptView(page=page, filter=wanted)), channel, Phrases()).lines
        for page in range(page_count(prompt, size))
    ]
    lines = [line for page in pages for line in page]
    shown = [line.index for line in lines]

    assert sorted(set(shown)) == shown
    assert wanted or shown == list(range(len(labels)))
    assert all(len(page) <= max(1, size) for page in pages)
    assert all(line.label == labels[line.index] for line in lines)
    for line in lines:
        reading = read(line.mark, (prompt,), Words.of(channel))
        assert reading == Chosen(prompt=prompt, chosen=(line.index,))


def test_a_page_is_clamped_and_a_filter_shows_what_holds_it():
    """Case, accents and punctuation don't matter; what is selected is marked."""
    prompt = one("Crème", "Tea", "Ice-cream", "Milk", view=PromptView(page=9))
    assert [line.mark for line in menu(prompt, SMS, Phrases()).lines] == ["4"]
    few = one("Crème", "Tea", "Ice-cream", view=PromptView(filter="CRÉ", selected=(2,)))
    lines = menu(few, SMS, Phrases()).lines
    assert [(line.mark, line.selected) for line in lines] == [("1", False), ("3", True)]


@pytest.mark.parametrize(
    ("labels", "custom", "view", "expected"),
    [
        ("ab", None, VIEW, "Reply with the number of your choice."),
        ("21", None, VIEW, "Reply with the letter of your choice."),
        ("ba21", None, VIEW, "Reply with the mark of your choice, for example #1. "),
        ("xy", "", VIEW, "number of your choice. You can also type an answer of your own."),
        ("xy", "in cm", VIEW, "You can also type an answer of your own: in cm"),
        ("xy", "in cm", PromptView(typing_custom=True), "Please type your answer: in cm"),
        ("xy", "", PromptView(typing_custom=True), "Please type your answer."),
        ("vwxyz", None, VIEW, "choice. Send MORE for further options."),
        ("vwxyz", None, PromptView(page=1), "choice. Send BACK for the earlier ones."),
        ("stuvwxyz", None, PromptView(page=1), "Send MORE or BACK to see other options."),
        ("xy", None, PromptView(filter="x"), "choice. Send BACK on the first page to see all."),
        ("xy", None, PromptView(filter="q"), "choice. No option matches “q”. Send BACK on"),
        ("abcdefghijklmnopqrstuvwxyz", None, VIEW, "You can also type a part of a name to search."),
    ],
)
def test_a_hint_tells_how_to_answer_a_single_select(labels, custom, view, expected):
    """By the marks that are shown, the pages, and what else may be typed."""
    assert expected in hint(one(*labels, custom=custom, view=view))


@pytest.mark.parametrize(
    ("labels", "least", "most", "view", "expected"),
    [
        (
            "wxyz",
            0,
            None,
            VIEW,
            "numbers of your choice, for example 1, 3. Send OK if you want none",
        ),
        ("xy", 0, None, VIEW, "for example 1, 2. Send OK"),
        ("x", 0, None, VIEW, "for example 1. Send OK"),
        ("21", 1, None, VIEW, "Reply with the letters of your choice, for example a, b."),
        ("ba21", 1, None, VIEW, "Reply with the marks of your choice, for example #1, #3."),
        ("wxyz", 0, 1, VIEW, "the number of your choice. You can choose up to 1 of them."),
        ("wxyz", 0, 3, VIEW, "You can choose up to 3 of them. Send OK"),
        ("wxyz", 2, 3, VIEW, "You can choose 2 to 3 of them."),
        ("wxyz", 2, 2, VIEW, "Please choose 2 of them."),
        ("wxyz", 2, None, VIEW, "Please choose at least 2 of them."),
        ("wxyz", 0, None, PromptView(page=1), "for example 4. Send OK if you want none of them."),
        ("wxyz", 2, None, PromptView(selected=(1,)), "Send OK to confirm what is chosen."),
    ],
)
def test_a_hint_tells_how_to_answer_a_multi_select(labels, least, most, view, expected):
    """With an example of marks that are on the page, and how many are wanted."""
    widget = MultiSelect(options=options(*labels), minimum=least, maximum=most)
    assert expected in hint(asked(widget, view=view))


def test_an_option_called_ok_keeps_its_name():
    """Then OK does not stand for none."""
    widget = MultiSelect(options=options("Bad", "OK"))
    assert "OK" not in hint(asked(widget))


def test_an_awaited_answer_of_ones_own_shows_no_marks():
    """They would be taken for it."""
    view = PromptView(typing_custom=True)
    assert menu(one("x", custom="", view=view), SMS, Phrases()).lines == ()
    assert len(menu(one("x", view=view), SMS, Phrases()).lines) == 1


def test_a_number_becomes_a_sentence():
    """With its range and step."""
    widget = NumberInput(minimum=Decimal(1), maximum=Decimal(200), step=Decimal(1))
    prompt = asked(widget)
    expected = "Please reply with a number from 1 to 200, without decimals."
    assert menu(prompt, SMS, Phrases()) == Menu(prompt=prompt, lines=(), hint=expected)

"""Replies become blocks, and blocks become lines."""

from __future__ import annotations

import pytest

from adapters.console.draw import clean, draw, echo, note, plain
from adapters.console.render import render
from bridge.protocol.calls import OnUncertain
from bridge.protocol.prompts import (
    MenuLine,
    MultiSelect,
    NumberInput,
    Option,
    Prompt,
    PromptOwner,
    PromptView,
    SingleSelect,
)
from bridge.protocol.replies import (
    Ask,
    Callout,
    Confirmation,
    Expect,
    Format,
    LinkButton,
    Menu,
    Say,
    Separator,
    Span,
    Tone,
    Understood,
)
from bridge.protocol.replies import plain as said

SIZES = (Option(label="Small"), Option(label="Large\nfor ten"))


def prompt(widget, **more):
    """Return a prompt that asks for a size."""
    return Prompt(
        id="size", owner=PromptOwner.UPSTREAM, question="Which size?", widget=widget, **more
    )


def shown(*replies):
    """Return what a pipe prints, one text for each call."""
    return [plain(draw(call.body)) for call in render(replies)]


def test_one_answer_is_one_call():
    """All replies of one answer are printed together, in order."""
    menu = Menu(
        prompt(SingleSelect(options=SIZES)),
        (MenuLine("1", "Small", 0), MenuLine("2", "Large\nfor ten", 1, selected=True)),
        "Answer with a number.",
    )
    answer = (
        Confirmation((Understood("Flavour", "Lemon"), Understood("Date", "Friday"))),
        Say((Span("Nearly "), Span("done", bold=True), Span("."))),
        Separator(),
        Callout(Tone.IMPORTANT, "Only by Friday."),
        Callout(Tone.ERROR, "No.\nReally."),
        Callout(Tone.NOTICE, "By the way."),
        menu,
        Expect("phone", Format.PHONE),
        LinkButton("Your order is ready.", "Pay", "https://example.com/c"),
    )
    expected = """\
✓ Flavour: Lemon
✓ Date: Friday
Nearly done.
────────────────────────
! Only by Friday.
✗ No.
  Really.
· By the way.
Which size?
  1. Small
  2. ✓ Large
     for ten
Answer with a number.
Your order is ready.
→ Pay: https://example.com/c
"""
    assert shown(*answer) == [expected]


def test_a_question_is_not_asked_twice():
    """A list is headed by its question unless a text of the same answer has just asked it."""
    menu = Menu(prompt(SingleSelect(options=SIZES)), (), "")
    assert shown(menu) == ["Which size?\n"]
    assert shown(said("Hello. Which size?"), menu) == ["Hello. Which size?\n"]
    assert shown(Callout(Tone.ERROR, "Which size?"), menu) == ["✗ Which size?\n"]


def test_an_ask_ends_its_call():
    """A prompt that nobody turned into a list is drawn whole, in a call that names it."""
    single = prompt(SingleSelect(options=SIZES, custom="Or type a size"), first=4)
    several = prompt(MultiSelect(options=SIZES), view=PromptView(selected=(0,)))
    calls = render((said("Hello."), Ask(single), Ask(several), Ask(prompt(NumberInput()))))
    assert [call.prompt for call in calls] == ["size", "size", "size"]
    assert [plain(draw(call.body)) for call in calls] == [
        "Hello.\nWhich size?\n  4. Small\n  5. Large\n     for ten\nOr type a size\n",
        "Which size?\n  1. ✓ Small\n  2. Large\n     for ten\n",
        "Which size?\n",
    ]


def test_nothing_to_see_makes_no_call():
    """Replies without anything to read print nothing."""
    assert render(()) == ()
    assert render((Expect("phone", Format.PHONE),)) == ()


def test_only_what_matters_is_printed_again():
    """After a crash a plain text is not repeated; a link, a list or a callout is."""
    link = LinkButton("", "Pay", "https://example.com/c")
    repeated = [render((one,))[0].on_uncertain for one in (said("Hello."), link)]
    assert repeated == [OnUncertain.SKIP, OnUncertain.REPEAT]
    assert shown(link) == ["→ Pay: https://example.com/c\n"]


def test_texts_hold_no_control_characters():
    """No control sequence reaches a terminal; line ends and tabs stay, surrogates are replaced."""
    assert clean("a\x1b[31mb\x9bc\x00\r\nd\te\ud800") == "a[31mbc\nd\te?"
    assert plain(echo("a\x07b")) == "> ab\n"
    assert plain(note("a\x07b")) == "· ab\n"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"blocks": "text"},
        {"blocks": ["text"]},
        {"blocks": [{"kind": "dance"}]},
        {"blocks": [{"kind": "callout", "tone": "ERROR"}]},
        {"blocks": [{"kind": "callout", "text": "x", "tone": 1}]},
    ],
)
def test_foreign_bodies_are_told(body):
    """A body that the renderer did not make can't be drawn."""
    with pytest.raises(ValueError, match=r"block|list|text"):
        draw(body)

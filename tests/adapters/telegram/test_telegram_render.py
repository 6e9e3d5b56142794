"""Replies become calls: what stands in which message, and what is made when it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.addresses import Address, thread_key
from adapters.telegram.limits import capabilities
from adapters.telegram.render import close, redraw, render
from adapters.telegram.settings import TelegramSettings
from bridge.conformance.host import RecordingHost
from bridge.conformance.strategies import asks, shown, texts
from bridge.protocol.calls import OnUncertain, Urgency
from bridge.protocol.prompts import (
    Answered,
    Display,
    MenuLine,
    NumberInput,
    Option,
    Prompt,
    PromptOwner,
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
    plain,
)
from bridge.protocol.threads import PromptId
from tests.adapters.telegram.drawing import TelegramDrawing, buttons_of, clickable, message_of

PRIVATE = thread_key(Address(1, 5550001))
GROUP = thread_key(Address(1, -5550002))
TOPIC = thread_key(Address(1, -5550002, 7))
PLACES = (PRIVATE, GROUP, TOPIC)
LABELS = RecordingHost().labels
CAPABILITIES = capabilities(TelegramSettings(TELEGRAM_BOT_TOKEN="1:x"))
PAY = LinkButton("Your order: 12.50", "Pay", "https://pay.example/1", private=True)
DRAWING = TelegramDrawing()
REPLY = "Please answer by replying to this message."


def size(question="Which size?", hint=""):
    """Return a question with two short options."""
    labels = ("Small", "Large")
    lines = tuple(MenuLine(str(n + 1), label, n) for n, label in enumerate(labels))
    return Prompt(
        id=PromptId("p1"),
        owner=PromptOwner.UPSTREAM,
        question=question,
        widget=SingleSelect(options=tuple(Option(label=label) for label in labels)),
        display=Display(lines=lines, hint=hint),
    )


def typed_number(question="How many?", hint=""):
    """Return a question that can only be answered by typing."""
    return replace(size(question), widget=NumberInput(), display=Display(hint=hint))


def drawn(replies, thread=PRIVATE):
    """Return the texts of the messages."""
    return [call.body["text"] for call in render(replies, thread, LABELS)]


def bold(call):
    """Return what is bold."""
    parts = message_of(call).parse_entities(types=["bold"])
    return list(parts.values())


def test_what_is_said_together_is_one_message():
    """Paragraphs of one answer stand in one message, with their styles."""
    said = (
        Say((Span("A "), Span("cake", True), Span("."))),
        Confirmation((Understood("Size", "Large"), Understood("When", "Monday"))),
        Callout(Tone.ERROR, "No oven."),
        Callout(Tone.NOTICE, "One moment."),
    )
    (call,) = render(said, PRIVATE, LABELS)
    assert call.body["text"] == (
        "A cake.\n\n✓ Size: Large\n✓ When: Monday\n\n⚠️ No oven.\n\nℹ️ One moment."  # noqa: RUF001 - a sign
    )
    assert bold(call) == ["cake", "Large", "Monday", "No oven."]
    assert (call.method, call.prompt, call.edits) == ("send", None, None)


def test_breaks_stand_between_things():
    """A separator is a line between two things, and nothing at the ends of a message."""
    said = (Separator(), plain("a"), Separator(), plain("b"), Separator())
    assert drawn(said) == ["a\n──────────\nb"]
    assert drawn((Separator(),)) == []


def test_nothing_to_show_makes_no_call():
    """Without anything to read nothing is sent."""
    assert render((), PRIVATE, LABELS) == ()
    assert render((plain(" \n"), Expect("mail", Format.EMAIL)), PRIVATE, LABELS) == ()


def test_a_widget_has_its_own_message():
    """The question moves from the end of what was said to the widget's message."""
    said = (Say((Span("Great.\n\n"), Span("Which size?", True))), Ask(size()))
    first, second = render(said, PRIVATE, LABELS)
    assert (first.body["text"], second.body["text"]) == ("Great.", "Which size?")
    assert (first.prompt, second.prompt) == (None, "p1")
    assert [button.text for button in buttons_of(second)] == ["Small", "Large"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ((plain("Which size?"),), ["Which size?"]),
        ((plain("Which size?  "),), ["Which size?"]),
        ((plain("Fine.\nWhich size?"),), ["Fine.", "Which size?"]),
        ((plain("Tell me: Which size?"),), ["Tell me: Which size?", "Which size?"]),
        ((plain("Which size? Hm."),), ["Which size? Hm.", "Which size?"]),
        ((Callout(Tone.IMPORTANT, "Which size?"),), ["Which size?"]),
        ((plain("Fine."), Separator(), plain("Which size?")), ["Fine.", "Which size?"]),
        ((plain("Which size?"), Separator()), ["Which size?", "Which size?"]),
        ((), ["Which size?"]),
    ],
)
def test_a_question_is_asked_once(said, shown):
    """Whatever was said before, the widget's message begins with the question."""
    assert drawn((*said, Ask(size()))) == shown


def test_a_question_without_words_can_be_answered():
    """Buttons under nothing to read stand below a dot; so does a question that is only typed."""
    assert drawn((plain("a"), Ask(size(" ")))) == ["a", "·"]
    (call,) = render((Ask(typed_number("\n")),), PRIVATE, LABELS)
    assert (call.body["text"], call.prompt) == ("·", "p1")


def test_a_long_question_begins_before_its_widget():
    """The end of a long question stands with the widget, the rest in messages before it."""
    question = "\n\n".join(f"Paragraph {n} " + "of many words " * 40 for n in range(12)).strip()
    *before, last = render((plain("Hello."), Ask(size(question))), PRIVATE, LABELS)
    assert before[0].body["text"].startswith("Hello.\n\nParagraph 0 of")
    assert last.body["text"].startswith("Paragraph 1")
    assert len(last.body["text"]) <= 1500
    assert [call.prompt for call in before] == [None] * len(before)


@given(asks(CAPABILITIES), st.sampled_from(PLACES), texts())
@settings(deadline=None)
def test_edits_begin_like_the_message(prompt, thread, chosen):
    """What is redrawn is what was drawn, and what is closed begins with the same words."""
    prompt = shown(prompt, CAPABILITIES)
    *_, first = render((Ask(prompt),), thread, LABELS)
    again = redraw(prompt, thread, LABELS)
    assert again.body == first.body
    closed = close(Answered(prompt=prompt), thread, LABELS)
    answered = close(Answered(prompt=prompt, chosen=chosen, change=True), thread, LABELS)
    head = closed.body["text"]
    if head != "·":
        assert first.body["text"].startswith(head.removesuffix("·"))
        assert answered.body["text"].startswith(head.removesuffix("·"))
    assert not [limit for call in (again, closed, answered) for limit in DRAWING.measure(call)]


@given(asks(CAPABILITIES), st.sampled_from(PLACES))
@settings(deadline=None)
def test_what_is_sent_after_a_refusal_is_quiet_too(prompt, thread):
    """A fallback without entities makes nothing clickable, and is one message as well."""
    for call in render((Ask(shown(prompt, CAPABILITIES)),), thread, LABELS):
        if call.fallback is not None:
            assert call.fallback.body["entities"] == []
            assert clickable(call.fallback.body["text"]) == []
            assert call.fallback.prompt == call.prompt
            assert not DRAWING.measure(call.fallback)


def test_what_was_chosen_takes_the_widgets_place():
    """A closed widget has the question, what was chosen, and Change where that is possible."""
    call = close(Answered(prompt=size(), chosen="Large", change=True), PRIVATE, LABELS)
    assert call.body["text"] == "Which size?\n✓ Large"
    assert bold(call) == ["Large"]
    assert [button.text for button in buttons_of(call)] == ["✏️ Change"]
    assert (call.method, call.edits, call.urgency) == ("edit", "p1", Urgency.EDIT)
    bare = close(Answered(prompt=size()), PRIVATE, LABELS)
    assert bare.body == {"text": "Which size?", "entities": []}


def test_edits_become_new_messages():
    """Where nothing can be edited the same is sent; a widget is then shown by the new message."""
    again = redraw(size(), GROUP, LABELS).fallback
    closed = close(Answered(prompt=size(), chosen="Large"), GROUP, LABELS).fallback
    assert (again.method, again.prompt, again.edits) == ("send", "p1", None)
    assert (closed.method, closed.prompt, closed.edits) == ("send", None, None)
    assert again.buckets == closed.buckets == ("all", "group")
    assert again.on_uncertain is closed.on_uncertain is OnUncertain.REPEAT


def test_hints_stand_below():
    """How to answer stands in italics below the question, and is cut where it is endless."""
    (call,) = render((Ask(size(hint="Please choose.")),), PRIVATE, LABELS)
    assert call.body["text"] == "Which size?\n\nPlease choose."
    assert list(message_of(call).parse_entities(types=["italic"]).values()) == ["Please choose."]
    assert len(drawn((Ask(size(hint="word " * 500)),))[0]) < 250


def test_lists_are_drawn_whole():
    """A numbered list shows every label, what is selected, and how to answer, in any length."""
    lines = (MenuLine("1", "Nuts", 0, True), MenuLine("2", "W" * 5000, 1))
    listed = Menu(size("Which toppings?"), lines, "Reply with a number.")
    joined = "".join(drawn((listed,)))
    assert joined.startswith("Which toppings?\n\n1. ☑ Nuts\n2. WWW")
    assert joined.count("W") == 5001
    assert joined.endswith("Reply with a number.")
    assert {call.on_uncertain for call in render((listed,), PRIVATE, LABELS)} == {
        OnUncertain.REPEAT
    }


def test_lists_do_not_ask_twice():
    """A question that was just said is not repeated; without lines the hint alone follows."""
    listed = Menu(size(), (), "Reply with a number.")
    assert drawn((plain("Which  size?"), listed)) == ["Which  size?\n\nReply with a number."]


def test_links_stand_below_what_was_said():
    """A button to open and one to copy belong to what was said; alone with us it is no secret."""
    (call,) = render((plain("Thank you."), PAY), PRIVATE, LABELS)
    assert call.body["text"] == "Thank you.\n\nYour order: 12.50"
    opened, copied = buttons_of(call)
    assert (opened.text, opened.url) == ("Pay", "https://pay.example/1")
    assert copied.copy_text.text == "https://pay.example/1"
    assert call.on_uncertain is OnUncertain.REPEAT


@pytest.mark.parametrize("text", ["Your order: 12.50", "word " * 2000])
def test_a_refused_address_stands_in_the_text(text):
    """Where Telegram takes no button with the address, clients make a link of it in the text."""
    *_, call = render((replace(PAY, text=text),), PRIVATE, LABELS)
    assert call.fallback.body["text"].endswith("\n\nhttps://pay.example/1")
    assert "markup" not in call.fallback.body
    assert not DRAWING.measure(call.fallback)
    assert clickable(call.fallback.body["text"])[0] == PAY.url
    *_, topic = render((replace(PAY, private=False),), TOPIC, LABELS)
    assert topic.fallback.body["topic"] is False


@pytest.mark.parametrize("thread", [GROUP, TOPIC])
def test_private_links_stay_out_of_groups(thread):
    """Where others read along the link goes to the private chat, or the owner is asked in."""
    said, alone = render((plain("Thank you."), PAY), thread, LABELS)
    assert said.body["text"] == "Thank you."
    assert (alone.method, alone.buckets) == ("private", ("all",))
    assert alone.body["text"] == "Your order: 12.50"
    assert alone.fallback.method == "invite"
    assert alone.fallback.buckets == ("all", "group")
    assert alone.fallback.body == {"text": LABELS.in_private, "label": LABELS.open_private}
    assert "pay.example" not in str(alone.fallback)
    assert len(render((PAY,), thread, LABELS)) == 1


def test_a_private_link_is_one_message():
    """However long its text, one message goes to the private chat, and one invitation."""
    long = replace(PAY, text="word " * 2000)
    (call,) = render((long,), GROUP, LABELS)
    assert len(call.body["text"]) <= 3000
    (blank,) = render((replace(PAY, text=""),), GROUP, LABELS)
    assert blank.body["text"] == "·"


def test_public_links_are_for_all():
    """A link that all may see stands in the group."""
    (call,) = render((replace(PAY, private=False),), GROUP, LABELS)
    assert call.method == "send"


def test_a_number_can_be_shared():
    """A phone question alone with us offers to share the number, unless a widget is open."""
    phone = Expect("phone", Format.PHONE)
    (call,) = render((plain("Your number?"), phone), PRIVATE, LABELS)
    assert call.body["markup"]["keyboard"][0][0]["request_contact"] is True
    (group,) = render((plain("Your number?"), phone), GROUP, LABELS)
    assert "markup" not in group.body
    (date,) = render((plain("When?"), Expect("when", Format.DATE)), PRIVATE, LABELS)
    assert date.body["markup"] == {"remove_keyboard": True}
    *_, widget = render((phone, Ask(size())), PRIVATE, LABELS)
    assert "inline_keyboard" in widget.body["markup"]


def test_the_key_goes_where_it_was_not_used():
    """The first plain message of an answer takes it away; in groups there never was one."""
    calls = render((plain("a"), Ask(size()), plain("b"), plain("c")), PRIVATE, LABELS)
    assert [call.body.get("markup", {}).get("remove_keyboard") for call in calls] == [
        True,
        None,
        None,
    ]
    assert all("markup" not in call.body for call in render((plain("a"),), GROUP, LABELS))


def test_groups_are_told_how_to_answer():
    """In a group we see replies only: the last message says so, where it has no buttons."""
    name = (plain("Your name?"), Expect("", Format.TEXT))
    assert drawn(name, GROUP) == [f"Your name?\n\n{REPLY}"]
    assert drawn((plain("Stopped."),), GROUP) == ["Stopped."]
    assert drawn((plain("Fine."), Ask(size())), GROUP) == ["Fine.", "Which size?"]
    number = typed_number(hint="Please reply with a number.")
    assert drawn((Ask(number),), GROUP) == [f"How many?\n\nPlease reply with a number.\n\n{REPLY}"]
    assert redraw(number, GROUP, LABELS).body["text"].endswith(REPLY)
    assert drawn(name, PRIVATE) == ["Your name?"]


def test_the_last_message_is_repeated():
    """A text may be left out in doubt, but not the last one, nor what is pointed out or asked."""
    said = (
        plain("a"),
        Ask(size()),
        plain("b"),
        LinkButton("c", "d", "https://e.example"),
        plain("f"),
    )
    kinds = [call.on_uncertain for call in render(said, PRIVATE, LABELS)]
    skip, repeat = OnUncertain.SKIP, OnUncertain.REPEAT
    assert kinds == [skip, repeat, repeat, repeat]
    pointed = (Callout(Tone.NOTICE, "a"), Ask(size()))
    assert [call.on_uncertain for call in render(pointed, PRIVATE, LABELS)] == [repeat, repeat]


def test_a_refused_text_is_sent_plain():
    """Without entities nothing is bold, and addresses look the same and can't be opened."""
    said = Say((Span("Bold", True), Span(" https://evil.example/x")))
    (call,) = render((said,), GROUP, LABELS)
    assert call.fallback.body == {"text": "Bold https∶//evil․example/x", "entities": []}  # noqa: RUF001 - the point
    assert render((plain("plain"),), GROUP, LABELS)[0].fallback is None


def test_a_lost_topic_falls_back_to_its_chat():
    """Where the topic is gone the message goes to the group itself, buttons and all."""
    (call,) = render((Ask(size()),), TOPIC, LABELS)
    assert call.fallback.body == {**call.body, "topic": False}
    assert call.fallback.prompt == "p1"
    assert "topic" not in call.body


@pytest.mark.parametrize(
    ("thread", "buckets"),
    [(PRIVATE, ("all", "chat")), (GROUP, ("all", "group")), (TOPIC, ("all", "group"))],
)
def test_calls_draw_from_the_buckets_of_their_place(thread, buckets):
    """A private chat has a rate of its own, and a group one for all of its topics."""
    calls = (*render((plain("a"),), thread, LABELS), redraw(size(), thread, LABELS))
    assert {call.buckets for call in calls} == {buckets}


def test_buttons_stand_below_the_last_part():
    """Of a text in parts only the last one has the buttons, and only it is the widget's."""
    link = LinkButton("word " * 2000, "Pay", "https://pay.example/1")
    calls = render((link,), PRIVATE, LABELS)
    assert [bool(buttons_of(call)) for call in calls] == [False] * (len(calls) - 1) + [True]
    assert len(calls) > 1

"""From chunks to replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.phrases import Phrase
from bridge.protocol.prompts import MultiSelect, NumberInput, PromptOwner
from bridge.protocol.replies import (
    Ask,
    Callout,
    Confirmation,
    Expect,
    Format,
    Reply,
    Say,
    Separator,
    Span,
    Tone,
    Understood,
    plain,
)
from bridge.upstream.chunks import (
    Chunk,
    DebugChunk,
    EndChunk,
    ErrorChunk,
    FileUploadChunk,
    ImportantTextChunk,
    MultiSelectChunk,
    SignatureChunk,
    SingleSelectChunk,
    SubmissionChunk,
    TextDataChunk,
    UnknownChunk,
)
from bridge.upstream.schema import FieldInfo, FormSchema
from tests.composing import BREAK, EXTRAS, GUESTS, SENT, SIZE, SIZES, composed, fact, text

if TYPE_CHECKING:
    from bridge.compose import Composed


def test_fragments_are_one_paragraph() -> None:
    """No space is put between them, and what nobody sees breaks nothing."""
    chunks = (text("Wh"), DebugChunk(), text("ich si"), UnknownChunk(kind="X"), text("ze?"))
    assert composed(*chunks).replies == (plain("Which size?"),)


def test_bold_runs_are_spans() -> None:
    """Neighbours of one style are one span; white space at the ends is gone."""
    chunks = (text(" \n"), text(" A "), text("b", bold=True), text("c", bold=True), text(" "))
    assert composed(*chunks).replies == (Say((Span("A "), Span("bc", bold=True))),)


def test_control_characters_are_not_shown() -> None:
    """Line ends and tabs are; halves of characters would break every encoder."""
    assert composed(text("a\x00\x1b[1m\tb\r\nc\ud800")).replies == (plain("a[1m\tb\nc"),)


@pytest.mark.parametrize(
    "chunk",
    [
        text(" \n\t"),
        text("\x00"),
        ErrorChunk(text=" "),
        ImportantTextChunk(field="size", text="\x07"),
        BREAK,
        DebugChunk(),
        EndChunk(success=True),
        UnknownChunk(kind="MOOD"),
        SENT,
    ],
)
def test_what_shows_nothing_makes_no_reply(chunk: Chunk) -> None:
    """An empty answer is left to the caller."""
    assert composed(chunk, schema=None).replies == ()


def test_separators_stand_between_visible_things_only() -> None:
    """Never first, last or doubled."""
    chunks = (BREAK, text("a"), BREAK, text(" "), BREAK, text("b"), BREAK, DebugChunk())
    assert composed(*chunks).replies == (plain("a"), Separator(), plain("b"))


def test_texts_around_a_submission_stay_apart() -> None:
    """They were said before and after it."""
    assert composed(text("Sending."), SENT, text("Bye.")).replies == (
        plain("Sending."),
        Separator(),
        plain("Bye."),
    )


def test_facts_in_a_row_are_one_confirmation() -> None:
    """With the schema's labels; a blank between them breaks nothing."""
    said = composed(fact("size", "Large", "l"), text(" "), fact("email", "a@b.c", "a@b.c"))
    assert said.replies == (
        Confirmation((Understood("Cake size", "Large"), Understood("E-mail", "a@b.c"))),
    )
    assert said.values == {"size": "l", "email": "a@b.c"}
    assert said.shown == {"size": "Large", "email": "a@b.c"}


@pytest.mark.parametrize(
    ("chunk", "shown"),
    [
        (fact("size", " Large\x00 ", "l"), Understood("Cake size", "Large")),
        (fact("size", "", "l"), Understood("Cake size", "The large one")),
        (fact("size", "", "xl"), Understood("Cake size", "xl")),
        (fact("terms", "", value=True), Understood("Terms", "Yes")),
        (fact("size", "", None, "large"), Understood("Cake size", "large")),
        (fact("size"), Understood("Cake size", "…")),
        (fact("party_size", "20", 20, "20 guests"), Understood("Party size", "20 guests")),
        (fact("party_size", "20", 20, "twenty"), Understood("Party size", "20")),
        (fact("size", "20", 20, "20 guests"), Understood("Cake size", "20")),
    ],
)
def test_a_fact_shows_the_best_that_is_there(chunk: TextDataChunk, shown: Understood) -> None:
    """Display value, else the option's label, else the value, else the text."""
    assert composed(chunk).replies == (Confirmation((shown,)),)


def test_a_later_fact_replaces_the_earlier_one() -> None:
    """Also when it takes the value back."""
    said = composed(fact("size", "Small", "s"), text("No:"), fact("size", "open", None))
    assert said.replies == (plain("No:"), Confirmation((Understood("Cake size", "open"),)))
    assert said.values == {"size": None}


def test_important_texts_and_errors_are_callouts() -> None:
    """And the fields that were pointed out are named once, in order."""
    said = composed(
        ImportantTextChunk(field="when", text=" Not a Sunday "),
        ErrorChunk(text="Oops"),
        ImportantTextChunk(field="email", text="No @"),
        ImportantTextChunk(field="when", text="Not a Monday"),
    )
    assert said.replies[:2] == (
        Callout(Tone.IMPORTANT, "Not a Sunday"),
        Callout(Tone.ERROR, "Oops"),
    )
    assert said.important == ("when", "email")


def asks(said: Composed) -> list[tuple[str, str, int]]:
    """Return field, question and first number of each prompt that is shown."""
    shown = [reply.prompt for reply in said.replies if isinstance(reply, Ask)]
    assert said.prompts == tuple(shown)
    return [(prompt.field, prompt.question, prompt.first) for prompt in shown]


def test_a_question_is_the_text_before_it() -> None:
    """Its last paragraph; the prompt is the upstream's and has a new id."""
    said = composed(text("Thank you.\n\n"), text("Which size?"), fact("email", "a@b.c"), SIZE)
    assert asks(said) == [("size", "Which size?", 1)]
    assert (said.prompts[0].id, said.prompts[0].owner) == ("p1", PromptOwner.UPSTREAM)


def test_a_question_can_be_what_is_pointed_out_but_not_an_error() -> None:
    """An error is no question."""
    pointed = ImportantTextChunk(field="size", text="Small or large?")
    assert asks(composed(pointed, ErrorChunk(text="Oops"), SIZE)) == [
        ("size", "Small or large?", 1)
    ]
    assert asks(composed(ErrorChunk(text="Oops"), SIZE)) == [("size", "Cake size", 1)]


def test_lists_number_through_and_each_question_is_said() -> None:
    """The second question is not the first one's text; a number takes no number."""
    said = composed(text("Which size?"), SIZE, GUESTS, EXTRAS, first=5)
    assert asks(said) == [
        ("size", "Which size?", 5),
        ("guests", "Guests", 7),
        ("extras", "Extras", 7),
    ]
    assert [reply for reply in said.replies if isinstance(reply, Say)] == [
        plain("Which size?"),
        plain("Guests"),
        plain("Extras"),
    ]
    assert [type(prompt.widget) for prompt in said.prompts[1:]] == [NumberInput, MultiSelect]


def test_a_question_without_text_or_field_is_still_a_question() -> None:
    """A sentence of ours stands there."""
    said = composed(SingleSelectChunk(field="", options=SIZES))
    assert asks(said) == [("", Phrase.QUESTION.value, 1)]


def test_a_later_question_for_a_field_replaces_the_earlier_one() -> None:
    """Without a gap in the numbers; questions without a field are all asked."""
    nameless = SingleSelectChunk(field="", options=SIZES)
    again = MultiSelectChunk(field="size", options=SIZES)
    said = composed(SIZE, nameless, nameless, again)
    assert [(field, first) for field, _, first in asks(said)] == [("", 1), ("", 3), ("size", 5)]


def test_a_question_without_options_is_answered_in_words() -> None:
    """It is said, with its hint, and opens nothing."""
    free = SingleSelectChunk(field="size", options=(), custom=" any ")
    hint = Callout(Tone.NOTICE, "Please type your answer: any")
    assert composed(free).replies == (plain("Cake size"), hint)
    assert composed(text("Size?"), MultiSelectChunk(field="size", options=())).replies == (
        plain("Size?"),
    )
    assert composed(free).prompts == ()


def test_after_a_submission_nothing_is_asked() -> None:
    """Wherever it stands; the texts are shown, the facts kept."""
    said = composed(text("Size?"), SIZE, GUESTS, SENT, fact("size", "Large", "l"))
    assert said.replies == (
        plain("Size?"),
        Separator(),
        Confirmation((Understood("Cake size", "Large"),)),
    )
    assert (said.prompts, said.submission, said.values) == ((), SENT, {"size": "l"})


def test_one_submission_counts_once() -> None:
    """Further ones with another id are told apart."""
    other = SubmissionChunk(submission="s-2")
    said = composed(SENT, SENT, other)
    assert (said.submission, said.other_submissions) == (SENT, (other,))
    assert composed().submission is None


@pytest.mark.parametrize(
    ("ends", "success"),
    [((), True), ((True,), True), ((False,), False), ((True, False), False)],
)
def test_an_answer_failed_only_where_the_upstream_says_so(
    ends: tuple[bool, ...],
    success: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A missing end is none."""
    assert composed(*(EndChunk(success=end) for end in ends)).success is success


def test_unknown_kinds_are_named_for_the_log() -> None:
    """And show nothing."""
    said = composed(UnknownChunk(kind="MOOD"), text("Hi"))
    assert (said.unknown, said.replies) == (("MOOD",), (plain("Hi"),))


@pytest.mark.parametrize("kind", [FileUploadChunk, SignatureChunk])
def test_what_cant_be_done_here_names_the_web_where_there_is_one(
    kind: type[FileUploadChunk | SignatureChunk],
) -> None:
    """A clear message, with the form's address if configured."""
    (without,) = composed(kind(field="size")).replies
    (with_url,) = composed(kind(field="size"), form_url="https://x.test/f").replies
    assert isinstance(without, Callout)
    assert isinstance(with_url, Callout)
    assert "“Cake size”" in without.text
    assert with_url.text.endswith(": https://x.test/f")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("email", (Expect("email", Format.EMAIL),)),
        ("when", (Expect("when", Format.DATE),)),
        ("phone", (Expect("phone", Format.PHONE),)),
        ("site", ()),
        ("other", ()),
    ],
)
def test_a_format_is_expected_where_the_last_chunk_names_its_field(
    field: str, expected: tuple[Reply, ...]
) -> None:
    """What nobody sees may follow it."""
    chunk = ImportantTextChunk(field=field, text="Please write it like this.")
    assert composed(chunk, BREAK, EndChunk(success=True)).replies[1:] == expected
    assert composed(chunk, schema=None).replies[1:] == ()
    assert composed(chunk, text("Which size?")).replies[2:] == ()
    assert composed(chunk, SIZE, chunk).replies[-1] != Expect(field, Format.EMAIL)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Thank you.\n\nWhat's your phone number?", (Expect("phone", Format.PHONE),)),
        ("And your work e-mail?", (Expect("email", Format.EMAIL),)),
        ("What's your phone number?\n\nAnd your name?", ()),
        ("Your phone will ring.", ()),
        ("Work e-mail or phone?", ()),
        ("How many guests?", ()),
    ],
)
def test_a_format_is_expected_where_the_last_paragraph_asks_for_it(
    words: str, expected: tuple[Reply, ...]
) -> None:
    """By the field's label, or the word phone; two fields at once have no one format."""
    fields = {
        "phone": FieldInfo(target="phone", label="", format="PHONE"),
        "email": FieldInfo(target="email", label="Work e-mail:", format="EMAIL"),
        "guests": FieldInfo(target="guests", label="Guests"),
    }
    schema = FormSchema(id="f", name="F", fields=fields)
    assert expected == composed(text(words), schema=schema).replies[1:]
    assert () == composed(text(words), SENT, schema=schema).replies[2:]


def test_nothing_is_expected_of_an_answer_with_prompts_or_a_submission() -> None:
    """A tap or nothing comes next."""
    last = ImportantTextChunk(field="email", text="Like this")
    for chunks in ((SIZE, last), (SENT, last)):
        assert not any(isinstance(reply, Expect) for reply in composed(*chunks).replies)


def test_blank_fragments_of_several_styles_show_nothing() -> None:
    """White space alone is no paragraph, whatever its style."""
    assert composed(text(" "), text(" ", bold=True)).replies == ()

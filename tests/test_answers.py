"""What typed replies mean."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge import answers
from bridge.answers import (
    Chosen,
    Filtered,
    Free,
    NumberGiven,
    Refused,
    Several,
    Turned,
    Why,
    Words,
    read,
)
from bridge.protocol.capabilities import Capabilities, Level
from bridge.protocol.events import CommandName
from bridge.protocol.prompts import (
    MultiSelect,
    NumberInput,
    Option,
    Prompt,
    PromptOwner,
    PromptView,
    SingleSelect,
    Widget,
)
from bridge.protocol.threads import PromptId

if TYPE_CHECKING:
    from bridge.answers import Reading

SMS = Words(more="more", back="back", done="ok", reserved=frozenset({"stop", "yes", "cancel"}))
VIEW = PromptView()


def asked(widget: Widget, *, first: int = 1, view: PromptView = VIEW) -> Prompt:
    """Return an open prompt."""
    return Prompt(
        id=PromptId(f"p{first}"),
        owner=PromptOwner.UPSTREAM,
        question="?",
        widget=widget,
        first=first,
        view=view,
    )


def options(labels: tuple[str, ...]) -> tuple[Option, ...]:
    """Return options with values of their own."""
    return tuple(Option(label=label, value=f"value-{n}") for n, label in enumerate(labels))


def one(*labels: str, first: int = 1, custom: str | None = None, view: PromptView = VIEW) -> Prompt:
    """Return a single select."""
    widget = SingleSelect(options=options(labels), custom=custom)
    return asked(widget, first=first, view=view)


def some(
    *labels: str, least: int = 0, most: int | None = None, first: int = 1, view: PromptView = VIEW
) -> Prompt:
    """Return a multi select."""
    widget = MultiSelect(options=options(labels), minimum=least, maximum=most)
    return asked(widget, first=first, view=view)


def number(**limits: str) -> Prompt:
    """Return a number prompt."""
    return asked(NumberInput(**{key: Decimal(value) for key, value in limits.items()}))


def brief(reading: Reading) -> object:  # noqa: PLR0911 - one line for each kind of reading
    """Return what matters of a reading: positions, a number, a reason, or what is shown next."""
    match reading:
        case Chosen():
            return reading.chosen if reading.custom is None else reading.custom
        case NumberGiven():
            return reading.value
        case Refused():
            return reading.reason
        case Turned():
            return f"page {reading.page}"
        case Filtered():
            return f"filter {reading.text}"
        case Several():
            return tuple(brief(each) for each in reading.readings)
        case Free():
            return None


CAKES = one("Vanilla", "Chocolate", "Lemon drizzle", "Large (12 people)", "Crème brûlée")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, 1) for text in ("2", "2.", "2)", "(2)", " 2 ", "\uff12", "②", "٢", "2️⃣", "2!")),
        *((text, 1) for text in ("two", "Two.", "#2", "# 2", "no. 2", "Number 2", "option two")),
        *((text, 1) for text in ("the second", "2nd", "the second one please", "2 please")),
        *((text, 0) for text in ("first", "first one", "one", "1st")),
        *((text, 4) for text in ("last", "the last one", "five", "fifth")),
        *(
            (text, 0)
            for text in ("vanilla", "VANILLA!", "“Vanilla”", "🍦 vanilla", "vanilla please")
        ),
        *((text, 0) for text in ("I'd like vanilla please", "yes, vanilla", "van", "vanila")),
        *(
            (text, 2)
            for text in ("lemon", "lemon-drizzle", "lemondrizzle", "lemn drizzle", "drizz")
        ),
        *((text, 3) for text in ("the large one", "large 12 people", "Large (12 people)")),
        *((text, 4) for text in ("creme brulee", "Crème Brûlée", "CREME")),
        ("value-3", 3),
    ],
)
def test_an_option_is_understood_in_many_spellings(text: str, expected: int):
    """Mark, number word, place, label, part of a label, small typing error, value."""
    assert (expected,) == brief(read(text, (CAKES,), SMS))


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "2?", "vanilla or lemon?", "what is vanilla", "is it vanilla", "not vanilla"),
        *("vanilla or chocolate", "5 guests", "I want two", "-2", "$2", "2%", "2.5", "1e1", "va"),
        *("vanilla but without milk", "please", "the one", "yes", "STOP", "Cancel!", "more", "ok"),
        *("Manila", "vanishing", "large 13 people", "12:30", "all", "none", "the ninth", "chco"),
        *("vanilla " + "x" * 300, "tea, and a cake for my aunt", "v" * 50, "two one"),
    ],
)
def test_what_is_no_clear_answer_goes_on_unchanged(text: str):
    """A doubt, a question or a sentence of its own is for the upstream."""
    assert Free(text=text) == read(text, (CAKES,), SMS)


@pytest.mark.parametrize("text", ["9", "0", "#9", "twenty", "option 12"])
def test_a_number_beyond_the_list_is_told(text: str):
    """A bare number that is no mark is never mapped; where one may answer freely, it goes on."""
    assert Why.NO_SUCH_OPTION is brief(read(text, (CAKES,), SMS))
    assert brief(read(text, (one("A lot", "Little", custom="how many?"),), SMS)) is None


@pytest.mark.parametrize("text", ["1, 2", "1 2", "1-3", "2nd 3rd", "vanilla and chocolate"])
def test_one_is_asked_for_and_two_are_told(text: str):
    """A second choice is refused, unless the answer may be a mixture of one's own."""
    assert Why.TOO_MANY is brief(read(text, (CAKES,), SMS))
    mixed = one("Vanilla", "Chocolate", "Lemon", custom="")
    assert brief(read(text, (mixed,), SMS)) is None


def test_no_prompt_no_answer():
    """With nothing open, everything goes on."""
    assert Free(text="2") == read("2", (), SMS)


TOPPINGS = some("Nuts", "Candles", "Salt and pepper", "No sugar", "Red, white & blue", "Cream")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, (0, 2)) for text in ("1, 3", "1 3", "3,1", "1;3", "1/3", "1&3", "1+3", "1\n3")),
        *(
            (text, (0, 2))
            for text in ("1 and 3", "1 plus 3", "one, three", "#1 #3", "1,3,", "1,1,3")
        ),
        *((text, (1, 2, 3)) for text in ("2-4", "2\u20134", "2 to 4", "2..4", "2, 3-4", "2 3-4")),
        *((text, (0, 1)) for text in ("nuts and candles", "candles, the nuts", "nuts, 2")),
        *((text, (0, 2)) for text in ("nuts & salt and pepper", "salt and pepper, nuts")),
        *((text, (2,)) for text in ("salt and pepper", "Salt & Pepper", "3")),
        *((text, (0, 4)) for text in ("red, white & blue and nuts", "nuts, red, white and blue")),
        *((text, (4,)) for text in ("red, white and blue", "5")),
        *((text, (0, 1, 2, 3, 4, 5)) for text in ("all", "everything", "All of them, please")),
        *((text, ()) for text in ("none", "nothing", "none of these", "ok")),
        ("no sugar", (3,)),
        ("first and last", (0, 5)),
    ],
)
def test_several_options_are_understood(text: str, expected: tuple[int, ...]):
    """Lists, ranges and labels, also labels that hold commas and "and" themselves."""
    assert expected == brief(read(text, (TOPPINGS,), SMS))


@pytest.mark.parametrize(
    "text",
    [
        *("sugar", "1, not 2", "4-2", "both", "nuts and a cake", "2-2", "nuts but no cream", ", ,"),
        *("1-nuts", "and", "1 two", ",".join(["1"] * 200), "nuts, red, white, purple"),
    ],
)
def test_a_list_with_something_else_in_it_is_no_answer(text: str):
    """One part that names no option, and the whole goes on."""
    assert brief(read(text, (TOPPINGS,), SMS)) is None


@pytest.mark.parametrize("text", ["1, 9", "5-9", "0-2", "1 9"])
def test_a_list_with_a_number_that_is_no_mark_is_told(text: str):
    """Nothing of it is taken."""
    assert Why.NO_SUCH_OPTION is brief(read(text, (TOPPINGS,), SMS))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", Why.TOO_FEW), ("1-4", Why.TOO_MANY), ("none", Why.TOO_FEW), ("1,2", (0, 1))],
)
def test_how_many_is_checked(text: str, expected: object):
    """Minimum and maximum hold for typed answers."""
    prompt = some("Nuts", "Candles", "Cream", "Salt", least=2, most=3)
    assert expected == brief(read(text, (prompt,), SMS))


def test_words_for_all_and_none_give_way_to_labels():
    """To say "all" beside "All day" is a doubt; "none" is the option that begins with it."""
    days = some("All day", "Morning", "None of the above")
    assert brief(read("all", (days,), SMS)) is None
    assert (2,) == brief(read("none", (days,), SMS))
    assert (0, 1) == brief(read("both", (some("Tea", "Coffee"),), SMS))


@pytest.mark.parametrize(
    ("labels", "text", "expected"),
    [
        (("Yes", "No"), "yes please", (0,)),
        (("Yes", "No"), "no thanks", (1,)),
        (("Yes", "No"), "not yes", None),
        (("Yes", "Vanilla"), "yes vanilla", None),
        (("One", "Large", "Two"), "the large one", None),
        (("With nuts", "Without nuts"), "nuts", (0,)),
        (("Without nuts", "Plain"), "nuts", None),
        (("Gluten-free", "Plain"), "gluten", None),
        (("Available", "Busy"), "unavailable", None),
        (("Men", "Women"), "women", (1,)),
        (("Tuesday", "Thursday"), "tursday", None),
        (("Tuesday", "Thursday"), "tuesdy", (0,)),
        (("Monday", "Wednesday"), "wed", (1,)),
        (("C", "C++", "C#"), "c#", (2,)),
        (("C++", "C#"), "c", None),
        (("-5", "5°"), "-5", (0,)),
        (("Red", "red"), "red", None),
        (("Red!", "red"), "RED", (1,)),
        (("Dark red", "Light red"), "red", None),
    ],
)
def test_near_misses_are_no_answers(labels: tuple[str, ...], text: str, expected: object):
    """What turns a choice round, or fits two, goes on."""
    words = Words()
    assert expected == brief(read(text, (one(*labels),), words))


def test_no_part_of_a_list_is_dropped():
    """Two days are two days."""
    days = some("Monday", "Tuesday", "Wednesday", "Thursday")
    assert (0, 2) == brief(read("mon, wed", (days,), SMS))
    assert brief(read("mon, thursdey or so", (days,), SMS)) is None


def test_done_confirms_what_is_selected():
    """The present selection is the answer, two are a doubt; beside buttons it is small talk."""
    begun = some("Nuts", "Candles", view=PromptView(selected=(1,)))
    other = some("Tea", "Milk", first=3, view=PromptView(selected=(0,)))
    native = Words(multi=9)

    assert (1,) == brief(read("OK", (begun,), native))
    assert (1,) == brief(read("ok!", (begun, some("Tea", "Milk", first=3)), SMS))
    assert brief(read("ok", (begun, other), SMS)) is None
    assert brief(read("ok", (TOPPINGS,), native)) is None
    assert (1,) == brief(read("ok", (some("Bad", "OK"),), SMS))


LONG = tuple(f"{colour} {n}x" for colour in ("Red", "Rose", "Blue") for n in "abcdefghij")


def test_more_and_back_turn_the_pages():
    """Clamped at both ends, of the list that was asked last, and BACK ends a filter."""
    words = Words(page_size=12)
    for page, text, expected in ((0, "MORE", 1), (2, "more", 2), (1, "back", 0), (0, "Back.", 0)):
        prompt = one(*LONG, view=PromptView(page=page))
        assert f"page {expected}" == brief(read(text, (prompt,), words))
    filtered = one(*LONG, view=PromptView(filter="rose"))
    assert "filter " == brief(read("back", (filtered,), words))
    assert "page 0" == brief(read("more", (filtered,), words))
    assert brief(read("more", (filtered,), Words(single=40))) is None


def test_a_part_of_several_names_narrows_a_long_list():
    """One word; a short list, a sentence, a single letter or small talk narrow nothing."""
    prompt, words = one(*LONG), Words()
    assert "filter ro" == brief(read("Ro", (prompt,), words))
    assert "filter blue" == brief(read("blue", (one("Tea", first=40), prompt), words))
    for text in ("r", "red blue", "for", "xyz", "red a"):
        assert brief(read(text, (one("Tea", first=40), prompt), words)) is None
    assert brief(read("ro", (one(*LONG[:20]),), words)) is None


def test_places_are_plain_only_where_all_is_shown():
    """To say "the last" of a page, of a filter or of two lists is a doubt; a mark is not."""
    paged = one(*LONG)
    assert brief(read("the last", (paged,), Words(page_size=10))) is None
    assert (29,) == brief(read("the last", (paged,), Words(page_size=30)))
    assert (29,) == brief(read("last", (paged,), Words(single=30, page_size=10)))
    filtered = one(*LONG, view=PromptView(filter="rose"))
    assert brief(read("second", (filtered,), Words(page_size=30))) is None
    assert brief(read("second", (CAKES, one("Tea", first=6)), SMS)) is None
    assert (29,) == brief(read("30", (paged,), Words(page_size=10)))


def test_lists_side_by_side_number_through():
    """A number or a name finds its list; both lists may be answered at once."""
    colours, sizes = one("Red", "Blue"), one("Small", "Big", "Red sky", first=3)
    both = (colours, sizes)
    assert read("4", both, SMS) == Chosen(prompt=sizes, chosen=(1,))
    assert read("small", both, SMS) == Chosen(prompt=sizes, chosen=(0,))
    assert read("red", both, SMS) == Chosen(prompt=colours, chosen=(0,))
    assert ((0,), (1,)) == brief(read("4, 1", both, SMS))
    assert ((1,), (1,)) == brief(read("blue and big", both, SMS))
    assert Why.TOO_MANY is brief(read("1, 2, 3", both, SMS))
    assert (0, 1) == brief(read("1, 2", (some("A", "B"), one("C", first=3)), SMS))
    assert Why.TOO_FEW is brief(read("1, 3", (colours, some("A", "B", first=3, least=2)), SMS))
    assert brief(read("2-4", both, SMS)) is None
    assert brief(read("1", (colours, one("Tea", "Milk")), SMS)) is None
    assert brief(read("tea", (one("Tea"), one("Tea", first=2)), SMS)) is None


def test_an_answer_of_ones_own_is_taken_only_where_it_is_awaited():
    """After "Other…" any text is the answer; otherwise free words go on."""
    waiting = one("Small", "Big", custom="size", view=PromptView(typing_custom=True))
    assert read(" 45 cm ", (waiting,), SMS) == Chosen(prompt=waiting, chosen=(), custom="45 cm")
    assert brief(read("stop", (waiting,), SMS)) is None
    assert brief(read("45 cm", (one("Small", "Big", custom="size"),), SMS)) is None
    plain = one("Small", "Big", view=PromptView(typing_custom=True))
    assert brief(read("45 cm", (plain,), SMS)) is None


def test_words_come_from_the_capabilities():
    """Reserved words and spelled commands are no answers; widgets tell what is a numbered list."""
    words = Words.of(
        Capabilities(
            channel="x",
            single_select=Level.NATIVE,
            native_options=7,
            reserved=frozenset({"halt"}),
            commands={CommandName.HELP: "/help"},
            page_size=5,
        )
    )
    assert words == Words(reserved=frozenset({"halt", "/help"}), page_size=5, single=7)
    assert brief(read("Halt!", (one("Halt", "Go"),), words)) is None
    native = Capabilities(channel="x", multi_select=Level.NATIVE, native_options=3)
    assert Words.of(native) == Words(multi=3)
    assert not answers.as_list(number(), words)

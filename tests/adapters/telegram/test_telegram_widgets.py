"""Widgets in a chat: every option can be chosen, whatever its label, by tapping and by typing."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.flow.quiz import number, phone, several, single, text

if TYPE_CHECKING:
    from tests.flow.house import House, Person

NEXT, BACK, MINUS_TEN, READ_TWO = "\u203a", "\u2039", "\u221210", "\u2139\ufe0f Read 2"
TOWNS = [f"Town {chr(ord('A') + n % 26)}{'x' * (n // 26)}" for n in range(30)]
LONG = [f"{begin} {'word ' * 600}{end}" for begin, end in (("Red", "rose"), ("Blue", "sea"))]
HOSTILE = [
    "🎉",
    "👩‍👩‍👧‍👦 Family",
    "שלום עולם",
    "مرحبا بكم",
    "<b>bold</b> & <a href='https://evil.example'>here</a>",
    "*bold* _not_ [link](https://evil.example) `code`",
    "https://evil.example/a?b=c",
    "@somebody #tag /start cake",
    "tg://user?id=1",
    "漢字だけでできている、とても長い、電話のボタンには入らない選択肢",
    "a\u202eb\u200b",
    "Zalgo " + "a\u0301\u0327" * 40,
    "an option whose label is too long for any button of a telephone",
    "\u00a0",
]


async def _begun(house: House, words: str, name: str = "ada") -> Person:
    one = house.person(name)
    await one.say("Hello")
    await one.hear(words)
    return one


def _edits(house: House) -> int:
    return sum(call.method == "editMessageText" for call in house.phone.log)


async def test_every_option_is_on_some_page(build) -> None:
    """30 options stand on 4 pages, turned in place by one edit each, and the last can be tapped."""
    house = await build(quiz=[single("town", "Nearest town", TOWNS), text("word", "A word")])
    ada = await _begun(house, "nearest town")
    seen = _towns(ada)
    for page in range(2, 5):
        await ada.tap(NEXT)
        await ada.tap(f"{page}/4")
        await house.settled(ada)
        seen += _towns(ada)
    assert TOWNS == seen
    assert 3 == _edits(house)
    assert 1 == sum("nearest town" in shown for shown in ada.texts)
    assert NEXT not in ada.labels()
    await ada.tap(BACK)
    await ada.tap("3/4")
    await ada.tap("Town R")
    await ada.hear("word?")
    assert {"town": "v17"} == house.road.sent[-1]["currentValues"]
    assert "✓ Town R" in ada.transcript()


def _towns(ada: Person) -> list[str]:
    return [choice.label for choice in ada.last.choices if choice.label.startswith("Town")]


async def test_many_options_are_searched_by_typing(build) -> None:
    """Over 20 options a part of several labels shows those; the page goes with the search."""
    labels = [*TOWNS, "Little Bergen", "Great Bergen"]
    house = await build(quiz=[single("town", "Nearest town", labels), text("word", "A word")])
    ada = await _begun(house, "nearest town")
    assert "search" in ada.last.text
    await ada.tap(NEXT)
    await ada.tap("2/4")
    await ada.say("berg")
    await ada.until(lambda _: "Little Bergen" in ada.labels(), "what was found")
    await house.settled(ada)
    assert ["Little Bergen", "Great Bergen"] == [c.label for c in ada.last.choices]
    await ada.tap("Great Bergen")
    await ada.hear("word?")
    assert {"town": "v31"} == house.road.sent[-1]["currentValues"]


async def test_limits_of_several_are_told_by_toast(build) -> None:
    """Ticks are counted on Done; one too many and one too few change nothing and are explained."""
    colours = ["red", "green", "blue", "gold"]
    house = await build(quiz=[several("some", "Colours", colours, 2, 3), text("word", "A word")])
    ada = await _begun(house, "colours")
    assert "2 to 3" in ada.last.text
    await ada.tick("red")
    await ada.tap("Done (1)")
    await ada.sees_toast("at least 2")
    await ada.tick("blue")
    await ada.tick("gold")
    await ada.tap("green")
    await ada.sees_toast("up to 3")
    await ada.tick("red")
    await ada.tick("green")
    assert ["⬜ red", "☑ green", "☑ blue", "☑ gold"] == [
        choice.label for choice in ada.last.choices if choice.label[2:] in colours
    ]
    await ada.tap("Done (3)")
    await ada.hear("word?")
    assert {"some": ["v1", "v2", "v3"]} == house.road.sent[-1]["currentValues"]
    assert house.road.passed.count("send") == 1


async def test_numbers_of_a_small_range_have_a_button_each(build) -> None:
    """A number from a small range is one tap."""
    house = await build(quiz=[number("stars", "Stars", 1, 5), text("word", "A word")])
    ada = await _begun(house, "stars")
    assert ["1", "2", "3", "4", "5"] == [choice.label for choice in ada.last.choices]
    await ada.tap("4")
    await ada.hear("word?")
    assert 4 == house.road.sent[-1]["currentValues"]["stars"]


async def test_numbers_of_a_medium_range_have_a_stepper(build) -> None:
    """A stepper moves in place, stays within the range, and answers with what it shows."""
    house = await build(quiz=[number("chairs", "Chairs", 0, 40), text("word", "A word")])
    ada = await _begun(house, "chairs")
    steps = (("+10", "10"), ("+1", "11"), (MINUS_TEN, "1"), (MINUS_TEN, "0"), ("+10", "10"))
    for step, shown in steps:
        await ada.tap(step)
        await ada.until(lambda _, shown=shown: f"✓ {shown}" in ada.labels(), f"the number {shown}")
    await ada.tap("10")
    await ada.hear("word?")
    assert 10 == house.road.sent[-1]["currentValues"]["chairs"]
    assert 1 == sum(shown.startswith("Chairs?") for shown in ada.texts)


@pytest.mark.parametrize(
    ("typed", "wanted"), [("2.5", "2.5"), ("2,5", "2.5"), ("1000", "1000"), ("0", "0")]
)
async def test_any_number_can_be_typed(build, typed: str, wanted: str) -> None:
    """A typed number is checked here: what is out of range or step is refused with the range."""
    house = await build(quiz=[number("metres", "Metres", 0, 1000, 0.5), text("word", "A word")])
    ada = await _begun(house, "metres")
    for refused in ("1000.5", "-1", "2.4"):
        await ada.say(refused)
        await ada.hear("from 0 to 1000")
    assert house.road.sent == []
    await ada.say(typed)
    await ada.hear("word?")
    assert Decimal(wanted) == Decimal(str(house.road.sent[-1]["currentValues"]["metres"]))


async def test_an_answer_of_ones_own(build) -> None:
    """A tap on "Other…" asks for it, and the next words are the answer."""
    sizes = single("size", "Size", ["Small", "Large"], custom=True)
    house = await build(quiz=[sizes, text("word", "A word")])
    ada = await _begun(house, "size")
    await ada.tap("Other…")
    await ada.hear("type your answer")
    await ada.say("as wide as a door")
    await ada.hear("word?")
    assert "as wide as a door" == house.road.sent[-1]["input"]
    assert "✓ as wide as a door" in ada.transcript()


async def test_a_phone_question_offers_a_key(build) -> None:
    """In a private chat a key shares the person's own number, and goes."""
    house = await build(quiz=[phone("phone", "Phone"), text("word", "A word")])
    ada = await _begun(house, "phone")
    assert ["📱 Share my number"] == ada.labels()
    await ada.tap("📱")
    await ada.hear("word?")
    assert house.phone.world.person("ada").number in house.road.sent[-1]["input"]
    assert "📱 Share my number" not in ada.labels()


async def test_the_key_goes_with_its_question(build) -> None:
    """Who types the number is not offered to share it any more."""
    house = await build(quiz=[phone("phone", "Phone"), text("word", "A word")])
    ada = await _begun(house, "phone")
    assert ["📱 Share my number"] == ada.labels()
    await ada.say("+49 30 901820")
    await ada.hear("word?")
    assert [] == ada.labels()


async def test_a_number_is_shared_or_typed(build) -> None:
    """One's own contact is the answer to a phone question; somebody else's is not taken."""
    house = await build(quiz=[phone("phone", "Phone"), text("word", "A word")])
    ada, bob = await _begun(house, "phone"), await _begun(house, "phone", "bob")
    await house.phone.send("contact", person="ada")
    await ada.hear("I can't read contacts, sorry")
    await house.phone.share_number(person="ada")
    await ada.hear("word?")
    assert house.phone.world.person("ada").number in house.road.sent[-1]["input"]
    await bob.say("+49 30 901820")
    await bob.hear("word?")


async def test_long_labels_can_be_read(build) -> None:
    """What the list had to cut is said in whole at a tap, in one piece after the other."""
    house = await build(quiz=[single("text", "Statement", [*LONG, "Neither"]), text("w", "A word")])
    ada = await _begun(house, "statement")
    assert "…" in ada.last.text
    assert "3. Neither" in ada.last.text
    before = len(ada.texts)
    await ada.tap(READ_TWO)
    await ada.until(lambda _: any(shown.rstrip().endswith("sea") for shown in ada.texts), "its end")
    said = " ".join(ada.texts[before:])
    assert LONG[1].split() == said.split()
    assert house.road.sent == []
    await ada.tap("2 · Blue word")
    await ada.hear("word?")
    assert {"text": "v1"} == house.road.sent[-1]["currentValues"]


async def test_every_label_can_be_tapped_and_typed(build) -> None:
    """Whatever the label: its button and its mark choose exactly it, and nothing can be opened."""
    quiz = [text("who", "Your name"), single("pick", "Pick", HOSTILE), text("word", "A word")]
    house = await build("webhook", quiz=quiz)
    ways = [(way, index) for way in ("tap", "type") for index in range(len(HOSTILE))]
    people = [house.person(f"{way}-{index}") for way, index in ways]
    await asyncio.gather(
        *(_choose(house, one, *way) for one, way in zip(people, ways, strict=True))
    )
    made = await house.submissions("quiz")
    assert {f"{way}-{index}": f"v{index}" for way, index in ways} == {
        one.values["who"]: one.values["pick"] for one in made
    }
    for one in people:
        assert not one.screen.links


async def _choose(house: House, one: Person, way: str, index: int) -> None:
    one.bound = 30.0
    await one.say("Hello")
    await one.hear("your name")
    await one.say(one.name)
    shown = await one.hear("pick")
    page, place = divmod(index, 8)
    if page:
        await one.tap(NEXT)
        shown = await one.until(lambda _: "2/2" in one.labels(), "the page") and one.last
    if way == "tap":
        await one.press(shown.choices[place].id)
    else:
        await one.say(shown.text.split("\n\n", 1)[1].splitlines()[place].partition(".")[0])
    await one.hear("word?")
    await one.say("none")
    await one.take("Shall I send", "Yes")
    await one.hear("has been sent")

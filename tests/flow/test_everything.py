"""The form with every field and widget, to its end."""

from __future__ import annotations

import pytest

from tests.flow.house import a_monday, button

FIRST = (
    ("your name", "Alan Turing"),
    ("short text", "a text"),
    ("story", "skip"),
    ("Code?", "skip"),
    ("e-mail address", "alan@example.com"),
    ("Homepage", "skip"),
    ("colour", "skip"),
    ("phone", "skip"),
    ("Passphrase", "skip"),
)


@pytest.fixture
async def house(build):
    """A house whose form is the one with everything."""
    return await build(default="everything")


async def _answer(alan, *pairs: tuple[str, str]) -> None:
    for words, answer in pairs:
        await alan.hear(words)
        await alan.say(answer)


async def _to_sizes(alan) -> None:
    await alan.say("Hello")
    await _answer(alan, *FIRST)
    await alan.hear("Which size")


async def _to_towns(alan) -> None:
    await _to_sizes(alan)
    await alan.take("Which size", "Medium")
    await alan.hear("nearest town")


async def _to_statements(alan) -> None:
    await _to_towns(alan)
    await alan.say("Berlin")
    await alan.take("lucky number", "7")
    await alan.take("Which service", "Repair")
    await _answer(
        alan,
        ("date of birth", "skip"),
        ("day of the visit", a_monday()),
        ("time of the visit", "3 pm"),
        ("call back", "skip"),
        ("Height", "skip"),
        ("steps of a half", "2.5"),
    )
    await alan.hear("How many stars")
    for _ in range(3):
        await _more(alan)
    await alan.tap("4")
    await alan.take("the news", "No")
    await alan.take("accept the terms", "Yes")
    await alan.hear("statements that are true")


async def _more(alan) -> None:
    """Press a stepper, and wait until it shows the next number."""
    before = alan.labels()
    await alan.tap("+1")
    await alan.until(lambda _: alan.labels() != before, "the next number")


async def test_to_its_end(house) -> None:
    """By taps wherever something can be tapped, every widget leads on, to one submission."""
    alan = house.person("alan")
    await _to_statements(alan)
    await alan.tick("2. ")
    await alan.tick("1. ")
    await alan.tap("Done")
    await alan.hear("Any tags")
    await alan.tap("Done")
    await alan.hear("Any extras")
    await alan.tick("🎉")
    await alan.tick("<b>")
    await alan.tick("6. ")
    await alan.tap("Done")
    await _answer(alan, ("Address", "skip"))
    await alan.hear("Which products")
    await alan.tick("Poster")
    await alan.tick("Voucher")
    await alan.tap("Done")
    await _answer(alan, ("Poster?", "2"))
    await alan.hear("of these: Voucher")
    await alan.tap("1")
    await _answer(
        alan,
        ("how much", "12.50"),
        ("Donation", "7.50"),
        ("Pay what you want", "skip"),
        ("Entry fee", "skip"),
    )
    await alan.hear("needs a signature, which I can't take here")
    await alan.take("Shall I place this order", "Yes")
    await alan.link()
    (made,) = await house.submissions("everything")
    assert {
        "size": "m",
        "town": "berlin",
        "lucky": "n7",
        "service": "repair",
        "half": 2.5,
        "stars": 4,
        "terms": True,
        "day": a_monday(),
    }.items() <= made.values.items()
    assert ["a", "b"] == sorted(made.values["long_ones"])
    assert 3 == len(made.values["extras"])


async def test_sixty_options_by_page(house) -> None:
    """Each of 60 options is on some page."""
    alan = house.person("alan")
    await _to_towns(alan)
    seen = _towns(alan)
    while "More ▶" in alan.labels():
        before = _towns(alan)
        await alan.tap("More")
        await alan.until(lambda _, before=before: _towns(alan) != before, "another page")
        seen += _towns(alan)
    assert 60 == len(set(seen))
    await alan.tap(seen[-1])
    await _chosen(alan, seen[-1])


def _towns(alan) -> list[str]:
    return [c.label for c in alan.last.choices if not set("◀▶✎") & set(c.label)]


async def test_sixty_options_by_number(house) -> None:
    """The number of an option chooses it, also when it stands on another page."""
    alan = house.person("alan")
    await _to_towns(alan)
    await alan.say("60")
    await _chosen(alan, "Vilnius")
    assert {"town": "vilnius"} == house.road.sent[-1]["currentValues"]


async def test_sixty_options_by_name_and_filter(house) -> None:
    """A part of several names shows those; of them one is tapped."""
    alan = house.person("alan")
    await _to_towns(alan)
    await alan.say("ber")
    await alan.until(lambda _: "Athens" not in _towns(alan), "the filtered list")
    assert all("ber" in town.casefold() for town in _towns(alan))
    await alan.tap("Bergen")
    await _chosen(alan, "Bergen")


async def test_custom_value_by_window(house) -> None:
    """An answer of one's own is typed into a window where the channel has one."""
    alan = house.person("alan")
    await _to_sizes(alan)
    await alan.type_in_window("✎", "as wide as a door")
    await alan.hear("Size: as wide as a door")
    assert "as wide as a door" == house.road.sent[-1]["input"]


async def test_custom_value_by_typing(house) -> None:
    """After "type your answer" the next words are the answer; the window's are then stale."""
    alan = house.person("alan")
    await _to_sizes(alan)
    await alan.tap("✎")
    await alan.hear("type your answer")
    await alan.until(lambda _: house.phone.modal(person="alan"), "window")
    await alan.say("as wide as a door")
    await alan.hear("Size: as wide as a door")
    await house.phone.submit("something else", person="alan")
    await alan.sees_toast("already answered")
    assert "as wide as a door" == house.road.sent[-1]["input"]


async def test_number_by_window(house) -> None:
    """A number is typed into a window; one that does not fit is told there and changes nothing."""
    alan = house.person("alan")
    await _to_towns(alan)
    await alan.say("Berlin")
    await alan.take("lucky number", "7")
    await alan.take("Which service", "Repair")
    await _answer(
        alan,
        ("date of birth", "skip"),
        ("day of the visit", a_monday()),
        ("time of the visit", "3 pm"),
        ("call back", "skip"),
        ("Height", "skip"),
    )
    await alan.hear("steps of a half")
    sent = len(house.road.sent)
    await alan.type_in_window("✎ Type a number", "2.4")
    await alan.sees_toast("does not fit")
    assert sent == len(house.road.sent)
    await alan.type_in_window("✎ Type a number", "2.5")
    await _chosen(alan, "2.5")


async def test_too_many_ticked(house) -> None:
    """A tick over the limit gets a notice and changes nothing."""
    alan = house.person("alan")
    await _to_statements(alan)
    await alan.tick("1. ")
    await alan.tick("2. ")
    third = button(alan.last, "Neither").id
    await alan.press(third)
    await alan.sees_toast("up to 2")
    await alan.tap("Done")
    await alan.hear("Statements that are true: First statement")


async def _chosen(alan, words: str) -> None:
    """Wait until the widget has made place for what was chosen."""
    await alan.until(lambda _: any(f"✓ {words}" in text for text in alan.texts), f"✓ {words}")

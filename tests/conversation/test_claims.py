"""What was understood is not said once more where the closed widget shows it."""

from __future__ import annotations

import pytest

from bridge.protocol import events
from tests.conversation.story import SCHEMA, SIZES, Story, fact, number, pick, picks, text


@pytest.mark.parametrize(
    ("buttons", "shown", "told"),
    [(True, "Large", False), (True, "Extra large", True), (False, "Large", True)],
)
def test_an_answer_that_is_shown_in_the_widgets_place_is_not_repeated(buttons, shown, told):
    """By what the upstream understood: anything else than what was tapped is told."""
    story = Story(buttons=buttons, schemas=(SCHEMA,)).begun(SIZES)
    story.tap(story.open[0], 2).comes(fact("size", shown), text("For when?"))
    assert told is any(shown in said for said in story.said)
    assert any("For when?" in said for said in story.said)


def test_an_answer_is_told_where_nothing_else_is():
    """Silence would say that it did not arrive."""
    story = Story(buttons=True, schemas=(SCHEMA,)).begun(SIZES)
    story.tap(story.open[0], 2).comes(fact("size", "Large"))
    assert any("Large" in said for said in story.said)


def test_answers_of_every_widget_are_known_again():
    """Several labels, and numbers."""
    story = Story(buttons=True).begun(picks("extras", "Nuts", "Berries", "Card"))
    for index in (0, 2):
        story.step(story.open[0], events.Toggle(index=index))
    story.choice(story.open[0]).permit().comes(fact("extras", "Nuts, Card"), text("Next?"))
    assert not any("Nuts" in said for said in story.said)
    story = Story(buttons=True).begun(number("guests", 1, 20))
    story.hears("12").comes(fact("guests", "12"), text("Next?"))
    assert not any("12" in said for said in story.said)
    story = Story(buttons=True).begun(number("guests", 1, 20))
    story.hears("12").comes(fact("guests", "a dozen"), text("Next?"))
    assert any("a dozen" in said for said in story.said)
    story = Story(buttons=True).begun(pick("taste", "Nut"))
    story.hears("something else").comes(fact("taste", "Nut"), text("Next?"))
    assert any("Nut" in said for said in story.said)

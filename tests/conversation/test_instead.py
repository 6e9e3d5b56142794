"""What can't be decided gets an outcome all the same (law 1)."""

from __future__ import annotations

from bridge.conversation import messages
from bridge.conversation.effects import InboxState
from bridge.conversation.instead import decide_instead
from bridge.conversation.state import ThreadState
from bridge.protocol import events
from bridge.protocol.threads import ThreadKey
from tests.conversation.story import ANNA, KEY, Phrase, Story, say


def marks(effects):
    """Return the outcomes of events."""
    return [effect.state for effect in effects if type(effect).__name__ == "Mark"]


def test_an_event_is_refused_and_the_person_is_told():
    """Nobody is left without an answer."""
    story = Story().begun()
    event = events.Text(key="k", thread=KEY, person=ANNA, at=0.0, text="x")
    _, effects = decide_instead(story.state, messages.Happened(9, event), story.world)
    assert marks(effects) == [InboxState.REFUSED]
    assert say(Phrase.UPSTREAM_FAILED) in repr(effects)


def test_a_move_to_a_place_where_something_was_begun_closes_the_old_one():
    """People have gone on there; nothing more is said here."""
    story = Story().begun()
    event = events.ThreadMoved(key="k", thread=KEY, person=ANNA, at=0.0, to=ThreadKey("test:2"))
    state, effects = decide_instead(story.state, messages.Happened(9, event), story.world)
    assert (state.thread.state, state.live) == (ThreadState.GONE, None)
    assert "Speak" not in [type(effect).__name__ for effect in effects]


def test_what_concerns_nobody_is_left():
    """A permit that can't be used changes nothing."""
    story = Story().begun()
    assert (story.state, ()) == decide_instead(story.state, messages.Permitted("t"), story.world)

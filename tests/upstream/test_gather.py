"""An answer is whole, or lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.upstream.chunks import EndChunk, TextChunk
from bridge.upstream.errors import AnswerLost, SessionGone, UpstreamError
from bridge.upstream.gather import Gathering
from bridge.upstream.stream import Broken, Failure

TEXT = {"responseChunk": {"textDetails": {"text": "a"}}}
END = {"responseChunk": {"endOfResponseDetails": {"success": True}}}
SESSION = {"interactiveFormSession": {"id": "s"}}
ITEMS = st.sampled_from(
    [TEXT, END, SESSION, {}, {"later": 1}, Broken(reason="cut"), Failure(body={"code": 5})]
)


def gathered(*items, session=None):
    """Return what has been gathered of these."""
    gathering = Gathering(session=session)
    for item in items:
        gathering.add(item)
    return gathering


def test_nothing_counts_after_the_end():
    """Neither chunks nor errors change an answer that has ended."""
    late = gathered(TEXT, END, TEXT, Broken(reason="cut"), Failure(body={}), session="s")
    chunks = (TextChunk(text="a"), EndChunk(success=True))
    assert ("s", chunks) == (late.answer().session, late.answer().chunks)


def test_the_first_error_counts():
    """What comes after an error is not looked at."""
    with pytest.raises(SessionGone):
        gathered(Failure(body={"code": 5}), TEXT, END, session="s").answer()


def test_an_answer_belongs_to_the_session_that_was_sent_to():
    """What the stream says of its session is not needed for a send."""
    assert (
        "s" == gathered({"interactiveFormSession": {"id": "x"}}, END, session="s").answer().session
    )


@given(st.lists(ITEMS, max_size=6), st.sampled_from([None, "s"]))
def test_an_answer_has_its_end(items, session):
    """Whatever comes, an answer that is given ends with END_OF_RESPONSE and has a session."""
    gathering = gathered(*items, session=session)
    try:
        answer = gathering.answer()
    except UpstreamError:
        return
    assert ("s", EndChunk(success=True)) == (answer.session, answer.chunks[-1])


@given(st.lists(ITEMS.filter(lambda item: item != END), max_size=6))
def test_without_the_end_there_is_no_answer(items):
    """No stream without END_OF_RESPONSE is an answer."""
    with pytest.raises(UpstreamError):
        gathered(*items, session="s").answer()


@pytest.mark.parametrize(
    ("items", "unreadable"),
    [
        ([], True),
        ([{}], True),
        ([Broken(reason="x")], True),
        ([SESSION], False),
        ([TEXT], False),
        ([TEXT, Broken(reason="x")], False),
        ([Failure(body={})], False),
    ],
    ids=["nothing", "other", "garbage", "session", "chunk", "cut", "error"],
)
def test_what_is_unreadable(items, unreadable):
    """Only what holds nothing of an answer, and no error that says why."""
    assert unreadable == gathered(*items).unreadable
    with pytest.raises(AnswerLost):
        gathered(*items).answer()

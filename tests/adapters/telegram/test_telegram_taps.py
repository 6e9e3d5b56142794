"""What buttons carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.limits import CALLBACK_BYTES, TAP_BYTES
from adapters.telegram.taps import Deed, Tap, read_tap, write_tap
from bridge.protocol.threads import PromptId

POSITIONS = (Deed.CHOOSE, Deed.TOGGLE, Deed.PAGE, Deed.REVEAL)
NUMBERS = (Deed.NUDGE, Deed.NUMBER)
BARE = (Deed.CONFIRM, Deed.ACCEPT, Deed.OTHER, Deed.CHANGE)

PROMPTS = st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20).map(PromptId)
REVISIONS = st.integers(0, 9_999_999)


def taps(deeds, arguments):
    """Draw taps of these deeds."""
    return st.builds(
        Tap, prompt=PROMPTS, rev=REVISIONS, deed=st.sampled_from(deeds), argument=arguments
    )


def decimals():
    """Draw numbers as a keyboard writes them."""
    drawn = st.decimals(-100_000, 100_000, places=2) | st.integers(-100_000, 100_000)
    return drawn.map(lambda number: f"{number:f}" if not isinstance(number, int) else str(number))


ANY = st.one_of(
    taps(POSITIONS, st.integers(0, 9999).map(str)),
    taps(NUMBERS, decimals()),
    taps(BARE, st.just("")),
)


@given(ANY)
def test_a_tap_is_read_as_it_was_written(tap):
    """What is written fits a button and means the same; what would not fit is not written."""
    written = write_tap(tap)
    if written is not None:
        assert len(written.encode()) <= TAP_BYTES < CALLBACK_BYTES
        assert read_tap(written) == tap


@given(taps(POSITIONS, st.integers(0, 9999).map(str)) | taps(BARE, st.just("")))
def test_every_option_has_a_button(tap):
    """The longest prompt and revision leave room for every position (law 9)."""
    assert write_tap(tap) is not None


@given(st.text(max_size=50) | st.from_regex(r"v1\.[0-9a-z.-]{0,40}", fullmatch=True))
def test_any_data_is_read_or_refused(data):
    """A client may send anything; what is understood is what we would have written."""
    tap = read_tap(data)
    assert tap is None or write_tap(tap) == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "v2.a.0.d",
        "v1.a.0.z",
        "v1.a.0.c",
        "v1.a.0.c-1",
        "v1.a.0.c1.5",
        "v1.a.0.c12345",
        "v1.a.0.n",
        "v1.a.0.n1.",
        "v1.a.0.v--1",
        "v1.a.0.d1",
        "v1.a.00.d",
        "v1.a.-1.d",
        "v1.a.12345678.d",
        "v1.A.0.d",
        "v1.a.0.c٣",
        "v1.a.0.d\n",
        "v1." + "a" * 21 + ".0.d",
        "v1." + "a" * 20 + ".1234567.n" + "1" * 20,
    ],
)
def test_what_we_never_write_means_nothing(data):
    """Other versions, unknown deeds, wrong arguments and overlong data are refused."""
    assert read_tap(data) is None


def test_what_does_not_fit_is_not_written():
    """A number too long for its button gets no button, rather than a cut one."""
    tap = Tap(prompt=PromptId("a" * 20), rev=1234567, deed=Deed.NUMBER, argument="1" * 8)
    assert write_tap(tap) is None
    assert write_tap(Tap(prompt=PromptId("a"), rev=0, deed=Deed.NUMBER, argument="1e5")) is None


def test_taps_are_spelled_as_agreed():
    """Buttons stay in chats for years, so the spelling of version 1 never changes."""
    spelled = {deed.name: deed.value for deed in Deed}
    assert spelled == {
        "CHOOSE": "c",
        "TOGGLE": "t",
        "PAGE": "p",
        "REVEAL": "r",
        "NUDGE": "n",
        "NUMBER": "v",
        "CONFIRM": "d",
        "ACCEPT": "a",
        "OTHER": "o",
        "CHANGE": "x",
    }
    assert write_tap(Tap(prompt=PromptId("k3"), rev=4, deed=Deed.TOGGLE, argument="11")) == (
        "v1.k3.4.t11"
    )

"""Keys of threads and people on Telegram."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.addresses import (
    NOBODY,
    Address,
    address_of,
    moved,
    person_key,
    place_of,
    thread_key,
    user_of,
)
from bridge.protocol.threads import PersonKey, ThreadKey

BIG = 2**63 - 1
NUMBERS = st.integers(1, BIG)
ADDRESSES = st.builds(Address, NUMBERS, st.integers(-BIG, BIG), st.none() | NUMBERS)


@given(ADDRESSES)
def test_a_thread_key_names_its_address(address):
    """What was made of an address is taken apart into the same address."""
    assert address_of(thread_key(address)) == address


@given(ADDRESSES, ADDRESSES)
def test_different_places_have_different_keys(one, other):
    """Two addresses share a key only if they are equal."""
    assert (thread_key(one) == thread_key(other)) == (one == other)


@given(ADDRESSES)
def test_a_place_holds_its_topics(address):
    """All topics of a chat are in one place, which is the chat itself."""
    place = place_of(thread_key(address))
    assert place == thread_key(Address(address.bot, address.chat))
    assert place_of(place) == place


@given(NUMBERS, st.integers(0, BIG))
def test_a_person_key_names_its_user(bot, user):
    """What was made of a user is taken apart into the same user."""
    assert user_of(person_key(bot, user)) == user


def test_keys_are_spelled_as_agreed():
    """Keys are stored, so their spelling never changes."""
    assert thread_key(Address(7, -100, 3)) == "telegram:7:-100:3"
    assert thread_key(Address(7, 5)) == "telegram:7:5"
    assert person_key(7, 5) == "telegram:7:user:5"


def test_groups_are_shared():
    """Chats below zero are groups; the others belong to one person."""
    assert Address(7, -5).shared
    assert not Address(7, 5).shared


@pytest.mark.parametrize(
    "key",
    [
        "",
        "telegram:",
        "telegram:7",
        "telegram:7:x",
        "telegram:7:5:",
        "telegram:7:5:-3",
        "telegram:7:5:3:2",
        "telegram:7:٣",
        "slack:7:5",
        "telegram:7:user:5",
        "telegram:7:5\n",
    ],
)
def test_foreign_keys_are_refused(key):
    """A key that this adapter did not make is an error, not a wrong chat."""
    with pytest.raises(ValueError, match="key"):
        address_of(ThreadKey(key))


@pytest.mark.parametrize("key", ["", "telegram:7:5", "telegram:7:user:", "telegram:7:user:-1"])
def test_foreign_people_are_refused(key):
    """A person's key that this adapter did not make is an error."""
    with pytest.raises(ValueError, match="key"):
        user_of(PersonKey(key))


def test_a_move_is_told_once():
    """However Telegram tells of it, the event of a move has one key and both addresses."""
    event = moved(7, -5, -1005, 1.5)
    assert (event.thread, event.to, event.at) == ("telegram:7:-5", "telegram:7:-1005", 1.5)
    assert event.key == moved(7, -5, -1005, 99.0).key
    assert event.key != moved(7, -5, -1006, 1.5).key
    assert user_of(event.person) == NOBODY

"""Typed texts: commands, links, tickets, and plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.addresses import Address, person_key, thread_key
from adapters.telegram.limits import PAYLOAD_LIMIT
from adapters.telegram.parse import parse
from adapters.telegram.tickets import read_ticket, write_ticket
from bridge.protocol.events import Command, CommandName, Link
from tests.adapters.telegram import shapes
from tests.adapters.telegram.shapes import (
    ADA_ID,
    BOT,
    ME,
    SUPERGROUP_ID,
    TOPIC_ID,
    in_group,
    message,
)

BIG = 2**63 - 1


def sent(content, me=ME):
    """Return the one event of a message."""
    (event,) = parse({"update_id": 1, "message": content}, me)
    return event


def said(text, me=ME):
    """Return the one event of a text in the private chat."""
    return sent(message(text=text), me)


@pytest.mark.parametrize(
    "text", ["  two\n\ncakes ", "/usr/bin", "/ help", "/help!", "a /help", "/é"]
)
def test_texts_are_left_alone(text):
    """In a private chat every text that is no command arrives as it was typed."""
    assert said(text).text == text


def test_broken_characters_become_readable():
    """Half a surrogate pair, which no database keeps, is replaced; whole pairs are joined."""
    assert said("a\ud800b\udc00").text == "a\ufffdb\ufffd"
    assert said("\ud83c\udf82").text == "🎂"


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_said_is_a_greeting(text):
    """A text with nothing in it starts, as a bare greeting does."""
    assert said(text).name is CommandName.START


@pytest.mark.parametrize("name", CommandName)
def test_commands_may_be_spelled_in_capitals(name):
    """Case does not count; what follows is the argument, stripped."""
    event = said(f"/{name.value.upper()}  one two \n three ")
    assert (event.name, event.argument) == (name, "one two \n three")


def test_in_private_the_name_of_a_bot_does_not_count():
    """Nobody else hears a command in a private chat."""
    assert said("/help@Another_Bot").name is CommandName.HELP


@pytest.mark.parametrize("word", ["cake", "Cake", "visit-us"])
def test_start_names_a_form(word):
    """A form's slug begins that form, by a link or typed."""
    event = said(f"/start {word}")
    assert isinstance(event, Command)
    assert (event.name, event.argument) == (CommandName.START, word.lower())


@pytest.mark.parametrize("token", ["x", "AbC-09_z", "a" * PAYLOAD_LIMIT, "pay-1-0123456789abcdef"])
def test_other_payloads_are_links(token):
    """Any other word that a link can carry is its token, also a ticket that we did not sign."""
    event = said(f"/start {token}")
    assert isinstance(event, Link)
    assert event.token == token


@pytest.mark.parametrize("words", ["two cakes", "crème", "a" * (PAYLOAD_LIMIT + 1)])
def test_words_after_start_are_an_argument(words):
    """What no link can carry was typed, and goes with the command."""
    event = said(f"/start {words}")
    assert (event.name, event.argument) == (CommandName.START, words)


GROUPS_OF_ALL_SIZES = st.builds(
    Address, st.just(BOT), st.integers(-BIG, -1), st.none() | st.integers(1, BIG)
)


@given(GROUPS_OF_ALL_SIZES, st.binary(min_size=1, max_size=8))
def test_a_ticket_names_its_group(group, key):
    """Every ticket fits a link and leads back to its group; another key's does not."""
    ticket = write_ticket(group, key)
    assert len(ticket) <= PAYLOAD_LIMIT
    assert read_ticket(ticket, BOT, key) == group
    assert read_ticket(ticket, BOT, key + b"x") is None


def test_a_ticket_pays_for_the_group():
    """Opened in private, it asks for the group's payment, in the name of who opened it."""
    group = Address(BOT, SUPERGROUP_ID, TOPIC_ID)
    event = said(f"/start {write_ticket(group, ME.secret)}")
    assert isinstance(event, Command)
    assert (event.name, event.thread) == (CommandName.PAY, thread_key(group))
    assert event.person == person_key(BOT, ADA_ID)


def test_a_ticket_of_one_place_opens_no_other():
    """Neither the group nor the topic can be exchanged."""
    ticket = write_ticket(Address(BOT, -12, 3), ME.secret)
    mac = ticket.rpartition("-")[2]
    for place in ("13-3", "12-4", "12", "1-23"):
        assert read_ticket(f"pay-{place}-{mac}", BOT, ME.secret) is None


def test_a_ticket_counts_in_private_only():
    """In a group it is a link like any other, so that no group acts for another."""
    event = sent(in_group(**shapes.command(f"/start {shapes.GROUP_TICKET}")))
    assert isinstance(event, Link)

"""Which messages in a group are for us, and what is left of them without our name."""

from __future__ import annotations

import pytest
from hypothesis import given

from adapters.telegram.addresses import Address, thread_key
from adapters.telegram.parse import Me, needs_name, parse
from bridge.conformance.strategies import json_objects
from bridge.protocol.events import CommandName
from tests.adapters.telegram import samples, shapes
from tests.adapters.telegram.shapes import (
    BOT,
    GROUP_ID,
    ME,
    USERNAME,
    entity,
    in_group,
    typed,
)

GROUPS = thread_key(Address(BOT, GROUP_ID))


def sent(content, me=ME):
    """Return the one event of a message."""
    (event,) = parse({"update_id": 1, "message": content}, me)
    return event


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("", " two cakes", "two cakes"),
        ("", ", two cakes", "two cakes"),
        ("", ":) nice", ":) nice"),
        ("hey ", "", "hey"),
        ("🎂 hey ", ": two", "🎂 hey two"),
        ("one\ntwo ", " three\nfour", "one\ntwo three\nfour"),
    ],
)
def test_the_mention_is_cut_out(before, after, left):
    """What remains of a text that names us is what was meant for us."""
    assert sent(in_group(**shapes.mention(f"{before}@{USERNAME}{after}"))).text == left


def test_every_mention_is_cut_out():
    """Named twice, and another beside us, only our name is taken out."""
    ours = len(USERNAME) + 1
    text = f"@{USERNAME} @ada @{USERNAME.upper()} cake"
    marks = [entity("mention", 0, ours), entity("mention", ours + 1, 4)]
    marks.append(entity("mention", ours + 6, ours))
    assert sent(in_group(text=text, entities=marks)).text == "@ada cake"


def test_a_mention_alone_is_a_greeting():
    """Calling us by name starts, as /start does."""
    event = sent(in_group(**shapes.mention(f"@{USERNAME}")))
    assert (event.name, event.argument, event.thread) == (CommandName.START, "", GROUPS)


def test_a_mention_before_a_command_is_fine():
    """The rest of a mention is read like any text."""
    event = sent(in_group(**shapes.mention(f"@{USERNAME} /pay")))
    assert event.name is CommandName.PAY


def test_without_our_username_commands_and_replies_are_understood():
    """Until Telegram has told it, only what names us by it is not."""
    nameless = Me(bot=BOT)
    for raw in samples.UNDERSTOOD:
        named = raw in samples.MENTIONS or f"@{USERNAME}" in str(raw)
        assert bool(parse(raw, nameless)) is not named
        assert not named or needs_name(raw)


def test_messages_that_name_nobody_need_no_username():
    """Private chats and messages without an @ are never held back."""
    assert not needs_name(typed("ada@example.com"))
    assert not needs_name({"update_id": 1, "message": in_group(text="cake")})
    assert not needs_name({"update_id": 1, "message": in_group(photo=[])})
    photo = in_group(photo=[], caption=f"@{USERNAME}")
    assert needs_name({"update_id": 1, "edited_message": photo})


@given(json_objects())
def test_anything_may_be_asked_whether_it_needs_our_name(raw):
    """The question is put before anything was checked."""
    assert needs_name({"message": raw, "edited_message": raw}) in (True, False)

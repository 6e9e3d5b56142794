"""Rates and capabilities."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.limits import ALLOWED_UPDATES, SPELLINGS, capabilities
from adapters.telegram.settings import TelegramSettings
from bridge.protocol.capabilities import Level, Scope, TextUnit
from bridge.protocol.events import CommandName

SLACK = 1e-6


def made(**rates):
    """Return the capabilities with these rates."""
    return capabilities(TelegramSettings(token="7:abc", **rates))


def times(bucket, count):
    """Return when `count` calls that all wait from the start go through, in seconds."""
    burst = int(bucket.burst)
    return [0.0 if n < burst else (n - burst + 1) / bucket.rate for n in range(count)]


def most(moments, period):
    """Return how many calls lie in the fullest window of this length."""
    return max(sum(m <= t < m + period - SLACK for t in moments) for m in moments)


@given(st.integers(1, 200))
def test_all_chats_together_keep_the_limit(limit):
    """In no second are there more calls than are allowed, however the bucket was saved up."""
    bucket = made(rate=limit).buckets["all"]
    assert bucket.scope is Scope.CHANNEL
    assert most(times(bucket, 3 * limit), 1.0) <= limit


@given(st.integers(1, 200))
def test_groups_keep_the_limit(limit):
    """In no minute does a group, with all its topics, get more than is allowed."""
    bucket = made(group_rate=limit).buckets["group"]
    assert bucket.scope is Scope.PLACE
    assert most(times(bucket, 3 * limit), 60.0) <= limit


@given(st.floats(0.01, 200))
def test_limits_leave_something(limit):
    """Every limit over zero lets calls through: a rate of 0 would be no limit at all."""
    buckets = made(rate=limit, chat_rate=limit, group_rate=limit).buckets
    assert all(bucket.rate > 0 and bucket.burst >= 1 for bucket in buckets.values())


def test_zero_is_no_limit():
    """A rate of 0 is written so that the core sets no limit."""
    buckets = made(rate=0, chat_rate=0, group_rate=0).buckets
    assert {bucket.rate for bucket in buckets.values()} == {0.0}


def test_the_documented_rates_are_the_default():
    """Unset, chats get one message a second with a short burst, and most of the rates is used."""
    buckets = made().buckets
    chat = buckets["chat"]
    assert (chat.rate, chat.burst, chat.scope) == (1.0, 3.0, Scope.PLACE)
    assert (buckets["all"].rate, buckets["all"].burst) == (25.0, 5.0)
    assert (buckets["group"].rate, buckets["group"].burst) == (0.2, 8.0)


def test_widgets_are_native():
    """Telegram draws every widget itself, and counts texts in UTF-16 units."""
    able = made()
    widgets = (able.single_select, able.multi_select, able.number, able.link_button)
    assert set(widgets) == {Level.NATIVE}
    assert (able.text_limit, able.text_unit) == (4096, TextUnit.UTF16)


def test_every_command_is_spelled_as_telegram_takes_it():
    """Telegram's commands are of small letters, digits and underlines."""
    assert set(SPELLINGS) == set(CommandName)
    assert all(word[0] == "/" and word[1:].isidentifier() for word in SPELLINGS.values())
    assert all(word == word.lower() for word in SPELLINGS.values())


def test_only_what_is_read_is_asked_for():
    """Updates that parse makes nothing of are not asked for."""
    assert set(ALLOWED_UPDATES) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }

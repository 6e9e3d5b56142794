"""What a failure means for a call."""

from __future__ import annotations

import dataclasses

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from adapters.telegram.network.failures import (
    TOKEN_PAUSE,
    Floods,
    kind_of,
    never_sent,
    new_chat,
    outcome_of,
)
from adapters.telegram.network.request import Throttled
from bridge.protocol.calls import (
    Call,
    Delivered,
    Refusal,
    RetryLater,
    Target,
    Uncertain,
)
from bridge.protocol.threads import ThreadKey

SEND = Call(method="send", body={}, buckets=("all", "chat"))
GROUP = Call(method="send", body={}, buckets=("all", "group"))
PRIVATE = Call(method="private", body={}, buckets=("all",))
TARGET = Target(thread=ThreadKey("telegram:700:5"), edits="17")


def caused(error, cause):
    """Return the error as if it had been raised from the cause."""
    error.__cause__ = cause
    return error


def connector(kind=aiohttp.ClientConnectorError):
    """Return what aiohttp raises where it can't connect."""
    key = aiohttp.client_reqrep.ConnectionKey("h", 1, False, True, None, None, None)
    return kind(key, OSError("refused"))


@pytest.mark.parametrize(
    ("call", "bucket"), [(SEND, "chat"), (GROUP, "group"), (PRIVATE, None)], ids=str
)
def test_a_flood_holds_back_what_it_must(call, bucket):
    """A 429 blocks the chat's or the group's bucket, never all of us."""
    outcome = outcome_of(Throttled(7.0), call, TARGET)
    assert outcome == RetryLater(after=7.0, bucket=bucket, reason="too many")


def test_a_flood_without_a_time_is_tried_later():
    """A 429 that doesn't say how long is held back by the core's own pauses."""
    assert outcome_of(Throttled(None), SEND, TARGET).after is None


@pytest.mark.parametrize("error", [InvalidToken(), EndPointNotFound("x")], ids=repr)
def test_a_refused_token_loses_nothing(error):
    """A person puts it right; all calls wait meanwhile."""
    outcome = outcome_of(error, SEND, TARGET)
    assert outcome == RetryLater(after=TOKEN_PAUSE, bucket="all", reason="token refused")


@pytest.mark.parametrize("error", [ChatMigrated(-100), Conflict("x")], ids=repr)
def test_an_answered_refusal_is_tried_again(error):
    """A group that moved, and a conflict, were certainly not taken."""
    assert outcome_of(error, SEND, TARGET) == RetryLater(after=1.0, reason="conflict")


GONE = [
    Forbidden("Forbidden: bot was blocked by the user"),
    Forbidden("Forbidden: user is deactivated"),
    Forbidden(
        "Forbidden: bot can\N{RIGHT SINGLE QUOTATION MARK}t initiate conversation with a user"
    ),
    Forbidden("Forbidden: something new"),
    BadRequest("Bad Request: chat not found"),
    BadRequest("Bad Request: group chat was deactivated"),
    BadRequest("Bad Request: not enough rights to send text messages to the chat"),
    BadRequest("Bad Request: have no rights to send a message"),
    BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"),
    BadRequest("Bad Request: PEER_ID_INVALID"),
    BadRequest("Bad Request: USER_IS_BLOCKED"),
]


@pytest.mark.parametrize("error", GONE, ids=str)
def test_a_chat_that_is_gone_ends_the_thread(error):
    """What tells of the chat closes it; for a private message the way in is offered instead."""
    assert outcome_of(error, SEND, TARGET).refusal is Refusal.THREAD_GONE
    assert outcome_of(error, PRIVATE, TARGET).refusal is Refusal.CALL_BAD


@pytest.mark.parametrize(
    "text",
    [
        "Bad Request: can't parse entities: unsupported start tag",
        "Bad Request: message thread not found",
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: reply markup is too long",
        "Bad Request: BUTTON_DATA_INVALID",
        "Bad Request: something that nobody has seen",
    ],
)
def test_a_bad_call_takes_its_fallback(text):
    """Whatever else a 400 says concerns this call alone."""
    assert outcome_of(BadRequest(text), SEND, TARGET).refusal is Refusal.CALL_BAD


def test_an_unmodified_message_is_delivered():
    """It shows already what it shall; its receipt stays."""
    error = BadRequest("Bad Request: message is not modified: specified new message content")
    assert outcome_of(error, SEND, TARGET) == Delivered(receipt="17")
    assert outcome_of(error, SEND, dataclasses.replace(TARGET, edits=None)) == Delivered()


@pytest.mark.parametrize(
    "error",
    [
        caused(NetworkError("x"), connector()),
        caused(NetworkError("x"), connector(aiohttp.ClientConnectorDNSError)),
        caused(TimedOut(), aiohttp.ConnectionTimeoutError()),
    ],
    ids=kind_of,
)
def test_what_was_never_sent_is_tried_later(error):
    """Only the cause tells that not a byte was sent."""
    assert never_sent(error)
    assert outcome_of(error, SEND, TARGET) == RetryLater(reason="unreachable")


@pytest.mark.parametrize(
    "error",
    [
        NetworkError("x"),
        TimedOut(),
        caused(NetworkError("x"), aiohttp.ServerDisconnectedError()),
        caused(NetworkError("x"), ConnectionResetError()),
        caused(NetworkError("x"), caused(OSError(), connector())),
        caused(TimedOut(), TimeoutError()),
        caused(TimedOut(), aiohttp.ServerTimeoutError()),
        caused(TelegramError("x"), connector()),
        TelegramError("x"),
        KeyError("result"),
        TypeError("x"),
    ],
    ids=kind_of,
)
def test_the_rest_is_uncertain(error):
    """A timeout, a reset, half an answer, an unknown cause: the bytes may have arrived."""
    assert isinstance(outcome_of(error, SEND, TARGET), Uncertain)


SECRET = "ADA-4711"


@given(st.sampled_from(["{}", "chat not found {}", "can't parse entities in {}", "x: {}"]))
def test_reasons_hold_no_foreign_text(shape):
    """Telegram's texts may hold names: only known phrases are quoted."""
    text = f"Bad Request: {shape.format(SECRET)}"
    for error in (BadRequest(text), Forbidden(text), NetworkError(text), ValueError(text)):
        assert SECRET not in repr(outcome_of(error, SEND, TARGET))
        assert SECRET not in kind_of(error)


@pytest.mark.parametrize(
    ("number", "chat"), [(-1001, -1001), (1001, None), ("-1001", None), (None, None)]
)
def test_a_group_moves_to_a_group_only(number, chat):
    """A number that can be no supergroup moves nothing."""
    assert new_chat(ChatMigrated(number)) == chat


def test_a_kind_names_error_and_cause():
    """The log gets the types and nothing of their texts."""
    assert kind_of(caused(TimedOut("secret"), OSError("secret"))) == "TimedOut (OSError)"
    assert kind_of(KeyError("secret")) == "KeyError"


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 1.5)), max_size=30))
def test_floods_everywhere_are_three_chats_within_two_seconds(story):
    """Exactly then all of us must wait, however often one chat is throttled."""
    floods, seen, now = Floods(), [], 0.0
    for chat, pause in story:
        now += pause
        seen.append((chat, now))
        lately = {one for one, at in seen if at >= now - 2.0}
        assert floods.everywhere(chat, now) == (len(lately) >= 3)

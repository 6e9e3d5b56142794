"""Every call is what an independent, typed description of the Bot API knows."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.telegram.addresses import Address, thread_key
from adapters.telegram.limits import capabilities
from adapters.telegram.render import close, redraw, render
from adapters.telegram.settings import TelegramSettings
from bridge.conformance.host import RecordingHost
from bridge.conformance.strategies import asks, replies, shown, texts
from bridge.protocol.prompts import Answered
from bridge.protocol.replies import Expect, Format, plain

LABELS = RecordingHost().labels
PLACES = (thread_key(Address(1, 5)), thread_key(Address(1, -5)), thread_key(Address(1, -5, 7)))
CAPABILITIES = capabilities(TelegramSettings(TELEGRAM_BOT_TOKEN="1:x"))
OURS = {"topic", "label"}
"""Members of a body that are for the delivery, and never sent."""


@pytest.fixture(scope="module")
def methods():
    """Return the description's models by our names; it is slow to load, so once."""
    from aiogram.methods import EditMessageText, SendMessage

    return {"edit": EditMessageText, "send": SendMessage}


def check(call, methods):
    """Fail unless the description knows every member, and keeps all as it is."""
    model = methods.get(call.method, methods["send"])
    names = {"markup": "reply_markup"}
    sent = {names.get(name, name): v for name, v in call.body.items() if name not in OURS}
    read = model.model_validate({"chat_id": 5, **sent})
    written = read.model_dump(mode="json", exclude_unset=True, exclude={"chat_id"})
    assert written == sent


@given(replies(CAPABILITIES), st.sampled_from(PLACES))
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_messages_are_as_described(methods, said, thread):
    """Texts, entities and keyboards of new messages have the described members alone."""
    for call in render(said, thread, LABELS):
        check(call, methods)
        if call.fallback is not None:
            check(call.fallback, methods)


@given(asks(CAPABILITIES), st.sampled_from(PLACES), texts(), st.booleans())
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_edits_are_as_described(methods, prompt, thread, chosen, change):
    """So have those of edits, and of the messages that stand for them."""
    drawn = redraw(shown(prompt, CAPABILITIES), thread, LABELS)
    closed = close(Answered(prompt=prompt, chosen=chosen, change=change), thread, LABELS)
    for call in (drawn, closed):
        check(call, methods)
        check(call.fallback, methods)


def test_the_phone_keyboard_is_as_described(methods):
    """The keyboard that shares a number is one below the input field."""
    (call,) = render((plain("Your number?"), Expect("p", Format.PHONE)), PLACES[0], LABELS)
    check(call, methods)

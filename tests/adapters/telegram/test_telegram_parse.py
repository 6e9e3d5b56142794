"""Updates as events."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapters.telegram.addresses import Address, person_key, thread_key
from adapters.telegram.incoming.contents import UNKNOWN
from adapters.telegram.limits import ALLOWED_UPDATES, capabilities
from adapters.telegram.parse import parse
from adapters.telegram.settings import TelegramSettings
from bridge.conformance.harness import Harness, Samples
from bridge.conformance.incoming import IncomingLaws
from bridge.protocol.errors import Malformed
from bridge.protocol.events import (
    AskCustom,
    Choice,
    CommandName,
    Nudge,
    Number,
    Page,
    Reveal,
    Text,
    ThreadBack,
    ThreadGone,
    Toggle,
    Unsupported,
    WidgetStep,
)
from tests.adapters.telegram import samples, shapes
from tests.adapters.telegram.shapes import (
    ADA_ID,
    AT,
    BOT,
    GROUP_ID,
    ME,
    PROMPT,
    SUPERGROUP_ID,
    TOPIC_ID,
    message,
    query,
    typed,
)

ADAS = thread_key(Address(BOT, ADA_ID))
GROUPS = thread_key(Address(BOT, GROUP_ID))


class Reader:
    """As much of an adapter as reads."""

    def __init__(self):
        self.capabilities = capabilities(TelegramSettings(token=shapes.TOKEN))

    def parse(self, raw):
        return parse(raw, ME)


class Typist:
    """As much of a drawing as types."""

    def typed(self, text):
        return typed(text)


@pytest.fixture
def harness():
    """Return what the laws of reading need."""
    return Harness(
        module="adapters.telegram",
        descriptor=None,
        adapter=Reader(),
        thread=ADAS,
        samples=Samples(
            understood=samples.UNDERSTOOD,
            unsupported=samples.UNSUPPORTED,
            foreign=samples.FOREIGN,
            repeated=samples.REPEATED,
        ),
        drawing=Typist(),
    )


class TestReadingKeepsTheLaws(IncomingLaws):
    """The laws of what comes in, for the reading alone."""


def sent(content, me=ME):
    """Return the one event of a message."""
    (event,) = parse({"update_id": 1, "message": content}, me)
    return event


def pressed(data):
    """Return the one event of a tap in the private chat."""
    (event,) = parse(shapes.tapped(data), ME)
    return event


def test_a_text_says_who_where_and_when():
    """An event carries thread, person, time and a key of update and message."""
    event = sent(message(text="two cakes"))
    assert event == Text(
        key=f"telegram:{BOT}:1:42",
        thread=ADAS,
        person=person_key(BOT, ADA_ID),
        at=float(AT),
        text="two cakes",
    )


def test_topics_are_threads():
    """A topic is a thread of its own, in forums and in private chats; a thread of replies isn't."""
    in_forum = thread_key(Address(BOT, SUPERGROUP_ID, TOPIC_ID))
    assert sent(shapes.in_topic(**shapes.command("/help"))).thread == in_forum
    own = message(text="x", message_thread_id=9, is_topic_message=True)
    assert sent(own).thread == thread_key(Address(BOT, ADA_ID, 9))
    assert sent(message(text="x", message_thread_id=9)).thread == ADAS


def test_the_own_number_is_a_text():
    """A shared number of one's own arrives as typed, with the + that some clients leave out."""
    numbers = []
    for number in ("491701234567", "+491701234567", "+49 170 1234567"):
        contact = {"phone_number": number, "first_name": "Ada", "user_id": ADA_ID}
        numbers.append(sent(message(contact=contact)).text)
    assert numbers == ["+491701234567", "+491701234567", "+49 170 1234567"]


def test_a_contact_without_a_number_can_not_be_read():
    """An empty number is no text."""
    contact = {"phone_number": " ", "first_name": "Ada", "user_id": ADA_ID}
    with pytest.raises(Malformed):
        sent(message(contact=contact))


def test_the_kind_is_named():
    """Every kind of content is named in words that fit our sentence, whatever else it comes as."""
    kinds = [parse(raw, ME)[0].kind for raw in samples.UNSUPPORTED]
    assert kinds[:6] == [
        "voice messages",
        "video messages",
        "pictures",
        "stickers",
        "animations",
        "videos",
    ]
    assert kinds.count("places") == 2
    assert kinds.count(UNKNOWN) == 1
    assert kinds.count("edited messages") == len(samples.REPEATED[3]) + 1


def test_what_the_library_can_not_read_is_told_of():
    """A content of another version's shape is answered, and its text is heard."""
    event = sent(message(voice={"newer": "shape"}))
    assert isinstance(event, Unsupported)
    answer = message(text="yes", reply_to_message={**shapes.QUESTION, "poll": {"newer": 1}})
    assert sent(answer).text == "yes"
    raw = query(message={**shapes.QUESTION, "poll": {"newer": 1}})
    (choice,) = parse({"update_id": 1, "callback_query": raw}, ME)
    assert isinstance(choice, Choice)


def test_taps_carry_what_they_are_answered_with():
    """A tap has the query's id, the time of its message and its own key."""
    event = pressed(f"v1.{PROMPT}.3.c7")
    assert isinstance(event, Choice)
    assert (event.prompt, event.rev, event.chosen) == (PROMPT, 3, (7,))
    assert (event.tap, event.at) == ("4382bfdwdsb323b2d9", float(AT - 60))
    assert event.key == f"telegram:{BOT}:1:4382bfdwdsb323b2d9"


@pytest.mark.parametrize(
    ("deed", "step"),
    [
        ("t12", Toggle(index=12)),
        ("p0", Page(number=0)),
        ("r3", Reveal(index=3)),
        ("n-0.5", Nudge(delta=Decimal("-0.5"))),
        ("o", AskCustom()),
    ],
)
def test_taps_change_the_widget(deed, step):
    """Taps that are no answers are steps."""
    event = pressed(f"v1.{PROMPT}.4.{deed}")
    assert isinstance(event, WidgetStep)
    assert (event.prompt, event.rev, event.step) == (PROMPT, 4, step)


def test_taps_answer():
    """Done, a number, the stepper's number and Change are told apart."""
    assert pressed(f"v1.{PROMPT}.4.d").chosen is None
    number = pressed(f"v1.{PROMPT}.4.v-2.5")
    assert isinstance(number, Number)
    assert number.value == Decimal("-2.5")
    assert pressed(f"v1.{PROMPT}.4.a").value is None
    change = pressed(f"v1.{PROMPT}.4.x")
    assert (change.name, change.prompt) == (CommandName.CHANGE, PROMPT)


def test_an_inaccessible_message_still_has_a_chat():
    """A tap on a message that Telegram keeps from us is answered where it stands."""
    gone = {"chat": shapes.GROUP, "message_id": 40, "date": 0}
    (event,) = parse({"update_id": 1, "callback_query": query(message=gone)}, ME)
    assert (event.thread, event.at) == (GROUPS, 0.0)


def test_a_bad_tap_is_answered():
    """What we never wrote is not understood, and ends the button's waiting."""
    event = pressed("v9.x")
    assert isinstance(event, Unsupported)
    assert event.tap is not None


def test_blocking_and_unblocking_are_told():
    """Out is gone and in again is back; any other change is nothing."""
    kinds = [type(parse(raw, ME)[0]) for raw in samples.UNDERSTOOD if "my_chat_member" in raw]
    assert kinds == [ThreadGone, ThreadBack, ThreadGone, ThreadBack, ThreadBack]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": "1"},
        {"update_id": True},
        {"update_id": -1},
        {"update_id": 2**63},
        {"update_id": 1, "message": 5},
        {"update_id": 1, "message": {}},
        {"update_id": 1, "message": message(text=5)},
        {"update_id": 1, "message": message(text="x", date="now")},
        {"update_id": 1, "message": message(text="x", chat=None)},
        {"update_id": 1, "message": message(text="x", is_topic_message=True)},
        {"update_id": 1, "callback_query": query(id=7)},
        {"update_id": 1, "callback_query": 5},
        {"update_id": 1, "my_chat_member": {}},
        {"update_id": 1, "my_chat_member": shapes.membership("left", "member", date=None)},
        {"update_id": 1, "self": {}, "api_kwargs": {}},
    ],
)
def test_other_shapes_can_not_be_read(raw):
    """What the Bot API never sends is said to be malformed, without a word of what it holds."""
    with pytest.raises(Malformed) as malformed:
        parse(raw, ME)
    assert malformed.value.__cause__ is None
    assert not any(char.isdigit() for char in str(malformed.value).removesuffix("0."))


def test_what_is_asked_for_is_what_is_read():
    """Every kind that makes events is asked for, and every kind that is asked for makes some."""
    read = {kind for raw in samples.UNDERSTOOD + samples.UNSUPPORTED for kind in raw}
    assert read - {"update_id"} == set(ALLOWED_UPDATES)

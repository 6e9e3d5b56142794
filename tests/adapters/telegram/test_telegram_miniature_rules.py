"""What the miniature refuses, in the words of the real server; what it finds in typed texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.miniature import rules
from adapters.telegram.miniature.flood import Flood
from adapters.telegram.miniature.reading import Refused, decoded, flag, number, units
from adapters.telegram.miniature.typed import content, detected, parts, reaches

BEYOND = "ends after the end of the text at UTF-16 offset"
ME = {"id": 7, "username": "threadform_bot"}


def refusal(check, *args, **named) -> str:
    """Return the words in which something is refused; "" where it is taken."""
    try:
        check(*args, **named)
    except Refused as refused:
        return refused.description.removeprefix("Bad Request: ")
    return ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200b "}, "text must be non-empty"),
        ({"text": "\x00\x01"}, "text must be non-empty"),
        ({"text": "x" * 4096}, ""),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x" * 4096 + "  \n"}, ""),
        ({"text": "😀" * 2048}, ""),
        ({"text": "😀" * 2048 + "x"}, "message is too long"),
        ({"text": "x" + " " * 32_767}, ""),
        ({"text": "x" + " " * 32_768}, "text is too long"),
        ({"text": "x", "parse_mode": "MarkdownX"}, "unsupported parse_mode"),
        (
            {"text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: parse modes are not part of this miniature",
        ),
    ],
)
def test_texts_have_limits(body, words):
    """A text is 1-4096 UTF-16 units once trimmed, and at most 32 KiB before."""
    assert refusal(rules.text_of, body) == words


def test_texts_are_cleaned():
    """Control characters become spaces, carriage returns and direction marks go, ends are cut."""
    assert rules.text_of({"text": "a\tb\rc\u202ed\x07e\n\n "}) == "a bcd e"


def entity(type_="bold", offset=0, length=1, **more):
    """Return the parameters of a message with one entity in it."""
    return {"type": type_, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("text", "one", "words"),
    [
        ("hello", entity(), ""),
        ("hello", entity(length=5), ""),
        ("hello", entity(offset=5, length=0), ""),
        ("hello", entity("invalid"), "can't parse MessageEntity: Unsupported type specified"),
        ("hello", entity(offset=-1), "receive an entity with incorrect offset -1"),
        ("hello", entity(length=-2), "receive an entity with incorrect length -2"),
        ("hello", {"type": "bold"}, "receive an entity with incorrect offset -1"),
        (
            "hello",
            entity(offset=100),
            "entity begins after the end of the text at UTF-16 offset 100",
        ),
        (
            "hello",
            entity(length=100),
            f"entity beginning at UTF-16 offset 0 {BEYOND} 100",
        ),
        ("😀x", entity(length=2), ""),
        (
            "😀x",
            entity(length=1),
            "entity at UTF-16 offset 0 begins or ends in a middle of a UTF-16 symbol",
        ),
        ("x", entity("text_link", url="https://example.com/a"), ""),
        (
            "x",
            entity("text_link", url="not-a-url"),
            "entity URL 'not-a-url' is invalid: Wrong HTTP URL",
        ),
    ],
)
def test_entities_lie_inside_the_text(text, one, words):
    """An entity that is unknown, or reaches out of the text or into a symbol, is refused."""
    assert refusal(rules.entities_of, {"text": text, "entities": [one]}) == words


@given(st.text(min_size=1, max_size=20), st.integers(0, 50), st.integers(0, 50))
def test_entities_may_stand_between_characters_only(text, offset, length):
    """An entity is taken exactly where it cuts whole characters out of the text."""
    marks = {units(text[:place]) for place in range(len(text) + 1)}
    body = {"text": text, "entities": [entity(offset=offset, length=length)]}
    assert (refusal(rules.entities_of, body) == "") == ({offset, offset + length} <= marks)


@pytest.mark.parametrize("entities", ["[nonsense", [1], {"type": "bold"}])
def test_entities_are_a_list_of_objects(entities):
    """Anything else is refused; none at all is none."""
    assert "can't parse entities" in refusal(
        rules.entities_of, {"text": "hi", "entities": entities}
    )
    assert rules.entities_of({"text": "hi", "entities": ""}) == []


def inline(*rows):
    """Return the parameters of a message with these rows of buttons."""
    return {"reply_markup": {"inline_keyboard": [list(row) for row in rows]}}


def button(**more):
    """Return a button."""
    return {"text": "ok", **more}


MANY = [[button(callback_data="x")] * 8] * 12
PLAIN = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, ""),
        ({"reply_markup": {}}, ""),
        ({"reply_markup": "nonsense"}, "object expected as reply markup"),
        ({"reply_markup": [1]}, "object expected as reply markup"),
        ({"reply_markup": {"inline_keyboard": "bad"}}, 'field "inline_keyboard" must be of type'),
        ({"reply_markup": {"inline_keyboard": ["bad"]}}, 'field "inline_keyboard" must be of'),
        (inline(*MANY, [button(callback_data="x")] * 4), ""),
        (inline(*MANY, [button(callback_data="x")] * 5), "reply markup is too long"),
        (inline([button(callback_data="x")] * 9), "reply markup is too long"),
        (inline([button(text="y" * 10_000, callback_data="x")]), "reply markup is too long"),
        (inline([button(callback_data="x" * 64)]), ""),
        (inline([button(callback_data="x" * 65)]), "BUTTON_DATA_INVALID"),
        (inline([button(callback_data="é" * 33)]), "BUTTON_DATA_INVALID"),
        (inline([button(callback_data=7)]), "BUTTON_DATA_INVALID"),
        (inline([button(callback_data="")]), PLAIN),
        (inline([button()]), PLAIN),
        (inline([button(url="")]), PLAIN),
        (inline([button(url="https://a.de", callback_data="x")]), "can't parse inline keyboard b"),
        (inline([button(text=7, callback_data="x")]), "can't parse inline keyboard button: Field"),
        (inline([button(text=" ", callback_data="x")]), "inline keyboard button text must be non"),
        (inline([button(copy_text={"text": "c" * 256})]), ""),
        (inline([button(copy_text={"text": "c" * 257})]), "BUTTON_COPY_TEXT_INVALID"),
        (inline([button(copy_text={"text": ""})]), "BUTTON_COPY_TEXT_INVALID"),
        (inline([button(pay=True)]), "BUTTON_TYPE_INVALID"),
        (inline([button(web_app={"url": "https://a.de"})]), "BUTTON_TYPE_INVALID"),
        (inline([button(url="https://example.com/pay?x=1")]), ""),
        (inline([button(url="http://127.0.0.1:8000/pay")]), ""),
        (inline([button(url="http://localhost/pay")]), ""),
        (inline([button(url="tg://user?id=1")]), ""),
        (inline([button(url="http://10.0.0.1/x")]), ""),
        (inline([button(url="https://intranet/x")]), "BUTTON_URL_INVALID"),
        (
            inline([button(url="not-a-url")]),
            "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
        ),
        (
            inline([button(url="http://[oops")]),
            "inline keyboard button URL 'http://[oops' is invalid: Wrong HTTP URL",
        ),
        (
            inline([button(url="ftp://example.com")]),
            "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
        ),
        (
            inline([button(url="javascript:alert(1)")]),
            "inline keyboard button URL 'javascript:alert(1)' is invalid: Unsupported URL protoc",
        ),
        ({"reply_markup": {"keyboard": [[{"text": "a"}]]}}, ""),
        (
            {"reply_markup": {"keyboard": [[{"text": "a", "request_contact": True}]]}},
            "phone number can be requested in private chats only",
        ),
        (
            {"reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 65}},
            "input field placeholder is too long",
        ),
    ],
)
def test_keyboards_have_limits(body, words):
    """Buttons, rows, data, addresses and the whole markup are measured."""
    refused = refusal(rules.markup_of, body, private=False)
    assert refused.startswith(words)
    assert bool(refused) == bool(words)


def test_a_private_chat_may_ask_for_more():
    """A number may be asked for, and a web app opened, in private chats."""
    key = {"text": "My number", "request_contact": True}
    for markup in ({"keyboard": [[key]]}, inline([button(web_app={"url": "u"})])["reply_markup"]):
        assert rules.markup_of({"reply_markup": markup}, private=True) == markup


def test_edits_take_inline_keyboards_only():
    """An edit with another keyboard is refused; one without buttons takes the buttons away."""
    keyboard = {"reply_markup": {"keyboard": [[{"text": "a"}]]}}
    assert refusal(rules.inline_of, keyboard) == "inline keyboard expected"
    assert rules.inline_of({"reply_markup": {"inline_keyboard": []}}) == {}


def test_toasts_have_200_units():
    """A tap's answer is no longer than 200 UTF-16 units."""
    assert rules.toast_of({"text": "x" * 200}) == "x" * 200
    assert rules.toast_of({}) == ""
    assert refusal(rules.toast_of, {"text": "😀" * 101}) == "MESSAGE_TOO_LONG"


def burst(flood, chat, count, now):
    """Send so often at once; return the seconds that were asked for, 0 where all were taken."""
    for _ in range(count):
        try:
            flood.take(chat, now)
        except Refused as refused:
            seconds = refused.parameters["retry_after"]
            told = (refused.code, refused.description)
            return seconds if told == (429, f"Too Many Requests: retry after {seconds}") else -1
    return 0


def test_a_private_chat_takes_one_a_second_and_short_bursts():
    """Four at once are taken, then one a second; who does not wait is held back."""
    flood = Flood()
    assert burst(flood, 1, 4, 100.0) == 0
    assert burst(flood, 1, 1, 100.0) == 1
    assert burst(flood, 1, 1, 100.5) == 1
    assert burst(flood, 1, 1, 101.0) == 0
    assert burst(flood, 2, 4, 101.0) == 0
    assert flood.penalties == 2


def test_a_group_takes_20_a_minute():
    """The twenty-first in a minute is refused until the minute is over."""
    flood = Flood()
    assert burst(flood, -1, 20, 0.0) == 0
    assert burst(flood, -1, 1, 12.5) == 48
    assert burst(flood, -1, 1, 60.0) == 0


def test_all_chats_together_take_30_a_second():
    """The thirty-first in a second is refused, whatever the chat; the next second is free."""
    flood = Flood()
    assert all(burst(flood, chat, 3, 0.0) == 0 for chat in range(1, 11))
    assert burst(flood, 99, 1, 0.5) == 1
    assert burst(flood, 98, 1, 1.0) == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain words, 3.5 of them", []),
        ("/start cake", [("bot_command", "/start")]),
        ("/pay@threadform_bot now", [("bot_command", "/pay@threadform_bot")]),
        ("not/a/command", []),
        ("😀 @threadform_bot hi", [("mention", "@threadform_bot")]),
        ("mail a.b@example.com.", [("email", "a.b@example.com")]),
        ("see https://x.de/a?b=1, or example.com!", [("url", "https://x.de/a?b=1")]),
        ("#cake for $USD", [("hashtag", "#cake"), ("cashtag", "$USD")]),
        ("#1 is no tag", []),
    ],
)
def test_what_becomes_active_is_found(text, found):
    """Commands, mentions, addresses and tags are found, with offsets in UTF-16 units."""
    raw = text.encode("utf-16-le")
    entities = [
        (e["type"], raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in detected(text)
    ]
    assert entities[: len(found)] == found
    assert bool(entities) == bool(found)


def test_code_stays_quiet():
    """Nothing is found inside of code, and what was given stays."""
    code = {"type": "code", "offset": 4, "length": 19}
    text = "see https://example.com @somebody"
    assert detected(text, [code]) == [code, {"type": "mention", "offset": 24, "length": 9}]


@given(st.text(min_size=1, max_size=5000).filter(str.strip), st.sampled_from(["", "😀" * 3000]))
def test_the_app_parts_long_texts(text, more):
    """No part is over 4096 units, and together they are the text."""
    made = list(parts(text + more))
    assert "".join(made) == (text + more).strip()
    assert all(0 < units(part) <= 4096 for part in made)


def test_the_app_sends_no_empty_text():
    """Nothing typed is nothing to send."""
    with pytest.raises(ValueError, match="type something"):
        list(parts(" \n"))


def test_the_app_knows_what_it_can_send():
    """What no app sends is named, with what there is."""
    with pytest.raises(LookupError, match=r"'song'.*photo"):
        content("song")


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ({"text": "hello"}, False),
        ({"text": "/start"}, True),
        ({"text": "/start@threadform_bot"}, True),
        ({"text": "/start@other_bot"}, False),
        ({"text": "hi @Threadform_Bot"}, True),
        ({"text": "hi @somebody"}, False),
        ({"text": "hi", "reply_to_message": {"from": {"id": 7}}}, True),
        ({"text": "hi", "reply_to_message": {"from": {"id": 8}}}, False),
    ],
)
def test_privacy_mode(body, heard):
    """Of a group a bot hears commands, mentions and replies that are meant for it."""
    assert reaches(body | {"entities": detected(body["text"])}, ME) is heard


def test_values_are_read_without_trust():
    """Numbers and objects may be strings; what is neither is left alone."""
    body = decoded({"chat_id": "5", "reply_markup": '{"a": 1}', "entities": "[", "x": None})
    assert body == {"chat_id": "5", "reply_markup": {"a": 1}, "entities": "[", "x": None}
    assert [number(body, name, 3) for name in ("chat_id", "entities", "x", "y")] == [5, 3, 3, 3]
    assert [flag({"a": value}, "a") for value in (True, "true", "True", "1", "no", None)] == [
        *[True] * 4,
        False,
        False,
    ]

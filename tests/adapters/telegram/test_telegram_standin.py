"""The persons of the stand-in: what they do reaches a bot, what the bot does they see."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from adapters.telegram.standin import TOKEN, USERNAME, TelegramStandIn

BOUND = 5.0
KINDS = (
    *("photo", "voice", "sticker", "contact", "location", "document", "video", "video_note"),
    *("audio", "animation", "poll", "venue", "dice"),
)


class Listener:
    """A bot that polls, and keeps every update in the library's form."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.updates: list[Update] = []

    async def run(self) -> None:
        """Poll for ever."""
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=10):
                self.updates.append(update)
                offset = update.update_id + 1

    @property
    def message(self):
        """The message of the latest update."""
        return self.updates[-1].message


@asynccontextmanager
async def listening(**options):
    """Start a stand-in and a bot that listens; give stand-in, bot and listener."""
    standin = TelegramStandIn(**options)
    environ = await standin.start("")
    url = environ["TELEGRAM_API_URL"] + "/bot"
    bot = Bot(TOKEN, base_url=url, request=HTTPXRequest(), get_updates_request=HTTPXRequest())
    await bot.initialize()
    listener = Listener(bot)
    task = asyncio.create_task(listener.run())
    try:
        async with asyncio.timeout(BOUND):
            yield standin, bot, listener
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await bot.shutdown()
        await standin.stop()


def keyboard(*buttons):
    """Return an inline keyboard of one column; a text is a button with itself as data."""
    made = [InlineKeyboardButton(b, callback_data=b) if isinstance(b, str) else b for b in buttons]
    return InlineKeyboardMarkup([[button] for button in made])


async def test_the_environment_points_the_adapter_here():
    """Mode and address are told; the bridge's rates are off unless floods are refused."""
    polling, webhook = TelegramStandIn(), TelegramStandIn("webhook", strict=True)
    try:
        first = await polling.start("http://127.0.0.1:8000")
        second = await webhook.start("http://127.0.0.1:8000")
    finally:
        await polling.stop()
        await webhook.stop()
    assert (first["TELEGRAM_MODE"], second["TELEGRAM_MODE"]) == ("polling", "webhook")
    assert ("PUBLIC_URL" in first, second["PUBLIC_URL"]) == (False, "http://127.0.0.1:8000")
    assert first["TELEGRAM_CHAT_RATE_PER_SECOND"] == "0"
    assert not [name for name in second if "RATE" in name]
    assert first["TELEGRAM_API_URL"].startswith("http://127.0.0.1:")


async def test_typing_returns_when_the_bot_has_taken_it():
    """Several persons have ids and private chats of their own, in the order of their coming."""
    async with listening() as (standin, _, listener):
        await standin.type("hello")
        await standin.type("/start cake", person="bob")
        first, second = (update.message for update in listener.updates)
        assert (first.from_user.id, first.chat.id, first.text) == (1001, 1001, "hello")
        assert (second.from_user.id, second.chat.id) == (1002, 1002)
        assert [e.type for e in second.entities] == ["bot_command"]
        assert [m.text for m in standin.screen().messages] == ["hello"]
        assert [m.ours for m in standin.screen(person="bob").messages] == [False]


async def test_what_a_person_writes_is_no_link_of_the_bots():
    """Only what the bot shows counts as an address that can be opened."""
    async with listening() as (standin, bot, _):
        await standin.type("see https://example.com")
        await bot.send_message(1001, "or https://example.org")
        assert standin.screen().links == ("https://example.org",)


async def test_a_long_text_goes_in_parts():
    """As the app does it: several messages, in order."""
    async with listening() as (standin, _, listener):
        await standin.type("x" * 5000)
        assert [len(update.message.text) for update in listener.updates] == [4096, 904]


async def test_a_tap_tells_the_message_and_the_person():
    """A button is found by id, label or part of it; the newest first."""
    async with listening() as (standin, bot, listener):
        await standin.type("hi")
        old = await bot.send_message(1001, "Which?", reply_markup=keyboard("v1.a", "v1.b"))
        new = await bot.send_message(1001, "Which?", reply_markup=keyboard("v1.b", "Bee 3"))
        for choice in ("v1.a", "v1.b", "Bee"):
            await standin.tap(choice)
        taps = [update.callback_query for update in listener.updates[1:]]
        assert [(tap.data, tap.message.message_id) for tap in taps] == [
            ("v1.a", old.message_id),
            ("v1.b", new.message_id),
            ("Bee 3", new.message_id),
        ]
        assert len({tap.id for tap in taps}) == 3
        assert taps[0].from_user.id == 1001
        assert taps[0].message.reply_markup == keyboard("v1.a", "v1.b")


async def test_a_button_that_has_gone_can_still_be_tapped():
    """On a screen that was not redrawn; and data can be forged, but only our kind is."""
    async with listening() as (standin, bot, listener):
        await standin.type("hi")
        sent = await bot.send_message(1001, "Which?", reply_markup=keyboard("old data"))
        await bot.edit_message_text("Chosen", 1001, sent.message_id)
        await standin.tap("old data")
        await standin.tap("v1.forged")
        assert [u.callback_query.data for u in listener.updates[1:]] == ["old data", "v1.forged"]
        with pytest.raises(LookupError, match="No button 'nothing'"):
            await standin.tap("nothing")
        await bot.delete_message(1001, sent.message_id)
        await standin.tap("old data")
        assert not listener.updates[-1].callback_query.message.is_accessible


async def test_links_are_opened_and_texts_copied():
    """Neither reaches the bot, but for a link that starts it in the private chat."""
    start = InlineKeyboardButton("Start", url=f"https://t.me/{USERNAME}?start=pay-1")
    pay = InlineKeyboardButton("Pay", url="https://pay.example/1")
    copy = InlineKeyboardButton("Copy", copy_text=CopyTextButton("https://pay.example/1"))
    async with listening() as (standin, bot, listener):
        await standin.type("/start", group="staff")
        chat = listener.message.chat.id
        await bot.send_message(chat, "Ready", reply_markup=keyboard(start, pay, copy))
        await standin.tap("Pay", group="staff")
        await standin.tap("Copy", group="staff")
        assert len(listener.updates) == 1
        await standin.tap("Start", group="staff", person="bob")
        assert (listener.message.text, listener.message.chat.id) == ("/start pay-1", 1002)
        assert standin.acting.opened == [pay.url, start.url]
        assert standin.acting.copied == ["https://pay.example/1"]


async def test_reply_keyboards_type_or_share():
    """A key types its text or shares the own number; one for one use goes then."""
    keys = [[KeyboardButton("Share", request_contact=True)], [KeyboardButton("No, thanks")]]
    once = ReplyKeyboardMarkup(keys, one_time_keyboard=True)
    async with listening() as (standin, bot, listener):
        await standin.type("hi")
        for choice in ("Share", "No, thanks"):
            await bot.send_message(1001, "Your number?", reply_markup=once)
            labels = [c.label for c in standin.screen().messages[-1].choices]
            assert labels == ["Share", "No, thanks"]
            await standin.tap(choice)
            assert not [c for m in standin.screen().messages for c in m.choices]
        contact = listener.updates[1].message.contact
        assert (contact.user_id, contact.phone_number) == (1001, "15550001001")
        assert listener.message.text == "No, thanks"
        await standin.share_number()
        assert listener.message.contact == contact


async def test_reply_keyboards_stay_until_they_are_replaced():
    """A lasting keyboard stays after use; a new one or a removal takes it away."""
    async with listening() as (standin, bot, _):
        await standin.type("hi")
        await bot.send_message(1001, "1", reply_markup=ReplyKeyboardMarkup([["Yes"]]))
        await standin.tap("Yes")
        choices = [[c.label for c in m.choices] for m in standin.screen().messages]
        assert choices == [[], ["Yes"], []]
        await bot.send_message(1001, "2", reply_markup=ReplyKeyboardMarkup([["No"]]))
        choices = [[c.label for c in m.choices] for m in standin.screen().messages]
        assert choices == [[], [], [], ["No"]]
        await bot.send_message(1001, "3", reply_markup=ReplyKeyboardRemove())
        assert not [c for m in standin.screen().messages for c in m.choices]


@pytest.mark.parametrize("kind", KINDS)
async def test_all_kinds_of_messages_can_be_sent(kind):
    """Each is read by the library as what it is."""
    async with listening() as (standin, _, listener):
        await standin.send(kind, caption="Look")
        assert getattr(listener.message, kind)
        assert standin.screen().messages[-1].text == "Look"
        await standin.send(kind)
        assert standin.screen().messages[-1].text == f"({kind})"


async def test_a_message_can_be_edited():
    """The latest one of the person; the bot hears of it as an edit."""
    async with listening() as (standin, _, listener):
        await standin.type("/helo")
        await standin.edit("hello")
        edited = listener.updates[-1].edited_message
        assert (edited.text, edited.message_id, edited.entities) == ("hello", 1, ())
        assert [m.text for m in standin.screen().messages] == ["hello"]
        with pytest.raises(LookupError, match="bob has sent nothing"):
            await standin.edit("x", person="bob")


async def test_privacy_mode_keeps_what_is_not_for_the_bot():
    """In a group the bot gets commands, mentions and replies; without the mode, everything."""
    async with listening() as (standin, bot, listener):
        await standin.type("/start", group="staff")
        await standin.type("just talking", group="staff", person="bob")
        await standin.edit("still talking", group="staff", person="bob")
        await standin.type(f"@{USERNAME} 4 people", group="staff", person="bob")
        chat = listener.message.chat
        await bot.send_message(chat.id, "When?")
        await standin.type("at noon", group="staff", reply_to_bot=True)
        await standin.edit("at one", group="staff")
        heard = [(u.message or u.edited_message).text for u in listener.updates]
        assert heard == ["/start", f"@{USERNAME} 4 people", "at noon", "at one"]
        assert (chat.type, chat.id) == ("group", -5001)
        assert listener.updates[2].message.reply_to_message.text == "When?"
        seen = [m.text for m in standin.screen(group="staff", person="eve").messages]
        assert seen == ["/start", "still talking", heard[1], "When?", "at one"]
        standin.acting.privacy = False
        await standin.type("hear me", group="staff")
        assert listener.message.text == "hear me"


async def test_topics_have_numbers_and_a_first_message():
    """In a forum what is no reply replies to the making of the topic; private ones have none."""
    async with listening() as (standin, bot, listener):
        await standin.type("/start", group="club", topic=7)
        first = listener.message
        assert (first.message_thread_id, first.is_topic_message) == (7, True)
        assert first.reply_to_message.forum_topic_created.name == "Topic 7"
        assert (first.chat.type, first.chat.is_forum) == ("supergroup", True)
        await bot.send_message(first.chat.id, "Hello", message_thread_id=7)
        await standin.type("hi", group="club", topic=7, reply_to_bot=True)
        assert listener.message.reply_to_message.text == "Hello"
        await standin.type("hi", topic=3)
        assert (listener.message.message_thread_id, listener.message.reply_to_message) == (3, None)
        screen = await standin.until(lambda seen: seen.messages, topic=3)
        assert [m.text for m in screen.messages] == ["hi"]
        assert standin.screen().messages == ()


async def test_replies_in_supergroups_have_threads_that_are_no_topics():
    """The number of the thread is there, and it is no topic."""
    async with listening() as (standin, bot, listener):
        await standin.type("/start", group="staff")
        await standin.migrate("staff")
        sent = await bot.send_message(listener.message.chat.id, "When?")
        await standin.type("now", group="staff", reply_to_bot=True)
        thread = listener.message.message_thread_id
        assert (thread, listener.message.is_topic_message) == (sent.message_id, None)


async def test_a_group_becomes_a_supergroup():
    """Both sides are told; the history stays in sight, without its buttons."""
    async with listening() as (standin, bot, listener):
        await standin.type("/start", group="staff")
        old = listener.message.chat.id
        await bot.send_message(old, "Which?", reply_markup=keyboard("A"))
        await standin.migrate("staff")
        left, entered = (update.message for update in listener.updates[-2:])
        assert left.chat.id == entered.migrate_from_chat_id == old
        assert left.migrate_to_chat_id == entered.chat.id == -1001000000001
        messages = standin.screen(group="staff").messages
        assert [(m.text, m.choices) for m in messages] == [("/start", ()), ("Which?", ())]
        with pytest.raises(LookupError, match="supergroup already"):
            await standin.migrate("staff")


async def test_blocking_and_removing_are_told():
    """The bot's membership changes; who has blocked it can't write to it."""
    async with listening() as (standin, _, listener):
        await standin.type("hi")
        await standin.block()
        with pytest.raises(LookupError, match="unblock it first"):
            await standin.type("hi")
        await standin.unblock()
        await standin.type("hi again")
        await standin.add_bot("club", forum=True)
        await standin.remove_bot("club")
        await standin.type("/start", group="club")
        with pytest.raises(LookupError, match="No button"):
            await standin.tap("v1.forged", group="club")
        changes = [u.my_chat_member for u in listener.updates if u.my_chat_member]
    gone, there = ChatMemberStatus.BANNED, ChatMemberStatus.MEMBER
    assert [(c.old_chat_member.status, c.new_chat_member.status) for c in changes] == [
        (there, gone),
        (gone, there),
        (gone, there),
        (there, gone),
    ]
    assert [c.chat.type for c in changes] == ["private", "private", "supergroup", "supergroup"]
    assert listener.updates[-1].my_chat_member is not None


async def test_a_bot_that_was_removed_hears_no_taps():
    """Its buttons are still on the screen, and reach nobody."""
    async with listening() as (standin, bot, listener):
        await standin.type("/start", group="staff")
        await bot.send_message(listener.message.chat.id, "Which?", reply_markup=keyboard("A"))
        await standin.remove_bot("staff")
        await standin.tap("A", group="staff")
        assert listener.updates[-1].my_chat_member is not None


async def test_screens_can_be_waited_for():
    """By version or by what is seen; several may wait."""
    async with listening() as (standin, bot, _):
        await standin.type("hi")
        version = standin.screen().version
        waiting = [
            asyncio.create_task(standin.changed(version)),
            asyncio.create_task(standin.until(lambda seen: len(seen.messages) == 3)),
        ]
        for text in ("one", "two"):
            await bot.send_message(1001, text)
        changed, until = await asyncio.gather(*waiting)
    assert changed.version > version
    assert [m.text for m in until.messages] == ["hi", "one", "two"]


async def test_a_bot_may_go_and_come_back():
    """What it has not taken comes again; the stand-in keeps its address when it is restarted."""
    standin = TelegramStandIn()
    environ = await standin.start("")
    url = environ["TELEGRAM_API_URL"] + "/bot"
    try:
        async with asyncio.timeout(BOUND):
            writing = asyncio.create_task(standin.type("hello"))
            for _ in range(2):
                async with Bot(TOKEN, base_url=url) as bot:
                    (update,) = await bot.get_updates(timeout=10)
            assert not writing.done()
            await standin.stop()
            await writing
            assert await standin.start("") == environ
            async with Bot(TOKEN, base_url=url) as bot:
                assert await bot.get_updates() == (update,)
                await standin.server.close()
                with pytest.raises(TelegramError):
                    await bot.get_me()
                await standin.server.open()
                await bot.set_webhook("http://127.0.0.1:1/x")
            await standin.stop()
            await standin.start("")
            assert standin.postman.info()["url"] == "http://127.0.0.1:1/x"
    finally:
        await standin.stop()

"""The methods of the Bot API in miniature, called by the real library."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from telegram import (
    Bot,
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.request import HTTPXRequest

from adapters.telegram.miniature.chats import Standing
from adapters.telegram.standin import BOT, TOKEN, USERNAME, TelegramStandIn

# The library warns of a type to come whenever it reads a 429.
pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after")

ADA, GONE, OLD = 1001, 4711, -5001


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def talking(**options):
    """Start a stand-in in which ada has opened her chat; give it and a library's bot."""
    standin = TelegramStandIn(clock=Clock(), **options)
    environ = await standin.start("")
    standin.world.person("ada")
    standin.world.private("ada").standing = Standing.OPEN
    bot = Bot(
        environ["TELEGRAM_BOT_TOKEN"],
        base_url=environ["TELEGRAM_API_URL"] + "/bot",
        request=HTTPXRequest(),
    )
    await bot.initialize()
    try:
        yield standin, bot
    finally:
        await bot.shutdown()
        await standin.stop()


def keyboard(*rows):
    """Return an inline keyboard; labels are their own data."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label) for label in row] for row in rows]
    )


async def refused(kind, *calls):
    """Return in which words the library says that all these were refused."""
    caught = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(error) for error in caught} == {kind}
    words = [error.message for error in caught]
    return words if len(words) > 1 else words[0]


async def test_the_bot_is_known():
    """GetMe tells who the token is of."""
    async with talking() as (_, bot):
        me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (BOT, USERNAME, True)
    assert TOKEN.startswith(f"{BOT}:")
    assert (me.can_read_all_group_messages, me.has_topics_enabled) == (False, True)


async def test_a_message_is_shown_and_returned():
    """A sent message comes back as the library's, with all that was given and found."""
    async with talking() as (standin, bot):
        sent = await bot.send_message(
            ADA,
            "Which cake? See example.com",
            entities=[MessageEntity(MessageEntity.BOLD, 0, 5)],
            reply_markup=keyboard(["Chocolate", "Lemon"]),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        screen = standin.screen()
    assert isinstance(sent, Message)
    assert (sent.chat.id, sent.chat.type, sent.message_id) == (ADA, "private", 1)
    assert (sent.from_user.id, sent.date.timestamp()) == (BOT, 1_800_000_000.0)
    assert sent.parse_entities() == dict(zip(sent.entities, ["Which", "example.com"], strict=True))
    assert sent.reply_markup == keyboard(["Chocolate", "Lemon"])
    assert [(m.ours, m.text) for m in screen.messages] == [(True, "Which cake? See example.com")]
    assert [(c.id, c.label, c.url) for c in screen.messages[0].choices] == [
        ("Chocolate", "Chocolate", ""),
        ("Lemon", "Lemon", ""),
    ]
    assert screen.links == ("example.com",)


async def test_links_and_copies_are_shown():
    """A link can be opened, also one in a text; a button that copies is no link."""
    link = InlineKeyboardButton("Pay", url="https://pay.example/1")
    copy = InlineKeyboardButton("Copy link", copy_text=CopyTextButton("https://pay.example/1"))
    here = MessageEntity(MessageEntity.TEXT_LINK, 0, 4, url="https://example.org")
    async with talking() as (standin, bot):
        await bot.send_message(
            ADA, "Here", entities=[here], reply_markup=InlineKeyboardMarkup([[link], [copy]])
        )
        screen = standin.screen()
    assert screen.links == ("https://example.org", "https://pay.example/1")
    assert [(c.label, c.url) for c in screen.messages[0].choices] == [
        ("Pay", "https://pay.example/1"),
        ("Copy link", ""),
    ]


async def test_an_edit_changes_the_message():
    """An edit replaces text and buttons; without buttons it takes them away."""
    async with talking() as (standin, bot):
        sent = await bot.send_message(ADA, "Which *cake*?", reply_markup=keyboard(["A"]))
        edited = await bot.edit_message_text("Chosen", ADA, sent.message_id)
        assert (edited.text, edited.reply_markup, edited.edit_date) == (
            "Chosen",
            None,
            edited.date,
        )
        buttons = await bot.edit_message_reply_markup(
            ADA, sent.message_id, reply_markup=keyboard(["B"])
        )
        assert buttons.reply_markup == keyboard(["B"])
        assert [c.id for c in standin.screen().messages[0].choices] == ["B"]
        assert standin.screen().version == 3


async def test_an_edit_that_changes_nothing_is_refused():
    """The same text with the same buttons is no edit; nor are the same buttons."""
    async with talking() as (_, bot):
        sent = await bot.send_message(ADA, "One", reply_markup=keyboard(["A"]))
        same = (
            bot.edit_message_text("One", ADA, sent.message_id, reply_markup=keyboard(["A"])),
            bot.edit_message_reply_markup(ADA, sent.message_id, reply_markup=keyboard(["A"])),
        )
        words = await refused(BadRequest, *same)
    assert words[0] == words[1]
    assert words[0] == (
        "Message is not modified: specified new message content and reply markup are exactly the"
        " same as a current content and reply markup of the message"
    )


async def test_what_cannot_be_edited():
    """Only the bot's own messages that are there."""
    async with talking() as (standin, bot):
        standin.acting.say("ada", standin.place(), "hello")
        words = await refused(
            BadRequest,
            bot.edit_message_text("x", ADA, 99),
            bot.edit_message_text("x", ADA, 1),
            bot.edit_message_text("x", ADA),
        )
    assert words == [
        "Message to edit not found",
        "Message can't be edited",
        "Message identifier is not specified",
    ]


async def test_a_message_can_be_taken_away():
    """Once; in a group only the bot's own."""
    async with talking() as (standin, bot):
        sent = await bot.send_message(ADA, "Oops")
        assert await bot.delete_message(ADA, sent.message_id) is True
        assert standin.screen().messages == ()
        again = bot.delete_message(ADA, sent.message_id)
        assert await refused(BadRequest, again) == "Message to delete not found"
        place = standin.place(group="staff")
        standin.acting.say("ada", place, "hello")
        theirs = bot.delete_message(place.chat.id, 2)
        assert await refused(BadRequest, theirs) == "Message can't be deleted"


async def test_requests_that_say_too_little_or_too_much_are_refused():
    """The words are the real server's."""
    async with talking() as (_, bot):
        calls = (
            bot.send_message(ADA, ""),
            bot.send_message(ADA, "x" * 4097),
            bot.send_message("", "x"),
            bot.send_message(GONE, "x"),
            bot.send_message("@somebody", "x"),
            bot.send_message(ADA, "x", message_thread_id=5),
            bot.send_message(ADA, "x", reply_markup=keyboard(["y" * 65])),
            bot.send_message(ADA, "x", reply_parameters=ReplyParameters(99)),
            bot.send_chat_action(ADA, "dancing"),
        )
        words = await refused(BadRequest, *calls)
    assert words == [
        "Message text is empty",
        "Message is too long",
        "Chat_id is empty",
        "Chat not found",
        "Chat not found",
        "Message thread not found",
        "Button_data_invalid",
        "Message to be replied not found",
        "Wrong parameter action in request",
    ]


async def test_replies_are_threaded():
    """A reply holds what it replies to, one level deep; it may go on without."""
    async with talking() as (_, bot):
        first = await bot.send_message(ADA, "One")
        second = await bot.send_message(ADA, "Two", reply_parameters=ReplyParameters(1))
        third = await bot.send_message(ADA, "Three", reply_parameters=ReplyParameters(2))
        loose = ReplyParameters(99, allow_sending_without_reply=True)
        fourth = await bot.send_message(ADA, "Four", reply_parameters=loose)
    assert second.reply_to_message == first
    assert third.reply_to_message.message_id == second.message_id
    assert third.reply_to_message.reply_to_message is None
    assert fourth.reply_to_message is None


async def test_chats_that_are_closed():
    """Blocked, never opened, removed, upgraded and deleted are told apart."""
    async with talking() as (standin, bot):
        world = standin.world
        standin.acting.say("eve", standin.place("eve", "staff"), "hello")
        met = bot.send_message(world.person("eve").id, "x")
        assert await refused(Forbidden, met) == (
            "Forbidden: bot can't initiate conversation with a user"
        )
        standin.acting.join("ada", world.private("ada"), inside=False)
        assert await refused(Forbidden, bot.send_message(ADA, "x")) == (
            "Forbidden: bot was blocked by the user"
        )
        standin.delete_account()
        assert await refused(Forbidden, bot.send_message(ADA, "x")) == (
            "Forbidden: user is deactivated"
        )
        standin.acting.migrate("ada", "staff")
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(OLD, "x")
        new = moved.value.new_chat_id
        assert (await bot.send_message(new, "x")).chat.type == "supergroup"
        standin.acting.join("ada", world.group("staff"), inside=False)
        assert await refused(Forbidden, bot.send_message(new, "x")) == (
            "Forbidden: bot was kicked from the supergroup chat"
        )


async def test_taps_are_answered_once_and_in_time():
    """The answer is seen as a toast; a second one, a late one and a strange one are refused."""
    late = "Query is too old and response timeout expired or query id is invalid"
    async with talking() as (standin, bot):
        await bot.send_message(ADA, "Which?", reply_markup=keyboard(["A"]))
        for _ in range(2):
            standin.acting.tap("ada", standin.place(), "A")
        first, second = standin.api.taps
        assert await bot.answer_callback_query(first, "Taken") is True
        assert standin.screen().toast == "Taken"
        assert await refused(BadRequest, bot.answer_callback_query(first)) == late
        assert await refused(BadRequest, bot.answer_callback_query("1")) == late
        long = bot.answer_callback_query(second, "x" * 201)
        assert await refused(BadRequest, long) == "Message_too_long"
        standin.api._clock.now += 10.1
        assert await refused(BadRequest, bot.answer_callback_query(second)) == late


async def test_typing_is_seen_for_a_while():
    """Until the bot's message comes, or five seconds are over."""
    async with talking() as (standin, bot):
        assert not standin.typing()
        await bot.send_chat_action(ADA, ChatAction.TYPING)
        assert standin.typing()
        await bot.send_message(ADA, "Here")
        assert not standin.typing()
        await bot.send_chat_action(ADA, ChatAction.TYPING)
        standin.api._clock.now += 5.0
        assert not standin.typing()
        await bot.send_chat_action(ADA, ChatAction.UPLOAD_PHOTO)
        assert not standin.typing()


async def test_topics_must_exist():
    """A topic takes messages once somebody wrote in it, until it is deleted."""
    async with talking() as (standin, bot):
        place = standin.place(group="club", topic=9)
        standin.acting.say("ada", place, "hi")
        sent = await bot.send_message(place.chat.id, "Welcome", message_thread_id=9)
        assert (sent.message_thread_id, sent.is_topic_message) == (9, True)
        general = await bot.send_message(place.chat.id, "All")
        assert (general.message_thread_id, general.is_topic_message) == (None, None)
        texts = [m.text for m in standin.screen(group="club", topic=9).messages]
        assert texts == ["hi", "Welcome"]
        assert [m.text for m in standin.screen(group="club").messages] == ["All"]
        standin.delete_topic(9, group="club")
        gone = bot.send_message(place.chat.id, "x", message_thread_id=9)
        assert await refused(BadRequest, gone) == "Message thread not found"


async def test_a_number_is_asked_for_in_private_chats_only():
    """A group takes no keyboard that asks for a telephone number."""
    markup = ReplyKeyboardMarkup([[KeyboardButton("Share", request_contact=True)]])
    async with talking() as (standin, bot):
        group = standin.world.group("staff")
        assert await bot.send_message(ADA, "Your number?", reply_markup=markup)
        words = await refused(BadRequest, bot.send_message(group.id, "x", reply_markup=markup))
    assert words == "Phone number can be requested in private chats only"


async def test_the_bot_can_be_described():
    """Commands and descriptions are kept, each for its scope and language."""
    commands = [BotCommand("start", "Begin"), BotCommand("help", "What can I say?")]
    async with talking() as (_, bot):
        assert await bot.get_my_commands() == ()
        await bot.set_my_commands(commands)
        await bot.set_my_commands(commands[:1], language_code="de")
        await bot.set_my_description("Orders cakes.")
        await bot.set_my_short_description("Cakes.")
        assert await bot.get_my_commands() == tuple(commands)
        assert await bot.get_my_commands(language_code="de") == tuple(commands[:1])
        assert (await bot.get_my_description()).description == "Orders cakes."
        assert (await bot.get_my_description("de")).description == ""
        assert (await bot.get_my_short_description()).short_description == "Cakes."


async def test_descriptions_have_limits():
    """100 commands of small letters, with descriptions; 512 and 120 characters of description."""
    async with talking() as (_, bot):
        calls = (
            bot.set_my_commands([BotCommand(f"c{n}", "x") for n in range(101)]),
            bot.set_my_commands([BotCommand("Start", "x")]),
            bot.set_my_commands([BotCommand("start", "")]),
            bot.set_my_description("x" * 513),
            bot.set_my_short_description("x" * 121),
        )
        assert await refused(BadRequest, *calls) == [
            "Bot_commands_too_much",
            "Bot_command_invalid",
            "Bot_command_description_invalid",
            "Description is too long",
            "Short_description is too long",
        ]


async def test_a_chat_can_be_looked_at():
    """GetChat tells a chat's kind and name."""
    async with talking() as (standin, bot):
        chat = await bot.get_chat(ADA)
        group = await bot.get_chat(standin.world.group("club", forum=True).id)
    assert (chat.id, chat.type, chat.first_name) == (ADA, "private", "Ada")
    assert (group.type, group.title, group.is_forum) == ("supergroup", "club", True)


async def test_floods_are_refused_where_asked_for():
    """A strict stand-in holds back the fifth message at once in a chat, edits counted too."""
    async with talking(strict=True) as (standin, bot):
        sent = await bot.send_message(ADA, "1")
        for n in "234":
            await bot.edit_message_text(n, ADA, sent.message_id)
        words = await refused_later(bot.edit_message_text("5", ADA, sent.message_id))
        assert "1 second" in words
        assert standin.api.flood.penalties == 1
        assert standin.log[-1].status == 429
        standin.api._clock.now += 1
        await bot.edit_message_text("5", ADA, sent.message_id)


async def refused_later(call) -> str:
    """Return the words of a 429."""
    with pytest.raises(TelegramError) as caught:
        await call
    return str(caught.value)

"""The methods of the Bot API that the bridge uses, as they change the world. No I/O.

Each takes the parameters and returns the result, or raises `Refused`. Source:
core.telegram.org/bots/api#available-methods.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.telegram.miniature import rules
from adapters.telegram.miniature.chats import Chat, Message, Standing, World, flat
from adapters.telegram.miniature.reading import (
    Body,
    Refused,
    bad,
    child,
    children,
    flag,
    number,
    units,
    words,
)
from adapters.telegram.miniature.typed import detected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from adapters.telegram.miniature.flood import Flood

ANSWER_TIME = 10.0
"""Seconds in which a tap must be answered; undocumented, experience says 5 to 15."""
TYPING_TIME = 5.0
"""core.telegram.org/bots/api#sendchataction."""
DESCRIPTION, SHORT_DESCRIPTION = 512, 120
"""core.telegram.org/bots/api#setmydescription, #setmyshortdescription: characters."""
COMMANDS, COMMAND_TEXT = 100, 256
"""core.telegram.org/bots/api#setmycommands, #botcommand."""
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_CLOSED = {
    Standing.UNKNOWN: (400, "Bad Request: chat not found"),
    Standing.MET: (403, "Forbidden: bot can't initiate conversation with a user"),
    Standing.BLOCKED: (403, "Forbidden: bot was blocked by the user"),
    Standing.DELETED: (403, "Forbidden: user is deactivated"),
}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
_LATE = "query is too old and response timeout expired or query ID is invalid"


class Api:
    """All methods, for one bot.

    * `me`: the bot, as getMe tells it. `flood`: None takes any number of sends.
    * `taps`: what waits for an answer: id to chat, person and time.
    """

    def __init__(self, world: World, me: Body, clock: Callable[[], float]) -> None:
        self.me = me
        self.flood: Flood | None = None
        self.taps: dict[str, tuple[Chat, str, float]] = {}
        self.commands: dict[str, list[Body]] = {}
        self.descriptions: dict[str, str] = {}
        self._world = world
        self._clock = clock
        self._from: Body = {key: me[key] for key in ("id", "is_bot", "first_name", "username")}
        self.methods: Mapping[str, Callable[[Body], object]] = {
            "getme": lambda _: self.me,
            "getchat": self._get_chat,
            "sendmessage": self._send,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete,
            "answercallbackquery": self._answer,
            "sendchataction": self._act,
            "setmycommands": self._set_commands,
            "getmycommands": lambda body: self.commands.get(_scope(body), []),
            "setmydescription": lambda body: self._describe("description", body),
            "getmydescription": lambda body: self._described("description", body),
            "setmyshortdescription": lambda body: self._describe("short_description", body),
            "getmyshortdescription": lambda body: self._described("short_description", body),
        }

    def _send(self, body: Body) -> Body:
        text = rules.text_of(body)
        chat = self._open(body)
        entities = rules.entities_of(body)
        markup = rules.markup_of(body, private=chat.private)
        topic = _topic(chat, body)
        answered = _replied(chat, body)
        self._count(chat)
        made: Body = {
            "message_id": self._world.number(chat),
            "from": self._from,
            "chat": chat.about,
            "date": int(self._clock()),
            "text": text,
        }
        _add(made, "entities", detected(text, entities))
        _add(made, "reply_to_message", answered)
        if topic:
            made |= {"message_thread_id": topic, "is_topic_message": True}
        if "inline_keyboard" in markup:
            made["reply_markup"] = markup
        message = Message(
            id=number(made, "message_id"), ours=True, topic=topic, body=made, keyboard=markup
        )
        self._world.add(chat, message)
        self._show_keyboard(chat, message)
        return made

    def _show_keyboard(self, chat: Chat, message: Message) -> None:
        if "keyboard" in message.keyboard:
            self._world.raise_keyboard(chat, message.id)
        elif flag(message.keyboard, "remove_keyboard"):
            self._world.raise_keyboard(chat, 0)

    def _edit_text(self, body: Body) -> Body:
        text = rules.text_of(body)
        chat, message = self._ours(body)
        changes: Body = {"text": text}
        _add(changes, "entities", detected(text, rules.entities_of(body)))
        _add(changes, "reply_markup", rules.inline_of(body))
        return self._change(chat, message, ("text", "entities", "reply_markup"), changes)

    def _edit_markup(self, body: Body) -> Body:
        chat, message = self._ours(body)
        changes: Body = {}
        _add(changes, "reply_markup", rules.inline_of(body))
        return self._change(chat, message, ("reply_markup",), changes)

    def _change(
        self, chat: Chat, message: Message, members: tuple[str, ...], changes: Body
    ) -> Body:
        if all(message.body.get(name) == changes.get(name) for name in members):
            raise bad(_NOT_MODIFIED)
        self._count(chat)
        kept = {name: value for name, value in message.body.items() if name not in members}
        made = kept | changes | {"edit_date": int(self._clock())}
        self._world.replace(chat, message, made)
        return made

    def _delete(self, body: Body) -> bool:
        chat = self._open(body)
        message = chat.messages.get(number(body, "message_id"))
        if message is None:
            raise bad("message to delete not found")
        if not message.ours and not chat.private:
            raise bad("message can't be deleted")
        self._world.remove(chat, message)
        return True

    def _answer(self, body: Body) -> bool:
        text = rules.toast_of(body)
        chat, person, at = self.taps.pop(words(body, "callback_query_id"), (None, "", 0.0))
        if chat is None or self._clock() - at > ANSWER_TIME:
            raise bad(_LATE)
        chat.toasts[person] = text
        self._world.touch(chat)
        return True

    def _act(self, body: Body) -> bool:
        chat = self._open(body)
        if words(body, "action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        _topic(chat, body)
        if body["action"] == "typing":
            chat.typing_until = self._clock() + TYPING_TIME
            self._world.touch(chat)
        return True

    def _get_chat(self, body: Body) -> Body:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        accepted = dict.fromkeys((*gifts, "gifts_from_channels"), False)
        more: Body = {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": accepted,
        }
        return self._open(body).about | more

    def _set_commands(self, body: Body) -> bool:
        commands = children(body, "commands")
        if len(commands) > COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            if not _COMMAND.fullmatch(words(one, "command")):
                raise bad("BOT_COMMAND_INVALID")
            if not 0 < units(words(one, "description")) <= COMMAND_TEXT:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_scope(body)] = commands
        return True

    def _describe(self, kind: str, body: Body) -> bool:
        text = words(body, kind)
        most = SHORT_DESCRIPTION if kind == "short_description" else DESCRIPTION
        if units(text) > most:
            raise bad(f"{kind} is too long")  # wording unknown
        self.descriptions[f"{kind} {words(body, 'language_code')}"] = text
        return True

    def _described(self, kind: str, body: Body) -> Body:
        return {kind: self.descriptions.get(f"{kind} {words(body, 'language_code')}", "")}

    def _open(self, body: Body) -> Chat:
        """Return the chat, if the bot may write to it."""
        if body.get("chat_id") in (None, ""):
            raise bad("chat_id is empty")
        chat = self._world.find(number(body, "chat_id"))
        if chat is None:
            raise Refused(*_CLOSED[Standing.UNKNOWN])
        if chat.standing is Standing.MOVED:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        if chat.standing is Standing.KICKED:
            raise Refused(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        if chat.standing in _CLOSED:
            raise Refused(*_CLOSED[chat.standing])
        return chat

    def _ours(self, body: Body) -> tuple[Chat, Message]:
        """Return the message that is to be edited."""
        chat = self._open(body)
        if "message_id" not in body:
            raise bad("message identifier is not specified")
        message = chat.messages.get(number(body, "message_id"))
        if message is None:
            raise bad("message to edit not found")
        if not message.ours:
            raise bad("message can't be edited")
        return chat, message

    def _count(self, chat: Chat) -> None:
        if self.flood is not None:
            self.flood.take(chat.id, self._clock())


def _topic(chat: Chat, body: Body) -> int:
    """Return the topic that is asked for; 0 is the chat itself."""
    topic = number(body, "message_thread_id")
    if topic and topic not in chat.topics:
        raise bad("message thread not found")
    return topic


def _replied(chat: Chat, body: Body) -> Body:
    parameters = child(body, "reply_parameters")
    if not parameters:
        return {}
    message = chat.messages.get(number(parameters, "message_id"))
    if message is not None:
        return flat(message.body)
    if flag(parameters, "allow_sending_without_reply"):
        return {}
    raise bad("message to be replied not found")


def _add(body: Body, name: str, value: list[Body] | Body) -> None:
    """Add a member, unless it is empty: Telegram sends no empty ones."""
    if value:
        body[name] = value


def _scope(body: Body) -> str:
    scope = child(body, "scope")
    name = words(scope, "type") or "default"
    return f"{name} {scope.get('chat_id', '')} {words(body, 'language_code')}"

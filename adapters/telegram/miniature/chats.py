"""Persons, their chats with the bot, and the messages in them. No I/O.

Ids: persons from 1001, in the order in which they appear; a private chat has its person's id;
groups from -5001 downwards, supergroups from -1001000000001 downwards (Bot API, Chat.id).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING

from adapters.telegram.miniature.reading import Body, child, children, listed, objects, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bridge.protocol.standin import Shown


class Standing(Enum):
    """How the bot stands in a chat."""

    UNKNOWN = "the bot has never heard of it"
    MET = "a person known from a group, who has not opened the private chat"
    OPEN = "may write"
    BLOCKED = "the person has blocked it"
    KICKED = "removed from the group"
    MOVED = "the group has become a supergroup"
    DELETED = "the person's account is gone"


@dataclass(slots=True, kw_only=True)
class Message:
    """One message: its JSON, the reply keyboard it brought, how it looks (made when asked for)."""

    id: int
    ours: bool
    topic: int
    body: Body
    keyboard: Body = field(default_factory=dict[str, object])
    shown: Shown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account; `number` is their own telephone number, without the plus."""

    name: str
    id: int
    number: str
    about: Body


@dataclass(slots=True, kw_only=True)
class Chat:
    """One chat.

    * `topics`: the threads that exist in it; `had`: callback data to the latest message that had
      it, for taps on screens that were not redrawn; `keyboard`: the message whose reply keyboard
      is up, or 0; `toasts`, by person; `typing_until`: by the clock.
    """

    id: int
    kind: str
    name: str
    about: Body
    standing: Standing
    forum: bool = False
    moved_to: int = 0
    topics: set[int] = field(default_factory=set[int])
    messages: dict[int, Message] = field(default_factory=dict[int, Message])
    before: tuple[Shown, ...] = ()
    had: dict[str, int] = field(default_factory=dict[str, int])
    keyboard: int = 0
    toasts: dict[str, str] = field(default_factory=dict[str, str])
    typing_until: float = 0.0
    version: int = 0

    @property
    def private(self) -> bool:
        """Whether it has one person only."""
        return self.kind == "private"

    def latest(self, topic: int, *, ours: bool) -> Message | None:
        """Return the latest message there by the bot, or by anybody else."""
        messages = reversed(self.messages.values())
        return next((m for m in messages if m.ours is ours and m.topic == topic), None)


class World:
    """All persons and chats of one bot; `changed` is told of every change that can be seen."""

    def __init__(self, changed: Callable[[Chat], None]) -> None:
        self.persons: dict[str, Person] = {}
        self._groups: dict[str, Chat] = {}
        self._chats: dict[int, Chat] = {}
        self._changed = changed
        # Private chats and basic groups share the numbers of the bot's own account.
        self._own: Iterator[int] = count(1)
        self._numbers: dict[int, Iterator[int]] = {}

    def person(self, name: str) -> Person:
        """Return the person of this name; who is new gets an account."""
        if name not in self.persons:
            id_ = 1001 + len(self.persons)
            about: Body = {
                "id": id_,
                "is_bot": False,
                "first_name": name.title(),
                "username": f"{name}_{id_}",
                "language_code": "en",
            }
            person = Person(name=name, id=id_, number=f"1555{id_:07d}", about=about)
            self.persons[name] = person
            self._add_private(person)
        return self.persons[name]

    def private(self, name: str) -> Chat:
        """Return a person's chat with the bot."""
        return self._chats[self.person(name).id]

    def group(self, name: str, *, forum: bool = False) -> Chat:
        """Return the group of this name; a new one has the bot in it, and is basic if no forum."""
        if name not in self._groups:
            self._groups[name] = self._add_group(name, kind="supergroup" if forum else "group")
            self._groups[name].forum = forum
            if forum:
                self._groups[name].about["is_forum"] = True
        return self._groups[name]

    def upgrade(self, name: str) -> tuple[Chat, Chat]:
        """Make a supergroup of a basic group; return the old chat and the new one."""
        old = self._groups[name]
        if old.kind != "group":
            raise LookupError(f"{name} is a supergroup already.")
        new = self._groups[name] = self._add_group(name, kind="supergroup")
        old.standing, old.moved_to = Standing.MOVED, new.id
        new.version = old.version
        return old, new

    def find(self, id_: int) -> Chat | None:
        """Return the chat with this id."""
        return self._chats.get(id_)

    def number(self, chat: Chat) -> int:
        """Return the number of the next message in a chat."""
        if chat.kind == "supergroup":
            return next(self._numbers[chat.id])
        return next(self._own)

    def add(self, chat: Chat, message: Message) -> None:
        """Show a new message."""
        chat.messages[message.id] = message
        self._remember(chat, message)
        if message.ours:
            chat.typing_until = 0.0
        self.touch(chat)

    def replace(self, chat: Chat, message: Message, body: Body) -> None:
        """Show a message as it is now."""
        message.body, message.shown = body, None
        self._remember(chat, message)
        self.touch(chat)

    def remove(self, chat: Chat, message: Message) -> None:
        """Take a message away."""
        del chat.messages[message.id]
        self.touch(chat)

    def raise_keyboard(self, chat: Chat, id_: int) -> None:
        """Show the reply keyboard of this message instead of the last one; 0 shows none."""
        for one in (chat.keyboard, id_):
            if one in chat.messages:
                chat.messages[one].shown = None
        chat.keyboard = id_
        self.touch(chat)

    def touch(self, chat: Chat) -> None:
        """Tell that something in the chat looks different."""
        chat.version += 1
        self._changed(chat)

    def _add_private(self, person: Person) -> None:
        about: Body = {
            "id": person.id,
            "type": "private",
            "first_name": person.about["first_name"],
            "username": person.about["username"],
        }
        self._chats[person.id] = Chat(
            id=person.id,
            kind="private",
            name=person.name,
            about=about,
            standing=Standing.UNKNOWN,
        )

    def _add_group(self, name: str, *, kind: str) -> Chat:
        nth = sum(chat.kind == kind for chat in self._chats.values()) + 1
        id_ = -5000 - nth if kind == "group" else -1001000000000 - nth
        about: Body = {"id": id_, "type": kind, "title": name}
        chat = Chat(id=id_, kind=kind, name=name, about=about, standing=Standing.OPEN)
        self._chats[id_] = chat
        self._numbers[id_] = count(1001)
        return chat

    def _remember(self, chat: Chat, message: Message) -> None:
        for button in buttons(child(message.body, "reply_markup")):
            chat.had[words(button, "callback_data")] = message.id


def flat(body: Body) -> Body:
    """Return a message as it stands in a reply to it: without what it replied to itself."""
    return {name: value for name, value in body.items() if name != "reply_to_message"}


def buttons(markup: Body) -> list[Body]:
    """Return the buttons of an inline keyboard."""
    return [one for row in listed(markup, "inline_keyboard") for one in objects(row)]


def keys(markup: Body) -> list[Body]:
    """Return the keys of a reply keyboard."""
    return [one for row in listed(markup, "keyboard") for one in objects(row)]


def links(body: Body) -> list[Body]:
    """Return the entities of a message that can be opened."""
    return [one for one in children(body, "entities") if one.get("type") in {"url", "text_link"}]

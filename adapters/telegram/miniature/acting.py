"""What persons do: each deed changes their screen and becomes an update for the bot. No I/O.

Deeds return the update that the bot has to take, or None where it never hears of it: in privacy
mode, after it was removed, or where it did not ask for this kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from adapters.telegram.miniature import screens
from adapters.telegram.miniature.chats import Chat, Message, Standing, World, flat, keys
from adapters.telegram.miniature.reading import Body, child, flag, words
from adapters.telegram.miniature.typed import content, detected, reaches
from adapters.telegram.miniature.updates import TAP_LIFE, Update, Updates

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.telegram.miniature.api import Api
    from bridge.protocol.standin import Choosable

_DEEP_LINK = re.compile(r"https://t\.me/(\w+)\?start=([\w-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person acts: a chat, and in it a topic or (0) the chat itself."""

    chat: Chat
    topic: int = 0


class Acting:
    """All persons; `privacy`: of groups the bot gets what is meant for it only.

    `opened`: addresses that were tapped; `copied`: texts that copying buttons gave.
    """

    def __init__(
        self, world: World, api: Api, updates: Updates, clock: Callable[[], float]
    ) -> None:
        self.privacy = True
        self.opened: list[str] = []
        self.copied: list[str] = []
        self._world = world
        self._api = api
        self._updates = updates
        self._clock = clock
        self._taps = 0

    def write(
        self, name: str, place: Place, what: Body, *, reply_to_bot: bool = False
    ) -> Update | None:
        """Send a message that holds this."""
        chat = place.chat
        self._enter(name, chat)
        body = self._new(name, place) | what
        answered = chat.latest(place.topic, ours=True) if reply_to_bot else None
        if answered is not None:
            body["reply_to_message"] = flat(answered.body)
            if chat.kind == "supergroup" and not chat.forum:
                # Threads of replies have numbers too, though they are no topics.
                body["message_thread_id"] = answered.id
        self._add(chat, body, topic=place.topic)
        self._lower_keyboard(chat, words(what, "text"))
        if not chat.private and self.privacy and not reaches(body, self._api.me):
            return None
        return self._tell("message", chat, body)

    def say(
        self, name: str, place: Place, text: str, *, reply_to_bot: bool = False
    ) -> Update | None:
        """Send a text."""
        return self.write(name, place, _text(text), reply_to_bot=reply_to_bot)

    def share(self, name: str, place: Place) -> Update | None:
        """Send one's own telephone number; a keyboard that asked for it goes."""
        person = self._world.person(name)
        update = self.write(name, place, content("contact", person.number, person.id))
        self._drop_keyboard(place.chat)
        return update

    def edit(self, name: str, place: Place, text: str) -> Update | None:
        """Change one's latest message."""
        person = self._world.person(name)
        theirs = (
            message
            for message in reversed(place.chat.messages.values())
            if message.topic == place.topic and child(message.body, "from")["id"] == person.id
        )
        message = next(theirs, None)
        if message is None:
            raise LookupError(f"{name} has sent nothing there that could be edited.")
        kept = {name: value for name, value in message.body.items() if name != "entities"}
        changes: Body = {"edit_date": int(self._clock()), **_text(text)}
        self._world.replace(place.chat, message, kept | changes)
        if not place.chat.private and self.privacy and not reaches(message.body, self._api.me):
            return None
        return self._tell("edited_message", place.chat, message.body)

    def tap(self, name: str, place: Place, choice: str) -> Update | None:
        """Tap the latest choice with this id, else label, else with this in its label.

        Callback data may be tapped also after its button has gone, and forged (`v1.`). Raises
        LookupError where there is no such choice.
        """
        found = _found(place, choice)
        if found is None:
            return self._tap_gone(name, place, choice)
        message, button = found
        if button.url:
            return self._open(name, button.url)
        if button.id.startswith(screens.COPY):
            self.copied.append(button.id.removeprefix(screens.COPY))
            return None
        key = _key(message, button.label)
        if key is None:
            return self._press(name, place.chat, message.id, button.id)
        if flag(key, "request_contact"):
            return self.share(name, place)
        return self.say(name, place, button.label)

    def _tap_gone(self, name: str, place: Place, choice: str) -> Update | None:
        chat = place.chat
        latest = chat.latest(place.topic, ours=True)
        if choice in chat.had:
            return self._press(name, chat, chat.had[choice], choice)
        if choice.startswith("v1.") and latest is not None:
            return self._press(name, chat, latest.id, choice)
        labels = [button.label for _, button in _choices(place)]
        raise LookupError(f"No button {choice!r}; there are {labels}.")

    def _press(self, name: str, chat: Chat, id_: int, data: str) -> Update | None:
        self._taps += 1
        person = self._world.person(name)
        tap = f"{person.id}{self._taps:012d}"
        self._api.taps[tap] = (chat, name, self._clock())
        message = chat.messages.get(id_)
        gone: Body = {"chat": chat.about, "message_id": id_, "date": 0}
        body: Body = {
            "id": tap,
            "from": person.about,
            "message": message.body if message is not None else gone,
            "chat_instance": str(-chat.id * 7919),
            "data": data,
        }
        if not self._hears(chat):
            return None
        return self._updates.add("callback_query", body, f"tap {person.id}", TAP_LIFE)

    def _open(self, name: str, url: str) -> Update | None:
        """Open an address; one that starts the bot does so in the private chat."""
        self.opened.append(url)
        link = _DEEP_LINK.fullmatch(url)
        if link is None or link[1].casefold() != words(self._api.me, "username").casefold():
            return None
        return self.say(name, Place(chat=self._world.private(name)), f"/start {link[2]}")

    def join(self, name: str, chat: Chat, *, inside: bool) -> Update | None:
        """Block or unblock the bot in the private chat; remove or add it in a group."""
        out = Standing.BLOCKED if chat.private else Standing.KICKED
        chat.standing = Standing.OPEN if inside else out
        self._world.touch(chat)
        member, gone = self._member("member"), self._member("kicked") | {"until_date": 0}
        body: Body = {
            "chat": chat.about,
            "from": self._world.person(name).about,
            "date": int(self._clock()),
            "old_chat_member": gone if inside else member,
            "new_chat_member": member if inside else gone,
        }
        return self._updates.add("my_chat_member", body, f"member {chat.id}")

    def migrate(self, name: str, group: str) -> list[Update | None]:
        """Make a supergroup of a group."""
        old, new = self._world.upgrade(group)
        seen = screens.screen(old, name, 0).messages
        new.before = tuple(replace(shown, choices=()) for shown in seen)
        told: list[Update | None] = []
        for chat, what in ((old, "migrate_to_chat_id"), (new, "migrate_from_chat_id")):
            body = self._new(name, Place(chat=chat)) | {what: new.id if chat is old else old.id}
            self._world.touch(chat)
            told.append(self._updates.add("message", body, f"chat {chat.id}"))
        return told

    def _enter(self, name: str, chat: Chat) -> None:
        """Let the bot know a person who writes."""
        own = self._world.private(name)
        if chat.standing is Standing.BLOCKED:
            raise LookupError(f"{name} has blocked the bot: unblock it first.")
        if chat.private and chat.standing in {Standing.UNKNOWN, Standing.MET}:
            chat.standing = Standing.OPEN
        elif own.standing is Standing.UNKNOWN:
            own.standing = Standing.MET

    def _new(self, name: str, place: Place) -> Body:
        chat, topic = place.chat, place.topic
        body: Body = {
            "message_id": self._world.number(chat),
            "from": self._world.person(name).about,
            "chat": chat.about,
            "date": int(self._clock()),
        }
        if topic:
            chat.topics.add(topic)
            body |= {"message_thread_id": topic, "is_topic_message": True}
            if not chat.private:
                # What is no reply replies to the message that made the topic.
                made: Body = {"name": f"Topic {topic}", "icon_color": 7322096}
                first = body | {"message_id": topic, "forum_topic_created": made}
                body["reply_to_message"] = first
        return body

    def _add(self, chat: Chat, body: Body, *, topic: int) -> None:
        id_ = body["message_id"]
        assert isinstance(id_, int), "we made it"
        self._world.add(chat, Message(id=id_, ours=False, topic=topic, body=body))

    def _tell(self, kind: str, chat: Chat, body: Body) -> Update | None:
        return self._updates.add(kind, body, f"chat {chat.id}") if self._hears(chat) else None

    def _hears(self, chat: Chat) -> bool:
        return chat.standing is Standing.OPEN

    def _member(self, status: str) -> Body:
        me = self._api.me
        user: Body = {key: me[key] for key in ("id", "is_bot", "first_name", "username")}
        return {"user": user, "status": status}

    def _lower_keyboard(self, chat: Chat, text: str) -> None:
        """Take a keyboard away that was to be used once."""
        message = chat.messages.get(chat.keyboard)
        if message is not None and _key(message, text) is not None:
            self._drop_keyboard(chat)

    def _drop_keyboard(self, chat: Chat) -> None:
        message = chat.messages.get(chat.keyboard)
        if message is not None and flag(message.keyboard, "one_time_keyboard"):
            self._world.raise_keyboard(chat, 0)


def _text(text: str) -> Body:
    entities = detected(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def _key(message: Message, label: str) -> Body | None:
    return next((key for key in keys(message.keyboard) if words(key, "text") == label), None)


def _choices(place: Place) -> list[tuple[Message, Choosable]]:
    """Return all that can be tapped, latest message first."""
    return [
        (message, choice)
        for message in reversed(place.chat.messages.values())
        if message.topic == place.topic
        for choice in screens.shown(place.chat, message).choices
    ]


def _found(place: Place, choice: str) -> tuple[Message, Choosable] | None:
    best, rank = None, _NO_MATCH
    for message, button in _choices(place):
        near = _distance(choice, button)
        if near < rank:
            best, rank = (message, button), near
    return best


_NO_MATCH = 3


def _distance(choice: str, button: Choosable) -> int:
    if choice == button.id:
        return 0
    if choice == button.label:
        return 1
    return 2 if choice in button.label else _NO_MATCH

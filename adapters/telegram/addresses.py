"""How places and people on Telegram are named. Pure.

```
thread   telegram:<bot>:<chat>[:<topic>]     the chat's number is below zero in a group
person   telegram:<bot>:user:<user>
```
`<bot>` is the bot's own number, the digits before the colon of its token: two bots in one chat
share nothing. Only this module makes these keys and takes them apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bridge.protocol.events import ThreadMoved
from bridge.protocol.threads import PersonKey, ThreadKey

CHANNEL = "telegram"

NOBODY = 0
"""The user in events that no person made. Real users count from 1."""

_THREAD = re.compile(r"telegram:([0-9]{1,19}):(-?[0-9]{1,19})(?::([0-9]{1,19}))?", re.ASCII)
_PERSON = re.compile(r"telegram:[0-9]{1,19}:user:([0-9]{1,19})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A chat, or one topic of it, as one bot sees it; `topic` is a `message_thread_id`."""

    bot: int
    chat: int
    topic: int | None = None

    @property
    def shared(self) -> bool:
        """Whether it is a group: everybody in it reads what we send there."""
        return self.chat < 0


def thread_key(address: Address) -> ThreadKey:
    """Return the thread's key."""
    topic = "" if address.topic is None else f":{address.topic}"
    return ThreadKey(f"{CHANNEL}:{address.bot}:{address.chat}{topic}")


def address_of(thread: ThreadKey) -> Address:
    """Return what the key names. Raises ValueError for a key that is not ours."""
    found = _THREAD.fullmatch(thread)
    if found is None:
        raise ValueError("This is no key of a Telegram thread.")
    topic = None if found[3] is None else int(found[3])
    return Address(bot=int(found[1]), chat=int(found[2]), topic=topic)


def place_of(thread: ThreadKey) -> ThreadKey:
    """Return the key of the whole chat that holds the thread: its topics share one rate."""
    return thread_key(replace(address_of(thread), topic=None))


def person_key(bot: int, user: int) -> PersonKey:
    """Return the person's key."""
    return PersonKey(f"{CHANNEL}:{bot}:user:{user}")


def user_of(person: PersonKey) -> int:
    """Return the user's number, which is also the number of their private chat.

    Raises ValueError for a key that is not ours.
    """
    found = _PERSON.fullmatch(person)
    if found is None:
        raise ValueError("This is no key of a person on Telegram.")
    return int(found[1])


def moved(bot: int, old: int, new: int, at: float) -> ThreadMoved:
    """Return that a group became a supergroup, which has another number.

    Telegram tells of it twice, by a message and by the error of the next call to the old number;
    both make the same key.
    """
    return ThreadMoved(
        key=f"{CHANNEL}:{bot}:moved:{old}:{new}",
        thread=thread_key(Address(bot, old)),
        person=person_key(bot, NOBODY),
        at=at,
        to=thread_key(Address(bot, new)),
    )

"""A typed text as an event: a command, a link, or plain text. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.telegram.addresses import thread_key
from adapters.telegram.limits import PAYLOAD_LIMIT, SPELLINGS
from adapters.telegram.tickets import read_ticket
from bridge.protocol.events import Command, CommandName, Link, Text, Unsupported

if TYPE_CHECKING:
    from adapters.telegram.identity import Me
    from adapters.telegram.incoming.reading import Head
    from bridge.protocol.events import AnyEvent

_COMMAND = re.compile(
    r"\s*/([a-z0-9_]+)(?:@([a-z0-9_]+))?(?:\s+(.*))?", re.ASCII | re.IGNORECASE | re.DOTALL
)
_PAYLOAD = re.compile(rf"[A-Za-z0-9_-]{{1,{PAYLOAD_LIMIT}}}", re.ASCII)
_NAMES = {spelling[1:]: name for name, spelling in SPELLINGS.items()}


@dataclass(frozen=True, slots=True)
class Order:
    """A typed command: its word and the bot that it names after an @, in lower case."""

    word: str
    bot: str
    argument: str

    @property
    def name(self) -> CommandName | None:
        """Which of our commands it is."""
        return _NAMES.get(self.word)


def read_order(text: str) -> Order | None:
    """Return the command that the text is, or None; `/usr/bin` is none."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    bot, argument = found[2] or "", found[3] or ""
    return Order(word=found[1].lower(), bot=bot.lower(), argument=argument.strip())


def said(head: Head, text: str, me: Me, *, private: bool) -> AnyEvent:
    """Return what the text means. One with nothing in it, a mere mention of us, is a greeting."""
    if not text.strip():
        return Command(**head, name=CommandName.START)
    order = read_order(text)
    if order is None:
        return Text(**head, text=text)
    if order.name is CommandName.START and order.argument:
        return _started(head, order.argument, me, private=private)
    if order.name is None:
        return Unsupported(**head, kind="that command (/help lists those that I know)")
    return Command(**head, name=order.name, argument=order.argument)


def _started(head: Head, argument: str, me: Me, *, private: bool) -> AnyEvent:
    """Return what START is given: a form's slug, one of our tickets, a link's token, or words.

    A ticket speaks for the group that it names, so it counts in a private chat only.
    """
    if argument.lower() in me.slugs:
        return Command(**head, name=CommandName.START, argument=argument.lower())
    group = read_ticket(argument, me.bot, me.secret) if private else None
    if group is not None:
        there: Head = {**head, "thread": thread_key(group)}
        return Command(**there, name=CommandName.PAY, argument="ticket")
    if _PAYLOAD.fullmatch(argument):
        return Link(**head, token=argument)
    return Command(**head, name=CommandName.START, argument=argument)

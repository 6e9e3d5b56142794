"""Our own links from a group into a private chat: `pay-<chat>[-<topic>]-<mac>`. Pure.

Somebody who may not be written to has to open the private chat first. The link that leads there
says which group's order is meant, signed, so that nobody can name another group. It carries no
right: the core asks whether the person owns that group's conversation.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from adapters.telegram.addresses import Address

_TICKET = re.compile(r"pay-([0-9]{1,19})(?:-([0-9]{1,19}))?-([0-9a-f]{16})", re.ASCII)
_MAC_DIGITS = 16
"""Hexadecimal digits of the signature: 64 bits, and the longest ticket keeps PAYLOAD_LIMIT."""


def write_ticket(group: Address, key: bytes) -> str:
    """Return the payload of a link that asks for the payment of this group's order."""
    place = str(-group.chat) if group.topic is None else f"{-group.chat}-{group.topic}"
    return f"pay-{place}-{_mac(group, key)}"


def read_ticket(payload: str, bot: int, key: bytes) -> Address | None:
    """Return the group that the payload names, or None where we did not write it."""
    found = _TICKET.fullmatch(payload)
    if found is None:
        return None
    group = Address(bot, -int(found[1]), int(found[2]) if found[2] else None)
    right = _mac(group, key)
    return group if hmac.compare_digest(right, found[3]) else None


def _mac(group: Address, key: bytes) -> str:
    topic = "" if group.topic is None else group.topic
    named = f"pay:{-group.chat}:{topic}".encode()
    return hmac.new(key, named, hashlib.sha256).hexdigest()[:_MAC_DIGITS]

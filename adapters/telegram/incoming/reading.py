"""Members of an update, checked. Pure.

The library makes objects of what Telegram sends and believes every type, so that a text may be
found where it promises a number. Whatever goes into an event passes here first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from bridge.protocol.errors import Malformed

if TYPE_CHECKING:
    from bridge.protocol.threads import PersonKey, ThreadKey

_BIGGEST = 2**63 - 1


class Head(TypedDict):
    """The members that every event has."""

    key: str
    thread: ThreadKey
    person: PersonKey
    at: float
    tap: str | None


def whole(value: object) -> int:
    """Return a number that counts from 0: an id of a user, a message, an update."""
    number = signed(value)
    if number < 0:
        raise Malformed("A number in the update is below zero.")
    return number


def signed(value: object) -> int:
    """Return a chat's number, which is below zero for groups."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _BIGGEST:
        raise Malformed("The update lacks a number, or holds something else in its place.")
    return value


def words(value: object) -> str:
    """Return a text that can be kept; halves of surrogate pairs become the replacement sign.

    Each takes as many UTF-16 units afterwards as before, so that entities still fit.
    """
    if not isinstance(value, str):
        raise Malformed("The update lacks a text, or holds something else in its place.")
    if value.isascii():
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

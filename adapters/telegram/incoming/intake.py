"""Reads updates one by one, so that none stops another, however it came."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeAlias

from bridge.protocol.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bridge.protocol.events import AnyEvent
    from bridge.protocol.threads import JsonObject

Parse: TypeAlias = "Callable[[JsonObject], tuple[AnyEvent, ...]]"

_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
_log = logging.getLogger(__name__)


def read(updates: Iterable[JsonObject], parse: Parse) -> tuple[AnyEvent, ...]:
    """Return what the updates tell of, in order; one that can't be read is logged by its kind.

    It would come again and again otherwise, and hold up its chat for a day.
    """
    return tuple(event for update in updates for event in _read_alone(update, parse))


def _read_alone(update: JsonObject, parse: Parse) -> tuple[AnyEvent, ...]:
    try:
        return parse(update)
    except Malformed:
        _log.warning("update can't be read: %s", _kind(update))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not hold up the others
        _log.error("update not understood: %s, %s", _kind(update), type(error).__name__)
    return ()


def _kind(update: JsonObject) -> str:
    return next((kind for kind in _KINDS if kind in update), "unknown kind")

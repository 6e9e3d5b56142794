"""Failures on demand: which request fails, and how. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from adapters.telegram.miniature.flood import too_many
from adapters.telegram.miniature.reading import Body, Refused

if TYPE_CHECKING:
    from collections.abc import Callable


class Fault(Enum):
    """What may happen to a request."""

    THROTTLED = "429, with the seconds to wait"
    BAD = "400"
    GONE = "403: the chat can't be written to"
    UNAUTHORIZED = "401: the token is not known"
    CONFLICT = "409: somebody else polls"
    BROKEN = "500, without a word"
    SILENT = "read, and never answered"
    DROPPED = "read, and the connection closed"
    HALF = "half an answer"
    GARBAGE = "200 with what can't be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure to come: of the next request of this method (any) for this chat (any).

    * `method`: as Telegram spells it; "" is any but getUpdates.
    * `applied`: the request is done before it fails, so that a repetition shows twice.
    * `times`: how many requests it spoils; None spoils all, as long as it stands in `faults`.
    * `after`: seconds of a 429. `description`: the wording, instead of the usual one.
    """

    fault: Fault
    method: str = ""
    chat: int = 0
    applied: bool = False
    times: int | None = 1
    after: int = 7
    description: str = ""

    def refusal(self) -> Refused | None:
        """Return the refusal that it is; None where it is something worse."""
        match self.fault:
            case Fault.THROTTLED:
                return too_many(self.after)
            case Fault.BAD:
                words = "Bad Request: can't parse entities: unexpected end of the text"
                return Refused(400, self.description or words)
            case Fault.GONE:
                return Refused(403, self.description or "Forbidden: bot was blocked by the user")
            case Fault.UNAUTHORIZED:
                return Refused(401, "Unauthorized")
            case Fault.CONFLICT:
                words = "Conflict: terminated by other getUpdates request"
                return Refused(409, self.description or words)
            case Fault.BROKEN | Fault.SILENT | Fault.DROPPED | Fault.HALF | Fault.GARBAGE:
                return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came, in the order of the answers.

    `status` 0 is no answer; `message`: the number of the message that was made, changed or taken
    away; `chat` 0 is none.
    """

    n: int
    method: str
    chat: int
    body: Body
    status: int
    applied: bool
    message: int = 0
    description: str = ""


class Weather:
    """`faults`: in order; `chance` is asked after them: failures by chance."""

    def __init__(self) -> None:
        self.faults: list[Failure] = []
        self.chance: Callable[[str, int], Failure | None] = _fair

    def next(self, method: str, chat: int) -> Failure | None:
        """Return the failure of this request, and count it."""
        for place, failure in enumerate(self.faults):
            meant = failure.method in {"", method} and failure.chat in {0, chat}
            if meant and (failure.method or method != "getUpdates"):
                self._spend(place, failure)
                return failure
        return self.chance(method, chat)

    def _spend(self, place: int, failure: Failure) -> None:
        if failure.times is None:
            return
        if failure.times > 1:
            self.faults[place] = replace(failure, times=failure.times - 1)
        else:
            del self.faults[place]


def _fair(method: str, chat: int) -> Failure | None:
    del method, chat
    return None

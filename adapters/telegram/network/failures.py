"""What a failed request means: the one place where the library's exceptions are mapped. Pure.

```
Throttled, a refused connection, no free connection      RetryLater: certainly not taken
InvalidToken                                             RetryLater, until a person puts it right
Forbidden, BadRequest that tells of the chat             Rejected THREAD_GONE
BadRequest of any other kind                             Rejected CALL_BAD: the fallback is made
"message is not modified"                                Delivered: it shows already what it shall
all else: a timeout, a reset, half an answer, a 5xx      Uncertain
```
`TimedOut` and `BadRequest` are both `NetworkError` in the library, so the order of the cases and
the cause decide. Reasons are words of ours, or phrases of Telegram's that are listed here: its
texts may hold names, and the library's may hold the token.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TimedOut,
)

from adapters.telegram.network.request import Throttled
from bridge.protocol.calls import Delivered, Refusal, Rejected, RetryLater, Uncertain

if TYPE_CHECKING:
    from bridge.protocol.calls import Call, Outcome, Target

TOKEN_PAUSE = 60.0
"""Seconds between two tries with a token that is refused."""

_UNCHANGED = "message is not modified"
_GONE = (
    # telegram-bot-api Client.cpp and core.telegram.org/api/errors; the exact texts undocumented
    "chat not found",
    "user not found",
    "group chat was deactivated",
    "group chat was deleted",
    "bot was kicked",
    "bot was blocked",
    "bot is not a member",
    "user is deactivated",
    "can't initiate conversation",
    "can't send messages to bots",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_id_invalid",
    "peer_id_invalid",
    "user_is_blocked",
    "user_deactivated",
)
"""Phrases of refusals after which the chat can't be written to."""
_BAD = (
    "can't parse entities",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "message to edit not found",
    "message can't be edited",
    "message is too long",
    "text is too long",
    "message text is empty",
    "text must be non-empty",
    "must be encoded in utf-8",
    "reply markup is too long",
    "button_data_invalid",
    "button_url_invalid",
    "wrong http url",
    "entity_bounds_invalid",
)
"""Phrases of refusals of the call itself, for the log; any other text is one as well."""
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


def outcome_of(error: Exception, call: Call, target: Target) -> Outcome:
    """Return what became of this call."""
    match error:
        case Throttled():
            return RetryLater(after=error.after, bucket=_nearest(call), reason="too many")
        case InvalidToken() | EndPointNotFound():
            return RetryLater(after=TOKEN_PAUSE, bucket="all", reason="token refused")
        case ChatMigrated() | Conflict():
            return RetryLater(after=1.0, reason="conflict")
        case Forbidden():
            return _gone(call, _phrase(error, _GONE) or "forbidden")
        case BadRequest():
            return _refused(error, call, target)
        case _:
            return _broken(error)


def never_sent(error: BaseException) -> bool:
    """Say whether certainly no byte of the request was sent: by the cause, and by it alone."""
    return isinstance(error, NetworkError) and isinstance(error.__cause__, _NEVER_SENT)


def new_chat(error: ChatMigrated) -> int | None:
    """Return the supergroup that a group has become; the library believes what an answer says."""
    return _chat(error.new_chat_id)


def _chat(number: object) -> int | None:
    return number if isinstance(number, int) and number < 0 else None


def kind_of(error: BaseException) -> str:
    """Return a name for the log that holds no text of anybody's."""
    cause = error.__cause__
    return type(error).__name__ + (f" ({type(cause).__name__})" if cause is not None else "")


def _refused(error: BadRequest, call: Call, target: Target) -> Outcome:
    if _phrase(error, (_UNCHANGED,)):
        return Delivered(receipt=target.edits or "")
    if gone := _phrase(error, _GONE):
        return _gone(call, gone)
    return Rejected(refusal=Refusal.CALL_BAD, reason=_phrase(error, _BAD) or "bad request")


def _gone(call: Call, reason: str) -> Rejected:
    """Return the refusal; a private chat that isn't open leaves the thread as it was."""
    refusal = Refusal.CALL_BAD if call.method == "private" else Refusal.THREAD_GONE
    return Rejected(refusal=refusal, reason=reason)


def _broken(error: Exception) -> Outcome:
    if never_sent(error):
        return RetryLater(reason="unreachable")
    return Uncertain(reason="no answer in time" if isinstance(error, TimedOut) else "answer lost")


def _phrase(error: Forbidden | BadRequest, known: tuple[str, ...]) -> str:
    text = error.message.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return next((phrase for phrase in known if phrase in text), "")


def _nearest(call: Call) -> str | None:
    """Return the bucket of the chat or group; None holds back the thread alone."""
    return next((name for name in call.buckets if name != "all"), None)


class Floods:
    """Sees when Telegram means all of us: several chats were throttled at the same time."""

    CHATS = 3
    SECONDS = 2.0

    def __init__(self) -> None:
        self._at: OrderedDict[int, float] = OrderedDict()

    def everywhere(self, chat: int, now: float) -> bool:
        """Note that this chat was throttled; say whether so many were lately."""
        self._at.pop(chat, None)
        self._at[chat] = now
        while next(iter(self._at.values())) < now - self.SECONDS:
            self._at.popitem(last=False)
        return len(self._at) >= self.CHATS

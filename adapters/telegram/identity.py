"""Who we are, as far as reading an update needs it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot.

    * `bot`: its number; `username`: without the @, or "" as long as Telegram has not told it.
    * `slugs`: of the forms that a link or a command may name.
    * `secret`: the key of our tickets (`TelegramSettings.ticket_key`).
    """

    bot: int
    username: str = ""
    slugs: frozenset[str] = frozenset()
    secret: bytes = field(default=b"", repr=False)

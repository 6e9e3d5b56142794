"""What can be set for Telegram, by environment variables."""

from __future__ import annotations

import hashlib
import hmac
import re
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from adapters.telegram.limits import (
    CHAT_MESSAGES_PER_SECOND,
    GROUP_MESSAGES_PER_MINUTE,
    MESSAGES_PER_SECOND,
    SECRET_LIMIT,
)

_TOKEN = re.compile(r"[0-9]{1,19}:[A-Za-z0-9_-]+", re.ASCII)
_SECRET = re.compile(rf"[A-Za-z0-9_-]{{1,{SECRET_LIMIT}}}", re.ASCII)


class TelegramSettings(BaseModel):
    """The token, the way in, and rates; a rate of 0 is no limit.

    * `token`: from @BotFather. It is the bot's whole power, so it is shown nowhere.
    * `mode`: `polling` asks Telegram; `webhook` has Telegram come to PUBLIC_URL.
    * `webhook_secret`: what Telegram proves itself with; by default made from the token.
    * `api_url`: of the Bot API server, without a trailing slash.
    * `rate`, `chat_rate`: messages a second in all and in one private chat; `group_rate`: messages
      a minute in one group.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, populate_by_name=True)

    token: SecretStr = Field(alias="TELEGRAM_BOT_TOKEN")
    mode: Literal["polling", "webhook"] = Field(default="polling", alias="TELEGRAM_MODE")
    webhook_secret: SecretStr | None = Field(default=None, alias="TELEGRAM_WEBHOOK_SECRET")
    api_url: str = Field(default="https://api.telegram.org", alias="TELEGRAM_API_URL")
    rate: float = Field(
        default=MESSAGES_PER_SECOND, alias="TELEGRAM_RATE_PER_SECOND", ge=0, allow_inf_nan=False
    )
    chat_rate: float = Field(
        default=CHAT_MESSAGES_PER_SECOND,
        alias="TELEGRAM_CHAT_RATE_PER_SECOND",
        ge=0,
        allow_inf_nan=False,
    )
    group_rate: float = Field(
        default=GROUP_MESSAGES_PER_MINUTE,
        alias="TELEGRAM_GROUP_RATE_PER_MINUTE",
        ge=0,
        allow_inf_nan=False,
    )

    @field_validator("token")
    @classmethod
    def _is_a_token(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("take the token from @BotFather as it is: digits, a colon, letters")
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _can_be_a_header(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError(
                f"take 1 to {SECRET_LIMIT} of A-Z, a-z, 0-9, _ and -, or leave it out: "
                "then it is made from the token"
            )
        return secret

    @field_validator("api_url")
    @classmethod
    def _is_a_safe_address(cls, url: str) -> str:
        if not _safe(url):
            raise ValueError("must be an https address (http only for this machine)")
        return url.rstrip("/")

    @property
    def bot(self) -> int:
        """The bot's number."""
        return int(self.token.get_secret_value().partition(":")[0])

    @property
    def secret(self) -> str:
        """What Telegram sends with every update to the webhook."""
        given = self.webhook_secret
        return self._derived("webhook").hex() if given is None else given.get_secret_value()

    @property
    def ticket_key(self) -> bytes:
        """What our own links into a private chat are signed with; unlike `secret` never sent."""
        return self._derived("tickets")

    @property
    def base_url(self) -> str:
        """The address to which the library appends the token."""
        return f"{self.api_url}/bot"

    def _derived(self, purpose: str) -> bytes:
        key = self.token.get_secret_value().encode()
        return hmac.digest(key, f"threadform telegram {purpose}".encode(), hashlib.sha256)


def _safe(url: str) -> bool:
    """Say whether requests there can't be read on the way: the token is in their address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port  # a port that is no number raises here
    except ValueError:
        return False
    if not host or any(sign in url for sign in "@?#") or any(sign.isspace() for sign in url):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _loopback(host))


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

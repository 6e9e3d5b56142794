"""What can be set for the channel of buttons."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class ButtonsSettings(BaseModel):
    """Credentials, address and rates; a rate of 0 is no limit.

    * `api_url`: the platform's, without a trailing slash; `timeout`: of one call, in seconds.
    * `rate`: calls a second in all; `chat_rate`: in one thread, `chat_burst` of them at once;
      `group_rate`: in a group with all its topics.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, populate_by_name=True)

    token: SecretStr = Field(alias="BUTTONS_TOKEN")
    secret: SecretStr = Field(alias="BUTTONS_SECRET")
    api_url: str = Field(default="http://127.0.0.1:8080", alias="BUTTONS_API_URL")
    timeout: float = Field(default=10.0, alias="BUTTONS_TIMEOUT", gt=0)
    rate: float = Field(default=0.0, alias="BUTTONS_RATE", ge=0)
    chat_rate: float = Field(default=0.0, alias="BUTTONS_CHAT_RATE", ge=0)
    chat_burst: float = Field(default=3.0, alias="BUTTONS_CHAT_BURST", ge=1)
    group_rate: float = Field(default=0.0, alias="BUTTONS_GROUP_RATE", ge=0)

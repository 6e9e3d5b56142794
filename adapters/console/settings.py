"""What can be set for the console, by environment variables."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ConsoleSettings(BaseModel):
    """All optional: without any, the console is standard input and standard output.

    * `input`, `output`: paths of files, pipes or terminals to read and write instead.
    * `first`: a first line, sent as if typed and not echoed (`/start cake`).
    * `user`: who types; part of the person's key.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, populate_by_name=True)

    input: str = Field(default="", alias="CONSOLE_INPUT")
    output: str = Field(default="", alias="CONSOLE_OUTPUT")
    first: str = Field(default="", alias="CONSOLE_FIRST")
    user: str = Field(default="you", alias="CONSOLE_USER", min_length=1, max_length=64)

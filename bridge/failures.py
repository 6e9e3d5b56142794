"""What went wrong, as sentences for whoever typed the command.

Expected failures say what to do; of anything else only the kind and the place in the code are
shown, since a foreign exception's text may hold a secret or what a person said (law 13).
"""

from __future__ import annotations

from typing import IO, Any

import click

from bridge.catalogue import CatalogueError
from bridge.environment import SettingsError
from bridge.logs import describe
from bridge.protocol.errors import Misconfigured
from bridge.sandbox.errors import SandboxUnfit
from bridge.server import CannotListen
from bridge.store.errors import StoreError
from bridge.upstream.errors import UpstreamError

SETTINGS, TROUBLE = 2, 1
"""Exit codes: something must be set otherwise; something did not work."""


class Failure(click.ClickException):
    """An end with sentences on standard error."""

    exit_code = TROUBLE

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentences, one a line."""
        click.echo(self.message, file=file, err=True)


class Unset(Failure):
    """The same, where something must be set otherwise."""

    exit_code = SETTINGS


def told(error: Exception) -> Failure:
    """Return the failure that tells of this exception."""
    match error:
        case SettingsError() | CatalogueError():
            return Unset(*error.problems)
        case Misconfigured() | SandboxUnfit() | CannotListen():
            return Unset(str(error))
        case StoreError():
            return Failure(f"The database: {error}.")
        case UpstreamError():
            return Failure(f"Wix: {error}.")
        case _:
            return Failure(f"This should not have happened: {describe(error)}")

"""What an operator has set up in this folder: environment, settings, catalogue, channels.

The environment wins over `.env`; both are read once, for the core and for every adapter.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.channels import Installed, installed, strange_names
from bridge.environment import SettingsError, read_env_file
from bridge.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.settings import Wix

ENV_FILE = Path(".env")

WIPING = {
    "DYNO": "Heroku",  # https://devcenter.heroku.com/articles/dynos#local-environment-variables
    "K_SERVICE": "Cloud Run",  # https://cloud.google.com/run/docs/container-contract#env-vars
    "FUNCTION_TARGET": "Cloud Functions",  # cloud.google.com/functions/docs/configuring/env-var
    "AWS_LAMBDA_FUNCTION_NAME": "AWS Lambda",  # docs.aws.amazon.com/lambda configuration-envvars
    "VERCEL": "Vercel",  # https://vercel.com/docs/environment-variables/system-environment-variables
}
"""Variables that hosts set whose disk is wiped at every restart, and what to call the host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """`environ` is the whole environment, `.env` included; it may hold secrets."""

    settings: Settings
    installed: Installed
    environ: Mapping[str, str] = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never stand in a log: every secret of the core's settings."""
        held = (self.settings.api_token, self.settings.wix_api_key, self.settings.wix_app_secret)
        return tuple(secret.get_secret_value() for secret in held if secret)


def configured(environ: Mapping[str, str] | None = None, env_file: Path = ENV_FILE) -> Configured:
    """Return what is set up. Raises `SettingsError` with every problem."""
    merged = merged_environ(environ, env_file)
    found = installed()
    strange = strange_names(read_env_file(env_file), found.descriptors)
    return Configured(
        settings=read_settings(merged),
        installed=found,
        environ=merged,
        warnings=tuple(f"{env_file.name}: {warning}" for warning in strange),
    )


def merged_environ(
    environ: Mapping[str, str] | None = None, env_file: Path = ENV_FILE
) -> Mapping[str, str]:
    """Return the environment over the file. Raises `SettingsError` for a file it can't read."""
    return {**read_env_file(env_file), **(os.environ if environ is None else environ)}


def need_wix(settings: Settings) -> Wix:
    """Return how to reach the upstream; `SettingsError` says what to set."""
    if settings.wix is None:
        raise SettingsError([f"Set {settings.missing_wix()}, in .env or in the environment."])
    return settings.wix


def ephemeral(settings: Settings, environ: Mapping[str, str]) -> str:
    """Return why the database would not last on this host, or "" where it does."""
    host = next((name for variable, name in WIPING.items() if environ.get(variable)), "")
    if not host or settings.allow_ephemeral:
        return ""
    return (
        f"{host} wipes its disk at every restart, and the database in DATABASE_URL with it: orders"
        " and conversations would be lost. Run threadform where the disk is kept, or set"
        " ALLOW_EPHEMERAL=1 to take the loss."
    )

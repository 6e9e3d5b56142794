"""`run`: the bridge as a process, from its settings to the signal that stops it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic import BaseModel, SecretStr

from bridge.app import App, Channel
from bridge.catalogue import CatalogueError, load
from bridge.channels import choose
from bridge.configured import ephemeral, need_wix
from bridge.environment import SettingsError
from bridge.forms import Catalogue
from bridge.logs import logger, set_up
from bridge.protocol.errors import Misconfigured
from bridge.stopping import on_signal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bridge.app import Options
    from bridge.channels import Choice, Installed
    from bridge.configured import Configured

_log = logger(__name__)


def prepared(setup: Configured, by_hand: Iterable[str] = ()) -> tuple[Choice, Catalogue]:
    """Return the channels to start, and the forms. Raises `SettingsError` with all that is missing.

    Logs are set up first, so that what is wrong with single channels is logged.
    """
    choice = choose(setup.installed.descriptors, setup.environ, by_hand)
    catalogue, wrong = _catalogue(setup.settings.forms_file)
    problems = (*_site(setup), *_channels(choice, setup.installed), *wrong)
    if problems:
        raise SettingsError(problems)
    _log_what_is_odd(setup, choice)
    return choice, catalogue


def _site(setup: Configured) -> tuple[str, ...]:
    if reason := ephemeral(setup.settings, setup.environ):
        return (reason,)
    try:
        need_wix(setup.settings)
    except SettingsError as error:
        return error.problems
    return ()


def _channels(choice: Choice, installed: Installed) -> tuple[str, ...]:
    return () if choice.on else (*choice.problems, nothing_on(choice, installed))


def _catalogue(path: Path) -> tuple[Catalogue, tuple[str, ...]]:
    """Return the forms, and what is wrong with the file."""
    try:
        catalogue = load(path)
    except CatalogueError as error:
        return Catalogue(), error.problems
    empty = f"{path.name} holds no form: add one with `threadform forms add`."
    return catalogue, () if catalogue.entries else (empty,)


def _log_what_is_odd(setup: Configured, choice: Choice) -> None:
    secrets = [
        *setup.secrets,
        *(secret for one in choice.on for secret in secrets_of(one.settings)),
    ]
    settings = setup.settings
    set_up(form=settings.log_format, level=settings.log_level, secrets=secrets)
    for warning in (*setup.warnings, *choice.problems):
        _log.warning(warning)
    for broken in setup.installed.broken:
        _log.error("channel not loaded", channel=broken.name, reason=broken.reason)


def nothing_on(choice: Choice, installed: Installed) -> str:
    """Return what to set so that some channel runs."""
    wanted = [f"set {' and '.join(names)}" for names in choice.missing.values()]
    wanted += [f"start with --{one.name}" for one in installed.descriptors if not one.credentials]
    listed = ", or ".join(wanted) or "install a channel"
    return f"No channel has credentials: {listed}."


def secrets_of(settings: BaseModel) -> tuple[str, ...]:
    """Return the secrets among these settings."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


async def run(
    setup: Configured,
    catalogue: Catalogue,
    choice: Choice,
    *,
    until: str = "",
    options: Options | None = None,
) -> None:
    """Run until a signal, or until the channel `until` has no more input.

    Raises StoreError, CannotListen, and Misconfigured where `until` could not start.
    """
    stopped = asyncio.Event()
    with on_signal(lambda _: stopped.set()):
        channels = [Channel(descriptor=one.descriptor, settings=one.settings) for one in choice.on]
        app = await _opened(setup, catalogue, channels, stopped, options)
        if app is None:
            return
        try:
            await app.start()
            _log.info(f"Listening on {_where(app)} with {', '.join(sorted(app.adapters))}")
            await _until(app, until, stopped)
        finally:
            await app.stop()
        _log.info("Stopped")
        if until in app.failed:
            raise Misconfigured(until, app.failed[until])


async def _opened(
    setup: Configured,
    catalogue: Catalogue,
    channels: list[Channel],
    stopped: asyncio.Event,
    options: Options | None,
) -> App | None:
    """Return the bridge; None where a signal came while it waited for the database."""
    opening = asyncio.ensure_future(App.open(setup.settings, catalogue, channels, options))
    waiting = asyncio.ensure_future(stopped.wait())
    await asyncio.wait({opening, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if opening.done():
        return opening.result()
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    return None


def _where(app: App) -> str:
    return app.server.url if app.server else "nothing"


async def _signalled(stopped: asyncio.Event) -> None:
    await stopped.wait()


async def _until(app: App, channel: str, stopped: asyncio.Event) -> None:
    waits = {asyncio.ensure_future(_signalled(stopped))}
    if channel:
        waits.add(asyncio.ensure_future(app.listened(channel)))
    _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in pending:
        wait.cancel()
    await asyncio.gather(*pending, return_exceptions=True)

"""What works and what does not, from the settings to the channels, and what to do about it.

Nothing is changed: the database is neither made nor migrated, no session is begun.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from bridge.app import upstream_of
from bridge.catalogue import CatalogueError, load
from bridge.channels import choose
from bridge.clock import SystemClock
from bridge.configured import Configured, configured, ephemeral
from bridge.environment import SettingsError
from bridge.formcheck import check_forms
from bridge.forms import Catalogue
from bridge.protocol.adapter import Check
from bridge.store.database import Database
from bridge.store.errors import StoreError
from bridge.store.lock import held
from bridge.store.schema import HEAD
from bridge.upstream.errors import UpstreamError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from bridge.channels import Chosen
    from bridge.upstream.port import Upstream

_VERSION = text("SELECT version_num FROM alembic_version")
_QUICK = text("PRAGMA quick_check(1)")


def line(check: Check) -> str:
    """Return a finding as one or two lines; what is well and still has an advice is a note."""
    well = "note  " if check.advice else "ok    "
    mark = well if check.ok else "FAILED"
    detail = f": {check.detail}" if check.detail else ""
    advice = f"\n        {check.advice}" if check.advice else ""
    return f"{mark}  {check.name}{detail}{advice}"


async def examine(
    environ: Mapping[str, str] | None = None, env_file: Path = Path(".env")
) -> AsyncIterator[Check]:
    """Yield one finding after the other; goes on after each failure as far as there is sense."""
    try:
        setup = configured(environ, env_file)
    except SettingsError as error:
        for problem in error.problems:
            yield Check(name="settings", ok=False, detail=problem, advice="correct it in .env")
        return
    for check in _settings(setup):
        yield check
    yield await database(setup.settings.database)
    catalogue, checks = _catalogue(setup)
    for check in checks:
        yield check
    async for check in _upstream(setup, catalogue):
        yield check
    async for check in _channels(setup):
        yield check


def _settings(setup: Configured) -> list[Check]:
    advice = "correct the name, or take it out"
    strange = [
        Check(name="settings", ok=True, detail=warning, advice=advice) for warning in setup.warnings
    ]
    if reason := ephemeral(setup.settings, setup.environ):
        return [*strange, Check(name="host", ok=False, detail="the disk is wiped", advice=reason)]
    return [*strange, Check(name="settings", ok=True, detail="can be read")]


async def database(path: Path) -> Check:
    """Look at the database without making, locking or migrating it."""
    return _file(path) or await _schema(path)


def _file(path: Path) -> Check | None:
    """Return what there is to say already of the file and its folder."""
    name = "database"
    folder = path.resolve().parent
    if not path.exists():
        if folder.is_dir() and os.access(folder, os.W_OK):
            return Check(name=name, ok=True, detail=f"{path} will be made by `threadform run`")
        advice = f"make the folder {folder}, let this user write there, or change DATABASE_URL"
        return Check(name=name, ok=False, detail=f"{path} can't be made", advice=advice)
    if not os.access(path, os.R_OK | os.W_OK) or not os.access(folder, os.W_OK):
        advice = "let this user read and write the file and its folder, or change DATABASE_URL"
        return Check(name=name, ok=False, detail=f"{path} can't be written", advice=advice)
    return None


async def _schema(path: Path) -> Check:
    reading = Database.read_only(path)
    try:
        whole = (await reading.rows(_QUICK))[0][0] == "ok"
        version = str((await reading.rows(_VERSION))[0][0])
    except (StoreError, IndexError):
        whole, version = False, ""
    finally:
        await reading.close()
    if not whole or not version:
        advice = "restore a backup, move the file away to begin anew, or change DATABASE_URL"
        return Check(
            name="database", ok=False, detail=f"{path} is not ours, or broken", advice=advice
        )
    if version > HEAD:
        advice = "upgrade threadform, or restore a backup"
        return Check(name="database", ok=False, detail=f"schema {version} is newer", advice=advice)
    behind = "" if version == HEAD else f", `threadform run` brings it up to {HEAD}"
    used = ", in use by a running threadform" if held(path) else ""
    return Check(name="database", ok=True, detail=f"{path}, schema {version}{behind}{used}")


def _catalogue(setup: Configured) -> tuple[Catalogue, list[Check]]:
    """Return the catalogue, empty where it can't be read, and what is to be said of it."""
    try:
        catalogue = load(setup.settings.forms_file)
    except CatalogueError as error:
        wrong = [Check(name="catalogue", ok=False, detail=problem) for problem in error.problems]
        return Catalogue(), wrong
    return catalogue, catalogue_checks(catalogue, setup)


def catalogue_checks(catalogue: Catalogue, setup: Configured) -> list[Check]:
    """Return what is odd in a catalogue that can be read."""
    name = setup.settings.forms_file.name
    if not catalogue.entries:
        advice = "add one with `threadform forms add`"
        return [Check(name="catalogue", ok=False, detail=f"{name} holds no form", advice=advice)]
    known = {descriptor.name for descriptor in setup.installed.descriptors}
    named = {
        channel for entry in catalogue.entries for channel in (*entry.channels, *entry.default_for)
    }
    count = len(catalogue.entries)
    told = f"{name}, {count} form{'' if count == 1 else 's'}"
    strange = "".join(f"; '{channel}' is no installed channel" for channel in sorted(named - known))
    advice = "install the channel, or correct the name" if strange else ""
    return [Check(name="catalogue", ok=True, detail=told + strange, advice=advice)]


async def _upstream(setup: Configured, catalogue: Catalogue) -> AsyncIterator[Check]:
    settings = setup.settings
    if settings.wix is None:
        advice = f"set {settings.missing_wix()}"
        yield Check(name="credentials", ok=False, detail="none for Wix", advice=advice)
        return
    upstream = upstream_of(settings.wix, SystemClock())
    try:
        check = await credentials(upstream, settings.wix.base_url)
        yield check
        for found in await check_forms(upstream, catalogue) if check.ok else ():
            yield found
    finally:
        await upstream.aclose()


async def credentials(upstream: Upstream, base_url: str) -> Check:
    """Make the cheapest call that needs them."""
    try:
        await upstream.check()
    except UpstreamError as error:
        return Check(name="credentials", ok=False, detail=base_url, advice=str(error))
    return Check(name="credentials", ok=True, detail=f"{base_url} takes them")


async def _channels(setup: Configured) -> AsyncIterator[Check]:
    for broken in setup.installed.broken:
        advice = "install it again, or remove its distribution"
        yield Check(name=broken.name, ok=False, detail=broken.reason, advice=advice)
    choice = choose(setup.installed.descriptors, setup.environ)
    for problem in choice.problems:
        yield Check(name="channels", ok=False, detail=problem, advice="correct it in .env")
    for channel, names in choice.missing.items():
        yield Check(name=channel, ok=True, detail=f"off: {' and '.join(names)} not set")
    for descriptor in setup.installed.descriptors:
        if not descriptor.credentials:
            detail = f"off, unless started with `threadform run --{descriptor.name}`"
            yield Check(name=descriptor.name, ok=True, detail=detail)
    for one in choice.on:
        for check in await _channel(one):
            yield check


async def _channel(one: Chosen) -> Sequence[Check]:
    """Return what an adapter finds out about its own platform."""
    name = one.descriptor.name
    if one.descriptor.checks is None:
        return [Check(name=name, ok=True, detail="on")]
    try:
        return await one.descriptor.checks(one.settings)
    except Exception as error:  # noqa: BLE001 - a foreign adapter may raise anything
        advice = "this is a fault of the adapter: tell its authors"
        return [Check(name=name, ok=False, detail=type(error).__name__, advice=advice)]

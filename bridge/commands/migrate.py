"""`threadform migrate`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bridge.clock import SystemClock
from bridge.configured import configured
from bridge.store.database import Database
from bridge.store.schema import HEAD

if TYPE_CHECKING:
    from pathlib import Path

WAIT = 5.0
"""Seconds for which another process may hold the database."""


@click.command()
def command() -> None:
    """Create the database, or bring it up to date."""
    path = configured().settings.database
    asyncio.run(_migrate(path))
    click.echo(f"{path}: schema {HEAD}, up to date.")


async def _migrate(path: Path) -> None:
    database = await Database.open(path, SystemClock(), wait=WAIT)
    await database.close()

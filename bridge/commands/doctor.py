"""`threadform doctor`."""

from __future__ import annotations

import asyncio
import sys

import click

from bridge.doctor import examine, line
from bridge.failures import TROUBLE
from bridge.playground import quiet


@click.command()
@click.option(
    "--live",
    metavar="FORM",
    help="Hold a trial conversation about this form of the catalogue with the configured site.",
)
def command(live: str | None) -> None:
    """Check settings, database, catalogue, credentials and channels."""
    quiet()
    if live is None:
        sys.exit(0 if asyncio.run(_examined()) else TROUBLE)
    from bridge.live.report import report  # noqa: PLC0415 - only where asked for

    asyncio.run(report(live, click.echo))


async def _examined() -> bool:
    """Print each finding as soon as it is known; return whether nothing failed."""
    fine = True
    async for check in examine():
        click.echo(line(check))
        fine = fine and check.ok
    return fine

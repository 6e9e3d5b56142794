"""`threadform bench`."""

from __future__ import annotations

import sys

import click


@click.group()
def command() -> None:
    """Measure how fast the bridge is here."""


@command.command()
def engine() -> None:
    """Measure inbox, turns and outbox, with an upstream inside the process."""
    from bridge.bench.engine import main  # noqa: PLC0415 - other benchmarks don't need it

    sys.exit(main())

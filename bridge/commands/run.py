"""`threadform run`."""

from __future__ import annotations

import asyncio
import os

import click

from bridge import running
from bridge.configured import configured
from bridge.server import loop_factory

BY_HAND = "console"
"""The channel that is turned on by an option instead of credentials."""


@click.command()
@click.option(
    "--console", is_flag=True, help="Chat in this terminal too; ends when its input does."
)
@click.option("--host", help="The address to listen on, instead of HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port, instead of PORT.")
def command(console: bool, host: str | None, port: int | None) -> None:  # noqa: FBT001
    """Run the bridge with every channel that has credentials."""
    given = {"HOST": host, "PORT": None if port is None else str(port)}
    changed = {name: value for name, value in given.items() if value is not None}
    setup = configured({**os.environ, **changed})
    choice, catalogue = running.prepared(setup, [BY_HAND] if console else [])
    work = running.run(setup, catalogue, choice, until=BY_HAND if console else "")
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(work)

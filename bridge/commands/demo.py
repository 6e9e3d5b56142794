"""`threadform demo`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from bridge import demo
from bridge.channels import installed
from bridge.commands.tour import play_tour
from bridge.playground import quiet
from bridge.stopping import until_stopped

if TYPE_CHECKING:
    from bridge.protocol.threads import JsonObject

AFTER = """
That was the demo. `threadform tour` plays whole conversations; `threadform doctor` says what is
needed to go live."""
NOBODY = "No line came in, so here is the tour instead.\n"


@click.command()
@click.option(
    "--form", type=click.Choice(demo.forms()), default="cake", help="Which form.", show_default=True
)
@click.option(
    "--values",
    type=click.Path(path_type=Path),
    help="A JSON file of values known already: the form goes on from there.",
)
@click.option("--channel", default="console", help="Which channel.", show_default=True)
@click.option("--log", type=click.File("a", encoding="utf-8"), help="Write warnings to this file.")
def command(form: str, values: Path | None, channel: str, log: TextIO | None) -> None:
    """Chat in this terminal with a sandbox; nothing leaves the machine."""
    quiet(log)
    descriptor = installed().descriptor(channel)
    if descriptor is None:
        raise click.BadParameter(f"there is no channel '{channel}' here", param_hint="--channel")
    known: JsonObject = {}
    try:
        known = demo.read_values(values) if values else known
    except demo.ValuesError as error:
        raise click.BadParameter(str(error), param_hint="--values") from None
    shown = demo.Demo(descriptor=descriptor, form=form, values=known)
    typed = until_stopped(demo.play(shown, click.echo))
    if typed is False and not sys.stdin.isatty():
        click.echo(NOBODY)
        sys.exit(play_tour(()))
    click.echo(AFTER)

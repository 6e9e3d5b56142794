"""`threadform demo`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from bridge import demo
from bridge.channels import installed
from bridge.commands.tour import play_tour
from bridge.handset.facing import at_terminal
from bridge.playground import quiet
from bridge.stage import Unplayable
from bridge.stopping import until_stopped

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.channels import Installed
    from bridge.protocol.adapter import Descriptor
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
@click.option(
    "--channel",
    help="Which channel; by default, one that is worth seeing at a terminal, and lines in a pipe.",
)
@click.option("--log", type=click.File("a", encoding="utf-8"), help="Write warnings to this file.")
def command(form: str, values: Path | None, channel: str | None, log: TextIO | None) -> None:
    """Chat in this terminal with a sandbox; nothing leaves the machine."""
    quiet(log)
    found = installed()
    known: JsonObject = {}
    try:
        known = demo.read_values(values) if values else known
    except demo.ValuesError as error:
        raise click.BadParameter(str(error), param_hint="--values") from None

    def shown(descriptor: Descriptor) -> bool | None:
        one = demo.Demo(descriptor=descriptor, form=form, values=known)
        return until_stopped(demo.play(one, click.echo))

    typed = _named(found, channel, shown) if channel else _best(found, shown)
    if typed is False and not sys.stdin.isatty():
        click.echo(NOBODY)
        sys.exit(play_tour(()))
    click.echo(AFTER)


def _named(
    found: Installed, channel: str, shown: Callable[[Descriptor], bool | None]
) -> bool | None:
    """Show the channel of this name, or say why it can't be shown."""
    descriptor = found.descriptor(channel)
    if descriptor is None:
        broken = next((one.reason for one in found.broken if one.name == channel), "")
        told = f"{channel} {broken}" if broken else f"there is no channel '{channel}' here"
        raise click.BadParameter(told, param_hint="--channel")
    try:
        return shown(descriptor)
    except Unplayable as error:
        raise click.BadParameter(str(error), param_hint="--channel") from None


def _best(found: Installed, shown: Callable[[Descriptor], bool | None]) -> bool | None:
    """At a terminal, show the showcase, and what needs no platform where that can't be."""
    plain = demo.by_hand(found.descriptors)
    showcase = next((one for one in found.descriptors if one.showcase), None)
    if at_terminal() and showcase:
        try:
            return shown(showcase)
        except Unplayable as error:
            click.echo(error)
    elif at_terminal():
        for one in found.broken:
            click.echo(f"{one.name} {one.reason}.")
    if plain is None:
        raise click.UsageError("No channel is installed that can be shown.")
    return shown(plain)

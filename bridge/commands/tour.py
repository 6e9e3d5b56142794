"""`threadform tour`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bridge.channels import installed
from bridge.failures import TROUBLE
from bridge.playground import quiet
from bridge.stopping import until_stopped
from bridge.tour import table, tour, transcript, with_standins

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command()
@click.option("--channel", "channels", multiple=True, help="Only this channel; may be repeated.")
def command(channels: tuple[str, ...]) -> None:
    """Watch whole conversations play by themselves, in under a minute."""
    quiet()
    sys.exit(play_tour(channels))


def play_tour(channels: Sequence[str]) -> int:
    """Play, print, and return the exit code."""
    found = installed()
    for broken in found.broken:
        click.echo(f"{broken.name}: {broken.reason}", err=True)
    here = with_standins(found.descriptors)
    wanted = [one for one in here if not channels or one.name in channels]
    if not wanted or {*channels} - {one.name for one in wanted}:
        known = ", ".join(one.name for one in here) or "none"
        raise click.UsageError(f"Channels that can be toured here: {known}.")
    everything = until_stopped(tour(wanted))
    if everything is None:
        return TROUBLE
    for played in everything:
        click.echo(transcript(played))
    click.echo(table(everything))
    failed = [played for played in everything if played.failure]
    return TROUBLE if failed or found.broken else 0

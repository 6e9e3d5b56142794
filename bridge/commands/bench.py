"""`threadform bench`: the engine by itself, and each installed channel that can be measured."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bridge.bench.subject import Subject


class Benches(click.Group):
    """`engine`, and one command for each channel; the channels are looked up when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the core's own, then the channels."""
        return [*super().list_commands(ctx), *(one.reference for one in _subjects())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one of them."""
        own = super().get_command(ctx, cmd_name)
        found = (one for one in _subjects() if one.reference == cmd_name)
        return own or next(map(_of_channel, found), None)


def _subjects() -> tuple[Subject, ...]:
    from bridge.bench.subject import subjects  # noqa: PLC0415 - reads what is installed

    return subjects()


@click.group(cls=Benches, context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Measure how fast the bridge is here."""


@command.command()
def engine() -> None:
    """Measure inbox, turns and outbox, with an upstream inside the process."""
    from bridge.bench.engine import main  # noqa: PLC0415 - other benchmarks don't need it

    sys.exit(main())


def _of_channel(subject: Subject) -> click.Command:
    """Return the command that measures this channel."""
    least = click.IntRange(min=1)

    @click.command(subject.reference, help=_help(subject))
    @click.option("--chats", type=least, default=100, show_default=True, help="How many persons.")
    @click.option(
        "--messages", type=least, default=20, show_default=True, help="Of each, in a round."
    )
    @click.option(
        "--ahead", type=least, default=4, show_default=True, help="Of them before their answers."
    )
    @click.option(
        "--rounds", type=least, default=5, show_default=True, help="Of bridge and bare loop each."
    )
    @click.option(
        "--rate",
        type=click.FloatRange(min=1),
        default=500.0,
        show_default=True,
        help="Webhook posts a second.",
    )
    @click.option(
        "--seconds",
        type=click.FloatRange(min=0),
        default=10.0,
        show_default=True,
        help="For how long they are posted; 0 for not at all.",
    )
    def measure(**asked: float) -> None:
        from bridge.bench.whole import Plan, main  # noqa: PLC0415 - loads everything there is
        from bridge.playground import quiet  # noqa: PLC0415 - same

        quiet()
        sys.exit(main(subject, Plan(**asked), click.echo))  # type: ignore[arg-type] # by the options

    return measure


def _help(subject: Subject) -> str:
    return (
        f"Measure {subject.descriptor.title}: the whole bridge beside a bare loop with the same"
        " HTTP calls, over a stand-in and an instant upstream in processes of their own."
    )

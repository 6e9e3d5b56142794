"""The command line: names and summaries of the commands; each is imported when it is called.

`threadform --help` and `threadform demo` must not wait for what other commands need.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

COMMANDS: Mapping[str, str] = {
    "demo": "Chat in this terminal with a sandbox; nothing leaves the machine.",
    "tour": "Watch whole conversations play by themselves, in under a minute.",
    "run": "Run the bridge with every channel that has credentials.",
    "doctor": "Check settings, database, catalogue, credentials and channels.",
    "forms": "List, check and add the forms of the catalogue.",
    "conversations": "List, show and forget conversations.",
    "migrate": "Create the database, or bring it up to date.",
    "sandbox": "Serve the stand-in for the Wix API.",
    "bench": "Measure how fast the bridge is here.",
}
"""Each stands in `bridge.commands.<name>` as `command`; the summary is that of its docstring."""


class Process:
    """Given to click by `main` alone: the process runs one command and ends with it."""


class Commands(click.Group):
    """The commands of the core by name, and those that adapters bring, as `threadform <channel>`.

    Every failure ends as sentences on standard error, never as a traceback.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the core's commands in their order, then the channels'."""
        del ctx
        return [*COMMANDS, *_of_channels()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name in COMMANDS:
            module = _imported(
                f"bridge.commands.{cmd_name}", ours=ctx.find_object(Process) is not None
            )
            return cast("click.Command", module.command)
        return _of_channels().get(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries without importing the commands."""
        del ctx
        added = {name: one.get_short_help_str() for name, one in _of_channels().items()}
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items(), *added.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what fails is told in sentences."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click knows them; the last is a reader, such as `head`, who has seen enough
        except Exception as error:  # noqa: BLE001 - the outermost frame
            from bridge.failures import told  # noqa: PLC0415 - knows everything that may fail

            raise told(error) from None


_COLLECT_AFTER = (20_000, 20, 50)
"""The collector's thresholds: a busy bridge makes short-lived values by the thousand, and looking
for cycles among them after every 700 costs a tenth of its time."""

_SWITCH_AFTER = 0.001
"""Seconds for which a thread may keep the interpreter while another waits for it. The one that
writes to the database asks for it at each row, and with the usual 0.005 a busy loop delays it."""


def _imported(name: str, *, ours: bool) -> ModuleType:
    """Import a module with the garbage collector at rest: all that comes is there to stay.

    It would look through thousands of new classes again and again, for a tenth of the time. Where
    the process is ours alone, it never looks at them: that costs 50 ms each time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        module = import_module(name)
        if ours:
            gc.freeze()
            gc.set_threshold(*_COLLECT_AFTER)
            sys.setswitchinterval(_SWITCH_AFTER)
        return module
    finally:
        if was_on:
            gc.enable()


def _of_channels() -> Mapping[str, click.Command]:
    """Return the commands that adapters bring, by channel; a broken adapter brings none."""
    from bridge.channels import installed  # noqa: PLC0415 - reads what is installed

    found: dict[str, click.Command] = {}
    for descriptor in installed().descriptors:
        if descriptor.commands is not None:
            with contextlib.suppress(Exception):  # a broken one must not take the others with it
                found[descriptor.name] = descriptor.commands()
    return found


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value:
        from importlib.metadata import version  # noqa: PLC0415 - seldom asked

        click.echo(f"threadform {version('threadform')}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show it."
)
def cli() -> None:
    """Fill in Wix forms by chatting: threadform bridges chat channels and AI-led forms.

    New here? Type `threadform demo`.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that was typed, or the one that is given."""
    try:
        cli(arguments, prog_name="threadform", obj=Process())
    finally:
        _let_go()


def _let_go() -> None:
    """Say nothing of a reader who went away: what is still to be written goes nowhere.

    Otherwise the interpreter would complain of it on standard error while it ends.
    """
    out = sys.__stdout__
    if out is None:
        return
    try:
        out.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, out.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # full, or closed already: told, if at all, by the command
        return

"""The demo on a channel with a stand-in: the terminal is the phone. And which one is shown."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bridge import demo
from bridge.channels import Broken, Installed, installed
from bridge.cli import cli
from bridge.conformance.buttons import descriptor as buttons
from bridge.demo import Demo, play
from bridge.protocol.errors import Misconfigured
from bridge.stage import Unplayable

CONSOLE = installed().descriptor("console")
assert CONSOLE is not None

pytestmark = pytest.mark.usefixtures("own_logs")

TAPPED = (
    *("1", "4", "1", "2", "skip", "skip", "=20", "12 December 2030", "1", "skip"),
    *("Ada, ada@example.com", "1", "1", "!pay", "!pay"),
)


async def chat_on(monkeypatch, descriptor, *typed: str, **how) -> tuple[bool, str]:
    """Return whether something was typed, and what was said, on a channel with a stand-in."""
    source, sink = os.pipe()
    os.write(sink, "".join(f"{line}\n" for line in typed).encode())
    os.close(sink)
    told: list[str] = []
    with os.fdopen(source) as stdin:
        monkeypatch.setattr(demo.facing.sys, "stdin", stdin)
        counted = await play(Demo(descriptor=descriptor, **how), told.append)
    return counted, "".join(f"{text}\n" for text in told)


async def test_an_order_is_tapped_down_to_paid(monkeypatch):
    """A platform in miniature, its adapter, core, sandbox and checkout page, each over HTTP.

    Each line is read when everything before it has been answered, the payment too.
    """
    typed, said = await chat_on(monkeypatch, buttons, *TAPPED)
    assert typed
    assert said.startswith("This is threadform's demo: Buttons in miniature")
    assert "> 1 [ ☐ Two-tier cake - 39.90 ]\n\n(edited)\n" in said
    assert "[ ☑" not in said.split("> 4 [ Done ]")[0].split("(edited)")[0]
    assert "  [1] Pay → http://127.0.0.1:" in said
    assert "> 1\n\n· Open this in a browser: http://127.0.0.1:" in said
    assert "'pay' was pressed" in said
    paid = said.index("Thank you, your payment has arrived.")
    assert paid < said.index("This order is settled already.")
    assert "\x1b" not in said


async def test_nothing_typed_on_a_phone_is_known(monkeypatch):
    """The form has begun by itself all the same, with what is known already."""
    values = {"full_name": "Grace Hopper"}
    typed, said = await chat_on(monkeypatch, buttons, "", form="equipment", values=values)
    assert not typed
    assert "> /start\n" in said
    assert "✓ Your name: Grace Hopper" in said


async def test_a_channel_without_commands_begins_by_the_keyword(monkeypatch):
    """And no help is promised."""

    def build(settings, host):
        adapter = buttons.build(settings, host)
        adapter.capabilities = replace(adapter.capabilities, commands={})
        return adapter

    _, said = await chat_on(monkeypatch, replace(buttons, build=build), form="event")
    assert "- Leave with Ctrl-D." in said
    assert "> event\n" in said


async def test_a_channel_that_fails_ends_the_chat(monkeypatch):
    """Its own sentence is told, though the platform waits for it."""

    def build(settings, host):
        adapter = buttons.build(settings, host)
        adapter.start = refuse
        return adapter

    async def refuse() -> None:
        raise Misconfigured("BUTTONS_TOKEN", "is not the right one.")

    waiting = asyncio.Event()

    async def converse(phone, say) -> int:
        await waiting.wait()
        return 0

    monkeypatch.setattr(demo.facing, "converse", converse)
    with pytest.raises(Misconfigured, match="BUTTONS_TOKEN"):
        await play(Demo(descriptor=replace(buttons, build=build)), lambda _: None)


def _not_built(settings, host):
    raise ImportError(name="fax")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"standin": None}, "Buttons has no stand-in, so it can't be shown here."),
        ({"build": _not_built}, "Buttons can't be loaded here: install what its guide names."),
    ],
)
async def test_what_can_not_be_staged_is_told(change, told):
    """Without a stand-in, or without the platform's library."""
    with pytest.raises(Unplayable) as raised:
        await play(Demo(descriptor=replace(buttons, **change)), lambda _: None)
    assert str(raised.value) == told


# Which channel.


def started(monkeypatch, *arguments: str, found: Installed, terminal: bool, torn: str = ""):
    """Run the command; return its result and which channels were shown; `torn` can't be."""
    from bridge.commands import demo as command

    shown: list[str] = []

    async def played(one: Demo, say) -> bool:
        if one.descriptor.name == torn:
            raise Unplayable(f"{torn} is torn.")
        shown.append(one.descriptor.name)
        return True

    monkeypatch.setattr(command.demo, "play", played)
    monkeypatch.setattr(command, "installed", lambda: found)
    monkeypatch.setattr(command, "at_terminal", lambda: terminal)
    return CliRunner().invoke(cli, ["demo", *arguments]), shown


SHOWCASE = replace(buttons, showcase=True)
BROKEN = Broken(name="fax", reason="can't be loaded: fax is not installed")


@pytest.mark.parametrize(
    ("terminal", "descriptors", "shown"),
    [
        (True, (CONSOLE, SHOWCASE), ["buttons"]),
        (False, (CONSOLE, SHOWCASE), ["console"]),
        (True, (buttons, CONSOLE), ["console"]),
    ],
)
def test_the_showcase_is_shown_at_a_terminal(monkeypatch, terminal, descriptors, shown):
    """A pipe stays with lines; so does a terminal without a showcase."""
    found = Installed(descriptors=descriptors)
    result, channels = started(monkeypatch, found=found, terminal=terminal)
    assert (result.exit_code, channels) == (0, shown)


def test_a_showcase_that_can_not_be_shown_is_told(monkeypatch):
    """In one line; then comes what needs no platform."""
    found = Installed(descriptors=(CONSOLE, SHOWCASE))
    result, channels = started(monkeypatch, found=found, terminal=True, torn="buttons")
    assert (result.exit_code, channels) == (0, ["console"])
    assert result.output.startswith("buttons is torn.\n")
    found = Installed(descriptors=(CONSOLE,), broken=(BROKEN,))
    result, channels = started(monkeypatch, found=found, terminal=True)
    assert (result.exit_code, channels) == (0, ["console"])
    assert result.output.startswith("fax can't be loaded: fax is not installed.\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--channel=fax"], "fax can't be loaded: fax is not installed"),
        (["--channel=tin"], "there is no channel 'tin' here"),
        (["--channel=buttons"], "buttons is torn."),
        ([], "No channel is installed that can be shown."),
    ],
)
def test_a_channel_that_can_not_be_shown_is_a_usage_error(monkeypatch, arguments, told):
    """The sentence says why."""
    found = Installed(descriptors=(SHOWCASE,), broken=(BROKEN,))
    result, shown = started(monkeypatch, *arguments, found=found, terminal=False, torn="buttons")
    assert (result.exit_code, shown) == (2, [])
    assert told in result.stderr

"""The demo, as a newcomer's pipe sees it, and the sandbox's till."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bridge import demo
from bridge.channels import Broken, Installed, installed
from bridge.cli import cli
from bridge.conformance.buttons import descriptor as buttons
from bridge.demo import Demo, ValuesError, play, read_values
from bridge.playground import catalogue_of
from bridge.protocol.errors import Misconfigured
from bridge.sandbox.ledger import Act
from bridge.stage import Unplayable
from bridge.till import TillError, press
from tests.served import served

if TYPE_CHECKING:
    from pathlib import Path

CONSOLE = installed().descriptor("console")
assert CONSOLE is not None

ORDER = (
    *("Two-tier cake", "1", "chocolate", "skip", "skip", "20", "12 December 2030", "1", "skip"),
    *("Ada, ada@example.com", "1"),
)

pytestmark = pytest.mark.usefixtures("own_logs")


async def chat(tmp_path, *lines: str, form: str = "cake", values=None) -> tuple[bool, str]:
    """Return whether something was typed, and what was said."""
    source, sink = tmp_path / "typed", tmp_path / "said"
    source.write_text("".join(f"{line}\n" for line in lines))
    sink.touch()
    environ = {"CONSOLE_INPUT": str(source), "CONSOLE_OUTPUT": str(sink)}
    told: list[str] = []
    shown = Demo(descriptor=CONSOLE, form=form, values=values or {}, environ=environ)
    typed = await play(shown, told.append)
    assert told == [demo.INTRO]
    return typed, sink.read_text()


def holds(path: Path, words: str) -> None:
    """Return as soon as the file holds the words."""
    while words not in path.read_text():
        time.sleep(0.01)


async def test_an_order_is_typed_down_to_paid(tmp_path):
    """The whole way over HTTP: core, sandbox, checkout page, and back into the chat."""
    typed, said = await chat(tmp_path, *ORDER, "!pay", "!pay")
    assert typed
    assert "→ Pay: http://127.0.0.1:" in said
    assert "'pay' was pressed" in said
    assert said.count("Thank you, your payment has arrived.") == 1


async def test_a_declined_payment_is_told_and_may_be_tried_again(tmp_path):
    """The chat says so, and the page still takes the payment."""
    typed, said = await chat(tmp_path, *ORDER, "!decline")
    assert typed
    assert "The payment was declined." in said


async def test_a_cancelled_order_is_told(tmp_path):
    """Nothing is to be paid any more."""
    _, said = await chat(tmp_path, *ORDER, "!cancel-order")
    assert "The order was cancelled." in said


async def test_there_is_nothing_to_pay_before_the_order(tmp_path):
    """The word is no message, and counts as something typed."""
    typed, said = await chat(tmp_path, "!pay")
    assert typed
    assert "There is nothing to pay yet: finish the order first." in said


async def test_a_settled_order_is_not_paid_again(tmp_path):
    """Its page is left alone."""
    source = tmp_path / "typed"
    os.mkfifo(source)
    sink = tmp_path / "said"
    sink.touch()
    environ = {"CONSOLE_INPUT": str(source), "CONSOLE_OUTPUT": str(sink)}
    playing = asyncio.create_task(play(Demo(descriptor=CONSOLE, environ=environ), lambda _: None))
    keys = await asyncio.to_thread(source.open, "w", buffering=1)
    with keys:
        for line in (*ORDER, "!pay"):
            keys.write(f"{line}\n")
        await asyncio.to_thread(holds, sink, "has arrived")
        keys.write("!pay\n")
    assert await playing
    assert "This order is settled already." in sink.read_text()


async def test_nothing_typed_is_known(tmp_path):
    """The form has begun by itself all the same; empty lines are nothing."""
    typed, said = await chat(tmp_path, "", "  ", form="equipment")
    assert not typed
    assert "Equipment request" in said


async def test_values_from_elsewhere_are_known(tmp_path):
    """They are acknowledged, and one that can't be is pointed out (flow B)."""
    values = {"full_name": "Grace Hopper", "work_email": "grace at example"}
    _, said = await chat(tmp_path, form="equipment", values=values)
    assert "✓ Your name: Grace Hopper" in said
    assert "! Work email: that is no e-mail address." in said


async def test_a_channel_that_can_not_start_ends_the_demo(tmp_path):
    """Its own sentence is told."""
    environ = {"CONSOLE_INPUT": str(tmp_path / "nowhere")}
    with pytest.raises(Misconfigured, match="CONSOLE_INPUT"):
        await play(Demo(descriptor=CONSOLE, environ=environ), lambda _: None)


def test_only_the_default_form_is_prefilled():
    """Values belong to the form that was named."""
    catalogue = catalogue_of("console", "event", {"first_name": "Ada"}, dry_run=True)
    filled = [entry for entry in catalogue.entries if entry.prefill or entry.dry_run]
    assert [entry.slug for entry in filled] == ["event"]
    assert catalogue.default("console") == filled[0]
    assert catalogue.by_keyword("console", "CAKE") is not None


# On a phone.

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


# Values.


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"a": 1,\n "b" 2}', r"values.json, line 2, column 6: not written as JSON wants it."),
        (b"[1, 2]", "values.json must hold one object"),
        (b"\xff\xfe", "values.json is not UTF-8 text: save it as UTF-8."),
        (b"[" * 100_000, "values.json is nested too deep."),
        (None, "values.json can't be read: No such file or directory."),
    ],
)
def test_values_that_can_not_be_used_are_told(tmp_path, content, told):
    """The sentence names the file and the place, and never what stands there."""
    path = tmp_path / "values.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValuesError) as raised:
        read_values(path)
    assert str(raised.value).startswith(told)


def test_values_are_read(tmp_path):
    """A byte order mark is no matter."""
    path = tmp_path / "values.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"guests": 20}).encode())
    assert read_values(path) == {"guests": 20}


# The command.


def demo_process(**how) -> subprocess.Popen[str]:
    """Start the demo as a process with pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "bridge", "demo"], text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how,
    )  # fmt: skip


def test_a_piped_demo_ends_cleanly(tmp_path):
    """Exit code 0, nothing on standard error, no file left behind."""
    process = demo_process(env={**os.environ, "TMPDIR": str(tmp_path)})
    out, err = process.communicate("Two-tier cake\n", timeout=50)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("This is threadform's demo")
    assert "How many of these: Two-tier cake?" in out
    assert "That was the demo." in out
    assert "`threadform doctor`" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_demo_cleanly(tmp_path, number):
    """Exit code 0, and no file left behind."""
    process = demo_process(env={**os.environ, "TMPDIR": str(tmp_path)})
    assert process.stdout is not None
    while "Reply with" not in (line := process.stdout.readline()):
        assert line, "it ended before the first question"
    process.send_signal(number)
    _, err = process.communicate(timeout=50)
    assert (process.returncode, err) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_without_a_single_line_the_tour_is_played(monkeypatch, tmp_path):
    """Its exit code is the demo's."""
    from bridge.commands import demo as command

    asked: list[tuple[str, ...]] = []

    def played(channels: tuple[str, ...]) -> int:
        asked.append(channels)
        return 1

    (tmp_path / "typed").touch()
    monkeypatch.setattr(command, "play_tour", played)
    monkeypatch.setattr(
        command.demo,
        "Demo",
        lambda **given: Demo(**given, environ={"CONSOLE_INPUT": str(tmp_path / "typed")}),
    )
    result = CliRunner().invoke(cli, ["demo", "--log", str(tmp_path / "log")])
    assert (result.exit_code, asked) == (1, [()])
    assert "No line came in, so here is the tour instead." in result.output


def test_what_can_not_be_shown_is_told(tmp_path):
    """A channel that is not there, a form that is not, values that are none: usage errors."""
    assert "there is no channel 'fax'" in CliRunner().invoke(cli, ["demo", "--channel=fax"]).stderr
    assert CliRunner().invoke(cli, ["demo", "--form=pie"]).exit_code == 2
    result = CliRunner().invoke(cli, ["demo", "--values", str(tmp_path / "none.json")])
    assert result.exit_code == 2
    assert "none.json can't be read" in result.stderr


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


# The till.


async def test_a_checkout_that_is_not_there_is_told():
    """The page's status is named; a sandbox that is gone is, too."""
    with served() as base_url, pytest.raises(TillError, match="answered 404"):
        await press(f"{base_url}/checkout/7", Act.PAY)
    with pytest.raises(TillError, match="is the sandbox running"):
        await press(f"{base_url}/checkout/7", Act.PAY)

"""The demo, as a newcomer's pipe sees it, and the sandbox's till."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bridge import demo
from bridge.channels import installed
from bridge.cli import cli
from bridge.demo import Demo, ValuesError, play, read_values
from bridge.playground import catalogue_of
from bridge.protocol.errors import Misconfigured
from bridge.sandbox.ledger import Act
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


# The till.


async def test_a_checkout_that_is_not_there_is_told():
    """The page's status is named; a sandbox that is gone is, too."""
    with served() as base_url, pytest.raises(TillError, match="answered 404"):
        await press(f"{base_url}/checkout/7", Act.PAY)
    with pytest.raises(TillError, match="is the sandbox running"):
        await press(f"{base_url}/checkout/7", Act.PAY)

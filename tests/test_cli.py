"""The command line, as it is typed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from pydantic import BaseModel

from bridge import cli as cli_module
from bridge.catalogue import CatalogueError
from bridge.cli import COMMANDS, Commands, cli
from bridge.environment import SettingsError
from bridge.failures import Failure, Unset, told
from bridge.protocol.adapter import Descriptor
from bridge.protocol.errors import Misconfigured
from bridge.sandbox.config import SandboxConfig
from bridge.server import CannotListen
from bridge.store.errors import StoreBusy
from bridge.upstream.errors import Unreachable
from tests.served import environ_of, served
from tests.typed import FORMS, bridge, typed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("own_logs")


def no_adapter(settings, host):
    """Stand where an adapter is built."""
    raise NotImplementedError


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Stand in an empty folder, with nothing set."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(("WIX_", "CONSOLE_")) or name in {"PORT", "HOST", "DATABASE_URL"}:
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture(scope="module")
def sandbox():
    """Serve one sandbox for all tests here; each begins its own sessions."""
    with served() as base_url:
        yield base_url


# The frame.


def test_help_names_every_command():
    """The summaries are the commands' own, although no command is imported for them."""
    shown = typed("--help").output
    for name, summary in COMMANDS.items():
        command = Commands().get_command(click.Context(cli), name)
        assert command is not None
        assert name in shown
        assert (command.help or "").splitlines()[0] == summary


def test_every_help_can_be_read():
    """Each command explains itself, options and sub-commands too."""
    for name in COMMANDS:
        result = typed(name, "-h")
        assert result.exit_code == 0, result.output
        assert result.output.startswith("Usage: ")


def test_help_is_light():
    """Neither help nor an unknown command waits for the libraries of the bridge."""
    code = (
        "import sys; from bridge.cli import cli\n"
        "try: cli(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'aiohttp', 'httpx', 'uvicorn', 'structlog', 'alembic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-1] == "[]"


def test_the_chat_waits_for_no_library_that_it_does_not_need():
    """What `run` and `demo` import holds neither migrations nor date parsing nor a terminal."""
    code = (
        "import sys, bridge.commands.run\n"
        "heavy = {'alembic', 'dateparser', 'phonenumbers', 'prompt_toolkit', 'tomlkit'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("call", "kept"), [("main", True), ("cli", False)])
def test_the_interpreter_is_tuned_in_a_process_of_ours(call, kept):
    """Collector and threads; whoever only calls the command line keeps their own settings."""
    code = (
        f"import gc, sys; from bridge import cli\n"
        f"try: cli.{call}(['migrate', '--help'])\n"
        "except SystemExit: pass\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 0, sys.getswitchinterval() < 0.005)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-1] == f"True {kept} {kept}"


def test_the_version_is_the_distributions():
    """It is told on request."""
    assert typed("--version").output.startswith("threadform 0.")


def test_the_module_is_the_same_as_the_script():
    """`python -m bridge` shows the same help."""
    run = subprocess.run(
        [sys.executable, "-m", "bridge", "--help"], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("Usage: threadform [OPTIONS] COMMAND")


def test_an_unknown_command_is_a_usage_error():
    """It ends with 2, as click does."""
    assert typed("dance").exit_code == 2


def test_adapters_bring_commands(monkeypatch):
    """They stand under the channel's name; a broken one takes no other with it."""

    @click.command(help="Send a pigeon.")
    def pigeon() -> None:
        click.echo("coo")

    def broken() -> click.Command:
        raise RuntimeError

    def descriptor(name: str, commands) -> Descriptor:
        return Descriptor(
            name=name, title=name, settings=BaseModel, build=no_adapter, commands=commands
        )

    brought = {"pigeon": pigeon}
    monkeypatch.setattr(cli_module, "_of_channels", lambda: brought)
    assert typed("pigeon").output == "coo\n"
    assert "Send a pigeon." in typed("--help").output
    monkeypatch.undo()

    class Found:
        descriptors = (descriptor("owl", broken), descriptor("pigeon", lambda: pigeon))

    monkeypatch.setattr("bridge.channels.installed", Found)
    assert typed("pigeon").output == "coo\n"
    assert typed("owl").exit_code == 2


# Failures.


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (SettingsError(["PORT is wrong", "HOST too"]), Unset, "PORT is wrong\nHOST too"),
        (CatalogueError(["forms.x: no"]), Unset, "forms.x: no"),
        (Misconfigured("X", "set it"), Unset, "X: set it"),
        (StoreBusy("another process uses it"), Failure, "The database: another process uses it."),
        (Unreachable("Not there"), Failure, "Wix: Not there."),
    ],
)
def test_expected_failures_are_told_in_their_own_words(error, kind, text):
    """Settings end with 2, trouble with 1."""
    failure = told(error)
    assert type(failure) is kind
    assert failure.message == text
    assert failure.exit_code == (2 if kind is Unset else 1)


def test_a_taken_port_is_told():
    """The sentence says what to set."""
    failure = told(CannotListen("127.0.0.1", 80, 98))
    assert failure.exit_code == 2
    assert "PORT" in failure.message


def test_an_unexpected_failure_shows_no_foreign_text():
    """A foreign exception may quote a token or what a person said (law 13)."""
    failure = told(KeyError("token 12345"))
    assert "12345" not in failure.message
    assert "builtins.KeyError" in failure.message
    assert failure.exit_code == 1


def test_a_failure_is_no_traceback(monkeypatch, folder):
    """Whatever a command raises ends as sentences on standard error."""

    @click.command()
    def breaks() -> None:
        raise SettingsError(["Set THIS."])

    monkeypatch.setattr(cli_module, "_of_channels", lambda: {"breaks": breaks})
    result = typed("breaks")
    assert (result.exit_code, result.stderr, result.stdout) == (2, "Set THIS.\n", "")


@pytest.mark.parametrize("words", [("doctor",), ("--help",), ("tour",)])
def test_a_reader_who_goes_away_is_no_failure(folder, words):
    """`threadform doctor | head -1`: nothing on standard error, neither from us nor from Python."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "bridge", *words],
        stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


# run.


def test_run_says_at_once_all_that_is_missing(folder):
    """Credentials for Wix, a channel, forms: one sentence each, in one go."""
    result = typed("run")
    assert result.exit_code == 2
    wix, channels, forms = result.stderr.splitlines()
    assert "WIX_API_KEY and WIX_SITE_ID" in wix
    assert "start with --console" in channels
    assert "threadform forms add" in forms


def test_run_tells_only_what_is_missing(folder):
    """What is set is not asked for."""
    result = typed("run", env=environ_of("http://127.0.0.1:9"))
    assert result.exit_code == 2
    assert "start with --console" in result.stderr


def test_run_needs_forms(folder):
    """A missing catalogue and an empty one each say what to do."""
    env = environ_of("http://127.0.0.1:9")
    assert "threadform forms add" in typed("run", "--console", env=env).stderr
    (folder / "forms.toml").write_text("")
    result = typed("run", "--console", env=env)
    assert result.exit_code == 2
    assert "holds no form" in result.stderr


@pytest.mark.parametrize("host", ["DYNO", "K_SERVICE"])
def test_run_refuses_a_disk_that_is_wiped(folder, host):
    """A database that vanishes with the orders in it is no database."""
    env = {**environ_of("http://127.0.0.1:9"), host: "web.1"}
    result = typed("run", "--console", env=env)
    assert result.exit_code == 2
    assert "ALLOW_EPHEMERAL=1" in result.stderr
    allowed = typed("run", "--console", env={**env, "ALLOW_EPHEMERAL": "1"})
    assert "ALLOW_EPHEMERAL" not in allowed.stderr


def test_run_chats_until_its_input_ends(folder, sandbox):
    """It tells when it is ready, answers, warns of strange names, and ends well."""
    (folder / "forms.toml").write_text(FORMS)
    (folder / ".env").write_text("WIX_CHOISE=label\n")
    process = bridge(folder, "run", "--console", env=environ_of(sandbox))
    out, err = process.communicate("Hello\n", timeout=50)
    assert process.returncode == 0, err
    assert "Party cake order" in out
    assert "Listening on http://127.0.0.1:" in err
    assert "with console" in err
    assert "did you mean 'WIX_CHOICE'?" in err
    listed = typed("conversations", "list")
    assert "console:you" in listed.output


def test_run_stops_at_a_signal(folder, sandbox):
    """SIGTERM ends it in order, although its input goes on."""
    (folder / "forms.toml").write_text(FORMS)
    process = bridge(folder, "run", "--console", env=environ_of(sandbox))
    assert process.stderr is not None
    while "Listening" not in (line := process.stderr.readline()):
        assert line, "it ended before it listened"
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=50)
    assert process.returncode == 0, err
    assert "Stopped" in err


def test_a_channel_that_was_asked_for_and_can_not_start_ends_the_run(folder, sandbox):
    """The sentence names the variable."""
    (folder / "forms.toml").write_text(FORMS)
    env = {**environ_of(sandbox), "CONSOLE_INPUT": str(folder / "nowhere"), "PORT": "0"}
    result = typed("run", "--console", env=env)
    assert result.exit_code == 2
    assert "CONSOLE_INPUT" in result.stderr


def test_run_tells_of_a_taken_port(folder, sandbox):
    """Options stand over the environment."""
    (folder / "forms.toml").write_text(FORMS)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = typed("run", "--console", "--port", port, env=environ_of(sandbox))
    assert result.exit_code == 2
    assert f"PORT={port}" in result.stderr


# sandbox.


def test_the_sandbox_says_where_it_is(folder):
    """It prints address and credentials, and ends at a signal."""
    process = bridge(folder, "sandbox", "--port", "0", "--stream-format", "array", env={})
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(5)]
    process.send_signal(signal.SIGINT)
    assert process.wait(50) == 0
    process.communicate()
    assert lines[0].startswith("Sandbox on http://127.0.0.1:")
    assert "WIX_API_KEY=sandbox-key" in lines[2]
    assert "streams: array" in lines[4]


def test_the_sandbox_refuses_what_can_not_be(folder):
    """A taken port, and shares that are more than the whole."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert typed("sandbox", "--port", port).exit_code == 2
    words = ("--share-429", "0.7", "--share-5xx", "0.7", "--faults-on", "all")
    result = typed("sandbox", *words)
    assert (result.exit_code, result.stderr) == (
        2,
        "Lower the shares of faults: together they are more than 1.\n",
    )


def test_the_benchmark_is_called(monkeypatch):
    """Its result is the exit code."""
    from bridge.bench import engine

    monkeypatch.setattr(engine, "main", lambda: 3)
    assert typed("bench", "engine").exit_code == 3


def test_wrong_faults_are_read_as_words():
    """The sandbox's flags become its configuration."""
    from bridge.commands.sandbox import _config

    config = _config({"share_429": 0.5, "faults_on": "all", "stream_format": "ndjson"})
    assert isinstance(config, SandboxConfig)
    assert (config.faults_on.value, config.stream_format.value) == ("all", "ndjson")


READER_GONE = """
import os, sys
from bridge.cli import _let_go
reading, writing = os.pipe()
os.dup2(writing, 1)
os.close(reading)
sys.stdout.write("nobody reads this")
_let_go()
sys.stdout.write("nor this")
"""
NO_OUTPUT = """
import sys
from bridge.cli import _let_go
sys.__stdout__ = None
_let_go()
sys.__stdout__ = open("/dev/full", "w") if sys.platform == "linux" else sys.stdout
sys.__stdout__.write("no room")
_let_go()
sys.__stdout__ = None
"""


@pytest.mark.parametrize("script", [READER_GONE, NO_OUTPUT], ids=["gone", "none"])
def test_an_output_that_takes_nothing_is_let_go(script: str) -> None:
    """What can't be written goes nowhere, without a word."""
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True, text=True, check=False, env=buffered,
    )  # fmt: skip
    assert done.returncode in (0, 120)
    assert "Traceback" not in done.stderr

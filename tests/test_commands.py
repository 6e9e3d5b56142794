"""The commands that look after database, catalogue and conversations."""

from __future__ import annotations

import os
import socket
import sqlite3
from typing import TYPE_CHECKING

import pytest

from bridge.commands.forms import slug_of
from bridge.failures import Failure
from tests.served import environ_of, served
from tests.typed import CAKE, EQUIPMENT, FORMS, bridge, typed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("own_logs")


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


def test_migrate_makes_the_database(folder):
    """And says so; a second time changes nothing."""
    for _ in range(2):
        result = typed("migrate")
        assert result.exit_code == 0, result.stderr
        assert "up to date" in result.output
    assert (folder / "threadform.db").exists()


def test_forms_are_listed_and_checked(folder, sandbox):
    """A form that the site does not have fails the check."""
    (folder / "forms.toml").write_text(FORMS)
    env = environ_of(sandbox)
    assert CAKE in typed("forms", "list", env=env).output
    result = typed("forms", "check", env=env)
    assert (result.exit_code, result.output) == (0, "ok      form cake: Party cake order\n")
    wrong = f'{FORMS}[forms.no]\nform_id = "{CAKE[:-1]}9"\ntitle = "No"\n'
    (folder / "forms.toml").write_text(wrong)
    result = typed("forms", "check", env=env)
    assert result.exit_code == 1
    assert "FAILED  form no: the site has no such form" in result.output
    (folder / "forms.toml").write_text("")
    assert "forms add" in typed("forms", "list", env=env).output
    assert typed("forms", "check", env=env).exit_code == 2


def test_a_form_is_added_by_its_id(folder, sandbox):
    """What stands in the file stays; a second time gets another name."""
    (folder / "forms.toml").write_text(FORMS)
    words = ("forms", "add", "--id", EQUIPMENT, "--default-for", "fax")
    result = typed(*words, env=environ_of(sandbox))
    assert result.exit_code == 0, result.stderr
    text = (folder / "forms.toml").read_text()
    assert text.startswith(FORMS)
    assert f'[forms.equipment-request]\nform_id = "{EQUIPMENT}"' in text
    result = typed("forms", "add", "--id", EQUIPMENT, env=environ_of(sandbox))
    assert result.output == "Added [forms.equipment-request-2] to forms.toml.\n"


def test_a_form_is_added_by_choosing_it(folder, sandbox):
    """The site's forms are listed, with what is special about them."""
    words = ("forms", "add", "--slug", "order", "--title", "Order here")
    result = typed(*words, env=environ_of(sandbox), answers="9\n1\n")
    assert result.exit_code == 0, result.stderr
    assert "1. Party cake order (takes payment)" in result.output
    assert 'title = "Order here"' in (folder / "forms.toml").read_text()
    result = typed("forms", "add", "--id", "nope", env=environ_of(sandbox))
    assert result.exit_code == 1
    assert "The site has no form nope" in result.stderr


def test_a_site_without_forms_is_told(folder):
    """There is nothing to choose from."""
    from bridge.commands.forms import _chosen

    with pytest.raises(Failure, match="make one in its dashboard"):
        _chosen((), None)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Party cake order", "party-cake-order"), ("¿¡", "form"), ("A" * 40, "a" * 32), ("-x-", "x")],
)
def test_slugs_are_made_of_names(name, slug):
    """They fit the catalogue's rule."""
    assert slug_of(name) == slug


def talk(folder: Path, sandbox: str) -> str:
    """Hold a short conversation; return its id."""
    (folder / "forms.toml").write_text(FORMS)
    env = {**environ_of(sandbox), "PORT": "0"}
    (folder / "lines").write_text("Hello\nchocolate\n")
    result = typed("run", "--console", env={**env, "CONSOLE_INPUT": str(folder / "lines")})
    assert result.exit_code == 0, result.stderr
    return typed("conversations", "list").output.splitlines()[2].split()[0]


def test_conversations_are_listed_shown_and_forgotten(folder, sandbox):
    """Forgetting leaves no trace of the person in the database."""
    assert "there is no database" in typed("conversations", "list").stderr
    assert typed("conversations", "forget", "console:you").exit_code == 1
    talked = talk(folder, sandbox)
    shown = typed("conversations", "show", talked).output
    assert "  flavor: Chocolate" in shown
    assert "1. CREATE ANSWERED" in shown.replace("SEND", "CREATE")
    result = typed("conversations", "show", "nobody")
    assert (result.exit_code, result.output[:21]) == (1, "There is no conversat")
    assert typed("conversations", "forget", "console:you").output == (
        "Erased what there was on 1 thread.\n"
    )
    assert typed("conversations", "list", "--all").output == "No conversations.\n"
    assert "goes on" in typed("conversations", "list").output
    with sqlite3.connect(folder / "threadform.db") as database:
        assert database.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM thread").fetchone() == (0,)
    database.close()


def test_a_running_bridge_forgets_by_itself(folder, sandbox):
    """The command goes through the process that holds the database, which goes on."""
    (folder / "forms.toml").write_text(FORMS)
    os.mkfifo(folder / "keys")
    with socket.create_server(("127.0.0.1", 0)) as free:
        env = {**environ_of(sandbox), "PORT": str(free.getsockname()[1]), "CONSOLE_INPUT": "keys"}
        env["API_TOKEN"] = "opens-what-is-shut"
    process = bridge(folder, "run", "--console", env=env)
    assert process.stdout is not None
    with (folder / "keys").open("w", buffering=1) as keys:
        keys.write("Hello\n")
        while "Reply with" not in (line := process.stdout.readline()):
            assert line, "it ended before the first question"
        result = typed("conversations", "forget", "console:you", env=env)
        assert result.output == "Erased what there was on 1 thread.\n"
        assert typed("conversations", "list", "--all").output == "No conversations.\n"
        refused = typed("conversations", "forget", "x", env={**env, "API_TOKEN": ""})
        assert refused.stderr == (
            "The running threadform refused: run this with the same API_TOKEN.\n"
        )
        keys.write("Hello again\n")
        while "Reply with" not in (line := process.stdout.readline()):
            assert line, "it ended before it answered again"
    assert process.wait(50) == 0
    process.communicate()
    assert "console:you" in typed("conversations", "list").output


def test_a_held_database_is_reached_through_its_holder(folder, sandbox):
    """Where nobody answers, it says what to do."""
    import fcntl

    talk(folder, sandbox)
    with (folder / "threadform.db.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = typed("conversations", "forget", "console:you", env={"PORT": "9"})
    assert result.exit_code == 1
    assert "does not answer on 127.0.0.1:9" in result.stderr

"""What the doctor finds, and what it says to do."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bridge import doctor
from bridge.channels import Broken, Installed
from bridge.cli import cli
from bridge.clock import SystemClock
from bridge.configured import Configured, configured
from bridge.doctor import database, examine, line
from bridge.formcheck import check_forms
from bridge.forms import Catalogue, FormEntry
from bridge.protocol.adapter import Check
from bridge.sandbox.config import SandboxConfig
from bridge.sandbox.forms import shipped
from bridge.sandbox.server import SandboxServer
from bridge.store.database import Database
from bridge.store.schema import HEAD
from bridge.upstream.errors import UpstreamError
from tests.served import environ_of, served
from tests.test_channels import DOOR, FAX

CAKE = "5f1d0a3e-0000-4000-8000-00000000f001"
EVERYTHING = "8c4e6d9f-0000-4000-8000-00000000f004"
NOWHERE = "5f1d0a3e-0000-4000-8000-00000000f009"

pytestmark = pytest.mark.usefixtures("own_logs")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
async def sandbox():
    """Serve one."""
    async with SandboxServer(config=SandboxConfig()) as base_url:
        yield base_url


def forms(folder: Path, *entries: str) -> None:
    """Write a catalogue."""
    text = "\n".join(f'[forms.f{n}]\ntitle = "F"\n{entry}' for n, entry in enumerate(entries))
    (folder / "forms.toml").write_text(text)


async def checks(environ: dict[str, str]) -> list[Check]:
    """Return all findings."""
    return [check async for check in examine(environ)]


def failed(found: list[Check]) -> list[str]:
    """Return the names of what failed."""
    return [check.name for check in found if not check.ok]


# The findings.


async def test_all_is_well(folder, sandbox):
    """Settings, database, catalogue, credentials, form and channel, each with its line."""
    forms(folder, f'form_id = "{CAKE}"\ndefault_for = ["console"]')
    found = await checks(environ_of(sandbox))
    assert [line(check) for check in found] == [
        "ok      settings: can be read",
        "ok      database: threadform.db will be made by `threadform run`",
        "ok      catalogue: forms.toml, 1 form",
        f"ok      credentials: {sandbox} takes them",
        "ok      form f0: Party cake order",
        "ok      telegram: off: TELEGRAM_BOT_TOKEN not set",
        "ok      console: off, unless started with `threadform run --console`",
    ]


async def test_wrong_settings_end_the_examination(folder):
    """Nothing else can be looked at."""
    found = await checks({"PORT": "high", "WIX_API_KEY": "x"})
    assert failed(found) == ["settings", "settings"]
    assert len(found) == 2
    assert (
        line(found[0])
        == "FAILED  settings: PORT must be a whole number\n        correct it in .env"
    )


async def test_what_is_missing_is_named(folder):
    """Without credentials and catalogue, the rest is looked at all the same."""
    (folder / ".env").write_text("WIX_CHOISE=label\n")
    found = await checks({})
    assert failed(found) == ["catalogue", "credentials"]
    assert line(found[0]) == (
        "note    settings: .env: WIX_CHOISE is not a setting; did you mean 'WIX_CHOICE'?\n"
        "        correct the name, or take it out"
    )
    (credentials,) = [check for check in found if check.name == "credentials"]
    assert credentials.advice.startswith("set WIX_API_KEY and WIX_SITE_ID")


async def test_a_host_that_wipes_its_disk_fails(folder, sandbox):
    """The database would not last."""
    found = await checks({**environ_of(sandbox), "DYNO": "web.1"})
    assert "host" in failed(found)


async def test_credentials_that_are_not_taken_fail(folder, sandbox):
    """And nothing is asked with them then."""
    forms(folder, f'form_id = "{CAKE}"')
    found = await checks({**environ_of(sandbox), "WIX_API_KEY": "wrong"})
    assert failed(found) == ["credentials"]
    assert "WIX_API_KEY" in found[3].advice


async def test_forms_are_looked_at(folder, sandbox):
    """An unknown form, and known values for fields that are not there."""
    forms(
        folder,
        f'form_id = "{NOWHERE}"\ndefault_for = ["fax"]',
        f'form_id = "{CAKE}"\nprefill = {{ colour = "red" }}',
        f'form_id = "{EVERYTHING}"',
    )
    found = await checks(environ_of(sandbox))
    assert failed(found) == ["form f0", "form f1"]
    by_name = {check.name: check for check in found}
    assert by_name["form f0"].detail == "the site has no such form"
    assert "colour" in by_name["form f1"].advice
    assert by_name["form f2"].detail.endswith("a file and a signature, which no chat can take")
    assert by_name["form f2"].advice.startswith("set form_url")
    assert "'fax' is no installed channel" in by_name["catalogue"].detail
    assert line(by_name["catalogue"]).startswith("note    ")


async def test_an_empty_catalogue_fails(folder):
    """There would be nothing to chat about."""
    (folder / "forms.toml").write_text("")
    assert "catalogue" in failed(await checks({}))


class Site:
    """A site that answers each form with what it is told."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    async def raw_form(self, form_id: str) -> object:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize(
    ("answer", "ok", "detail"),
    [
        (UpstreamError("Try later"), False, "could not be looked at"),
        ({"name": "Pie", "enabled": False}, False, "Pie"),
        ({"name": "", "enabled": True}, True, "without a name"),
    ],
)
async def test_what_a_form_may_be(answer, ok, detail):
    """A form that is not enabled can't be filled in by anybody."""
    entry = FormEntry(slug="pie", form_id=CAKE, title="Pie")
    [check] = await check_forms(Site(answer), Catalogue((entry,)))
    assert (check.ok, check.detail) == (ok, detail)
    assert bool(check.advice) is not ok


async def test_files_may_be_given_on_the_web(folder):
    """With an address for it, that is where people are sent."""
    raw = shipped()["everything"]["form"]
    entry = FormEntry(slug="e", form_id=EVERYTHING, title="E", form_url="https://example.com")
    [check] = await check_forms(Site(raw), Catalogue((entry,)))
    assert "people are sent to form_url" in check.detail
    assert line(check).startswith("ok      ")


# The database.


async def test_a_database_of_ours_is_read(folder):
    """Its schema is told, and whether a process holds it."""
    path = folder / "a.db"
    held = await Database.open(path, SystemClock())
    assert f"schema {HEAD}, in use by a running threadform" in (await database(path)).detail
    await held.close()
    assert (await database(path)).detail == f"{path}, schema {HEAD}"


@pytest.mark.parametrize(
    ("version", "ok", "told"), [("0000", True, "brings it up to"), ("9999", False, "is newer")]
)
async def test_a_database_of_another_version(folder, version, ok, told):
    """An older one will be migrated, a newer one can't be used; neither is changed."""
    path = folder / "a.db"
    await (await Database.open(path, SystemClock())).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (version,))
    raw.close()
    check = await database(path)
    assert (check.ok, told in check.detail) == (ok, True)


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one" * 50, b""])
async def test_a_file_that_is_no_database_fails(folder, content):
    """It is left as it is."""
    path = folder / "a.db"
    path.write_bytes(content)
    check = await database(path)
    assert (check.ok, check.advice[:16]) == (False, "restore a backup")
    assert path.read_bytes() == content


async def test_a_folder_that_is_not_there_fails(folder):
    """The advice names it."""
    check = await database(folder / "gone" / "a.db")
    assert not check.ok
    assert str(folder / "gone") in check.advice


async def test_a_file_that_can_not_be_written_fails(folder, monkeypatch):
    """Rights are asked for, since a root user would be let in anyway."""
    path = folder / "a.db"
    path.touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    check = await database(path)
    assert (check.ok, "can't be written" in check.detail) == (False, True)


# The channels.


async def channel_checks(environ: dict[str, str], *descriptors, broken=()) -> list[Check]:
    """Return what is found about these channels."""
    setup: Configured = configured({}, Path("none.env"))
    there = Installed(descriptors=descriptors, broken=broken)
    changed = replace(setup, environ=environ, installed=there)
    return [check async for check in doctor._channels(changed)]


async def test_channels_tell_of_themselves():
    """Off, half on, on, broken, and what an adapter finds out at its platform."""
    asked = {"FAX_NUMBER": "1", "FAX_PIN": "2"}
    torn = Broken(name="pigeon", reason="torn")
    found = await channel_checks({}, DOOR, FAX, broken=(torn,))
    assert [line(check).split("\n")[0] for check in found] == [
        "FAILED  pigeon: torn",
        "ok      fax: off: FAX_NUMBER and FAX_PIN not set",
        "ok      door: off, unless started with `threadform run --door`",
    ]
    assert failed(await channel_checks({"FAX_PIN": "2"}, FAX)) == ["channels"]
    assert (await channel_checks(asked, FAX))[0] == Check(name="fax", ok=True, detail="on")

    async def lookups(settings) -> list[Check]:
        return [Check(name="fax line", ok=settings.number == "1")]

    async def breaks(settings) -> list[Check]:
        raise ValueError("a secret")

    assert failed(await channel_checks(asked, replace(FAX, checks=lookups))) == []
    [check] = await channel_checks(asked, replace(FAX, checks=breaks))
    assert (check.ok, check.detail) == (False, "ValueError")


# The command.


def test_the_command_ends_by_what_it_found(folder):
    """Zero where all is well, one where anything failed."""
    forms(folder, f'form_id = "{CAKE}"')
    with served() as base_url:
        result = CliRunner().invoke(cli, ["doctor"], env=environ_of(base_url))
        assert (result.exit_code, "form f0: Party" in result.output) == (0, True)
        live = CliRunner().invoke(cli, ["doctor", "--live", "f0"], env=environ_of(base_url))
        assert live.exit_code == 0
        assert "WIX_CHOICE=label+values is right." in live.output
        live = CliRunner().invoke(cli, ["doctor", "--live", "pie"], env=environ_of(base_url))
        assert (live.exit_code, live.stderr) == (
            2,
            "The catalogue has no form 'pie'; it has: f0.\n",
        )
    assert CliRunner().invoke(cli, ["doctor"], env={"PORT": "x"}).exit_code == 1

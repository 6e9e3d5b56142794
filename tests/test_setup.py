"""Set-up: the commands that a newcomer types, and the lists that they install."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDS_MAKE = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def text(name: str) -> str:
    """Return one of the project's files."""
    return (ROOT / name).read_text(encoding="utf-8")


def made(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make with the arguments; MAKEFLAGS of a make that runs the tests are left out."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],
        cwd=cwd,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def targets() -> set[str]:
    """Return what make can be asked for."""
    return set(re.findall(r"^\.PHONY: (\S+)$", text("Makefile"), re.MULTILINE))


@NEEDS_MAKE
def test_make_alone_says_what_there_is():
    """`make` lists every command with what it does, and changes nothing."""
    said = made().stdout

    for target in ("demo", "tour", "test", "check", "lint", "types", "js", "clean"):
        assert re.search(rf"^  make {target} +\S", said, re.MULTILINE)


@pytest.fixture
def bare(tmp_path):
    """A folder with the Makefile and nothing installed."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.lock").touch()
    return tmp_path


def script(folder: Path, name: str, body: str) -> Path:
    """Write a program that stands for an interpreter."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@NEEDS_MAKE
def test_an_old_python_is_told(bare):
    """Where no interpreter is new enough, one sentence says what to install."""
    old = script(bare, "old", "exit 1")

    done = made("-s", "demo", f"PYTHON={old}", cwd=bare)

    assert done.returncode != 0
    assert "threadform needs Python 3.11 or newer: install it" in done.stderr


@NEEDS_MAKE
def test_a_python_without_environments_is_told(bare):
    """Where the interpreter lacks its venv package, one sentence names the package."""
    whole = script(bare, "whole", 'case "$2" in *ensurepip*) exit 1;; esac')

    done = made("-s", "demo", f"PYTHON={whole}", cwd=bare)

    assert done.returncode != 0
    assert "apt install python3-venv" in done.stderr


@NEEDS_MAKE
def test_standard_input_is_left_to_the_demo():
    """Only the demo and the tour read standard input; what sets up must not eat a line of it."""
    eaters = [
        line
        for line in text("Makefile").splitlines()
        if line.startswith("\t@$(PIP)") and not line.endswith("</dev/null")
    ]

    assert eaters == []


def test_ci_checks_everything_without_input():
    """The script of the continuous integration is well-formed and runs the whole check."""
    path = ROOT / ".ci/run"

    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
    assert "make check" in text(".ci/run")
    assert {"lint", "types", "imports", "deps", "locks", "cover"} <= set(
        re.findall(r"^check: (.*?) ##", text("Makefile"), re.MULTILINE)[0].split()
    )


def pins(name: str) -> dict[str, str]:
    """Return the versions that a list pins."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text(name), re.MULTILINE))


def test_both_lists_pin_the_same_versions():
    """What runs is what was tested."""
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")

    assert {name: dev.get(name) for name in run} == run


def test_the_host_installs_what_was_tested():
    """The list for hosts that install a folder holds the same pins, and the project."""
    run = pins("requirements.lock")
    run.pop("setuptools")  # it builds the project; the host brings its own

    assert pins("requirements.txt") == run
    assert text("requirements.txt").endswith("\n.\n")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_hashes_and_no_address(name):
    """A pinned package is known by its content; where it came from is nobody's business."""
    blocks = re.split(r"\n(?=[a-z])", text(name))[1:]

    assert [each.split()[0] for each in blocks if "--hash=sha256:" not in each] == []
    assert re.findall(r"\S*(?:://|/home/|/root/|/tmp/)\S*", text(name)) == []


def test_every_declared_dependency_is_pinned():
    """Nothing that the project needs is left to the day of its installation."""
    project = tomllib.loads(text("pyproject.toml"))["project"]
    named = [re.split(r"[^A-Za-z0-9_-]", each)[0] for each in project["dependencies"]]

    assert {each.lower().replace("_", "-") for each in named} - set(
        pins("requirements.lock")
    ) == set()


def test_the_web_process_is_the_run_command():
    """A host that reads the Procfile starts the bridge where it can be reached."""
    assert text("Procfile") == "web: threadform run --host 0.0.0.0\n"


WRITTEN = pytest.mark.skipif(
    not all((ROOT / name).exists() for name in ("README.md", "bridge/__main__.py")),
    reason="README.md or the command line is not written yet",
)


def code() -> str:
    """Return what the README sets as code."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text("README.md"), re.DOTALL))


@WRITTEN
def test_the_readme_names_commands_that_exist():
    """Whatever the README tells to type with make can be typed."""
    assert set(re.findall(r"\bmake ([a-z]+)", code())) - targets() == set()


@WRITTEN
def test_the_readme_names_subcommands_that_exist():
    """Whatever the README tells to type with threadform can be typed."""
    answers = {
        name: subprocess.run(
            [sys.executable, "-m", "bridge", name, "--help"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        ).returncode
        for name in set(re.findall(r"(?:^|[`$] ?)threadform ([a-z]+)", code(), re.MULTILINE))
    }

    assert {name: status for name, status in answers.items() if status != 0} == {}

"""The house: which module may import which, how files are named, and how long they may be."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(path for top in ("bridge", "adapters") for path in (ROOT / top).rglob("*.py"))
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts)

FILE_LINES = 400
FUNCTION_LINES = 60

REQUIRED = {"__init__.py", "adapter.py", "settings.py", "limits.py", "parse.py", "render.py"} | {
    "transport.py",
    "README.md",
}
REMOTE = {"verify.py", "standin.py"}
"""What every adapter of a platform on the network has beside `REQUIRED`."""

LOCAL = {"console"}
"""Channels without a platform."""

FORBIDDEN_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "types", "misc"}


def name(path: Path) -> str:
    """Return a path as this project writes it."""
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    """Return the module that a file is."""
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's code, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def own_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has, its docstring left out."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def layers() -> list[str]:
    """Return the modules named in the contract of layers, in its order."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = [
        each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"
    ]
    rows = " | ".join(contract["layers"]).replace(" : ", " | ")
    return [f"bridge.{each.strip('() ')}" for each in rows.split("|")]


def test_imports_keep_the_contracts():
    """Imports go down the layers, adapters know the contract only, the core names no channel."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4000:]


def test_every_module_has_its_layer():
    """A new module is given its place in the list of layers before it is used."""
    known = layers()
    homeless = [
        module(path)
        for path in CODE
        if module(path) not in {"bridge", "bridge.upstream"}
        and module(path).startswith("bridge.")
        and not any(f"{module(path)}.".startswith(f"{each}.") for each in known)
    ]

    assert homeless == []


def test_files_are_short():
    """A file that has grown past the limit has two jobs, and is split."""
    lines = {name(path): path.read_text(encoding="utf-8").count("\n") for path in CODE + TESTS}

    assert {path: count for path, count in lines.items() if count > FILE_LINES} == {}


def test_functions_fit_in_one_glance():
    """No function is longer than a screen."""
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in CODE + TESTS
        if "migrations" not in path.parts  # a migration is a list, written once
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and own_lines(node) > FUNCTION_LINES
    ]

    assert long == []


def test_files_are_named_after_their_job():
    """No file is called by a word that fits any content."""
    vague = [
        name(path)
        for path in CODE + TESTS
        for part in path.relative_to(ROOT).with_suffix("").parts
        if FORBIDDEN_WORDS & set(part.split("_"))
    ]

    assert vague == []


def imported(node: ast.AST) -> list[str]:
    """Return what a statement imports, by full name."""
    match node:
        case ast.Import():
            return [each.name for each in node.names]
        case ast.ImportFrom():
            return [f"{node.module}.{each.name}" for each in node.names]
        case _:
            return []


def test_nothing_is_mocked():
    """Fakes are shipped and tested; nothing is patched into place by `mock`."""
    mocking = [
        f"{name(path)}: {each}"
        for path in CODE + TESTS
        for node in ast.walk(tree(path))
        for each in imported(node)
        if "mock" in each.split(".")
    ]

    assert mocking == []


def adapters() -> list[Path]:
    """Return the folders of the built-in adapters."""
    return sorted(path.parent for path in (ROOT / "adapters").glob("*/__init__.py"))


@pytest.mark.parametrize("folder", adapters(), ids=lambda path: path.name)
def test_every_adapter_has_the_same_files(folder):
    """Whoever knows one adapter finds everything in another."""
    wanted = REQUIRED if folder.name in LOCAL else REQUIRED | REMOTE

    assert wanted - {path.name for path in folder.iterdir()} == set()


@pytest.mark.parametrize("folder", adapters(), ids=lambda path: path.name)
def test_every_adapter_is_found_by_its_entry_point(folder):
    """The built-in adapters are found the way a third party's is."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    points = settings["project"]["entry-points"]["threadform.adapters"]

    assert points.get(folder.name) == f"adapters.{folder.name}:descriptor"


def test_every_module_says_what_it_is_for():
    """A module begins with what it knows; whoever opens it need not guess."""
    silent = [name(path) for path in CODE if not ast.get_docstring(tree(path))]

    assert silent == []

"""The package: what is built from this folder holds all that it needs to run elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = ("README.md", "bridge/cli.py")
MISSING = [name for name in NEEDED if not (ROOT / name).exists()]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not written yet: {', '.join(MISSING)}")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """The built project, from a copy, so that nothing is left in this folder."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("bridge", "adapters"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", out, copy], check=True, capture_output=True)
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_every_file_is_in_it(wheel):
    """Forms, pages, migrations, READMEs and marks of types are installed with the code."""
    files = {
        path.relative_to(ROOT).as_posix()
        for top in ("bridge", "adapters")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert files - set(wheel.namelist()) == set()


def test_it_brings_the_script_and_the_channels(wheel):
    """The command and the built-in adapters are announced to whoever installs it."""
    [points] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    text = wheel.read(points).decode()

    assert "threadform = bridge.cli:main" in text
    assert "console = adapters.console:descriptor" in text


def test_its_command_runs(wheel, tmp_path):
    """The command says what it can do, from the built files and from nowhere else."""
    wheel.extractall(tmp_path)
    code = "import bridge; from bridge.cli import main; print(bridge.__file__); main(['--help'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))
    assert "demo" in done.stdout

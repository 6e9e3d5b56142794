"""The command line as a test types it: in this process, or as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from click.testing import CliRunner

from bridge.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

CAKE = "5f1d0a3e-0000-4000-8000-00000000f001"
EQUIPMENT = "6a2c4b7d-0000-4000-8000-00000000f002"
FORMS = (
    f'# ours\n[forms.cake]\nform_id = "{CAKE}"\ntitle = "Cake" # keep\ndefault_for = ["console"]\n'
)
"""A catalogue with a comment in it."""


def typed(*words: str, env: dict[str, str] | None = None, answers: str = ""):
    """Return what comes of a command line."""
    return CliRunner().invoke(cli, words, env=env, input=answers)


def bridge(folder: Path, *words: str, env: dict[str, str], **how) -> subprocess.Popen[str]:
    """Start a real process."""
    whole = {**os.environ, "PORT": "0", **env}
    return subprocess.Popen(
        [sys.executable, "-m", "bridge", *words],
        cwd=folder, env=whole, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.PIPE, **how,
    )  # fmt: skip

"""How much of each file the tests must reach, in lines and branches together.

All of the files that decide purely (they need no network to be tried), and of every adapter's
verify, parse and render; nine tenths of the others. Run after the tests, where .coverage lies.
"""

from __future__ import annotations

import ast
import fnmatch
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import coverage

if TYPE_CHECKING:
    from collections.abc import Iterable

WHOLE = (
    "bridge/protocol/*",
    "bridge/conversation.py",
    "bridge/conversation/*",
    "bridge/answers.py",
    "bridge/answers/*",
    "bridge/compose.py",
    "bridge/expecting.py",
    "bridge/handset/buttons.py",
    "bridge/handset/drawing.py",
    "bridge/handset/plain.py",
    "bridge/inputs.py",
    "bridge/degrade.py",
    "bridge/degrade/*",
    "bridge/upstream/chunks.py",
    "bridge/upstream/errors.py",
    "bridge/upstream/schema.py",
    "adapters/*/verify.py",
    "adapters/*/parse.py",
    "adapters/*/render.py",
    "adapters/*/limits.py",
    "adapters/*/addresses.py",
    "adapters/*/taps.py",
    "adapters/*/tickets.py",
    "adapters/*/incoming/*",
    "adapters/*/outgoing/*",
)
REST = 90.0
SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One file's figures; `missed` are branches, as pairs of lines."""

    path: str
    lines: int
    branches: int
    missed_lines: tuple[int, ...]
    missed: tuple[tuple[int, int], ...]

    @property
    def percent(self) -> float:
        """Return lines and branches reached, of all."""
        whole = self.lines + self.branches
        return 100 * (1 - (len(self.missed_lines) + len(self.missed)) / whole) if whole else 100.0


def least(path: str) -> float:
    """Return what is asked of a file."""
    return 100.0 if any(fnmatch.fnmatch(path, pattern) for pattern in WHOLE) else REST


def fallen_through(source: str) -> dict[int, range]:
    """Return, for the last case of each match, its body's lines.

    A match over a closed union has no default: the type checkers prove that its last case always
    fits, so the branch that leaves it without a fit can't be taken.
    """
    matches = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Match)]
    last = [node.cases[-1] for node in matches]
    return {
        case.pattern.lineno: range(case.pattern.lineno, (case.body[-1].end_lineno or 0) + 1)
        for case in last
    }


def read(report: dict, root: Path) -> list[Reached]:
    """Return the figures of every file in a report of coverage's."""
    return [
        _reached(path, figures, (root / path).read_text(encoding="utf-8"))
        for path, figures in report["files"].items()
    ]


def _reached(path: str, figures: dict, source: str) -> Reached:
    impossible = fallen_through(source)
    summary = figures["summary"]
    missed = tuple(
        (start, end)
        for start, end in figures["missing_branches"]
        if not (start in impossible and end not in impossible[start])
    )
    return Reached(
        path=Path(path).as_posix(),
        lines=summary["num_statements"],
        branches=summary["num_branches"],
        missed_lines=tuple(figures["missing_lines"]),
        missed=missed,
    )


def short(files: list[Reached]) -> list[str]:
    """Return a sentence for each file that the tests reach too little of."""
    return [
        f"{each.path}: {each.percent:.1f} % of {least(each.path):.0f} %; "
        f"lines {_some(each.missed_lines)}; branches {_some(f'{a}->{b}' for a, b in each.missed)}"
        for each in files
        if each.percent < least(each.path)
    ]


def _some(missed: Iterable[object]) -> str:
    """Return the first of them, enough to begin with."""
    words = [str(each) for each in missed]
    more = [f"and {len(words) - SHOWN} more"] if len(words) > SHOWN else []
    return " ".join([*words[:SHOWN], *more]) or "none"


def main() -> int:
    """Gather what the tests' processes wrote, and judge it."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "coverage.json")
        data = coverage.Coverage()
        data.load()
        data.json_report(outfile=str(target))
        files = read(json.loads(target.read_text(encoding="utf-8")), Path.cwd())
    lacking = short(files)
    print("\n".join(lacking) or f"{len(files)} files are reached as far as they must be")  # noqa: T201
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())

"""The gates: what is asked of a file, and what can't be asked."""

from __future__ import annotations

import pytest

from tests.coverage_gates import Reached, fallen_through, least, read, short

SOURCE = """\
def size(word):
    match word:
        case "a":
            return 1
        case "b":
            return 2
"""


def report(**figures) -> dict:
    """Return a report of one file, every line and branch reached but for what is given."""
    summary = {"num_statements": 6, "num_branches": 4}
    return {
        "files": {
            "bridge/x.py": {
                "summary": summary,
                "missing_lines": [],
                "missing_branches": [],
                **figures,
            }
        }
    }


@pytest.fixture
def root(tmp_path):
    """A folder with the file of the report in it."""
    (tmp_path / "bridge").mkdir()
    (tmp_path / "bridge/x.py").write_text(SOURCE)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("bridge/protocol/events.py", 100),
        ("bridge/conversation/rules.py", 100),
        ("adapters/console/render.py", 100),
        ("adapters/console/transport.py", 90),
        ("bridge/http.py", 90),
    ],
)
def test_pure_files_are_reached_whole(path, asked):
    """Of pure files all is asked, of the others nine tenths."""
    assert asked == least(path)


def test_the_end_of_a_closed_match_is_not_asked():
    """No word leaves a match without a fit, so that branch does not count."""
    assert fallen_through(SOURCE) == {5: range(5, 7)}


@pytest.mark.parametrize(
    ("missing", "missed"), [([[5, -1]], ()), ([[5, 6]], ((5, 6),)), ([[3, 5]], ((3, 5),))]
)
def test_every_other_branch_counts(root, missing, missed):
    """A branch into the last case, or past an earlier one, must be taken."""
    [file] = read(report(missing_branches=missing), root)

    assert missed == file.missed


def test_what_lacks_is_named():
    """A file below its gate is named with the lines to reach; the others are not."""
    good = Reached(path="bridge/a.py", lines=90, branches=10, missed_lines=(1,), missed=())
    bad = Reached(
        path="bridge/compose.py", lines=90, branches=10, missed_lines=(7,), missed=((3, 4),)
    )

    [said] = short([good, bad])

    assert said == "bridge/compose.py: 98.0 % of 100 %; lines 7; branches 3->4"


def test_an_empty_file_is_reached():
    """A file without statements lacks nothing."""
    empty = Reached(path="bridge/__init__.py", lines=0, branches=0, missed_lines=(), missed=())

    assert short([empty]) == []


def test_a_long_list_is_cut():
    """What lacks much is named by its beginning."""
    bad = Reached(
        path="bridge/x.py", lines=20, branches=0, missed_lines=tuple(range(20)), missed=()
    )

    [said] = short([bad])

    assert said.endswith("lines 0 1 2 3 4 5 6 7 8 9 10 11 and 8 more; branches none")

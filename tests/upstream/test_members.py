"""Members of foreign objects are read with a default."""

from __future__ import annotations

import pytest

from bridge.upstream import members


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        ("4", 4),
        (3.9, 3),
        (True, None),
        (None, None),
        ("x", None),
        ([], None),
        (float("inf"), None),
        (float("nan"), None),
    ],
)
def test_whole(value, expected):
    """A whole number may be written in several ways; anything else is none."""
    assert expected == members.whole({"a": value}, "a")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.5, "1.5"),
        ("a", "a"),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_as_text(value, expected):
    """Scalars have a text; null, lists and objects have none."""
    assert expected == members.as_text(value)


def test_other_kinds_are_empty():
    """What is of another kind is the kind's empty value."""
    raw = {"a": 5, "b": "text", "c": [{}, 1, {"d": 1}], "e": {"f": True}}
    assert ("", "text") == (members.text(raw, "a"), members.text(raw, "b"))
    assert ({}, {"f": True}) == (members.nested(raw, "a"), members.nested(raw, "e"))
    assert ((), (), ({}, {"d": 1})) == tuple(members.objects(raw, name) for name in "abc")
    assert (False, True) == (members.flag(raw, "a"), members.flag(raw["e"], "f"))

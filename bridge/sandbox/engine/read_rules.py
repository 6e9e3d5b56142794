"""From `formRules` to `Rule`; rules for unknown fields or of another sort are left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bridge.sandbox.engine.members import object_of, objects_of, text_of
from bridge.sandbox.engine.schema import Condition, Group, Override, Rule

if TYPE_CHECKING:
    from bridge.protocol.threads import JsonObject

_SET_BY = {
    "REQUIRED": ("requiredOptions", "required"),
    "HIDDEN": ("hiddenOptions", "hidden"),
}


def read_rules(source: JsonObject, targets: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return the rules; `targets` maps a field's id to its target."""
    return tuple(
        Rule(when=when, overrides=overrides)
        for raw in objects_of(source, "formRules")
        if isinstance(when := _part(object_of(raw, "expression")), Group)
        and (overrides := _overrides(raw, targets))
    )


def _part(raw: JsonObject) -> Condition | Group | None:
    for word in ("and", "or"):
        if isinstance(inner := raw.get(word), Mapping):
            parts = (_part(each) for each in objects_of(inner, "conditions"))
            return Group(every=word == "and", parts=tuple(part for part in parts if part))
    condition = object_of(raw, "condition") or raw
    if not text_of(condition, "target"):
        return None
    return Condition(
        target=text_of(condition, "target"),
        operator=text_of(condition, "operator"),
        value=condition.get("value"),
    )


def _overrides(raw: JsonObject, targets: Mapping[str, str]) -> tuple[Override, ...]:
    found: list[Override] = []
    for each in objects_of(raw, "overrides"):
        options = object_of(each, "fieldOptions")
        target = targets.get(text_of(options, "fieldId"))
        kind = text_of(options, "propertyType")
        if target is not None and kind in _SET_BY:
            outer, inner = _SET_BY[kind]
            on = object_of(options, outer).get(inner) is True
            found.append(Override(target=target, property=kind, on=on))
    return tuple(found)

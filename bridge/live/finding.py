"""What the trial found out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An answer to one question; `advice` names the setting, "" where there is nothing to do."""

    question: str
    seen: str
    advice: str = ""


def line(finding: Finding) -> str:
    """Return it as one or two lines."""
    advice = f"\n    -> {finding.advice}" if finding.advice else ""
    return f"{finding.question}: {finding.seen}{advice}"


def set_to(name: str, value: str, present: str) -> str:
    """Return what to do about a setting."""
    if value == present:
        return f"{name}={value} is right."
    return f"Set {name}={value} (now {present})."

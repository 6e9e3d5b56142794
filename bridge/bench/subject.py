"""What is measured: a channel, by its name, or where it stands (`package.module:descriptor`).

Knows: how every process of a benchmark finds the same channel. Must not know: any by name.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.channels import installed
from bridge.protocol.adapter import Descriptor

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.protocol.adapter import Bench
    from bridge.protocol.standin import StandIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A channel that can be measured; `reference` is how others find it."""

    reference: str
    descriptor: Descriptor
    standin: Callable[[], StandIn]
    bench: Callable[[], Bench]


def subjects() -> tuple[Subject, ...]:
    """Return the installed channels that can be measured."""
    found = (_measurable(one.name, one) for one in installed().descriptors)
    return tuple(one for one in found if one is not None)


def subject(reference: str) -> Subject:
    """Return the channel. Raises LookupError where there is none that can be measured."""
    named = pkgutil.resolve_name(reference) if ":" in reference else None
    one = named if isinstance(named, Descriptor) else installed().descriptor(reference)
    found = None if one is None else _measurable(reference, one)
    if found is None:
        raise LookupError(f"There is no channel '{reference}' that can be measured.")
    return found


def _measurable(reference: str, one: Descriptor) -> Subject | None:
    if one.standin is None or one.bench is None:
        return None
    return Subject(reference=reference, descriptor=one, standin=one.standin, bench=one.bench)

"""What a check says of a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bridge.protocol.threads import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """It fits; `value` is what is submitted."""

    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """It does not fit; `text` tells the person what is expected."""

    text: str


Verdict: TypeAlias = Good | Bad

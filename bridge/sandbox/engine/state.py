"""A session between two messages; frozen, so a server may keep, copy and compare it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.threads import Json, JsonObject
    from bridge.sandbox.engine.findings import Pick


class Stage(Enum):
    """Where it stands: ASKING -> CONFIRMING <-> CHANGING -> SUBMITTED, which is final."""

    ASKING = "asking"
    CONFIRMING = "confirming"
    CHANGING = "changing"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """`values` by target, all valid; `baskets`: orders that lack a quantity or an amount.

    `asked`: the target of the open question, "" at the confirmation. `offered`: optional fields
    that were asked once. `recent`: targets in the order of their answers, the last one last.
    """

    values: Mapping[str, Json] = field(default_factory=dict[str, "Json"])
    stage: Stage = Stage.ASKING
    asked: str = ""
    baskets: Mapping[str, tuple[Pick, ...]] = field(default_factory=dict[str, "tuple[Pick, ...]"])
    offered: frozenset[str] = frozenset()
    recent: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What a message led to. `submit`: the values to be submitted, once, when the person agrees."""

    state: SessionState
    chunks: tuple[JsonObject, ...]
    submit: JsonObject | None = None

"""Small transactions as data: what is to be written, and what must hold for it.

A unit is a list of statements with their values. Statements with `expect` are guards: unless they
touch exactly that many rows, nothing of the unit is written. The first one always is a guard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from sqlalchemy import Executable

Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Op:
    """One statement; `statement` is one of `statements`' constants, so that equal ones are one."""

    statement: Executable
    values: Values
    expect: int | None = None

    @property
    def kind(self) -> int:
        """What ops must share to be written as one: the statement, and whether it is a guard."""
        return id(self.statement) if self.expect is None else -id(self.statement)


@dataclass(slots=True)
class Unit:
    """One transaction of one thread.

    `done` is called by the writer, in the order of the commits, with whether it was written;
    before that the transaction is durable.
    """

    thread: str
    ops: list[Op] = field(default_factory=list[Op])
    done: Callable[[bool], None] | None = None

    def shape(self) -> tuple[int, ...]:
        """Return what units must share to be written side by side."""
        return tuple([op.kind for op in self.ops])

"""Statements as the driver takes them, compiled once.

Many rows are written a second, and what SQLAlchemy does for each of them at execution (looking up
the compiled form, naming and checking parameters) costs more than SQLite itself. A statement's text
and the order of its parameters never change, so they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from sqlalchemy import Executable
    from sqlalchemy.engine import Dialect

    from bridge.store.units import Values


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement's text, the names of its parameters in order, and those that are constant."""

    text: str
    names: tuple[str, ...]
    constants: dict[str, Any]

    def row(self, values: Values) -> tuple[Any, ...]:
        """Return one row of parameters. Raises KeyError where one is missing."""
        if not self.constants:
            return tuple([values[name] for name in self.names])
        return tuple(
            [values[name] if name in values else self.constants[name] for name in self.names]
        )


@dataclass(slots=True)
class Plans:
    """The plans of one dialect."""

    dialect: Dialect
    _by_statement: dict[int, tuple[Executable, Plan]] = field(
        default_factory=dict[int, "tuple[Executable, Plan]"]
    )

    def plan(self, statement: Executable) -> Plan:
        """Return the statement's plan."""
        known = self._by_statement.get(id(statement))
        if known is None:
            known = self._by_statement[id(statement)] = (statement, self._compiled(statement))
        return known[1]

    def _compiled(self, statement: Executable) -> Plan:
        compiled = statement.compile(dialect=self.dialect)  # type: ignore[attr-defined] # all have it
        if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
            raise TypeError("the dialect does not number its parameters")
        given = compiled.construct_params(_check=False)
        constants = {name: value for name, value in given.items() if value is not None}
        return Plan(str(compiled), tuple(compiled.positiontup), constants)

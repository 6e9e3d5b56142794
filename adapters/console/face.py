"""What the adapter needs of the place where it is seen: a terminal or a pipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from adapters.console.draw import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One line that came in.

    `broken`: it held bytes that are no UTF-8; `excess`: by how many bytes it was too long, in
    which case there is no text.
    """

    text: str = ""
    broken: bool = False
    excess: int = 0


class Face(Protocol):
    """What the person looks at: a terminal or a pipe."""

    @property
    def scripted(self) -> bool:
        """Whether lines come without a person who waits: echoed, and one turn after the other."""
        ...

    def lines(self) -> AsyncIterator[Typed]:
        """Yield what is typed until the input ends."""
        ...

    async def show(self, lines: Sequence[Line]) -> None:
        """Print one message. Raises `OSError` when nobody can read it any more."""
        ...

    def busy(self) -> None:
        """Show for a moment that an answer is being prepared."""
        ...

    def close(self) -> None:
        """Give back what was opened."""
        ...

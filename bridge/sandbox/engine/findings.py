"""What was found in a message: values for fields, not yet validated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.protocol.threads import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One value for one field."""

    target: str
    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Chose:
    """Options of a field that takes several; `replace`: earlier ones go."""

    target: str
    chosen: tuple[Json, ...] = ()
    removed: tuple[Json, ...] = ()
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One product in the basket; `quantity` and `price` as far as they were said."""

    product: str
    quantity: Decimal | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Products that were named; `replace`: earlier ones go."""

    target: str
    picks: tuple[Pick, ...] = ()
    removed: tuple[str, ...] = ()
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The field shall stay, or become, empty."""

    target: str


Finding: TypeAlias = Said | Chose | Ordered | Declined

"""A form's schema (Forms v4) as the engine sees it; reads JSON, knows no conversation.

The order of `Form.fields` is the layout's (step, row, column), unplaced fields last. Source of the
shapes: the types of the official JavaScript packages, `form.formFields`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.protocol.threads import Json, JsonObject

MAX_TEXT = 20_000
"""Hard cap of any string, from the official validator."""
MAX_ITEMS = 100
"""Hard cap of any array, from the official validator."""
SHORT = 80
"""Characters of a label inside a sentence of ours."""
MAX_QUANTITY = 100_000
"""Largest quantity of one product, from the types."""


def short(label: str) -> str:
    """Return a label cut to a size that a sentence bears, without closing punctuation."""
    text = label.strip().rstrip("?:.! ") or label
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}\u2026"


class FormError(ValueError):
    """The schema can't be used; the sentence names the field and what is wrong with it."""


class Kind(Enum):
    """What sort of answer a field takes."""

    TEXT = "text"
    LONG_TEXT = "long text"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    RATING = "rating"
    BOOLEAN = "yes or no"
    PRODUCTS = "products"
    AMOUNT = "amount"
    ADDRESS = "address"
    FILE = "file"
    SIGNATURE = "signature"
    UNSUPPORTED = "unsupported"


CANNOT_BE_CHATTED = frozenset({Kind.FILE, Kind.SIGNATURE, Kind.UNSUPPORTED})
"""These are shown once and never block the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option: `value` is submitted, `label` is shown."""

    value: Json
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product. `price` is set for a fixed price, as written; else `low` to `high` is asked.

    `most` is None where the schema sets no maximum: then the quantity is not asked.
    """

    id: str
    label: str
    price: str = ""
    low: Decimal = Decimal(0)
    high: Decimal | None = None
    least: int = 1
    most: int | None = None

    @property
    def name(self) -> str:
        """The label as it stands inside a sentence."""
        return short(self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Bounds of a date, each ISO or relative ("$now+2d"); days are MONDAY ... SUNDAY."""

    minimum: str = ""
    maximum: str = ""
    available: frozenset[str] = frozenset()
    unavailable: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input field. `custom` is the hint for an answer of one's own, None where not allowed.

    `minimum`, `maximum`: of the number; `shortest`, `longest`: characters of the text;
    `fewest`, `most`: items of the array. `must_be`: the only allowed truth values.
    """

    id: str
    target: str
    label: str
    kind: Kind
    identifier: str = ""
    format: str = ""
    required: bool = False
    hidden: bool = False
    read_only: bool = False
    secret: bool = False
    options: tuple[Option, ...] = ()
    custom: str | None = None
    shortest: int = 0
    longest: int = MAX_TEXT
    pattern: str = ""
    pattern_advice: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None
    only: tuple[Decimal, ...] = ()
    must_be: frozenset[bool] = frozenset()
    fewest: int = 0
    most: int = MAX_ITEMS
    products: tuple[Product, ...] = ()
    country: str = "US"
    countries: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    dates: Dates = field(default_factory=Dates)

    @property
    def name(self) -> str:
        """The label as it stands inside a sentence: cut, without its question mark."""
        return short(self.label)

    @property
    def chattable(self) -> bool:
        """Say whether a conversation can answer it."""
        return self.kind not in CANNOT_BE_CHATTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One comparison of a rule."""

    target: str
    operator: str
    value: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Conditions of which all, or any, must hold."""

    every: bool
    parts: tuple[Condition | Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a rule that holds sets: `REQUIRED` or `HIDDEN` of one field."""

    target: str
    property: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If `when` holds, the overrides apply."""

    when: Group
    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """One form; `fields` in the order of asking. `debug`: answers hold DEBUG chunks."""

    id: str
    name: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    enabled: bool = True
    debug: bool = False
    closed_text: str = ""

    @staticmethod
    def read(raw_form: JsonObject) -> Form:
        """Return the form of `{"form": {...}}` or of the bare object.

        Raises:
            FormError: the schema is malformed; the sentence names the field.

        """
        from bridge.sandbox.engine.read import read_form  # noqa: PLC0415  read.py builds on this

        return read_form(raw_form)

    def field(self, target: str | None) -> Field | None:
        """Return the field of that target, or None."""
        return next((each for each in self.fields if each.target == target), None)

    @property
    def sells(self) -> bool:
        """Say whether the form takes an order."""
        return any(each.kind in {Kind.PRODUCTS, Kind.AMOUNT} for each in self.fields)

    def free_target(self, wished: str) -> str:
        """Return a target that no field of the form uses."""
        taken = {each.target for each in self.fields}
        return next(
            name for name in (wished, *(f"{wished}{n}" for n in range(501))) if name not in taken
        )

"""What the bridge says, channel-neutral: a closed union.

All replies of one answer are rendered together, so that a channel may join them to one message,
or put the widget on the last part. Every text is data: an adapter escapes it for its platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bridge.protocol.prompts import MenuLine, Prompt


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, bold or not."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """A paragraph of running text."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """One answer that was understood: the field's label and what to show for its value."""

    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What was understood from the person's words, or is known so far."""

    items: tuple[Understood, ...]


class Tone(Enum):
    """Why something is pointed out."""

    IMPORTANT = "IMPORTANT"
    ERROR = "ERROR"
    NOTICE = "NOTICE"


@dataclass(frozen=True, slots=True)
class Callout:
    """A text that is pointed out."""

    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Separator:
    """A clear break between what came before and what follows."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A prompt, drawn with its view. A channel may show its question in the list's heading."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Menu:
    """A prompt as a numbered list (or, for a number, as a sentence), made by the core.

    Stands in the place of an `Ask` where the channel has no widget for it, and after a platform
    refused the widget. The marks parse back to exactly these options, by typing alone.
    `hint` says how to answer, in one or two sentences.
    """

    prompt: Prompt
    lines: tuple[MenuLine, ...]
    hint: str


class Format(Enum):
    """What kind of typed answer is expected, for channels that help with it."""

    TEXT = "TEXT"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    DATE = "DATE"


@dataclass(frozen=True, slots=True)
class Expect:
    """A typed answer is awaited, of this format; shows nothing where the channel has no help.

    `field` is "" where nobody knows which one is asked for.
    """

    field: str
    format: Format


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens an address; `text` stands above it. The address is https (law 11)."""

    text: str
    label: str
    url: str
    private: bool = False
    """True where only the owner may see it, also in a shared thread (a checkout link)."""


Reply: TypeAlias = Say | Confirmation | Callout | Separator | Ask | Menu | Expect | LinkButton


def plain(text: str) -> Say:
    """Return a paragraph without styles."""
    return Say((Span(text),))

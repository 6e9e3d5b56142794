"""What a typed reply can mean: a closed union, and the words of the channel that matter to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from bridge.protocol.capabilities import Capabilities, Level

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.protocol.prompts import Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a channel's capabilities say about typed replies.

    `reserved`: words of carriers and spelled commands, which are never an answer. `single`,
    `multi`: up to how many options are drawn as a widget; more make a numbered list, and where
    `lists_in_widgets` a widget may show one too.
    """

    more: str = "more"
    back: str = "back"
    done: str = "ok"
    reserved: frozenset[str] = frozenset()
    page_size: int = 20
    single: int = 0
    multi: int = 0
    lists_in_widgets: bool = False

    @classmethod
    def of(cls, capabilities: Capabilities) -> Words:
        """Return the words of a channel."""
        native = capabilities.native_options
        return cls(
            more=capabilities.more,
            back=capabilities.back,
            done=capabilities.done,
            reserved=capabilities.reserved | frozenset(capabilities.commands.values()),
            page_size=capabilities.page_size,
            single=native if capabilities.single_select is Level.NATIVE else 0,
            multi=native if capabilities.multi_select is Level.NATIVE else 0,
            lists_in_widgets=capabilities.lists_in_widgets,
        )


class Why(Enum):
    """Why a reply, though meant as an answer, can't be taken.

    TWO_MEANINGS: the mark is also a label or a number asked for beside the list; with "#" before
    it, it is the mark. MIXED: choices and a number for different prompts in one reply.
    """

    NO_SUCH_OPTION = "NO_SUCH_OPTION"
    TOO_FEW = "TOO_FEW"
    TOO_MANY = "TOO_MANY"
    TOO_SMALL = "TOO_SMALL"
    TOO_LARGE = "TOO_LARGE"
    OFF_STEP = "OFF_STEP"
    TWO_MEANINGS = "TWO_MEANINGS"
    MIXED = "MIXED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A complete answer to a select: positions in its spec, ascending, or a text of one's own."""

    prompt: Prompt
    chosen: tuple[int, ...]
    custom: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberGiven:
    """A number that fits its prompt."""

    prompt: Prompt
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Show another page; `page` is within what there is."""

    prompt: Prompt
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """Show only the options whose label holds `text`; all for ""."""

    prompt: Prompt
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Meant as an answer, but it can't be taken; told locally. `mark` is what was typed."""

    prompt: Prompt
    reason: Why
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Complete answers to several selects in one reply."""

    readings: tuple[Chosen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """No answer to what is open: a text for the upstream, unchanged."""

    text: str


Reading: TypeAlias = Chosen | NumberGiven | Turned | Filtered | Refused | Several | Free

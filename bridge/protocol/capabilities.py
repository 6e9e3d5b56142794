"""What a channel can show, as data. The core degrades to it; help texts are made from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from bridge.protocol.events import CommandName

if TYPE_CHECKING:
    from collections.abc import Mapping


class Level(Enum):
    """How well a channel does something: by itself, by something lesser, or not at all."""

    NATIVE = "NATIVE"
    DEGRADED = "DEGRADED"
    ABSENT = "ABSENT"


class Scope(Enum):
    """What shares one rate bucket.

    CHANNEL: all of the channel; PLACE: what `Places.place` says (a group with its topics), by
    default the thread; THREAD: one thread.
    """

    CHANNEL = "CHANNEL"
    PLACE = "PLACE"
    THREAD = "THREAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A token bucket: `burst` calls at once, refilled by `rate` a second; rate 0 is no limit."""

    rate: float
    burst: float = 1.0
    scope: Scope = Scope.CHANNEL


class TextUnit(Enum):
    """In what a platform counts the length of a text."""

    CODE_POINTS = "CODE_POINTS"
    UTF16 = "UTF16"
    BYTES = "BYTES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """One channel's abilities and limits.

    * `single_select`, `multi_select`, `number`: whether there is a widget. NATIVE draws an `Ask`;
      below that the core turns it into a numbered list before it renders.
    * `native_options`: how many options a native select takes; beyond it comes a numbered list.
    * `lists_in_widgets`: a widget shows labels that are long or alike in a list, with their marks.
    * `page_size`: how many options a numbered list shows at once (MORE and BACK turn the page).
    * `commands`: how each command is spelled here; what is missing does not exist here.
    * `more`, `back`, `done`: the words that turn pages and confirm a selection when typed.
    * `reserved`: words of carriers, casefolded, that are never an answer.
    * `one_message_per_turn`: greeting and first answer are shown together.
    """

    channel: str
    single_select: Level = Level.DEGRADED
    multi_select: Level = Level.DEGRADED
    number: Level = Level.DEGRADED
    link_button: Level = Level.DEGRADED
    bold: Level = Level.DEGRADED
    edits: Level = Level.ABSENT
    toasts: Level = Level.ABSENT
    native_options: int = 0
    lists_in_widgets: bool = False
    page_size: int = 20
    text_limit: int = 4096
    text_unit: TextUnit = TextUnit.CODE_POINTS
    commands: Mapping[CommandName, str] = field(default_factory=dict[CommandName, str])
    more: str = "more"
    back: str = "back"
    done: str = "ok"
    reserved: frozenset[str] = frozenset()
    one_message_per_turn: bool = False
    buckets: Mapping[str, Bucket] = field(default_factory=dict[str, Bucket])

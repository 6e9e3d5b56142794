"""What surrounds a decision, given from outside: time, ids, catalogue, schemas, rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.conversation.state import State
    from bridge.forms import Catalogue, FormEntry
    from bridge.inputs import ChoiceMode
    from bridge.phrases import Phrases
    from bridge.protocol.capabilities import Capabilities
    from bridge.upstream.schema import FormSchema

INPUT_LIMIT = 10_000
"""Characters of one `input`. Source: Send User Message, `input` maxLength 10000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an operator or a test may set.

    `merging` off makes every event a turn of its own (a benchmark's wish, not a setting).
    `turns_per_hour` of one thread; 0 is no limit. Times in seconds.
    """

    choice: ChoiceMode
    waiting_texts: int = 20
    turns_per_hour: int = 0
    merging: bool = True
    checkout_retries_for: float = 86_400.0
    payment_looks_for: float = 7 * 86_400.0
    payment_first_look: float = 5.0
    payment_longest_pause: float = 1_800.0
    checkout_hosts: frozenset[str] = frozenset()
    loopback_links: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a decision may know beside the state."""

    now: float
    new_id: Callable[[], str]
    catalogue: Catalogue
    capabilities: Capabilities
    rules: Rules
    schemas: Mapping[str, FormSchema] = field(default_factory=dict[str, "FormSchema"])
    edits: bool = False
    taps: bool = False

    def entry(self, state: State) -> FormEntry | None:
        """Return the catalogue's entry of the thread's conversation; it may have been removed."""
        present = state.conversation
        return self.catalogue.entry(present.form) if present else None

    def phrases(self, state: State) -> Phrases:
        """Return the sentences of the conversation's form, or the common ones."""
        entry = self.entry(state)
        return self.catalogue.phrases_for(entry) if entry else self.catalogue.phrases

    def schema(self, state: State) -> FormSchema | None:
        """Return the schema of the conversation's form, where it is known."""
        entry = self.entry(state)
        return self.schemas.get(entry.form_id) if entry else None

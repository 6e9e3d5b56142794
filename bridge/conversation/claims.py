"""What an answered prompt was answered with, as far as its record tells."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bridge.inputs import Given
from bridge.protocol.prompts import MultiSelect, NumberInput, SingleSelect

if TYPE_CHECKING:
    from bridge.conversation.state import OpenPrompt
    from bridge.protocol.prompts import Option


def claim_of(given: Given) -> str:
    """Return what is kept of an answer, to know it again when it is repeated."""
    return f"{given.chosen}|{given.custom}|{given.number}"


def shows(shown: OpenPrompt, words: str) -> bool:
    """Say whether these words are the prompt's answer, which its closed widget shows."""
    match shown.prompt.widget:
        case NumberInput():
            return shown.claim == claim_of(Given(number=_number(words)))
        case SingleSelect(options=options):
            return shown.claim in {claim_of(Given(chosen=one)) for one in _named(options, [words])}
        case MultiSelect(options=options):
            chosen = _named(options, words.split(", "))
            return shown.claim == claim_of(Given(chosen=tuple(n for one in chosen for n in one)))


def _named(options: tuple[Option, ...], labels: list[str]) -> list[tuple[int, ...]]:
    return [(n,) for n, option in enumerate(options) if option.label in labels]


def _number(words: str) -> Decimal | None:
    try:
        return Decimal(words)
    except InvalidOperation:
        return None

"""The sentences of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.phrases import Phrase, PhraseError, Phrases, check_template, faults, help_for, places
from bridge.protocol.events import CommandName

PLAIN = Phrases()


@pytest.mark.parametrize("key", Phrase)
def test_every_default_is_a_template_that_its_own_check_takes(key: Phrase) -> None:
    """A default could be written as its own override."""
    check_template(key, key.value)


@pytest.mark.parametrize("command", CommandName)
def test_every_command_has_a_line_of_help(command: CommandName) -> None:
    """The help text can be made for every command there is."""
    assert PLAIN.say(help_for(command)) == help_for(command).value


@pytest.mark.parametrize("key", Phrase)
def test_a_sentence_is_said_with_its_places_filled(key: Phrase) -> None:
    """Every place takes its value, and no brace is left over."""
    said = PLAIN.say(key, **dict.fromkeys(places(key, key.value), "VALUE"))
    assert said.count("VALUE") == key.value.count("{")
    assert "{" not in said


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    """What people say stands in the sentence unchanged, braces and all."""
    assert PLAIN.say(Phrase.CHOSEN, chosen=value) == f"You chose: {value}"


def test_a_place_without_a_value_is_a_mistake_in_the_program() -> None:
    """Nobody is shown a bare placeholder."""
    with pytest.raises(KeyError):
        PLAIN.say(Phrase.CHOSEN)


def test_an_override_takes_the_place_of_its_sentence_alone() -> None:
    """Keys may be written in lower case; other sentences stay."""
    mine = PLAIN.override({"chosen": "→ {chosen} {{ok}}"})
    assert mine.say(Phrase.CHOSEN, chosen="Tea") == "→ Tea {ok}"
    assert mine.say(Phrase.CANCELLED) == Phrase.CANCELLED.value


def test_a_later_override_wins_over_an_earlier_one() -> None:
    """A form's sentences go before those that hold for all forms."""
    mine = PLAIN.override({"PAID": "one", "CANCELLED": "stopped"}).override({"PAID": "two"})
    assert (mine.say(Phrase.PAID), mine.say(Phrase.CANCELLED)) == ("two", "stopped")


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("canceled", "x", "'canceled' is not a phrase; did you mean 'CANCELLED'?"),
        ("zzzzzz", "x", "'zzzzzz' is not a phrase"),
        ("chosen", " ", "'CHOSEN' is empty: write a sentence, or leave the key out"),
        ("chosen", "{chosen} {other}", "'CHOSEN' can't hold {other}"),
        ("chosen", "{chosen.__class__}", "'CHOSEN' can't hold {chosen.__class__}"),
        ("chosen", "{chosen[0]}", "'CHOSEN' can't hold {chosen[0]}"),
        ("chosen", "{}", "'CHOSEN' can't hold {}"),
        ("too_long", "{limit}", "'TOO_LONG' must hold {length}, {over}"),
        ("chosen", "{chosen", "'CHOSEN' has a single brace: write {{ or }} for one"),
        ("chosen", "{chosen!r}", "'CHOSEN' may hold plain {names} only"),
        ("chosen", "{chosen:>9}", "'CHOSEN' may hold plain {names} only"),
    ],
)
def test_a_wrong_override_is_refused_with_its_key(name: str, text: str, fault: str) -> None:
    """The message says which key is wrong and what to do."""
    with pytest.raises(PhraseError) as refused:
        PLAIN.override({name: text})
    assert str(refused.value) == fault


def test_all_faults_are_told_at_once() -> None:
    """Good overrides tell nothing, bad ones a sentence each."""
    assert len(faults({"paid": "Thanks.", "payd": "x", "chosen": "x"})) == 2


@given(st.text(), st.text())
def test_an_override_is_refused_or_can_be_said(name: str, text: str) -> None:
    """No text makes a sentence that fails later."""
    for key in ("chosen", name):
        try:
            mine = PLAIN.override({key: text})
        except PhraseError:
            continue
        assert mine.say(Phrase.CHOSEN, chosen="")  # pragma: no branch

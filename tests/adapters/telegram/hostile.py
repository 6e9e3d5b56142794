"""Prompts that hurt: labels of any length and script, numbers of any range, long questions."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from hypothesis import strategies as st

from bridge.conformance.strategies import shown, texts
from bridge.protocol.prompts import NumberInput, Option, Prompt, PromptOwner, PromptView
from bridge.protocol.threads import PromptId

UNSEEN = (" ", "\u200b", "\n", "\x00\x07", "\u2800", "\u202e\u202c", "\u0301", "\ufe0f")


def long_texts(longest):
    """Draw texts of any script up to this length, many of them as long as that."""
    seeds = st.one_of(st.text(min_size=1, max_size=12), texts(longest=20))
    lengths = st.one_of(st.integers(1, longest), st.integers(1, 40))
    return st.builds(lambda seed, n: (seed * (n // len(seed) + 1))[:n], seeds, lengths)


def labels_of_any_kind(most=100, longest=10_000):
    """Draw 1..`most` labels: short and long ones, some alike, some with nothing to see."""
    label = st.one_of(
        st.text(max_size=14), st.sampled_from(UNSEEN), texts(longest=60), long_texts(longest)
    )
    drawn = st.lists(label, min_size=1, max_size=most)
    few = st.lists(st.sampled_from(("Yes", "No", "yes ", "1", "2", "12")), min_size=1, max_size=24)
    return st.one_of(drawn, few)


def hostile(most=100):
    """Draw options with these labels."""
    return labels_of_any_kind(most).map(
        lambda drawn: tuple(Option(label=label, value=n) for n, label in enumerate(drawn))
    )


def any_numbers():
    """Draw number widgets of any range and step, with any number shown."""
    bound = st.one_of(
        st.none(),
        st.integers(-(2**53), 2**53).map(Decimal),
        st.integers(-50, 50).map(Decimal),
        st.decimals(-1000, 1000, places=9),
    )
    step = st.sampled_from([None, *map(Decimal, ("1", "2", "0.25", "1e-9", "1e12", "7"))])
    return st.builds(NumberInput, minimum=bound, maximum=bound, step=step) | st.builds(
        NumberInput, minimum=bound, below=bound, step=step
    )


def of(prompt, adapter, page=0):
    """Return the prompt at this page, as the core gives it to an adapter."""
    view = dataclasses.replace(prompt.view, page=page)
    return shown(dataclasses.replace(prompt, view=view), adapter.capabilities)


def asked(widget, **view):
    """Return a prompt of this widget."""
    return Prompt(
        id=PromptId("z9abcdefghijklmnopqz"),
        owner=PromptOwner.UPSTREAM,
        question="Which one?",
        widget=widget,
        view=PromptView(rev=9_999_999, **view),
    )

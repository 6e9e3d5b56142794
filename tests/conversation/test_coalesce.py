"""Each record is written once: as it is at the end, from what it was at the beginning."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bridge.conversation import effects as fx
from bridge.conversation.coalesce import coalesced
from bridge.conversation.effects import InboxState
from bridge.conversation.state import ConversationState, PromptState, TurnState
from tests.store.world import CONVERSATION, OPEN, THREAD, TURN

NEW, QUEUED, TAKEN = InboxState.NEW, InboxState.QUEUED, InboxState.TAKEN


def test_a_record_that_changes_twice_is_written_once():
    """From the first's `was` to the last's state, in the place of the first."""
    sent = replace(TURN, state=TurnState.SENT)
    done = replace(CONVERSATION, state=ConversationState.DONE)
    answered = replace(OPEN, state=PromptState.ANSWERED)
    moved = replace(THREAD, conversation="c1")
    alert = fx.Alert("x")
    effects = (
        fx.Mark(1, NEW, QUEUED),
        fx.PutTurn(TURN, None),
        fx.PutConversation(CONVERSATION, None),
        fx.PutPrompt(OPEN, new=True),
        fx.PutThread(THREAD),
        alert,
        fx.PutThread(moved),
        fx.PutPrompt(answered, new=False),
        fx.PutConversation(done, ConversationState.ACTIVE),
        fx.PutTurn(sent, TurnState.OPEN),
        fx.Mark(1, QUEUED, TAKEN, turn="u1"),
        alert,
    )
    assert coalesced(effects) == (
        fx.Mark(1, NEW, TAKEN, turn="u1"),
        fx.PutTurn(sent, None),
        fx.PutConversation(done, None),
        fx.PutPrompt(answered, new=True),
        fx.PutThread(moved),
        alert,
        alert,
    )


@given(st.lists(st.sampled_from([1, 2, 3]), max_size=12))
def test_records_of_their_own_stay_apart_and_in_order(seqs):
    """Nothing of one record is mixed into another; what is no record stays as often as it came."""
    effects = tuple(fx.Mark(seq, NEW, QUEUED) for seq in seqs) + (fx.EndTaken("u1"),) * 2
    written = coalesced(effects)
    assert [effect.seq for effect in written[:-2]] == list(dict.fromkeys(seqs))
    assert written[-2:] == (fx.EndTaken("u1"),) * 2

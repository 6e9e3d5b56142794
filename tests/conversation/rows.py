"""The tables in miniature: they refuse what the real ones refuse, and can be read back."""

from __future__ import annotations

from dataclasses import replace

from bridge.conversation import effects as fx
from bridge.conversation.coalesce import coalesced
from bridge.conversation.effects import InboxState
from bridge.conversation.state import (
    Conversation,
    ConversationState,
    Entry,
    GivenUp,
    OpenPrompt,
    PromptState,
    State,
    Thread,
    Turn,
    TurnState,
)

UNFINISHED = (InboxState.NEW, InboxState.QUEUED, InboxState.TAKEN)


class Rows:
    """One thread's rows; every guard is kept, and every unique index."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        self.inbox: dict[int, fx.Mark] = {}
        self.entries: dict[int, Entry] = {}
        self.conversations: dict[str, Conversation] = {}
        self.turns: dict[str, Turn] = {}
        self.prompts: dict[str, OpenPrompt] = {}
        self.timers: dict[tuple[str, fx.TimerKind], fx.SetTimer] = {}

    def accept(self, seq: int) -> None:
        self.inbox[seq] = fx.Mark(seq, InboxState.NEW, InboxState.NEW)

    def write(self, effects: tuple[fx.Effect, ...]) -> None:
        """Write one decision as the mailbox does: each record once, as it is at the end."""
        for effect in coalesced(effects):
            self._write(effect)
            self._check_indexes()

    def _write(self, effect: fx.Effect) -> None:
        match effect:
            case fx.Mark() | fx.EndTaken():
                self._write_inbox(effect)
            case fx.PutThread():
                self.thread = effect.thread
            case fx.PutConversation():
                self._put(self.conversations, effect.conversation, effect.was)
            case fx.PutTurn():
                self._put(self.turns, effect.turn, effect.was)
            case fx.PutPrompt():
                assert (effect.shown.prompt.id not in self.prompts) is effect.new
                self.prompts[effect.shown.prompt.id] = effect.shown
            case fx.SetTimer() | fx.EndTimer():
                self._write_timer(effect)
            case fx.Perform():
                assert self.turns[effect.turn.id] == effect.turn
                assert effect.turn.state is TurnState.SENT
                assert self.conversations[effect.conversation.id] == effect.conversation
            case _:
                """Nothing is written for it."""

    def _write_inbox(self, effect: fx.Mark | fx.EndTaken) -> None:
        if isinstance(effect, fx.EndTaken):
            for seq, mark in self.inbox.items():
                if mark.state is InboxState.TAKEN and mark.turn == effect.turn:
                    self.inbox[seq] = replace(mark, state=InboxState.DONE)
            return
        assert self.inbox[effect.seq].state is effect.was
        self.inbox[effect.seq] = effect
        if effect.entry is not None:
            self.entries[effect.seq] = effect.entry

    def _write_timer(self, effect: fx.SetTimer | fx.EndTimer) -> None:
        key = effect.conversation, effect.kind
        if isinstance(effect, fx.SetTimer):
            self.timers[key] = effect
        else:
            self.timers.pop(key, None)

    @staticmethod
    def _put(rows, record, was) -> None:
        known = rows.get(record.id)
        assert (known.state if known else None) is was
        rows[record.id] = record

    def _check_indexes(self) -> None:
        live = [c for c in self.conversations.values() if c.state is ConversationState.ACTIVE]
        assert len(live) <= 1
        flying = [t.conversation for t in self.turns.values() if t.in_flight]
        assert len(flying) == len(set(flying))
        numbers = [(t.conversation, t.n) for t in self.turns.values()]
        assert len(numbers) == len(set(numbers))

    def read(self) -> State:
        """Return the state that a starting process finds."""
        present = self.conversations.get(self.thread.conversation)
        mine = [t for t in self.turns.values() if present and t.conversation == present.id]
        return State(
            thread=self.thread,
            conversation=present,
            turn=max(mine, key=lambda turn: turn.n, default=None),
            prompts=tuple(
                shown
                for shown in self.prompts.values()
                if shown.state is not PromptState.SUPERSEDED
            ),
            queue=tuple(
                self.entries[seq]
                for seq, mark in sorted(self.inbox.items())
                if mark.state is InboxState.QUEUED
            ),
            given_up=tuple(
                GivenUp(turn=turn, conversation=self.conversations[turn.conversation])
                for turn in self.turns.values()
                if not self.conversations[turn.conversation].live
                and (turn.state is TurnState.SENT or turn.unsure)
            ),
        )

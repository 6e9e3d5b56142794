"""One decision in the making: the state as it becomes, and the effects so far.

Lives within one call of `decide`, so that the rules read from top to bottom.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.conversation import effects as fx
from bridge.conversation.effects import InboxState
from bridge.conversation.state import (
    Conversation,
    Entry,
    OpenPrompt,
    PromptState,
    State,
    Thread,
    ThreadState,
    Turn,
)
from bridge.protocol.prompts import (
    Answered,
    Option,
    Prompt,
    PromptOwner,
    PromptView,
    SingleSelect,
    Widget,
    options_of,
)
from bridge.protocol.replies import Ask, Callout, Reply, Tone, plain
from bridge.protocol.threads import PersonKey, PromptId
from bridge.upstream.schema import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conversation.world import World
    from bridge.phrases import Phrase


class Draft:
    """Collects what a decision changes.

    `state` is a copy of its own, and always what will be true afterwards.
    """

    def __init__(self, state: State, world: World, person: PersonKey | None = None) -> None:
        self.state = replace(state)
        self.world = world
        self._person = person
        self._effects: list[fx.Effect] = []
        self._replies: list[Reply] = []
        self._asks = self._awaits = False

    @property
    def asking(self) -> PersonKey:
        """Who acts: the event's person, or the owner of what goes on."""
        owner = self.state.conversation.person if self.state.conversation else PersonKey("")
        return self._person or owner

    def result(self) -> tuple[State, tuple[fx.Effect, ...]]:
        """Return the decision."""
        self._flush()
        return self.state, tuple(self._effects)

    def add(self, effect: fx.Effect) -> None:
        """Do this, after what was said so far; nothing is drawn where nothing may be said."""
        self._flush()
        if self._may_speak or not isinstance(effect, fx.Redraw | fx.Close | fx.Speak):
            self._effects.append(effect)

    @property
    def _may_speak(self) -> bool:
        return self.state.thread.state is ThreadState.OK

    def may_answer(self, person: PersonKey) -> bool:
        """Say whether this person may answer in the present or last conversation (section 5)."""
        present, entry = self.state.conversation, self.world.entry(self.state)
        shared = entry is not None and entry.shared
        return present is None or present.person == person or shared

    # Saying.

    def say(self, key: Phrase, /, **values: object) -> None:
        """Say one of our sentences."""
        self._replies.append(plain(self.phrase(key, **values)))

    def warn(self, key: Phrase, /, **values: object) -> None:
        """Point out one of our sentences."""
        self._replies.append(self.notice(key, **values))

    def notice(self, key: Phrase, /, **values: object) -> Callout:
        """Return one of our sentences, pointed out."""
        return Callout(Tone.NOTICE, self.phrase(key, **values))

    def phrase(self, key: Phrase, /, **values: object) -> str:
        """Return one of our sentences, as the conversation's form has it."""
        return self.world.phrases(self.state).say(key, **values)

    def answer(self, *replies: Reply, awaits: bool) -> None:
        """Say what the upstream answered; the person must see the end of it.

        `awaits`: the form goes on.
        """
        self._asks, self._awaits = True, awaits
        self.show(*replies)

    def name_of(self, field: str) -> str:
        """Return what to call a field: its label where the schema is known, else its target."""
        schema = self.world.schema(self.state)
        return schema.name_of(field) if schema else readable(field)

    def show(self, *replies: Reply) -> None:
        """Say these; what is said in one decision is rendered together."""
        self._replies.extend(replies)

    def _flush(self) -> None:
        if self._replies and self._may_speak:
            replies = tuple(self._replies)
            self._effects.append(fx.Speak(replies, asks=self._asks, awaits=self._awaits))
        self._replies, self._asks, self._awaits = [], False, False

    # Records.

    def put_thread(self, thread: Thread) -> None:
        """Change the thread's row."""
        self.state.thread = thread
        self.add(fx.PutThread(thread))

    def begin(self, conversation: Conversation) -> None:
        """Make this new conversation the thread's present one."""
        thread = replace(self.state.thread, conversation=conversation.id)
        self.state.thread = thread
        self.state.conversation = conversation
        self.state.turn = None
        self.state.prompts = ()
        self.state.queue = ()
        self.state.reshown = ""
        self.state.fields = {}
        self.state.question = ""
        self.add(fx.PutConversation(conversation, None))
        self.add(fx.PutThread(thread))

    def latest(self, about: Conversation) -> Conversation:
        """Return the conversation as it is now; a message may carry it as it was."""
        known = [out.conversation for out in self.state.given_up]
        known += [self.state.conversation] if self.state.conversation else []
        return next((now for now in reversed(known) if now.id == about.id), about)

    def put(self, conversation: Conversation, was: Conversation) -> None:
        """Change a conversation, the present one or an earlier one."""
        conversation = replace(conversation, changed_at=self.world.now)
        if self.state.conversation and self.state.conversation.id == conversation.id:
            self.state.conversation = conversation
        self.add(fx.PutConversation(conversation, was.state))

    def note_told(self, last: Conversation) -> None:
        """Remember that the person was told that this conversation is over."""
        after = replace(last, noticed_at=self.world.now)
        self.state.conversation = after
        self.add(fx.PutConversation(after, last.state))

    def put_turn(self, turn: Turn, was: Turn | None) -> None:
        """Change a turn, the present one or an earlier one; a new one is the present one."""
        present = self.state.turn
        if was is None or (present is not None and present.id == turn.id):
            self.state.turn = turn
        self.add(fx.PutTurn(turn, was.state if was else None))

    # Prompts.

    def new_prompt_id(self) -> PromptId:
        """Return an id for a prompt."""
        return PromptId(self.world.new_id())

    def ask(self, purpose: str, question: str, widget: Widget, *, typing: bool = False) -> None:
        """Open a prompt of the bridge's own; an earlier one of the same purpose is superseded.

        `typing`: whatever is typed next is its answer.
        """
        for shown in self.state.open:
            if shown.prompt.owner is PromptOwner.BRIDGE and shown.prompt.field == purpose:
                self.supersede(shown)
        prompt = Prompt(
            id=self.new_prompt_id(),
            owner=PromptOwner.BRIDGE,
            question=question,
            widget=widget,
            field=purpose,
            first=self.next_number(),
            view=PromptView(typing_custom=typing),
        )
        self.open_prompt(prompt)
        self.show(plain(question), Ask(prompt))

    def next_number(self) -> int:
        """Return the number of the next list's first option: open lists number through."""
        return 1 + max((last_number(shown.prompt) for shown in self.state.open), default=0)

    def ask_one(self, purpose: str, question: str, options: Sequence[Option]) -> None:
        """Open a single select of the bridge's own."""
        self.ask(purpose, question, SingleSelect(options=tuple(options)))

    def open_prompt(self, prompt: Prompt) -> None:
        """Keep a prompt that is shown in this decision."""
        conversation = self.state.conversation
        shown = OpenPrompt(
            prompt=prompt, conversation=conversation.id if conversation else "", at=self.world.now
        )
        self.state.prompts = (*self.state.prompts, shown)
        self._effects.append(fx.PutPrompt(shown, new=True))

    def change(self, shown: OpenPrompt) -> None:
        """Keep a prompt's new view or state."""
        self.state.prompts = tuple(
            shown if other.prompt.id == shown.prompt.id else other for other in self.state.prompts
        )
        self.add(fx.PutPrompt(shown, new=False))

    def claim(self, shown: OpenPrompt, claim: str, chosen: str) -> None:
        """A prompt is answered once: its widget is replaced by what was chosen."""
        self.change(replace(shown, state=PromptState.ANSWERED, claim=claim))
        upstream = shown.prompt.owner is PromptOwner.UPSTREAM
        if upstream:
            self.state.fields = {**self.state.fields, shown.prompt.id: shown.prompt.field}
        change = upstream and self._can_change(shown.prompt.field)
        self.add(fx.Close(Answered(prompt=shown.prompt, chosen=chosen, change=change)))

    def _can_change(self, field: str) -> bool:
        """Say whether a later message may correct it: "Shall I send this?" is no answer."""
        schema = self.world.schema(self.state)
        return bool(field) and (schema is None or field in schema.fields)

    def supersede(self, shown: OpenPrompt) -> None:
        """A prompt is over without an answer, or its answer has arrived."""
        self.change(replace(shown, state=PromptState.SUPERSEDED))
        if shown.state is PromptState.OPEN:
            self.add(fx.Close(Answered(prompt=shown.prompt)))
        self.state.prompts = tuple(
            other for other in self.state.prompts if other.prompt.id != shown.prompt.id
        )

    def supersede_all(self) -> None:
        """Nothing that was asked so far is open any more."""
        for shown in self.state.prompts:
            self.supersede(shown)

    # The inbox.

    def done(self, seq: int) -> None:
        """This event has its outcome."""
        self.add(fx.Mark(seq, InboxState.NEW, InboxState.DONE))

    def refuse(self, seq: int) -> None:
        """This event is not taken, and the person was told."""
        self.add(fx.Mark(seq, InboxState.NEW, InboxState.REFUSED))

    def enqueue(self, entry: Entry) -> None:
        """This event waits for the next turn."""
        entry = replace(entry, barrier=self.state.barrier)
        self.state.queue = (*self.state.queue, entry)
        self.state.barrier = False
        self.add(fx.Mark(entry.seq, InboxState.NEW, InboxState.QUEUED, entry=entry))

    def drop_queue(self) -> tuple[str, ...]:
        """Nothing that waits is sent; return the texts, to be told."""
        waiting = self.state.queue
        for entry in waiting:
            self.add(fx.Mark(entry.seq, InboxState.QUEUED, InboxState.REFUSED))
        self.state.queue = ()
        return tuple(entry.text or "" for entry in waiting)


def last_number(prompt: Prompt) -> int:
    """Return the number of a prompt's last option in a list that numbers through."""
    options = options_of(prompt.widget)
    return prompt.first + len(options) - 1 if options else 0

"""Records of the pure core as rows and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bridge.conversation.state import (
    Conversation,
    ConversationState,
    Entry,
    OpenPrompt,
    Payment,
    PromptState,
    Step,
    Thread,
    ThreadState,
    Turn,
    TurnState,
)
from bridge.protocol.prompts import Prompt, PromptView
from bridge.protocol.threads import PersonKey, ThreadKey
from bridge.store.codec import decode, dumps, encode

if TYPE_CHECKING:
    from collections.abc import Mapping


def thread_values(thread: Thread) -> dict[str, Any]:
    """Return the row of a thread."""
    return {
        "id": thread.id,
        "channel": thread.channel,
        "key": thread.key,
        "state": thread.state.value,
        "conversation": thread.conversation,
        "owner": "",
        "epoch": 0,
    }


def thread_of(row: Mapping[str, Any]) -> Thread:
    """Return the thread of a row."""
    return Thread(
        id=row["id"],
        channel=row["channel"],
        key=ThreadKey(row["key"]),
        state=ThreadState(row["state"]),
        conversation=row["conversation"],
    )


def conversation_values(about: Conversation) -> dict[str, Any]:
    """Return the row of a conversation."""
    return {
        "id": about.id,
        "thread": about.thread,
        "person": about.person,
        "form": about.form,
        "session": about.session,
        "generation": about.generation,
        "state": about.state.value,
        "payment": about.payment.value,
        "answers": dumps(about.answers),
        "shown": dumps(about.shown),
        "submission": about.submission,
        "checkout": about.checkout,
        "checkout_url": about.checkout_url,
        "unknown_since": about.unknown_since,
        "noticed_at": about.noticed_at,
        "created_at": about.created_at,
        "changed_at": about.changed_at,
        "expires_at": about.expires_at,
    }


def conversation_of(row: Mapping[str, Any]) -> Conversation:
    """Return the conversation of a row."""
    plain = {**row}
    plain["person"] = PersonKey(row["person"])
    plain["state"] = ConversationState(row["state"])
    plain["payment"] = Payment(row["payment"])
    plain["answers"] = json.loads(row["answers"])
    plain["shown"] = json.loads(row["shown"])
    return Conversation(**plain)


def turn_values(turn: Turn) -> dict[str, Any]:
    """Return the row of a turn."""
    return {
        "id": turn.id,
        "thread": turn.thread,
        "conversation": turn.conversation,
        "n": turn.n,
        "state": turn.state.value,
        "step": turn.step.value,
        "input": turn.input,
        "current_values": None if turn.values is None else dumps(turn.values),
        "listed": int(turn.listed),
        "renewed": int(turn.renewed),
        "epoch": turn.epoch,
        "attempt": turn.attempt,
        "not_before": turn.not_before,
        "sent_at": turn.sent_at,
        "answer": turn.answer,
        "error": turn.error,
    }


def turn_of(row: Mapping[str, Any]) -> Turn:
    """Return the turn of a row."""
    plain = {**row}
    values = plain.pop("current_values")
    plain["values"] = None if values is None else json.loads(values)
    plain["state"] = TurnState(row["state"])
    plain["step"] = Step(row["step"])
    plain["listed"] = bool(row["listed"])
    plain["renewed"] = bool(row["renewed"])
    return Turn(**plain)


def prompt_values(shown: OpenPrompt, thread: str, outbox: int) -> dict[str, Any]:
    """Return the row of a prompt; its view is kept beside its spec."""
    prompt = shown.prompt
    return {
        "id": prompt.id,
        "thread": thread,
        "conversation": shown.conversation,
        "owner": prompt.owner.value,
        "kind": type(prompt.widget).__name__,
        "field": prompt.field,
        "spec": encode(replace(prompt, view=PromptView())),
        "view": encode(prompt.view),
        "rev": prompt.view.rev,
        "state": shown.state.value,
        "answer": shown.claim,
        "outbox": outbox,
        "at": shown.at,
    }


def prompt_of(row: Mapping[str, Any]) -> OpenPrompt:
    """Return the prompt of a row."""
    prompt = decode(row["spec"], Prompt)
    return OpenPrompt(
        prompt=replace(prompt, view=decode(row["view"], PromptView)),
        conversation=row["conversation"],
        at=row["at"],
        state=PromptState(row["state"]),
        claim=row["answer"],
    )


def entry_text(entry: Entry | None) -> str:
    """Return what a judged event means for the upstream, as text."""
    if entry is None:
        return ""
    return dumps(
        {
            "text": entry.text,
            "values": entry.values,
            "prompt": entry.prompt,
            "listed": entry.listed,
            "barrier": entry.barrier,
        }
    )


def entry_of(seq: int, text: str) -> Entry:
    """Return the entry of a queued event."""
    return Entry(seq=seq, **json.loads(text))

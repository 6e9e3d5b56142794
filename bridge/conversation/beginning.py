"""How a conversation begins: by a command, a button, a keyword or plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.conversation import effects as fx
from bridge.conversation import ending, turning
from bridge.conversation.messages import TimerKind
from bridge.conversation.state import (
    Conversation,
    ConversationState,
    Entry,
    Payment,
    Step,
    Turn,
)
from bridge.phrases import Phrase
from bridge.protocol.prompts import Option

if TYPE_CHECKING:
    from bridge.conversation.draft import Draft
    from bridge.forms import FormEntry
    from bridge.protocol import events
    from bridge.protocol.threads import PersonKey

PICK, SWITCH, AGAIN, ORDER = "pick", "switch", "again", "order"
"""Purposes of the bridge's prompts: which form, leave the present one, start again, an order."""

STAY, PAY, CONTACT = ":stay", ":pay", ":contact"
"""Values of options that are no form; a slug never begins with a colon."""

_GREETINGS = frozenset(
    {"hi", "hello", "hey", "hallo", "hola", "ciao", "bonjour", "servus", "there", "start", "begin"}
    | {"good", "morning", "day", "afternoon", "evening"}
)
"""Words of which a bare greeting is made: it begins a form and is not sent."""

_TOLD_FOR = 86_400.0
"""Seconds after its end in which plain text does not begin a form anew (design, section 5)."""

_TOLD_AGAIN_AFTER = 60.0


def by_text(draft: Draft, seq: int, event: events.Text) -> None:
    """Plain words without a live conversation."""
    last = draft.state.conversation if draft.may_answer(event.person) else None
    if last is not None and last.payment in (Payment.WAITING, Payment.DECLINED):
        draft.done(seq)
        _offer_order(draft, last)
    elif last is not None and _over_lately(draft, last):
        draft.done(seq)
        _say_done(draft, last)
    else:
        _by_first_words(draft, seq, event)


def _over_lately(draft: Draft, last: Conversation) -> bool:
    finished = last.state in (ConversationState.DONE, ConversationState.AWAITING_PAYMENT)
    return finished and draft.world.now - last.changed_at < _TOLD_FOR


def _offer_order(draft: Draft, last: Conversation) -> None:
    entry = draft.world.catalogue.entry(last.form)
    options = [Option(label=draft.phrase(Phrase.PAY_LABEL), value=PAY)]
    if entry is not None:
        options.append(Option(label=draft.phrase(Phrase.ORDER_AGAIN), value=entry.slug))
    if entry is not None and entry.contact:
        options.append(Option(label=draft.phrase(Phrase.CONTACT_LABEL), value=CONTACT))
    draft.ask_one(ORDER, draft.phrase(Phrase.ORDER_WAITING), options)


def _say_done(draft: Draft, last: Conversation) -> None:
    if draft.world.now - last.noticed_at < _TOLD_AGAIN_AFTER:
        return
    draft.note_told(last)
    entry = draft.world.catalogue.entry(last.form)
    if entry is None:
        draft.say(Phrase.THAT_IS_DONE)
        return
    again = Option(label=draft.phrase(Phrase.START_AGAIN), value=entry.slug)
    draft.ask_one(AGAIN, draft.phrase(Phrase.THAT_IS_DONE), [again])


def _by_first_words(draft: Draft, seq: int, event: events.Text) -> None:
    channel = draft.state.thread.channel
    named = draft.world.catalogue.by_keyword(channel, event.text)
    entry = named or draft.world.catalogue.default(channel)
    if entry is None:
        draft.done(seq)
        offer_forms(draft)
    elif named or _is_greeting(event.text):
        draft.done(seq)
        start(draft, entry, event.person)
    else:
        start(draft, entry, event.person, first=Entry(seq=seq, text=event.text))


def _is_greeting(text: str) -> bool:
    words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
    return set(words) <= _GREETINGS


def start(draft: Draft, entry: FormEntry, person: PersonKey, *, first: Entry | None = None) -> None:
    """Begin a conversation; `first` is sent as soon as the session is there."""
    _leave(draft)
    now = draft.world.now
    present = Conversation(
        id=draft.world.new_id(),
        thread=draft.state.thread.id,
        person=person,
        form=entry.slug,
        created_at=now,
        changed_at=now,
        expires_at=now + entry.expires_after,
        answers=dict(entry.prefill),
    )
    draft.begin(present)
    draft.add(fx.SetTimer(present.id, TimerKind.EXPIRY, present.expires_at))
    if entry.dry_run:
        draft.warn(Phrase.TEST_START)
    if first is not None:
        draft.enqueue(first)
        turning.advance(draft)
        return
    turn = Turn(
        id=draft.world.new_id(),
        thread=present.thread,
        conversation=present.id,
        n=1,
        step=Step.CREATE,
    )
    draft.put_turn(turn, None)
    draft.add(fx.Request(turn))


def _leave(draft: Draft) -> None:
    """What was going on here is over, also what was only asked."""
    unsent = ending.close(draft, ConversationState.CANCELLED)
    draft.supersede_all()
    ending.tell_unsent(draft, Phrase.NOT_SENT_AFTER_CANCEL, unsent)


def wish(draft: Draft, entry: FormEntry, person: PersonKey) -> None:
    """Somebody wants this form: begun at once, unless another one is under way."""
    present = draft.state.live
    if present is None:
        start(draft, entry, person)
        return
    here = draft.world.entry(draft.state)
    title = here.title if here else present.form
    draft.ask_one(
        SWITCH,
        draft.phrase(Phrase.SWITCH, title=title),
        [
            Option(label=draft.phrase(Phrase.SWITCH_STAY, title=title), value=STAY),
            Option(label=draft.phrase(Phrase.SWITCH_GO, title=entry.title), value=entry.slug),
        ],
    )


def offer_forms(draft: Draft) -> None:
    """Ask which form."""
    entries = draft.world.catalogue.on(draft.state.thread.channel)
    if not entries:
        draft.say(Phrase.NO_FORMS)
        return
    options = [Option(label=_line(draft, entry), value=entry.slug) for entry in entries]
    draft.ask_one(PICK, draft.phrase(Phrase.PICK_FORM), options)


def _line(draft: Draft, entry: FormEntry) -> str:
    if not entry.description:
        return draft.phrase(Phrase.FORMS_LINE_BARE, title=entry.title)
    return draft.phrase(Phrase.FORMS_LINE, title=entry.title, description=entry.description)

"""What commands do. A command is a barrier: texts around it don't travel together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.conversation import beginning, ending
from bridge.conversation import effects as fx
from bridge.conversation.messages import TimerKind
from bridge.conversation.state import Conversation, ConversationState, Payment, Step, TurnState
from bridge.phrases import Phrase, help_for
from bridge.protocol.capabilities import Level
from bridge.protocol.events import Command, CommandName
from bridge.protocol.prompts import Option, PromptOwner, SingleSelect
from bridge.protocol.replies import Ask, Confirmation, LinkButton, Understood, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.conversation.draft import Draft

CHANGE, CHANGE_VALUE = "change", "change value"
"""Purposes of the bridge's prompts: which answer, and what it should be instead."""


def obey(draft: Draft, seq: int, event: Command) -> None:
    """Do what was asked."""
    draft.done(seq)
    draft.state.barrier = True
    if event.tap:
        draft.add(fx.AnswerTap(event))
    if _of_another(draft, event):
        draft.warn(Phrase.BUSY_THREAD)
        return
    _ACTS[event.name](draft, event)


def _of_another(draft: Draft, event: Command) -> bool:
    """In a shared thread only the owner commands; help and the list are for everybody.

    When it is over, others may begin something; what was answered or ordered is not theirs.
    """
    present = draft.state.live
    harmless = event.name in (CommandName.HELP, CommandName.FORMS)
    return present is not None and present.person != event.person and not harmless


def _own(draft: Draft, event: Command) -> Conversation | None:
    """Return the present or last conversation, where it is this person's."""
    last = draft.state.conversation
    return last if last is not None and last.person == event.person else None


def _start(draft: Draft, event: Command) -> None:
    catalogue, channel = draft.world.catalogue, draft.state.thread.channel
    slug = event.argument.split(maxsplit=1)[0] if event.argument else ""
    here = {entry.slug: entry for entry in catalogue.on(channel)}
    if slug and slug not in here:
        draft.warn(Phrase.UNKNOWN_FORM, slug=slug[:40])
        beginning.offer_forms(draft)
    elif slug:
        beginning.wish(draft, here[slug], event.person)
    elif draft.state.live:
        _status(draft, event)
    elif entry := catalogue.default(channel):
        beginning.start(draft, entry, event.person)
    else:
        beginning.offer_forms(draft)


def show_forms(draft: Draft, _event: Command | None = None) -> None:
    """Offer what can be begun here."""
    beginning.offer_forms(draft)


def _help(draft: Draft, _event: Command) -> None:
    draft.say(Phrase.HELP_HEADING)
    lines = [
        draft.phrase(Phrase.HELP_LINE, command=spelled, what=draft.phrase(help_for(name)))
        for name, spelled in draft.world.capabilities.commands.items()
    ]
    draft.show(plain("\n".join(lines)))
    entry = draft.world.entry(draft.state)
    if entry and entry.contact:
        draft.say(Phrase.CONTACT, contact=entry.contact)
    if entry and entry.privacy_url:
        draft.say(Phrase.PRIVACY, url=entry.privacy_url)


def known(draft: Draft, present: Conversation) -> tuple[tuple[str, str, str], ...]:
    """Return what was understood so far: field, label, what to show."""
    return tuple((field, draft.name_of(field), shown) for field, shown in present.shown.items())


def _status(draft: Draft, event: Command) -> None:
    present = _own(draft, event)
    entry = draft.world.entry(draft.state)
    if present is None or entry is None:
        draft.say(Phrase.STATUS_NONE)
        return
    answers = known(draft, present)
    draft.say(Phrase.STATUS_HEADING if answers else Phrase.STATUS_EMPTY, title=entry.title)
    if answers:
        items = tuple(Understood(label, shown) for _, label, shown in answers)
        draft.show(Confirmation(items))
    if present.live:
        show_open_again(draft)
        if answers:
            _tell_of_change(draft, answers)
    else:
        _say_where_it_stands(draft, present)


def _say_where_it_stands(draft: Draft, present: Conversation) -> None:
    phrase = {
        ConversationState.CANCELLED: Phrase.CANCELLED,
        ConversationState.EXPIRED: Phrase.STATUS_NONE,
        ConversationState.FAILED: Phrase.STATUS_NONE,
        ConversationState.AWAITING_PAYMENT: Phrase.ORDER_WAITING,
    }.get(present.state, Phrase.PAID if present.payment is Payment.PAID else Phrase.SUBMITTED)
    draft.say(phrase)


def _tell_of_change(draft: Draft, answers: tuple[tuple[str, str, str], ...]) -> None:
    """Offer it with buttons; a numbered list beside the open question would only confuse."""
    spelled = draft.world.capabilities.commands.get(CommandName.CHANGE)
    if draft.world.capabilities.single_select is Level.NATIVE:
        _offer_change(draft, answers)
    elif spelled:
        draft.say(Phrase.STATUS_CHANGE, change=spelled)


def _offer_change(draft: Draft, answers: tuple[tuple[str, str, str], ...]) -> None:
    options = [Option(label=label, value=field) for field, label, _ in answers]
    draft.ask_one(CHANGE, draft.phrase(Phrase.CHANGE_WHICH), options)


def show_open_again(draft: Draft) -> None:
    """Show once more what the upstream waits for."""
    upstream = [s.prompt for s in draft.state.open if s.prompt.owner is PromptOwner.UPSTREAM]
    for prompt in upstream:
        draft.show(plain(prompt.question), Ask(prompt))
    if not upstream and draft.state.question:
        draft.show(plain(draft.state.question))


def _change(draft: Draft, event: Command) -> None:
    present = draft.state.live
    if present is None:
        draft.warn(Phrase.CHANGE_VOID if _was_sent(draft) else Phrase.STATUS_NONE)
        return
    answers = known(draft, present)
    if not answers:
        draft.say(Phrase.CHANGE_NONE)
        return
    field = _field_meant(draft, event, answers)
    if field:
        ask_new_value(draft, field)
    else:
        _offer_change(draft, answers)


def _was_sent(draft: Draft) -> bool:
    last = draft.state.conversation
    return last is not None and bool(last.submission or last.state is ConversationState.DONE)


def _field_meant(draft: Draft, event: Command, answers: tuple[tuple[str, str, str], ...]) -> str:
    wanted = event.argument.strip().casefold()
    if event.prompt is not None:
        wanted = draft.state.fields.get(event.prompt, wanted).casefold()
    for n, (field, label, _) in enumerate(answers, start=1):
        if wanted in (str(n), field.casefold(), label.casefold()):
            return field
    return ""


def ask_new_value(draft: Draft, field: str) -> None:
    """Ask what an answer should be instead; the words that follow become a clear correction."""
    label = draft.name_of(field)
    keep = Option(label=draft.phrase(Phrase.CHANGE_KEEP), value=field)
    draft.ask(
        CHANGE_VALUE,
        draft.phrase(Phrase.CHANGE_TO, label=label),
        SingleSelect(options=(keep,), custom=""),
        typing=True,
    )


def _restart(draft: Draft, event: Command) -> None:
    last = draft.state.conversation
    entry = draft.world.entry(draft.state)
    if last is None or entry is None:
        draft.say(Phrase.NOTHING_TO_RESTART)
        return
    draft.say(Phrase.RESTARTED)
    beginning.start(draft, entry, event.person)


def _cancel(draft: Draft, _event: Command) -> None:
    if draft.state.live is None:
        draft.say(Phrase.NOTHING_TO_CANCEL)
        return
    turn = draft.state.turn
    sent = turn is not None and turn.step is Step.SEND
    out = turn is not None and (turn.unsure or (sent and turn.state is TurnState.SENT))
    unsent = ending.close(draft, ConversationState.CANCELLED)
    draft.say(Phrase.CANCELLED_LATE if out else Phrase.CANCELLED)
    ending.tell_unsent(draft, Phrase.NOT_SENT_AFTER_CANCEL, unsent)


def _pay(draft: Draft, event: Command) -> None:
    last = _own(draft, event)
    if last is None and event.argument:
        # By a link that was made for somebody else: the thread need not hear of it.
        return
    if last is None or last.payment not in (Payment.WAITING, Payment.DECLINED):
        draft.say(Phrase.NOTHING_TO_PAY)
    else:
        show_link(draft, last)


def show_link(draft: Draft, order: Conversation) -> None:
    """Show the checkout link, or fetch it now."""
    if order.checkout_url:
        draft.show(
            LinkButton(
                draft.phrase(Phrase.CHECKOUT_LINK),
                draft.phrase(Phrase.PAY_LABEL),
                order.checkout_url,
                private=True,
            )
        )
        return
    draft.say(Phrase.CHECKOUT_DELAYED)
    draft.add(fx.SetTimer(order.id, TimerKind.CHECKOUT, draft.world.now, attempt=1))


_ACTS: Mapping[CommandName, Callable[[Draft, Command], None]] = {
    CommandName.START: _start,
    CommandName.FORMS: show_forms,
    CommandName.STATUS: _status,
    CommandName.CHANGE: _change,
    CommandName.RESTART: _restart,
    CommandName.CANCEL: _cancel,
    CommandName.HELP: _help,
    CommandName.PAY: _pay,
}

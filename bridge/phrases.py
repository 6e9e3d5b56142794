"""Every sentence of ours, overridable in the catalogue.

Knows: what the bridge itself may say. Must not know: when it says it, or on which channel.

Law: a template holds plain `{named}` places only; a value is data and is never read as a template.
An override uses exactly the places of the sentence that it replaces.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from enum import Enum, unique
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.events import CommandName


@unique
class Phrase(Enum):
    """One sentence of ours: the member's name is its key, the value the English template.

    The places of a template are plain text: labels, titles, spelled commands, whole numbers.
    """

    # What can be begun.
    FORMS_LINE = "{title}: {description}"
    FORMS_LINE_BARE = "{title}"
    PICK_FORM = "What would you like to do?"
    NO_FORMS = "There is nothing to fill in here at the moment."
    UNKNOWN_FORM = "I don't know a form called “{slug}”."
    FORM_UNAVAILABLE = "“{title}” can't be filled in at the moment. Please try again later."
    SWITCH = "You are in the middle of “{title}”. What would you like?"
    SWITCH_STAY = "Go on with {title}"
    SWITCH_GO = "Stop it and begin {title}"
    UNKNOWN_LINK = "That link doesn't work any more. You can begin here instead."

    # Where things stand.
    STATUS_HEADING = "{title}: here is what I have so far."
    STATUS_EMPTY = "{title}: nothing has been filled in yet."
    STATUS_CHANGE = "To change one of these answers, send {change}."
    STATUS_NONE = "Nothing is under way at the moment."
    EXPIRED = "It has been a while, so “{title}” was closed. You can begin again at any time."

    # Help: one sentence per command, named HELP_ and the command.
    HELP_HEADING = "You can simply write in your own words. Besides, there is:"
    HELP_LINE = "{command}: {what}"
    HELP_START = "begin a form"
    HELP_FORMS = "list what can be filled in"
    HELP_STATUS = "show what I have so far"
    HELP_CHANGE = "change an answer"
    HELP_RESTART = "begin this form anew"
    HELP_CANCEL = "stop without sending anything"
    HELP_HELP = "show this help"
    HELP_PAY = "show the payment link again"
    CONTACT = "To reach a person: {contact}"
    CONTACT_NONE = "I have no contact to give you here."
    PRIVACY = "How your data is used: {url}"

    # Cancel and restart.
    CANCELLED = "All right, I have stopped. Nothing was sent."
    CANCELLED_LATE = "All right, I have stopped. If your last answer completed it, I will tell you."
    NOTHING_TO_CANCEL = "There is nothing to cancel."
    RESTARTED = "All right, let's begin anew."
    NOTHING_TO_RESTART = "There is nothing to begin anew."
    NOT_SENT_AFTER_CANCEL = "Not passed on, because we stopped: {texts}"
    NOT_SENT_AFTER_SUBMISSION = "Not included, because the form had already been sent: {texts}"

    # Widgets and answers.
    STALE_TAP = "That question was already answered."
    FOREIGN_TAP = "This question is for somebody else."
    CHOSEN = "You chose: {chosen}"
    OTHER = "Other…"
    YES = "Yes"
    NO = "No"
    NONE_OF_THESE = "None of these"
    QUESTION = "Please choose:"
    TYPE_CUSTOM = "Please type your answer."
    TYPE_CUSTOM_HINT = "Please type your answer: {hint}"
    HINT_ONE = "Reply with the number of your choice."
    HINT_SEVERAL = "Reply with the numbers of your choice, for example {example}."
    HINT_SEVERAL_OPTIONAL = "Send {done} if you want none of them."
    HINT_CUSTOM = "You can also type an answer of your own."
    HINT_CUSTOM_ABOUT = "You can also type an answer of your own: {hint}"
    HINT_MORE = "Send {more} for further options."
    HINT_BACK = "Send {back} for the earlier ones."
    HINT_PAGES = "Send {more} or {back} to see other options."
    HINT_EXACTLY = "Please choose {count} of them."
    HINT_AT_LEAST = "Please choose at least {count} of them."
    HINT_AT_MOST = "You can choose up to {count} of them."
    HINT_BETWEEN = "You can choose {least} to {most} of them."
    NO_SUCH_OPTION = "There is no option {number}. Please choose one of those shown."
    NOTHING_FOUND = "No option matches “{filter}”."
    TOO_MANY_CHOSEN = "That is more than {count}. Please choose up to {count}."
    NUMBER_FROM = "a number from {least}"
    NUMBER_TO = "a number up to {most}"
    NUMBER_BELOW = "a number below {limit}"
    NUMBER_BETWEEN = "a number from {least} to {most}"
    NUMBER_FROM_BELOW = "a number from {least} to below {limit}"
    NUMBER_ANY = "a number"
    NUMBER_STEP = "{range}, in steps of {step}"
    NUMBER_ASK = "Please reply with {range}."
    NUMBER_REFUSED = "That does not fit. I need {range}."

    # numbered lists
    HINT_ONE_LETTER = "Reply with the letter of your choice."
    HINT_ONE_MARK = "Reply with the mark of your choice, for example {example}."
    HINT_SEVERAL_LETTERS = "Reply with the letters of your choice, for example {example}."
    HINT_SEVERAL_MARKS = "Reply with the marks of your choice, for example {example}."
    HINT_CONFIRM = "Send {done} to confirm what is chosen."
    HINT_FILTER = "You can also type a part of a name to search."
    HINT_FILTERED = "Send {back} on the first page to see all."
    NUMBER_WHOLE = "{range}, without decimals"
    ONLY_ONE = "Please choose one only."
    TWO_MEANINGS = (
        "“{mark}” can mean two things here. For that option send #{mark}; "
        "otherwise please say it in a few more words."
    )
    MIXED = "Please answer one question at a time."

    # Words on buttons and in menus.
    LABEL_DONE = "Done"
    LABEL_SHARE_PHONE = "Share my number"
    LABEL_CHANGE = "Change"
    LABEL_READ = "Read {mark}"
    LABEL_COPY_LINK = "Copy the link"
    LABEL_OPEN_PRIVATE = "Open our chat"
    IN_PRIVATE = "Your link comes in a private chat with me. Open it and press Start."
    REPLY_HERE = "Please answer by replying to this message."
    ABOUT = "Fill in forms and place orders by chatting."

    # What can't be taken.
    UNSUPPORTED = "I can't read {kind}, sorry. Please write it in a new message."
    TOO_LONG = (
        "That is {length} characters, and {limit} is the most I can pass on. "
        "Please shorten it by {over} and send it again."
    )
    WAITING_FULL = (
        "I already hold {limit} messages of yours that wait for an answer. "
        "This one was not taken; please send it again in a moment."
    )
    LIMIT_TURNS = (
        "That was a lot in one hour, so this was not passed on. Please go on a little later; "
        "your answers so far are kept."
    )
    BUSY = "Many people are asking at the moment. You are in the queue, and nothing is lost."
    NOT_REACHED = (
        "I can't reach our service at the moment. "
        "I keep your message and pass it on as soon as I can."
    )
    BUSY_THREAD = "Somebody else is filling in a form here. Please begin yours in another place."
    FILE_UPLOAD_UNSUPPORTED = "“{label}” needs a file, which I can't take here."
    FILE_UPLOAD_UNSUPPORTED_URL = (
        "“{label}” needs a file, which I can't take here. You can add it on the web: {url}"
    )
    SIGNATURE_UNSUPPORTED = "“{label}” needs a signature, which I can't take here."
    SIGNATURE_UNSUPPORTED_URL = (
        "“{label}” needs a signature, which I can't take here. You can sign on the web: {url}"
    )

    # When the upstream has trouble.
    SAY_AGAIN = "Something went wrong while I was reading that. Please say it again."
    ANSWER_LOST = (
        "I did not get an answer to your last message, so I can't tell whether it arrived."
    )
    SEND_AGAIN = "Send again"
    GO_ON = "Go on"
    GOING_ON = "All right, we go on without it."
    SENDING_AGAIN = "All right, I am sending it again."
    SUBMISSION_FOUND = "I lost the answer, but I have checked: the form has been sent."
    SUBMISSION_UNSURE = (
        "I lost the answer and can't tell whether the form was sent. "
        "I won't send it again by myself; please check with us first."
    )
    UPSTREAM_FAILED = (
        "Something is wrong on our side. We have been told, and what you wrote is kept."
    )
    DELIVERY_TROUBLE = "A message of mine could not be shown here. We have been told."

    # The end.
    SUBMITTED = "Done, it has been sent."
    SUBMITTED_ORDER = "Done, your order has been placed. What is left is the payment."
    ANOTHER_SUBMISSION = "The form has been sent once more; we have been told to look at it."
    LATE_SUBMISSION = "The form had already been sent before we stopped."
    TEST_START = "TEST: this is a trial run. Nothing will be submitted."
    TEST_END = "TEST: the end of the trial run. Nothing was submitted."
    THAT_IS_DONE = "That's done."
    START_AGAIN = "Start again"

    # Payment.
    CHECKOUT_LINK = "Your order is ready. Here you can check it and pay:"
    PAY_LABEL = "Pay"
    CHECKOUT_DELAYED = (
        "The payment link takes a moment longer. I will send it as soon as I have it."
    )
    CHECKOUT_NOT_READY = (
        "Your order is saved, but the shop can't take payments at the moment. "
        "We have been told, and I will send the payment link as soon as it works."
    )
    CHECKOUT_GIVEN_UP = "I could not get the payment link. We have been told and will help you."
    NOTHING_TO_PAY = "There is nothing to pay at the moment."
    PAID = "Thank you, your payment has arrived."
    DECLINED = "The payment was declined. You can try again with the same link."
    PAYMENT_OFFLINE = "Your order is confirmed. You pay later, as agreed with the shop."
    PAYMENT_CANCELLED = "The order was cancelled. Nothing is to be paid."
    PAYMENT_EXPIRED = "The payment has not arrived in time, so I stopped waiting for it."
    REFUNDED = "The payment was refunded."
    ORDER_WAITING = "Your order waits for its payment."
    ORDER_AGAIN = "Order again"
    CONTACT_LABEL = "Contact"

    # Changing an answer.
    CHANGE_WHICH = "Which answer would you like to change?"
    CHANGE_TO = "What should “{label}” be instead?"
    CHANGE_KEEP = "Leave it as it is"
    CHANGE_KEPT = "All right, it stays as it is."
    CHANGE_NONE = "There is no answer to change yet."
    CHANGE_VOID = "The form has already been sent, so it can't be changed here any more."
    CORRECTION = "Please change “{label}” to: {value}"


def help_for(command: CommandName) -> Phrase:
    """Return the phrase that says what the command does."""
    return Phrase[f"HELP_{command.value}"]


class PhraseError(ValueError):
    """An override that can't be used; each line names a key and says what to do."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences in use: the defaults, and what an operator wrote instead."""

    overrides: Mapping[Phrase, str] = field(default_factory=lambda: MappingProxyType({}))

    def say(self, key: Phrase, /, **values: object) -> str:
        """Return the sentence with its places filled; KeyError where a place has no value."""
        template = self.overrides.get(key, key.value)
        return "".join(
            literal if name is None else literal + str(values[name])
            for literal, name, _, _ in Formatter().parse(template)
        )

    def override(self, texts: Mapping[str, str]) -> Phrases:
        """Return these sentences with `texts` by key in their place; PhraseError otherwise."""
        if wrong := faults(texts):
            raise PhraseError("\n".join(wrong))
        given = {checked_key(name): text for name, text in texts.items()}
        return Phrases(MappingProxyType({**self.overrides, **given}))


def faults(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is wrong with each override, one sentence for each that can't be used."""
    return tuple(fault for name, text in texts.items() if (fault := _fault(name, text)))


def _fault(name: str, text: str) -> str:
    try:
        check_template(checked_key(name), text)
    except PhraseError as error:
        return str(error)
    return ""


def checked_key(name: str) -> Phrase:
    """Return the phrase of this name, in whatever case; PhraseError names the nearest."""
    wanted = name.upper()
    if wanted in Phrase.__members__:
        return Phrase[wanted]
    near = difflib.get_close_matches(wanted, Phrase.__members__, n=1)
    advice = f"; did you mean '{near[0]}'?" if near else ""
    raise PhraseError(f"'{name}' is not a phrase{advice}")


def check_template(key: Phrase, text: str) -> None:
    """Raise PhraseError unless `text` is a template with the places of `key`."""
    if not text.strip():
        raise PhraseError(f"'{key.name}' is empty: write a sentence, or leave the key out")
    given, wanted = places(key, text), places(key, key.value)
    if given - wanted:
        raise PhraseError(f"'{key.name}' can't hold {listed(given - wanted)}")
    if wanted - given:
        raise PhraseError(f"'{key.name}' must hold {listed(wanted - given)}")


def places(key: Phrase, template: str) -> frozenset[str]:
    """Return the names of a template's places; PhraseError where it holds anything but these."""
    try:
        parts = [part[1:] for part in Formatter().parse(template)]
    except ValueError:
        raise PhraseError(f"'{key.name}' has a single brace: write {{{{ or }}}} for one") from None
    if any(name is not None and (spec or turn) for name, spec, turn in parts):
        raise PhraseError(f"'{key.name}' may hold plain {{names}} only")
    return frozenset(name for name, _, _ in parts if name is not None)


def listed(names: frozenset[str]) -> str:
    """Return names of places as they are written, in order."""
    return ", ".join(f"{{{name}}}" for name in sorted(names))

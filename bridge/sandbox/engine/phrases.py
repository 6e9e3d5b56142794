"""Small fixed phrases of conversation: yes, no, skip, help, corrections. English only."""

from __future__ import annotations

import re
from enum import Enum


class Intent(Enum):
    """What a whole message wants of the conversation itself."""

    YES = "yes"
    NO = "no"
    SKIP = "skip"
    HELP = "help"
    GREETING = "greeting"
    THANKS = "thanks"
    STATUS = "status"
    RESTART = "restart"


_POLITE = r"(?:[\s,]+(?:please|pls|thanks|thank you|thx|then|now|that'?s (?:it|all)))*[\s.!]*"
_INTENTS = {
    Intent.YES: (
        r"y",
        r"yes",
        r"yep",
        r"yeah",
        r"yup",
        r"ya",
        r"ok",
        r"okay",
        r"k",
        r"sure",
        r"of course",
        r"certainly",
        r"definitely",
        r"absolutely",
        r"true",
        r"i do",
        r"i agree",
        r"agreed?",
        r"i accept",
        r"accept(?:ed)?",
        r"right",
        r"correct",
        r"all good",
        r"(?:it |that )?looks? (?:good|right|great)",
        r"perfect",
        r"fine",
        r"good",
        r"great",
        r"go ahead",
        r"do it",
        r"go",
        r"confirm(?:ed)?",
        r"(?:yes,? )?(?:i )?confirm",
        r"(?:(?:yes|ok|okay),? )?(?:please )?(?:send|submit|order|place|book|confirm)",
        r"(?:please )?(?:send|submit|order|place|book) (?:it|this|that|now|my order|the order)",
        r"(?:yes|ok|okay),? (?:please )?(?:send|submit|order|place|book|confirm) (?:it|this|that)",
        r"submit the form|place order",
        r"yes,? (?:i do|i accept|i agree|of course|sure|do|go ahead)",
        r"yes,? (?:that'?s right|correct|looks good|all good)",
        r"👍",
        r"✅",
    ),
    Intent.NO: (
        r"n",
        r"no",
        r"nope",
        r"nah",
        r"not? (?:yet|now|really|quite)",
        r"never",
        r"false",
        r"wrong",
        r"i (?:don'?t|do not)",
        r"i (?:don'?t|do not) (?:agree|accept)",
        r"no,? change something",
        r"change something",
        r"no,? wait",
        r"wait",
        r"stop",
        r"no thanks?",
        r"no,? thank you",
        r"👎",
        r"❌",
    ),
    Intent.SKIP: (
        r"skip(?: (?:it|this|that|this one))?",
        r"none",
        r"nothing",
        r"no thanks?",
        r"no,? thank you",
        r"not needed",
        r"not necessary",
        r"nothing else",
        r"pass",
        r"later",
        r"next",
        r"leave (?:it )?(?:empty|blank)",
        r"n/?a",
        r"no preference",
        r"-+",
        r"none of (?:them|these|those)",
        r"no",
        r"nope",
        r"nah",
    ),
    Intent.HELP: (
        r"help",
        r"\?+",
        r"what(?: do you need|'?s? (?:next|missing|left))?",
        r"what (?:now|else|is (?:left|missing|next))",
        r"what (?:should|can) i (?:do|say)",
        r"how does (?:this|it) work",
        r"i don'?t (?:understand|know)",
        r"what else do you need",
        r"what do you (?:still )?need(?: (?:from me|to know))?",
    ),
    Intent.GREETING: (
        r"hi",
        r"hey",
        r"hello",
        r"hallo",
        r"hi there",
        r"hello there",
        r"hey there",
        r"good (?:morning|afternoon|evening|day)",
        r"howdy",
        r"yo",
        r"/?start",
    ),
    Intent.THANKS: (
        r"thanks?",
        r"thank you(?: (?:so|very) much)?",
        r"thx",
        r"ty",
        r"cheers",
        r"many thanks",
        r"cool",
        r"nice",
    ),
    Intent.STATUS: (
        r"how much(?: is (?:it|that|this)| does (?:it|that|this) cost| do i pay)?",
        r"what (?:does (?:it|that|this) cost|do i (?:have to )?pay|is the (?:total|price))",
        r"total",
        r"status",
        r"summary",
        r"show(?: me)?(?: the| my)? (?:summary|order|answers)",
        r"what do you have(?: so far)?",
        r"what have you got(?: so far)?",
        r"what(?:'s| is) (?:my|the) (?:order|status)(?: so far)?",
        r"so far",
    ),
    Intent.RESTART: (
        r"(?:please )?(?:start|begin) (?:over|again|from scratch)",
        r"restart",
        r"reset",
    ),
}
_COMPILED = {
    intent: re.compile(rf"(?:{'|'.join(ways)}){_POLITE}", re.IGNORECASE)
    for intent, ways in _INTENTS.items()
}
_LONGEST = 60
"""Characters; a longer message is about the form."""


def means(text: str, intent: Intent) -> bool:
    """Say whether the whole text is that intent."""
    bare = text.strip().replace("\u2019", "'")
    return len(bare) <= _LONGEST and _COMPILED[intent].fullmatch(bare) is not None


_SKIPS = re.compile(
    r"(?:please )?(?:skip(?: (?:it|this|that|this one))?|never ?mind|forget it"
    r"|keep (?:it|that)(?: as it is| as is)?|leave it(?: as it is| as is)?)[\s.!]*",
    re.IGNORECASE,
)


def skips(text: str) -> bool:
    """Say whether the text can only mean to go on, whatever is asked; "none" may be an answer."""
    return len(text) <= _LONGEST and _SKIPS.fullmatch(text.strip()) is not None


def small_talk(text: str) -> Intent | None:
    """Return what the text wants of the conversation, whatever is asked."""
    wanted = (Intent.RESTART, Intent.STATUS, Intent.HELP, Intent.GREETING, Intent.THANKS)
    bare = text.strip()
    asked = bare.rstrip("? ") or bare
    return next((each for each in wanted if means(asked, each)), None)


def truth(text: str) -> bool | None:
    """Return what a text answers to a yes/no question; None if it does not."""
    if means(text, Intent.YES):
        return True
    if means(text, Intent.NO):
        return False
    return _begins(text)


def _begins(text: str) -> bool | None:
    """Take "yes, I accept the terms", but no sentence that only begins with a "no ..." phrase."""
    found = re.match(r"(?i)\s*(yes|yeah|yep|no|nope)\s*[,.!]", text)
    if found is None:
        return None
    return found[1].lower().startswith("y")


CORRECTING = re.compile(
    r"\b(?:actually|instead|rather|sorry|correction|i meant?|change[ds]?|make (?:it|that)|should be"
    r"|wrong|now|update|switch|not\b.*\bbut|wait|oops)\b",
    re.IGNORECASE,
)
"""The message corrects an earlier answer."""
OPENS_CORRECTION = re.compile(
    r"\s*(?:no,?\s+)?"
    r"(?:actually|make (?:it|that)|change|sorry|correction|i meant?|oops|update|switch"
    r"|instead|wait)\b",
    re.IGNORECASE,
)
"""The message begins as a correction: it is no text to be taken whole."""
REPLACING = re.compile(
    r"\b(?:only|just|instead|change|rather|nothing but|switch|actually)\b", re.IGNORECASE
)
"""Chosen options take the place of the earlier ones."""
CHANGE = re.compile(
    r"\s*(?:no,?\s+|please\s+|actually,?\s+|can you\s+|i(?:'d| would) like to\s+|i want to\s+)*"
    r"(?:change|update|set|switch|correct|fix|edit)\s+(?:my\s+|the\s+|our\s+)?(?P<what>.{1,200}?)"
    r"(?:\s+(?:to|into|as)(?:\s+be)?\s+(?P<to>.+?))?[\s.!]*",
    re.IGNORECASE | re.DOTALL,
)
"""`change WHAT to TO`."""
NEGATED = re.compile(
    r"\b(?:no|not|without|drop|remove|minus|except|delete|cancel|no more|hold"
    r"|(?:take|leave) (?:off|out)|never|(?:i )?(?:don'?t|do not|dont)(?: (?:want|need|like))?)"
    r"(?:\s+(?:the|any|more|a|an|my|want|need))*\s*$",
    re.IGNORECASE,
)
"""Stands directly before an option that is not wanted."""
EVERYTHING = re.compile(
    r"\s*(?:i(?:'d like| want)\s+|with\s+)?(?:all(?: of (?:them|these|those)| (?:two|three|four))?"
    r"|everything|both(?: of them)?)(?:\s+please)?[\s.!]*",
    re.IGNORECASE,
)
"""Every option of the list that is asked."""

"""PURE: what a typed reply means for the prompts that are open.

Knows: prompts, and the channel's words. Must not know: conversations, turns, how a list is drawn.

Law: every shown mark parses back to exactly its option, and no reply is mapped to a wrong one:
where two meanings compete, it is no answer. The upstream understands words, so free text is cheap
and a wrong guess is not.

* `readings`: what a reply can mean. `reading`: the rules, in order.
* `spelling`, `numerals`: texts and numbers as people write them.
* `marks`: what to type for an option. `sheets`: one list, prepared for looking things up.
* `labels`: options by their names. `several`: more than one choice in a reply.
* `picking`: one option or number. `desk`: what is open. `checking`: complete, and what to say.
* `ranges`: numbers that fit a prompt. `pages`: which options are shown now.
"""

from bridge.answers.checking import check, explain, range_of
from bridge.answers.marks import Scheme, marks, scheme_of
from bridge.answers.pages import LONG_LIST, as_list, matching, page_count, present_page, shown
from bridge.answers.ranges import fits
from bridge.answers.reading import confirms_nothing, read
from bridge.answers.readings import (
    Chosen,
    Filtered,
    Free,
    NumberGiven,
    Reading,
    Refused,
    Several,
    Turned,
    Why,
    Words,
)

__all__ = [
    "LONG_LIST",
    "Chosen",
    "Filtered",
    "Free",
    "NumberGiven",
    "Reading",
    "Refused",
    "Scheme",
    "Several",
    "Turned",
    "Why",
    "Words",
    "as_list",
    "check",
    "confirms_nothing",
    "explain",
    "fits",
    "marks",
    "matching",
    "page_count",
    "present_page",
    "range_of",
    "read",
    "scheme_of",
    "shown",
]

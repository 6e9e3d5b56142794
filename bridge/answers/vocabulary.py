"""English words that carry no choice by themselves, or turn one round.

Replies in other languages go through all rules but these, and what is not understood goes to the
upstream.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COURTESY = _words("please pls plz thanks thank you thx ty")
"""May stand around any answer."""

FILLERS = COURTESY | _words(
    "a an the i id ill im we me us my our it its this that would like love want "
    "take have choose pick prefer go going get give lets let for one ones with some just um uh hmm "
    "yes yeah yep sure ok okay answer choice option hi hello hey of them these those"
)
"""May stand around a label in a sentence that names it."""

TURNS_ROUND = _words(
    "no not non none never nothing nor neither without w/o except but dont doesnt isnt wont "
    "cant cannot instead free less minus nicht kein keine ohne sans pas sin senza sem geen zonder "
    "niet"
)
"""A choice with such a word is another one than without it."""

NO_CONTENT = (
    FILLERS
    | TURNS_ROUND
    | _words(
        "and or plus who what why how when where which whose can could should do does did are "
        "was were has had is be will so if then than any all both at by to from in on as "
        "he she they help"
    )
)
"""Words that never name an option unless they are its whole label."""

DESIGNATORS = _words("# no nr number num option choice answer item n°")
"""May stand before a mark."""

EVERYTHING = frozenset(("all", "everything", "both"))
NOTHING = frozenset(("none", "nothing"))

ORDINALS = {
    word: n
    for row, words in enumerate(
        (
            ("first", "second", "third", "fourth", "fifth"),
            ("sixth", "seventh", "eighth", "ninth", "tenth"),
            ("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
            ("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
        )
    )
    for n, word in enumerate(words, start=5 * row + 1)
}
LAST = "last"

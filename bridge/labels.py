"""The words that adapters put on buttons, made of the sentences in use. PURE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.phrases import Phrase, help_for
from bridge.protocol.events import CommandName
from bridge.protocol.labels import Labels

if TYPE_CHECKING:
    from bridge.phrases import Phrases


def labels_in(phrases: Phrases) -> Labels:
    """Return the words for an adapter."""
    return Labels(
        done=phrases.say(Phrase.LABEL_DONE),
        other=phrases.say(Phrase.OTHER),
        share_phone=phrases.say(Phrase.LABEL_SHARE_PHONE),
        change=phrases.say(Phrase.LABEL_CHANGE),
        read=phrases.say(Phrase.LABEL_READ, mark="{mark}"),
        copy_link=phrases.say(Phrase.LABEL_COPY_LINK),
        open_private=phrases.say(Phrase.LABEL_OPEN_PRIVATE),
        in_private=phrases.say(Phrase.IN_PRIVATE),
        reply_here=phrases.say(Phrase.REPLY_HERE),
        about=phrases.say(Phrase.ABOUT),
        commands={name: phrases.say(help_for(name)) for name in CommandName},
    )

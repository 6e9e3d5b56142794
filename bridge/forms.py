"""PURE: the forms that can be filled in, where, and under which words.

Knows: the catalogue's entries as values. Must not know: how they are written down (`catalogue`), or
what a form asks (that is the upstream's).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.threads import Json

DAY = 86_400.0
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEntry:
    """One form of the catalogue.

    * `channels`: where it can be begun, empty for everywhere; `default_for`: the channels on which
      a plain first message begins it; `keywords`: texts that begin it when sent as a whole.
    * `prefill`: known values by target. `expires_after`: seconds without a word until it is closed.
    * `shared`: in a shared thread everybody may answer. `phrases`: sentences of ours for this form.
    """

    slug: str
    form_id: str
    title: str
    description: str = ""
    channels: tuple[str, ...] = ()
    default_for: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    dry_run: bool = False
    prefill: Mapping[str, Json] = field(default_factory=dict[str, "Json"])
    form_url: str = ""
    contact: str = ""
    privacy_url: str = ""
    shared: bool = False
    expires_after: float = 7 * DAY
    phrases: Mapping[str, str] = field(default_factory=dict[str, str])

    def stands_on(self, channel: str) -> bool:
        """Tell whether the form can be begun on this channel."""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The entries in the file's order, and the sentences that hold for all of them."""

    entries: tuple[FormEntry, ...] = ()
    phrases: Phrases = field(default_factory=Phrases)

    def entry(self, slug: str) -> FormEntry | None:
        """Return the entry of this name."""
        for entry in self.entries:
            if entry.slug == slug:
                return entry
        return None

    def on(self, channel: str) -> tuple[FormEntry, ...]:
        """Return what can be begun on the channel, in order."""
        return tuple(entry for entry in self.entries if entry.stands_on(channel))

    def default(self, channel: str) -> FormEntry | None:
        """Return what a plain first message begins: the channel's default, or its only form."""
        here = self.on(channel)
        chosen = next((entry for entry in here if channel in entry.default_for), None)
        return here[0] if chosen is None and len(here) == 1 else chosen

    def by_keyword(self, channel: str, text: str) -> FormEntry | None:
        """Return what this whole text begins on the channel, in whatever case."""
        word = keyword(text)
        known = ((entry, map(keyword, entry.keywords)) for entry in self.on(channel))
        return next((entry for entry, words in known if word in words), None)

    def phrases_for(self, entry: FormEntry) -> Phrases:
        """Return the sentences for this form."""
        return self.phrases.override(entry.phrases) if entry.phrases else self.phrases


def keyword(text: str) -> str:
    """Return a text as keywords are compared: without case and needless white space."""
    return " ".join(text.split()).casefold()

"""What a person does at a stand-in, whatever they hold it with.

Knows: the contract's stand-in, and what typed lines mean. Must not know: terminals and pipes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.handset.buttons import Note, Send, Tap, Word

if TYPE_CHECKING:
    from bridge.handset.buttons import Act
    from bridge.protocol.standin import Screen, StandIn

GONE = "That button has gone. The newest message shows what can be tapped."
"""Said where a button was changed away just before it was tapped."""

PERSON = "ada"
"""Who holds the phone. Source: the stand-in's default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """What is shown to the person, and what they can do beyond typing and tapping.

    * `first` is typed for them at the start; `words` are the demo's own, with what they do and say.
    * `settled` returns when all that was typed and tapped has been answered; `busy` says whether
      an answer is being prepared.
    """

    standin: StandIn
    title: str
    intro: str
    first: str
    settled: Callable[[], Awaitable[None]]
    busy: Callable[[], bool]
    words: Mapping[str, Callable[[], Awaitable[str]]] = field(
        default_factory=dict[str, Callable[[], Awaitable[str]]]
    )

    def screen(self) -> Screen:
        """Return what the person sees."""
        return self.standin.screen(person=PERSON)

    async def changed(self, after: int) -> Screen:
        """Wait until the screen's version is over `after`; return it."""
        return await self.standin.changed(after, person=PERSON)

    async def do(self, act: Act) -> str:
        """Do it; return what is to be said about it, "" for nothing."""
        match act:
            case Send(text):
                await self.standin.type(text, person=PERSON)
                return ""
            case Tap(choice):
                return await self._tap(choice.id)
            case Word(word):
                return await self.words[word]()
            case Note(text):
                return text

    async def _tap(self, choice: str) -> str:
        try:
            await self.standin.tap(choice, person=PERSON)
        except LookupError:
            return GONE
        return ""

"""What the core gives to one adapter: its view of the core (`protocol.host.Host`)."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bridge.labels import labels_in
from bridge.logs import logger
from bridge.protocol.errors import NotKept
from bridge.protocol.host import ConversationSummary, FormSummary, TranscriptItem
from bridge.store import reads
from bridge.store import statements as sql
from bridge.store.errors import StoreError
from bridge.store.units import Op, Unit

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from bridge.mailboxes import Mailboxes
    from bridge.parts import Parts
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.host import Clock, Ids
    from bridge.protocol.labels import Labels
    from bridge.protocol.threads import Json, PersonKey, ThreadKey

_log = logger(__name__)


class ChannelNotes:
    """The notes of one channel."""

    def __init__(self, parts: Parts, channel: str) -> None:
        self._parts = parts
        self._channel = channel

    async def read(self, key: str) -> Json:
        """Return what was written and has not expired, or None."""
        now = self._parts.clock.now()
        text = await reads.read_note(self._parts.database, self._channel, key, now)
        value: Json = json.loads(text) if text is not None else None
        return value

    async def write(self, key: str, value: Json, *, expires_at: float | None = None) -> None:
        """Keep `value`, committed on return; None forgets it. Raises NotKept."""
        if value is None:
            op = Op(sql.FORGET_NOTE, {"the_channel": self._channel, "the_key": key})
        else:
            row = {
                "channel": self._channel,
                "key": key,
                "value": json.dumps(value),
                "expires_at": expires_at or 0.0,
            }
            op = Op(sql.SET_NOTE, row, 1)
        try:
            await self._parts.database.commit(Unit(f"note:{self._channel}", [op]))
        except StoreError as error:
            raise NotKept(str(error)) from error


class ChannelHost:
    """One adapter's view of the core."""

    def __init__(self, parts: Parts, mailboxes: Mailboxes, channel: str, public_url: str) -> None:
        self._parts = parts
        self._mailboxes = mailboxes
        self._channel = channel
        self._public_url = public_url.rstrip("/")
        self._notes = ChannelNotes(parts, channel)
        self._leads: dict[str, asyncio.Lock] = {}

    @property
    def clock(self) -> Clock:
        """The time."""
        return self._parts.clock

    @property
    def ids(self) -> Ids:
        """New ids."""
        return self._parts.ids

    @property
    def notes(self) -> ChannelNotes:
        """The channel's notes."""
        return self._notes

    @property
    def public_url(self) -> str:
        """PUBLIC_URL without a trailing slash, or ""."""
        return self._public_url

    @property
    def labels(self) -> Labels:
        """Words of ours on buttons and in menus."""
        return labels_in(self._parts.catalogue.phrases)

    def trouble(self, what: str) -> None:
        """Say what keeps the channel from working; "" once it works."""
        before = self._parts.troubles.get(self._channel, "")
        if what == before:
            return
        self._parts.troubles[self._channel] = what
        if what:
            _log.error("channel in trouble", channel=self._channel, advice=what)
        else:
            _log.info("channel works again", channel=self._channel)

    async def accept(self, events: Sequence[AnyEvent]) -> int:
        """Keep the events durably; return how many were new. Raises NotKept."""
        try:
            return await self._mailboxes.accept(self._channel, events)
        except StoreError as error:
            _log.error("events not kept", cause=error, channel=self._channel)
            raise NotKept("nothing was kept; send it again later") from error

    def forms(self) -> tuple[FormSummary, ...]:
        """Return the forms of this channel, in the catalogue's order."""
        default = self._parts.catalogue.default(self._channel)
        return tuple(
            FormSummary(
                slug=entry.slug,
                title=entry.title,
                description=entry.description,
                default=default is not None and default.slug == entry.slug,
                shared=entry.shared,
            )
            for entry in self._parts.catalogue.on(self._channel)
        )

    async def conversations(self, person: PersonKey) -> tuple[ConversationSummary, ...]:
        """Return the person's live conversations on this channel, latest first."""
        rows = await reads.of_person(self._parts.database, person)
        return tuple(
            ConversationSummary(
                id=row["id"],
                thread=row["thread_key"],
                form=row["form"],
                title=entry.title if entry else row["form"],
                state=row["state"],
                answered=len(json.loads(row["shown"])),
                changed_at=row["changed_at"],
            )
            for row in rows
            if row["channel"] == self._channel
            for entry in (self._parts.catalogue.entry(row["form"]),)
        )

    async def transcript(self, thread: ThreadKey, after: int = 0) -> tuple[TranscriptItem, ...]:
        """Return our messages on the thread after number `after`, oldest first."""
        rows = await reads.transcript(self._parts.database, self._channel, thread, after)
        return tuple(
            TranscriptItem(
                seq=row["seq"],
                ours=True,
                method=call.method,
                body=call.body,
                at=row["at"],
            )
            for row in rows
            for call in (reads.call_of(row["call"]),)
        )

    async def settled(self, thread: ThreadKey) -> None:
        """Return when nothing is under way for the thread."""
        await self._mailboxes.settled(self._channel, thread)

    @asynccontextmanager
    async def lead(self, name: str) -> AsyncGenerator[None]:
        """Enter when this process alone does `name`; with one process, when nobody else here."""
        async with self._leads.setdefault(name, asyncio.Lock()):
            yield

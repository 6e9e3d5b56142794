"""All mailboxes: who gets an event, what a starting process takes up, what may be forgotten."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.conversation.messages import Happened, Recovered
from bridge.conversation.state import State, Thread
from bridge.logs import logger
from bridge.mailbox import Mailbox
from bridge.protocol.events import ThreadMoved
from bridge.store import reads, records
from bridge.store import statements as sql
from bridge.store.codec import encode
from bridge.store.errors import StoreError
from bridge.store.reads import Loaded
from bridge.store.units import Op, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conversation.messages import Message
    from bridge.delivery import Delivery
    from bridge.parts import Parts
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.threads import ThreadKey
    from bridge.timers import Timers

_IDLE_KEPT = 2_000
"""Mailboxes at rest that are kept in memory; others are read again when they are needed."""

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    channel: str
    key: str


class Mailboxes:
    """Finds, makes, recovers and forgets mailboxes."""

    def __init__(self, parts: Parts, delivery: Delivery, timers: Timers) -> None:
        self._parts = parts
        self._delivery = delivery
        self._timers = timers
        self._by_id: OrderedDict[str, Mailbox] = OrderedDict()
        self._by_place: dict[_Place, str] = {}
        self._moving: dict[_Place, str] = {}
        """New addresses of threads whose move is accepted and not yet decided."""
        self._opening: dict[_Place, asyncio.Task[Mailbox]] = {}
        self._loading: dict[str, asyncio.Task[Mailbox]] = {}
        self._closing = False

    @property
    def active(self) -> int:
        """How many mailboxes are in memory."""
        return len(self._by_id)

    @property
    def sending(self) -> bool:
        """Whether a decision or an answer is still to come that would be unknown otherwise."""
        return any(mailbox.sending for mailbox in self._by_id.values())

    # Accepting.

    async def accept(self, channel: str, happened: Sequence[AnyEvent]) -> int:
        """Keep events durably and give them to their mailboxes; return how many were new.

        Raises StoreError where one could not be kept.
        """
        commits = [await self._keep(channel, event) for event in happened]
        new = sum(await asyncio.gather(*commits)) if commits else 0
        self._parts.metrics.accepted(channel, new)
        if new < len(commits):
            self._parts.metrics.duplicate(channel, len(commits) - new)
        return new

    async def _keep(self, channel: str, event: AnyEvent) -> asyncio.Future[bool]:
        mailbox = await self._of_event(channel, event)
        if mailbox is None:
            return _nothing_new()
        seq = mailbox.next_seq()
        now = self._parts.clock.now()
        key = {"channel": channel, "key": _hashed(event.key), "at": now}
        row = {
            "thread": mailbox.thread.id,
            "seq": seq,
            "person": event.person,
            "kind": type(event).__name__,
            "body": encode(event),
            "state": "NEW",
            "turn": "",
            "entry": "",
            "at": now,
        }

        def committed(new: bool) -> None:  # noqa: FBT001 - the writer's callback
            if new:
                mailbox.post(Happened(seq, event))

        ops = [Op(sql.KEEP_EVENT_KEY, key, 1), Op(sql.ADD_EVENT, row, 1)]
        unit = Unit(mailbox.thread.id, ops, committed)
        return mailbox.expect(self._parts.database.commit(unit))

    async def _of_event(self, channel: str, event: AnyEvent) -> Mailbox | None:
        """Return the mailbox that takes the event; None for a move of a thread that is not there.

        That is one that has moved already: a platform may tell of it twice.
        """
        place = _Place(channel, event.thread)
        if not isinstance(event, ThreadMoved):
            return await self._of_place(place)
        mover = await reads.thread_by_key(self._parts.database, channel, event.thread)
        if mover is None:
            return None
        if await self._make_way(channel, event.to, mover.id):
            self._moving[_Place(channel, event.to)] = mover.id
        return await self.of_thread(mover.id)

    async def _make_way(self, channel: str, to: ThreadKey, mover: str) -> bool:
        """Free an address that the thread `mover` moves to; say whether it is free.

        A platform may tell of the new address by itself before it tells of the move. It stays
        where it is if something was begun there.
        """
        found = await reads.thread_by_key(self._parts.database, channel, to)
        if found is None:
            return True
        if found.id == mover or found.conversation:
            # It may have come there since it was looked for: an earlier telling was decided.
            return False
        await self.evict(found.id)
        values = {"the_id": found.id, "key": f"{to}#{found.id}"}
        return await self._parts.database.commit(Unit(found.id, [Op(sql.RETIRE_THREAD, values, 1)]))

    # Finding.

    async def _of_place(self, place: _Place) -> Mailbox:
        known = self._by_place.get(place)
        mailbox = self._by_id.get(known) if known else None
        if mailbox is not None and mailbox.thread.key == place.key:
            self._by_id.move_to_end(mailbox.thread.id)
            return mailbox
        if moving := self._moving.get(place):
            return await self._of_moving(place, moving)
        task = self._opening.get(place)
        if task is None:
            task = asyncio.create_task(self._open(place), name="open-mailbox")
            self._opening[place] = task
            task.add_done_callback(lambda _: self._opening.pop(place, None))
        return await asyncio.shield(task)

    async def _of_moving(self, place: _Place, thread_id: str) -> Mailbox:
        """Return the mailbox of a thread that is on its way here: it decides the move first."""
        mailbox = await self.of_thread(thread_id)
        if mailbox.thread.key == place.key:
            self._by_place[place] = thread_id
            self._moving.pop(place, None)
        return mailbox

    async def _open(self, place: _Place) -> Mailbox:
        found = await reads.thread_by_key(self._parts.database, place.channel, place.key)
        if found is not None:
            return await self.of_thread(found.id)
        return await self._begin(place)

    async def _begin(self, place: _Place) -> Mailbox:
        """Make a thread's row of its own first: events then need only stand in it."""
        key: ThreadKey = place.key  # type: ignore[assignment] # it was one
        thread = Thread(id=self._parts.ids.new(), channel=place.channel, key=key)
        unit = Unit(thread.id, [Op(sql.ADD_THREAD, records.thread_values(thread), 1)])
        await self._parts.database.commit(unit)
        fresh = Loaded(
            state=State(thread=thread), unjudged=(), calls=(), shown_by={}, last_in=0, last_out=0
        )
        return self._keep_in_memory(fresh)

    async def of_thread(self, thread_id: str) -> Mailbox:
        """Return a thread's mailbox, reading it where it is not in memory."""
        mailbox = self._by_id.get(thread_id)
        if mailbox is not None:
            return mailbox
        task = self._loading.get(thread_id)
        if task is None:
            task = asyncio.create_task(self._load(thread_id), name="load-mailbox")
            self._loading[thread_id] = task
            task.add_done_callback(lambda _: self._loading.pop(thread_id, None))
        return await asyncio.shield(task)

    async def _load(self, thread_id: str) -> Mailbox:
        return self._keep_in_memory(await reads.load(self._parts.database, thread_id))

    def _keep_in_memory(self, loaded: Loaded) -> Mailbox:
        mailbox = Mailbox(loaded, self._parts, self._delivery, self._timers)
        thread = mailbox.thread
        self._by_id[thread.id] = mailbox
        self._by_place[_Place(thread.channel, thread.key)] = thread.id
        self._forget_idle()
        return mailbox

    def _forget_idle(self) -> None:
        """Keep memory bounded: the longest at rest go first, and only those at rest."""
        for thread_id in list(self._by_id)[: max(0, len(self._by_id) - _IDLE_KEPT)]:
            mailbox = self._by_id[thread_id]
            if mailbox.settled:
                del self._by_id[thread_id]
                self._by_place.pop(_Place(mailbox.thread.channel, mailbox.thread.key), None)

    async def evict(self, thread_id: str) -> None:
        """Forget a thread whose rows are about to go: its mailbox, its calls, its timers."""
        mailbox = self._by_id.pop(thread_id, None)
        if mailbox is not None:
            await mailbox.stop()
            self._by_place.pop(_Place(mailbox.thread.channel, mailbox.thread.key), None)
            self._delivery.drop(mailbox.thread)
        self._timers.drop(thread_id)

    # Posting.

    def post(self, thread_id: str, message: Message) -> None:
        """Give a message to a thread's mailbox, now or as soon as it was read."""
        mailbox = self._by_id.get(thread_id)
        if mailbox is not None:
            mailbox.post(message)
        elif not self._closing:
            task = asyncio.create_task(self._post_later(thread_id, message), name="post")
            self._opening[_Place("", f"{thread_id}:{id(task)}")] = task
            task.add_done_callback(self._posted)

    def _posted(self, task: asyncio.Task[Mailbox]) -> None:
        self._opening = {place: other for place, other in self._opening.items() if other != task}

    async def _post_later(self, thread_id: str, message: Message) -> Mailbox:
        mailbox = await self.of_thread(thread_id)
        mailbox.post(message)
        return mailbox

    def rested(self, thread_id: str) -> None:
        """Something of this thread has ended."""
        if mailbox := self._by_id.get(thread_id):
            mailbox.rested()

    async def settled(self, channel: str, key: ThreadKey) -> None:
        """Return when nothing is under way for this thread."""
        await (await self._of_place(_Place(channel, key))).wait_settled()

    # Starting and stopping.

    async def recover(self) -> int:
        """Take up what an earlier process left; return how many threads that were."""
        taken = 0
        for thread_id in await reads.unfinished(self._parts.database):
            try:
                await self._recover(thread_id)
                taken += 1
            except (StoreError, ValueError, KeyError) as error:
                _log.error("thread not recovered", cause=error, thread=thread_id)
        self._timers.put(await reads.timers(self._parts.database))
        return taken

    async def _recover(self, thread_id: str) -> None:
        loaded = await reads.load(self._parts.database, thread_id)
        if loaded.state.thread.channel not in self._parts.adapters:
            _log.warning("channel is off, its thread waits", channel=loaded.state.thread.channel)
            return
        mailbox = self._keep_in_memory(loaded)
        mailbox.post(Recovered())
        for seq, event in loaded.unjudged:
            mailbox.post(Happened(seq, event))
        self._delivery.recover(mailbox.thread, loaded.calls, mailbox.owner)

    async def stop(self) -> None:
        """Decide nothing more."""
        self._closing = True
        await asyncio.gather(*(mailbox.stop() for mailbox in self._by_id.values()))


def _nothing_new() -> asyncio.Future[bool]:
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    done.set_result(False)
    return done


def _hashed(key: str) -> str:
    """Return what is kept of an event's key: enough to know it again, nothing personal."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

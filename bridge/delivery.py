"""Outbox -> adapter.deliver -> platform, in order per thread, within the rate buckets (law 8).

A plain send is marked SENDING, committed, then made; a change of a message may be made again. What
became of one call and the mark of the next are one commit.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bridge.buckets import Buckets
from bridge.conversation.messages import Undelivered
from bridge.lanes import Lane, Waiting
from bridge.logs import logger
from bridge.protocol.adapter import Fleeting
from bridge.protocol.calls import (
    Delivered,
    OnUncertain,
    Outcome,
    Refusal,
    Rejected,
    RetryLater,
    Target,
    Uncertain,
    Urgency,
)
from bridge.store import reads
from bridge.store.errors import StoreError
from bridge.store.units import Op, Unit
from bridge.store.writing import call_moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.conversation.state import Thread
    from bridge.parts import Parts
    from bridge.protocol.adapter import Adapter
    from bridge.protocol.calls import FleetingCall
    from bridge.protocol.threads import PersonKey
    from bridge.store.reads import StoredCall

WORTH = 86_400.0
"""Seconds after which a message that could not be delivered is not delivered any more."""

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_REPEATS = 3
"""How often a call that may be repeated is made when nobody knows whether it arrived."""

_EDIT_PATIENCE = 10.0
"""Seconds for which an edit lets answers take the tokens; then it waits in the row like them."""

_PLATFORM_PATIENCE = 120.0
"""Seconds for one `deliver`, whatever the adapter's own timeouts are."""

_log = logger(__name__)


class Delivery:
    """All lanes. Knows nothing of conversations."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._buckets = Buckets(parts.clock)
        self._lanes: dict[str, Lane] = {}
        self._fleeting: set[asyncio.Task[None]] = set()
        self._closing = False

    def lane(self, thread: Thread) -> Lane:
        """Return the thread's lane, with the thread's present key."""
        lane = self._lanes.get(thread.id)
        if lane is None:
            lane = self._lanes[thread.id] = Lane(thread)
        lane.thread = thread
        return lane

    def starts_at_once(self, thread: Thread, names: Sequence[str]) -> bool:
        """Say whether a call would be made right after its commit, so that it may be SENDING."""
        lane = self._lanes.get(thread.id)
        idle = lane is None or not lane.waiting
        adapter = self._parts.adapters[thread.channel]
        return idle and not self._closing and self._buckets.free(adapter, names, thread.key)

    def enqueue(
        self, thread: Thread, rows: Sequence[StoredCall], owner: PersonKey | None = None
    ) -> None:
        """Deliver these, after what waits already; their rows are committed."""
        lane = self.lane(thread)
        lane.waiting.extend(_waiting(row, owner) for row in rows)
        self._run(lane)

    def recover(
        self, thread: Thread, rows: Sequence[StoredCall], owner: PersonKey | None = None
    ) -> None:
        """Take up what an earlier process left: SENDING is uncertain."""
        lane = self.lane(thread)
        for row in rows:
            item = _waiting(row, owner)
            item.orphan = row.state == "SENDING"
            lane.waiting.append(item)
        self._run(lane)

    def replaced(self, thread: Thread, edits: int) -> tuple[int, ...]:
        """Forget the pending edits of this message, which a newer one replaces; return them."""
        lane = self._lanes.get(thread.id)
        if lane is None or not edits:
            return ()
        older = lane.replaceable(edits)
        lane.drop(older)
        return older

    def readdress(self, thread: Thread) -> None:
        """Deliver what waits to the thread's present key."""
        if lane := self._lanes.get(thread.id):
            lane.thread = thread

    def drop(self, thread: Thread) -> None:
        """Forget all that waits for this thread."""
        if lane := self._lanes.get(thread.id):
            lane.drop_all()

    def busy(self, thread_id: str) -> bool:
        """Say whether calls of this thread wait."""
        lane = self._lanes.get(thread_id)
        return lane is not None and bool(lane.waiting)

    @property
    def under_way(self) -> bool:
        """Whether a call is being made."""
        return any(item.started for lane in self._lanes.values() for item in lane.waiting)

    @property
    def waiting(self) -> int:
        """How many calls wait, in all lanes."""
        return sum(len(lane.waiting) for lane in self._lanes.values())

    async def stop(self, grace: float) -> None:
        """Begin no further call; give those under way time to end."""
        self._closing = True
        tasks = {lane.task for lane in self._lanes.values() if lane.task} | self._fleeting
        for lane in self._lanes.values():
            if lane.task and not any(item.started for item in lane.waiting):
                lane.task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # Fleeting calls.

    def flash(self, thread: Thread, call: FleetingCall, owner: PersonKey | None = None) -> None:
        """Make a fleeting call now, or never."""
        adapter = self._parts.adapters[thread.channel]
        if self._closing or not isinstance(adapter, Fleeting):
            return
        if not self._buckets.spare(adapter, call.buckets, thread.key):
            return
        self._buckets.reserve(adapter, call.buckets, thread.key)
        target = Target(thread=thread.key, owner=owner)
        task = asyncio.create_task(_flash(adapter, call, target), name="fleeting-call")
        self._fleeting.add(task)
        task.add_done_callback(self._fleeting.discard)

    # One lane.

    def _run(self, lane: Lane) -> None:
        if lane.task is None and lane.waiting and not self._closing:
            lane.task = asyncio.create_task(self._drain(lane), name="delivery-lane")

    async def _drain(self, lane: Lane) -> None:
        try:
            while lane.waiting and not self._closing:
                await self._deliver_first(lane)
        except StoreError as error:
            _log.error("delivery stopped", cause=error, thread=lane.thread.id)
        finally:
            lane.task = None
            if not lane.waiting:
                self._lanes.pop(lane.thread.id, None)
                self._parts.quiet(lane.thread.id)
        if lane.waiting and not self._closing:
            await self._parts.clock.sleep(_LONGEST_PAUSE)
            self._run(lane)

    async def _deliver_first(self, lane: Lane) -> None:
        item = lane.waiting[0]
        adapter = self._parts.adapters[lane.thread.channel]
        if item.orphan:
            item.orphan = False
            await self._end(lane, item, Uncertain(reason="stopped"))
            return
        waits = item.not_before or item.call.buckets
        if waits and not await self._wait_turn(lane, adapter, item):
            return
        edits = await self._receipt(lane, item) if item.row.edits else None
        if item.row.edits and edits is None and not self._without_edit(item):
            await self._end(lane, item, Rejected(refusal=Refusal.CALL_BAD, reason="never shown"))
            return
        if item.plain_send and item.state != "SENDING":
            await self._mark(lane, item, "SENDING")
        item.started = True
        outcome = await self._make(adapter, lane, item, edits)
        await self._end(lane, item, outcome)

    async def _wait_turn(self, lane: Lane, adapter: Adapter, item: Waiting) -> bool:
        """Wait for the item's time and tokens; False where it is not the first any more."""
        pause = item.not_before - self._parts.clock.now()
        if pause > 0:
            await self._parts.clock.sleep(pause)
        if await self._give_way(lane, adapter, item):
            return False
        wait = self._buckets.reserve(adapter, item.call.buckets, lane.thread.key)
        if wait > 0:
            await self._parts.clock.sleep(wait)
        return bool(lane.waiting) and lane.waiting[0] is item

    async def _give_way(self, lane: Lane, adapter: Adapter, item: Waiting) -> bool:
        """Where tokens are short, answers go before edits: this thread's, and those of others."""
        if item.call.urgency is Urgency.ANSWER or item.gave_way >= _EDIT_PATIENCE:
            return False
        names, key = item.call.buckets, lane.thread.key
        short = self._buckets.left(adapter, names, key) < 1 + lane.answers
        if short and lane.let_answers_pass(item):
            return True
        wait = self._buckets.wait(adapter, names, key)
        if wait <= 0:
            return False
        item.gave_way += wait
        await self._parts.clock.sleep(wait)
        return True

    async def _receipt(self, lane: Lane, item: Waiting) -> str | None:
        return await reads.receipt(self._parts.database, lane.thread.id, item.row.edits)

    def _without_edit(self, item: Waiting) -> bool:
        """What it would change was never shown: make the fallback instead, if there is one."""
        if item.call.fallback is None:
            return False
        item.call = item.call.fallback
        return True

    async def _make(
        self, adapter: Adapter, lane: Lane, item: Waiting, edits: str | None
    ) -> Outcome:
        target = Target(
            thread=lane.thread.key,
            edits=edits if item.call.edits is not None else None,
            owner=item.owner,
            mark=f"{lane.thread.id}-{item.row.seq}",
        )
        try:
            async with asyncio.timeout(_PLATFORM_PATIENCE):
                return await adapter.deliver(item.call, target)
        except TimeoutError:
            return Uncertain(reason="no end")
        except Exception as error:  # noqa: BLE001 - a fault of an adapter must not stop the lane
            _log.error("adapter failed to deliver", cause=error, channel=lane.thread.channel)
            return Uncertain(reason="adapter failed")

    # Outcomes.

    async def _end(self, lane: Lane, item: Waiting, outcome: Outcome) -> None:
        match outcome:
            case Delivered():
                await self._finish(lane, item, "DELIVERED", receipt=outcome.receipt)
                self._parts.metrics.delivery_ended(lane.thread.channel, "delivered")
            case RetryLater():
                await self._later(lane, item, outcome)
            case Rejected():
                await self._rejected(lane, item, outcome)
            case Uncertain():
                await self._uncertain(lane, item, outcome)

    async def _later(self, lane: Lane, item: Waiting, outcome: RetryLater) -> None:
        self._parts.metrics.delivery_ended(lane.thread.channel, "later")
        pause = outcome.after
        if pause is None:
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(item.attempt, 10))
        now = self._parts.clock.now()
        if now + pause > item.row.expires_at:
            await self._finish(lane, item, "EXPIRED", error=outcome.reason)
            self._parts.metrics.delivery_ended(lane.thread.channel, "expired")
            return
        if outcome.bucket is not None:
            adapter = self._parts.adapters[lane.thread.channel]
            self._buckets.block(adapter, outcome.bucket, lane.thread.key, pause)
        item.attempt += 1
        item.not_before = now + pause
        item.started = False
        await self._mark(lane, item, "READY", error=outcome.reason)

    async def _rejected(self, lane: Lane, item: Waiting, outcome: Rejected) -> None:
        if outcome.refusal is Refusal.CALL_BAD and item.call.fallback is not None:
            _log.warning("call refused, fallback made", reason=outcome.reason[:80])
            item.call, item.started = item.call.fallback, False
            return
        self._parts.metrics.delivery_ended(lane.thread.channel, "rejected")
        await self._finish(lane, item, "REJECTED", error=outcome.reason)
        if item.row.edits and outcome.refusal is Refusal.CALL_BAD:
            # The message stays as it was; what was chosen stands in the conversation anyway.
            return
        _log.warning("call refused", channel=lane.thread.channel, reason=outcome.reason[:80])
        self._parts.post(
            lane.thread.id,
            Undelivered(
                item.row.seq, outcome.refusal, item.row.prompt, plain=item.row.cause == "plain"
            ),
        )

    async def _uncertain(self, lane: Lane, item: Waiting, outcome: Uncertain) -> None:
        metrics, channel = self._parts.metrics, lane.thread.channel
        metrics.delivery_ended(channel, "uncertain")
        again = item.call.on_uncertain is OnUncertain.REPEAT and item.attempt < _REPEATS
        if not again:
            metrics.skipped(channel)
            _log.warning("message may be missing", channel=channel, reason=outcome.reason[:80])
            await self._finish(lane, item, "UNCERTAIN", error=outcome.reason)
            return
        metrics.repeated(channel)
        _log.warning("message may be doubled", channel=channel, reason=outcome.reason[:80])
        item.attempt += 1
        item.started = False
        await self._mark(lane, item, "READY", error=outcome.reason)

    # Rows.

    async def _mark(self, lane: Lane, item: Waiting, state: str, error: str = "") -> None:
        op = _set(lane, item, state, error=error)
        await self._parts.database.commit(Unit(lane.thread.id, [op]))
        item.state = state

    async def _finish(
        self, lane: Lane, item: Waiting, state: str, *, receipt: str = "", error: str = ""
    ) -> None:
        ops = [_set(lane, item, state, receipt=receipt, error=error)]
        if lane.waiting and lane.waiting[0] is item:
            lane.waiting.popleft()
        following = lane.waiting[0] if lane.waiting else None
        if following and self._can_follow(lane, following):
            ops.append(_set(lane, following, "SENDING"))
            following.state = "SENDING"
            following.started = True
        await self._parts.database.commit(Unit(lane.thread.id, ops))

    def _can_follow(self, lane: Lane, item: Waiting) -> bool:
        adapter = self._parts.adapters[lane.thread.channel]
        due = item.not_before <= self._parts.clock.now()
        free = self._buckets.free(adapter, item.call.buckets, lane.thread.key)
        return item.plain_send and item.state == "READY" and due and free and not self._closing


def _waiting(row: StoredCall, owner: PersonKey | None) -> Waiting:
    return Waiting(row, row.call, row.state, row.attempt, row.not_before, owner)


def _set(lane: Lane, item: Waiting, state: str, *, receipt: str = "", error: str = "") -> Op:
    return call_moved(
        lane.thread.id,
        item.row.seq,
        item.state,
        state,
        receipt=receipt,
        attempt=item.attempt,
        not_before=item.not_before,
        error=error[:80],
    )


async def _flash(adapter: Fleeting, call: FleetingCall, target: Target) -> None:
    try:
        async with asyncio.timeout(call.deadline):
            await adapter.deliver_fleeting(call, target)
    except TimeoutError:
        _log.debug("fleeting call too late", method=call.method)
    except Exception as error:  # noqa: BLE001 - worth nothing once it failed
        _log.warning("fleeting call failed", cause=error, method=call.method)

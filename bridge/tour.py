"""The tour: three whole conversations on every channel that has a stand-in, side by side.

* A: a form by conversation, several answers in one sentence, to its submission.
* B: a form that was begun elsewhere; one of the known values is wrong.
* C: an order: products from a list, the checkout page, and "paid" in the chat.

Each has a sandbox, a bridge and a stand-in of its own, and goes over HTTP like the real thing.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp

from bridge.chatting import Chat, NotShown
from bridge.columns import columns
from bridge.handset.plain import Transcript, is_list
from bridge.playground import catalogue_of
from bridge.sandbox.ledger import Act
from bridge.stage import Unplayable, staged
from bridge.till import TillError, press

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from bridge.playground import Playground
    from bridge.protocol.adapter import Descriptor
    from bridge.protocol.standin import Screen, StandIn
    from bridge.protocol.threads import JsonObject
    from bridge.upstream.port import Submission

ANSWER_WAIT = 1.0
"""Seconds for a tap to show, where it shows at all."""

WHOLE = 55.0
"""Seconds for one conversation, start and end included."""

PAID = "CONFIRMED"
"""Of a submission whose order is paid. Source: the status of Get Submission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One conversation: the form, what is known before, and what the person does."""

    name: str
    title: str
    form: str
    script: Callable[[Chat, datetime], Awaitable[None]]
    prefill: Callable[[datetime], JsonObject] = lambda _: {}
    pays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of one flow on one channel; `failure` says what did not come, "" where all did.

    `chat`: what was said and tapped, as it happened; `requests`: of the bridge to the sandbox.
    """

    channel: str
    flow: Flow
    chat: str = ""
    requests: int = 0
    submission: str = ""
    paid: bool = False
    failure: str = ""


async def _register(chat: Chat, _now: datetime) -> None:
    await chat.say("Hello")
    await chat.hear("first name")
    await chat.say("I'm Ada Lovelace, ada@example.com, and I'd like two seats in the makers track")
    await chat.hear("day of your visit")
    await chat.say("next Monday at 9:30")
    await chat.hear("don't eat")
    await chat.take("Fish")
    await chat.hear("Postal address")
    await chat.say("skip")
    await chat.hear("Website")
    await chat.say("skip")
    await chat.hear("experienced")
    await chat.say("4")
    await chat.hear("newsletter")
    await chat.take("No")
    await chat.hear("code of conduct")
    await chat.take("Yes")
    await chat.hear("How many seats: 2")
    await chat.say("make it three seats")
    await chat.hear("How many seats: 3")
    await chat.take("Yes")
    await chat.hear("Thank you")


async def _finish(chat: Chat, _now: datetime) -> None:
    await chat.say("Hello")
    await chat.hear("no e-mail address")
    await chat.say("grace@example.com")
    await chat.hear("accessories")
    await chat.take("Mouse")
    await chat.hear("Cost centre")
    await chat.say("skip")
    await chat.hear("Why do you need it")
    await chat.say("for calls with customers")
    await chat.hear("manager")
    await chat.take("Yes")
    await chat.hear("Work email: grace@example.com")
    await chat.take("Yes")
    await chat.hear("Thank you")


async def _order(chat: Chat, now: datetime) -> None:
    await chat.say("Hello")
    await chat.hear("What would you like to order")
    await chat.take("Two-tier cake")
    await chat.hear("How many")
    await chat.say("1")
    await chat.hear("flavor")
    await chat.take("Chocolate")
    await chat.hear("toppings")
    await chat.say("berries and candles")
    await chat.hear("written on the cake")
    await chat.say("Happy birthday, Grace!")
    await chat.hear("guests")
    await chat.say("20")
    await chat.hear("event date")
    await chat.say(_day(now + timedelta(days=14)))
    await chat.hear("Pickup or delivery")
    await chat.take("Pickup")
    await chat.hear("phone")
    await chat.say("skip")
    await chat.hear("first name")
    await chat.say("Ada, ada@example.com")
    await chat.hear("Shall I place this order")
    await chat.take("Yes")
    await press(await chat.link(), Act.PAY)
    await chat.hear("payment has arrived")


def _day(at: datetime) -> str:
    """Return a day as people write it."""
    return f"{at.day} {at:%B %Y}"


def _begun_elsewhere(now: datetime) -> JsonObject:
    monday = now + timedelta(days=14 - now.weekday())
    return {
        "full_name": "Grace Hopper",
        "work_email": "grace at example",
        "department": "support",
        "item": "headset",
        "pieces": 2,
        "urgency": "low",
        "needed_by": f"{monday:%Y-%m-%d}",
    }


FLOWS = (
    Flow(name="A", title="a form by conversation", form="event", script=_register),
    Flow(
        name="B",
        title="a form begun elsewhere, with one wrong value",
        form="equipment",
        script=_finish,
        prefill=_begun_elsewhere,
    ),
    Flow(name="C", title="an order, paid", form="cake", script=_order, pays=True),
)


def with_standins(descriptors: Iterable[Descriptor]) -> tuple[Descriptor, ...]:
    """Return the channels that can be toured."""
    return tuple(one for one in descriptors if one.standin is not None)


async def tour(descriptors: Sequence[Descriptor], flows: Sequence[Flow] = FLOWS) -> list[Played]:
    """Play all flows on all channels at once; return them channel by channel."""
    now = datetime.now(UTC)
    plays = [_bounded(channel, flow, now) for channel in descriptors for flow in flows]
    return list(await asyncio.gather(*plays))


async def _bounded(descriptor: Descriptor, flow: Flow, now: datetime) -> Played:
    """Play one flow; whatever stops it is its own failure, and stops no other."""
    stage = _Stage(descriptor, flow)
    try:
        async with asyncio.timeout(WHOLE):
            await stage.play(now)
    except (NotShown, TillError, Unplayable) as error:
        stage.failure = str(error)
    except TimeoutError:
        stage.failure = f"The conversation took more than {WHOLE:g} s."
    return stage.played()


@dataclass(slots=True)
class _Stage:
    """One flow on one channel, and what is known of it so far."""

    descriptor: Descriptor
    flow: Flow
    chat: str = ""
    requests: int = 0
    submission: str = ""
    paid: bool = False
    failure: str = ""

    async def play(self, now: datetime) -> None:
        """Start everything, chat, look at what came of it, stop everything."""
        catalogue = catalogue_of(self.descriptor.name, self.flow.form, self.flow.prefill(now))
        async with staged(self.descriptor, catalogue) as stage:
            recorder = Recorder(stage.standin)
            try:
                await self.flow.script(Chat(recorder), now)
                self.requests = await _requests(stage.ground.sandbox_url)
                await self._look(stage.ground)
            finally:
                self.chat = recorder.record()

    async def _look(self, ground: Playground) -> None:
        """Ask the sandbox itself what was submitted and paid, whatever the chat says."""
        form = ground.app.parts.catalogue.default(self.descriptor.name)
        assert form is not None
        made = await ground.app.parts.upstream.submissions(form.form_id, 0.0)
        self.failure = _wrong(self.flow, made)
        if len(made) == 1:
            self.submission, self.paid = made[0].id, bool(made[0].checkout) and not self.failure

    def played(self) -> Played:
        """Return it as it ended."""
        return Played(
            channel=self.descriptor.name,
            flow=self.flow,
            chat=self.chat,
            requests=self.requests,
            submission=self.submission,
            paid=self.paid,
            failure=self.failure,
        )


def _wrong(flow: Flow, made: Sequence[Submission]) -> str:
    """Return what is wrong with the submissions that the sandbox holds."""
    if len(made) != 1:
        return f"The sandbox holds {len(made)} submissions instead of one."
    if flow.pays and made[0].status != PAID:
        return f"The order is not paid: the submission's status is {made[0].status}."
    return ""


async def _requests(sandbox_url: str) -> int:
    """Return how many requests the sandbox has had."""
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"{sandbox_url}/sandbox/requests")
        async with answer:
            return int((await answer.json())["total"])


class Recorder:
    """A stand-in that writes down what is said, edited and tapped while a script goes on."""

    def __init__(self, standin: StandIn) -> None:
        self._standin = standin
        self._transcript = Transcript(keys=False)
        self._said: list[str] = []

    def record(self) -> str:
        """Return everything so far, as text."""
        self._said.append(self._transcript.news(self._standin.screen()))
        return "".join(self._said)

    async def start(self, bridge_url: str) -> Mapping[str, str]:
        """Start what is recorded."""
        return await self._standin.start(bridge_url)

    async def stop(self) -> None:
        """Stop it."""
        await self._standin.stop()

    async def type(self, text: str, *, person: str = "ada") -> None:
        """Write down what is new, then type; the platform shows what was typed."""
        self._said.append(self._transcript.news(self.screen(person=person)))
        await self._standin.type(text, person=person)

    async def tap(self, choice: str, *, person: str = "ada") -> None:
        """Write down what is new and what is tapped, then tap."""
        screen = self.screen(person=person)
        self._said.append(self._transcript.news(screen))
        here = [shown for shown in screen.messages if not is_list(shown)]  # a list is typed
        buttons = [one for shown in here for one in shown.choices if one.id == choice]
        self._said += [self._transcript.tapped(one.label) for one in buttons[-1:]]
        await self._standin.tap(choice, person=person)
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_WAIT):
                await self._seen(screen, person)

    async def _seen(self, before: Screen, person: str) -> None:
        """Return when the messages have changed: a person looks before they tap again."""
        screen = before
        while screen.messages == before.messages:
            screen = await self._standin.changed(screen.version, person=person)

    def screen(self, *, person: str = "ada") -> Screen:
        """Return what the person sees."""
        return self._standin.screen(person=person)

    async def changed(self, after: int, *, person: str = "ada") -> Screen:
        """Wait for a change."""
        return await self._standin.changed(after, person=person)


# What is printed.


def transcript(played: Played) -> str:
    """Return the conversation as text, what the person wrote after a ">"."""
    heading = f"{played.channel}, flow {played.flow.name}: {played.flow.title}"
    failure = f"FAILED: {played.failure}\n" if played.failure else ""
    return f"{heading}\n{'=' * len(heading)}\n\n{played.chat}{failure}"


HEADINGS = ("channel", "flow", "requests", "submission", "paid")


def table(everything: Sequence[Played]) -> str:
    """Return the table at the end."""
    return columns(HEADINGS, [_row(played) for played in everything])


def _row(played: Played) -> tuple[str, ...]:
    submission = "FAILED" if played.failure else played.submission
    paid = "yes" if played.paid else "-"
    return (played.channel, played.flow.name, str(played.requests), submission, paid)

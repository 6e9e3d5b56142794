"""The platform of buttons in miniature: many persons with a phone each.

    phone = Phone()
    settings = await phone.start("http://127.0.0.1:8000")
    await phone.type("hello", person="ada")
    await phone.tap("Chocolate", person="ada")
    screen = await phone.until(lambda seen: "paid" in seen.messages[-1].text, person="ada")

What a person does is posted to the bridge's webhook, signed, one after the other in each thread,
and again and again until the bridge has answered 2xx: at least once, as platforms do. A payload
has `id`, `kind`, `thread`, `person`, `at`, and by kind: `text` (text), `tap` (tap, data), `modal`
(tap, data, text), `link` (token), `moved` (to), `report` (receipt, state), `gone`, `back`,
`opt-out`, `opt-in`. Faults, latency and the log are the switchboard's.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bridge.conformance.buttons.verify import HEADER, sign
from bridge.conformance.screens import Screens
from bridge.conformance.switchboard import Failure, Request, Switchboard

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from bridge.conformance.screens import Modal
    from bridge.protocol.standin import Choosable, Screen
    from bridge.protocol.threads import Json, JsonObject

TOKEN, SECRET = "buttons-token", "buttons-secret"

_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25


class Phone:
    """All phones, and the platform between them and the bridge.

    * `bridge_url` may be changed while nothing is under way, when a bridge comes back elsewhere.
    * `accepted`: every payload that the bridge answered 2xx, in order; `refused`: with 4xx, which
      are not sent again. `opened`: addresses that were tapped.
    * `name` begins every payload's id, so that two phones may serve one database.
    """

    def __init__(self, name: str = "p", clock: Callable[[], float] = time.time) -> None:
        self.bridge_url = ""
        self.accepted: list[JsonObject] = []
        self.refused: list[tuple[int, JsonObject]] = []
        self.opened: list[str] = []
        self._name = name
        self._clock = clock
        self._sent = 0
        self._screens = Screens()
        self._news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._session: aiohttp.ClientSession | None = None
        self.board = Switchboard(TOKEN, self._screens, self._change)

    async def start(self, bridge_url: str) -> Mapping[str, str]:
        """Listen on a free port; return the environment that points the adapter here."""
        self.bridge_url = bridge_url
        await self.board.open()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=10)
        )
        return {
            "BUTTONS_TOKEN": TOKEN,
            "BUTTONS_SECRET": SECRET,
            "BUTTONS_API_URL": self.board.url,
        }

    async def stop(self) -> None:
        """End it."""
        await self.board.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def log(self) -> list[Request]:
        """Every call of the bridge, in order."""
        return self.board.log

    @property
    def faults(self) -> list[Failure]:
        """The failures to come."""
        return self.board.faults

    def duplicates(self) -> Counter[str]:
        """Return which messages were shown more than once, and how often too often."""
        return self.board.duplicates()

    async def type(self, text: str, *, person: str = "ada", thread: str | None = None) -> None:
        """Send a message; returns when the bridge has taken it."""
        room = thread or person
        self._screens.type(room, text)
        self._change(room)
        await self.post("text", person=person, thread=room, text=text)

    async def tap(self, choice: str, *, person: str = "ada", thread: str | None = None) -> None:
        """Tap the button with this id or label; an id (`v1.…`) also after it has gone.

        A link is opened. Returns when the bridge has taken the tap.
        """
        room = thread or person
        button = self._button(choice, room, person)
        if button is not None and button.url:
            self.opened.append(button.url)
            return
        data = choice if button is None else button.id
        handle = f"tap-{self._sent + 1}"
        self._screens.taps[handle] = (room, person)
        await self.post("tap", person=person, thread=room, tap=handle, data=data)

    async def submit(self, text: str, *, person: str = "ada", thread: str | None = None) -> None:
        """Send off the window that is open."""
        room = thread or person
        modal = self._screens.modal(room, person)
        if modal is None:
            raise LookupError(f"No window is open for {person} in {room}.")
        self._screens.close_modal(room, person)
        handle = f"tap-{self._sent + 1}"
        self._screens.taps[handle] = (room, person)
        await self.post("modal", person=person, thread=room, tap=handle, data=modal.data, text=text)

    async def follow(self, link: str, *, person: str = "ada") -> None:
        """Come by a link that the adapter made."""
        token = parse_qs(urlsplit(link).query)["token"][0]
        await self.post("link", person=person, thread=person, token=token)

    async def post(self, kind: str, *, person: str, thread: str, **members: Json) -> JsonObject:
        """Send a payload of any kind; return it when the bridge has taken it."""
        self._sent += 1
        payload: JsonObject = {
            "id": f"{self._name}-{self._sent}",
            "kind": kind,
            "thread": thread,
            "person": person,
            "at": self._clock(),
            **members,
        }
        await self.again(payload)
        return payload

    async def again(self, payload: JsonObject) -> None:
        """Send a payload (again): in its thread's turn, until it is answered for good."""
        body = json.dumps(payload).encode()
        async with self._turns[str(payload["thread"])]:
            pause = _FIRST_PAUSE
            while not _settles(status := await self._deliver(body)):
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        if status < HTTPStatus.BAD_REQUEST:
            self.accepted.append(payload)
        else:
            self.refused.append((status, payload))

    def screen(self, *, person: str = "ada", thread: str | None = None) -> Screen:
        """Return what the person sees."""
        return self._screens.screen(thread or person, person)

    def modal(self, *, person: str = "ada", thread: str | None = None) -> Modal | None:
        """Return the window that is open for the person."""
        return self._screens.modal(thread or person, person)

    async def changed(
        self, after: int, *, person: str = "ada", thread: str | None = None
    ) -> Screen:
        """Wait until the screen's version is over `after`."""
        return await self.until(lambda seen: seen.version > after, person=person, thread=thread)

    async def until(
        self,
        seen: Callable[[Screen], bool],
        *,
        person: str = "ada",
        thread: str | None = None,
    ) -> Screen:
        """Wait until the screen is as wanted; the caller bounds the time."""
        room = thread or person
        while not seen(screen := self.screen(person=person, thread=room)):
            news = self._news[room]
            news.clear()
            await news.wait()
        return screen

    def _change(self, thread: str) -> None:
        self._news[thread].set()

    def _button(self, choice: str, thread: str, person: str) -> Choosable | None:
        """Return the newest button with this id, else label, else with this in its label."""
        messages = self._screens.screen(thread, person).messages
        buttons = [button for shown in reversed(messages) for button in shown.choices]
        best = min(buttons, key=lambda button: _distance(choice, button), default=None)
        if best is not None and _distance(choice, best) < _NO_MATCH:
            return best
        if choice.startswith("v1."):
            return None
        raise LookupError(f"No button {choice!r}; there are {[b.label for b in buttons]}.")

    async def _deliver(self, body: bytes) -> int:
        """Post once; 0 is no answer."""
        assert self._session is not None, "start the phone first"
        headers = {HEADER: sign(body, SECRET), "Content-Type": "application/json"}
        url = f"{self.bridge_url}/buttons/webhook"
        try:
            async with self._session.post(url, data=body, headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0


_NO_MATCH = 3


def _distance(choice: str, button: Choosable) -> int:
    if choice == button.id:
        return 0
    if choice == button.label:
        return 1
    return 2 if choice in button.label else _NO_MATCH


def _settles(status: int) -> bool:
    """Whether the platform is content: taken, or refused for good."""
    return 200 <= status < 500 and status != 429  # noqa: PLR2004 - HTTP statuses

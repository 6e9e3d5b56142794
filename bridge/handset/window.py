"""The phone at a terminal: a bar with its name, the chat, and a line to type in.

The whole screen is drawn anew whenever the chat changes, so edited messages change in place.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from prompt_toolkit import print_formatted_text
from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import BufferControl, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth

from bridge.handset.buttons import Send, Tap, read
from bridge.handset.drawing import Look, draw, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prompt_toolkit.key_binding import KeyPressEvent

    from bridge.handset.buttons import Act
    from bridge.handset.drawing import Line
    from bridge.handset.hand import Phone

_STYLES = {
    Look.PLAIN: "",
    Look.THEIR_BAR: "ansicyan",
    Look.MY_BAR: "ansigreen",
    Look.MINE: "ansigreen",
    Look.KEY: "ansicyan bold reverse",
    Look.LABEL: "bold",
    Look.FAINT: "dim",
    Look.ADDRESS: "underline",
    Look.INTRO: "dim",
}
_STYLE = Style(
    [
        *((look.value.lower(), style) for look, style in _STYLES.items()),
        ("bar", "reverse bold"),
        ("toast", "ansiyellow bold reverse"),
        ("note", "italic"),
        ("busy", "dim italic"),
        ("sign", "ansigreen bold"),
    ]
)
_LEAVES = "Ctrl-D leaves"
_SCROLLS = "PgUp/PgDn scroll · " + _LEAVES
_LEAVE_HOW = "Once more, or Ctrl-D, to leave."
_WRITING = "writing…"
_BEGIN = "Type an answer, or what stands before a button. PgUp: how this works."

_LOOKS = 0.25
"""Seconds between two looks at whether an answer is being prepared."""


async def converse(phone: Phone) -> int:
    """Chat until the person leaves; return how many lines they typed, empty ones left out."""
    window = _Chat(phone)
    try:
        await window.run()
    finally:
        window.leave_behind()
    return window.count


class _Chat:
    """One person's chat on the whole terminal."""

    def __init__(self, phone: Phone) -> None:
        self.count = 0
        self._phone = phone
        self._note = ""
        self._old_toast = ""
        self._up = 0
        self._leaving = False
        self._drawn: tuple[tuple[int, int], tuple[Line, ...]] = ((-1, 0), ())
        self._acts: asyncio.Queue[Act] = asyncio.Queue()
        self._buffer = Buffer(
            history=InMemoryHistory(), multiline=False, accept_handler=self._entered
        )
        self._app: Application[None] = Application(
            layout=Layout(self._layout()),
            key_bindings=self._keys(),
            style=_STYLE,
            full_screen=True,
            refresh_interval=_LOOKS,
        )

    async def run(self) -> None:
        """Show it until the person leaves; a failure of the stand-in ends it, too."""
        self._acts.put_nowait(Send(self._phone.first))
        app = self._app.run_async(handle_sigint=False, set_exception_handler=False)
        tasks = [asyncio.ensure_future(work) for work in (app, self._work(), self._watch())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    def leave_behind(self) -> None:
        """Print the chat where the terminal keeps it: the whole screen was only lent."""
        lines = draw(self._phone.screen(), columns=self._size()[0], measure=get_cwidth)
        if lines:
            print_formatted_text(
                _formatted(lines), style=_STYLE, output=self._app.output, end="\n\n"
            )

    async def _work(self) -> None:
        """Do what was entered, in its order."""
        while True:
            act = await self._acts.get()
            said = await self._phone.do(act)
            if said:
                self._note = said
            self._app.invalidate()

    async def _watch(self) -> None:
        """Draw whatever changes."""
        version = -1
        while True:
            version = (await self._phone.changed(version)).version
            self._app.invalidate()

    # Entering.

    def _entered(self, buffer: Buffer) -> bool:
        line = buffer.text.strip()
        if line:
            self.count += 1
            screen = self._phone.screen()
            act = read(line, screen, self._phone.words)
            self._acts.put_nowait(act)
            self._note, self._up, self._leaving = "", 0, False
            self._old_toast = "" if isinstance(act, Tap) else screen.toast
        return False

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        keys.add("c-c")(self._clear)
        keys.add("c-d")(self._end)
        keys.add("pageup")(self._earlier)
        keys.add("pagedown")(self._later)
        return keys

    def _clear(self, event: KeyPressEvent) -> None:
        """Forget what is being typed; a second time in a row, leave."""
        if self._leaving and not self._buffer.text:
            event.app.exit()
        self._leaving = not self._buffer.text
        self._note = _LEAVE_HOW if self._leaving else ""
        self._buffer.reset()

    def _end(self, event: KeyPressEvent) -> None:
        if self._buffer.text:
            self._buffer.delete()
        else:
            event.app.exit()

    def _earlier(self, event: KeyPressEvent) -> None:
        del event  # it is the only chat
        self._scroll(+1)

    def _later(self, event: KeyPressEvent) -> None:
        del event
        self._scroll(-1)

    def _scroll(self, way: int) -> None:
        columns, height = self._size()[0], self._height()
        most = max(0, len(self._lines(columns)) - height)
        self._up = min(max(0, self._up + way * max(1, height - 2)), most)

    # Drawing.

    def _layout(self) -> HSplit:
        entry = BufferControl(self._buffer, input_processors=[BeforeInput("> ", "class:sign")])
        return HSplit(
            [
                Window(FormattedTextControl(self._bar), height=1, style="class:bar"),
                Window(FormattedTextControl(self._chat)),
                Window(FormattedTextControl(self._status), height=lambda: len(self._told())),
                Window(entry, height=1),
            ]
        )

    def _size(self) -> tuple[int, int]:
        size = self._app.output.get_size()
        return size.columns, size.rows

    def _height(self) -> int:
        """Return how many rows the chat has: all but the bar, what is told, and the input."""
        return max(1, self._size()[1] - 2 - len(self._told()))

    def _lines(self, columns: int) -> tuple[Line, ...]:
        screen = self._phone.screen()
        seen = (screen.version, columns)
        if self._drawn[0] != seen:
            lines = draw(screen, columns=columns, measure=get_cwidth, intro=self._phone.intro)
            self._drawn = (seen, lines)
        return self._drawn[1]

    def _bar(self) -> FormattedText:
        columns = self._size()[0]
        name = f" {self._phone.title}"
        rest = columns - get_cwidth(name) - 1
        help_ = next((each for each in (_SCROLLS, _LEAVES) if get_cwidth(each) < rest), "")
        return FormattedText([("", name), ("", " " * (rest - get_cwidth(help_))), ("", help_)])

    def _chat(self) -> FormattedText:
        lines, height = self._lines(self._size()[0]), self._height()
        end = len(lines) - self._up
        shown = lines[max(0, end - height) : end]
        return _formatted([*([()] * (height - len(shown))), *shown])

    def _status(self) -> FormattedText:
        rows = self._told()
        return FormattedText(
            [
                piece
                for number, row in enumerate(rows)
                for piece in ([("", "\n"), row] if number else [row])
            ]
        )

    def _told(self) -> Sequence[tuple[str, str]]:
        """Return the rows above the input: the toast and the note, or that an answer comes."""
        columns = max(1, self._size()[0] - 2)
        toast = self._phone.screen().toast
        rows: list[tuple[str, str]] = []
        if toast and toast != self._old_toast:
            rows += [("class:toast", f" {row} ") for row in wrap(toast, columns, get_cwidth)]
        if self._note:
            rows += [("class:note", f"· {row}") for row in wrap(self._note, columns, get_cwidth)]
        if rows:
            return rows
        idle = _WRITING if self._phone.busy() else self._hint()
        return [("class:busy", row) for row in wrap(idle, columns, get_cwidth)]

    def _hint(self) -> str:
        """Return what helps those who have typed nothing yet."""
        return "" if self.count else _BEGIN


def _formatted(lines: Sequence[Line]) -> FormattedText:
    """Return the lines for prompt_toolkit, which takes texts as they are."""
    pieces: list[tuple[str, str]] = []
    for number, line in enumerate(lines):
        pieces += [("", "\n")] if number else []
        pieces += [(f"class:{run.look.value.lower()}", run.text) for run in line]
    return FormattedText(pieces)

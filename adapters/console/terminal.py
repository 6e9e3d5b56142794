"""The console at a terminal: a line to type in, and what is said above it.

Input by prompt_toolkit, painting by Rich. All texts go through `rich.text.Text`, which knows no
markup: text is data.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import in_terminal
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style as RichStyle
from rich.text import Text

from adapters.console.draw import Style
from adapters.console.face import Typed
from adapters.console.limits import LINE_BYTES, TYPING_SECONDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from adapters.console.draw import Line, Run

_STYLES = {
    Style.PLAIN: "",
    Style.BOLD: "bold",
    Style.DIM: "dim",
    Style.MARK: "bold cyan",
    Style.GOOD: "green",
    Style.IMPORTANT: "bold yellow",
    Style.ERROR: "bold red",
    Style.NOTICE: "italic dim",
    Style.LINK: "underline blue",
}
_PROMPT = FormattedText([("ansicyan bold", "> ")])
_NARROWEST = 20


class Terminal:
    """A person at a terminal. Ctrl-C clears the line; a second one, or Ctrl-D, ends."""

    scripted = False

    def __init__(self, write: Callable[[str], None] | None = None) -> None:
        self._write = write or _write_out
        self._busy = False
        self._timer: asyncio.TimerHandle | None = None
        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(), rprompt=self._sign, erase_when_done=True
        )

    async def lines(self) -> AsyncIterator[Typed]:
        """Yield each line that is entered."""
        stopping = False
        with patch_stdout(raw=True):
            while True:
                try:
                    line = await self._session.prompt_async(_PROMPT, handle_sigint=False)
                except EOFError:
                    return
                except KeyboardInterrupt:
                    if stopping:
                        return
                    stopping = True
                    continue
                stopping = False
                yield _typed(line)

    async def show(self, lines: Sequence[Line]) -> None:
        """Print above the input line."""
        self._rest()
        text = paint(lines, width=shutil.get_terminal_size().columns)
        async with in_terminal():
            self._write(text + "\n")

    def busy(self) -> None:
        """Show the sign until something is said, or for a few seconds."""
        self._rest()
        self._busy = True
        self._timer = asyncio.get_running_loop().call_later(TYPING_SECONDS, self._rest)
        self._session.app.invalidate()

    def close(self) -> None:
        """Forget the sign's timer."""
        self._rest()

    def _rest(self) -> None:
        self._busy = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._session.app.invalidate()

    def _sign(self) -> FormattedText:
        return FormattedText([("ansibrightblack italic", "writing…")] if self._busy else [])


def paint(lines: Sequence[Line], *, width: int) -> str:
    """Return the lines as a terminal of this width shows them, with its control sequences."""
    console = Console(
        file=io.StringIO(), force_terminal=True, width=max(width, _NARROWEST), highlight=False
    )
    with console.capture() as captured:
        for line in lines:
            _paint(console, line)
    return captured.get()


def _paint(console: Console, line: Line) -> None:
    body = Text()
    for run in line.body:
        body.append(run.text, _style(run))
    head = Text(line.head.text, _style(line.head))
    room = max(1, console.width - cell_len(head.plain))
    rows = [body] if line.whole else body.wrap(console, room)
    margin = " " * cell_len(head.plain)
    for number, row in enumerate(rows):
        console.print(Text.assemble(margin if number else head, row), soft_wrap=True)


def _style(run: Run) -> RichStyle:
    style = RichStyle.parse(_STYLES[run.style])
    if run.style is Style.LINK and run.text.startswith(("https://", "http://")):
        return style + RichStyle(link=run.text)
    return style


def _typed(line: str) -> Typed:
    excess = len(line.encode("utf-8", "replace")) - LINE_BYTES
    return Typed(excess=excess) if excess > 0 else Typed(text=line)


def _write_out(text: str) -> None:
    # Past the patched streams: the input line has already made room.
    out = sys.__stdout__
    if out is not None:
        out.write(text)
        out.flush()

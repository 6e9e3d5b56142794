"""The console's numbers. A terminal has no limits of its own: these are ours."""

from __future__ import annotations

from bridge.protocol.capabilities import Capabilities, Level
from bridge.protocol.events import CommandName

LINE_BYTES = 100_000
"""The longest line that is taken, in bytes, without its line end."""

READ_BYTES = 65_536
"""How much is read at once: what a pipe holds on Linux (man 7 pipe)."""

TYPING_SECONDS = 5.0
"""How long the typing sign stays: a little over the core's 4 s, so that it does not flicker."""

SPELLINGS = {name: f"/{name.value.lower()}" for name in CommandName}

CAPABILITIES = Capabilities(
    channel="console",
    single_select=Level.DEGRADED,
    multi_select=Level.DEGRADED,
    number=Level.DEGRADED,
    link_button=Level.DEGRADED,
    bold=Level.NATIVE,
    edits=Level.ABSENT,
    toasts=Level.ABSENT,
    page_size=20,
    text_limit=LINE_BYTES,
    commands=SPELLINGS,
)

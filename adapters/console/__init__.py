"""The console: a chat in the terminal, or line by line through a pipe.

Light: importing it loads neither Rich nor prompt_toolkit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from adapters.console.settings import ConsoleSettings
from bridge.protocol.adapter import AdapterSettings, Descriptor

if TYPE_CHECKING:
    from bridge.protocol.adapter import Adapter
    from bridge.protocol.host import Host
    from bridge.protocol.standin import StandIn

__all__ = ["descriptor"]


def _build(settings: AdapterSettings, host: Host) -> Adapter:
    from adapters.console.adapter import ConsoleAdapter  # noqa: PLC0415 - only when it is on

    return ConsoleAdapter(cast("ConsoleSettings", settings), host)


def _standin() -> StandIn:
    from adapters.console.standin import ConsoleStandIn  # noqa: PLC0415 - only where asked for

    return ConsoleStandIn()


descriptor = Descriptor(
    name="console",
    title="Console",
    settings=ConsoleSettings,
    build=_build,
    prefixes=("CONSOLE_",),
    standin=_standin,
    readme="adapters/console/README.md",
)

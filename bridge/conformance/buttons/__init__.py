"""A channel full of buttons: every ability of the contract, on a platform that we made up.

It is no entry point. Its stand-in is `bridge.conformance.phone`. The files are those of every
adapter, so it also serves as a model; what a message, a tap and a webhook look like stands in
`phone`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bridge.conformance.buttons.settings import ButtonsSettings
from bridge.protocol.adapter import AdapterSettings, Descriptor

if TYPE_CHECKING:
    from bridge.protocol.adapter import Adapter
    from bridge.protocol.host import Host
    from bridge.protocol.standin import StandIn

__all__ = ["descriptor"]


def _build(settings: AdapterSettings, host: Host) -> Adapter:
    from bridge.conformance.buttons.adapter import ButtonsAdapter  # noqa: PLC0415 - only when on

    return ButtonsAdapter(cast("ButtonsSettings", settings), host)


def _standin() -> StandIn:
    from bridge.conformance.phone import Phone  # noqa: PLC0415 - only where asked for

    return Phone()


descriptor = Descriptor(
    name="buttons",
    title="Buttons",
    settings=ButtonsSettings,
    build=_build,
    prefixes=("BUTTONS_",),
    credentials=("BUTTONS_TOKEN", "BUTTONS_SECRET"),
    standin=_standin,
)

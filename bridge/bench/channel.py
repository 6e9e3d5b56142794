"""A channel without a platform: every call is delivered at once, and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from bridge.protocol.adapter import Descriptor
from bridge.protocol.calls import Call, Delivered, OnUncertain, Outcome, Target
from bridge.protocol.capabilities import Capabilities, Level
from bridge.protocol.replies import Say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bridge.protocol.adapter import AdapterSettings
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.host import Host
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import JsonObject, ThreadKey

NAME = "bench"


class NoSettings(BaseModel):
    """Nothing to set."""


class BenchAdapter:
    """Draws running text, one call for each answer, as a channel does that joins replies."""

    capabilities = Capabilities(
        channel=NAME,
        single_select=Level.NATIVE,
        multi_select=Level.NATIVE,
        number=Level.NATIVE,
        native_options=100,
    )

    def __init__(self, host: Host, delivered: Callable[[ThreadKey, str], None]) -> None:
        self.host = host
        self._delivered = delivered

    def parse(self, raw: JsonObject) -> tuple[AnyEvent, ...]:  # noqa: ARG002 - no platform
        """Return nothing: events are made by the benchmark."""
        return ()

    def render(self, replies: Sequence[Reply], thread: ThreadKey) -> tuple[Call, ...]:  # noqa: ARG002
        """Return one call for all replies."""
        text = "\n".join(_text(reply) for reply in replies if isinstance(reply, Say))
        return (Call(method="say", body={"text": text}, on_uncertain=OnUncertain.REPEAT),)

    async def deliver(self, call: Call, target: Target) -> Outcome:
        """Count it."""
        self._delivered(target.thread, str(call.body["text"]))
        return Delivered(receipt="1")


def _text(reply: Say) -> str:
    return "".join(span.text for span in reply.spans)


def descriptor(delivered: Callable[[ThreadKey, str], None]) -> Descriptor:
    """Return the channel, telling `delivered` of every call."""

    def build(_settings: AdapterSettings, host: Host) -> BenchAdapter:
        return BenchAdapter(host, delivered)

    return Descriptor(name=NAME, title="Benchmark", settings=NoSettings, build=build)

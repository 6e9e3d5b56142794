"""The terminal in miniature: what is typed arrives, what is printed is seen."""

from __future__ import annotations

import asyncio

from adapters.console import descriptor
from bridge.conformance.host import RecordingHost
from bridge.protocol.calls import Target
from bridge.protocol.prompts import MenuLine, Option, Prompt, PromptOwner, SingleSelect
from bridge.protocol.replies import LinkButton, Menu, plain

SIZE = Prompt(
    id="size",
    owner=PromptOwner.UPSTREAM,
    question="Which size?",
    widget=SingleSelect(options=(Option(label="Small"), Option(label="Large"))),
)
MENU = Menu(SIZE, (MenuLine("a", "Small", 0), MenuLine("#2", "Large", 1)), "Type one.")


class MenuHost(RecordingHost):
    """Shows a list once something was typed."""

    adapter = None

    async def settled(self, thread):
        """Show the list, and a link."""
        link = LinkButton("Ready.", "Pay", "https://example.com/c")
        for call in self.adapter.render((plain("Hello."), MENU, link), thread):
            await self.adapter.deliver(call, Target(thread=thread))


async def test_a_whole_exchange():
    """Typing and tapping reach the bridge; texts, choices and links are on the screen."""
    standin = descriptor.standin()
    host = MenuHost()
    host.adapter = adapter = descriptor.build(
        descriptor.settings(**await standin.start("http://127.0.0.1:1")), host
    )
    await adapter.start()
    listening = asyncio.create_task(adapter.listen())
    await standin.type("a\ncake")
    screen = standin.screen()
    while not screen.links:
        screen = await standin.changed(screen.version)
    mine, ours = screen.messages
    assert (mine.ours, mine.text) == (False, "a cake")
    assert ours.ours
    assert [(c.id, c.label) for c in ours.choices] == [
        ("a", "Small"),
        ("#2", "Large"),
        ("https://example.com/c", "Pay"),
    ]
    assert screen.links == ("https://example.com/c",)
    await standin.tap("#2")
    while len(host.accepted) < 2:
        screen = await standin.changed(screen.version)
    assert [event.text for event in host.accepted] == ["a cake", "#2"]
    await standin.stop()
    await listening
    await adapter.stop()
    await standin.stop()


async def test_stopping_before_starting():
    """A stand-in that was never started can be stopped."""
    await descriptor.standin().stop()

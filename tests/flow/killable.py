"""A bridge with one channel, to be killed: a process of its own.

Usage: killable.py CONFIG, a JSON file with `channel` (buttons or telegram), `environment`
(settings), `forms` (slug -> form id) and `rules`. It runs until SIGTERM.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from adapters.telegram import descriptor as telegram
from bridge.app import App, Channel, Options
from bridge.conformance.buttons import descriptor as buttons
from bridge.environment import validated
from bridge.forms import Catalogue, FormEntry
from bridge.logs import set_up
from bridge.server import loop_factory
from bridge.settings import read_settings

CHANNELS = {descriptor.name: descriptor for descriptor in (buttons, telegram)}


async def main(config: dict) -> None:
    """Run one bridge."""
    descriptor = CHANNELS[config["channel"]]
    environment = config["environment"]
    entries = tuple(
        FormEntry(slug=slug, form_id=form_id, title=slug.title(), default_for=(descriptor.name,))
        for slug, form_id in config["forms"].items()
    )
    channel = Channel(descriptor=descriptor, settings=validated(descriptor.settings, environment))
    app = await App.open(
        read_settings(environment),
        Catalogue(entries=entries),
        [channel],
        Options(rules=config["rules"], lock_wait=10.0),
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await app.start()
    await stop.wait()
    await app.stop()


if __name__ == "__main__":
    set_up(level="WARNING", form="console")
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(main(json.loads(Path(sys.argv[1]).read_text())))

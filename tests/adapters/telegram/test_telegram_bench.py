"""Telegram's part of the benchmark: the bare loop, and what is posted to a webhook."""

from __future__ import annotations

import asyncio
import json

import pytest

from adapters.telegram import bench
from adapters.telegram.identity import Me
from adapters.telegram.parse import parse
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.standin import BOT, TelegramStandIn
from adapters.telegram.verify import verify
from bridge.protocol.events import Text


@pytest.fixture
async def standin():
    """Start the stand-in."""
    made = TelegramStandIn()
    made.environ = await made.start("http://127.0.0.1:1")
    yield made
    await made.stop()


async def test_the_bare_loop_answers_side_by_side(standin):
    """Each text is asked of the upstream and answered in its chat; what is no text is passed by."""
    both = asyncio.Barrier(2)

    async def ask(text):
        await both.wait()
        return f"done {text}"

    loop = asyncio.create_task(bench.bare(standin.environ, ask))
    await standin.send("sticker", person="ada")
    await asyncio.gather(*(standin.type(name, person=name) for name in ("ada", "bob")))
    async with asyncio.timeout(10):
        for name in ("ada", "bob"):
            seen = await standin.until(
                lambda seen: bool(seen.messages) and seen.messages[-1].ours, person=name
            )
            assert seen.messages[-1].text == f"done {name}"
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop


async def test_what_is_posted_is_what_telegram_posts(standin):
    """The adapter lets it pass, and reads the text of the person who came as the nth."""
    made = bench.bench()
    environ = {**standin.environ, **made.webhook}
    settings = TelegramSettings.model_validate(environ)
    assert settings.mode == "webhook"
    assert made.posts is not None
    post = made.posts(environ)
    for number, name in enumerate(("ada", "bob")):
        standin.acting.say(name, standin.place(name), "first")
        request = post(number, f"hello from {name}")
        verify(request, settings.secret)
        (event,) = parse(json.loads(request.body), Me(bot=BOT))
        assert isinstance(event, Text)
        chat = standin.place(name).chat.id
        assert (event.text, event.thread) == (f"hello from {name}", f"telegram:{BOT}:{chat}")
        assert request.path == "/telegram/webhook"


async def test_no_two_posts_tell_of_the_same(standin):
    """Their keys differ, also for the same words."""
    post = bench.posts(standin.environ)
    keys = {parse(json.loads(post(0, "hi").body), Me(bot=BOT))[0].key for _ in range(3)}
    assert len(keys) == 3

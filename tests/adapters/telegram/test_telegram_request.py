"""Requests over aiohttp: made once, and broken ones told apart."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from adapters.telegram.network.request import SEND_SECONDS, AiohttpRequest, Throttled
from tests.adapters.telegram.loopback import (
    BREAKING,
    FLOOD,
    ME,
    TOKEN,
    Reply,
    breaking,
    drip,
    half_a_flood,
    hang,
    nowhere,
    refused,
    serving,
)


@pytest.fixture
async def pool():
    """A pool of connections that is closed at the end."""
    request = AiohttpRequest(2)
    await request.initialize()
    yield request
    await request.shutdown()


def bot_at(url, request):
    """Return a bot whose server is there."""
    return Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)


async def failure(url, request):
    """Return what a message ends with."""
    with pytest.raises(TelegramError) as caught:
        await bot_at(url, request).send_message(5, "hello")
    return caught.value


async def test_parameters_arrive_as_they_were(pool):
    """Text of any script, white space and JSON arrive unchanged; half a surrogate becomes "?"."""
    text = "  a=b&c+d %41 ümläut 🎂\n\N{ZERO WIDTH JOINER}\ud800 "
    async with serving() as api:
        await bot_at(api.url, pool).send_message(5, text, api_kwargs={"entities": [{"a": "ö"}]})
    (given,) = api.of("sendMessage")
    assert given == {"chat_id": 5, "text": text.replace("\ud800", "?"), "entities": [{"a": "ö"}]}


async def test_a_request_is_made_once(pool):
    """No failure is followed by a second request of the library's or of the pool's."""
    async with serving() as api:
        for reply in (FLOOD, refused(500, "Internal"), refused(400, "Bad Request: no")):
            api.reply("sendMessage", reply)
            await failure(api.url, pool)
    assert len(api.asked) == 3


async def test_a_connection_is_kept(pool):
    """Requests that follow each other share a connection."""
    async with serving() as api:
        bot = bot_at(api.url, pool)
        await bot.get_me()
        before = len(pool._session.connector._conns)
        await bot.get_me()
        assert before == len(pool._session.connector._conns) == 1


async def test_it_opens_again_after_it_was_closed():
    """A closed pool serves again; closing twice does no harm."""
    pool = AiohttpRequest(1)
    async with serving() as api:
        for _ in range(2):
            assert (await bot_at(api.url, pool).get_me()).id == 700
            await pool.shutdown()
            await pool.shutdown()


@pytest.mark.parametrize("behaviour", BREAKING.values(), ids=BREAKING)
async def test_a_broken_connection_keeps_its_cause(pool, behaviour):
    """Whatever broke, it is a NetworkError with the cause and without any foreign text."""
    async with breaking(behaviour) as url:
        error = await failure(url, pool)
    assert type(error) is NetworkError
    assert isinstance(error.__cause__, aiohttp.ClientError)
    assert not isinstance(error.__cause__, aiohttp.ClientConnectorError)
    assert str(error) == "the connection failed"


async def test_nobody_listening_is_told_by_the_cause(pool):
    """A refused connection has the cause that says that nothing was sent."""
    error = await failure(await nowhere(), pool)
    assert isinstance(error.__cause__, aiohttp.ClientConnectorError)


async def test_no_free_connection_is_told_by_the_cause(monkeypatch):
    """Who waits too long for a connection has sent nothing, and the cause says so."""
    monkeypatch.setattr("adapters.telegram.network.request.CONNECT_SECONDS", 0.02)
    arrived = asyncio.Event()

    async def busy(reader, writer):
        arrived.set()
        await hang(reader, writer)

    async with breaking(busy) as url, AiohttpRequest(1) as pool:
        bot = bot_at(url, pool)
        first = asyncio.create_task(bot.get_me())
        await arrived.wait()
        with pytest.raises(TimedOut) as caught:
            await bot.send_message(5, "hello", read_timeout=5)
        first.cancel()
    assert isinstance(caught.value.__cause__, aiohttp.ConnectionTimeoutError)


@pytest.mark.parametrize("behaviour", [hang, drip], ids=["hang", "drip"])
async def test_a_request_ends_in_time(pool, behaviour):
    """A server that says nothing, or says it for ever, is given up after `read_timeout`."""
    async with breaking(behaviour) as url:
        with pytest.raises(TimedOut) as caught:
            await bot_at(url, pool).send_message(5, "hello", read_timeout=0.03)
    assert not isinstance(caught.value.__cause__, aiohttp.ConnectionTimeoutError)


@pytest.mark.parametrize(
    ("reply", "after"),
    [
        (FLOOD, 7.0),
        (refused(429, "Too Many Requests", retry_after=0.5), 0.5),
        (refused(429, "Too Many Requests"), None),
        (refused(429, "Too Many Requests", retry_after="soon"), None),
        (refused(429, "Too Many Requests", retry_after=-1), None),
        (refused(429, "Too Many Requests", retry_after=True), None),
        (refused(429, "Too Many Requests", retry_after=10**9), 86_400.0),
        (Reply(429, {"parameters": [1]}), None),
        (Reply(429, b"<html>slow down</html>"), None),
        (Reply(429, b"[" * 100_000), None),
    ],
)
async def test_a_flood_is_a_flood(pool, reply, after):
    """A 429 is Throttled whatever stands in it, with the pause where it makes sense."""
    async with serving() as api:
        api.reply("sendMessage", reply)
        error = await failure(api.url, pool)
    assert isinstance(error, Throttled)
    assert error.after == after


async def test_half_a_flood_is_a_flood(pool):
    """A 429 that breaks off was not taken either."""
    async with breaking(half_a_flood) as url:
        error = await failure(url, pool)
    assert isinstance(error, Throttled)
    assert error.after is None


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused(400, "Bad Request: chat not found"), BadRequest),
        (refused(413, "Request Entity Too Large"), BadRequest),
        (refused(400, "upgraded", migrate_to_chat_id=-100), ChatMigrated),
        (refused(401, "Unauthorized"), InvalidToken),
        (refused(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (refused(404, "Not Found"), InvalidToken),
        (Reply(404, b"<html>"), InvalidToken),
        (refused(409, "Conflict: terminated by other getUpdates request"), Conflict),
        (refused(500, "Internal Server Error"), NetworkError),
        (refused(503, "later", retry_after=3), NetworkError),
        (Reply(502, b"<html>Bad Gateway</html>"), NetworkError),
        (Reply(403, b"<html>a proxy of somebody's</html>"), NetworkError),
        (Reply(400, b"[1]"), NetworkError),
        (Reply(301, b""), NetworkError),
        (Reply(200, b"garbage"), NetworkError),
        (Reply(200, b"[" * 100_000), NetworkError),
        (Reply(200, b"[]"), NetworkError),
    ],
)
async def test_answers_are_told_apart(pool, reply, kind):
    """What Telegram refuses, what a proxy says, and what can't be read, are never confused."""
    async with serving() as api:
        api.reply("sendMessage", reply)
        error = await failure(api.url, pool)
    assert type(error) is kind
    assert error.__cause__ is None or not isinstance(error.__cause__, aiohttp.ClientError)


async def test_an_unreadable_answer_is_not_logged(pool, caplog):
    """The library's own reading would write it to the log; it may hold what people said."""
    async with serving() as api:
        api.reply("sendMessage", Reply(200, b"garbage PERSONAL"))
        with caplog.at_level("DEBUG"):
            await failure(api.url, pool)
    assert "PERSONAL" not in caplog.text


async def test_a_redirect_is_not_followed(pool):
    """The token stands in the address and must not be taken elsewhere."""
    async with serving() as api:
        api.reply("sendMessage", Reply(307, b""))
        await failure(api.url, pool)
    assert api.methods == ["sendMessage"]


async def test_a_request_without_parameters_is_made(pool):
    """It has no body; the limit of time is the pool's own."""
    async with serving() as api:
        assert await pool.post(f"{api.url}/bot{TOKEN}/getMe") == ME
    assert api.of("getMe") == [{}]
    assert pool.read_timeout == SEND_SECONDS

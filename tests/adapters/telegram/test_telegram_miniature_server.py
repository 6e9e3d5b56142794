"""The HTTP side of the miniature: tokens, forms of parameters, the log, and failures on demand."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from adapters.telegram.miniature.chats import Standing
from adapters.telegram.standin import TOKEN, Failure, Fault, TelegramStandIn

# The library warns of a type to come whenever it reads a 429.
pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after")

ADA, GONE = 1001, 4711


@asynccontextmanager
async def talking():
    """Start a stand-in in which ada has opened her chat; give it and a library's bot."""
    standin = TelegramStandIn()
    environ = await standin.start("")
    standin.world.person("ada")
    standin.world.private("ada").standing = Standing.OPEN
    bot = Bot(
        environ["TELEGRAM_BOT_TOKEN"],
        base_url=environ["TELEGRAM_API_URL"] + "/bot",
        request=HTTPXRequest(),
    )
    await bot.initialize()
    try:
        yield standin, bot
    finally:
        await bot.shutdown()
        await standin.stop()


async def refused(kind, *calls):
    """Return in which words the library says that all these were refused."""
    caught = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(error) for error in caught} == {kind}
    words = [error.message for error in caught]
    return words if len(words) > 1 else words[0]


async def raw(standin, path, *, verb="POST", **options):
    """Ask without a library; return status and answer."""
    async with (
        aiohttp.ClientSession() as browser,
        browser.request(verb, standin.server.url + path, **options) as answer,
    ):
        return answer.status, await answer.json()


async def test_tokens_and_methods_are_checked():
    """401 for a wrong token, 404 for one of the wrong form and for an unknown method."""
    async with talking() as (standin, bot):
        assert await raw(standin, "/bot123:wrong/getMe") == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
        assert await raw(standin, "/getMe") == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )
        assert await raw(standin, f"/bot{TOKEN}/sendCake") == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
        )
        wrong = Bot("123:wrong", base_url=standin.server.url + "/bot")
        with pytest.raises(InvalidToken):
            await wrong.initialize()
        await wrong.shutdown()
        with pytest.raises(TelegramError):
            await bot.send_dice(ADA)


async def test_parameters_come_in_any_form():
    """JSON, forms, queries and multipart are read; methods are found in any letters."""
    fields = {"chat_id": str(ADA), "text": "Hi", "reply_markup": json.dumps({})}
    parts = aiohttp.FormData(fields)
    parts.add_field("file", b"x", filename="x")
    async with talking() as (standin, _):
        path = f"/bot{TOKEN}/sendmessage"
        answers = [
            await raw(standin, path, json={"chat_id": ADA, "text": "Hi"}),
            await raw(standin, path, data=fields),
            await raw(standin, path, verb="GET", params=fields),
            await raw(standin, path, data=parts),
        ]
        broken = await raw(standin, path, data=b"[1", headers={"Content-Type": "application/json"})
    assert [(status, body["result"]["text"]) for status, body in answers] == [(200, "Hi")] * 4
    assert broken[0] == 400


async def test_requests_are_logged():
    """Each with method, chat, parameters, status and what it made."""
    async with talking() as (standin, bot):
        await bot.send_message(ADA, "Hi")
        await refused(BadRequest, bot.send_message(GONE, "Hi"))
        whole = [
            (r.n, r.method, r.chat, r.status, r.applied, r.message, r.description)
            for r in standin.log
        ]
        assert standin.log[1].body["text"] == "Hi"
    assert whole == [
        (0, "getMe", 0, 200, True, 0, ""),
        (1, "sendMessage", ADA, 200, True, 1, ""),
        (2, "sendMessage", GONE, 400, False, 0, "Bad Request: chat not found"),
    ]


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (Fault.THROTTLED, 429, "Too Many Requests: retry after 7"),
        (Fault.BAD, 400, "Bad Request: can't parse entities: unexpected end of the text"),
        (Fault.GONE, 403, "Forbidden: bot was blocked by the user"),
        (Fault.UNAUTHORIZED, 401, "Unauthorized"),
        (Fault.CONFLICT, 409, "Conflict: terminated by other getUpdates request"),
        (Fault.BROKEN, 500, ""),
        (Fault.SILENT, 0, ""),
        (Fault.DROPPED, 0, ""),
        (Fault.HALF, 0, ""),
        (Fault.GARBAGE, 0, ""),
    ],
)
@pytest.mark.parametrize("applied", [False, True])
async def test_faults_are_played(fault, status, words, applied):
    """Each fails in its own way, once; the message is there only if the request was done first."""
    async with talking() as (standin, bot):
        standin.faults.append(Failure(fault=fault, method="sendMessage", applied=applied))
        patience = 0.05 if fault is Fault.SILENT else 5.0
        with pytest.raises(TelegramError):
            await bot.send_message(ADA, "Hi", read_timeout=patience)
        assert len(standin.screen().messages) == applied
        failed = standin.log[-1]
        assert (failed.status, failed.description, failed.applied) == (status, words, applied)
        assert standin.faults == []
        await bot.send_message(ADA, "Hi")
        assert sum(standin.duplicates().values()) == applied


async def test_faults_are_aimed():
    """At a method, at a chat, for so many times or for good, in other words; or by chance."""
    async with talking() as (standin, bot):
        lasting = Failure(
            fault=Fault.BAD, chat=ADA, times=None, description="Bad Request: not enough rights"
        )
        standin.faults.append(Failure(fault=Fault.BAD, method="deleteMessage", times=2))
        standin.faults.append(lasting)
        words = await refused(BadRequest, bot.get_chat(ADA), bot.send_message(ADA, "x"))
        assert words == 2 * ["Not enough rights"]
        spoilt = await refused(BadRequest, *(bot.delete_message(ADA, 1) for _ in range(2)))
        assert all("parse" in words for words in spoilt)
        assert standin.faults == [lasting]
        standin.faults.clear()
        standin.server.weather.chance = lambda method, chat: (
            Failure(fault=Fault.GONE) if (method, chat) == ("getChat", ADA) else None
        )
        await refused(Forbidden, bot.get_chat(ADA))
        standin.server.latency = 0.001
        assert await bot.get_me()

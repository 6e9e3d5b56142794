"""The HTTP side: `/bot<token>/<method>`, with failures on demand and a log.

Answers `{"ok": true, "result": ...}`, or `{"ok": false, "error_code", "description",
"parameters"}` with the same HTTP status. A token of the wrong form and an unknown method are 404,
a wrong token is 401 (core.telegram.org/bots/api#making-requests and the server's code).
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl

from aiohttp import web

from adapters.telegram.miniature.reading import Body, Refused, bad, decoded, number
from adapters.telegram.miniature.weather import Fault, Request, Weather

if TYPE_CHECKING:
    from adapters.telegram.miniature.api import Api
    from adapters.telegram.miniature.receiving import Receiving
    from adapters.telegram.miniature.weather import Failure

HOST = "127.0.0.1"
_OK, _BROKEN = 200, 500
_PATH = re.compile(r"/bot(\d+:[\w-]+)/(\w+)/?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    text: str
    description: str = ""
    message: int = 0


class Server:
    """Serves the Bot API on a loopback port.

    * `weather`: failures to come. `latency`: seconds before each answer, but for getUpdates.
    * `log`: every request with the right token, in the order in which it was answered.
    """

    def __init__(self, token: str, api: Api, receiving: Receiving) -> None:
        self.weather = Weather()
        self.latency = 0.0
        self.log: list[Request] = []
        self._token = token
        self._api = api
        self._receiving = receiving
        self._runner: web.ServerRunner | None = None
        self._port = 0
        self._closing = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._port}"

    async def open(self) -> None:
        """Listen: on a free port at first, later on the same one."""
        self._closing = asyncio.Event()
        # No router: there is one path, and there are thousands of requests a second.
        self._runner = web.ServerRunner(web.Server(self._take), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port, reuse_address=True)
        await site.start()
        self._port = cast("tuple[str, int]", self._runner.addresses[0])[1]

    async def close(self) -> None:
        """Stop listening: connections are refused."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _take(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            name = self._method(request.path)
            body = await _read(request)
        except Refused as refused:
            return _response(_refusal(refused))
        if self.latency and name != "getUpdates":
            await asyncio.sleep(self.latency)
        failure = self.weather.next(name, number(body, "chat_id"))
        done = await self._do(name, body) if failure is None or failure.applied else None
        answer = done if failure is None else _failed(failure)
        self._note(name, body, done, answer)
        if answer is not None:
            return _response(answer)
        return await self._misbehave(failure, request)

    def _method(self, path: str) -> str:
        """Return the method that is asked for; raises `Refused`."""
        found = _PATH.match(path)
        if found is None:
            raise Refused(404, "Not Found")
        if found[1] != self._token:
            raise Refused(401, "Unauthorized")
        return found[2]

    async def _do(self, name: str, body: Body) -> _Answer:
        try:
            method = self._api.methods.get(name.lower())
            if method is None:
                return await self._receive(name, body)
            result = method(body)
        except Refused as refused:
            return _refusal(refused)
        made = cast("Body", result) if isinstance(result, dict) else body
        text = f'{{"ok":true,"result":{json.dumps(result)}}}'
        return _Answer(status=_OK, text=text, message=number(made, "message_id"))

    async def _receive(self, name: str, body: Body) -> _Answer:
        receive = self._receiving.methods.get(name.lower())
        if receive is None:
            raise Refused(404, "Not Found: method not found")
        return _Answer(status=_OK, text=f'{{"ok":true,{await receive(body)}}}')

    def _note(self, name: str, body: Body, done: _Answer | None, answer: _Answer | None) -> None:
        self.log.append(
            Request(
                n=len(self.log),
                method=name,
                chat=number(body, "chat_id"),
                body=body,
                status=answer.status if answer is not None else 0,
                applied=done is not None and done.status == _OK,
                message=done.message if done is not None else 0,
                description=answer.description if answer is not None else "",
            )
        )

    async def _misbehave(
        self, failure: Failure | None, request: web.BaseRequest
    ) -> web.StreamResponse:
        fault = failure.fault if failure is not None else Fault.DROPPED
        if fault is Fault.GARBAGE:
            return web.Response(text="<html>It works!")
        if fault is Fault.SILENT:
            await self._closing.wait()
        elif fault is Fault.HALF:
            half = web.StreamResponse(headers={"Content-Length": "1000"})
            await half.prepare(request)
            await half.write(b'{"ok":true,"resu')
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


async def _read(request: web.BaseRequest) -> Body:
    """Return the parameters, of the body or of the query; raises `Refused`."""
    kind = request.content_type
    if kind == "application/json":
        return decoded(_object(await request.read()))
    if kind.startswith("multipart/"):
        return decoded({name: str(value) for name, value in (await request.post()).items()})
    form = (await request.read()).decode(errors="replace") if request.can_read_body else ""
    fields = parse_qsl(f"{request.query_string}&{form}", keep_blank_values=True)
    return decoded(dict[str, object](fields))


def _object(raw: bytes) -> Body:
    try:
        read = cast("object", json.loads(raw))
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise bad("can't parse request parameters: expected a JSON object")  # wording unknown
    return cast("Body", read)


def _failed(failure: Failure) -> _Answer | None:
    if failure.fault is Fault.BROKEN:
        return _Answer(status=_BROKEN, text="")
    refusal = failure.refusal()
    return _refusal(refusal) if refusal is not None else None


def _refusal(refused: Refused) -> _Answer:
    body: Body = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return _Answer(status=refused.code, text=json.dumps(body), description=refused.description)


def _response(answer: _Answer) -> web.Response:
    return web.Response(
        body=answer.text.encode(), status=answer.status, content_type="application/json"
    )

"""An upstream that remembers everything and forgives nothing: for proving law 4 from outside.

It takes lines of text, answers "got: ..." and submits at "finish". It may lose an answer after the
work is done, by closing the connection.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime
from uuid import UUID

from aiohttp import web

FORM = "00000000-0000-4000-8000-00000000f0f0"


class StrictUpstream:
    """Counts every line of every session."""

    def __init__(self, *, seed: int, lose: float, longest: float = 0.03) -> None:
        self._chance = random.Random(seed)
        self._lose = lose
        self._longest = longest
        self._ids = 0
        self.values: dict[str, dict] = {}
        self.lines: defaultdict[str, list[str]] = defaultdict(list)
        self.taken: Counter[str] = Counter()
        self.lost = 0
        self.submissions: dict[str, dict] = {}
        self.submitted_by: Counter[str] = Counter()
        self._busy: Counter[str] = Counter()
        self.overlaps = 0
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        base = "/forms/ai/v1/interactive-form-sessions"
        app.router.add_post(base, self._create)
        app.router.add_post(base + "/{session}/send-user-message", self._send)
        app.router.add_get("/form-schema-service/v4/forms/{form}", self._form)
        app.router.add_post("/form-submission-service/v4/submissions/namespace/query", self._query)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        host, port = site._server.sockets[0].getsockname()[:2]  # its public name came later
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """End it."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _id(self) -> str:
        self._ids += 1
        return str(UUID(int=self._ids, version=4))

    async def _create(self, request: web.Request) -> web.Response:
        body = await request.json()
        session = self._id()
        self.values[session] = dict(body.get("currentValues") or {})
        return self._answer(session, [_text("Hello.")])

    async def _send(self, request: web.Request) -> web.StreamResponse:
        session = request.match_info["session"]
        body = await request.json()
        if session not in self.values:
            return web.json_response(_not_found(), status=404)
        self._busy[session] += 1
        self.overlaps += self._busy[session] > 1
        lines = (body.get("input") or "").split("\n")
        self.lines[session] += lines
        self.taken.update(lines)
        chunks = [self._told(session, lines), _text("got: " + "|".join(lines))]
        if "finish" in lines[-1] and session not in self.submitted_by:
            chunks.append(self._submit(session))
        await asyncio.sleep(self._chance.random() * self._longest)
        self._busy[session] -= 1
        if self._chance.random() < self._lose:
            self.lost += 1
            if request.transport is not None:  # the bridge may have been killed meanwhile
                request.transport.abort()
            return web.Response()
        return self._answer(session, chunks)

    def _told(self, session: str, lines: list[str]) -> dict:
        who = lines[0].split("-")[0]
        self.values[session]["who"] = who
        details = {"fieldTarget": "who", "text": who, "value": who, "displayValue": who}
        return {"chunkType": "TEXT_DATA", "textDataDetails": details}

    def _submit(self, session: str) -> dict:
        submission = self._id()
        self.submitted_by[session] += 1
        self.submissions[submission] = {
            "id": submission,
            "formId": FORM,
            "namespace": "wix.form_app.form",
            "status": "CONFIRMED",
            "submissions": dict(self.values[session]),
            "createdDate": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        details = {"submissionId": submission}
        return {"chunkType": "SUBMISSION", "submissionDetails": details}

    def _answer(self, session: str, chunks: list[dict]) -> web.Response:
        chunks = [
            *chunks,
            {"chunkType": "END_OF_RESPONSE", "endOfResponseDetails": {"success": True}},
        ]
        form_session = {"id": session, "formId": FORM}
        return web.json_response({"interactiveFormSession": form_session, "responseChunks": chunks})

    async def _form(self, _request: web.Request) -> web.Response:
        return web.json_response({"form": {"id": FORM, "name": "Strict", "formFields": []}})

    async def _query(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "submissions": list(self.submissions.values()),
                "metadata": {"count": len(self.submissions), "hasNext": False},
            }
        )


def _text(text: str) -> dict:
    return {"chunkType": "TEXT", "textDetails": {"text": text, "style": "NORMAL"}}


def _not_found() -> dict:
    error = {"code": "NOT_FOUND", "description": "no such session"}
    return {"message": "not found", "details": {"applicationError": error}}

"""Interactive form sessions: create, send, and the summary of a form.

Source: the methods of Interactive Form Sessions, and their types. The official client repeats the
session's id in the body of a send; members that are not known are ignored.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.responses import JSONResponse

from bridge.sandbox.bodies import (
    guid,
    optional_flag,
    optional_object,
    optional_text,
    read_object,
)
from bridge.sandbox.catalogue import summarise
from bridge.sandbox.engine import Form, FormError, begin, reply
from bridge.sandbox.errors import application
from bridge.sandbox.state import Session
from bridge.sandbox.streams import END, Reply

if TYPE_CHECKING:
    from datetime import tzinfo

    from starlette.requests import Request

    from bridge.protocol.threads import JsonObject
    from bridge.sandbox.state import Sandbox

MAX_INPUT = 10_000
"""Characters of one input; source: Send User Message."""
_MAX_TIME, _MAX_ZONE = 200, 50
_MAX_AHEAD = 366 * 24 * 3600.0
"""A client's clock that is further off is not believed."""


async def create(sandbox: Sandbox, request: Request, _caller: JsonObject) -> Reply:
    """Answer Create Interactive Form Session."""
    session, chunks = await _create(sandbox, request)
    return _whole(sandbox, session, chunks)


async def create_streamed(sandbox: Sandbox, request: Request, _caller: JsonObject) -> Reply:
    """Answer Create Interactive Form Session Streamed."""
    session, chunks = await _create(sandbox, request)
    return _streamed(sandbox, session, chunks)


async def _create(sandbox: Sandbox, request: Request) -> tuple[Session, tuple[JsonObject, ...]]:
    body = await read_object(request)
    form = sandbox.form(guid(body.get("formId"), "formId"))
    values = optional_object(body, "currentValues") or {}
    dry_run = optional_flag(body, "dryRun")
    zone, ahead = _client_time(body, sandbox.clock.now())
    await sandbox.clock.sleep(sandbox.config.latency)
    moment = datetime.fromtimestamp(sandbox.clock.now() + ahead, zone)
    state, chunks = begin(form.form, values=values, now=moment, dry_run=dry_run)
    session = Session(
        id=sandbox.ids.guid(),
        form=form,
        state=state,
        dry_run=dry_run,
        zone=zone,
        ahead=ahead,
        used=sandbox.clock.now(),
    )
    sandbox.sessions.add(session)
    return session, chunks


def _client_time(body: JsonObject, now: float) -> tuple[tzinfo, float]:
    said = optional_object(body, "clientTime") or {}
    zone = _zone(optional_text(said, "timeZone", maximum=_MAX_ZONE) or "UTC")
    moment = optional_text(said, "currentTime", maximum=_MAX_TIME)
    return zone, _ahead(moment, zone, now) if moment else 0.0


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder of the database
        return UTC


def _ahead(moment: str, zone: tzinfo, now: float) -> float:
    try:
        said = datetime.fromisoformat(moment)
        ahead = (said if said.tzinfo else said.replace(tzinfo=zone)).timestamp() - now
    except (ValueError, OverflowError):
        return 0.0
    return ahead if abs(ahead) <= _MAX_AHEAD else 0.0


async def send(sandbox: Sandbox, request: Request, caller: JsonObject) -> Reply:
    """Answer Send User Message."""
    session, chunks, submitted = await _send(sandbox, request, caller)
    return _whole(sandbox, session, chunks, submitted=submitted)


async def send_streamed(sandbox: Sandbox, request: Request, caller: JsonObject) -> Reply:
    """Answer Send User Message Streamed."""
    session, chunks, submitted = await _send(sandbox, request, caller)
    return _streamed(sandbox, session, chunks, submitted=submitted)


async def _send(
    sandbox: Sandbox, request: Request, caller: JsonObject
) -> tuple[Session, tuple[JsonObject, ...], bool]:
    session_id = guid(request.path_params["session_id"], "interactiveFormSessionId")
    body = await read_object(request)
    text = optional_text(body, "input", maximum=MAX_INPUT)
    values = optional_object(body, "currentValues")
    session = sandbox.sessions.find(session_id)
    if not (text and text.strip()) and not values:
        raise application(400, "EMPTY_REQUEST", "Give input or currentValues")
    async with session.turn:
        await sandbox.clock.sleep(sandbox.config.latency)
        chunks, submitted = _turn(sandbox, session, text, values, caller)
    return session, chunks, submitted


def _turn(
    sandbox: Sandbox,
    session: Session,
    text: str | None,
    values: JsonObject | None,
    caller: JsonObject,
) -> tuple[tuple[JsonObject, ...], bool]:
    moment = datetime.fromtimestamp(sandbox.clock.now() + session.ahead, session.zone)
    turned = reply(session.form.form, session.state, text=text, values=values, now=moment)
    session.state = turned.state
    if turned.submit is None:
        return turned.chunks, False
    said = _submission(sandbox, session, turned.submit, caller)
    return (*turned.chunks, *said), not session.dry_run


def _submission(
    sandbox: Sandbox, session: Session, values: JsonObject, caller: JsonObject
) -> tuple[JsonObject, ...]:
    if session.dry_run:
        shown = sandbox.config.dry_run_submission
        return (_submission_chunk(sandbox.ids.guid(), None),) if shown else ()
    made = sandbox.ledger.submit(session.form.raw, values, caller)
    return (_submission_chunk(made.id, made.checkout),)


def _submission_chunk(submission: str, checkout: str | None) -> JsonObject:
    details = {"submissionId": submission}
    if checkout is not None:
        details["checkoutId"] = checkout
    return {"chunkType": "SUBMISSION", "submissionDetails": details}


def _whole(
    sandbox: Sandbox,
    session: Session,
    chunks: tuple[JsonObject, ...],
    *,
    submitted: bool = False,
) -> Reply:
    end = (END,) if sandbox.config.end_of_response else ()
    return Reply(session=_entity(session), chunks=(*chunks, *end), submitted=submitted)


def _streamed(
    sandbox: Sandbox,
    session: Session,
    chunks: tuple[JsonObject, ...],
    *,
    submitted: bool = False,
) -> Reply:
    return Reply(
        session=_entity(session),
        chunks=(*chunks, END),
        format=sandbox.config.stream_format,
        submitted=submitted,
    )


def _entity(session: Session) -> JsonObject:
    return {"id": session.id, "formId": session.form.id}


async def summary(_sandbox: Sandbox, request: Request, _caller: JsonObject) -> JSONResponse:
    """Answer Generate Form Summary."""
    raw = optional_object(await read_object(request), "form") or {}
    if not _readable(raw):
        raise application(400, "INVALID_FORM", "The form could not be read")
    return JSONResponse({"formSummary": summarise(raw)})


def _readable(raw: JsonObject) -> bool:
    try:
        Form.read(raw)
    except FormError:
        return False
    return isinstance(raw.get("formFields"), list)
